//! Compression of pages and JSON, except where it could reveal a secret.
//!
//! BREACH (2013): an attacker that can make a browser request a page with the victim's cookie, choose a part of the page
//! (`?q=`) and observe the length of the response can guess a secret on the page (an invite code) letter by letter,
//! because a correct guess compresses better. The attack needs many requests by *another* site. Such requests either have
//! no cookie, and then the page has no secret, or have `Sec-Fetch-Site: cross-site`. Therefore the response to a request
//! with a cookie is compressed only if the browser says that the request comes from the same site or from the user.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, COOKIE};
use tower_http::compression::CompressionLayer;

/// Compresses responses that are large enough. The bundle was compressed when it was built.
pub fn layer() -> CompressionLayer {
    CompressionLayer::new().br(true).gzip(true)
}

/// Outside of [`layer`]: disables compression where another site could observe its effect.
pub fn withhold(mut request: Request) -> Request {
    if !is_safe(request.headers()) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}

fn is_safe(headers: &HeaderMap) -> bool {
    !headers.contains_key(COOKIE)
        || headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin" || site == "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(pairs: &[(&'static str, &'static str)]) -> bool {
        is_safe(&pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }

    #[test]
    fn with_a_cookie_only_same_site_requests_are_compressed() {
        assert!(safe(&[]));
        assert!(safe(&[("sec-fetch-site", "cross-site")]));
        assert!(safe(&[("cookie", "a=b"), ("sec-fetch-site", "same-origin")]));
        assert!(safe(&[("cookie", "a=b"), ("sec-fetch-site", "none")]));
        assert!(!safe(&[("cookie", "a=b"), ("sec-fetch-site", "cross-site")]));
        assert!(!safe(&[("cookie", "a=b"), ("sec-fetch-site", "same-site")]));
        assert!(!safe(&[("cookie", "a=b")]));
    }
}
