//! What the overview asks of the server.

use domain::overview::Overview;
use leptos::prelude::*;

use crate::client::{Browser, Json};
use crate::fault::Fault;

/// How it stands.
#[server(prefix = "/_fn", endpoint = "overview/get", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<Overview, Fault> {
    let (ctx, actor) = crate::request::caller()?;
    Ok(service::overview::get(&ctx, &actor).await?)
}
