//! The server functions of requests. They are answered by plain forms.

use domain::ids::InviteId;
use domain::requests::Requests;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The newest requests for an invite that wait for an answer.
#[server(prefix = "/_fn", endpoint = "requests/list", input = Json, output = Json, client = Browser)]
pub async fn list(invite: InviteId) -> Result<Requests, ServerFnError> {
    handle(async |ctx, actor| service::requests::of_invite(&ctx, &actor, invite).await).await
}

/// The requests that have waited longest for the viewer's answer.
#[server(prefix = "/_fn", endpoint = "requests/newest", input = Json, output = Json, client = Browser)]
pub async fn newest() -> Result<Requests, ServerFnError> {
    handle(async |ctx, actor| service::requests::newest(&ctx, &actor).await).await
}
