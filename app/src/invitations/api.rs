//! Server functions of the pages about invitations.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::{InvitationId, MailingId};
use domain::invitations::{InvitationQuery, InvitationsDraft, Mailing, Preview, SentInvitation};
use domain::paging::{Page, Paging};
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// What a list of recipients comes to. Nothing is sent.
#[server(prefix = "/_fn", endpoint = "invitations/preview", input = Json, output = Json, client = Browser)]
pub async fn check(draft: InvitationsDraft) -> Result<Preview, ServerFnError> {
    handle(async |ctx, actor| service::invitations::preview(&ctx, &actor, &draft).await).await
}

/// Sends invitations. The same mailing once more changes nothing.
#[server(prefix = "/_fn", endpoint = "invitations/send", input = Json, output = Json, client = Browser)]
pub async fn invite(draft: InvitationsDraft) -> Result<Mailing, ServerFnError> {
    handle(async |ctx, actor| service::invitations::send(&ctx, &actor, draft).await).await
}

/// One page of the list of mailings.
#[server(prefix = "/_fn", endpoint = "invitations/mailings", input = Json, output = Json, client = Browser)]
pub async fn mailings(paging: Paging) -> Result<Page<Mailing>, ServerFnError> {
    handle(async |ctx, actor| service::invitations::mailings(&ctx, &actor, paging).await).await
}

/// One mailing.
#[server(prefix = "/_fn", endpoint = "invitations/mailing", input = Json, output = Json, client = Browser)]
pub async fn get(id: MailingId) -> Result<Mailing, ServerFnError> {
    handle(async |ctx, actor| service::invitations::mailing(&ctx, &actor, id).await).await
}

/// One page of the recipients of a mailing.
#[server(prefix = "/_fn", endpoint = "invitations/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: InvitationQuery) -> Result<Page<SentInvitation>, ServerFnError> {
    handle(async |ctx, actor| service::invitations::list(&ctx, &actor, &query).await).await
}

/// Sends an invitation again, with the same link or with a fresh one.
#[server(prefix = "/_fn", endpoint = "invitations/resend", input = Json, output = Json, client = Browser)]
pub async fn resend(id: InvitationId, fresh: bool) -> Result<SentInvitation, ServerFnError> {
    handle(async |ctx, actor| service::invitations::resend(&ctx, &actor, id, fresh).await).await
}

/// Sends the invitations of a mailing again to all who have not joined. Returns how many those are.
#[server(prefix = "/_fn", endpoint = "invitations/resend-all", input = Json, output = Json, client = Browser)]
pub async fn resend_all(mailing: MailingId) -> Result<u64, ServerFnError> {
    handle(async |ctx, actor| service::invitations::resend_all(&ctx, &actor, mailing).await).await
}

/// Revokes an invitation.
#[server(prefix = "/_fn", endpoint = "invitations/revoke", input = Json, output = Json, client = Browser)]
pub async fn revoke(id: InvitationId) -> Result<SentInvitation, ServerFnError> {
    handle(async |ctx, actor| service::invitations::revoke(&ctx, &actor, id).await).await
}

/// Whether e-mail is on.
#[server(prefix = "/_fn", endpoint = "invitations/mail-is-on", input = Json, output = Json, client = Browser)]
pub async fn mail_is_on() -> Result<bool, ServerFnError> {
    handle(async |ctx, _| service::password_resets::are_mailed(&ctx).await).await
}
