//! Names each request. A name sent from outside is not taken: it would let a caller forge the log.

use app::request::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The header the name is sent back in.
pub const HEADER: &str = "x-request-id";

/// Names the request for everything inside and tells the caller.
pub async fn name(mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "names a line of the log, which no test owns and no row keeps")]
    let id = Uuid::new_v4().simple().to_string();
    request.headers_mut().remove(HEADER);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, id);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Extension, Router, middleware};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn the_name_is_ours_not_the_callers() {
        let router = Router::new()
            .route("/", get(|Extension(id): Extension<RequestId>| async move { id.0 }))
            .layer(middleware::from_fn(name));
        let request = Request::builder().uri("/").header(HEADER, "forged").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let told = response.headers()[HEADER].to_str().unwrap().to_owned();
        let seen = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(told.as_bytes(), &seen[..]);
        assert_eq!(told.len(), 32);
    }
}
