//! The REST interface: what programs call, with an API key or with none.
//!
//! Every handler does the same: extractors turn the request into a `domain` command, one `service` function does the
//! work, and whatever goes wrong leaves as a [`Problem`]. The types on the wire are this module's own, so that the
//! contract does not move when the domain does; `server/tests/it/openapi.rs` holds a snapshot of it.

mod extract;
mod problem;
mod v1;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

pub use problem::Problem;

/// Where the interface is mounted.
pub const PREFIX: &str = "/api/v1";

/// The largest body that is read.
pub const MAX_BODY: usize = 64 * 1024;

/// The interface, for [`PREFIX`]: `Router::nest(api::PREFIX, api::router(ctx))`.
///
/// Paths below the prefix that do not exist are problems too; for the rest of `/api` there is [`not_found`].
pub fn router(ctx: service::Ctx) -> Router {
    let (router, _) = v1::routes().split_for_parts();
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(problem::render))
        // Answers hold codes and addresses of people: nothing on the way keeps them.
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(ctx)
}

/// The document that describes the interface.
#[must_use]
pub fn openapi() -> OpenApi {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Latchkey")
                .version("1")
                .description(Some(
                    "Invitation links: make them, see who came by them, sign up with them. Within version 1 members \
                     are added, never renamed or removed; a program ignores those it does not know. Errors are RFC \
                     9457 problem documents; match on `code`.",
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
        .description(Some("An API key of an admin or owner, made on the account page or by `latchkey key create`."))
        .build();
    ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .schema_from::<problem::Document>()
        .schema_from::<problem::FieldProblem>()
        .build()
}

/// The answer to a path that does not exist.
pub async fn not_found() -> Problem {
    Problem::from(domain::Failure::not_found("path"))
}

/// The answer to a method that a path does not have. Which ones it has, axum adds in `Allow`: to `OPTIONS` that is
/// the whole answer, because no other site may call this one from a browser (there is no CORS here).
async fn method_not_allowed(method: Method) -> Response {
    if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Problem::from(domain::Failure::new(domain::Code::MethodNotAllowed, "This path has other methods; see Allow."))
            .into_response()
    }
}
