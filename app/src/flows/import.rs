//! Importing a flow: a text or a file, which is tried before anything is changed. What is wrong is said by line.

use domain::flows::{FlowSummary, ImportError};
use domain::text::TermsName;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::api::{self, Found};
use super::text;
use crate::access::IfMay;
use crate::pages;
use crate::ui::{FileButton, FormError, Icon, IconName, NamedHead, Sending, TextArea, Toasts};

/// The id of the form.
const FORM: &str = "import";

/// The page.
#[component]
pub fn FlowImportPage() -> impl IntoView {
    view! {
        <Title text=text::IMPORT_TITLE />
        <NamedHead
            path=pages::FLOWS.path
            list=text::FLOWS
            name=text::IMPORT_TITLE.to_owned()
            description=Some(text::IMPORT_ABOUT.to_owned())
        >
            {().into_any()}
        </NamedHead>
        <IfMay permission=domain::access::Permission::SettingsChange>
            <Form />
        </IfMay>
    }
}

#[component]
fn Form() -> impl IntoView {
    let toasts = Toasts::expect();
    let navigate = StoredValue::new(use_navigate());
    let typed = RwSignal::new(String::new());
    let sending = Sending::new(FORM);
    let Sending { wrong, busy, .. } = sending;
    // What was found in the text as it stands.
    let found = RwSignal::new(None::<Found>);
    Effect::watch(move || typed.track(), move |(), _, _| found.set(None), false);
    let is_fine = move || found.with(|found| matches!(found, Some(Found::Flow { .. })));
    let submit = move |event: SubmitEvent| {
        // What is fine is imported, and everything else is tried.
        let dry_run = !untrack(is_fine);
        let read = move || Ok(typed.get_untracked());
        let done = move |outcome: Found| match outcome {
            Found::Flow { flow, .. } if !dry_run => {
                toasts.done(text::imported(&domain::text::isolated(flow.name.as_str()), flow.version));
                let path = pages::flow(flow.id);
                let _ = navigate.try_with_value(|navigate| navigate(&path, NavigateOptions::default()));
            }
            outcome => {
                // It is not saved yet.
                sending.typed();
                found.try_set(Some(outcome));
            }
        };
        sending.send(&event, read, move |text| api::import(text, dry_run), done);
    };
    let read = Callback::new(move |text: String| {
        typed.set(text);
        sending.typed();
    });
    view! {
        <form id=FORM class="stack" novalidate on:submit=submit on:input=move |_| sending.typed()>
            <div class="card">
                <div class="card-body stack">
                    <TextArea
                        id="import-text"
                        name="text"
                        label=text::IMPORT_TEXT
                        value=typed
                        wrong
                        help=text::IMPORT_HELP
                        needed=true
                    />
                    <FileButton
                        label=text::CHOOSE_FILE
                        accept=text::FILE_TYPES
                        too_large=text::FILE_TOO_LARGE
                        read
                    />
                </div>
                <div class="card-foot">
                    <FormError wrong />
                    <button id="import-button" class="btn btn-primary push" aria-busy=move || busy.get().then_some("true")>
                        <Icon name=IconName::Check />
                        {move || if is_fine() { text::IMPORT_NOW } else { text::CHECK }}
                    </button>
                </div>
            </div>
            <div aria-live="polite" class="stack">{move || found.get().map(outcome)}</div>
        </form>
    }
}

/// What was found.
fn outcome(found: Found) -> AnyView {
    match found {
        Found::Flow { flow, is_new, new_terms } => fine(&flow, is_new, &new_terms),
        Found::Wrong(errors) => {
            let line = |ImportError { field, line, message }: ImportError| {
                view! {
                    <li>
                        <span class="grow">
                            <b>{line.map(text::line)}</b>
                            " "
                            {message}
                            {field.map(|path| view! { " " <code class="mono">{path}</code> }.into_any())}
                        </span>
                    </li>
                }
                .into_any()
            };
            view! {
                <section class="card" aria-labelledby="import-errors">
                    <div class="card-head">
                        <h2 id="import-errors">{text::wrong(errors.len())}</h2>
                    </div>
                    <ul class="list">{errors.into_iter().map(line).collect_view()}</ul>
                </section>
            }
            .into_any()
        }
    }
}

fn fine(summary: &FlowSummary, is_new: bool, new_terms: &[TermsName]) -> AnyView {
    let terms: Vec<_> = new_terms.iter().map(|name| domain::text::isolated(name.as_str())).collect();
    let name = domain::text::isolated(summary.name.as_str());
    let terms = (!terms.is_empty()).then(|| text::creates_terms(&terms));
    view! {
        <section class="card" aria-labelledby="import-fine">
            <div class="card-head">
                <h2 id="import-fine">{text::NOTHING_WRONG}</h2>
            </div>
            <div class="card-body stack">
                <p>{text::would_import(&name, (!is_new).then_some(summary.version))}</p>
                <p>{text::contents(summary.steps, summary.fields, summary.rules)}</p>
                {terms.map(|words| view! { <p>{words}</p> }.into_any())}
            </div>
        </section>
    }
    .into_any()
}
