//! What staff do with invitations that were sent.

use domain::events::Event;
use domain::ids::{DeliveryId, InvitationId, InviteId, MailingId};
#[cfg(doc)]
use domain::invitations::Resends;
use domain::invitations::{MailingMode, SentInvitation};
use domain::invites::Terms;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};

use super::{Wake, lists};
use crate::audit::{self, Originator};
use crate::mailings::invitation::{ActiveModel, Model as Row};
use crate::mailings::{entity::Model as MailingRow, store};
use crate::platform::tx;
use crate::{Actor, Ctx, Error, mail};

/// Sends an invitation again: the same link or, if `fresh`, one that takes the place of the one that was sent, whose invite
/// is deleted.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`]; [`Code::MailOff`]; [`Code::RateLimited`] for one that was sent again a moment ago or
/// too often ([`Resends`]); [`Code::Invalid`] for one that waits to be sent, or whose recipient has joined, was revoked or
/// wants no more; and for a fresh link where one is sent to all, or whose end has passed, or whose invite is paused or deleted. Where an invite is to be made, it is one that the actor could create, too.
pub async fn resend(ctx: &Ctx, actor: &Actor, id: InvitationId, fresh: bool) -> Result<SentInvitation, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let (mailing, row) = locked(&tx, actor, id).await?;
    mail::require_on(ctx, &tx).await?;
    let [invitation] = one(&tx, row.clone()).await?;
    if !invitation.can_resend() {
        return Err(refuse("This invitation can't be sent again as it is now. Reload the page to see why.").into());
    }
    let resends = store::resends(&row).again(now)?;
    let mut change = ActiveModel {
        resent_at: Set(resends.last.map(Timestamp::as_micros)),
        resends_since: Set(resends.since.map(Timestamp::as_micros)),
        resends: Set(resends.count.into()),
        ..store::unprepared()
    };
    if fresh || row.invite_id.is_none() {
        check_creates(ctx, &tx, actor, &mailing, now).await?;
    }
    if fresh {
        check_fresh(&mailing, now)?;
        if let Some(invite) = row.invite_id.map(InviteId) {
            check_replaceable(&tx, invite).await?;
            crate::invites::delete_in(ctx, &tx, actor, invite, now).await?;
        }
        (change.invite_id, change.opened_at) = (Set(None), Set(None));
    }
    store::update(&tx, row.id, change).await?;
    store::set_finished(&tx, MailingId(mailing.id), None, None).await?;
    let event = Event::InvitationResent { mailing: MailingId(mailing.id), invitation: id, fresh };
    finish(ctx, tx, actor, id, &event, now).await
}

/// Sends again to all recipients of a mailing who have not joined, with the same links: apart from those to whom it was sent again a
/// moment ago or too often ([`Resends`]). Returns their number.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`]; [`Code::MailOff`].
pub async fn resend_all(ctx: &Ctx, actor: &Actor, id: MailingId) -> Result<u64, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mailing = lists::visible(actor, store::lock_mailing(&tx, id).await?)?;
    mail::require_on(ctx, &tx).await?;
    if store::any_resent_without_invite(&tx, id, now).await? {
        check_creates(ctx, &tx, actor, &mailing, now).await?;
    }
    let recipients = store::unprepare_all(&tx, id, now).await?;
    if recipients > 0 {
        store::set_finished(&tx, id, None, None).await?;
        let event = Event::InvitationsResent { mailing: id, recipients };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    tx.commit().await?;
    ctx.state::<Wake>().wake();
    Ok(recipients)
}

/// Revokes an invitation: an invite of its own is deleted, and a mail that waits is not sent. Does nothing to one that is
/// revoked.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`]; [`Code::Invalid`] for one whose recipient has joined or wants no more, and where one
/// link was sent to all.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: InvitationId) -> Result<SentInvitation, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let (mailing, row) = locked(&tx, actor, id).await?;
    let [invitation] = one(&tx, row.clone()).await?;
    if invitation.revoked_at.is_some() {
        tx.rollback().await?;
        return Ok(invitation);
    }
    if !invitation.can_revoke() {
        let why = match invitation.mode {
            MailingMode::OneLink => "One link was sent to all. Pause its invite, so that nobody can use it.",
            MailingMode::OwnLinks => "This invitation can't be revoked any more. Reload the page to see why.",
        };
        return Err(refuse(why).into());
    }
    if let Some(invite) = row.invite_id.map(InviteId).filter(|_| invitation.mode == MailingMode::OwnLinks) {
        crate::invites::delete_in(ctx, &tx, actor, invite, now).await?;
        // A sign-up a moment ago had the invite locked.
        if store::find(&tx, id).await?.is_none_or(|row| row.joined_at.is_some()) {
            return Err(refuse("The recipient has joined in the meantime.").into());
        }
    }
    if let Some(mail) = row.mail_id {
        mail::withdraw(&tx, DeliveryId(mail)).await?;
    }
    let change = ActiveModel {
        mail_id: Set(None),
        revoked_at: Set(Some(now.as_micros())),
        remind_at: Set(None),
        ..ActiveModel::default()
    };
    store::update(&tx, row.id, change).await?;
    let event = Event::InvitationRevoked { mailing: MailingId(mailing.id), invitation: id };
    finish(ctx, tx, actor, id, &event, now).await
}

/// The invitation `id` and its mailing, which is locked, if the actor may change it.
async fn locked(tx: &DatabaseTransaction, actor: &Actor, id: InvitationId) -> Result<(MailingRow, Row), Error> {
    let missing = || Failure::not_found("invitation");
    let found = store::find(tx, id).await?;
    let mailing = match &found {
        Some(row) => store::lock_mailing(tx, MailingId(row.mailing_id)).await?,
        None => None,
    };
    let mailing = lists::visible(actor, mailing)
        .map_err(|failure| if failure.code == Code::NotFound { missing() } else { failure })?;
    // Again: the worker, or somebody else, may have changed it before it was locked.
    let row = store::find(tx, id).await?.ok_or_else(missing)?;
    Ok((mailing, row))
}

/// Checks that the actor could create the invites of a mailing: they are made for its author, whose permissions nobody else uses.
async fn check_creates(
    ctx: &Ctx,
    tx: &DatabaseTransaction,
    actor: &Actor,
    mailing: &MailingRow,
    now: Timestamp,
) -> Result<(), Error> {
    // What the author may do is checked when they are made.
    if lists::author(mailing) == actor.id() {
        return Ok(());
    }
    let Some(terms) = &mailing.terms else { return Ok(()) };
    let terms: Terms = serde_json::from_str(terms).map_err(Error::internal)?;
    crate::invites::check_created(ctx, tx, actor, terms, now).await
}

/// Checks that nobody has taken an invite back, which a fresh one would make up for.
async fn check_replaceable(tx: &DatabaseTransaction, invite: InviteId) -> Result<(), Error> {
    let row = crate::invites::store::lock(tx, invite).await?.ok_or_else(|| Failure::not_found("invite"))?;
    if row.deleted_at.is_some() {
        return Err(refuse("The invite of this invitation was deleted. Send a new invitation.").into());
    }
    if row.paused_at.is_some() {
        return Err(refuse("The invite of this invitation is paused. Resume it first.").into());
    }
    Ok(())
}

fn check_fresh(mailing: &MailingRow, now: Timestamp) -> Result<(), Error> {
    let Some(terms) = &mailing.terms else {
        return Err(refuse("One link was sent to all, so that there is no fresh one for a recipient.").into());
    };
    let terms: Terms = serde_json::from_str(terms).map_err(Error::internal)?;
    if terms.expires_at.is_some_and(|end| end <= now) {
        return Err(refuse("The invites of this mailing have expired. Send new invitations.").into());
    }
    Ok(())
}

fn refuse(why: &str) -> Failure {
    Failure::new(Code::Invalid, why)
}

async fn one(tx: &DatabaseTransaction, row: Row) -> Result<[SentInvitation; 1], Error> {
    let one = lists::invitations(tx, vec![row]).await?;
    one.try_into().map_err(|_| Error::internal("an invitation is missing"))
}

/// Records an event, commits, and has the worker look. Returns the invitation as it is now.
async fn finish(
    ctx: &Ctx,
    tx: DatabaseTransaction,
    actor: &Actor,
    id: InvitationId,
    event: &Event,
    now: Timestamp,
) -> Result<SentInvitation, Error> {
    audit::record(&tx, ctx, now, Originator::Actor(actor), event).await?;
    let row = store::find(&tx, id).await?.ok_or_else(|| Failure::not_found("invitation"))?;
    let [invitation] = one(&tx, row).await?;
    tx.commit().await?;
    ctx.state::<Wake>().wake();
    Ok(invitation)
}
