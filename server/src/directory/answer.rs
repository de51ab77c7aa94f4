//! Answers: resources, each with the attributes that are asked for, and lists of them (RFC 7644, sections 3.4.2 and
//! 3.9).

use std::fmt::Display;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_LOCATION, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use domain::directory::Window;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::projection::Projection;
use super::{MEDIA_TYPE, PREFIX};

/// The address of a resource.
pub fn location(public_url: &str, kind: &str, id: impl Display) -> String {
    format!("{public_url}{PREFIX}/{kind}/{id}")
}

/// The answer with one resource, and its address.
pub fn resource(
    status: StatusCode,
    projection: &Projection,
    location: String,
    resource: Map<String, Value>,
) -> Response {
    let header = if status == StatusCode::CREATED { LOCATION } else { CONTENT_LOCATION };
    ([(header, location)], document(status, &projection.apply(resource))).into_response()
}

/// The answer with a page of resources; `total` is their number on all pages, and `next` the last of this one, if there
/// are more.
pub fn list(resources: Vec<Value>, total: u64, window: Window, next: Option<Uuid>) -> Response {
    let mut list = Map::new();
    list.insert("schemas".to_owned(), json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
    list.insert("totalResults".to_owned(), total.into());
    list.insert("itemsPerPage".to_owned(), resources.len().into());
    match (window, next) {
        (Window::Index { start, .. }, _) => list.insert("startIndex".to_owned(), start.into()),
        (Window::Cursor { .. }, Some(next)) => list.insert("nextCursor".to_owned(), next.simple().to_string().into()),
        (Window::Cursor { .. }, None) => None,
    };
    list.insert("Resources".to_owned(), resources.into());
    document(StatusCode::OK, &Value::Object(list))
}

/// The answer with a document.
pub fn document(status: StatusCode, document: &Value) -> Response {
    (status, [(CONTENT_TYPE, MEDIA_TYPE)], document.to_string()).into_response()
}

/// The answer without a document.
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
