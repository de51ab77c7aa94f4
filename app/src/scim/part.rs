//! The section about SCIM on the page of an application: a part of the browser's program of its own, because few have one.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::ids::ApplicationId;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::section::Section;
use super::text;
use crate::ui::{Deferred, Download, Drawn, drawing};

#[wasm_split(scim, fallible, preload(preload_section))]
fn draw(id: ApplicationId) -> Drawn {
    Ok(view! { <Section id /> }.into_any())
}

fn load() -> Download {
    Box::pin(preload_section())
}

/// The state of the connection of an application by SCIM.
#[component]
pub fn ScimSection(id: ApplicationId) -> impl IntoView {
    let draw = drawing(move || draw(id));
    view! { <Deferred load draw failed=text::NOT_LOADED class="card-body" /> }
}
