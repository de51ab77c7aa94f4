//! Request ids. An id that a client sends is not used, because it would let clients forge the log.

use app::request::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use uuid::Uuid;

/// The response header with the request id.
pub const HEADER: &str = "x-request-id";

/// Adds an id to the request.
pub fn assign(request: &mut Request) -> RequestId {
    #[expect(clippy::disallowed_methods, reason = "only for the log; no test depends on it and no row stores it")]
    let id = RequestId::new(Uuid::new_v4().simple().encode_lower(&mut Uuid::encode_buffer()));
    request.headers_mut().remove(HEADER);
    request.extensions_mut().insert(id.clone());
    id
}

/// Adds the id of its request to a response.
pub fn tell(response: &mut Response, id: &RequestId) {
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, id);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn the_id_is_not_the_one_of_the_client() {
        let mut request = Request::builder().header(HEADER, "forged").body(Body::empty()).unwrap();
        let id = assign(&mut request);
        assert_eq!(id.as_str().len(), 32);
        assert_eq!(request.extensions().get::<RequestId>(), Some(&id));
        assert!(!request.headers().contains_key(HEADER));
        let mut response = Response::new(Body::empty());
        tell(&mut response, &id);
        assert_eq!(response.headers()[HEADER], id.as_str());
    }
}
