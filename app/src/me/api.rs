//! The server functions of the viewer's own account.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::accounts::{Account, LoginChange, PasswordChange};
use domain::viewer::{MemberHome, OwnAnswers, Viewer};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The viewer's account and its surroundings.
#[server(prefix = "/_fn", endpoint = "me/viewer", input = Json, output = Json, client = Browser)]
pub async fn get() -> Result<Viewer, ServerFnError> {
    handle(async |ctx, actor| service::me::viewer(&ctx, &actor).await).await
}

/// What the viewer sees on their start page.
#[server(prefix = "/_fn", endpoint = "me/home", input = Json, output = Json, client = Browser)]
pub async fn home() -> Result<MemberHome, ServerFnError> {
    handle(async |ctx, actor| service::me::home(&ctx, &actor).await).await
}

/// What the viewer answered at sign-up, and accepted.
#[server(prefix = "/_fn", endpoint = "me/answers", input = Json, output = Json, client = Browser)]
pub async fn answers() -> Result<OwnAnswers, ServerFnError> {
    handle(async |ctx, actor| service::me::answers(&ctx, &actor).await).await
}

/// Changes the display name; empty for none.
#[server(prefix = "/_fn", endpoint = "me/rename", input = Json, output = Json, client = Browser)]
pub async fn rename(name: String) -> Result<Account, ServerFnError> {
    handle(async |ctx, actor| {
        let mut check = domain::failure::Check::default();
        let name =
            if name.trim().is_empty() { None } else { check.take("name", domain::text::DisplayName::parse(&name)) };
        check.finish(Some(()))?;
        service::me::rename(&ctx, &actor, name).await
    })
    .await
}

/// Changes the username and the e-mail address. If either changes, every other session ends. Where e-mail is on, another
/// address is that of the account once it is confirmed.
#[server(prefix = "/_fn", endpoint = "me/change-login", input = Json, output = Json, client = Browser)]
pub async fn change_login(change: LoginChange) -> Result<Account, ServerFnError> {
    handle(async |ctx, actor| service::me::change_login(&ctx, &actor, &change).await).await
}

/// Takes back a change of the e-mail address that is not confirmed yet.
#[server(prefix = "/_fn", endpoint = "me/cancel-email-change", input = Json, output = Json, client = Browser)]
pub async fn cancel_email_change() -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::verification::cancel_change(&ctx, &actor).await).await
}

/// Changes the password and ends every other session.
#[server(prefix = "/_fn", endpoint = "me/change-password", input = Json, output = Json, client = Browser)]
pub async fn change_password(change: PasswordChange) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::me::change_password(&ctx, &actor, &change).await).await
}
