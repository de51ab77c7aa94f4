//! Compression of pages and JSON, except where it could give a secret away.
//!
//! BREACH (2013): who can make a browser fetch a page with the victim's cookie, choose a part of it (`?q=`) and watch
//! the length of the answer, can guess a secret on the same page (an invite's code) letter by letter, because a right
//! guess compresses better. The attack needs many requests made by *another* site. Such requests either carry no
//! cookie, and then the page holds no secret of a person, or say `Sec-Fetch-Site: cross-site`. So an answer to a
//! request with a cookie is compressed only when the browser says that our own page or the person asked for it.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::CompressionLayer;

/// Compresses what is worth it. The bundle was compressed when it was built and is left as it is.
pub fn layer() -> CompressionLayer {
    CompressionLayer::new().br(true).gzip(true)
}

/// Goes around [`layer`]: asks for plain answers where compressed ones could be measured from outside.
pub async fn withhold(mut request: Request, next: Next) -> Response {
    if !is_safe(request.headers()) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    next.run(request).await
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
    fn with_a_cookie_only_what_nobody_else_asked_for_is_compressed() {
        assert!(safe(&[]));
        assert!(safe(&[("sec-fetch-site", "cross-site")]));
        assert!(safe(&[("cookie", "a=b"), ("sec-fetch-site", "same-origin")]));
        assert!(safe(&[("cookie", "a=b"), ("sec-fetch-site", "none")]));
        assert!(!safe(&[("cookie", "a=b"), ("sec-fetch-site", "cross-site")]));
        assert!(!safe(&[("cookie", "a=b"), ("sec-fetch-site", "same-site")]));
        assert!(!safe(&[("cookie", "a=b")]));
    }
}
