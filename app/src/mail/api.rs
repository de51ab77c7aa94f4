//! Server functions of the page about e-mail.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::DeliveryId;
use domain::mail::{Mail, MailDraft, MailQuery, MailView};
use domain::paging::Page;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The mail server, as it is set up, and whether it accepts what it is given.
#[server(prefix = "/_fn", endpoint = "mail/view", input = Json, output = Json, client = Browser)]
pub async fn view() -> Result<MailView, ServerFnError> {
    handle(async |ctx, actor| service::mail::view(&ctx, &actor).await).await
}

/// Sets the mail server up, or changes it.
#[server(prefix = "/_fn", endpoint = "mail/configure", input = Json, output = Json, client = Browser)]
pub async fn configure(draft: MailDraft) -> Result<MailView, ServerFnError> {
    handle(async |ctx, actor| service::mail::configure(&ctx, &actor, draft).await).await
}

/// Turns mail off. What waits is held.
#[server(prefix = "/_fn", endpoint = "mail/turn-off", input = Json, output = Json, client = Browser)]
pub async fn turn_off() -> Result<MailView, ServerFnError> {
    handle(async |ctx, actor| service::mail::turn_off(&ctx, &actor).await).await
}

/// Sends a mail to the viewer's own address.
#[server(prefix = "/_fn", endpoint = "mail/test", input = Json, output = Json, client = Browser)]
pub async fn send_test() -> Result<Mail, ServerFnError> {
    handle(async |ctx, actor| service::mail::send_test(&ctx, &actor).await).await
}

/// One page of the list of mails.
#[server(prefix = "/_fn", endpoint = "mail/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: MailQuery) -> Result<Page<Mail>, ServerFnError> {
    handle(async |ctx, actor| service::mail::list(&ctx, &actor, &query).await).await
}

/// One mail.
#[server(prefix = "/_fn", endpoint = "mail/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: DeliveryId) -> Result<Mail, ServerFnError> {
    handle(async |ctx, actor| service::mail::get(&ctx, &actor, id).await).await
}

/// The link of a mail, to be sent in another way.
#[server(prefix = "/_fn", endpoint = "mail/link", input = Json, output = Json, client = Browser)]
pub async fn link(id: DeliveryId) -> Result<String, ServerFnError> {
    handle(async |ctx, actor| service::mail_links::copy(&ctx, &actor, id).await.map(|link| link.url)).await
}

/// Sends a mail again.
#[server(prefix = "/_fn", endpoint = "mail/resend", input = Json, output = Json, client = Browser)]
pub async fn resend(id: DeliveryId) -> Result<Mail, ServerFnError> {
    handle(async |ctx, actor| service::mail::resend(&ctx, &actor, id).await).await
}
