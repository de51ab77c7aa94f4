//! One invite: its link, its places, its facts, and who came.

use domain::ids::InviteId;
use domain::invites::{CodeKind, Invite, InviteStatus};
use domain::paging::{Cursor, Page};
use domain::redemptions::{Redemption, RedemptionQuery};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::actions::{ActDialogs, ActMenu, Acts};
use super::parts::{CodeTag, StatusBadge};
use super::{api, query};
use crate::redemptions::{RedemptionTable, api as redemptions};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Acting, CopyButton, Icon, IconName, Load, Skeleton, Time, paging, url};

/// The page of the invite whose id is in the path.
#[component]
pub fn InvitePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<InviteId>().ok())));
    let invite = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::get(id).await,
                None => Err(ServerFnError::from(domain::Failure::not_found("invite"))),
            }
        },
    );
    let asked = {
        let query = use_query_map();
        Memo::new(move |_| query.with(paging))
    };
    let came = Resource::new(
        move || (id.get(), asked.get()),
        |(id, paging)| async move {
            match id {
                Some(id) => redemptions::list(RedemptionQuery { invite: Some(id), account: None, paging }).await,
                None => Ok(Page::empty()),
            }
        },
    );
    let acts = Acts::new(Acting::new(move || invite.refetch()));
    view! {
        // The title while the invite is loaded, and if it does not exist.
        <Title text="Invite" />
        <Load
            from=invite
            heading="Invite"
            children=move |invite| {
                let id = invite.id;
                view! {
                    <Head invite acts />
                    <CameBy id came />
                }
            }
        />
        <ActDialogs acts />
    }
}

/// Who came by it.
#[component]
fn CameBy(id: InviteId, came: Resource<Result<Page<Redemption>, ServerFnError>>) -> impl IntoView {
    let href = move |cursor: Cursor| {
        url::with_query(&format!("{}/{id}", query::PATH), &[("cursor", Some(cursor.to_string()))])
    };
    view! {
        <section class="invite-came" aria-labelledby="came">
            <h2 id="came">"Who came by it"</h2>
            <Load
                from=came
                skeleton=Skeleton::Table
                children=move |page| {
                    let newer = page.previous_cursor.map(href);
                    let older = page.next_cursor.map(href);
                    view! { <RedemptionTable rows=page.items newer older links=false /> }
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
        <nav aria-label="Breadcrumb">
            <ol class="crumbs">
                <li>
                    <a href=query::PATH>"Invites"</a>
                </li>
                <li aria-current="page">
                    <bdi>{title.clone()}</bdi>
                </li>
            </ol>
        </nav>
        <div class="page-head">
            <div>
                <div class="row">
                    <h1>
                        <bdi>{title.clone()}</bdi>
                    </h1>
                    <StatusBadge status=invite.status />
                </div>
                <p class="page-sub">
                    "Made by " <bdi>{invite.created_by.display_name().to_owned()}</bdi> ", " <Time at=invite.created_at />
                </p>
            </div>
            <Buttons invite=invite.clone() acts />
        </div>
        <div class="cols">
            <section class="card" aria-labelledby="link">
                <div class="card-head">
                    <h2 id="link">"The link"</h2>
                </div>
                <div class="card-body link-card">
                    <LinkLine invite=invite.clone() />
                    <Places invite=invite.clone() />
                </div>
            </section>
            <section class="card" aria-labelledby="facts">
                <div class="card-head">
                    <h2 id="facts">"Facts"</h2>
                </div>
                <div class="card-body">
                    <Facts invite />
                </div>
            </section>
        </div>
    }
}

#[component]
fn Buttons(invite: Invite, acts: Acts) -> impl IntoView {
    let gone = invite.status == InviteStatus::Deleted;
    let paused = invite.status == InviteStatus::Paused;
    let id = format!("menu-{}", invite.id);
    let kept = StoredValue::new(invite.clone());
    let button = move |place: &'static str, icon, words, act: fn(Acts, &Invite)| {
        view! {
            <button type="button" id=format!("{place}-act") class="btn" on:click=move |_| kept.with_value(|invite| act(acts, invite))>
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
                        {button("first", IconName::Pencil, "Edit", |acts, invite| acts.editing.set(Some(invite.clone())))}
                        {button("second", IconName::Extend, "Extend", |acts, invite| acts.extending.set(Some(invite.clone())))}
                        {if paused {
                            button("third", IconName::Play, "Resume", Acts::resume)
                        } else {
                            button("third", IconName::Pause, "Pause", Acts::pause)
                        }}
                    }.into_any()
                })}
            <ActMenu id invite acts class="btn btn-icon" />
        </div>
    }
}

#[component]
fn LinkLine(invite: Invite) -> impl IntoView {
    let title = invite.title().to_owned();
    match invite.url {
        Some(link) => view! {
            <div class="row row-nowrap">
                <input class="input copyline" readonly aria-label="Link" value=link.clone() />
                <CopyButton text=link label="Copy link" of=title done="Link copied" class="btn" />
            </div>
            <div class="row">
                <CodeTag code=invite.code />
                <span class="muted small">"The key of this link; it can be typed on the sign-up page."</span>
            </div>
        }
        .into_any(),
        None => view! {
            <p class="soft">
                "This invite was deleted. Its link and code are gone for good; nobody can use them, and nobody can make the same code again."
            </p>
        }
        .into_any(),
    }
}

#[component]
fn Places(invite: Invite) -> impl IntoView {
    let Invite { used, max_uses, .. } = invite;
    let words = match max_uses {
        Some(max) if used >= max => format!("of {max} places taken; it is full"),
        Some(max) => format!("of {max} places taken, {} left", max - used),
        None if used == 1 => "person came; there is no limit".to_owned(),
        None => "people came; there is no limit".to_owned(),
    };
    view! {
        <div>
            <p class="big-uses">
                <b>{used}</b>
                <span>{words}</span>
            </p>
            {max_uses
                .map(|max| {
                    view! {
                        <progress value=used.to_string() max=max.to_string() aria-label="Places taken">
                            {format!("{used} of {max}")}
                        </progress>
                    }.into_any()
                })}
        </div>
    }
}

#[component]
fn Facts(invite: Invite) -> impl IntoView {
    let moment = |at: Option<domain::Timestamp>, otherwise: &'static str| match at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => otherwise.into_any(),
    };
    view! {
        <dl class="facts">
            <dt>"They become"</dt>
            <dd>{invite.role.title()}</dd>
            <dt>"Starts"</dt>
            <dd>{moment(invite.starts_at, "At once")}</dd>
            <dt>"Expires"</dt>
            <dd>{moment(invite.expires_at, "Never")}</dd>
            {invite
                .paused_at
                .map(|at| {
                    view! {
                        <dt>"Paused"</dt>
                        <dd>
                            <Time at />
                        </dd>
                    }.into_any()
                })}
            {invite
                .deleted_at
                .map(|at| {
                    view! {
                        <dt>"Deleted"</dt>
                        <dd>
                            <Time at />
                        </dd>
                    }.into_any()
                })}
            <dt>"Code"</dt>
            <dd>
                {match invite.code_kind {
                    CodeKind::Random => "Random",
                    CodeKind::Own => "Your own",
                }}
            </dd>
        </dl>
    }
}
