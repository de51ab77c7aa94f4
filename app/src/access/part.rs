//! The part of the browser's program that has the choice of permissions, which few people open.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::access::Permissions;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::picker::{Choice, Picker};
use crate::ui::{Deferred, Drawn, drawing};

#[wasm_split(permissions, fallible, preload(preload))]
fn draw(choice: Choice) -> Drawn {
    Ok(view! { <Picker choice /> }.into_any())
}

/// [`Picker`] as a part of its own, for dialogs that few people open.
#[component]
pub fn PermissionPicker(
    /// The prefix of ids, unique on the page.
    id: &'static str,
    /// The legend.
    legend: &'static str,
    /// The permissions that are offered.
    offered: Permissions,
    /// The permissions of the viewer.
    held: Permissions,
    /// The chosen ones.
    value: RwSignal<Permissions>,
) -> impl IntoView {
    let choice = Choice { id, legend, offered, held, value };
    let draw = drawing(move || draw(choice));
    view! { <Deferred load=|| Box::pin(preload()) draw class="field" /> }
}
