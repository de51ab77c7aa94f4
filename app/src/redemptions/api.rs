//! The server functions of redemptions.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::paging::Page;
use domain::redemptions::{Redemption, RedemptionQuery};
use leptos::prelude::*;

use crate::client::{Browser, Json};
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "redemptions/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: RedemptionQuery) -> Result<Page<Redemption>, ServerFnError> {
    let (ctx, actor) = crate::request::caller()?;
    Ok(service::redemptions::list(&ctx, &actor, &query).await?)
}
