//! The frame of the search: a dialog with a field. What is typed before the results are downloaded is kept for them.

use std::pin::Pin;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::{LIST, QuickSearch, load_results, part, text};
use crate::ui::{Deferred, Drawn, Icon, IconName};

/// The dialog. Once on a page.
#[component]
pub fn SearchDialog() -> impl IntoView {
    let QuickSearch { open, typed, active, keys, .. } = QuickSearch::expect();
    let node = NodeRef::<html::Dialog>::new();
    // Once it was opened, the results stay.
    let opened = RwSignal::new(false);
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            typed.set(String::new());
            // Fails only for a dialog that is no longer on the page.
            let _ = dialog.show_modal();
            opened.set(true);
        }
    });
    let results = move || {
        opened.get().then(|| {
            let draw = Box::new(|| Box::pin(part::draw()) as Pin<Box<dyn Future<Output = Drawn>>>);
            view! { <Deferred load=load_results draw failed=text::NOT_LOADED /> }.into_any()
        })
    };
    let here = move || keys.with(Option::is_some);
    view! {
        <dialog
            id="search-dialog"
            class="dialog search-dialog"
            node_ref=node
            aria-label=text::SEARCH
            on:close=move |_| open.set(false)
            on:click=move |event| {
                if is_outside(&event) {
                    open.set(false);
                }
            }
        >
            <div class="search-head">
                <Icon name=IconName::Search />
                <input
                    type="text"
                    role="combobox"
                    autofocus
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    maxlength="200"
                    placeholder=text::SEARCH_OR_JUMP
                    aria-label=text::SEARCH_OR_JUMP
                    aria-autocomplete="list"
                    aria-expanded=move || here().to_string()
                    aria-controls=move || here().then_some(LIST)
                    aria-activedescendant=move || active.get()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=move |event: KeyboardEvent| {
                        if let Some(keys) = keys.get_untracked() {
                            keys.run(event);
                        }
                    }
                />
                <button
                    type="button"
                    class="btn btn-quiet btn-icon"
                    aria-label=text::CLOSE
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            {results}
        </dialog>
    }
}

/// Whether a click was beside the dialog: what is in it covers it.
fn is_outside(event: &MouseEvent) -> bool {
    event.target().is_some_and(|target| target.has_type::<HtmlDialogElement>())
}
