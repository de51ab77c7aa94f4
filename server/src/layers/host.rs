//! The check of the host name. It prevents DNS rebinding, and links never contain a `Host` that a client sent.

use axum::extract::Request;
use axum::http::header::HOST;
use domain::{Code, Failure};
use service::forward_auth::{ASK, ASK_NGINX};

use crate::state::AppState;

/// Refuses requests with two hosts with 400 (RFC 9112, section 3.2), and requests for another host with 421 (RFC 9110,
/// section 15.5.20). `/healthz` and `/readyz` are exempt, because probes use any host, `/metrics`, which checks the host
/// itself, and what reverse proxies ask, by whatever name they know this server.
///
/// # Errors
/// [`Code::Malformed`]; [`Code::Misdirected`].
pub fn check(state: &AppState, request: &Request) -> Result<(), Failure> {
    if request.headers().get_all(HOST).iter().nth(1).is_some() {
        return Err(Failure::new(Code::Malformed, "The request has several Host headers. Send one."));
    }
    let path = request.uri().path();
    let exempt = matches!(path, "/healthz" | "/readyz" | "/metrics" | ASK | ASK_NGINX);
    if exempt || host(request).is_some_and(|host| state.public_url().answers_to(host)) {
        return Ok(());
    }
    let message = format!("This address is not served here. Latchkey is at {}.", state.public_url().origin());
    Err(Failure::new(Code::Misdirected, message))
}

/// The host of a request: in the target with HTTP/2 and with the absolute form, which takes precedence (RFC 9112, section
/// 3.2.2), otherwise in the header.
pub fn host<B>(request: &axum::http::Request<B>) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST)?.to_str().ok(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn the_target_names_the_host_before_the_header_does() {
        let request = Request::builder().uri("http://a.example/x").header(HOST, "b.example").body(()).unwrap();
        assert_eq!(host(&request), Some("a.example"));
        let request = Request::builder().uri("/x").header(HOST, "b.example").body(()).unwrap();
        assert_eq!(host(&request), Some("b.example"));
        assert_eq!(host(&Request::builder().uri("/x").body(()).unwrap()), None);
    }
}
