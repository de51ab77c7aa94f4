//! The limit on request bodies. A body is read completely before any handler runs, so that no handler can forget the
//! limit.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use domain::{Code, Failure};
use futures::StreamExt;

/// The maximum size of a request body, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// The maximum number of bytes of a refused body that are read and discarded. A client that is still sending when the
/// connection closes may not receive the response: browsers report a reset connection, and proxies respond with 502.
const MAX_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

/// The time limit for receiving a body.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The request with its body in memory.
///
/// # Errors
/// [`Code::PayloadTooLarge`]; [`Code::Malformed`] when it does not arrive.
pub async fn read(request: Request) -> Result<Request, Failure> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let announced = announced(&parts.headers);
    // A client that waits for 100 (Continue) has not sent anything yet, and a body that is far too large is not discarded.
    let hopeless = announced > MAX_DISCARDED_BYTES || (announced > MAX_BYTES && parts.headers.contains_key(EXPECT));
    if hopeless {
        return Err(too_large());
    }
    match tokio::time::timeout(TIMEOUT, collect(body)).await {
        Ok(Ok(Some(bytes))) if announced <= MAX_BYTES => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Ok(_)) => Err(too_large()),
        Ok(Err(_)) | Err(_) => {
            Err(Failure::new(Code::Malformed, "The request broke off before it was complete. Send it again."))
        }
    }
}

/// The length in the header; 0 if there is none.
fn announced(headers: &HeaderMap) -> usize {
    headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// The complete body; `None` if it is too large, after discarding a part of it.
async fn collect(body: Body) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while length <= MAX_DISCARDED_BYTES
        && let Some(chunk) = chunks.next().await
    {
        let chunk = chunk?;
        length = length.saturating_add(chunk.len());
        if length <= MAX_BYTES {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok((length <= MAX_BYTES).then_some(kept))
}

fn too_large() -> Failure {
    Failure::new(Code::PayloadTooLarge, "This is more than 64 KiB, the most that is read. Send less.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: usize) -> Request {
        // A stream has no length in the header.
        Request::new(Body::from("x".repeat(bytes)))
    }

    #[tokio::test]
    async fn the_bound_itself_fits_and_one_more_does_not() {
        assert!(read(request(MAX_BYTES)).await.is_ok());
        assert_eq!(read(request(MAX_BYTES + 1)).await.unwrap_err().code, Code::PayloadTooLarge);
    }

    #[tokio::test]
    async fn what_announces_too_much_is_refused_whatever_comes() {
        let mut request = request(1);
        request.headers_mut().insert(CONTENT_LENGTH, "65537".parse().unwrap());
        assert_eq!(read(request).await.unwrap_err().code, Code::PayloadTooLarge);
    }
}
