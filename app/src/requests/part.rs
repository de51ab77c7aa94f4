//! Requests on the pages of the dashboard: a part of the browser's program of its own, because few pages have any.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::ids::InviteId;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::card::{Place, Waiting};
use super::text;
use crate::ui::{Deferred, Download, Drawn, drawing};

#[wasm_split(requests, fallible, preload(preload_requests))]
fn draw(invite: Option<InviteId>, place: Place) -> Drawn {
    Ok(view! { <Waiting invite place /> }.into_any())
}

fn load_requests() -> Download {
    Box::pin(preload_requests())
}

/// The requests for an invite; nothing where there are none, or for somebody who does not answer them.
#[component]
pub fn Requests(
    /// The invite.
    invite: InviteId,
    /// Its page.
    place: Place,
) -> impl IntoView {
    deferred(Some(invite), place)
}

/// The requests that have waited longest for the viewer's answer; nothing where there are none.
#[component]
pub fn NewestRequests() -> impl IntoView {
    deferred(None, Place::Overview)
}

fn deferred(invite: Option<InviteId>, place: Place) -> AnyView {
    let draw = drawing(move || draw(invite, place));
    view! { <Deferred load=load_requests draw failed=text::NOT_LOADED class="invite-requests" unseen=true /> }
        .into_any()
}
