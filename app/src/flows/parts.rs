//! The parts of the browser's program that show the rules, downloaded after the page, and that edit a field, downloaded when one
//! is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::{FieldForm, FlowForm};
use super::{field, rules, text};
use crate::ui::{Deferred, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that opens a field.
pub const FIELDS_PREFETCH: &str = "flow-fields";

#[wasm_split(flow_fields, fallible, preload(preload_fields))]
fn draw_field(form: FlowForm, field: FieldForm) -> Drawn {
    Ok(field::body(form, field))
}

#[wasm_split(flow_rules, fallible, preload(preload_rules))]
fn draw_rules(form: FlowForm, can_change: bool) -> Drawn {
    Ok(rules::rules(form, can_change))
}

/// Downloads what edits a field unless it is there.
pub fn load_fields() -> Download {
    Box::pin(preload_fields())
}

/// The body of an open field, once its part is there.
pub(super) fn field_body(form: FlowForm, field: FieldForm) -> AnyView {
    let draw = drawing(move || draw_field(form, field));
    view! { <Deferred load=load_fields draw class="flow-body" /> }.into_any()
}

/// The rules, once their part is there.
pub(super) fn rules(form: FlowForm, can_change: bool) -> AnyView {
    let draw = drawing(move || draw_rules(form, can_change));
    view! { <Deferred load=|| Box::pin(preload_rules()) draw failed=text::RULES_NOT_LOADED class="card card-body" /> }
        .into_any()
}
