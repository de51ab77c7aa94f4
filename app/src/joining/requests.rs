//! Requests, each with its two answers. These are plain forms, which also work without the application: the server answers
//! them by leading back to the page.

use domain::Code;
use domain::ids::InviteId;
use domain::joining::JoinRequest;
use domain::text::isolated;
use leptos::prelude::*;

use super::{api, text};
use crate::pages;
use crate::ui::{Await, ErrorBanner, Icon, IconName, Time};

/// The requests for an invite, or those that have waited longest; nothing where there are none, or for somebody who does not
/// answer them.
#[component]
pub(super) fn Waiting(invite: Option<InviteId>, place: Place) -> impl IntoView {
    let requests = Resource::new(
        move || invite,
        |invite| async move {
            match invite {
                Some(invite) => api::list(invite).await,
                None => api::newest().await,
            }
        },
    );
    view! {
        <Await
            from=requests
            children=move |requests| match requests {
                Ok(page) if page.items.is_empty() => ().into_any(),
                Ok(page) => {
                    let more = page.next_cursor.is_some();
                    view! {
                        <div class="invite-requests">
                            <RequestsCard requests=page.items place more />
                        </div>
                    }
                        .into_any()
                }
                // The page says it itself if the invite does not exist.
                Err(fault) if matches!(fault.code(), Code::Forbidden | Code::NotFound) => ().into_any(),
                Err(fault) => view! { <ErrorBanner fault /> }.into_any(),
            }
        />
    }
}

/// The card of some requests.
#[component]
pub fn RequestsCard(
    /// The requests, of which there are some.
    requests: Vec<JoinRequest>,
    /// The page that it is on.
    place: Place,
    /// Whether there are more.
    #[prop(optional)]
    more: bool,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="join-requests">
            <div class="card-head">
                <h2 id="join-requests">{text::REQUESTS}</h2>
            </div>
            <ul class="list">
                {requests.into_iter().map(|request| view! { <RequestRow request place /> }.into_any()).collect_view()}
            </ul>
            {more.then(|| view! { <p class="card-body muted small">{text::MORE}</p> }.into_any())}
        </section>
    }
}

/// A page with requests, to which an answer leads back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The page of the invite.
    Invite,
    /// The page of an invite of the viewer's own.
    OwnInvite,
    /// The overview.
    Overview,
    /// The start page of a member, who may open neither the page of the invite nor that of who asks.
    Home,
}

#[component]
fn RequestRow(request: JoinRequest, place: Place) -> impl IntoView {
    let JoinRequest { id, invite, groups, account, created_at, .. } = request;
    let to_invite = format!("{}/{}", pages::INVITES.path, invite.id);
    let next = match place {
        Place::Invite => to_invite.clone(),
        Place::OwnInvite => format!("{}/{}", pages::OWN_INVITES.path, invite.id),
        Place::Overview => pages::OVERVIEW.path.to_owned(),
        Place::Home => pages::HOME.path.to_owned(),
    };
    let name = account.display_name().to_owned();
    let groups = groups.iter().map(|group| isolated(group.name.as_str())).collect::<Vec<_>>().join(", ");
    let answer = |verb: &'static str, label: String, act: &'static str, class: &'static str| {
        view! {
            <form method="post" action=format!("/join-requests/{id}/{act}")>
                <input type="hidden" name="next" value=next.clone() />
                <button class=class aria-label=label>
                    {verb}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="request">
            <Icon name=IconName::Groups />
            <div class="grow">
                {if matches!(place, Place::Home | Place::OwnInvite) {
                    view! { <span class="cell-title clip" dir="auto">{name.clone()}</span> }.into_any()
                } else {
                    let member = pages::member(account.id);
                    view! { <a class="cell-title clip" dir="auto" href=member>{name.clone()}</a> }.into_any()
                }}
                <span class="cell-sub">{text::asks_for(&groups)}</span>
                <span class="cell-sub">
                    {(!matches!(place, Place::Invite | Place::OwnInvite))
                        .then(|| {
                            let title = invite.title().to_owned();
                            if place == Place::Home {
                                view! { <bdi>{title}</bdi> ", " }.into_any()
                            } else {
                                view! { <a dir="auto" href=to_invite>{title}</a> ", " }.into_any()
                            }
                        })}
                    <Time at=created_at />
                </span>
            </div>
            <div class="row row-nowrap">
                {answer(text::ADD, text::add_label(&isolated(&name), &groups), "grant", "btn btn-sm nowrap")}
                {answer(text::DISMISS, text::dismiss_label(&isolated(&name)), "dismiss", "btn btn-quiet btn-sm nowrap")}
            </div>
        </li>
    }
}
