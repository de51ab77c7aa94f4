//! Reading a file of recipients in the browser. It is never uploaded: its text goes where people also paste theirs.

use domain::invitations::MAX_TEXT;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::text;
use crate::ui::{Icon, IconName};

/// The most bytes of a file.
#[expect(clippy::cast_precision_loss, reason = "a float can count far more")]
const MAX_BYTES: f64 = MAX_TEXT as f64;

/// The button that chooses a file.
#[component]
pub(super) fn FileButton(
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
            return wrong.set(Some(text::FILE_TOO_LARGE));
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
                <input type="file" hidden node_ref=input accept=text::FILE_TYPES on:change=chosen />
                <button type="button" id="choose-file" class="btn btn-sm" on:click=choose>
                    <Icon name=IconName::Download />
                    {text::CHOOSE_FILE}
                </button>
            </div>
            <div role="alert">
                {move || {
                    wrong
                        .get()
                        .map(|words| {
                            view! {
                                <p class="error">
                                    <Icon name=IconName::Alert />
                                    <span>{words}</span>
                                </p>
                            }
                                .into_any()
                        })
                }}
            </div>
        </div>
    }
}
