//! What the page about members asks of the server.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{AccountQuery, AccountRow};
use domain::ids::AccountId;
use domain::paging::Page;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::request::caller;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "accounts/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: AccountQuery) -> Result<Page<AccountRow>, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::list(&ctx, &actor, &query).await?)
}

/// Keeps someone out; their links pause with them.
#[server(prefix = "/_fn", endpoint = "accounts/suspend", input = Json, output = Json, client = Browser)]
pub async fn suspend(id: AccountId) -> Result<(), ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::suspend(&ctx, &actor, id).await?)
}

/// Lets someone in again.
#[server(prefix = "/_fn", endpoint = "accounts/restore", input = Json, output = Json, client = Browser)]
pub async fn restore(id: AccountId) -> Result<(), ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::restore(&ctx, &actor, id).await?)
}

/// Says yes to someone who waits.
#[server(prefix = "/_fn", endpoint = "accounts/approve", input = Json, output = Json, client = Browser)]
pub async fn approve(id: AccountId) -> Result<(), ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::approve(&ctx, &actor, id).await?)
}
