//! Where results go.

use std::fmt::Display;
use std::io::{Write, stdout};

use super::Outcome;

/// Prints a result. Nobody reading it is an error: a key that was printed to nowhere is lost.
pub(super) fn result(text: impl Display) -> Outcome {
    let mut out = stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| format!("The result can't be printed: {error}."))
}
