//! The server functions of redemptions.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::InviteId;
use domain::invites::InviteRef;
use domain::paging::Page;
use domain::redemptions::{Redemption, RedemptionQuery};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "redemptions/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: RedemptionQuery) -> Result<Page<Redemption>, ServerFnError> {
    handle(async |ctx, actor| service::redemptions::list(&ctx, &actor, &query).await).await
}

/// The invites that the list can be filtered by: the newest ones, and the `chosen` one.
#[server(prefix = "/_fn", endpoint = "redemptions/invites", input = Json, output = Json, client = Browser)]
pub async fn invites(chosen: Option<InviteId>) -> Result<Vec<InviteRef>, ServerFnError> {
    handle(async |ctx, actor| service::invites::newest(&ctx, &actor, chosen).await).await
}
