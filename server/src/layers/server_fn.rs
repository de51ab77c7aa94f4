//! Server functions are called only by the script of the dashboard. Their responses get the status of their error, and
//! forms are not supported.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Code, Failure};

use super::answer::Audience;
use crate::errors;
use crate::state::AppState;

/// Tells a page of an earlier build that the server is newer.
const BUILD: HeaderName = HeaderName::from_static("x-latchkey-build");

/// The maximum size of a failure, in bytes.
const MAX_FAILURE: usize = 64 * 1024;

/// Adjusts requests to server functions and their responses. Pages are not changed.
pub async fn adjust(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/_fn/") {
        return next.run(request).await;
    }
    if !is_json(request.headers()) {
        let failure = Failure::new(Code::UnsupportedMediaType, "Send JSON, with Content-Type: application/json.");
        return Audience::of(&state, &request).refuse(failure);
    }
    // A request that accepts HTML would be answered with a redirect to its `Referer`, with the result in the URL, where
    // anyone could forge it.
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = with_status_of_failure(next.run(request).await).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(build) = HeaderValue::from_str(&state.assets().hash()) {
        response.headers_mut().insert(BUILD, build);
    }
    response
}

/// Whether the body is JSON. A form of another site cannot send JSON without a preflight request.
fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).and_then(|kind| kind.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// Leptos responds with 500 to arguments that cannot be read, although the code of their failure is another one.
async fn with_status_of_failure(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_FAILURE).await else {
        parts.headers.remove(CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    };
    if let Ok(failure) = serde_json::from_slice::<Failure>(&bytes) {
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if failure.code != Code::Internal {
            parts.status = errors::status(failure.code);
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn status(status: u16, body: &str) -> u16 {
        let response = Response::builder().status(status).body(Body::from(body.to_owned())).unwrap();
        let response = with_status_of_failure(response).await;
        let status = response.status().as_u16();
        assert_eq!(to_bytes(response.into_body(), 1_000).await.unwrap(), body.as_bytes());
        status
    }

    #[tokio::test]
    async fn a_failure_has_the_status_of_its_code() {
        assert_eq!(status(500, r#"{"code":"invalid","message":"no"}"#).await, 422);
        assert_eq!(status(500, r#"{"code":"internal","message":"no"}"#).await, 500);
        assert_eq!(status(500, "something else").await, 500);
        assert_eq!(status(200, r#"{"code":"invalid","message":"no"}"#).await, 200);
    }
}
