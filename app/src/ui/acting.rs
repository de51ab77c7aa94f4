//! Acts: what a button does at once. A toast reports the outcome, and the page reads its data again.

use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use super::{Confirm, Question, Toast, ToastAction, Toasts, Tone, text};
use crate::server_fn_error::ServerFnError;

/// How one page acts.
#[derive(Clone, Copy)]
pub struct Acting {
    /// The toasts of the page.
    pub toasts: Toasts,
    /// Called when something has changed.
    pub changed: Callback<()>,
    confirm: Confirm,
}

/// Tells the open page that something has changed that was not changed by it.
#[derive(Clone, Copy)]
pub struct Changes(RwSignal<u32>);

impl Changes {
    /// Creates it and provides it to everything below.
    pub fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }
}

impl Acting {
    /// For the page at hand, which reads its data again when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        let changed = Callback::new(move |()| changed());
        let Changes(elsewhere) = expect_context();
        Effect::watch(
            move || elsewhere.get(),
            move |_, _, _| {
                changed.try_run(());
            },
            false,
        );
        Self::with(changed)
    }

    /// For what can be opened on any page, and acts on what the page may show: the page reads its data again, too.
    pub fn anywhere(changed: impl Fn() + Send + Sync + 'static) -> Self {
        let Changes(elsewhere) = expect_context();
        Self::with(Callback::new(move |()| {
            changed();
            elsewhere.update(|count| *count = count.wrapping_add(1));
        }))
    }

    fn with(changed: Callback<()>) -> Self {
        Self { toasts: Toasts::expect(), confirm: Confirm::expect(), changed }
    }

    /// Asks first.
    pub fn ask(self, question: Question) {
        self.confirm.ask(question);
    }

    /// Acts by a function that is a part of the browser's program. One that could not be downloaded is reported.
    pub fn by_part(self, act: impl Future<Output = Result<(), SplitLoaderError>> + 'static) {
        spawn_local(async move {
            if act.await.is_err() {
                let title = text::ACT_NOT_LOADED.to_owned();
                self.toasts.show(Toast { tone: Tone::Danger, title, ..Toast::default() });
            }
        });
    }

    /// Acts, and reports the outcome in the words that `done` makes of the answer.
    pub fn run<T: 'static>(
        self,
        act: impl Future<Output = Result<T, ServerFnError>> + 'static,
        done: impl FnOnce(T) -> String + 'static,
    ) {
        self.finish(Box::pin(async move { act.await.map(|answer| Toast { title: done(answer), ..Toast::default() }) }));
    }

    /// The same with a button that takes it back, where `done` says that there is something to take back.
    pub fn run_undoable<T: 'static>(
        self,
        act: impl Future<Output = Result<T, ServerFnError>> + 'static,
        done: impl FnOnce(T) -> (String, bool) + 'static,
        undo: impl Fn() + Send + Sync + 'static,
    ) {
        self.finish(Box::pin(async move {
            let (title, undoable) = done(act.await?);
            let action = undoable.then(|| ToastAction { label: text::UNDO, act: Arc::new(undo) });
            Ok(Toast { title, action, ..Toast::default() })
        }));
    }

    /// Deletes what the page is about, and leaves by `gone` once it is deleted.
    pub fn run_and_leave(
        self,
        act: impl Future<Output = Result<(), ServerFnError>> + 'static,
        done: String,
        gone: Callback<()>,
    ) {
        spawn_local(async move {
            match act.await {
                Ok(()) => {
                    self.toasts.done(done);
                    gone.try_run(());
                }
                Err(fault) => {
                    self.toasts.fault(&fault);
                    self.changed.try_run(());
                }
            }
        });
    }

    fn finish(self, act: Pin<Box<dyn Future<Output = Result<Toast, ServerFnError>>>>) {
        spawn_local(async move {
            match act.await {
                Ok(toast) => self.toasts.show(toast),
                Err(fault) => self.toasts.fault(&fault),
            }
            // Also after a failure: somebody else may have been quicker. The page may have been left by now.
            self.changed.try_run(());
        });
    }
}
