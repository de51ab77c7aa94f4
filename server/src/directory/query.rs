//! The parameters of requests (RFC 7644, sections 3.4.2 and 3.9; RFC 9865).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::directory::{Comparison, MAX_RESULTS, Window, parse_filter};
use uuid::Uuid;

use super::refusal::{Kind, Refusal};

/// The most results of a page where a request does not say how many.
pub const DEFAULT_RESULTS: u64 = 100;

/// The parameters as they were sent. Of several with one name the first counts; unknown ones are ignored.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Query {
    /// The parameters of a request.
    pub fn of(parts: &Parts) -> Self {
        Self::parse(parts.uri.query().unwrap_or_default())
    }

    fn parse(query: &str) -> Self {
        Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// The value of a parameter, whose name is compared without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether resources are filtered, which discovery does not support.
    pub fn has_filter(&self) -> bool {
        self.get("filter").is_some()
    }

    /// The comparisons of the filter.
    pub fn filter(&self) -> Result<Vec<Comparison>, Refusal> {
        self.get("filter").map_or(Ok(Vec::new()), parse_filter).map_err(Refusal::unparsed(Kind::Filter))
    }

    /// The page: by a cursor if one is sent, also an empty one; by its start otherwise.
    pub fn window(&self) -> Result<Window, Refusal> {
        let count = self.number("count")?.unwrap_or(DEFAULT_RESULTS).min(MAX_RESULTS);
        match (self.get("cursor"), self.number("startIndex")?) {
            (None, start) => Ok(Window::Index { start: start.unwrap_or(1).max(1), count }),
            (Some(_), Some(_)) => Err(Refusal::new(Kind::Value, "Send a cursor or a startIndex, not both.")),
            (Some(""), None) => Ok(Window::Cursor { after: None, count }),
            (Some(cursor), None) => {
                let after = Uuid::try_parse(cursor);
                let after = after.map_err(|_| Refusal::new(Kind::Cursor, "This cursor is none of this list."))?;
                Ok(Window::Cursor { after: Some(after), count })
            }
        }
    }

    /// A number; a negative one is 0 (section 3.4.2.4).
    fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.trim().parse::<i64>();
        let number = number.map_err(|_| Refusal::new(Kind::Value, format!("{name} is an integer.")))?;
        // SQLite and PostgreSQL count up to this.
        Ok(Some(u64::try_from(number).unwrap_or(0).min(u64::from(u32::MAX))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_bounds() {
        let window = |query: &str| Query::parse(query).window();
        assert!(matches!(window(""), Ok(Window::Index { start: 1, count: DEFAULT_RESULTS })));
        assert!(matches!(window("startIndex=-3&count=-1"), Ok(Window::Index { start: 1, count: 0 })));
        assert!(matches!(window("STARTINDEX=7&count=9999"), Ok(Window::Index { start: 7, count: MAX_RESULTS })));
        assert!(matches!(window("cursor=&count=5"), Ok(Window::Cursor { after: None, count: 5 })));
        for wrong in ["count=x", "startIndex=1.5", "cursor=x", "cursor=&startIndex=1"] {
            assert!(window(wrong).is_err(), "{wrong}");
        }
    }
}
