//! Server functions of the choice of groups.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::groups::GroupRef;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The groups that an invite of the viewer can grant.
#[server(prefix = "/_fn", endpoint = "groups/choices", input = Json, output = Json, client = Browser)]
pub async fn choices(q: String) -> Result<Vec<GroupRef>, ServerFnError> {
    handle(async |ctx, actor| service::groups::choices(&ctx, &actor, Some(&q)).await).await
}
