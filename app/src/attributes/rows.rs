//! The rows.

use domain::attributes::{AccountAttributeDraft, Attribute, AttributeDraft, InviteAttribute, MAX_ATTRIBUTES};
use leptos::prelude::*;

use super::text;
use crate::ui::{ErrorLine, Icon, IconName, Wrong};

/// One attribute as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AttributeRow {
    key: RwSignal<String>,
    value: RwSignal<String>,
    /// Whether people may change it. Only attributes of an invite are locked.
    locked: RwSignal<bool>,
}

impl AttributeRow {
    fn new(key: String, value: String, locked: bool) -> Self {
        Self { key: RwSignal::new(key), value: RwSignal::new(value), locked: RwSignal::new(locked) }
    }

    /// The row of an attribute of an invite.
    #[must_use]
    pub fn of_invite(attribute: &InviteAttribute) -> Self {
        Self::new(attribute.key.to_string(), attribute.value.to_string(), attribute.locked)
    }

    /// The row of an attribute of an account.
    #[must_use]
    pub fn of_account(attribute: &Attribute) -> Self {
        Self::new(attribute.key.to_string(), attribute.value.to_string(), false)
    }

    /// Tracks what is typed.
    pub fn track(self) {
        self.key.track();
        self.value.track();
        self.locked.track();
    }

    /// What was typed, for an invite; nothing for an empty row.
    #[must_use]
    pub fn for_invite(self) -> Option<AttributeDraft> {
        let AccountAttributeDraft { key, value } = self.for_account()?;
        Some(AttributeDraft { key, value, locked: self.locked.get_untracked() })
    }

    /// What was typed, for an account; nothing for an empty row.
    #[must_use]
    pub fn for_account(self) -> Option<AccountAttributeDraft> {
        let (key, value) = (self.key.get_untracked(), self.value.get_untracked());
        let typed = !(key.trim().is_empty() && value.trim().is_empty());
        typed.then_some(AccountAttributeDraft { key, value })
    }
}

/// The rows, and a button for another one. The error of the field `attributes` stands below them.
#[component]
pub fn AttributeRows(
    /// The rows.
    rows: RwSignal<Vec<AttributeRow>>,
    /// The failure of the form.
    wrong: Wrong,
    /// Names the controls among the page's ids.
    id: &'static str,
    /// Below the rows.
    help: &'static str,
    /// Whether they can be locked.
    lockable: bool,
) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of("attributes"))));
    let full = move || rows.with(Vec::len) >= MAX_ATTRIBUTES;
    let line = move |(place, row): (usize, AttributeRow)| {
        let input = |label: &'static str, class: &'static str, value: RwSignal<String>| {
            view! {
                <input
                    class=class
                    aria-label=text::of_row(label, place + 1)
                    placeholder=label
                    autocomplete="off"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=format!("{id}-error")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            }
            .into_any()
        };
        view! {
            <li class="attribute-row">
                {input(text::KEY, "input input-mono", row.key)} {input(text::VALUE, "input", row.value)}
                {lockable
                    .then(|| {
                        view! {
                            <label class="check">
                                <input
                                    type="checkbox"
                                    aria-label=text::of_row(text::LOCKED, place + 1)
                                    prop:checked=move || row.locked.get()
                                    on:change=move |event| row.locked.set(event_target_checked(&event))
                                />
                                {text::LOCKED}
                            </label>
                        }.into_any()
                    })}
                <button
                    type="button"
                    class="btn btn-quiet btn-icon btn-sm"
                    aria-label=text::of_row(text::REMOVE, place + 1)
                    on:click=move |_| rows.update(|rows| rows.retain(|other| *other != row))
                >
                    <Icon name=IconName::Trash />
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <fieldset class="field">
            <legend class="label">{text::ATTRIBUTES} " " <span class="opt">{text::OPTIONAL}</span></legend>
            <ul class="attribute-rows">{move || rows.get().into_iter().enumerate().map(line).collect_view()}</ul>
            // Always there, so that a row lives as long as the form: it belongs to what the button belongs to.
            <button
                type="button"
                class="btn btn-sm"
                hidden=full
                on:click=move |_| rows.update(|rows| rows.push(AttributeRow::new(String::new(), String::new(), false)))
            >
                <Icon name=IconName::Plus />
                {text::ADD}
            </button>
            <ErrorLine id=format!("{id}-error") error />
            // As below other fields, the error takes the place of the help.
            {move || error.with(Option::is_none).then(|| view! { <p class="help">{help}</p> }.into_any())}
        </fieldset>
    }
}
