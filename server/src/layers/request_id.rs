//! Request ids. An id that a client sends is not used, because it would let clients forge the log.

use app::request::RequestId;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use uuid::Uuid;

use crate::state::AppState;

/// The response header with the request id.
pub const HEADER: &str = "x-request-id";

/// Adds an id to the request.
pub fn assign(state: &AppState, request: &mut Request) -> RequestId {
    let id = state.ctx().randomness().uuid(state.ctx().now());
    let id = RequestId::new(id.simple().encode_lower(&mut Uuid::encode_buffer()));
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
