//! Sending a form to a server function: once at a time; the first wrong field is focused.

use std::pin::Pin;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Unsaved, browser};
use crate::server_fn_error::ServerFnError;

/// The failure of a form, if it failed.
pub type Wrong = RwSignal<Option<ServerFnError>>;

/// What is left to do once the server has answered, or the failure.
type Answer = Result<Box<dyn FnOnce()>, ServerFnError>;

/// The state of a form.
#[derive(Clone, Copy)]
pub struct Sending {
    /// The id of the form, or of the dialog around it.
    id: &'static str,
    /// Its failure. Its fields show it.
    pub wrong: Wrong,
    /// Whether it is being sent.
    pub busy: RwSignal<bool>,
    unsaved: Unsaved,
}

impl Sending {
    /// The form with this id.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        let unsaved = Unsaved::expect();
        on_cleanup(move || unsaved.clear(id));
        Self { id, wrong: RwSignal::new(None), busy: RwSignal::new(false), unsaved }
    }

    /// Records that something was typed, for a form on a page: leaving it asks first.
    pub fn typed(self) {
        self.unsaved.mark(self.id);
    }

    /// Sends what `read` makes of the fields, unless the form is being sent, and calls `done` with the answer. Nothing that
    /// was typed is lost.
    pub fn send<D, T, A>(
        self,
        event: &SubmitEvent,
        read: impl FnOnce() -> Result<D, ServerFnError>,
        ask: impl FnOnce(D) -> A,
        done: impl FnOnce(T) + 'static,
    ) where
        A: Future<Output = Result<T, ServerFnError>> + 'static,
        T: 'static,
    {
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        match read() {
            Err(fault) => self.refuse(fault),
            Ok(draft) => {
                let answer = ask(draft);
                self.finish(Box::pin(async move {
                    let answer = answer.await?;
                    let finally: Box<dyn FnOnce()> = Box::new(move || done(answer));
                    Ok(finally)
                }));
            }
        }
    }

    fn finish(self, answer: Pin<Box<dyn Future<Output = Answer>>>) {
        self.busy.set(true);
        // What is being sent is not saved, also where nothing was typed: if the session has ended, the form stays.
        let typed = self.unsaved.is_marked(self.id);
        self.unsaved.mark(self.id);
        spawn_local(async move {
            let answer = answer.await;
            if !typed {
                self.unsaved.clear(self.id);
            }
            // A dialog that was closed meanwhile took its signals along.
            self.busy.try_set(false);
            match answer {
                Ok(done) => {
                    self.wrong.try_set(None);
                    self.unsaved.clear(self.id);
                    done();
                }
                Err(fault) => self.refuse(fault),
            }
        });
    }

    /// Shows the failure, and focuses the first wrong field once it is marked.
    fn refuse(self, fault: ServerFnError) {
        let Self { id, wrong, .. } = self;
        wrong.try_set(Some(fault));
        request_animation_frame(move || {
            browser::focus(&format!("#{id} [aria-invalid=true]"));
        });
    }
}
