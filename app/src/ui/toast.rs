//! Toasts: what happened, and the next step.

use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, IconName, copy};
use crate::server_fn_error::ServerFnError;

/// Whether it went well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// It did.
    #[default]
    Good,
    /// It did not.
    Danger,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toast {
    /// Whether it went well.
    pub tone: Tone,
    /// What happened, in a few words.
    pub title: String,
    /// What it happened to.
    pub detail: Option<String>,
    /// What the Copy button puts on the clipboard, if there is one.
    pub copy: Option<String>,
}

/// How long a toast without a button stays. One with a button stays until it is closed (WCAG 2.2.1).
const STAY: Duration = Duration::from_secs(7);

/// Where toasts are shown: one at a time, the newest.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Option<Toast>>,
    /// Counts the toasts, so that a timer closes its own alone.
    count: RwSignal<u32>,
}

impl Toasts {
    /// Makes the place and offers it to everything below.
    #[must_use]
    pub fn provide() -> Self {
        let toasts = Self { shown: RwSignal::new(None), count: RwSignal::new(0) };
        provide_context(toasts);
        toasts
    }

    /// The place that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Shows one.
    pub fn show(self, toast: Toast) {
        let stays = toast.copy.is_some();
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

    /// Says that something is done.
    pub fn done(self, title: impl Into<String>) {
        self.show(Toast { title: title.into(), ..Toast::default() });
    }

    /// Says why something is not done.
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
                .map(|text| {
                    let again = move |_| copy(toasts, text.clone(), "Copied");
                    view! {
                        <button type="button" class="btn btn-sm" on:click=again>
                            <Icon name=IconName::Copy />
                            "Copy"
                        </button>
                    }
                })}
            <button
                type="button"
                class="btn btn-quiet btn-icon btn-sm"
                aria-label="Close"
                on:click=move |_| toasts.shown.set(None)
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
