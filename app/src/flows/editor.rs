//! The form of a flow.

use domain::Code;
use domain::flows::{FlowSummary, TermsRef};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::api::{self, Opened};
use super::form::FlowForm;
use super::inputs::{Input, tick};
use super::parts::{rules, steps};
use super::text;
use crate::pages;
use crate::ui::{Banner, FormError, Icon, IconName, Sending};

/// The id of the form.
pub(super) const FORM: &str = "flow";

/// The form of a flow that was opened.
#[component]
pub(super) fn Editor(
    form: FlowForm,
    opened: Opened,
    /// Called when it is saved.
    saved: Callback<FlowSummary>,
) -> impl IntoView {
    let Opened { flow, can_change, terms, .. } = opened;
    let id = flow.as_ref().map(|flow| flow.id);
    let version = flow.as_ref().map(|flow| flow.version);
    let start_again = RwSignal::new(false);
    // Whether a version that was saved meanwhile is replaced.
    let replaces = RwSignal::new(false);
    let sending = form.sending;
    let Sending { wrong, .. } = sending;
    Effect::new(move || wrong.with(|fault| form.show_errors(fault.as_ref())));
    let submit = move |event: SubmitEvent| {
        let edited_version = version.filter(|_| !replaces.get_untracked());
        replaces.set(false);
        let read = move || Ok((form.typed(), start_again.get_untracked()));
        let save = move |(typed, start_again)| api::save(id, typed, edited_version, start_again);
        let done = move |flow: FlowSummary| {
            saved.try_run(flow);
        };
        sending.send(&event, read, save, done);
    };
    let error = move |name: &'static str| form.errors.of(name);
    view! {
        <form
            id=FORM
            class="stack flow"
            novalidate
            on:submit=submit
            on:input=move |_| sending.typed()
            on:keydown=|event| {
                // Each version is used at once: none is saved by a key that was pressed in an input.
                let is_input = event.target().is_some_and(|target| target.is_instance_of::<web_sys::HtmlInputElement>());
                if event.key() == "Enter" && is_input {
                    event.prevent_default();
                }
            }
        >
            <fieldset class="stack" disabled=!can_change>
                <legend class="sr">{text::FLOW}</legend>
                <div class="card">
                    <div class="card-body">
                        {Input::new("flow-name".to_owned(), text::NAME, form.name, error("name"))
                            .help(text::NAME_HELP)
                            .needed()
                            .line()}
                    </div>
                </div>
                <section class="stack" aria-labelledby="steps">
                    <div>
                        <h2 id="steps">{text::STEPS}</h2>
                        <p class="help">{text::STEPS_HELP}</p>
                    </div>
                    {steps(form, can_change)}
                </section>
                <section class="stack" aria-labelledby="rules">
                    <div>
                        <h2 id="rules">{text::RULES}</h2>
                        <p class="help">{text::RULES_HELP}</p>
                    </div>
                    {rules(form, can_change)}
                </section>
                <section class="stack" aria-labelledby="flow-after-steps">
                    <h2 id="flow-after-steps">{text::ACCOUNTS}</h2>
                    <div class="card">
                        <div class="card-body stack">
                            {tick("flow-verify".to_owned(), text::VERIFY, text::VERIFY_HELP, form.verify_email)}
                            {tick("flow-approval".to_owned(), text::APPROVAL, text::APPROVAL_HELP, form.approval)}
                            {terms_boxes(form, terms)}
                            {Input::new("flow-welcome".to_owned(), text::WELCOME, form.welcome_text, error("welcome_text"))
                                .help(text::WELCOME_HELP)
                                .lines()}
                            {Input::new("flow-after".to_owned(), text::AFTER, form.after, error("after"))
                                .help(text::AFTER_HELP)
                                .line()}
                        </div>
                    </div>
                </section>
            </fieldset>
            <p class="sr" aria-live="polite">{move || form.said.get()}</p>
            {can_change.then(|| view! { <SaveBar form flow replaces start_again /> }.into_any())}
        </form>
    }
}

/// What saves the form, at the end of the window.
#[component]
fn SaveBar(
    form: FlowForm,
    flow: Option<FlowSummary>,
    replaces: RwSignal<bool>,
    start_again: RwSignal<bool>,
) -> impl IntoView {
    let Sending { wrong, busy, .. } = form.sending;
    let version = flow.as_ref().map(|flow| flow.version);
    let path = StoredValue::new(flow.map(|flow| pages::flow(flow.id)).unwrap_or_default());
    let has_changed = move || wrong.with(|fault| fault.as_ref().is_some_and(|fault| fault.code() == Code::FlowChanged));
    view! {
        <div class="card flow-save">
            {move || has_changed().then(|| view! { <Conflict path=path.get_value() replaces /> }.into_any())}
            <div class="card-foot">
                {move || (!has_changed()).then(|| view! { <FormError wrong /> }.into_any())}
                {version
                    .map(|_| tick("flow-start-again".to_owned(), text::START_AGAIN, text::START_AGAIN_HELP, start_again))}
                <button
                    id="save-flow"
                    class="btn btn-primary push"
                    aria-busy=move || busy.get().then_some("true")
                >
                    <Icon name=IconName::Check />
                    {text::save(version)}
                </button>
            </div>
        </div>
    }
}

/// What to do about a version that somebody else saved meanwhile. Nothing that was typed is lost.
#[component]
fn Conflict(path: String, replaces: RwSignal<bool>) -> impl IntoView {
    view! {
        <div role="alert">
            <Banner tone="warn" icon=IconName::Alert>
                <p>{text::CONFLICT}</p>
                <div class="row">
                    <a class="btn btn-sm" href=path target="_blank" rel="external">
                        <Icon name=IconName::ArrowRight />
                        {text::SHOW_THEIRS}
                    </a>
                    <button id="save-over" class="btn btn-sm" on:click=move |_| replaces.set(true)>
                        <Icon name=IconName::Check />
                        {text::SAVE_OVER}
                    </button>
                </div>
            </Banner>
        </div>
    }
}

/// The terms to accept.
fn terms_boxes(form: FlowForm, terms: Vec<TermsRef>) -> AnyView {
    let wrong = form.errors.of("terms");
    let none = terms.is_empty();
    let line = move |terms: TermsRef| {
        let name = terms.name.to_string();
        let is_chosen = {
            let name = name.clone();
            move || form.terms.with(|chosen| chosen.contains(&name))
        };
        let words = name.clone();
        let change = move |event| {
            form.terms.update(|chosen| {
                chosen.retain(|other| *other != name);
                if event_target_checked(&event) {
                    chosen.push(name.clone());
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" id=format!("flow-terms-{}", terms.id) prop:checked=is_chosen on:change=change />
                <bdi>{words}</bdi>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="field" aria-invalid=move || wrong.with(Option::is_some).then_some("true")>
            <legend class="label">{text::TERMS} " " <span class="opt">{text::OPTIONAL}</span></legend>
            {terms.into_iter().map(line).collect_view()}
            <crate::ui::ErrorLine id="flow-terms-error".to_owned() error=wrong />
            <p class="help">
                {if none { text::NO_TERMS_BEFORE } else { text::TERMS_HELP_BEFORE }}
                <a href=pages::TERMS.path target="_blank" rel="external">
                    {text::MANAGE_TERMS}
                </a>
            </p>
        </fieldset>
    }
    .into_any()
}
