//! Tests of flows.

use super::*;
use crate::attributes::{Attribute, AttributeKey, AttributeValue, InviteAttribute};
use crate::failure::Failure;
use crate::groups::GroupRef;
use crate::ids::{GroupId, TermsId};
use crate::text::{GroupName, TermsName};
use crate::time::Timestamp;

mod answering;
mod deciding;
mod parsing;
mod properties;

/// 15 January 2027.
const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn group(number: u8) -> GroupId {
    format!("0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a{number:02}").parse().unwrap()
}

fn terms(number: u8) -> TermsId {
    format!("0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2b{number:02}").parse().unwrap()
}

/// The groups `Clay` and `Wood`, and the terms `Code of conduct`.
fn known() -> References {
    let group = |number, name| GroupRef { id: group(number), name: GroupName::stored(name) };
    let conduct = TermsRef { id: terms(1), name: TermsName::stored("Code of conduct") };
    References { groups: vec![group(1, "Clay"), group(2, "Wood")], terms: vec![conduct] }
}

fn document(json: serde_json::Value) -> FlowDocument {
    serde_json::from_value(json).unwrap()
}

fn flow(json: serde_json::Value) -> Flow {
    document(json).parse(&known()).unwrap()
}

/// A flow of one step with this field.
fn field(json: &serde_json::Value) -> Field {
    flow(serde_json::json!({"name": "x", "steps": [{"fields": [json]}]})).steps.remove(0).fields.remove(0)
}

fn key(text: &str) -> AttributeKey {
    AttributeKey::parse(text).unwrap()
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    pairs.iter().map(|(name, text)| (key(name), (*text).to_owned())).collect()
}

fn given(name: &str, value: &str, locked: bool) -> InviteAttribute {
    InviteAttribute { key: key(name), value: AttributeValue::parse(value).unwrap(), locked }
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { key: key(name), value: AttributeValue::answer(value).unwrap() }
}

fn fields_of(failure: &Failure) -> Vec<&str> {
    failure.fields.iter().map(|error| error.field.as_str()).collect()
}

/// A flow of three steps, with rules.
fn workshop() -> Flow {
    flow(serde_json::json!({
        "version": 1,
        "name": "Workshop",
        "verify_email": true,
        "welcome_text": "Welcome to the workshop.",
        "after": "/me",
        "terms": ["code of conduct"],
        "steps": [
            {"title": "About you", "fields": [
                {"key": "plan", "label": "Plan", "type": "choice", "required": true,
                 "choices": ["solo", {"value": "team", "label": "A team of several"}]},
                {"key": "size", "type": "number", "min": 1, "max": 50},
            ]},
            {"title": "Your work", "fields": [
                {"key": "materials", "type": "choices", "choices": ["clay", "wood", "glass"], "max": 2},
                {"key": "born", "label": "Date of birth", "type": "date", "max": "today"},
            ]},
            {"fields": [{"key": "news", "label": "Send me news", "type": "checkbox"}]},
        ],
        "rules": [
            {"when": {"field": "born", "at_least": "16 years ago"}, "then": {"refuse": "Ask your parents to sign up."}},
            {"when": {"field": "plan", "is": "team"}, "then": {"approval": true, "after": "/teams"}},
            {"when": {"field": "materials", "is": ["clay", "glass"]}, "then": {"groups": "Clay", "after": "/clay"}},
            {"when": [{"field": "materials", "is": "wood"}, {"attribute": "campus", "is_not": "North"}],
             "then": {"groups": ["Wood", "Clay"]}},
        ],
    }))
}
