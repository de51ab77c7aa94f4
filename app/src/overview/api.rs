//! The server function of the overview.

use domain::overview::Overview;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The overview.
#[server(prefix = "/_fn", endpoint = "overview/get", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<Overview, ServerFnError> {
    handle(async |ctx, actor| service::overview::get(&ctx, &actor).await).await
}
