//! Dates and times that are typed.

use domain::{Code, Failure, Patch, Timestamp};
use leptos::prelude::*;

use super::{browser, text};
use crate::server_fn_error::ServerFnError;

/// An instant as typed; `None` if nothing was.
///
/// # Errors
/// [`Code::Invalid`] under `field`.
pub fn instant(field: &str, text: &str) -> Result<Option<Timestamp>, ServerFnError> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Failure::field(Code::Invalid, field, text::NOT_A_DATE).into();
    browser::from_input(text).map(Some).ok_or_else(wrong)
}

/// An instant that may have been touched. The field shows it to the minute, so sending back what was shown could move
/// it: an instant that nobody touched is sent as it was, or not at all if the object has it.
#[derive(Clone, Copy)]
pub struct InstantInput {
    /// What is typed.
    pub typed: RwSignal<String>,
    shown: StoredValue<String>,
    at: Option<Timestamp>,
    kept: bool,
}

impl InstantInput {
    /// `kept` says that the object that is edited has the instant.
    #[must_use]
    pub fn new(at: Option<Timestamp>, kept: bool) -> Self {
        let shown = at.map(browser::to_input).unwrap_or_default();
        Self { typed: RwSignal::new(shown.clone()), shown: StoredValue::new(shown), at, kept }
    }

    /// Whether nothing is typed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.typed.with_untracked(String::is_empty)
    }

    /// The change that is asked for.
    ///
    /// # Errors
    /// Those of [`instant`].
    pub fn read(self, field: &str) -> Result<Patch<String>, ServerFnError> {
        let typed = self.typed.get_untracked();
        if self.shown.with_value(|shown| *shown == typed) {
            return Ok(if self.kept { Patch::Keep } else { self.at.map(Timestamp::to_rfc3339).into() });
        }
        Ok(instant(field, &typed)?.map(Timestamp::to_rfc3339).into())
    }
}
