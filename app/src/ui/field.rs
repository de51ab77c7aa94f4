//! Fields: label, control, help and error. A wrong value stays to be corrected.

use std::borrow::Cow;

use domain::Code;
use leptos::prelude::*;

use super::form::Wrong;
use super::{Icon, IconName, text};

/// The error above a form's buttons, unless a field shows it.
#[component]
pub fn FormError(
    /// The failure of the form.
    wrong: Wrong,
) -> impl IntoView {
    view! {
        <div role="alert">
            {move || {
                wrong
                    .get()
                    .filter(|fault| !fault.is_said_by_a_field())
                    .map(|fault| {
                        let message = if fault.code() == Code::Unauthenticated {
                            view! { <SignInAgain /> }.into_any()
                        } else {
                            fault.to_string().into_any()
                        };
                        error_line(None, message)
                    })
            }}
        </div>
    }
}

/// What to do when the session has ended: in another tab, so that nothing typed here is lost.
#[component]
fn SignInAgain() -> impl IntoView {
    view! {
        {text::SESSION_ENDED_BEFORE}
        <a href="/login" target="_blank" rel="external">
            {text::SIGN_IN_IN_NEW_TAB}
        </a>
    }
}

/// A one-line input.
#[component]
pub fn TextField(
    /// The id; the form's name and the field's.
    id: &'static str,
    /// The field's name in failures.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The value.
    value: RwSignal<String>,
    /// The failure of the form.
    wrong: Wrong,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The input's classes.
    #[prop(default = "input")]
    class: &'static str,
    /// The help text.
    #[prop(optional)]
    help: &'static str,
    /// The placeholder.
    #[prop(optional)]
    placeholder: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    /// The `autocomplete` attribute.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The least number.
    #[prop(optional)]
    min: Option<&'static str>,
    /// The greatest number.
    #[prop(optional)]
    max: Option<&'static str>,
    /// Whether a dialog that opens puts the cursor here.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of(name))));
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let described_by = {
        let (help_id, error_id) = (help_id.clone(), error_id.clone());
        move || {
            if error.with(Option::is_some) {
                Some(error_id.clone())
            } else {
                (!help.is_empty()).then(|| help_id.clone())
            }
        }
    };
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
                {optional.then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> }.into_any())}
            </label>
            <input
                class=class
                id=id
                name=name
                type=kind
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                autocomplete=autocomplete
                min=min
                max=max
                autofocus=autofocus
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <ErrorLine id=error_id error />
            // The error says how to correct it and takes the place of the help.
            {move || {
                let helps = !help.is_empty() && error.with(Option::is_none);
                helps.then(|| view! { <p class="help" id=help_id.clone()>{help}</p> }.into_any())
            }}
        </div>
    }
}

/// What is wrong with a field, below it.
#[component]
pub fn ErrorLine(
    /// The id, which the field is described by.
    id: String,
    /// What is wrong.
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || error.get().map(|words| error_line(Some(id.clone()), words))
}

/// One thing that is wrong. A field is described by its `id`.
pub fn error_line(id: Option<String>, words: impl IntoView + 'static) -> AnyView {
    let words = words.into_any();
    view! {
        <p class="error" id=id>
            <Icon name=IconName::Alert />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

/// A text of several lines.
#[component]
pub fn TextArea(
    /// The id; the form's name and the field's.
    id: &'static str,
    /// The field's name in failures.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The value.
    value: RwSignal<String>,
    /// The failure of the form.
    wrong: Wrong,
    /// The help text.
    help: &'static str,
    /// Whether it may not be left empty.
    #[prop(optional)]
    needed: bool,
    /// Whether it gets the focus when a dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of(name))));
    let described_by = move || if error.with(Option::is_some) { format!("{id}-error") } else { format!("{id}-help") };
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
                {(!needed).then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> }.into_any())}
            </label>
            <textarea
                class="input textarea"
                id=id
                name=name
                rows="4"
                autofocus=autofocus
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            >
                {value.get_untracked()}
            </textarea>
            <ErrorLine id=format!("{id}-error") error />
            {move || error.with(Option::is_none).then(|| view! { <p class="help" id=format!("{id}-help")>{help}</p> }.into_any())}
        </div>
    }
}

/// One of a few choices, all visible.
#[component]
pub fn Choice(
    /// The radios' name, unique on the page.
    name: &'static str,
    /// The legend.
    legend: &'static str,
    /// The values and their labels.
    #[prop(into)]
    options: Vec<(&'static str, &'static str)>,
    /// The chosen value.
    value: RwSignal<String>,
    /// Whether a dialog that opens puts the focus here.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <fieldset class="field">
            <legend class="label">{legend}</legend>
            <div class="seg">
                {options
                    .into_iter()
                    .map(|(option, words)| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=name
                                    value=option
                                    autofocus=autofocus && value.with_untracked(|value| value == option)
                                    checked=value.with_untracked(|value| value == option)
                                    prop:checked=move || value.with(|value| value == option)
                                    on:change=move |_| value.set(option.to_owned())
                                />
                                {words}
                            </label>
                        }.into_any()
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

/// A choice: its value and its label.
pub type SelectOption = (Cow<'static, str>, Cow<'static, str>);

/// A choice that is always the same.
#[must_use]
pub const fn fixed((value, label): (&'static str, &'static str)) -> SelectOption {
    (Cow::Borrowed(value), Cow::Borrowed(label))
}

/// One of a few choices in a select box.
#[component]
pub fn SelectField(
    /// The id; the form's name and the field's.
    id: &'static str,
    /// The field's name in failures.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The choices.
    options: Vec<SelectOption>,
    /// The chosen value.
    value: RwSignal<String>,
    /// The failure of the form.
    wrong: Wrong,
) -> impl IntoView {
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of(name))));
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
            </label>
            <span class="select">
                <select
                    id=id
                    name=name
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || error.with(Option::is_some).then(|| format!("{id}-error"))
                    on:change=move |event| value.set(event_target_value(&event))
                >
                    {options
                        .into_iter()
                        .map(|(option, words)| {
                            let chosen = value.with_untracked(|value| *value == option);
                            view! {
                                <option value=option selected=chosen>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <Icon name=IconName::Down />
            </span>
            <ErrorLine id=format!("{id}-error") error />
        </div>
    }
}
