//! Error responses of the REST API: problem documents (RFC 9457).

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

/// The error of a request. [`render`] writes the document, because it knows the request id.
#[derive(Clone, Debug)]
pub struct Problem {
    error: service::Error,
    /// Whether the caller sent an invalid API key (RFC 6750, section 3.1).
    invalid_token: bool,
}

impl Problem {
    /// Marks the problem as caused by an invalid API key.
    pub(super) fn invalid_token(mut self) -> Self {
        self.invalid_token = true;
        self
    }

    /// The response to the request with this id. An internal error is logged here.
    #[must_use]
    pub fn into_document(self, id: &RequestId) -> Response {
        let failure = app::errors::failure(self.error, id.as_str());
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
            request_id: id.as_str().to_owned(),
        };
        let mut response = (status, axum::Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = failure.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if self.invalid_token {
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
        Self { error, invalid_token: false }
    }
}

impl IntoResponse for Problem {
    /// A response with the problem as an extension, for [`render`].
    fn into_response(self) -> Response {
        let mut response = errors::status(self.error.code()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Answers a request to the API. Writes the document of a [`Problem`] that a handler returned, because the request id is
/// known here.
pub async fn render(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = with_document(next.run(request).await, &id);
    // Responses contain invite codes and e-mail addresses, which may not be cached.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn with_document(mut response: Response, id: &RequestId) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut document = problem.into_document(id);
    for (name, value) in response.headers() {
        // Keeps headers that were added to the response, such as `Allow`, except those of the empty body.
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
    /// Always `about:blank`. The kind of problem is in `status` and `code`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Name of the HTTP status.
    title: &'static str,
    /// HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Human-readable description of the problem and its solution. The text may change.
    detail: String,
    /// Stable code for programs to match on. New codes may be added.
    code: &'static str,
    /// The invalid fields, if there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    fields: Vec<FieldProblem>,
    /// Id of the request, which is also in the server's log.
    request_id: String,
}

/// An invalid field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Name of the field: a member of the body, a query parameter, or a header in lower case with underscores.
    field: String,
    /// Description of the error and its solution.
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
            response = response.header("WWW-Authenticate", header_of(Type::String, "A `Bearer` challenge (RFC 6750)."));
        }
        429 | 503 => {
            response =
                response.header("Retry-After", header_of(Type::Integer, "Seconds to wait before the next attempt."));
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
    /// Errors of any request.
    Always {
        Malformed: "The request is incomplete.",
        PayloadTooLarge: "The body is larger than 64 KiB.",
        Misdirected: "The `Host` header does not match the public URL.",
        RateLimited: "Too many failed attempts from this IP address.",
        Internal: "An internal error. The server's log has the details under the request id.",
        Unavailable: "The server is overloaded or its database is unavailable.",
    }
    /// Errors of a request that needs an API key.
    Guarded {
        Unauthenticated: "The API key is missing, unknown, expired or revoked, or its account is suspended.",
        Forbidden: "The API key does not have permission for this operation.",
    }
    /// Errors of a request with a body.
    Body {
        Malformed: "The body is not JSON, or the request is incomplete.",
        UnsupportedMediaType: "The media type of the body is not `application/json`.",
    }
    /// Errors of a request for one invite.
    OneInvite {
        NotFound: "The invite does not exist.",
    }
    /// Errors of a request for one group.
    OneGroup {
        NotFound: "The group does not exist, or the account of the API key may not see it.",
    }
    /// Errors of a request for one account.
    OneAccount {
        NotFound: "The account does not exist.",
    }
    /// Errors of marking the e-mail address of an account as verified.
    AddressTaken {
        EmailTaken: "Another account has the e-mail address.",
    }
    /// Errors of a decision about an account.
    Decided {
        AlreadyDecided: "The account is not pending approval: somebody else has decided about it before, which the message says, or it needed no decision. Nothing was changed.",
    }
    /// Errors of putting back an account that was declined.
    UsedUp {
        InviteUsedUp: "Others have used up the invite of the account since it was declined.",
    }
    /// Errors of a request for the picture of an account.
    OnePicture {
        NotFound: "The account does not exist, or has no picture.",
    }
    /// Errors of a request for the picture of an application.
    OneApplicationPicture {
        NotFound: "The application does not exist, or has no picture.",
    }
    /// Errors of a request with a picture.
    File {
        Malformed: "The request is incomplete.",
        PayloadTooLarge: "The picture is larger than 2 MiB.",
        UnsupportedMediaType: "The media type of the body is not `image/png`, `image/jpeg` or `image/webp`.",
        Invalid: "The body is not such a picture, is damaged, or has too many pixels.",
        RateLimited: "Another picture is on its way from the account of the API key, or there were too many failed attempts from this IP address.",
    }
    /// Other errors of creating or changing an account.
    Taken {
        EmailTaken: "The e-mail address belongs to another account.",
        UsernameTaken: "The username belongs to another account.",
    }
    /// Other errors of creating or changing a group.
    GroupName {
        GroupNameTaken: "Another group has the name.",
    }
    /// Other errors of deleting a group.
    GroupUsed {
        GroupInUse: "Rules of flows give the group. The text names the flows.",
    }
    /// Errors of a request for one flow.
    OneFlow {
        NotFound: "The flow does not exist, or is deleted.",
    }
    /// Errors of a request for one version of a flow.
    OneFlowVersion {
        NotFound: "The flow or the version does not exist.",
    }
    /// Other errors of creating a flow.
    FlowName {
        FlowNameTaken: "Another flow has the name.",
    }
    /// Other errors of saving a flow.
    FlowSaved {
        FlowNameTaken: "Another flow has the name.",
        FlowChanged: "Another version was saved since the one that was edited.",
    }
    /// Other errors of deleting a flow.
    FlowUsed {
        FlowInUse: "Invites name the flow, or it is the default, and no other is to take its place.",
    }
    /// Errors of a request with a flow as YAML.
    Yaml {
        Malformed: "The body is not UTF-8, or the request is incomplete.",
        UnsupportedMediaType: "The media type of the body is not `application/yaml`.",
        Invalid: "A query parameter is invalid or unknown. `fields` lists each one.",
    }
    /// Errors of a request for terms.
    OneTerms {
        NotFound: "The terms do not exist, or are deleted.",
    }
    /// Other errors of creating or changing terms.
    TermsName {
        TermsNameTaken: "Other terms have the name.",
    }
    /// Other errors of deleting terms.
    TermsUsed {
        TermsInUse: "Flows ask for the terms. The text names the flows.",
    }
    /// Errors of a request for one application.
    OneApplication {
        NotFound: "The application does not exist.",
    }
    /// Other errors of creating or changing an application.
    ApplicationName {
        ApplicationNameTaken: "Another application has the name.",
        SiteTaken: "Another application has one of the sites.",
    }
    /// Errors of a request for the connection of one application by SCIM.
    OneScim {
        NotFound: "The application does not exist, or is not connected by SCIM.",
    }
    /// Errors of reading what is in an application.
    ReadScim {
        NotFound: "The application does not exist, or is not connected by SCIM.",
        Invalid: "The application could not be read. `detail` has what it says.",
    }
    /// Errors of a request for one webhook.
    OneWebhook {
        NotFound: "The webhook does not exist.",
    }
    /// Errors of trying a delivery again.
    OneDelivery {
        NotFound: "The delivery does not exist, or is no longer kept.",
        Invalid: "The delivery has not failed.",
    }
    /// Errors of changing the settings of mail.
    MailSettings {
        Invalid: "A field is invalid or unknown, or the environment fixes the settings. `fields` lists each one.",
    }
    /// Errors of turning mail off.
    MailFixed {
        Invalid: "The environment fixes the settings.",
    }
    /// Errors of sending a test mail.
    MailOff {
        MailOff: "Mail is off.",
    }
    /// Errors of a request for one mail.
    OneMail {
        NotFound: "The mail does not exist, or is no longer kept.",
    }
    /// Errors of copying the link of a mail.
    MailLink {
        Unauthenticated: "The API key is missing, unknown, expired or revoked, or its account is suspended.",
        NotFound: "The id is not that of a mail: ids are UUIDs.",
        Forbidden: "The API key does not have permission for this operation; or, whichever it is: the mail does not exist or has no such link, the link can't be used any more, or the API key may not have it.",
    }
    /// Errors of sending a mail again.
    Resend {
        NotFound: "The mail does not exist, or is no longer kept.",
        MailOff: "Mail is off.",
        Invalid: "The mail waits to be sent already.",
    }
    /// Errors of a request with fields.
    Fields {
        Invalid: "A field or query parameter is invalid or unknown. `fields` lists each one.",
    }
    /// Other errors of creating an invite.
    CodeTaken {
        CodeTaken: "The code belongs to another invite, which may be deleted.",
    }
    /// Errors of creating or changing an invite of one's own within the limits of members.
    Limits {
        Forbidden: "The API key does not have permission for this operation.",
        AccountTooNew: "The account is too new to create invites. The text says from when it may.",
        QuotaReached: "The account has created as many invites as the settings allow to members. `Retry-After` and the text say when the next one is possible.",
        RateLimited: "Too many failed attempts from this IP address.",
    }
    /// Errors of a request for an invite of one's own.
    OwnInvite {
        NotFound: "The invite does not exist, or somebody else created it.",
    }
    /// Other errors of changing an invite.
    Change {
        MaxUsesBelowUsed: "The invite has already been used more often than the new maximum.",
        InviteDeleted: "The invite is deleted.",
    }
    /// Errors of pausing or resuming an invite.
    Deleted {
        InviteDeleted: "The invite is deleted.",
    }
    /// Errors of looking up a code.
    BadCode {
        InviteInvalid: "The code is unknown, expired, used up, or not active. The response does not say which.",
    }
    /// Errors of joining the groups of an invite.
    Join {
        Forbidden: "The API key does not have full access, the account is pending approval, or the invite gives no groups.",
        NotAdmitted: "The invite does not let this account join; its author can be asked.",
        RegistrationClosed: "Registration is closed, so that no invite can be used.",
        InviteInvalid: "The code is unknown, expired, used up, or not active. The response does not say which.",
    }
    /// Errors of asking to be added to the groups of an invite.
    Ask {
        Forbidden: "The API key does not have full access, the account is pending approval, may join or is in the groups, has asked too often, or was dismissed less than seven days ago.",
        RegistrationClosed: "Registration is closed, so that no invite can be used.",
        InviteInvalid: "The code is unknown, expired, used up, or not active. The response does not say which.",
    }
    /// Errors of a request about a request to join.
    OneRequest {
        NotFound: "The request does not exist.",
    }
    /// Errors of a request about a request for a new link.
    OneLinkRequest {
        NotFound: "The request does not exist, or was deleted with its invite.",
        AlreadyDecided: "Somebody else has granted or dismissed the request before, which the message says. Nothing was changed.",
    }
    /// Errors of sending invitations.
    SendInvitations {
        MailOff: "Mail is off.",
        PayloadTooLarge: "The body is larger than 512 KiB.",
        IdempotencyKeyReused: "The idempotency key was already used with a different request.",
    }
    /// Errors of a request about a mailing.
    OneMailing {
        NotFound: "The mailing does not exist.",
    }
    /// Errors of a request about an invitation that was sent.
    OneInvitation {
        NotFound: "The invitation does not exist.",
        MailOff: "Mail is off.",
        Invalid: "The invitation waits to be sent, or its recipient has joined or wants no more. The text says what it is.",
    }
    /// Errors of a sign-up.
    SignUp {
        RegistrationClosed: "Sign-up is closed, with or without a code.",
        SignUpRefused: "A rule of the flow refuses the sign-up. `detail` has its words.",
        InviteInvalid: "The code is unknown, expired, used up, or not active. The response does not say which.",
        EmailTaken: "The e-mail address belongs to another account.",
        UsernameTaken: "The username belongs to another account.",
        Invalid: "A field is invalid. `fields` lists each one.",
        IdempotencyKeyReused: "The idempotency key was already used with a different request.",
    }
}
