//! Extractors of the REST API. A request that cannot be parsed is a [`Problem`] that names the part and the reason.

use std::convert::Infallible;
use std::str::FromStr;

use app::request::Visitor;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use domain::ids::{
    AccountId, ApplicationId, DeliveryId, FlowId, GroupId, InvitationId, InviteId, InviteRequestId, JoinRequestId,
    MailingId, TermsId, WebhookId,
};
use domain::signup::AttemptKey;
use domain::{Code, Failure};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::Problem;

/// The client of the request, as the session layer determined it.
pub struct Client(pub service::Client);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(client(parts)))
    }
}

pub(crate) fn client(parts: &Parts) -> service::Client {
    parts.extensions.get::<Visitor>().map(|visitor| visitor.client.clone()).unwrap_or_default()
}

/// The actor of the request, authenticated by an API key. Cookies are ignored, because a browser sends them without the
/// user's intent.
pub struct Bearer(pub service::Actor);

impl FromRequestParts<service::Ctx> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &service::Ctx) -> Result<Self, Problem> {
        let Some(secret) = bearer_token(&parts.headers) else {
            let hint = "Send an API key: Authorization: Bearer lk_…";
            return Err(Failure::new(Code::Unauthenticated, hint).into());
        };
        match service::keys::resolve(ctx, secret, &client(parts)).await {
            Ok(actor) => Ok(Self(actor)),
            Err(error) => Err(Problem::from(error).invalid_token()),
        }
    }
}

/// The bearer token, if there is exactly one `Authorization` header (RFC 6750, section 2.1; the scheme is compared
/// without regard to case).
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (scheme, token) = values.next()?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The `{id}` in the path. A malformed id is answered like an unknown one.
pub struct IdPath<Id>(pub Id);

/// An id of something that has paths.
pub trait Named: FromStr {
    /// What it is the id of.
    const NAME: &'static str;
}

impl Named for InviteId {
    const NAME: &'static str = "invite";
}

impl Named for GroupId {
    const NAME: &'static str = "group";
}

impl Named for ApplicationId {
    const NAME: &'static str = "application";
}

impl Named for FlowId {
    const NAME: &'static str = "flow";
}

impl Named for TermsId {
    const NAME: &'static str = "terms";
}

impl Named for WebhookId {
    const NAME: &'static str = "webhook";
}

impl Named for DeliveryId {
    const NAME: &'static str = "delivery";
}

impl Named for AccountId {
    const NAME: &'static str = "account";
}

impl Named for MailingId {
    const NAME: &'static str = "mailing";
}

impl Named for InvitationId {
    const NAME: &'static str = "invitation";
}

impl Named for InviteRequestId {
    const NAME: &'static str = "request";
}

impl Named for JoinRequestId {
    const NAME: &'static str = "request";
}

impl<S: Send + Sync, Id: Named> FromRequestParts<S> for IdPath<Id> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(|| Failure::not_found(Id::NAME).into())
    }
}

/// The `{code}` of an invite in the path. A malformed code is answered like an unknown one.
pub struct CodePath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for CodePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let code = Path::<String>::from_request_parts(parts, state).await;
        code.map(|Path(code)| Self(code)).map_err(|_| Failure::invite_invalid().into())
    }
}

/// The `Idempotency-Key` header, if there is one.
pub struct IdempotencyKey(pub Option<AttemptKey>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wrong = |message: &str| Problem::from(Failure::field(Code::Invalid, "idempotency_key", message));
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        if values.next().is_some() {
            return Err(wrong("Send only one idempotency key."));
        }
        let key = AttemptKey::parse(&String::from_utf8_lossy(value.as_bytes())).map_err(|why| wrong(&why.0))?;
        Ok(Self(Some(key)))
    }
}

/// A JSON body of at most [`crate::body::MAX_BYTES`] bytes.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        // The body is read first: a body that is too large is reported as such, whatever its media type.
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Failure::new(Code::PayloadTooLarge, "The body is larger than 64 KiB."),
            _ => malformed("The body is incomplete."),
        })?;
        if !is_json {
            let hint = "Send JSON, with Content-Type: application/json.";
            return Err(Failure::new(Code::UnsupportedMediaType, hint).into());
        }
        Ok(Self(read_json(&body)?))
    }
}

/// Whether the media type is `application/json` or has the suffix `+json` (RFC 6839, section 3.1), with or without
/// parameters.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|value| {
        let essence = value.split(';').next()?.trim().to_ascii_lowercase();
        essence.strip_prefix("application/").map(str::to_owned)
    });
    essence.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

fn malformed(message: impl Into<String>) -> Failure {
    Failure::new(Code::Malformed, message)
}

/// Reads one JSON object.
///
/// # Errors
/// [`Code::Malformed`] if it is not JSON; [`Code::Invalid`], with the field, if a value has the wrong type.
fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // Checks the syntax of the whole body first, so that an earlier type error does not hide a syntax error.
    serde_json::from_slice::<IgnoredAny>(body).map_err(|error| not_json(&error))?;
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Failure::new(Code::Invalid, "The body must be a JSON object."));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let text = inner.to_string();
        match inner.classify() {
            serde_json::error::Category::Data => type_failure(&path, &text),
            // A number with a very large exponent is valid JSON.
            _ if text.starts_with("number out of range") => {
                Failure::field(Code::Invalid, path, "This number is too large.")
            }
            _ => not_json(&inner),
        }
    })
}

fn not_json(error: &serde_json::Error) -> Failure {
    malformed(format!("The body is not JSON (line {}, column {}).", error.line(), error.column()))
}

/// The query string. Every parameter must be known and occur at most once.
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        query.map(|axum::extract::Query(query)| Self(query)).map_err(|rejection| {
            let text = rejection.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            type_failure("", text).into()
        })
    }
}

/// The failure for a type error of serde, with the field. The message of serde is not passed on, because it quotes the
/// input, which may be a password.
fn type_failure(path: &str, text: &str) -> Failure {
    for (prefix, message) in [
        ("unknown field `", "This field does not exist."),
        ("duplicate field `", "Send this field only once."),
        ("missing field `", "This field is required."),
    ] {
        if let Some((_, rest)) = text.split_once(prefix) {
            let name = rest.split_once('`').map_or(rest, |(name, _)| name);
            return Failure::field(Code::Invalid, truncated(name), message);
        }
    }
    let expected = text.split_once("expected ").map_or("", |(_, expected)| expected);
    let expected = expected.split(" at line").next().unwrap_or_default();
    let message = match expected {
        "a string" => "Send a string.",
        "i64" | "i32" | "u32" | "u64" => "Send an integer within the bounds.",
        "a boolean" => "Send true or false.",
        _ => "The value has the wrong type.",
    };
    Failure::field(Code::Invalid, truncated(path), message)
}

/// The name that the caller sent, truncated to 64 characters.
fn truncated(name: &str) -> String {
    name.chars().take(64).collect()
}

/// Parses a query parameter. An error is recorded in `check` under the name of the parameter.
pub fn parameter<T: FromStr>(check: &mut domain::failure::Check, name: &str, text: Option<&str>) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    text.and_then(|text| check.take(name, text.parse::<T>()))
}

/// The same for an id.
pub fn id_parameter<T: FromStr>(check: &mut domain::failure::Check, name: &str, text: Option<&str>) -> Option<T> {
    text.and_then(|text| check.take(name, text.parse().map_err(|_| "This is not a valid id; ids are UUIDs.")))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default)]
        label: Option<String>,
        #[serde(default)]
        max_uses: Option<i64>,
    }

    fn failure_of(body: &str) -> (Code, Option<String>) {
        let failure = read_json::<Body>(body.as_bytes()).unwrap_err();
        (failure.code, failure.fields.first().map(|wrong| wrong.field.clone()))
    }

    #[test]
    fn a_valid_body_is_read() {
        let body: Body = read_json(br#" {"label":"Summer","max_uses":null}"#).unwrap();
        assert_eq!((body.label.as_deref(), body.max_uses), (Some("Summer"), None));
    }

    #[test]
    fn a_body_that_is_not_json_is_malformed() {
        for body in ["", "{", "{\"label\":1,", "{\"label\":1} x", "nope", "{\"max_uses\":01}", "{\"label\":\"\u{0}\"}"]
        {
            assert_eq!(failure_of(body), (Code::Malformed, None), "{body}");
        }
        assert_eq!(read_json::<Body>(b"{\"label\":\"\xff\"}").unwrap_err().code, Code::Malformed);
        let deep = format!("{{\"label\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(failure_of(&deep).0, Code::Invalid);
    }

    #[test]
    fn a_type_error_names_the_field() {
        for (body, field) in [
            (r#"{"max_uses":"7"}"#, "max_uses"),
            (r#"{"max_uses":1.5}"#, "max_uses"),
            (r#"{"max_uses":99999999999999999999999}"#, "max_uses"),
            (r#"{"max_uses":1e400}"#, "max_uses"),
            (r#"{"label":7}"#, "label"),
            (r#"{"label":{}}"#, "label"),
            (r#"{"colour":"red"}"#, "colour"),
            (r#"{"label":"a","label":"b"}"#, "label"),
        ] {
            assert_eq!(failure_of(body), (Code::Invalid, Some(field.to_owned())), "{body}");
        }
        for body in ["[]", "null", "7", r#"["Summer", 3]"#] {
            assert_eq!(failure_of(body), (Code::Invalid, None), "{body}");
        }
    }

    #[test]
    fn an_error_message_does_not_quote_the_input() {
        let failure = read_json::<Body>(br#"{"max_uses":"correct horse"}"#).unwrap_err();
        assert!(!format!("{failure:?}").contains("horse"));
    }

    #[test]
    fn the_token_is_read_from_exactly_one_header() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            bearer_token(&headers).map(str::to_owned)
        };
        assert_eq!(of(&["Bearer lk_1"]).as_deref(), Some("lk_1"));
        assert_eq!(of(&["bearer  lk_1"]).as_deref(), Some("lk_1"));
        for none in [&[][..], &["lk_1"], &["Bearer "], &["Basic lk_1"], &["Bearer lk_1", "Bearer lk_2"]] {
            assert_eq!(of(none), None);
        }
    }

    #[test]
    fn a_media_type_may_have_parameters() {
        let of = |value: &'static str| is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, value.parse().unwrap())]));
        assert!(of("application/json") && of("Application/JSON; charset=utf-8") && of("application/merge-patch+json"));
        assert!(!of("text/plain") && !of("application/x-www-form-urlencoded") && !of("text/json"));
        assert!(!is_json(&HeaderMap::new()));
    }
}
