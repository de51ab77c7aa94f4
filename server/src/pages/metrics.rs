//! `/metrics`: for Prometheus and its kin. To whoever shows the token that was configured; where none was, to this
//! machine alone.
//!
//! That a connection comes from loopback says little: a reverse proxy on the same machine opens one for everybody. So,
//! without a token, the request must look as if nobody passed it on: no trusted proxy is configured, no header names
//! one, and the `Host` is this machine. The last also keeps out a page that points its own domain at 127.0.0.1.

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

/// What proxies write about whom they pass on.
const FORWARDING: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/metrics", get(show))
}

async fn show(State(state): State<AppState>, audience: Audience, request: Request) -> Response {
    match state.metrics_token() {
        Some(token) if bearer(request.headers()).is_some_and(|shown| token.is(shown)) => {}
        // Whoever configured a token should hear that it is wrong; that there are metrics is no secret.
        Some(_) => {
            let challenge = [(WWW_AUTHENTICATE, r#"Bearer realm="latchkey metrics""#)];
            return (StatusCode::UNAUTHORIZED, challenge, "Show the metrics token as a bearer token.\n")
                .into_response();
        }
        None if state.trusted_proxies().is_empty() && is_from_this_machine(&request) => {}
        // Nothing that could be sent would help.
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
