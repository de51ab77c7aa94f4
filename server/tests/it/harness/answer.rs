//! HTTP responses.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a body in UTF-8")
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"))
    }

    /// Asserts the status and returns the response.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// Asserts that this is a complete problem document with this status and code, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{text}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{text}");
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let problem = self.json();
        assert_eq!(problem["code"], code, "{text}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["title"], self.status.canonical_reason().unwrap_or_default());
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.ends_with(['.', '…'])), "{text}");
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{text}");
        problem
    }

    /// Asserts a 422 for exactly these fields, in any order.
    #[track_caller]
    pub fn invalid(&self, fields: &[&str]) {
        let problem = self.problem(422, "invalid");
        let mut found: Vec<_> = problem["fields"]
            .as_array()
            .map(|fields| fields.iter().map(|wrong| wrong["field"].as_str().unwrap().to_owned()).collect())
            .unwrap_or_default();
        found.sort_unstable();
        let mut fields: Vec<_> = fields.to_vec();
        fields.sort_unstable();
        assert_eq!(found, fields, "{problem}");
        for wrong in problem["fields"].as_array().into_iter().flatten() {
            assert!(wrong["message"].as_str().is_some_and(|message| !message.is_empty()), "{problem}");
        }
    }

    /// Asserts a 303 and returns its target.
    #[track_caller]
    pub fn redirect(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&self.body));
        self.header("location").expect("a Location")
    }

    /// The `Set-Cookie` header of the cookie called `name`.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.into_iter().find(|value| value.starts_with(&format!("{name}="))).map(str::to_owned)
    }

    /// `name=value` of the cookie called `name`, as a browser sends it back.
    #[track_caller]
    pub fn cookie(&self, name: &str) -> String {
        let set = self.set_cookie(name).unwrap_or_else(|| panic!("no cookie {name}: {self:?}"));
        set.split(';').next().unwrap_or_default().to_owned()
    }
}
