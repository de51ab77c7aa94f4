//! Operations on webhooks and their deliveries.

mod wire;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::ids::{DeliveryId, WebhookId};
use domain::webhooks::{WebhookDraft, WebhookQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wire::{Deliveries, Delivery, NewWebhook, Webhook, WebhookChange, WebhookWithSecret, Webhooks};
pub(super) use self::wire::{DeliveriesParams, DeliveryStatus};
use super::paging::PageParams;
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, update, delete))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(rotate_secret))
        .routes(routes!(ping))
        .routes(routes!(deliveries))
        .routes(routes!(retry))
}

/// Create a webhook. Its signing secret is in this response only
#[utoipa::path(
    post,
    path = "/admin/webhooks",
    operation_id = "create_webhook",
    tag = "webhooks",
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook with its secret.", body = WebhookWithSecret,
            headers(("Location" = String, description = "Where the webhook is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<WebhookDraft>,
) -> Result<impl IntoResponse, Problem> {
    let created = service::webhooks::create(&ctx, &actor, draft.parse()?).await?;
    let location = format!("{PREFIX}/admin/webhooks/{}", created.webhook.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(WebhookWithSecret::from(created))))
}

/// List webhooks by name
#[utoipa::path(
    get,
    path = "/admin/webhooks",
    operation_id = "list_webhooks",
    tag = "webhooks",
    params(PageParams),
    responses(
        (status = 200, description = "One page of webhooks.", body = Webhooks),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<Webhooks>, Problem> {
    let query = WebhookQuery { paging: params.parse()? };
    Ok(axum::Json(service::webhooks::list(&ctx, &actor, &query).await?.into()))
}

/// Read one webhook
#[utoipa::path(
    get,
    path = "/admin/webhooks/{id}",
    operation_id = "get_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 200, description = "The webhook.", body = Webhook),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<axum::Json<Webhook>, Problem> {
    Ok(axum::Json(service::webhooks::get(&ctx, &actor, id).await?.into()))
}

/// Change a webhook. What waits for it is sent to its new address
#[utoipa::path(
    patch,
    path = "/admin/webhooks/{id}",
    operation_id = "update_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    request_body = WebhookChange,
    responses(
        (status = 200, description = "The webhook as it is now.", body = Webhook),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
    Json(draft): Json<WebhookDraft>,
) -> Result<axum::Json<Webhook>, Problem> {
    Ok(axum::Json(service::webhooks::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete a webhook, with its secrets and all its deliveries, also those that wait
#[utoipa::path(
    delete,
    path = "/admin/webhooks/{id}",
    operation_id = "delete_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<StatusCode, Problem> {
    service::webhooks::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pause a webhook: it is not told of what happens from now on, and what waits for it stays
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/pause",
    operation_id = "pause_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 200, description = "The webhook as it is now.", body = Webhook),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn pause(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<axum::Json<Webhook>, Problem> {
    Ok(axum::Json(service::webhooks::pause(&ctx, &actor, id).await?.into()))
}

/// Resume a webhook that is paused. What waits for it is sent at once
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/resume",
    operation_id = "resume_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 200, description = "The webhook as it is now.", body = Webhook),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn resume(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<axum::Json<Webhook>, Problem> {
    Ok(axum::Json(service::webhooks::resume(&ctx, &actor, id).await?.into()))
}

/// Create another signing secret. It is in this response only; messages are signed with the one before as well for 24 hours
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/secret",
    operation_id = "rotate_webhook_secret",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 200, description = "The webhook with its secret.", body = WebhookWithSecret),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn rotate_secret(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<axum::Json<WebhookWithSecret>, Problem> {
    Ok(axum::Json(service::webhooks::rotate_secret(&ctx, &actor, id).await?.into()))
}

/// Send a test event, after what waits already. A webhook that is paused gets it when it is resumed
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/ping",
    operation_id = "ping_webhook",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id.")),
    responses(
        (status = 204, description = "It is among the deliveries."),
        problem::Always, problem::Guarded, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn ping(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
) -> Result<StatusCode, Problem> {
    service::webhooks::ping(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the deliveries of a webhook, newest first
#[utoipa::path(
    get,
    path = "/admin/webhooks/{id}/deliveries",
    operation_id = "list_webhook_deliveries",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id."), DeliveriesParams),
    responses(
        (status = 200, description = "One page of deliveries.", body = Deliveries),
        problem::Always, problem::Guarded, problem::Fields, problem::OneWebhook,
    ),
    security(("bearer" = [])),
)]
async fn deliveries(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<WebhookId>,
    Query(params): Query<DeliveriesParams>,
) -> Result<axum::Json<Deliveries>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::webhooks::deliveries(&ctx, &actor, id, &query).await?.into()))
}

/// Try a delivery again that failed, or was given up. It has all its attempts before it
#[utoipa::path(
    post,
    path = "/admin/webhook-deliveries/{id}/retry",
    operation_id = "retry_webhook_delivery",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The delivery's id.")),
    responses(
        (status = 200, description = "The delivery, which waits again.", body = Delivery),
        problem::Always, problem::Guarded, problem::OneDelivery,
    ),
    security(("bearer" = [])),
)]
async fn retry(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<DeliveryId>,
) -> Result<axum::Json<Delivery>, Problem> {
    Ok(axum::Json(service::webhooks::retry(&ctx, &actor, id).await?.into()))
}
