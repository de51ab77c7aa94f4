//! The cookies of the session, and of the browser, which is known by it to the accounts that signed in with it.

use std::time::Duration;

use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use service::sessions::{ABSOLUTE_LIFETIME, BROWSER_LIFETIME, NewSession};

use crate::address::PublicUrl;

/// Signs the browser in with this response.
pub fn sign_in(response: Response, url: &PublicUrl, session: &NewSession) -> Response {
    let known = cookie(url, url.known_cookie_name(), session.browser.expose(), BROWSER_LIFETIME);
    with_cookie(with_cookie(response, &known), &of_session(url, session.token.expose(), ABSOLUTE_LIFETIME))
}

/// Signs the browser out with this response. It stays known.
pub fn sign_out(response: Response, url: &PublicUrl) -> Response {
    with_cookie(response, &of_session(url, "", Duration::ZERO))
}

/// Signs the browser out and sends it to `path`.
pub fn sign_out_and_go_to(path: &str, url: &PublicUrl) -> Response {
    sign_out(Redirect::to(path).into_response(), url)
}

/// The response with this cookie in addition.
pub fn with_cookie(response: Response, cookie: &Cookie<'_>) -> Response {
    (AppendHeaders([(SET_COOKIE, cookie.to_string())]), response).into_response()
}

fn of_session<'a>(url: &PublicUrl, token: &'a str, lifetime: Duration) -> Cookie<'a> {
    cookie(url, url.cookie_name(), token, lifetime)
}

/// `Lax` and not `Strict`, so that a link in an e-mail to the dashboard opens it signed in.
fn cookie<'a>(url: &PublicUrl, name: &'static str, token: &'a str, lifetime: Duration) -> Cookie<'a> {
    let lifetime = lifetime.try_into().unwrap_or_default();
    Cookie::build((name, token))
        .path("/")
        .max_age(lifetime)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(url.is_https())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(cookie: &Cookie<'_>) -> Vec<String> {
        let mut parts: Vec<String> = cookie.to_string().split("; ").map(str::to_owned).collect();
        parts[1..].sort();
        parts
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_host_and_encryption() {
        let url = PublicUrl::parse("https://join.example.org").unwrap();
        let age = format!("Max-Age={}", ABSOLUTE_LIFETIME.as_secs());
        assert_eq!(
            attributes(&of_session(&url, "abc", ABSOLUTE_LIFETIME)),
            ["__Host-latchkey=abc", "HttpOnly", &age, "Path=/", "SameSite=Lax", "Secure"]
        );
    }

    #[test]
    fn so_is_the_one_that_a_browser_is_known_by() {
        let url = PublicUrl::parse("https://join.example.org").unwrap();
        let age = format!("Max-Age={}", BROWSER_LIFETIME.as_secs());
        assert_eq!(
            attributes(&cookie(&url, url.known_cookie_name(), "abc", BROWSER_LIFETIME)),
            ["__Host-latchkey-known=abc", "HttpOnly", &age, "Path=/", "SameSite=Lax", "Secure"]
        );
    }

    #[test]
    fn on_loopback_it_has_a_plain_name_and_signing_out_ends_it() {
        let url = PublicUrl::parse("http://127.0.0.1:3000").unwrap();
        assert_eq!(of_session(&url, "abc", ABSOLUTE_LIFETIME).name(), "latchkey");
        assert_eq!(
            attributes(&of_session(&url, "", Duration::ZERO)),
            ["latchkey=", "HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]
        );
    }
}
