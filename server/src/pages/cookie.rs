//! The session cookie.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use service::sessions::{ABSOLUTE_LIFETIME, SessionToken};

use crate::address::PublicUrl;

/// Signs the browser in and sends it to `path`.
pub fn sign_in_and_go_to(path: &str, url: &PublicUrl, token: &SessionToken) -> Response {
    with_cookie(path, &set(url, token.expose()))
}

/// Signs the browser out and sends it to `path`.
pub fn sign_out_and_go_to(path: &str, url: &PublicUrl) -> Response {
    with_cookie(path, &write(url, "", 0))
}

fn with_cookie(path: &str, cookie: &str) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.insert(SET_COOKIE, value);
    }
    (headers, Redirect::to(path)).into_response()
}

fn set(url: &PublicUrl, value: &str) -> String {
    write(url, value, ABSOLUTE_LIFETIME.as_secs())
}

/// `Lax`, not `Strict`: who follows a link from a mail to the dashboard is signed in there.
fn write(url: &PublicUrl, value: &str, max_age: u64) -> String {
    let secure = if url.is_https() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", url.cookie_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_is_bound_to_host_and_encryption() {
        let url = PublicUrl::parse("https://join.example.org").unwrap();
        let cookie = set(&url, "abc");
        assert!(cookie.starts_with("__Host-latchkey=abc; Path=/; Max-Age="));
        assert!(cookie.ends_with("HttpOnly; SameSite=Lax; Secure"));
    }

    #[test]
    fn on_loopback_it_has_a_plain_name_and_signing_out_ends_it() {
        let url = PublicUrl::parse("http://127.0.0.1:3000").unwrap();
        assert!(set(&url, "abc").starts_with("latchkey=abc; Path=/"));
        assert!(!set(&url, "abc").contains("Secure"));
        assert_eq!(write(&url, "", 0), "latchkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
