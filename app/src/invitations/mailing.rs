//! One mailing: how far it is, and what became of each invitation.

use std::sync::Arc;

use domain::ids::MailingId;
use domain::invitations::{InvitationQuery, InvitationStatus, Mailing, SentInvitation};
use domain::paging::{Count, Counts, Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::list::{PATH, is_in_progress, progress};
use super::rows::{Rows, href as list_href};
use super::watch::watch;
use super::{api, text};
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Absent, Acting, Banner, Icon, IconName, Load, NamedHead, Question, Time, paging, status_filters};
use crate::viewer::CurrentViewer;

/// The URL of the page of a mailing.
pub(super) fn href(id: MailingId) -> String {
    format!("{PATH}/{id}")
}

/// What a mailing is called: by the name of its invites, or by the invite that it sends.
pub(super) fn title(mailing: &Mailing) -> String {
    match (&mailing.label, &mailing.invite) {
        (Some(label), _) => label.to_string(),
        (None, Some(invite)) => invite.title().to_owned(),
        (None, None) => text::INVITATIONS.to_owned(),
    }
}

/// The page of the mailing whose id is in the path.
#[component]
pub fn MailingPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<MailingId>().ok())));
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| InvitationQuery {
            mailing: id.get(),
            status: query.get_str("status").and_then(|status| status.parse().ok()),
            paging: paging(query),
        })
    });
    let CurrentViewer(viewer) = expect_context();
    // All at once: what is drawn when one arrives would be drawn in what the other has replaced.
    let opened = Resource::new(
        move || asked.get(),
        move |asked| async move {
            let id = asked.mailing.ok_or_else(|| ServerFnError::respond(domain::Failure::not_found("mailing")))?;
            let mailing = api::get(id).await?;
            let invitations = api::list(asked).await?;
            let sends = pages::invites_by_mail(&viewer.await?);
            Ok::<_, ServerFnError>((mailing, invitations, sends))
        },
    );
    let acting = Acting::new(move || opened.refetch());
    let is_waiting = move || opened.with(|read| matches!(read, Some(Ok((mailing, ..))) if is_in_progress(mailing)));
    watch(is_waiting, move || opened.refetch());
    view! {
        <Title text=text::INVITATIONS />
        <Load
            from=opened
            heading=text::INVITATIONS
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (PATH, text::ALL_INVITATIONS) }
            children=move |(mailing, page, sends): (Mailing, Page<SentInvitation>, bool)| {
                let asked = asked.get_untracked();
                let counts = counts(&mailing);
                let filters = status_filters(
                    InvitationStatus::ALL,
                    InvitationStatus::title,
                    asked.status,
                    |status| list_href(mailing.id, status, None),
                    Some(&counts),
                );
                view! {
                    <Heading mailing=mailing.clone() acting sends />
                    <div class="stack">
                        <Summary mailing=mailing.clone() />
                        <section class="stack" aria-labelledby="recipients">
                            <div class="row row-between">
                                <h2 id="recipients">{text::WHO}</h2>
                                <button
                                    type="button"
                                    id="refresh-recipients"
                                    class="btn btn-sm"
                                    on:click=move |_| opened.refetch()
                                >
                                    <Icon name=IconName::Refresh />
                                    {text::REFRESH}
                                </button>
                            </div>
                            {filters}
                            <Rows page asked acting sends />
                            <p class="help">{text::OPENED_HELP}</p>
                        </section>
                    </div>
                }
            }
        />
    }
}

/// The numbers beside the filters.
fn counts(mailing: &Mailing) -> Counts<InvitationStatus> {
    let exactly = |counted| Count { counted, more: false };
    Counts {
        all: exactly(mailing.total),
        by_status: InvitationStatus::ALL.map(|status| (status, exactly(mailing.count(status)))).to_vec(),
    }
}

#[component]
fn Heading(mailing: Mailing, acting: Acting, sends: bool) -> impl IntoView {
    let (id, open) = (mailing.id, mailing.can_resend());
    let resend_all = move |_| {
        acting.ask(Question {
            title: text::RESEND_ALL_TITLE.to_owned(),
            text: text::resend_all_text(open),
            verb: text::RESEND,
            danger: false,
            act: Arc::new(move || acting.run(api::resend_all(id), text::resent_all)),
        });
    };
    view! {
        <NamedHead
            path=PATH
            list=text::INVITATIONS
            name=title(&mailing)
            description=Some(text::what(&text::recipients(mailing.total), mailing.mode.title()))
        >
            {(sends && open > 0)
                .then(|| {
                    view! {
                        <button type="button" id="resend-all" class="btn" on:click=resend_all>
                            <Icon name=IconName::Mail />
                            {text::RESEND_ALL}
                        </button>
                    }
                        .into_any()
                })}
        </NamedHead>
    }
}

/// Who sent it, how far it is, and what is said in it.
#[component]
fn Summary(mailing: Mailing) -> impl IntoView {
    let progress = progress(&mailing);
    let Mailing { created_by, created_at, stopped_why, invite, message, reminder, .. } = mailing;
    view! {
        {stopped_why
            .map(|why| {
                view! {
                    <Banner tone="danger" icon=IconName::Alert>
                        {text::WHY_STOPPED_BEFORE}
                        {why}
                    </Banner>
                }
                    .into_any()
            })}
        <section class="card connection" aria-label=text::SUMMARY>
            <div class="card-body">
                <dl class="facts">
                    <dt>{text::PROGRESS}</dt>
                    <dd>{progress}</dd>
                    <dt>{text::SENT_BY}</dt>
                    <dd>
                        <bdi>{created_by.display_name().to_owned()}</bdi>
                        ", "
                        <Time at=created_at />
                    </dd>
                    {invite
                        .map(|invite| {
                            view! {
                                <dt>{text::INVITE}</dt>
                                <dd>
                                    <a dir="auto" href=pages::invite(invite.id)>
                                        {invite.title().to_owned()}
                                    </a>
                                </dd>
                            }
                                .into_any()
                        })}
                    <dt>{text::WITH_REMINDER}</dt>
                    <dd>{if reminder { text::REMINDS } else { text::REMINDS_NOT }}</dd>
                    {message
                        .map(|message| {
                            view! {
                                <dt>{text::MESSAGE}</dt>
                                <dd class="lines" dir="auto">
                                    {message.to_string()}
                                </dd>
                            }
                                .into_any()
                        })}
                </dl>
            </div>
        </section>
    }
}
