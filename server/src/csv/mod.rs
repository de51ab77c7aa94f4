//! Lists as CSV (RFC 4180), streamed because they may not fit into memory.

pub mod accounts;
pub mod audit;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::paging::{Cursor, Page};
use futures::stream::{self, StreamExt};
use service::Error;

/// The cells of a row.
pub type Record = Vec<String>;

/// A file with a row for each record of a list, whose `first` page was read before the response begins, so that an error
/// has a status. `next` reads the page at a cursor.
pub fn respond<F>(
    (name, now): (&str, Timestamp),
    head: &'static [&'static str],
    first: Page<Record>,
    next: impl Fn(Cursor) -> F + Clone + Send + Sync + 'static,
) -> Response
where
    F: Future<Output = Result<Page<Record>, Error>> + Send,
{
    let disposition = format!("attachment; filename=\"{}\"", file_name(name, now));
    let rest = stream::try_unfold(first.next_cursor, move |cursor| {
        let next = next.clone();
        async move {
            let Some(cursor) = cursor else { return Ok(None) };
            // The response has begun. It is aborted, so that an incomplete file is recognised as such.
            let page = next(cursor).await.map_err(|error| {
                tracing::error!(%error, "a download was aborted");
                std::io::Error::other("the list could not be read completely")
            })?;
            Ok(Some((rows(None, &page.items)?, page.next_cursor)))
        }
    });
    let first = stream::once(async move { rows(Some(head), &first.items) });
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, Body::from_stream(first.chain(rest))).into_response()
}

fn file_name(name: &str, now: Timestamp) -> String {
    let stamp: String = now.to_rfc3339().chars().take(19).map(|c| if c == ':' { '-' } else { c }).collect();
    format!("latchkey-{name}-{stamp}Z.csv")
}

/// The text of some rows, after those of the columns' names if a `head` is given.
///
/// # Errors
/// Never, because it is written to memory.
pub fn rows(head: Option<&[&str]>, records: &[Record]) -> std::io::Result<Vec<u8>> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if let Some(head) = head {
        table.write_record(head)?;
    }
    for record in records {
        table.write_record(record.iter().map(|cell| safe(cell)))?;
    }
    table.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// First characters of formulas in spreadsheets. Japanese and Chinese versions also accept full-width signs.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that begins like a formula, with an apostrophe: spreadsheets would run it otherwise.
fn safe(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_it_begins_with() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1＋1", "＋1", "－1", "＠SUM(A1)"] {
            assert_eq!(safe(bad), format!("'{bad}"));
        }
        assert_eq!(safe("Ngozi =)"), "Ngozi =)");
    }

    #[test]
    fn rows_are_quoted_and_terminated_as_in_rfc_4180() {
        let record = ["Roof day, \"volunteers\"", "", "=HYPERLINK(\"x\")"].map(str::to_owned).into();
        let text = String::from_utf8(rows(Some(&["a", "b", "c"]), &[record]).unwrap()).unwrap();
        assert_eq!(text, "a,b,c\r\n\"Roof day, \"\"volunteers\"\"\",,\"'=HYPERLINK(\"\"x\"\")\"\r\n");
    }

    #[test]
    fn the_file_name_has_the_time() {
        let at = Timestamp::parse("2026-11-21T10:30:59.123Z").unwrap();
        assert_eq!(file_name("members", at), "latchkey-members-2026-11-21T10-30-59Z.csv");
    }
}
