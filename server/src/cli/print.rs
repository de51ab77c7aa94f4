//! Standard output.

use std::fmt::Display;
use std::io::{Write, stdout};

use domain::paging::{Cursor, Page};
use serde::Serialize;
use service::Error;

use super::Outcome;
use super::open::describe_error;
use crate::csv::{self, Record};

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

/// Prints a value as JSON on one line.
///
/// # Errors
/// Those of [`result`].
pub(super) fn json_line(value: &impl Serialize) -> Outcome {
    result(serde_json::to_string(value).map_err(|error| format!("Cannot write the result: {error}."))?)
}

/// Prints a list as CSV, page by page: it may not fit into memory. `page` reads the one at a cursor.
///
/// # Errors
/// Those of `page` and of [`result`].
pub(super) async fn csv(head: &[&str], page: impl AsyncFn(Option<Cursor>) -> Result<Page<Record>, Error>) -> Outcome {
    let mut head = Some(head);
    let mut cursor = None;
    loop {
        let page = page(cursor).await.map_err(describe_error)?;
        let rows = csv::rows(head.take(), &page.items).map_err(|error| format!("Cannot write the list: {error}."))?;
        part(&rows)?;
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// Prints a part of a result as it is.
///
/// # Errors
/// Those of [`result`].
fn part(bytes: &[u8]) -> Outcome {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| format!("Cannot print the result: {error}."))
}
