//! Standard output.

use std::fmt::Display;
use std::io::{Write, stdout};

use serde::Serialize;

use super::Outcome;

/// Prints a result.
///
/// # Errors
/// Standard output is closed: the result, such as an API key, would be lost.
pub(super) fn result(text: impl Display) -> Outcome {
    let mut out = stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| format!("Cannot print the result: {error}."))
}

/// Prints a value as JSON.
///
/// # Errors
/// Those of [`result`].
pub(super) fn json(value: &impl Serialize) -> Outcome {
    result(serde_json::to_string_pretty(value).map_err(|error| format!("Cannot write the result: {error}."))?)
}

/// Prints a part of a result as it is.
///
/// # Errors
/// Those of [`result`].
pub(super) fn part(bytes: &[u8]) -> Outcome {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| format!("Cannot print the result: {error}."))
}
