//! Acts: what a button does at once. A toast says how it went, and the page reads its data anew.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Confirm, Question, Toasts};
use crate::server_fn_error::ServerFnError;

/// How one page acts.
#[derive(Clone, Copy)]
pub struct Acting {
    /// Where the page says things.
    pub toasts: Toasts,
    /// Called when something has changed.
    pub changed: Callback<()>,
    confirm: Confirm,
}

impl Acting {
    /// For the page at hand, which reads its data anew when `changed` is called.
    pub fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { toasts: Toasts::expect(), confirm: Confirm::expect(), changed: Callback::new(move |()| changed()) }
    }

    /// Asks first.
    pub fn ask(self, question: Question) {
        self.confirm.ask(question);
    }

    /// Does it, and says so in the words that `done` finds for the answer.
    pub fn run<T: 'static>(
        self,
        act: impl Future<Output = Result<T, ServerFnError>> + 'static,
        done: impl FnOnce(T) -> String + 'static,
    ) {
        self.finish(Box::pin(async move { act.await.map(done) }));
    }

    fn finish(self, act: Pin<Box<dyn Future<Output = Result<String, ServerFnError>>>>) {
        spawn_local(async move {
            match act.await {
                Ok(done) => self.toasts.done(done),
                Err(fault) => self.toasts.fault(&fault),
            }
            // Also after a failure: somebody else may have been quicker.
            self.changed.run(());
        });
    }
}
