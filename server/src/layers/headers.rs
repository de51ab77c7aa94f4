//! Security headers. Browsers are told to allow only what the pages need.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

use crate::state::AppState;

/// The policy of pages: styles, images and forms of this site. `connect-src` is for the scripts of the dashboard and of the
/// sign-up page and, on pages without one, for tools that run inside a page.
const PAGE: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; \
                    base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// The policy of responses that are not pages.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Marks a response that a proxy hands on in the name of another site, whose rules for browsers are not ours to make.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere;

/// Adds the headers of every response.
pub fn secure(state: &AppState, response: &mut Response) {
    let is_page = is_page(response.headers());
    let is_elsewhere = response.extensions().get::<Elsewhere>().is_some();
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(if is_page { PAGE } else { NOTHING });
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`, because browsers would send `Origin: null` with forms of this site.
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if is_elsewhere {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return;
    }
    headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    if state.public_url().is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // Pages contain codes, tokens and names. Only responses that say otherwise may be cached.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Allows the script of the dashboard to run. Leptos gets the nonce from the request, the browser from the header.
pub async fn allow_dashboard(mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    if is_page(response.headers()) {
        let policy = format!("{PAGE}; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'");
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

/// Allows the script of the help on the sign-up page to run, and nothing else: no script that it would load, and no code made
/// of text.
pub fn allow_help(response: &mut Response, nonce: &Nonce) {
    let policy = format!("{PAGE}; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::Html;
    use axum::routing::get;
    use axum::{Extension, Router, middleware};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn the_nonce_of_the_page_is_the_nonce_of_the_policy_and_never_twice_the_same() {
        let router = Router::new()
            .route("/", get(|Extension(nonce): Extension<Nonce>| async move { Html(nonce.to_string()) }))
            .layer(middleware::from_fn(allow_dashboard));
        let mut seen = Vec::new();
        for _ in 0..2 {
            let response = router.clone().oneshot(Request::new(Body::empty())).await.unwrap();
            let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            let nonce = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
            let nonce = String::from_utf8(nonce.to_vec()).unwrap();
            assert!(policy.contains(&format!("'nonce-{nonce}'")));
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            seen.push(nonce);
        }
        assert_ne!(seen[0], seen[1]);
    }
}
