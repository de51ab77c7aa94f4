//! Reading a text file in the browser. It is never uploaded: its text goes where people also paste theirs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::{Icon, IconName, error_line, text};

/// The most bytes of a file: the text is sent to server functions that take as much.
const MAX_BYTES: f64 = 256.0 * 1024.0;

/// The button that chooses a file.
#[component]
pub fn FileButton(
    /// The label.
    label: &'static str,
    /// The types of files that are offered.
    accept: &'static str,
    /// What is said of a larger file.
    too_large: &'static str,
    /// Takes the text of the file.
    read: Callback<String>,
) -> impl IntoView {
    let wrong = RwSignal::new(None::<&'static str>);
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen once more.
        input.set_value("");
        if file.size() > MAX_BYTES {
            return wrong.set(Some(too_large));
        }
        wrong.set(None);
        spawn_local(async move {
            // The page may have been left by now.
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(text) => {
                    read.try_run(text);
                }
                None => {
                    wrong.try_set(Some(text::FILE_NOT_READ));
                }
            }
        });
    };
    view! {
        <div class="field">
            <div>
                <input type="file" hidden node_ref=input accept=accept on:change=chosen />
                <button type="button" id="choose-file" class="btn btn-sm" on:click=choose>
                    <Icon name=IconName::Upload />
                    {label}
                </button>
            </div>
            <div role="alert">
                {move || {
                    wrong
                        .get()
                        .map(|words| error_line(None, words))
                }}
            </div>
        </div>
    }
}
