//! Posting the answer of this site to an application (OAuth 2.0 Form Post Response Mode): a page with a form that sends itself.

use app::public::applications::{SUBMIT, form_post};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::request::Visit;

/// The page that posts these fields to an address of an application.
pub fn to(visit: &Visit, action: String, fields: Vec<(String, String)>) -> Response {
    let mut response = visit.page(StatusCode::OK, |look| form_post(look, action, fields));
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // The application is told by which site the form is sent, and not by which page.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("origin"));
    response
}

/// The policy of the page: its one script, and a form to anywhere. Browsers hold the redirects that follow a form to `form-action`,
/// and the application may lead on to other addresses. What the page contains is ours, but for the values of the fields.
fn policy() -> String {
    let script = BASE64.encode(&Sha256::digest(SUBMIT.as_bytes()));
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'sha256-{script}'; form-action *; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
