//! What is read of every request: who sends it, and its body.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use domain::{Code, Failure};
use serde_json::{Map, Value};
use service::{Actor, Ctx};

use super::refusal::Refusal;
use crate::api::extract::{Named, bearer_token, client, is_json};
use crate::body;

/// The directory, authenticated by an API key.
pub struct Caller(pub Actor);

impl FromRequestParts<Ctx> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Refusal> {
        let hint = "Send an API key: Authorization: Bearer lk_…";
        let secret = bearer_token(&parts.headers).ok_or_else(|| Failure::new(Code::Unauthenticated, hint))?;
        Ok(Self(service::keys::resolve(ctx, secret, &client(parts)).await?))
    }
}

/// The `{id}` in the path. A malformed id is answered like an unknown one.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: Named> FromRequestParts<S> for Id<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(|| Failure::not_found(T::NAME).into())
    }
}

/// A JSON object of at most [`body::MAX_DIRECTORY_BYTES`] bytes. It is read when it is known who sends it.
pub struct Object(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let is_json = is_json(request.headers());
        let bytes = body::read_of_directory(request).await?;
        if !is_json {
            let hint = "Send JSON, with Content-Type: application/scim+json.";
            return Err(Failure::new(Code::UnsupportedMediaType, hint).into());
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            _ => Err(Failure::new(Code::Malformed, "The body is no JSON object.").into()),
        }
    }
}
