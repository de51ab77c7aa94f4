//! Server functions of the pages about webhooks.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::{DeliveryId, WebhookId};
use domain::paging::Page;
use domain::webhooks::{Delivery, DeliveryQuery, Webhook, WebhookDraft, WebhookQuery, WebhookWithSecret};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "webhooks/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: WebhookQuery) -> Result<Page<Webhook>, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::list(&ctx, &actor, &query).await).await
}

/// One webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: WebhookId) -> Result<Webhook, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::get(&ctx, &actor, id).await).await
}

/// Creates a webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: WebhookDraft) -> Result<WebhookWithSecret, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::create(&ctx, &actor, draft.parse()?).await).await
}

/// Changes a webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: WebhookId, draft: WebhookDraft) -> Result<Webhook, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::update(&ctx, &actor, id, draft).await).await
}

/// Pauses a webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/pause", input = Json, output = Json, client = Browser)]
pub async fn pause(id: WebhookId) -> Result<Webhook, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::pause(&ctx, &actor, id).await).await
}

/// Resumes a webhook that is paused.
#[server(prefix = "/_fn", endpoint = "webhooks/resume", input = Json, output = Json, client = Browser)]
pub async fn resume(id: WebhookId) -> Result<Webhook, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::resume(&ctx, &actor, id).await).await
}

/// Creates another secret.
#[server(prefix = "/_fn", endpoint = "webhooks/rotate-secret", input = Json, output = Json, client = Browser)]
pub async fn rotate_secret(id: WebhookId) -> Result<WebhookWithSecret, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::rotate_secret(&ctx, &actor, id).await).await
}

/// Sends a test event.
#[server(prefix = "/_fn", endpoint = "webhooks/ping", input = Json, output = Json, client = Browser)]
pub async fn ping(id: WebhookId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::webhooks::ping(&ctx, &actor, id).await).await
}

/// Deletes a webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: WebhookId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::webhooks::delete(&ctx, &actor, id).await).await
}

/// One page of the deliveries of a webhook.
#[server(prefix = "/_fn", endpoint = "webhooks/deliveries", input = Json, output = Json, client = Browser)]
pub async fn deliveries(id: WebhookId, query: DeliveryQuery) -> Result<Page<Delivery>, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::deliveries(&ctx, &actor, id, &query).await).await
}

/// Has a delivery that failed tried again.
#[server(prefix = "/_fn", endpoint = "webhooks/retry", input = Json, output = Json, client = Browser)]
pub async fn retry(id: DeliveryId) -> Result<Delivery, ServerFnError> {
    handle(async |ctx, actor| service::webhooks::retry(&ctx, &actor, id).await).await
}
