//! A pause in typing.

use std::time::Duration;

use leptos::prelude::*;

/// How long it is.
const PAUSE: Duration = Duration::from_millis(120);

/// What is done once the typing pauses, and not at all if its page or dialog is gone by then.
#[derive(Clone, Copy)]
pub struct OnPause(StoredValue<Option<TimeoutHandle>>);

impl OnPause {
    /// Nothing, at first.
    #[must_use]
    pub fn nothing() -> Self {
        let this = Self(StoredValue::new(None));
        on_cleanup(move || this.stop());
        this
    }

    /// Does `act` after the pause, instead of what was to be done.
    pub fn run(self, act: impl FnOnce() + 'static) {
        self.stop();
        // Fails only for a duration that is too long.
        self.0.set_value(set_timeout_with_handle(act, PAUSE).ok());
    }

    /// Does nothing after the pause.
    pub fn stop(self) {
        if let Some(timer) = self.0.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
