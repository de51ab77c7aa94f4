//! The parts of the browser's program that show and edit the steps and the rules, downloaded after the page, and the dialog that
//! deletes a flow, downloaded when it is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::api::Opened;
use super::form::FlowForm;
use super::{delete, rules, steps, text};
use crate::ui::{Deferred, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that opens the dialog.
pub const DELETE_PREFETCH: &str = "flow-delete";

#[wasm_split(flow_steps, fallible, preload(preload_steps))]
fn draw_steps(form: FlowForm, can_change: bool) -> Drawn {
    Ok(steps::steps(form, can_change))
}

#[wasm_split(flow_rules, fallible, preload(preload_rules))]
fn draw_rules(form: FlowForm, can_change: bool) -> Drawn {
    Ok(rules::rules(form, can_change))
}

#[wasm_split(flow_delete, fallible, preload(preload_delete))]
fn draw_delete(opened: Opened, close: Callback<()>, gone: Callback<()>) -> Drawn {
    Ok(delete::form(opened, close, gone))
}

/// The steps, once their part is there.
pub(super) fn steps(form: FlowForm, can_change: bool) -> AnyView {
    let draw = drawing(move || draw_steps(form, can_change));
    view! { <Deferred load=|| Box::pin(preload_steps()) draw failed=text::STEPS_NOT_LOADED class="card card-body" /> }
        .into_any()
}

/// The rules, once their part is there.
pub(super) fn rules(form: FlowForm, can_change: bool) -> AnyView {
    let draw = drawing(move || draw_rules(form, can_change));
    view! { <Deferred load=|| Box::pin(preload_rules()) draw failed=text::RULES_NOT_LOADED class="card card-body" /> }
        .into_any()
}

/// Downloads the content of the dialog unless it is there.
pub fn load_delete() -> Download {
    Box::pin(preload_delete())
}

/// The content of the dialog, once its part is there.
pub(super) fn deletion(opened: Opened, close: Callback<()>, gone: Callback<()>) -> AnyView {
    let draw = drawing(move || draw_delete(opened.clone(), close, gone));
    view! { <Deferred load=load_delete draw /> }.into_any()
}
