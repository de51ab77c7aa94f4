//! The page of an invite of the viewer's own, with who used it: names, and when.

use domain::ids::InviteId;
use domain::invites::Invite;
use domain::paging::{Cursor, Page, Paging};
use domain::redemptions::Guest;
use leptos::prelude::*;

use super::bounds::Bounds;
use super::detail::{Detail, acts_on, shown};
use super::{api, text};
use crate::pages;
use crate::requests::{Place, Requests};
use crate::server_fn_error::ServerFnError;
use crate::ui::{Head, Listing, Load, Skeleton, Time, nothing, url};

/// The page of the invite whose id is in the path.
#[component]
pub fn OwnInvitePage() -> impl IntoView {
    let shown = shown();
    Bounds::load();
    let below = move |invite: &Invite| {
        let id = invite.id;
        view! {
            <Requests invite=id place=Place::OwnInvite />
            <Guests id paging=shown.paging />
        }
        .into_any()
    };
    view! { <Detail shown acts=acts_on(shown).on_own() below /> }
}

#[component]
fn Guests(id: InviteId, paging: Memo<Paging>) -> impl IntoView {
    let guests: Resource<Result<Page<Guest>, ServerFnError>> =
        Resource::new(move || paging.get(), move |paging| api::guests(id, paging));
    let href = move |cursor: Cursor| {
        let path = format!("{}/{id}", pages::OWN_INVITES.path);
        url::with_query(&path, &[("cursor", Some(cursor.to_string()))])
    };
    view! {
        <section class="invite-redemptions" aria-labelledby="redemptions">
            <h2 id="redemptions">{text::GUESTS}</h2>
            <Load
                from=guests
                skeleton=Skeleton::Table
                children=move |page| {
                    if page.items.is_empty() {
                        return nothing(text::NO_GUESTS, text::NO_GUESTS_TEXT, None);
                    }
                    let heads = view! {
                        <Head label=text::GUEST />
                        <Head label=text::USED_AT sorted=Some("descending") />
                    }
                        .into_any();
                    let row = |guest| view! { <Row guest /> }.into_any();
                    view! { <Listing label=text::GUESTS heads page row total=text::guests href /> }.into_any()
                }
            />
        </section>
    }
}

#[component]
fn Row(guest: Guest) -> impl IntoView {
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="cell-main">
                <span class="cell-title clip" dir="auto">
                    {guest.name}
                </span>
            </th>
            <td role="cell" data-label=text::USED_AT class="cell-fit">
                <Time at=guest.created_at />
            </td>
        </tr>
    }
}
