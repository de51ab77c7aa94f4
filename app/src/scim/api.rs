//! Server functions about the connections of applications by SCIM.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::applications::{ScimComparison, ScimDelivery, ScimState};
use domain::ids::{ApplicationId, DeliveryId};
use domain::outbox::DeliveryQuery;
use domain::paging::Page;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The state of a connection.
#[server(prefix = "/_fn", endpoint = "scim/state", input = Json, output = Json, client = Browser)]
pub async fn state(id: ApplicationId) -> Result<ScimState, ServerFnError> {
    handle(async |ctx, actor| service::scim::state(&ctx, &actor, id).await).await
}

/// What differs between here and an application.
#[server(prefix = "/_fn", endpoint = "scim/compare", input = Json, output = Json, client = Browser)]
pub async fn compare(id: ApplicationId) -> Result<ScimComparison, ServerFnError> {
    handle(async |ctx, actor| service::scim::compare(&ctx, &actor, id).await).await
}

/// Has everything in an application looked at.
#[server(prefix = "/_fn", endpoint = "scim/synchronise", input = Json, output = Json, client = Browser)]
pub async fn synchronise(id: ApplicationId) -> Result<ScimState, ServerFnError> {
    handle(async |ctx, actor| service::scim::synchronise(&ctx, &actor, id).await).await
}

/// One page of what is sent to an application.
#[server(prefix = "/_fn", endpoint = "scim/deliveries", input = Json, output = Json, client = Browser)]
pub async fn deliveries(id: ApplicationId, query: DeliveryQuery) -> Result<Page<ScimDelivery>, ServerFnError> {
    handle(async |ctx, actor| service::scim::deliveries(&ctx, &actor, id, &query).await).await
}

/// Has a delivery that failed tried again.
#[server(prefix = "/_fn", endpoint = "scim/retry", input = Json, output = Json, client = Browser)]
pub async fn retry(id: DeliveryId) -> Result<ScimDelivery, ServerFnError> {
    handle(async |ctx, actor| service::scim::retry(&ctx, &actor, id).await).await
}
