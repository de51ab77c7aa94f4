//! What the pages about oneself ask of the server.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{Account, PasswordChange, Viewer};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::request::caller;
use crate::server_fn_error::ServerFnError;

/// Who one is, where, and what serves it.
#[server(prefix = "/_fn", endpoint = "me/viewer", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<Viewer, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::viewer(&ctx, &actor).await?)
}

/// Changes what one likes to be called; empty for nothing.
#[server(prefix = "/_fn", endpoint = "me/rename", input = Json, output = Json, client = Browser)]
pub async fn rename(name: String) -> Result<Account, ServerFnError> {
    let (ctx, actor) = caller()?;
    let mut check = domain::failure::Check::default();
    let name = if name.trim().is_empty() { None } else { check.take("name", domain::text::DisplayName::parse(&name)) };
    check.finish(Some(()))?;
    Ok(service::accounts::rename(&ctx, &actor, name).await?)
}

/// Changes one's password and signs every other browser out.
#[server(prefix = "/_fn", endpoint = "me/change-password", input = Json, output = Json, client = Browser)]
pub async fn change_password(change: PasswordChange) -> Result<(), ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::accounts::change_password(&ctx, &actor, &change).await?)
}
