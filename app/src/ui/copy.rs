//! Copying to the clipboard.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Icon, IconName, Toast, ToastCopy, Toasts, Tone, browser, text};

/// Copies `text` to the clipboard and reports it with `done`, or offers to try again.
pub fn copy(toasts: Toasts, text: String, done: &'static str) {
    spawn_local(async move {
        let toast = if browser::copy(&text).await {
            Toast { title: done.to_owned(), detail: Some(text), ..Toast::default() }
        } else {
            Toast {
                tone: Tone::Danger,
                title: text::COPY_FAILED.to_owned(),
                detail: Some(text.clone()),
                copy: Some(ToastCopy { label: text::COPY, text, done }),
                ..Toast::default()
            }
        };
        toasts.show(toast);
    });
}

/// A button that copies to the clipboard.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(into)]
    text: String,
    /// The label.
    label: &'static str,
    /// What the text belongs to, for the accessible name.
    #[prop(into)]
    of: String,
    /// The title of the toast.
    done: &'static str,
    /// Its classes.
    #[prop(default = "btn btn-sm")]
    class: &'static str,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let act = move |_| copy(toasts, text.clone(), done);
    view! {
        <button type="button" class=class aria-label=text::label_of_row(label, &of) on:click=act>
            <Icon name=IconName::Copy />
            <span>{label}</span>
        </button>
    }
}
