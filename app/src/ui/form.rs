//! Sending a form to a server function: once at a time, and what is wrong is shown at its field and focused.

use std::pin::Pin;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use crate::server_fn_error::ServerFnError;

/// What a form was refused for, if it was.
pub type Wrong = RwSignal<Option<ServerFnError>>;

/// What is left to do once the server has answered, or what it was refused for.
type Answer = Result<Box<dyn FnOnce()>, ServerFnError>;

/// A form on its way to the server, or back.
#[derive(Clone, Copy)]
pub struct Sending {
    /// The id of the form, or of the dialog around it.
    id: &'static str,
    /// What it was refused for. Its fields show it.
    pub wrong: Wrong,
    /// Whether it is on its way.
    pub busy: RwSignal<bool>,
}

impl Sending {
    /// The form with this id, at rest.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, wrong: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// Sends what `read` makes of the fields, unless the form is on its way already, and calls `done` with the answer.
    /// What was typed stays whatever happens.
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
        spawn_local(async move {
            let answer = answer.await;
            // A dialog that was closed meanwhile took its signals along.
            self.busy.try_set(false);
            match answer {
                Ok(done) => {
                    self.wrong.try_set(None);
                    done();
                }
                Err(fault) => self.refuse(fault),
            }
        });
    }

    /// Says what is wrong, and focuses the first wrong field once it is marked.
    fn refuse(self, fault: ServerFnError) {
        let Self { id, wrong, .. } = self;
        wrong.try_set(Some(fault));
        request_animation_frame(move || {
            browser::focus(&format!("#{id} [aria-invalid=true]"));
        });
    }
}
