//! Errors, as SCIM answers them (RFC 7644, section 3.12).

use app::request::RequestId;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::text::ParseError;
use domain::{Code, Failure};
use serde_json::json;

use super::MEDIA_TYPE;

/// What is wrong with a request by the rules of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The filter cannot be read, or filters by something that is not supported.
    Filter,
    /// The path of a change is none.
    Path,
    /// A value is wrong.
    Value,
    /// The structure of the body is wrong.
    Syntax,
    /// The attribute cannot be changed.
    Mutability,
    /// A change has no path, and needs one.
    NoTarget,
    /// A cursor is none of this list (RFC 9865).
    Cursor,
    /// The operation is not supported.
    NotImplemented,
}

impl Kind {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    const fn scim_type(self) -> Option<&'static str> {
        match self {
            Self::Filter => Some("invalidFilter"),
            Self::Path => Some("invalidPath"),
            Self::Value => Some("invalidValue"),
            Self::Syntax => Some("invalidSyntax"),
            Self::Mutability => Some("mutability"),
            Self::NoTarget => Some("noTarget"),
            Self::Cursor => Some("invalidCursor"),
            Self::NotImplemented => None,
        }
    }
}

/// The error of a request.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// By the rules of the protocol.
    Protocol(Kind, String),
    /// By those of the service.
    Service(service::Error),
}

impl Refusal {
    /// An error by the rules of the protocol.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self::Protocol(kind, detail.into())
    }

    /// The same for a text that does not parse.
    pub fn unparsed(kind: Kind) -> impl Fn(ParseError) -> Self {
        move |error| Self::Protocol(kind, error.0)
    }
}

impl From<service::Error> for Refusal {
    fn from(error: service::Error) -> Self {
        Self::Service(error)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Service(failure.into())
    }
}

impl IntoResponse for Refusal {
    /// A response with the refusal as an extension, for [`render`].
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Protocol(kind, _) => kind.status(),
            Self::Service(error) => status(error.code()),
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Answers a request. Writes the document of a [`Refusal`] that a handler returned, because the request id is known
/// here.
pub async fn render(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let mut written = match refusal {
            Refusal::Protocol(kind, detail) => document(kind.status(), kind.scim_type(), &detail),
            Refusal::Service(error) => failed(&app::errors::failure(error, id.as_str())),
        };
        for (name, value) in response.headers() {
            // Such as `Allow`.
            if name != CONTENT_LENGTH && name != CONTENT_TYPE {
                written.headers_mut().append(name, value.clone());
            }
        }
        response = written;
    }
    // Answers have names and addresses.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a failure.
pub fn failed(failure: &Failure) -> Response {
    let status = status(failure.code);
    let fields: Vec<String> =
        failure.fields.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.message)).collect();
    let detail = if fields.is_empty() { failure.message.clone() } else { fields.join(" ") };
    let mut response = document(status, scim_type(failure.code), &detail);
    if let Some(seconds) = failure.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"latchkey\""));
    }
    response
}

/// The status: a wrong value is 400 in SCIM.
fn status(code: Code) -> StatusCode {
    if code == Code::Invalid { StatusCode::BAD_REQUEST } else { crate::errors::status(code) }
}

const fn scim_type(code: Code) -> Option<&'static str> {
    match code {
        Code::Malformed => Some("invalidSyntax"),
        Code::Invalid => Some("invalidValue"),
        Code::EmailTaken | Code::UsernameTaken | Code::GroupNameTaken | Code::ExternalIdTaken => Some("uniqueness"),
        Code::PayloadTooLarge => Some("tooMany"),
        _ => None,
    }
}

/// An error document.
pub fn document(status: StatusCode, scim_type: Option<&str>, detail: &str) -> Response {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_str(),
        "detail": detail,
    });
    if let Some(scim_type) = scim_type {
        body["scimType"] = scim_type.into();
    }
    (status, [(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")], body.to_string()).into_response()
}
