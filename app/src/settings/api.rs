//! The server functions of settings.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::settings::{RegistrationMode, Settings, SettingsDraft, SettingsView};
use leptos::prelude::*;

use crate::client::{Browser, Json};
use crate::server_fn_error::ServerFnError;
#[cfg(feature = "ssr")]
use crate::{handle::handle, request::UndeclaredProxy};

/// The settings in effect, a notice about an undeclared proxy, and whether e-mail is on.
#[server(prefix = "/_fn", endpoint = "settings/get", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<SettingsView, ServerFnError> {
    let UndeclaredProxy(undeclared_proxy) = use_context().unwrap_or_default();
    handle(async |ctx, actor| {
        let settings = service::settings::get(&ctx, &actor).await?;
        let mail_from = service::mail::view(&ctx, &actor).await?.terms.map(|terms| terms.from);
        Ok(SettingsView { settings, undeclared_proxy, public_url: ctx.public_url().to_owned(), mail_from })
    })
    .await
}

/// Opens registration again, in the mode it had before it was closed. Returns that mode, and not the settings: every page can
/// do this, and few know them.
#[server(prefix = "/_fn", endpoint = "settings/reopen", input = Json, output = Json, client = Browser)]
pub async fn reopen() -> Result<RegistrationMode, ServerFnError> {
    handle(async |ctx, actor| Ok(service::settings::reopen(&ctx, &actor).await?.registration_mode)).await
}

/// Changes settings.
#[server(prefix = "/_fn", endpoint = "settings/update", input = Json, output = Json, client = Browser)]
pub async fn update(draft: SettingsDraft) -> Result<Settings, ServerFnError> {
    handle(async |ctx, actor| service::settings::update(&ctx, &actor, draft.parse()?).await).await
}
