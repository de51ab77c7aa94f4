//! Standard output.

use std::fmt::Display;
use std::io::{Write, stdout};

use super::Outcome;

/// Prints a result.
///
/// # Errors
/// Standard output is closed: the result, such as an API key, would be lost.
pub(super) fn result(text: impl Display) -> Outcome {
    let mut out = stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| format!("Cannot print the result: {error}."))
}
