//! Bodies are small: everything a person types fits in 64 KiB. A body is read whole before anything looks at it, so
//! that no handler can forget the bound.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Code, Failure};

use super::answer::Audience;
use crate::state::AppState;

/// The most bytes of a request's body.
pub const MAX_BYTES: usize = 64 * 1024;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads the body, or refuses it: 413 when it is too large, 400 when it does not arrive.
pub async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match read(request).await {
        Ok(request) => next.run(request).await,
        Err((parts, failure)) => Audience::of(&state, &Request::from_parts(parts, ())).refuse(failure),
    }
}

async fn read(request: Request) -> Result<Request, (axum::http::request::Parts, Failure)> {
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MAX_BYTES as u64) {
        return Err((parts, too_large()));
    }
    match tokio::time::timeout(PATIENCE, to_bytes(body, MAX_BYTES)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(error)) if is_length_limit(&error) => Err((parts, too_large())),
        Ok(Err(_)) | Err(_) => {
            Err((parts, Failure::new(Code::Malformed, "The request broke off before it was complete. Send it again.")))
        }
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.to_string() == "length limit exceeded")
}

fn too_large() -> Failure {
    Failure::new(Code::PayloadTooLarge, "This is more than 64 KiB, the most that is read. Send less.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: usize) -> Request {
        // A stream announces no length.
        Request::new(Body::from("x".repeat(bytes)))
    }

    #[tokio::test]
    async fn the_bound_itself_fits_and_one_more_does_not() {
        assert!(read(request(MAX_BYTES)).await.is_ok());
        let (_, failure) = read(request(MAX_BYTES + 1)).await.unwrap_err();
        assert_eq!(failure.code, Code::PayloadTooLarge);
    }

    #[tokio::test]
    async fn what_announces_too_much_is_not_read() {
        let mut request = request(0);
        request.headers_mut().insert(CONTENT_LENGTH, "65537".parse().unwrap());
        assert_eq!(read(request).await.unwrap_err().1.code, Code::PayloadTooLarge);
    }
}
