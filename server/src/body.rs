//! The limit on request bodies. A body is read completely before any handler runs, so that no handler can forget the
//! limit. What may be larger is an exception, and is read when the sender is known: pictures, by [`read_picture`], and
//! what directories send, by [`read_of_directory`].

use std::time::Duration;

use app::pages::{FLOW_PREVIEW, OWN_PICTURE};
use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, Method};
use domain::{Code, Failure, pictures};
use futures::StreamExt;

/// The maximum size of a request body, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// The path below which directories send.
pub const DIRECTORY: &str = "/scim/v2";

/// The maximum size of what a directory sends, in bytes: the members of a large group.
pub const MAX_DIRECTORY_BYTES: usize = 2 * 1024 * 1024;

/// The maximum size of a request that sends invitations, or has them previewed, in bytes: [`domain::invitations::MAX_TEXT`] as
/// JSON.
pub const MAX_INVITATIONS_BYTES: usize = 512 * 1024;

/// The maximum size of a flow that is previewed, in bytes: what REST accepts as JSON, escaped in a form, and what was typed.
const MAX_PREVIEW_BYTES: usize = 256 * 1024;

/// The paths of requests that send invitations.
const INVITATIONS: [&str; 3] = ["/api/v1/admin/invitations", "/_fn/invitations/preview", "/_fn/invitations/send"];

/// The maximum number of bytes of a refused body that are read and discarded. A client that is still sending when the
/// connection closes may not receive the response: browsers report a reset connection, and proxies respond with 502.
const MAX_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

/// The time limit for receiving a body.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The time limit for receiving a picture.
const PICTURE_TIMEOUT: Duration = Duration::from_mins(1);

/// The route by which staff send the picture of a member.
pub const PICTURE_OF_MEMBER: &str = "/admin/members/{id}/picture";

/// The route by which staff send the picture of an application.
pub const PICTURE_OF_APPLICATION: &str = "/admin/applications/{id}/picture";

/// The route by which programs send the picture of an account.
const PICTURE_OF_ACCOUNT: &str = "/api/v1/admin/accounts/{id}/picture";

/// The same for an application.
const PICTURE_OF_APPLICATION_BY_REST: &str = "/api/v1/admin/applications/{id}/picture";

/// The routes that take a picture.
const PICTURES: [&str; 5] =
    [OWN_PICTURE, PICTURE_OF_MEMBER, PICTURE_OF_APPLICATION, PICTURE_OF_ACCOUNT, PICTURE_OF_APPLICATION_BY_REST];

/// The request with its body in memory. That of a request that sends a picture, or that a directory sends, is not read
/// yet.
///
/// # Errors
/// [`Code::PayloadTooLarge`]; [`Code::Malformed`] when it does not arrive.
pub async fn read(request: Request) -> Result<Request, Failure> {
    if request.body().is_end_stream() || sends_picture(&request) || is_of_directory(&request) {
        return Ok(request);
    }
    let (most, shown) = match request.uri().path() {
        path if INVITATIONS.contains(&path) => (MAX_INVITATIONS_BYTES, "512 KiB"),
        FLOW_PREVIEW => (MAX_PREVIEW_BYTES, "256 KiB"),
        _ => (MAX_BYTES, "64 KiB"),
    };
    let (parts, body) = request.into_parts();
    let bytes = read_at_most(most, TIMEOUT, &parts.headers, body).await?;
    Ok(Request::from_parts(parts, Body::from(bytes.ok_or_else(|| too_large(shown))?)))
}

/// Whether a directory sends a request, whose handler reads the body.
fn is_of_directory(request: &Request) -> bool {
    request.uri().path().strip_prefix(DIRECTORY).is_some_and(|rest| rest.starts_with('/'))
}

/// The body of a request of a directory.
///
/// # Errors
/// [`Code::PayloadTooLarge`]; [`Code::Malformed`] when it does not arrive.
pub async fn read_of_directory(request: Request) -> Result<Vec<u8>, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = read_at_most(MAX_DIRECTORY_BYTES, TIMEOUT, &parts.headers, body).await?;
    bytes.ok_or_else(|| too_large("2 MiB"))
}

/// Whether the body of a request is a picture, which its handler reads.
fn sends_picture(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    request.method() == Method::PUT && route.is_some_and(|route| PICTURES.contains(&route))
}

/// The picture in the body of a request, of at most [`pictures::MAX_BYTES`]. What it is, only its decoder knows.
///
/// # Errors
/// [`Code::PayloadTooLarge`], [`Code::UnsupportedMediaType`]; [`Code::Invalid`] when it is empty; [`Code::Malformed`]
/// when it does not arrive.
pub async fn read_picture(request: Request) -> Result<Vec<u8>, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = read_at_most(pictures::MAX_BYTES, PICTURE_TIMEOUT, &parts.headers, body).await?;
    let bytes = bytes.ok_or_else(|| pictures::refused(Code::PayloadTooLarge))?;
    let media_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    pictures::check(media_type, bytes.len())?;
    Ok(bytes)
}

/// The complete body; `None` if it is larger than `most` bytes.
///
/// # Errors
/// [`Code::Malformed`] when it does not arrive.
async fn read_at_most(
    most: usize,
    timeout: Duration,
    headers: &HeaderMap,
    body: Body,
) -> Result<Option<Vec<u8>>, Failure> {
    let announced = announced(headers);
    // A client that waits for 100 (Continue) has not sent anything yet, and a body that is far too large is not
    // discarded.
    if announced > MAX_DISCARDED_BYTES || (announced > most && headers.contains_key(EXPECT)) {
        return Ok(None);
    }
    match tokio::time::timeout(timeout, collect(most, body)).await {
        Ok(Ok(bytes)) => Ok(bytes.filter(|_| announced <= most)),
        Ok(Err(_)) | Err(_) => {
            Err(Failure::new(Code::Malformed, "The request broke off before it was complete. Send it again."))
        }
    }
}

/// The length in the header; 0 if there is none.
fn announced(headers: &HeaderMap) -> usize {
    headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// The complete body; `None` if it is larger than `most` bytes, after discarding a part of it.
async fn collect(most: usize, body: Body) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while length <= MAX_DISCARDED_BYTES
        && let Some(chunk) = chunks.next().await
    {
        let chunk = chunk?;
        length = length.saturating_add(chunk.len());
        if length <= most {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok((length <= most).then_some(kept))
}

fn too_large(most: &str) -> Failure {
    Failure::new(Code::PayloadTooLarge, format!("This is more than {most}, the most that is read. Send less."))
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
    async fn invitations_may_have_many_recipients() {
        for path in INVITATIONS {
            let request = |bytes| {
                let mut request = request(bytes);
                *request.uri_mut() = path.parse().unwrap();
                request
            };
            assert!(read(request(MAX_INVITATIONS_BYTES)).await.is_ok());
            assert_eq!(read(request(MAX_INVITATIONS_BYTES + 1)).await.unwrap_err().code, Code::PayloadTooLarge);
        }
    }

    #[tokio::test]
    async fn what_announces_too_much_is_refused_whatever_comes() {
        let mut request = request(1);
        request.headers_mut().insert(CONTENT_LENGTH, "65537".parse().unwrap());
        assert_eq!(read(request).await.unwrap_err().code, Code::PayloadTooLarge);
    }
}
