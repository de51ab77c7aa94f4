//! Requests, each with its two answers. These are plain forms, which also work without the application: the server answers
//! them by leading back to the page.

use domain::ids::InviteId;
use domain::invites::InviteRef;
use domain::joining::JoinRequest;
use domain::mail::Undelivered;
use domain::requests::{InviteRequest, Request, Requests};
use domain::text::isolated;
use domain::{Code, Timestamp};
use leptos::prelude::*;

use super::{api, text};
use crate::pages;
use crate::ui::{Await, Banner, ErrorBanner, Icon, IconName, Time};

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
                Ok(Requests { items, undelivered: None, .. }) if items.is_empty() => ().into_any(),
                Ok(Requests { items, more, undelivered }) => {
                    let failed = undelivered
                        .map(|Undelivered { recipient, answer }| {
                            let failed = text::undelivered(&isolated(recipient.as_str()), answer.as_deref());
                            view! {
                                <Banner tone="warn" icon=IconName::Alert>
                                    <strong>{failed}</strong>
                                    " "
                                    {text::UNDELIVERED}
                                </Banner>
                            }
                                .into_any()
                        });
                    let card = (!items.is_empty())
                        .then(|| view! { <RequestsCard requests=items place more /> }.into_any());
                    view! { <div class="invite-requests stack">{failed} {card}</div> }.into_any()
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
    requests: Vec<Request>,
    /// The page that it is on.
    place: Place,
    /// Whether there are more.
    #[prop(optional)]
    more: bool,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="requests">
            <div class="card-head">
                <h2 id="requests">{text::REQUESTS}</h2>
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

/// What the rows of both kinds have.
struct Row {
    icon: IconName,
    /// The path of its two answers, without the answer.
    answers: String,
    invite: InviteRef,
    created_at: Timestamp,
    /// Who asks.
    name: String,
    /// The page of who asks, for those who may open it.
    page: Option<String>,
    /// What is asked.
    asks: String,
    /// What they say.
    note: Option<String>,
    /// The button that grants it, and its accessible name.
    grant: (&'static str, String),
}

impl Row {
    fn of(request: Request, place: Place) -> Self {
        match request {
            Request::Join(request) => Self::of_join(request, place),
            Request::Link(request) => Self::of_link(request),
        }
    }

    fn of_join(JoinRequest { id, invite, groups, account, created_at, .. }: JoinRequest, place: Place) -> Self {
        let name = account.display_name().to_owned();
        let groups = groups.iter().map(|group| isolated(group.name.as_str())).collect::<Vec<_>>().join(", ");
        Self {
            icon: IconName::Groups,
            answers: format!("/join-requests/{id}"),
            invite,
            created_at,
            page: (!matches!(place, Place::Home | Place::OwnInvite)).then(|| pages::member(account.id)),
            asks: text::asks_for(&groups),
            note: None,
            grant: (text::ADD, text::add_label(&isolated(&name), &groups)),
            name,
        }
    }

    fn of_link(InviteRequest { id, invite, email, note, created_at, .. }: InviteRequest) -> Self {
        let name = email.to_string();
        Self {
            icon: IconName::Link,
            answers: format!("/invite-requests/{id}"),
            invite,
            created_at,
            page: None,
            asks: text::ASKS_FOR_LINK.to_owned(),
            note: note.map(String::from),
            grant: (text::CREATE_LINK, text::create_link_label(&isolated(&name))),
            name,
        }
    }
}

#[component]
fn RequestRow(request: Request, place: Place) -> impl IntoView {
    let Row { icon, answers, invite, created_at, name, page, asks, note, grant } = Row::of(request, place);
    let to_invite = format!("{}/{}", pages::INVITES.path, invite.id);
    let next = match place {
        Place::Invite => to_invite.clone(),
        Place::OwnInvite => format!("{}/{}", pages::OWN_INVITES.path, invite.id),
        Place::Overview => pages::OVERVIEW.path.to_owned(),
        Place::Home => pages::HOME.path.to_owned(),
    };
    let answer = |verb: &'static str, label: String, act: &'static str, class: &'static str| {
        view! {
            <form method="post" action=format!("{answers}/{act}")>
                <input type="hidden" name="next" value=next.clone() />
                <button class=class aria-label=label>
                    {verb}
                </button>
            </form>
        }
        .into_any()
    };
    let dismiss = text::dismiss_label(&isolated(&name));
    view! {
        <li class="request">
            <Icon name=icon />
            <div class="grow">
                {match page {
                    None => view! { <span class="cell-title clip" dir="auto">{name}</span> }.into_any(),
                    Some(member) => view! { <a class="cell-title clip" dir="auto" href=member>{name}</a> }.into_any(),
                }}
                <span class="cell-sub">{asks}</span>
                {note.map(|note| view! { <q class="cell-sub" dir="auto">{note}</q> }.into_any())}
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
                {answer(grant.0, grant.1, "grant", "btn btn-sm nowrap")}
                {answer(text::DISMISS, dismiss, "dismiss", "btn btn-quiet btn-sm nowrap")}
            </div>
        </li>
    }
}
