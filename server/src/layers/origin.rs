//! The check of the origin. Browsers send cookies also with requests that another site caused. Requests that change
//! something and may have a cookie must come from pages of this site.

use axum::extract::Request;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Method};
use domain::{Code, Failure};

use super::host::host;
use crate::address::PublicUrl;
use crate::state::AppState;

/// Refuses requests with unsafe methods from other sites.
///
/// # Errors
/// [`Code::CrossOrigin`].
pub fn check(state: &AppState, request: &Request) -> Result<(), Failure> {
    let host = host(request).unwrap_or_default();
    if is_safe(request.method()) || is_own(request.headers(), host, state.public_url()) {
        return Ok(());
    }
    let message = format!(
        "This came from another site and was not done. Open {} and try again there.",
        state.public_url().origin()
    );
    Err(Failure::new(Code::CrossOrigin, message))
}

/// The methods that change nothing (RFC 9110, section 9.2.1).
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Only browsers can set `Sec-Fetch-Site`; if it is missing, `Origin` decides. A request with neither was not sent by a
/// browser, so that no other site caused it.
fn is_own(headers: &HeaderMap, host: &str, public_url: &PublicUrl) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| public_url.is_own_origin(origin, host)),
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap()));
        is_own(&headers.collect(), "join.example.org", &PublicUrl::parse("https://join.example.org").unwrap())
    }

    #[test]
    fn own_pages_and_programs_pass() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("origin", "https://join.example.org")]));
        assert!(own(&[]));
    }

    #[test]
    fn other_sites_do_not() {
        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://join.example.org")]));
        assert!(!own(&[("origin", "https://evil.example")]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[("origin", "http://join.example.org")]));
    }

    #[test]
    fn only_reading_is_safe() {
        assert!(is_safe(&Method::GET) && is_safe(&Method::HEAD));
        assert!(!is_safe(&Method::POST) && !is_safe(&Method::DELETE) && !is_safe(&Method::PATCH));
    }
}
