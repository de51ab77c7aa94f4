//! The server function of requests. They are answered by plain forms.

use domain::ids::InviteId;
use domain::joining::JoinRequest;
use domain::paging::Page;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The newest requests for an invite that wait for an answer.
#[server(prefix = "/_fn", endpoint = "joining/list", input = Json, output = Json, client = Browser)]
pub async fn list(invite: InviteId) -> Result<Page<JoinRequest>, ServerFnError> {
    handle(async |ctx, actor| service::joining::list(&ctx, &actor, invite, domain::paging::Paging::default()).await)
        .await
}

/// The requests that have waited longest for the viewer's answer.
#[server(prefix = "/_fn", endpoint = "joining/newest", input = Json, output = Json, client = Browser)]
pub async fn newest() -> Result<Page<JoinRequest>, ServerFnError> {
    handle(async |ctx, actor| service::joining::newest(&ctx, &actor).await.map(|items| Page { items, ..Page::empty() }))
        .await
}
