//! The attributes of an invite in its form: rows of key and value.

use domain::attributes::{AttributeDraft, InviteAttribute, MAX_ATTRIBUTES};
use leptos::prelude::*;

use super::text;
use crate::ui::{Icon, IconName, Wrong};

/// One attribute as typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct AttributeRow {
    key: RwSignal<String>,
    value: RwSignal<String>,
    locked: RwSignal<bool>,
}

impl AttributeRow {
    fn empty() -> Self {
        Self { key: RwSignal::default(), value: RwSignal::default(), locked: RwSignal::new(false) }
    }

    /// The row of an attribute as it is.
    pub(super) fn of(attribute: &InviteAttribute) -> Self {
        Self {
            key: RwSignal::new(attribute.key.to_string()),
            value: RwSignal::new(attribute.value.to_string()),
            locked: RwSignal::new(attribute.locked),
        }
    }

    /// What was typed; nothing for an empty row.
    pub(super) fn draft(self) -> Option<AttributeDraft> {
        let (key, value) = (self.key.get_untracked(), self.value.get_untracked());
        let typed = !(key.trim().is_empty() && value.trim().is_empty());
        typed.then(|| AttributeDraft { key, value, locked: self.locked.get_untracked() })
    }
}

/// The rows, and a button for another one.
#[component]
pub(super) fn AttributeRows(rows: RwSignal<Vec<AttributeRow>>, wrong: Wrong) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of("attributes"))));
    // A row lives as long as the form: in the reactive owner of the button it would end when the button is drawn again.
    let owner = StoredValue::new(Owner::current());
    let add = move |_| {
        let row = owner.with_value(|owner| {
            owner.as_ref().map_or_else(AttributeRow::empty, |owner| owner.with(AttributeRow::empty))
        });
        rows.update(|rows| rows.push(row));
    };
    let line = move |row: AttributeRow| {
        let input = |label: &'static str, class: &'static str, value: RwSignal<String>| {
            view! {
                <input
                    class=class
                    aria-label=label
                    placeholder=label
                    autocomplete="off"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            }
        };
        view! {
            <li class="attribute-row">
                {input(text::ATTRIBUTE_KEY, "input input-mono", row.key)}
                {input(text::ATTRIBUTE_VALUE, "input", row.value)}
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || row.locked.get()
                        on:change=move |event| row.locked.set(event_target_checked(&event))
                    />
                    {text::LOCKED}
                </label>
                <button
                    type="button"
                    class="btn btn-quiet btn-icon btn-sm"
                    aria-label=text::REMOVE_ATTRIBUTE
                    on:click=move |_| rows.update(|rows| rows.retain(|other| *other != row))
                >
                    <Icon name=IconName::Trash />
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <fieldset class="field" aria-invalid=move || error.with(Option::is_some).then_some("true")>
            <legend class="label">{text::ATTRIBUTES} " " <span class="opt">{text::OPTIONAL}</span></legend>
            <ul class="attribute-rows">{move || rows.get().into_iter().map(line).collect_view()}</ul>
            {move || {
                (rows.with(Vec::len) < MAX_ATTRIBUTES)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-sm"
                                on:click=add
                            >
                                <Icon name=IconName::Plus />
                                {text::ADD_ATTRIBUTE}
                            </button>
                        }.into_any()
                    })
            }}
            {move || match error.get() {
                Some(words) => {
                    view! {
                        <p class="error">
                            <Icon name=IconName::Alert />
                            <span>{words}</span>
                        </p>
                    }
                        .into_any()
                }
                None => view! { <p class="help">{text::ATTRIBUTES_HELP}</p> }.into_any(),
            }}
        </fieldset>
    }
}
