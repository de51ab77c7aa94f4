//! Everything that an entry has, below its sentence.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::Role;
use domain::audit::{AuditDetail, AuditEntry, AuditFilter};
use leptos::prelude::*;
use serde_json::Value;

use super::{query, text};
use crate::access;
use crate::ui::{Icon, IconName, Time};

/// The fields of an entry, and the lists of what else its originator did and what else was done to its subject.
#[component]
pub(super) fn Detail(entry: AuditEntry, filter: AuditFilter) -> impl IntoView {
    let names = names(&entry);
    let subject = entry.subject.id.map(|id| id.to_string());
    let note = match entry.detail {
        AuditDetail::Fields(_) => None,
        AuditDetail::Hidden => Some(text::HIDDEN),
        AuditDetail::Unreadable => Some(text::UNREADABLE),
    };
    let fields = entry.detail.fields().cloned().unwrap_or_default();
    let field = |(name, value): (String, Value)| {
        view! {
            <dt>{text::field(&name)}</dt>
            <dd>{show(&name, &value, &names)}</dd>
        }
        .into_any()
    };
    let fields = fields.into_iter().map(field).collect_view();
    view! {
        <details class="more audit-detail">
            <summary>
                <Icon name=IconName::Right />
                {text::DETAILS}
            </summary>
            {note.map(|words| view! { <p class="soft">{words}</p> }.into_any())}
            <dl class="facts">
                {fields}
                <dt>{text::ACTION}</dt>
                <dd>
                    <code>{entry.action.clone()}</code>
                </dd>
                {subject
                    .map(|id| {
                        view! {
                            <dt>{text::SUBJECT_ID}</dt>
                            <dd>
                                <code>{id}</code>
                            </dd>
                        }.into_any()
                    })}
                <dt>{text::HOW}</dt>
                <dd>{text::originator(entry.originator.kind)}</dd>
                <dt>{text::ENTRY_ID}</dt>
                <dd>
                    <code>{entry.id.to_string()}</code>
                </dd>
            </dl>
            {more(&entry, &filter)}
        </details>
    }
}

/// The links to what else is listed of the same account and of the same thing, unless that is what is listed.
fn more(entry: &AuditEntry, filter: &AuditFilter) -> AnyView {
    let account = entry.originator.account.as_ref().filter(|account| filter.actor != Some(account.id));
    let by = account.map(|account| {
        let filter = AuditFilter { actor: Some(account.id), ..AuditFilter::default() };
        (text::everything_by(account.display_name()), query::href(&filter, None))
    });
    let about = entry.subject.id.filter(|id| filter.subject != Some(*id)).map(|id| {
        let filter = AuditFilter { subject: Some(id), ..AuditFilter::default() };
        (text::everything_about(entry.subject.label.as_deref()), query::href(&filter, None))
    });
    let link = |(words, href): (String, String)| {
        view! {
            <a class="btn btn-sm" href=href>
                <span class="clip">{words}</span>
            </a>
        }
        .into_any()
    };
    let links: Vec<_> = by.into_iter().chain(about).map(link).collect();
    if links.is_empty() { ().into_any() } else { view! { <div class="row">{links}</div> }.into_any() }
}

/// The names that the fields refer to, by the ids as they are written there.
fn names(entry: &AuditEntry) -> BTreeMap<String, String> {
    entry.names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

/// The value of a field.
fn show(field: &str, value: &Value, names: &BTreeMap<String, String>) -> AnyView {
    match value {
        // A webhook that chooses no events is told of all.
        Value::Null if field == "events" => text::ALL.into_any(),
        Value::Null => text::NONE.into_any(),
        Value::Bool(yes) => text::yes_or_no(*yes).into_any(),
        Value::Number(number) => number.to_string().into_any(),
        Value::String(words) => show_text(field, words, names),
        Value::Array(values) if values.is_empty() => text::NONE.into_any(),
        Value::Array(values) => {
            let line = |value| view! { <li>{show(field, value, names)}</li> }.into_any();
            view! { <ul class="audit-values">{values.iter().map(line).collect_view()}</ul> }.into_any()
        }
        Value::Object(fields) => {
            let line = |(name, value): (&String, &Value)| {
                view! { <li>{text::field(name)} ": " {show(name, value, names)}</li> }.into_any()
            };
            view! { <ul class="audit-values">{fields.iter().map(line).collect_view()}</ul> }.into_any()
        }
    }
}

fn show_text(field: &str, words: &str, names: &BTreeMap<String, String>) -> AnyView {
    if let Some(name) = names.get(words) {
        return view! { <bdi>{name.clone()}</bdi> }.into_any();
    }
    if let Some(at) = Timestamp::parse(words).filter(|_| field.ends_with("_at")) {
        return view! { <Time at /> }.into_any();
    }
    match field {
        "role" | "default_role" => words.parse().map_or(text::PENDING_APPROVAL, Role::title).into_any(),
        field if field.ends_with("permissions") => match words.parse::<Permission>() {
            Ok(permission) => access::title(permission).into_any(),
            Err(_) => words.to_owned().into_any(),
        },
        _ => view! { <bdi>{words.to_owned()}</bdi> }.into_any(),
    }
}
