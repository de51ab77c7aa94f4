//! The server functions of settings.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::settings::{Settings, SettingsDraft, SettingsView};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::request::{UndeclaredProxy, caller};
use crate::server_fn_error::ServerFnError;

/// The settings in effect, and a notice about an undeclared proxy.
#[server(prefix = "/_fn", endpoint = "settings/get", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<SettingsView, ServerFnError> {
    let (ctx, actor) = caller()?;
    let settings = service::settings::get(&ctx, &actor).await?;
    let UndeclaredProxy(undeclared_proxy) = use_context().unwrap_or_default();
    Ok(SettingsView { settings, undeclared_proxy })
}

/// Opens registration again, in the mode it had before it was closed.
#[server(prefix = "/_fn", endpoint = "settings/reopen", input = Json, output = Json, client = Browser)]
pub async fn reopen() -> Result<Settings, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::settings::reopen(&ctx, &actor).await?)
}

/// Changes settings.
#[server(prefix = "/_fn", endpoint = "settings/update", input = Json, output = Json, client = Browser)]
pub async fn update(draft: SettingsDraft) -> Result<Settings, ServerFnError> {
    let (ctx, actor) = caller()?;
    let patch = draft.parse()?;
    Ok(service::settings::update(&ctx, &actor, patch).await?)
}
