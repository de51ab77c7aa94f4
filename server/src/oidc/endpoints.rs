//! The endpoints that applications call: pushed requests, devices, token, user info, revocation and introspection. Applications that run in a browser
//! call them from their own site, which is allowed, because no cookie is read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Failure;
use serde_json::json;
use service::oidc::{Client, OauthCode, OauthError, Pushed};

use super::wire::{DeviceResponse, Parameters, TokenResponse};
use crate::api::extract::Client as Caller;
use crate::layers::answer::Audience;
use crate::state::AppState;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The path of the token endpoint.
pub const TOKEN: &str = "/oidc/token";
/// The path at which requests are pushed.
pub const PAR: &str = "/oidc/par";
/// The path at which devices begin.
pub const DEVICE_AUTHORIZATION: &str = "/oidc/device";
/// The path of the user info endpoint.
pub const USER_INFO: &str = "/oidc/userinfo";
/// The path of the revocation endpoint.
pub const REVOKE: &str = "/oidc/revoke";
/// The path of the introspection endpoint.
pub const INTROSPECT: &str = "/oidc/introspect";

/// Tokens for a code or a refresh token.
pub async fn token(State(state): State<AppState>, audience: Audience, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = async {
        let (client, parameters) = identify(&state, &headers, &body).await?;
        service::oidc::exchange(state.ctx(), &client, &parameters.token_request()).await
    };
    for_other_sites(match outcome.await {
        Ok(tokens) => Json(TokenResponse::from(tokens)).into_response(),
        Err(error) => refuse(&audience, error, &headers),
    })
}

/// Takes the request of an application, before it sends a browser (RFC 9126).
pub async fn push(
    State(state): State<AppState>,
    audience: Audience,
    Caller(visitor): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let (client, parameters) = identify(&state, &headers, &body).await?;
        service::oidc::push(state.ctx(), &client, parameters.authorization(), &visitor).await
    };
    for_other_sites(match outcome.await {
        Ok(Pushed { request_uri, expires_in }) => {
            let body = json!({ "request_uri": request_uri, "expires_in": expires_in });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Err(error) => refuse(&audience, error, &headers),
    })
}

/// Takes the request of a device (RFC 8628, section 3.1).
pub async fn begin_device(
    State(state): State<AppState>,
    audience: Audience,
    Caller(visitor): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let (client, parameters) = identify(&state, &headers, &body).await?;
        service::oidc::begin_device(state.ctx(), &client, parameters.get("scope"), &visitor).await
    };
    for_other_sites(match outcome.await {
        Ok(begun) => Json(DeviceResponse::from(begun)).into_response(),
        Err(error) => refuse(&audience, error, &headers),
    })
}

/// Claims for an access token.
pub async fn user_info(State(state): State<AppState>, audience: Audience, headers: HeaderMap) -> Response {
    let token = bearer(&headers).unwrap_or_default();
    for_other_sites(match service::oidc::user_info(state.ctx(), token).await {
        Ok(claims) => Json(claims).into_response(),
        Err(error) => refuse(&audience, error, &headers),
    })
}

/// The picture of a member for an application (`picture`: OpenID Connect Core 1.0, section 5.1). It needs no cookie, and reads none.
pub async fn picture(
    State(state): State<AppState>,
    audience: Audience,
    path: Result<Path<[String; 4]>, PathRejection>,
) -> Response {
    let Ok(Path(parts)) = path else { return audience.refuse(Failure::not_found("picture")) };
    match service::oidc::picture(state.ctx(), parts.each_ref().map(String::as_str)).await {
        Ok(picture) => {
            // For an hour, so that what ends ends soon.
            let headers = [(CONTENT_TYPE, picture.media_type), (CACHE_CONTROL, "private, max-age=3600")];
            let mut response = (headers, picture.bytes).into_response();
            response.headers_mut().insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
            response
        }
        Err(error) => audience.fail(error),
    }
}

/// Revokes a token (RFC 7009).
pub async fn revoke(State(state): State<AppState>, audience: Audience, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = async {
        let (client, parameters) = identify(&state, &headers, &body).await?;
        service::oidc::revoke(state.ctx(), &client, needed(&parameters, "token")?).await
    };
    for_other_sites(match outcome.await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refuse(&audience, error, &headers),
    })
}

/// Says what a token is (RFC 7662).
pub async fn introspect(
    State(state): State<AppState>,
    audience: Audience,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = async {
        let (client, parameters) = identify(&state, &headers, &body).await?;
        service::oidc::introspect(state.ctx(), &client, needed(&parameters, "token")?).await
    };
    match outcome.await {
        Ok(introspection) => Json(introspection.into_json()).into_response(),
        Err(error) => refuse(&audience, error, &headers),
    }
}

/// What a browser asks before an application calls an endpoint from its own site.
pub async fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    for_other_sites((StatusCode::NO_CONTENT, headers).into_response())
}

/// Lets scripts of every site read a response. It depends on what they send, and on no cookie.
pub fn for_other_sites(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The application that calls, and the parameters.
async fn identify(state: &AppState, headers: &HeaderMap, body: &[u8]) -> Result<(Client, Parameters), OauthError> {
    let invalid = |code, description: &str| OauthError::Protocol { code, description: description.to_owned() };
    let is_form = headers.get(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes().split(|b| *b == b';').next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    });
    if !is_form {
        return Err(invalid(OauthCode::InvalidRequest, "Send a form (application/x-www-form-urlencoded)."));
    }
    let parameters =
        Parameters::parse(body).map_err(|_| invalid(OauthCode::InvalidRequest, "Each parameter can be given once."))?;
    let authorization = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let credentials = parameters.credentials(authorization).ok_or_else(|| {
        invalid(OauthCode::InvalidClient, "Send the client id, and its secret or assertion if it has one, in one way.")
    })?;
    Ok((Client::authenticate(state.ctx(), &credentials, &[TOKEN, PAR]).await?, parameters))
}

fn needed<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, OauthError> {
    parameters.get(name).ok_or_else(|| OauthError::Protocol {
        code: OauthCode::InvalidRequest,
        description: format!("{name} is missing."),
    })
}

/// The bearer token (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The answer of the protocol to an error (RFC 6749, section 5.2; RFC 6750, section 3).
fn refuse(audience: &Audience, error: OauthError, headers: &HeaderMap) -> Response {
    let (code, description) = match error {
        OauthError::Protocol { code, description } => (code, description),
        OauthError::Service(error) => return problem(audience, error),
    };
    let body = Json(json!({ "error": code.as_str(), "error_description": description }));
    match code {
        OauthCode::InvalidClient => {
            let challenge = HeaderValue::from_static("Basic realm=\"Latchkey\"");
            let mut response = (StatusCode::UNAUTHORIZED, body).into_response();
            if headers.contains_key(AUTHORIZATION) {
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            response
        }
        OauthCode::InvalidToken => {
            // Anyone who sends no token at all is told no error (RFC 6750, section 3.1).
            let challenge = if bearer(headers).is_some() { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)], body).into_response()
        }
        _ => (StatusCode::BAD_REQUEST, body).into_response(),
    }
}

/// The answer to an error that is none of the protocol, in its form.
pub fn problem(audience: &Audience, error: service::Error) -> Response {
    let failure = audience.reveal(error);
    let status = crate::errors::status(failure.code);
    let code = if status.is_server_error() { "server_error" } else { "invalid_request" };
    (status, Json(json!({ "error": code, "error_description": failure.message }))).into_response()
}
