//! Invitations: mails that bring an invite to people.

use domain::ids::{InvitationId, MailingId};
use domain::invitations::{InvitationQuery, InvitationsDraft, Mailing, Preview, SentInvitation};
use domain::paging::{Page, Paging};

use crate::{Actor, Ctx, Error};

/// What a draft would send. Sends nothing.
///
/// # Errors
/// [`domain::Code::MailOff`]; [`domain::Code::Forbidden`]; [`domain::Code::Invalid`] under each wrong field.
pub async fn preview(ctx: &Ctx, actor: &Actor, draft: &InvitationsDraft) -> Result<Preview, Error> {
    let _ = (ctx, actor, draft);
    Err(Error::internal("not there yet"))
}

/// Sends invitations. Sent again with the same id, it returns the mailing.
///
/// # Errors
/// Those of [`preview`].
pub async fn send(ctx: &Ctx, actor: &Actor, draft: InvitationsDraft) -> Result<Mailing, Error> {
    let _ = (ctx, actor, draft);
    Err(Error::internal("not there yet"))
}

/// Lists mailings, newest first.
pub async fn mailings(ctx: &Ctx, actor: &Actor, paging: Paging) -> Result<Page<Mailing>, Error> {
    let _ = (ctx, actor, paging);
    Err(Error::internal("not there yet"))
}

/// One mailing.
pub async fn mailing(ctx: &Ctx, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
    let _ = (ctx, actor, id);
    Err(Error::internal("not there yet"))
}

/// Lists invitations, newest first.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InvitationQuery) -> Result<Page<SentInvitation>, Error> {
    let _ = (ctx, actor, query);
    Err(Error::internal("not there yet"))
}

/// Sends one again, with the same link or with a fresh one.
pub async fn resend(ctx: &Ctx, actor: &Actor, id: InvitationId, fresh: bool) -> Result<SentInvitation, Error> {
    let _ = (ctx, actor, id, fresh);
    Err(Error::internal("not there yet"))
}

/// Sends again to all of a mailing who have not joined. Returns their number.
pub async fn resend_all(ctx: &Ctx, actor: &Actor, id: MailingId) -> Result<u64, Error> {
    let _ = (ctx, actor, id);
    Err(Error::internal("not there yet"))
}

/// Revokes one.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: InvitationId) -> Result<SentInvitation, Error> {
    let _ = (ctx, actor, id);
    Err(Error::internal("not there yet"))
}

/// Whether a link of *no more of these* is one. Changes nothing.
pub fn is_stop_link(ctx: &Ctx, token: &str) -> bool {
    let _ = (ctx, token);
    false
}

/// Sends no more invitations to the address of a link of *no more of these*. Returns whether it is one.
pub async fn stop(ctx: &Ctx, token: &str) -> Result<bool, Error> {
    let _ = (ctx, token);
    Err(Error::internal("not there yet"))
}
