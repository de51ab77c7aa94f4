//! The page of one invite: link, uses, details, redemptions.

use domain::Timestamp;
use domain::ids::InviteId;
use domain::invites::{CodeKind, Invite, InviteStatus};
use domain::paging::{Cursor, Page, Paging};
use domain::redemptions::{Redemption, RedemptionQuery};
use domain::text::thousands;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::actions::{ActMenu, Acts, Renewal};
use super::dialogs::{ChangeDialog, PREFETCH};
use super::parts::{CodeTag, StatusBadge};
use super::terms::TermFacts;
use super::{api, query, text};
use crate::access::{AuditLine, IfAllowed};
use crate::pages;
use crate::redemptions::{RedemptionTable, api as redemptions};
use crate::requests::{Place, Requests};
use crate::server_fn_error::ServerFnError;
use crate::ui::{
    Absent, Acting, CopyButton, Crumbs, Icon, IconName, Load, ShareButton, Skeleton, Time, TimeAs, paging, url,
};

/// The invite that a page is about.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// Its id, which is in the path.
    pub(super) id: Memo<Option<InviteId>>,
    invite: Resource<Result<Invite, ServerFnError>>,
    /// The page of the list below.
    pub(super) paging: Memo<Paging>,
}

/// The invite whose id is in the path.
pub(super) fn shown() -> Shown {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<InviteId>().ok())));
    let invite = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::get(id).await,
                None => Err(ServerFnError::respond(domain::Failure::not_found("invite"))),
            }
        },
    );
    let query = use_query_map();
    Shown { id, invite, paging: Memo::new(move |_| query.with(paging)) }
}

/// The page of the invite whose id is in the path.
#[component]
pub fn InvitePage() -> impl IntoView {
    let shown = shown();
    let rows = Resource::new(
        move || (shown.id.get(), shown.paging.get()),
        |(id, paging)| async move {
            match id {
                Some(id) => {
                    redemptions::list(RedemptionQuery { invite: Some(id), paging, ..RedemptionQuery::default() }).await
                }
                None => Ok(Page::empty()),
            }
        },
    );
    let below = move |invite: &Invite| {
        let (id, gone) = (invite.id, is_gone(invite));
        view! {
            <Requests invite=id place=Place::Invite />
            <RedemptionsOf id gone redemptions=rows />
        }
        .into_any()
    };
    view! { <Detail shown acts=acts_on(shown) below /> }
}

/// What can be done to it. The page then reads it again.
pub(super) fn acts_on(shown: Shown) -> Acts {
    Acts::new(Acting::new(move || shown.invite.refetch()))
}

/// The invite, and `below` it who used it.
#[component]
pub(super) fn Detail<F>(shown: Shown, acts: Acts, below: F) -> impl IntoView
where
    F: Fn(&Invite) -> AnyView + Clone + Send + Sync + 'static,
{
    let all = if acts.is_on_own() { text::YOUR_INVITES } else { text::ALL_INVITES };
    view! {
        // The title while the invite is loaded, and if it does not exist.
        <Title text=text::INVITE />
        <Load
            from=shown.invite
            heading=text::INVITE
            absent=Absent { title: text::ABSENT, text: text::ABSENT_TEXT, to: (acts.path, all) }
            children=move |invite| {
                let below = below(&invite);
                view! {
                    <Head invite acts />
                    {below}
                }
            }
        />
        <ChangeDialog acts />
    }
}

/// Whether it is deleted: nothing will come of it any more.
fn is_gone(invite: &Invite) -> bool {
    invite.status == InviteStatus::Deleted
}

/// Its redemptions. Of one that is `gone` there will be no more.
#[component]
fn RedemptionsOf(
    id: InviteId,
    gone: bool,
    redemptions: Resource<Result<Page<Redemption>, ServerFnError>>,
) -> impl IntoView {
    let href = move |cursor: Cursor| {
        url::with_query(&format!("{}/{id}", query::PATH), &[("cursor", Some(cursor.to_string()))])
    };
    view! {
        <section class="invite-redemptions" aria-labelledby="redemptions">
            <h2 id="redemptions">{text::REDEMPTIONS}</h2>
            <Load
                from=redemptions
                skeleton=Skeleton::Table
                children=move |page| {
                    let newer = page.previous_cursor.map(href);
                    let older = page.next_cursor.map(href);
                    if gone && page.items.is_empty() {
                        return view! { <p class="soft">{text::NEVER_USED}</p> }.into_any();
                    }
                    view! { <RedemptionTable rows=page.items newer older links=false /> }.into_any()
                }
            />
        </section>
    }
}

#[component]
fn Head(invite: Invite, acts: Acts) -> impl IntoView {
    let title = invite.title().to_owned();
    view! {
        <Title text=title.clone() />
        <Crumbs path=acts.path list=if acts.is_on_own() { text::YOUR_INVITES } else { text::INVITES } name=title.clone() />
        <div class="page-head">
            <div>
                <div class="row">
                    <h1>
                        <bdi>{title.clone()}</bdi>
                    </h1>
                    <StatusBadge status=invite.status />
                </div>
                <p class="page-sub">
                    {text::CREATED_BY_BEFORE} <bdi>{invite.created_by.display_name().to_owned()}</bdi> ", " <Time at=invite.created_at />
                </p>
            </div>
            <Buttons invite=invite.clone() acts />
        </div>
        <div class="cols">
            <section class="card" aria-labelledby="link">
                <div class="card-head">
                    <h2 id="link">{text::INVITE_LINK}</h2>
                </div>
                <div class="card-body link-card">
                    <LinkLine invite=invite.clone() mails=!acts.is_on_own() />
                    <UsesLine invite=invite.clone() />
                </div>
            </section>
            <section class="card" aria-labelledby="details">
                <div class="card-head">
                    <h2 id="details">{text::DETAILS}</h2>
                </div>
                <div class="card-body">
                    <Details invite />
                </div>
            </section>
        </div>
    }
}

#[component]
fn Buttons(invite: Invite, acts: Acts) -> impl IntoView {
    let gone = is_gone(&invite);
    let paused = invite.paused_at.is_some();
    let renewal = Renewal::of(&invite);
    let id = format!("menu-{}", invite.id);
    let kept = StoredValue::new(invite.clone());
    let button = move |place: &'static str, icon, words, act: fn(Acts, &Invite)| {
        view! {
            <button
                type="button"
                id=format!("{place}-act")
                class="btn"
                data-prefetch=PREFETCH
                on:click=move |_| kept.with_value(|invite| act(acts, invite))
            >
                <Icon name=icon />
                {words}
            </button>
        }
    };
    view! {
        <div class="page-acts">
            {(!gone)
                .then(|| {
                    view! {
                        {button("first", IconName::Pencil, text::EDIT, Acts::edit)}
                        {renewal
                            .map(|renewal| {
                                let (icon, words, act) = renewal.button();
                                button("second", icon, words, act)
                            })}
                        {if paused {
                            button("third", IconName::Play, text::RESUME, Acts::resume)
                        } else {
                            button("third", IconName::Pause, text::PAUSE, Acts::pause)
                        }}
                    }.into_any()
                })}
            <ActMenu id invite acts class="btn btn-icon" />
        </div>
    }
}

#[component]
fn LinkLine(invite: Invite, mails: bool) -> impl IntoView {
    let id = invite.id;
    let title = invite.title().to_owned();
    let deleted = invite.deleted_at.is_some();
    match invite.url {
        Some(link) => view! {
            <div class="row link-line">
                <input class="input copyline" readonly aria-label=text::INVITE_LINK value=link.clone() />
                <CopyButton text=link.clone() label=text::COPY_LINK of=title.clone() done=text::LINK_COPIED class="btn" />
                <ShareButton url=link of=title copied=text::LINK_COPIED />
            </div>
            <div class="row">
                <CodeTag code=invite.code deleted />
                <span class="muted small">{text::CODE_NOTE}</span>
            </div>
            {mails.then(|| view! { <SendLink id /> }.into_any())}
        }
        .into_any(),
        None => view! {
            <p class="soft">
                {if deleted { text::DELETED_NOTE } else { text::HIDDEN_NOTE }}
            </p>
        }
        .into_any(),
    }
}

/// The way to send it to people, for those who may.
#[component]
fn SendLink(id: InviteId) -> impl IntoView {
    view! {
        <IfAllowed is_allowed=pages::invites_by_mail>
            <div>
                <a class="btn btn-sm" id="send-by-mail" href=pages::new_invitations(Some(id))>
                    <Icon name=IconName::Mail />
                    {text::SEND_BY_MAIL}
                </a>
            </div>
        </IfAllowed>
    }
}

#[component]
fn UsesLine(invite: Invite) -> impl IntoView {
    let (used, max_uses, gone) = (invite.used, invite.terms.max_uses, is_gone(&invite));
    view! {
        <div>
            <p class="big-uses">
                <b>{thousands(used)}</b>
                <span>{if gone { text::used_after(used).to_owned() } else { text::uses_after(used, max_uses) }}</span>
            </p>
            {max_uses
                .filter(|_| !gone)
                .map(|max| {
                    view! {
                        <progress value=used.to_string() max=max.to_string() aria-label=text::USES>
                            {text::used_of(used, max)}
                        </progress>
                    }.into_any()
                })}
        </div>
    }
}

#[component]
fn Details(invite: Invite) -> impl IntoView {
    let time = |at: Option<Timestamp>, otherwise: &'static str| match at {
        Some(at) => view! { <Time at show=TimeAs::Both /> }.into_any(),
        None => otherwise.into_any(),
    };
    view! {
        <dl class="facts">
            <dt>{text::ROLE}</dt>
            <dd>{invite.terms.role.title()}</dd>
            {(!invite.group_refs.is_empty())
                .then(|| {
                    view! {
                        <dt>{text::GROUPS}</dt>
                        <dd>
                            {invite
                                .group_refs
                                .iter()
                                .map(|group| {
                                    view! {
                                        <a class="tag" href=format!("{}/{}", pages::GROUPS.path, group.id)>
                                            <bdi>{group.name.to_string()}</bdi>
                                        </a>
                                        " "
                                    }.into_any()
                                })
                                .collect_view()}
                        </dd>
                    }.into_any()
                })}
            {(!is_gone(&invite))
                .then(|| {
                    view! {
                        <dt>{text::STARTS}</dt>
                        <dd>{time(invite.terms.starts_at, text::AT_ONCE)}</dd>
                        <dt>{text::EXPIRES}</dt>
                        <dd>{time(invite.terms.expires_at, text::NEVER)}</dd>
                    }.into_any()
                })}
            {invite
                .paused_at
                .map(|at| {
                    view! {
                        <dt>{text::PAUSED}</dt>
                        <dd>
                            <Time at />
                        </dd>
                    }.into_any()
                })}
            {invite
                .deleted_at
                .map(|at| {
                    view! {
                        <dt>{text::DELETED}</dt>
                        <dd>
                            <Time at />
                        </dd>
                    }.into_any()
                })}
            <TermFacts terms=invite.terms.clone() application=invite.application.clone() />
            <dt>{text::CODE}</dt>
            <dd>
                {match invite.code_kind {
                    CodeKind::Random => text::CODE_RANDOM,
                    CodeKind::Own => text::CODE_OWN,
                }}
            </dd>
            <AuditLine id=invite.id.to_string() />
        </dl>
    }
}
