//! The REST API, called with or without an API key.
//!
//! Every handler has the same structure: extractors turn the request into a `domain` command, one `service` function
//! does the work, and an error becomes a [`Problem`]. The API has its own types, so that a change of the domain does
//! not change the contract; `server/tests/it/openapi.rs` compares it with a snapshot.

pub(crate) mod extract;
mod problem;
mod v1;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

pub use problem::Problem;
pub(crate) use v1::{AuditEntry, Invite, MailSettings, Settings};

/// The path under which the API is mounted.
pub const PREFIX: &str = "/api/v1";

/// The router of the API, to be nested: `Router::nest(api::PREFIX, api::router(ctx))`.
///
/// It also answers unknown paths below [`PREFIX`] with a problem document. [`not_found`] is for the rest of `/api`.
pub fn router(ctx: service::Ctx) -> Router {
    let (router, _) = v1::routes().split_for_parts();
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(problem::render))
        .with_state(ctx)
}

/// The OpenAPI document of the API.
#[must_use]
pub fn openapi() -> OpenApi {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Latchkey")
                .version("1")
                .description(Some(
                    "Create and manage invites, groups, accounts, applications, webhooks, mail and settings, list redemptions and the audit log, and sign up. Within version 1, fields are added but \
                     never renamed or removed; clients must ignore fields that they do not know. Errors are problem \
                     documents (RFC 9457); match on `code`.",
                ))
                .license(Some(
                    LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
                ))
                .build(),
        )
        .components(Some(components()))
        .build();
    OpenApiRouter::<service::Ctx>::with_openapi(base).nest(PREFIX, v1::routes()).into_openapi()
}

fn components() -> Components {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An API key. It has the permissions of its account, or those of them that were chosen. Create one on the account page or with \
             `latchkey key create`.",
        ))
        .build();
    ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .schema_from::<problem::Document>()
        .schema_from::<problem::FieldProblem>()
        .build()
}

/// Responds to a path that does not exist.
pub async fn not_found() -> Problem {
    Problem::from(domain::Failure::not_found("path"))
}

/// Responds to a method that a path does not support. axum adds the `Allow` header. `OPTIONS` gets an empty response
/// with that header; there is no CORS, because other sites may not call the API from a browser.
async fn method_not_allowed(method: Method) -> Response {
    if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Problem::from(domain::Failure::new(
            domain::Code::MethodNotAllowed,
            "This path does not support the method. See `Allow`.",
        ))
        .into_response()
    }
}
