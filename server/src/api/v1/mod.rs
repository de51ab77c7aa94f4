//! Version 1 of the API.

mod accounts;
mod applications;
mod audit;
mod flows;
mod groups;
mod invitations;
mod invite_requests;
mod invites;
mod joining;
mod mail;
mod paging;
mod pictures;
mod redemptions;
mod settings;
mod signup;
mod terms;
mod views;
mod webhooks;

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::audit::AuditEntry;
pub use self::invites::Invite;
pub use self::mail::MailSettings;
pub use self::settings::Settings;
use super::problem;

/// All operations, relative to the prefix of the API.
pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .merge(invites::routes())
        .merge(joining::routes())
        .merge(invite_requests::routes())
        .merge(invitations::routes())
        .merge(flows::routes())
        .merge(groups::routes())
        .merge(accounts::routes())
        .merge(applications::routes())
        .merge(audit::routes())
        .merge(mail::routes())
        .merge(pictures::routes())
        .merge(redemptions::routes())
        .merge(settings::routes())
        .merge(signup::routes())
        .merge(terms::routes())
        .merge(webhooks::routes())
        .routes(routes!(openapi))
}

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| super::openapi().to_json().unwrap_or_default().into());

/// Get the OpenAPI document
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "about",
    responses(
        (status = 200, description = "The OpenAPI document of version 1.", content_type = "application/json", body = Object),
        problem::Always,
    ),
    security(()),
)]
async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}
