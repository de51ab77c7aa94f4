//! Toasts: what happened, and the next step.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, IconName, browser, copy, text};
use crate::server_fn_error::ServerFnError;

/// The kind of a toast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A success.
    #[default]
    Good,
    /// A failure.
    Danger,
}

/// A message about what happened.
#[derive(Clone, Default)]
pub struct Toast {
    /// The kind.
    pub tone: Tone,
    /// What happened, in a few words.
    pub title: String,
    /// What it happened to.
    pub detail: Option<String>,
    /// A button that copies.
    pub copy: Option<ToastCopy>,
    /// Another button.
    pub action: Option<ToastAction>,
}

/// A button of a toast that copies a text.
#[derive(Clone)]
pub struct ToastCopy {
    /// The label.
    pub label: &'static str,
    /// The text.
    pub text: String,
    /// The title of the toast that reports it.
    pub done: &'static str,
}

/// A button of a toast. Pressing it closes the toast.
#[derive(Clone)]
pub struct ToastAction {
    /// The label.
    pub label: &'static str,
    /// The act.
    pub act: Arc<dyn Fn() + Send + Sync>,
}

/// How long a toast without a button is shown. One with a button is shown until it is closed (WCAG 2.2.1).
const STAY: Duration = Duration::from_secs(7);

/// The toasts of the application: the newest is shown.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Option<Toast>>,
    /// Counts the toasts, so that a timer closes its own alone.
    count: RwSignal<u32>,
}

impl Toasts {
    /// Creates it and provides it to everything below.
    #[must_use]
    pub fn provide() -> Self {
        let toasts = Self { shown: RwSignal::new(None), count: RwSignal::new(0) };
        provide_context(toasts);
        toasts
    }

    /// The one that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Shows one.
    pub fn show(self, toast: Toast) {
        let stays = toast.copy.is_some() || toast.action.is_some();
        self.shown.set(Some(toast));
        self.count.update(|count| *count += 1);
        if !stays {
            let mine = self.count.get_untracked();
            set_timeout(
                move || {
                    if self.count.get_untracked() == mine {
                        self.shown.set(None);
                    }
                },
                STAY,
            );
        }
    }

    /// Removes the one that is shown, if there is one.
    pub fn clear(self) {
        self.shown.set(None);
    }

    /// Reports a success.
    pub fn done(self, title: impl Into<String>) {
        self.show(Toast { title: title.into(), ..Toast::default() });
    }

    /// Reports a failure.
    pub fn fault(self, fault: &ServerFnError) {
        self.show(Toast { tone: Tone::Danger, title: fault.to_string(), ..Toast::default() });
    }
}

/// The region that shows toasts and reads them out.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = Toasts::expect();
    view! {
        <div class="toasts" role="status">
            {move || toasts.shown.get().map(|toast| view! { <ToastCard toast toasts /> }.into_any())}
        </div>
    }
}

#[component]
fn ToastCard(toast: Toast, toasts: Toasts) -> impl IntoView {
    let (tone, icon) = match toast.tone {
        Tone::Good => (None, IconName::Full),
        Tone::Danger => (Some("danger"), IconName::Alert),
    };
    view! {
        <div class="toast" data-tone=tone>
            <Icon name=icon />
            <div class="grow">
                <strong>{toast.title}</strong>
                {toast.detail.map(|detail| view! { <span class="mono">{detail}</span> }.into_any())}
            </div>
            {toast
                .copy
                .map(|ToastCopy { label, text, done }| {
                    let again = move |_| copy(toasts, text.clone(), done);
                    view! {
                        <button type="button" class="btn btn-sm" on:click=again>
                            <Icon name=IconName::Copy />
                            {label}
                        </button>
                    }
                })}
            {toast
                .action
                .map(|ToastAction { label, act }| {
                    let press = move |_| {
                        toasts.shown.set(None);
                        // The button goes with the toast.
                        browser::focus("#main");
                        act();
                    };
                    view! {
                        <button type="button" class="btn btn-sm" on:click=press>
                            <Icon name=IconName::Undo />
                            {label}
                        </button>
                    }
                })}
            <button
                type="button"
                class="btn btn-quiet btn-icon btn-sm"
                aria-label=text::CLOSE
                on:click=move |_| toasts.shown.set(None)
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
