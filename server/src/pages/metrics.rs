//! `/metrics`, for Prometheus. With a configured token, requests must send it; without one, only requests from this
//! machine are answered.
//!
//! A loopback connection alone is not sufficient, because a reverse proxy on the same machine connects from loopback
//! for every visitor. Without a token, therefore, no trusted proxy may be configured, the request must have no header
//! that a proxy adds, and its `Host` must be this machine. The last condition also prevents DNS rebinding.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Failure;

use crate::address::is_loopback_host;
use crate::layers::answer::Audience;
use crate::layers::host::host;
use crate::metrics::MEDIA_TYPE;
use crate::state::AppState;

/// Headers that proxies add.
const FORWARDING: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/metrics", get(show))
}

async fn show(State(state): State<AppState>, audience: Audience, request: Request) -> Response {
    match state.metrics_token() {
        Some(token) if bearer(request.headers()).is_some_and(|sent| token.is(sent)) => {}
        // A wrong token is reported as such; the existence of metrics is not secret.
        Some(_) => {
            let challenge = [(WWW_AUTHENTICATE, r#"Bearer realm="latchkey metrics""#)];
            return (StatusCode::UNAUTHORIZED, challenge, "Send the metrics token as a bearer token.\n")
                .into_response();
        }
        None if state.trusted_proxies().is_empty() && is_from_this_machine(&request) => {}
        // No credentials would be accepted, so the page does not exist for this client.
        None => return audience.refuse(Failure::not_found("page")),
    }
    match state.metrics().text() {
        Ok(text) => ([(CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(_) => audience.internal_error(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_from_this_machine(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && host(request).is_some_and(is_loopback_host)
        && !FORWARDING.iter().any(|name| request.headers().contains_key(*name))
}
