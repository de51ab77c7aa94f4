//! The parts of the browser's program that edit a field and a rule, downloaded when one is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::{FieldForm, FlowForm, RuleForm};
use super::{field, rule};
use crate::ui::{Deferred, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that opens a field.
pub const FIELDS_PREFETCH: &str = "flow-fields";
/// The value of `data-prefetch` on a control that opens a rule.
pub const RULES_PREFETCH: &str = "flow-rules";
/// The value of `data-prefetch` on a control that may open either.
pub const PREFETCH: &str = "flow-parts";

#[wasm_split(flow_fields, fallible, preload(preload_fields))]
fn draw_field(form: FlowForm, field: FieldForm) -> Drawn {
    Ok(field::body(form, field))
}

#[wasm_split(flow_rules, fallible, preload(preload_rules))]
fn draw_rule(form: FlowForm, rule: RuleForm) -> Drawn {
    Ok(rule::body(form, rule))
}

/// Downloads what edits a field unless it is there.
pub fn load_fields() -> Download {
    Box::pin(preload_fields())
}

/// Downloads what edits a rule unless it is there.
pub fn load_rules() -> Download {
    Box::pin(preload_rules())
}

/// Downloads both.
pub fn load_all() -> Download {
    Box::pin(async {
        preload_fields().await?;
        preload_rules().await
    })
}

/// The body of an open field, once its part is there.
pub(super) fn field_body(form: FlowForm, field: FieldForm) -> AnyView {
    let draw = drawing(move || draw_field(form, field));
    view! { <Deferred load=load_fields draw class="flow-body" /> }.into_any()
}

/// The body of an open rule, once its part is there.
pub(super) fn rule_body(form: FlowForm, rule: RuleForm) -> AnyView {
    let draw = drawing(move || draw_rule(form, rule));
    view! { <Deferred load=load_rules draw class="flow-body" /> }.into_any()
}
