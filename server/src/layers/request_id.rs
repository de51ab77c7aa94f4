//! Request ids. An id that a client sends is not used, because it would let clients forge the log.

use app::request::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The response header with the request id.
pub const HEADER: &str = "x-request-id";

/// Adds an id to the request and to the response.
pub async fn name(mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "only for the log; no test depends on it and no row stores it")]
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
    async fn the_id_is_not_the_one_of_the_client() {
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
