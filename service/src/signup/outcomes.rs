//! The number of sign-ups by outcome, for monitoring.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::signup::SignedUp;

use crate::Error;

/// Counts sign-ups by outcome.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    completed: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl Outcomes {
    /// Counts one sign-up. A replayed attempt is not counted again.
    pub(crate) fn count(&self, outcome: &Result<SignedUp, Error>) {
        let code = match outcome {
            Ok(SignedUp { replayed: true, .. }) => return,
            Ok(_) => {
                self.completed.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(error) => error.code(),
        };
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code.as_str()).or_default() += 1;
    }

    /// The number of sign-ups that created an account, and of those that did not by failure code.
    pub(crate) fn read(&self) -> (u64, BTreeMap<&'static str, u64>) {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.completed.load(Ordering::Relaxed), refused)
    }
}
