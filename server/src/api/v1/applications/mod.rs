//! Operations on applications.

mod scim;
mod scim_wire;
mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::applications::ApplicationDraft;
use domain::ids::ApplicationId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wire::{
    Application, ApplicationChange, ApplicationWithSecret, Applications, ApplicationsParams, NewApplication,
};
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, update, delete))
        .routes(routes!(rotate_secret))
        .merge(scim::routes())
}

/// Create an application. The client secret of one that can keep a secret is in this response only
#[utoipa::path(
    post,
    path = "/admin/applications",
    operation_id = "create_application",
    tag = "applications",
    request_body = NewApplication,
    responses(
        (status = 201, description = "The application.", body = ApplicationWithSecret,
            headers(("Location" = String, description = "Where the application is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::ApplicationName,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<ApplicationDraft>,
) -> Result<impl IntoResponse, Problem> {
    let created = service::applications::create(&ctx, &actor, draft.parse()?).await?;
    let location = format!("{PREFIX}/admin/applications/{}", created.application.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(ApplicationWithSecret::from(created))))
}

/// List applications by name
#[utoipa::path(
    get,
    path = "/admin/applications",
    operation_id = "list_applications",
    tag = "applications",
    params(ApplicationsParams),
    responses(
        (status = 200, description = "One page of applications.", body = Applications),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<ApplicationsParams>,
) -> Result<axum::Json<Applications>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::applications::list(&ctx, &actor, &query).await?.into()))
}

/// Read one application
#[utoipa::path(
    get,
    path = "/admin/applications/{id}",
    operation_id = "get_application",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "The application.", body = Application),
        problem::Always, problem::Guarded, problem::OneApplication,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<axum::Json<Application>, Problem> {
    Ok(axum::Json(service::applications::get(&ctx, &actor, id).await?.into()))
}

/// Change an application. One that begins to have a client secret gets it in this response only
#[utoipa::path(
    patch,
    path = "/admin/applications/{id}",
    operation_id = "update_application",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    request_body = ApplicationChange,
    responses(
        (status = 200, description = "The application as it is now.", body = ApplicationWithSecret),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneApplication,
        problem::ApplicationName,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
    Json(draft): Json<ApplicationDraft>,
) -> Result<axum::Json<ApplicationWithSecret>, Problem> {
    Ok(axum::Json(service::applications::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete an application, with its secrets and every token that it has
#[utoipa::path(
    delete,
    path = "/admin/applications/{id}",
    operation_id = "delete_application",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::OneApplication,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<StatusCode, Problem> {
    service::applications::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Create another client secret. It is in this response only; the one before works for 24 hours more
#[utoipa::path(
    post,
    path = "/admin/applications/{id}/secret",
    operation_id = "rotate_client_secret",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "The application with its secret.", body = ApplicationWithSecret),
        problem::Always, problem::Guarded, problem::Fields, problem::OneApplication,
    ),
    security(("bearer" = [])),
)]
async fn rotate_secret(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<axum::Json<ApplicationWithSecret>, Problem> {
    Ok(axum::Json(service::applications::rotate_secret(&ctx, &actor, id).await?.into()))
}
