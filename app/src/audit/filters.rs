//! The filters of the audit log.

use domain::accounts::AccountRef;
use domain::audit::{AuditEntry, AuditFilter};
use domain::events::{Action, SubjectKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::query::{self, PATH};
use super::text::{self, words};
use crate::ui::{Icon, IconName, url};

/// The choices of kind, action and days. A plain form, so that it works without scripts; with them, choosing is enough.
#[component]
pub(super) fn Filters(filter: Memo<AuditFilter>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |(name, value): (&'static str, String)| {
        let mut pairs = filter.with_untracked(query::state);
        for pair in &mut pairs {
            if pair.0 == name {
                pair.1 = (!value.is_empty()).then(|| value.clone());
            }
        }
        navigate(&url::with_query(PATH, &pairs), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let kept = move || {
        let state = filter.with(query::state).into_iter().filter(|(name, _)| ["actor", "subject"].contains(name));
        state
            .filter_map(|(name, value)| {
                value.map(|value| view! { <input type="hidden" name=name value=value /> }.into_any())
            })
            .collect_view()
    };
    view! {
        // Choosing has filtered already.
        <form
            class="toolbar audit-filters"
            method="get"
            action=PATH
            on:submit=|event: SubmitEvent| event.prevent_default()
        >
            <Select name="kind" label=text::SUBJECT go options=Signal::derive(move || filter.with(kinds)) />
            <Select name="action" label=text::ACTION go options=Signal::derive(move || filter.with(actions)) />
            <Day name="from" label=text::FROM filter go />
            <Day name="until" label=text::UNTIL filter go />
            {kept}
            <button class="btn without-script">{text::SHOW}</button>
        </form>
    }
}

/// A choice of a select: its value, its label, and whether it is chosen.
#[derive(Clone, PartialEq, Eq)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

fn kinds(filter: &AuditFilter) -> Vec<Choice> {
    let choice = |kind: SubjectKind| Choice {
        value: kind.as_str().to_owned(),
        label: text::kind(kind).to_owned(),
        chosen: filter.kind == Some(kind),
    };
    let all = Choice { value: String::new(), label: text::ALL_SUBJECTS.to_owned(), chosen: filter.kind.is_none() };
    std::iter::once(all).chain(SubjectKind::ALL.map(choice)).collect()
}

/// The actions of the chosen kind; several that are chosen, which the URL can do, are one choice.
fn actions(filter: &AuditFilter) -> Vec<Choice> {
    let choice = |action: Action| Choice {
        value: action.as_str().to_owned(),
        label: words(action).title.to_owned(),
        chosen: filter.actions == [action],
    };
    let all = Choice { value: String::new(), label: text::ALL_ACTIONS.to_owned(), chosen: filter.actions.is_empty() };
    let names: Vec<_> = filter.actions.iter().map(|action| action.as_str()).collect();
    let several = (names.len() > 1).then(|| Choice {
        value: names.join(","),
        label: text::several_actions(names.len()),
        chosen: true,
    });
    let is_of_kind = |action: &Action| filter.kind.is_none_or(|kind| kind == action.subject_kind());
    let each = Action::ALL.into_iter().filter(is_of_kind).map(choice);
    std::iter::once(all).chain(several).chain(each).collect()
}

#[component]
fn Select(
    name: &'static str,
    label: &'static str,
    options: Signal<Vec<Choice>>,
    go: Callback<(&'static str, String)>,
) -> impl IntoView {
    let id = format!("by-{name}");
    let option = |Choice { value, label, chosen }: Choice| {
        view! {
            // The property as well: what was chosen by hand before counts more than the attribute.
            <option value=value selected=chosen prop:selected=chosen>
                {label}
            </option>
        }
        .into_any()
    };
    view! {
        <label class="label" for=id.clone()>
            {label}
        </label>
        <span class="select">
            <select id=id name=name on:change=move |event| go.run((name, event_target_value(&event)))>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
            <Icon name=IconName::Down />
        </span>
    }
}

/// No entry is older.
const FIRST_DAY: &str = "1970-01-01";

/// The first or the last day that is listed, in UTC.
#[component]
fn Day(
    name: &'static str,
    label: &'static str,
    filter: Memo<AuditFilter>,
    go: Callback<(&'static str, String)>,
) -> impl IntoView {
    let id = format!("by-{name}");
    let of_url = move |filter: &AuditFilter| {
        query::state(filter).into_iter().find(|pair| pair.0 == name).and_then(|pair| pair.1).unwrap_or_default()
    };
    view! {
        <label class="label" for=id.clone()>
            {label}
        </label>
        <input
            class="input audit-day"
            type="date"
            id=id
            name=name
            value=filter.with_untracked(of_url)
            prop:value=move || filter.with(of_url)
            on:change=move |event| {
                let day = event_target_value(&event);
                // While a year is typed, its first digits are a year, too.
                if day.is_empty() || day.as_str() >= FIRST_DAY {
                    go.run((name, day));
                }
            }
        />
    }
}

/// What the list is narrowed to besides, each with a link that no longer does. Their names are those of the entries.
pub(super) fn chips(filter: &AuditFilter, entries: &[AuditEntry]) -> AnyView {
    let first = entries.first();
    let actor = filter.actor.map(|_| {
        let name = first.and_then(|entry| entry.originator.account.as_ref()).map(AccountRef::display_name);
        (text::by(name), AuditFilter { actor: None, ..filter.clone() })
    });
    let subject = filter.subject.map(|_| {
        let name = first.and_then(|entry| entry.subject.label.as_deref());
        (text::about(name), AuditFilter { subject: None, ..filter.clone() })
    });
    let chip = |(words, filter): (String, AuditFilter)| {
        view! {
            <a class="btn btn-sm" href=query::href(&filter, None) aria-label=text::remove_filter(&words)>
                <span class="clip">{words.clone()}</span>
                <Icon name=IconName::Close />
            </a>
        }
        .into_any()
    };
    let chips: Vec<_> = actor.into_iter().chain(subject).map(chip).collect();
    if chips.is_empty() { ().into_any() } else { view! { <div class="row audit-chips">{chips}</div> }.into_any() }
}
