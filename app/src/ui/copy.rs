//! Copying.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Icon, IconName, Toast, Toasts, Tone, browser};

/// Puts `text` on the clipboard and says so with `done`, or offers to try again.
pub fn copy(toasts: Toasts, text: String, done: &'static str) {
    spawn_local(async move {
        let toast = if browser::copy(&text).await {
            Toast { title: done.to_owned(), detail: Some(text), ..Toast::default() }
        } else {
            Toast {
                tone: Tone::Danger,
                title: "The browser did not let us copy. Mark this and copy it by hand.".to_owned(),
                detail: Some(text.clone()),
                copy: Some(text),
            }
        };
        toasts.show(toast);
    });
}

/// A button that copies.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What the button says.
    label: &'static str,
    /// What is copied, for those who don't see what stands beside.
    #[prop(into)]
    of: String,
    /// What is said when it is done.
    done: &'static str,
    /// Its classes.
    #[prop(default = "btn btn-sm")]
    class: &'static str,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let act = move |_| copy(toasts, text.clone(), done);
    view! {
        <button type="button" class=class aria-label=format!("{label}: {of}") on:click=act>
            <Icon name=IconName::Copy />
            <span>{label}</span>
        </button>
    }
}
