//! The documents that describe the provider (OpenID Connect Discovery 1.0; RFC 8414).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use domain::applications::{SigningAlgorithm, SubjectType};
use serde_json::json;
use service::oidc::{DEVICE_CODE, Scope};

use super::browser::LOGOUT;
use super::endpoints::{DEVICE_AUTHORIZATION, INTROSPECT, PAR, REVOKE, TOKEN, USER_INFO, for_other_sites, problem};
use crate::layers::answer::Audience;
use crate::next::AUTHORIZE;
use crate::state::AppState;

/// The path of the keys that sign ID tokens.
pub const JWKS: &str = "/oidc/jwks";

/// How long the documents may be kept: much shorter than a key is published before it signs.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// How clients prove who they are; those without a secret, which do not, come last.
const CLIENTS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

/// The endpoints, and what they support.
pub async fn configuration(State(state): State<AppState>) -> Response {
    let issuer = state.ctx().public_url();
    let at = |path: &str| format!("{issuer}{path}");
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": at(AUTHORIZE),
        "pushed_authorization_request_endpoint": at(PAR),
        "device_authorization_endpoint": at(DEVICE_AUTHORIZATION),
        "token_endpoint": at(TOKEN),
        "userinfo_endpoint": at(USER_INFO),
        "jwks_uri": at(JWKS),
        "end_session_endpoint": at(LOGOUT),
        "revocation_endpoint": at(REVOKE),
        "introspection_endpoint": at(INTROSPECT),
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_CODE],
        "subject_types_supported": SubjectType::ALL.map(SubjectType::as_str),
        "id_token_signing_alg_values_supported": SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
        "token_endpoint_auth_methods_supported": CLIENTS,
        "token_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
        "revocation_endpoint_auth_methods_supported": CLIENTS,
        "revocation_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
        "introspection_endpoint_auth_methods_supported": &CLIENTS[..3],
        "introspection_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "sid", "name", "preferred_username", "updated_at",
            "picture", "email", "email_verified", "groups", "roles",
        ],
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_pushed_authorization_requests": false,
    });
    for_other_sites(([(CACHE_CONTROL, CACHED)], Json(document)).into_response())
}

/// The public keys (RFC 7517).
pub async fn keys(State(state): State<AppState>, audience: Audience) -> Response {
    for_other_sites(match service::oidc::key_set(state.ctx()).await {
        Ok(keys) => ([(CACHE_CONTROL, CACHED)], Json(keys)).into_response(),
        Err(error) => problem(&audience, error),
    })
}
