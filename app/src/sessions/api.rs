//! The server functions of sessions.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::SessionId;
use domain::sessions::Session;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The viewer's sessions.
#[server(prefix = "/_fn", endpoint = "sessions/list", input = Json, output = Json, client = Browser)]
pub async fn list() -> Result<Vec<Session>, ServerFnError> {
    handle(async |ctx, actor| service::sessions::list(&ctx, &actor).await).await
}

/// Ends one session.
#[server(prefix = "/_fn", endpoint = "sessions/revoke", input = Json, output = Json, client = Browser)]
pub async fn revoke(id: SessionId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::sessions::revoke(&ctx, &actor, id).await).await
}

/// Ends every other session; returns how many.
#[server(prefix = "/_fn", endpoint = "sessions/revoke-others", input = Json, output = Json, client = Browser)]
pub async fn revoke_others() -> Result<u64, ServerFnError> {
    handle(async |ctx, actor| service::sessions::revoke_others(&ctx, &actor).await).await
}
