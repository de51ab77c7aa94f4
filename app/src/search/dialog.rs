//! The frame of the search: a dialog with a field. What is typed before the results are downloaded is kept for them.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::{LIST, QuickSearch, part, text};
use crate::ui::{Icon, IconName};

/// How far the download of the results is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Download {
    /// Nobody has opened the search yet.
    NotNeeded,
    Coming,
    Here,
    Failed,
}

/// The dialog. Once on a page.
#[component]
pub fn SearchDialog() -> impl IntoView {
    let QuickSearch { open, typed, active, keys, .. } = QuickSearch::expect();
    let node = NodeRef::<html::Dialog>::new();
    let download = RwSignal::new(Download::NotNeeded);
    let load = move || {
        if matches!(download.get_untracked(), Download::Coming | Download::Here) {
            return;
        }
        download.set(Download::Coming);
        spawn_local(async move {
            let arrived = part::load().await.is_ok();
            download.set(if arrived { Download::Here } else { Download::Failed });
        });
    };
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            typed.set(String::new());
            // Fails only for a dialog that is no longer on the page.
            let _ = dialog.show_modal();
            load();
        }
    });
    let results = move || match download.get() {
        Download::NotNeeded => ().into_any(),
        Download::Coming => view! { <p class="search-note">{text::LOADING}</p> }.into_any(),
        Download::Failed => view! {
            <p class="search-note" role="alert">
                {text::NOT_LOADED}
                <button type="button" class="btn btn-sm" on:click=move |_| load()>
                    <Icon name=IconName::Refresh />
                    {text::TRY_AGAIN}
                </button>
            </p>
        }
        .into_any(),
        // It has arrived, so that drawing it cannot fail.
        Download::Here => Suspend::new(async { part::draw().await.unwrap_or_else(|_| ().into_any()) }).into_any(),
    };
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
                    aria-expanded=move || (download.get() == Download::Here).to_string()
                    aria-controls=move || (download.get() == Download::Here).then_some(LIST)
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
