//! The list of mailings.

use domain::access::Permission;
use domain::invitations::{InvitationStatus, Mailing};
use domain::paging::{Cursor, Page};
use domain::text::thousands;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::watch::watch;
use super::{api, mailing, text};
use crate::access::{IfAllowed, IfMay};
use crate::pages;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Banner, Crumbs, Empty, Head, Icon, IconName, Listing, Load, Skeleton, Time, paging, url};

/// The path of the list.
pub(super) const PATH: &str = pages::INVITATIONS.path;

/// The page.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(paging));
    let opened = Resource::new(
        move || asked.get(),
        |asked| async move {
            let is_on = api::mail_is_on().await?;
            let page = api::mailings(asked).await?;
            Ok::<_, ServerFnError>((is_on, page))
        },
    );
    let is_waiting =
        move || opened.with(|read| matches!(read, Some(Ok((_, page))) if page.items.iter().any(is_in_progress)));
    watch(is_waiting, move || opened.refetch());
    view! {
        <Title text=text::INVITATIONS />
        <Crumbs path=pages::INVITES.path list=text::INVITES name=text::INVITATIONS.to_owned() />
        <div class="page-head">
            <div>
                <h1>{text::INVITATIONS}</h1>
                <p class="page-sub">{text::ABOUT}</p>
            </div>
            <div class="page-acts">
                <NewLink />
            </div>
        </div>
        <Load
            from=opened
            skeleton=Skeleton::Table
            children=move |(is_on, page): (bool, Page<Mailing>)| {
                match (page.items.is_empty(), is_on) {
                    (true, false) => view! { <MailOff /> }.into_any(),
                    (true, true) => {
                        view! {
                            <div class="card">
                                <Empty title=text::NO_MAILINGS text=text::NO_MAILINGS_TEXT>
                                    <NewLink />
                                </Empty>
                            </div>
                        }
                            .into_any()
                    }
                    (false, is_on) => view! { <Mailings page is_on /> }.into_any(),
                }
            }
        />
    }
}

/// The link to the page that sends, for those who may.
#[component]
fn NewLink() -> impl IntoView {
    view! {
        <IfAllowed is_allowed=pages::invites_by_mail>
            <a class="btn btn-primary" href=pages::NEW_INVITATIONS>
                <Icon name=IconName::Mail />
                {text::INVITE_BY_MAIL}
            </a>
        </IfAllowed>
    }
}

/// Instead of what needs e-mail, while it is off.
#[component]
pub(super) fn MailOff() -> impl IntoView {
    view! {
        <div class="card">
            <Empty title=text::MAIL_OFF text=text::MAIL_OFF_TEXT>
                <IfMay permission=Permission::SettingsView>
                    <a class="btn" href=pages::MAIL.path>
                        <Icon name=IconName::Mail />
                        {text::MAIL_SETTINGS}
                    </a>
                </IfMay>
            </Empty>
        </div>
    }
}

/// Whether something of a mailing is still to be sent, and will be.
pub(super) fn is_in_progress(mailing: &Mailing) -> bool {
    mailing.stopped_why.is_none() && mailing.is_in_progress()
}

#[component]
fn Mailings(page: Page<Mailing>, is_on: bool) -> impl IntoView {
    let to = |cursor: Cursor| url::with_query(PATH, &[("cursor", Some(cursor.to_string()))]);
    let heads = view! {
        <Head label=text::INVITATIONS />
        <Head label=text::PROGRESS />
        <Head label=text::JOINED />
        <Head label=text::SENT_AT />
        <Head label=text::SENT_BY class="cell-wide" />
    }
    .into_any();
    let row = |mailing| view! { <Row mailing /> }.into_any();
    view! {
        {(!is_on)
            .then(|| {
                view! {
                    <Banner tone="warn" icon=IconName::Alert>
                        {text::MAIL_OFF_NOTE}
                    </Banner>
                }
                    .into_any()
            })}
        <Listing label=text::INVITATIONS heads page row total=text::mailings href=to words=text::NEWER_OLDER />
    }
    .into_any()
}

#[component]
fn Row(mailing: Mailing) -> impl IntoView {
    let (title, progress) = (mailing::title(&mailing), progress(&mailing));
    let joined = mailing.count(InvitationStatus::Joined);
    let Mailing { id, mode, created_by, created_at, total, .. } = mailing;
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <a class="cell-title clip" dir="auto" id=format!("mailing-{id}") href=mailing::href(id)>
                    {title}
                </a>
                <span class="cell-sub clip">{text::what(&text::recipients(total), mode.title())}</span>
            </th>
            <td role="cell" data-label=text::PROGRESS class="cell-fit">
                {progress}
            </td>
            <td role="cell" data-label=text::JOINED class="cell-fit">
                {thousands(joined)}
            </td>
            <td role="cell" data-label=text::SENT_AT class="cell-fit">
                <Time at=created_at />
            </td>
            <td role="cell" data-label=text::SENT_BY class="cell-fit cell-wide">
                <span dir="auto">{created_by.display_name().to_owned()}</span>
            </td>
        </tr>
    }
}

/// How far a mailing is: a word, and a bar while it is under way.
pub(super) fn progress(mailing: &Mailing) -> AnyView {
    if mailing.stopped_why.is_some() {
        return view! { <span class="badge" data-status="danger">{text::STOPPED}</span> }.into_any();
    }
    if !is_in_progress(mailing) {
        return view! { <span class="badge" data-status="live">{text::COMPLETE}</span> }.into_any();
    }
    let total = mailing.total;
    let done = total.saturating_sub(mailing.count(InvitationStatus::Queued));
    let words = text::done_of(done, total);
    view! {
        <span class="uses">
            <span>{words.clone()}</span>
            <progress value=done.to_string() max=total.to_string() aria-label=text::PROGRESS>
                {words}
            </progress>
        </span>
    }
    .into_any()
}
