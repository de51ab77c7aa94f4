//! What a program gets instead of an answer: a problem document (RFC 9457).

use std::collections::BTreeMap;

use app::request::RequestId;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Code, Failure};
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Ref, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Response as DocumentedResponse};
use utoipa::{IntoResponses, ToSchema};

use crate::errors;

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request failed, on its way out. [`render`] writes the document, because it knows the request's id.
#[derive(Clone, Debug)]
pub struct Problem {
    error: service::Error,
    /// Whether the caller showed a key that is none (RFC 6750, section 3.1).
    bad_key: bool,
}

impl Problem {
    /// A 401 to a caller who showed a key that opens nothing.
    pub(super) fn bad_key(mut self) -> Self {
        self.bad_key = true;
        self
    }

    /// The whole answer to the request that is known as `id`. A fault of ours is logged here.
    #[must_use]
    pub fn into_document(self, id: &RequestId) -> Response {
        let failure = app::errors::failure(self.error, &id.0);
        let status = errors::status(failure.code);
        let document = Document {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: failure.message,
            code: failure.code.as_str(),
            fields: failure
                .fields
                .into_iter()
                .map(|wrong| FieldProblem { field: wrong.field, message: wrong.message })
                .collect(),
            request_id: id.0.clone(),
        };
        let mut response = (status, axum::Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = failure.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if self.bad_key {
                r#"Bearer realm="latchkey", error="invalid_token""#
            } else {
                r#"Bearer realm="latchkey""#
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::from(service::Error::from(failure))
    }
}

impl From<service::Error> for Problem {
    fn from(error: service::Error) -> Self {
        Self { error, bad_key: false }
    }
}

impl IntoResponse for Problem {
    /// The problem itself, without a document: the status is what tells it from an answer until [`render`] has it.
    fn into_response(self) -> Response {
        let code = match &self.error {
            service::Error::Failure(failure) => failure.code,
            service::Error::Internal(_) => Code::Internal,
        };
        let mut response = errors::status(code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the document of a [`Problem`], which a handler returned: here a request's end and its id meet.
pub async fn render(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut document = problem.into_document(&id);
    for (name, value) in response.headers() {
        // What was added on the way here stays, above all `Allow`; of the empty body nothing does.
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            document.headers_mut().append(name, value.clone());
        }
    }
    document
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "Enter 1 to 8,760 hours (a year).",
    "code": "invalid",
    "fields": [{ "field": "expires_in_hours", "message": "Enter 1 to 8,760 hours (a year)." }],
    "request_id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
}))]
pub struct Document {
    /// Always `about:blank`: the status says what kind of problem it is, `code` which one.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The name of the status.
    title: &'static str,
    /// The status, for those who see the document alone.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong and how it gets right, for people. The words may change.
    detail: String,
    /// What a program matches on. It never changes; there may be new ones.
    code: &'static str,
    /// The fields that are wrong, if fields are what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    fields: Vec<FieldProblem>,
    /// Names this request in the server's log.
    request_id: String,
}

/// One field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its name: a member of the body, a query parameter or a header in small letters with underscores.
    field: String,
    /// What is wrong and how it gets right.
    message: String,
}

type Documented = BTreeMap<String, RefOr<DocumentedResponse>>;

fn documented(responses: &[(Code, &str)]) -> Documented {
    let mut by_status = BTreeMap::<u16, Vec<(Code, &str)>>::new();
    for (code, meaning) in responses {
        by_status.entry(code.http_status()).or_default().push((*code, *meaning));
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(response(status, &codes)))).collect()
}

fn response(status: u16, codes: &[(Code, &str)]) -> DocumentedResponse {
    let description =
        codes.iter().map(|(code, meaning)| format!("`{}`: {meaning}", code.as_str())).collect::<Vec<_>>().join(" ");
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let mut response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content);
    let header_of = |kind, text: &str| {
        HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(kind).build()))
            .description(Some(text))
            .build()
    };
    match status {
        401 => {
            response = response.header("WWW-Authenticate", header_of(Type::String, "`Bearer`, as RFC 6750 has it."));
        }
        429 | 503 => {
            response = response.header("Retry-After", header_of(Type::Integer, "Seconds to wait."));
        }
        _ => {}
    }
    response.build()
}

macro_rules! problems {
    ($($(#[$doc:meta])+ $name:ident { $($code:ident: $meaning:literal,)+ })+) => {$(
        $(#[$doc])+
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> Documented {
                documented(&[$((Code::$code, $meaning)),+])
            }
        }
    )+};
}

problems! {
    /// What can befall every request.
    Always {
        Malformed: "The request broke off before it was complete.",
        PayloadTooLarge: "The body is larger than 64 KiB.",
        Misdirected: "The `Host` is not this installation's.",
        RateLimited: "Too many failed tries from this address.",
        Internal: "Something broke on our side; the request id leads to the log.",
        Unavailable: "Too busy at the moment.",
    }
    /// What can befall a request with an API key.
    Guarded {
        Unauthenticated: "No key, or one that is unknown, expired, revoked or of a suspended account.",
        Forbidden: "The key's account may not do this.",
    }
    /// What can befall a request with a body.
    Body {
        Malformed: "The body is not JSON, or the request broke off before it was complete.",
        UnsupportedMediaType: "The body is not sent as `application/json`.",
    }
    /// What can befall a request that names an invite by its id.
    OneInvite {
        NotFound: "There is no such invite.",
    }
    /// What can befall a request with fields.
    Fields {
        Invalid: "A field or query parameter is out of bounds, mistyped or unknown; each is named.",
    }
    /// What can befall a new invite beside its fields.
    CodeTaken {
        CodeTaken: "Another invite has, or had, the code.",
    }
    /// What can befall a change of an invite beside its fields.
    Change {
        MaxUsesBelowUsed: "More people came already than the new limit allows.",
        InviteDeleted: "The invite is deleted and stays so.",
    }
    /// What can befall a pause or a resumption.
    Deleted {
        InviteDeleted: "The invite is deleted and stays so.",
    }
    /// What can befall a code.
    BadCode {
        InviteInvalid: "The code lets no one in: the same answer whatever the reason.",
    }
    /// What can befall a sign-up.
    SignUp {
        RegistrationClosed: "Nobody can sign up here at the moment, with or without a code.",
        InviteInvalid: "The code lets no one in: the same answer whatever the reason.",
        EmailTaken: "Another account has the e-mail address.",
        UsernameTaken: "Another account has the username.",
        Invalid: "A field is wrong; each is named.",
        IdempotencyKeyReused: "The idempotency key came before with another request.",
    }
}
