//! Operations on the connections of applications by SCIM.

use axum::extract::State;
use domain::ids::{ApplicationId, DeliveryId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::webhooks::DeliveriesParams;
use super::scim_wire::{ScimComparison, ScimDeliveries, ScimDelivery, ScimState};
use crate::api::extract::{Bearer, IdPath, Query};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(state))
        .routes(routes!(compare))
        .routes(routes!(synchronise))
        .routes(routes!(deliveries))
        .routes(routes!(retry))
}

/// Read the state of an application's connection by SCIM: what is known there, what waits and what failed
#[utoipa::path(
    get,
    path = "/admin/applications/{id}/scim",
    operation_id = "get_scim_state",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "The state.", body = ScimState),
        problem::Always, problem::Guarded, problem::OneScim,
    ),
    security(("bearer" = [])),
)]
async fn state(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<axum::Json<ScimState>, Problem> {
    Ok(axum::Json(service::scim::state(&ctx, &actor, id).await?.into()))
}

/// Compare accounts and groups with those in an application. Changes nothing; takes up to 20 seconds
#[utoipa::path(
    post,
    path = "/admin/applications/{id}/scim/compare",
    operation_id = "compare_scim",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "What differs.", body = ScimComparison),
        problem::Always, problem::Guarded, problem::ReadScim,
    ),
    security(("bearer" = [])),
)]
async fn compare(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<axum::Json<ScimComparison>, Problem> {
    Ok(axum::Json(service::scim::compare(&ctx, &actor, id).await?.into()))
}

/// Have every account and group in an application looked at, and changed if it differs, also what was changed there
#[utoipa::path(
    post,
    path = "/admin/applications/{id}/scim/synchronise",
    operation_id = "synchronise_scim",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id.")),
    responses(
        (status = 200, description = "The state, with what waits.", body = ScimState),
        problem::Always, problem::Guarded, problem::OneScim,
    ),
    security(("bearer" = [])),
)]
async fn synchronise(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
) -> Result<axum::Json<ScimState>, Problem> {
    Ok(axum::Json(service::scim::synchronise(&ctx, &actor, id).await?.into()))
}

/// List what is sent to an application by SCIM, newest first
#[utoipa::path(
    get,
    path = "/admin/applications/{id}/scim/deliveries",
    operation_id = "list_scim_deliveries",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The application's id."), DeliveriesParams),
    responses(
        (status = 200, description = "One page of deliveries.", body = ScimDeliveries),
        problem::Always, problem::Guarded, problem::Fields, problem::OneScim,
    ),
    security(("bearer" = [])),
)]
async fn deliveries(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<ApplicationId>,
    Query(params): Query<DeliveriesParams>,
) -> Result<axum::Json<ScimDeliveries>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::scim::deliveries(&ctx, &actor, id, &query).await?.into()))
}

/// Try a delivery by SCIM again that failed, or was given up. It has all its attempts before it
#[utoipa::path(
    post,
    path = "/admin/scim-deliveries/{id}/retry",
    operation_id = "retry_scim_delivery",
    tag = "applications",
    params(("id" = Uuid, Path, description = "The delivery's id.")),
    responses(
        (status = 200, description = "The delivery, which waits again.", body = ScimDelivery),
        problem::Always, problem::Guarded, problem::OneDelivery,
    ),
    security(("bearer" = [])),
)]
async fn retry(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<DeliveryId>,
) -> Result<axum::Json<ScimDelivery>, Problem> {
    Ok(axum::Json(service::scim::retry(&ctx, &actor, id).await?.into()))
}
