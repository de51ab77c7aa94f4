//! Inputs whose ids are made as the flow is edited. Functions and not components, so that they are compiled once.

use leptos::prelude::*;

use super::text;
use crate::ui::{ErrorLine, Icon, IconName, error_line};

/// What is wrong with steps, fields or rules as a whole, said aloud.
pub(super) fn alert(class: &'static str, error: Signal<Option<String>>) -> impl Fn() -> Option<AnyView> {
    move || {
        let words = error.get()?;
        Some(view! { <div class=class role="alert">{error_line(None, words)}</div> }.into_any())
    }
}

/// An input.
pub(super) struct Input {
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) value: RwSignal<String>,
    pub(super) error: Signal<Option<String>>,
    /// Below it, while nothing is wrong.
    pub(super) help: &'static str,
    pub(super) class: &'static str,
    pub(super) optional: bool,
}

impl Input {
    pub(super) fn new(id: String, label: &'static str, value: RwSignal<String>, error: Signal<Option<String>>) -> Self {
        Self { id, label, value, error, help: "", class: "input", optional: true }
    }

    pub(super) fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    pub(super) fn needed(self) -> Self {
        Self { optional: false, ..self }
    }

    /// One line.
    pub(super) fn line(self) -> AnyView {
        let (id, value, error, class) = (self.id.clone(), self.value, self.error, self.class);
        let described = described_by(&id);
        let control = view! {
            <input
                class=class
                id=id
                autocomplete="off"
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            />
        }
        .into_any();
        self.around(control)
    }

    /// Several lines.
    pub(super) fn lines(self) -> AnyView {
        let (id, value, error) = (self.id.clone(), self.value, self.error);
        let described = described_by(&id);
        let control = view! {
            <textarea
                class="input textarea"
                id=id
                rows="4"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                {value.get_untracked()}
            </textarea>
        }
        .into_any();
        self.around(control)
    }

    /// One of these values, by their labels.
    pub(super) fn select(self, options: Vec<(String, String)>) -> AnyView {
        let (id, value, error) = (self.id.clone(), self.value, self.error);
        let described = described_by(&id);
        let option = |(option, words): (String, String)| {
            let chosen = value.with_untracked(|value| *value == option);
            view! {
                <option value=option selected=chosen>
                    {words}
                </option>
            }
            .into_any()
        };
        let control = view! {
            <span class="select">
                <select
                    id=id
                    on:change=move |event| value.set(event_target_value(&event))
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                >
                    {options.into_iter().map(option).collect_view()}
                </select>
                <Icon name=IconName::Down />
            </span>
        }
        .into_any();
        self.around(control)
    }

    fn around(self, control: AnyView) -> AnyView {
        let Self { id, label, error, help, optional, .. } = self;
        let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
        // What has no words here is said elsewhere.
        let error = Signal::derive(move || error.get().filter(|words| !words.is_empty()));
        view! {
            <div class="field">
                <label class="label" for=id>
                    {label}
                    {optional.then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> }.into_any())}
                </label>
                {control}
                <ErrorLine id=error_id error />
                {(!help.is_empty()).then(|| view! { <p class="help" id=help_id>{help}</p> }.into_any())}
            </div>
        }
        .into_any()
    }
}

fn described_by(id: &str) -> String {
    [format!("{id}-error"), format!("{id}-help")].join(" ")
}

/// A box to tick.
pub(super) fn tick(id: String, label: &'static str, about: &'static str, value: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>
                {label}
                <small>{about}</small>
            </span>
        </label>
    }
    .into_any()
}

/// A button with an icon alone; `name` says what it does, and to what.
pub(super) fn icon_button(
    id: String,
    icon: IconName,
    name: impl Fn() -> String + Send + Sync + 'static,
    disabled: impl Fn() -> bool + Send + Sync + 'static,
    act: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <button
            type="button"
            id=id
            class="btn btn-quiet btn-icon btn-sm"
            aria-label=name
            disabled=disabled
            on:click=move |_| act()
        >
            <Icon name=icon />
        </button>
    }
    .into_any()
}

/// Exchanges two items of a list.
pub(super) fn swap<T: Send + Sync + 'static>(list: RwSignal<Vec<T>>, one: usize, other: usize) {
    list.update(|list| {
        if one < list.len() && other < list.len() {
            list.swap(one, other);
        }
    });
}
