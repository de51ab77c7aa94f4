//! Responses with files of the bundle.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::Embedded;

/// The URL changes with the content, so the content of a URL never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file from memory, in the smallest encoding that the browser accepts.
pub(super) fn embedded(file: &Embedded, headers: &HeaderMap) -> Response {
    let accepted = |coding| accepts(headers, coding);
    let (coding, bytes) = match (file.brotli, file.gzip) {
        (Some(brotli), _) if accepted("br") => (Some("br"), brotli),
        (_, Some(gzip)) if accepted("gzip") => (Some("gzip"), gzip),
        _ => (None, file.plain),
    };
    let mut response = plain(file.name, bytes);
    if file.brotli.is_some() || file.gzip.is_some() {
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// A file without content encoding.
pub(super) fn plain(name: &str, bytes: impl Into<Body>) -> Response {
    let mut response = bytes.into().into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    response.headers_mut().insert(CACHE_CONTROL, FOREVER);
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        // Browsers only compile during the download if the media type is right.
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether the request accepts `coding` (RFC 9110, section 12.5.3). A weight of zero means no. Other weights are
/// ignored, because the smallest encoding is best for both sides.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';');
            let named = parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding));
            let refused = parts.any(|weight| {
                weight.trim().to_ascii_lowercase().strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0))
            });
            named && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Embedded =
        Embedded { name: "latchkey_bg.wasm", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") };

    fn coding(accept: Option<&'static str>) -> Option<String> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
        }
        let response = embedded(&FILE, &headers);
        assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/wasm");
        assert_eq!(response.headers()[VARY], "accept-encoding");
        response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_smallest_form_that_is_taken_is_sent() {
        assert_eq!(coding(Some("gzip, deflate, br, zstd")).as_deref(), Some("br"));
        assert_eq!(coding(Some("GZIP;q=0.5")).as_deref(), Some("gzip"));
        assert_eq!(coding(Some("br;q=0, gzip;q=1.0")).as_deref(), Some("gzip"));
        assert_eq!(coding(Some("identity")), None);
        assert_eq!(coding(None), None);
    }
}
