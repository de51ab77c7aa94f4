//! The form of terms: their name and text, and who is asked about a new version.

use domain::flows::{AskedMembers, TermsDetails, TermsDraft};
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{self, DialogFoot, FormError, Icon, IconName, SelectField, Sending, TextArea, TextField, Toasts};

/// Creates terms, or changes them.
#[component]
pub(super) fn TermsForm(
    /// The terms that are changed.
    terms: Option<TermsDetails>,
    close: Callback<()>,
    /// Called when they are saved.
    saved: Callback<TermsDetails>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = terms.as_ref().map(|terms| terms.summary.terms.id);
    let version = terms.as_ref().map(|terms| terms.summary.version);
    let old = terms.as_ref().map(|terms| terms.text.to_string()).unwrap_or_default();
    let name = RwSignal::new(terms.map(|terms| terms.summary.terms.name.to_string()).unwrap_or_default());
    let typed = RwSignal::new(old.clone());
    let ask = RwSignal::new(AskedMembers::Nobody.to_string());
    let is_new_version = Memo::new(move |_| typed.with(|text| text.trim() != old.trim()));
    let sending = Sending::new(if id.is_some() { "edit-terms" } else { "new-terms" });
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            Ok(TermsDraft {
                name: Some(name.get_untracked()),
                text: Some(typed.get_untracked()),
                ask: is_new_version.get_untracked().then(|| ask.get_untracked()),
            })
        };
        let done = move |terms: TermsDetails| {
            close.try_run(());
            let summary = &terms.summary;
            toasts.done(text::saved(&isolated(summary.terms.name.as_str()), version, summary.version));
            saved.try_run(terms);
        };
        match id {
            Some(id) => sending.send(&event, read, move |draft| api::update(id, draft), done),
            None => sending.send(&event, read, api::create, done),
        }
    };
    let asked = AskedMembers::ALL.map(|asked| ui::fixed((asked.as_str(), text::asks(asked))));
    view! {
        <form novalidate on:submit=submit>
            <div class="dialog-body">
                <TextField
                    id="terms-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    autofocus=true
                    placeholder=text::NAME_EXAMPLE
                />
                <TextArea id="terms-text" name="text" label=text::TEXT value=typed wrong help=text::TEXT_HELP needed=true />
                {preview(typed)}
                {move || {
                    (is_new_version.get() && version.is_some())
                        .then(|| {
                            view! {
                                <SelectField
                                    id="terms-ask"
                                    name="ask"
                                    label=text::ASK
                                    options=asked.to_vec()
                                    value=ask
                                    wrong
                                />
                                <p class="help">{text::ASK_HELP}</p>
                            }.into_any()
                        })
                }}
                <FormError wrong />
            </div>
            <DialogFoot
                verb=if id.is_some() { text::SAVE_CHANGES } else { text::CREATE }
                icon=if id.is_some() { IconName::Check } else { IconName::Plus }
                busy
                close
            />
        </form>
    }
}

/// The text as those read it who accept it, when asked for.
fn preview(source: RwSignal<String>) -> AnyView {
    let html = RwSignal::new(None::<Result<String, String>>);
    let show = Action::new(move |source: &String| {
        let source = source.clone();
        async move {
            let shown = api::preview(source).await;
            html.try_set(Some(shown.map_err(|error| error.to_string())));
        }
    });
    // What is shown is what was typed.
    Effect::new(move || {
        source.track();
        html.set(None);
    });
    view! {
        <div class="stack">
            <div>
                <button
                    type="button"
                    id="preview-terms"
                    class="btn btn-sm"
                    on:click=move |_| {
                        show.dispatch(source.get_untracked());
                    }
                >
                    <Icon name=IconName::Eye />
                    {text::PREVIEW}
                </button>
            </div>
            <div aria-live="polite">
                {move || match html.get() {
                    None => ().into_any(),
                    Some(Ok(html)) => view! { <div class="welcome-preview" inner_html=html></div> }.into_any(),
                    Some(Err(why)) => view! { <p class="error">{why}</p> }.into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}
