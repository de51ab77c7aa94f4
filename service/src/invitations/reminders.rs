//! Reminders of invitations: one for each, two days before its invite ends, to those who have not joined.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{InvitationId, InviteId, MailingId};
use domain::invitations::{InvitationStatus, REMINDED_BEFORE};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};

use super::prepare;
use crate::invites::store as invites;
use crate::mail::{self, Contents, NewMail};
use crate::mailings::invitation::{ActiveModel, Model as Row};
use crate::mailings::store;
use crate::platform::tx;
use crate::{Ctx, Error};

/// The number of invitations that are read at a time.
const BATCH: u64 = 50;

/// Reminds those whose reminder is due, as far as there is room in the queue, unless the program stops.
pub(super) async fn remind_due(ctx: &Ctx) -> Result<(), Error> {
    let db = &ctx.db().read;
    loop {
        let now = ctx.now();
        let due = store::to_remind(now, BATCH).all(db).await?;
        if due.is_empty() || prepare::room(db, now).await? == 0 {
            return Ok(());
        }
        for row in due {
            if ctx.stopping().is_cancelled() {
                return Ok(());
            }
            remind(ctx, &row, now).await?;
        }
    }
}

/// Reminds one recipient. Claims the reminder first: of several processes, one does it.
pub(super) async fn remind(ctx: &Ctx, row: &Row, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    let end = end_of(&tx, row, now).await?;
    let due_at = end.map(|end| end.minus(REMINDED_BEFORE));
    let (remind_at, reminded_at) = match due_at {
        // Its end was moved.
        Some(at) if at > now => (Some(at), None),
        Some(_) => (None, Some(now)),
        None => (None, None),
    };
    if !store::claim_reminder(&tx, row, (remind_at, reminded_at)).await? {
        return Ok(tx.rollback().await?);
    }
    // Locked by the claim, and read again.
    let row = store::find(&tx, InvitationId(row.id)).await?;
    if let Some(row) = row.filter(|_| reminded_at.is_some()) {
        let is_open = matches!(store::lifecycle(&row).status(), InvitationStatus::Sent | InvitationStatus::Opened);
        if is_open && is_wanted(ctx, &tx, &row).await? {
            let contents = Contents::InvitationReminder { invitation: InvitationId(row.id) };
            let mail = NewMail { to: Email::stored(&row.email), account: None, contents };
            mail::queue(&tx, ctx, vec![mail], now).await?;
        } else {
            // Due no more, and nothing is sent.
            store::update(&tx, row.id, ActiveModel { reminded_at: Set(None), ..ActiveModel::default() }).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The end of the invite of a recipient, if it can be used and the mailing reminds.
async fn end_of(tx: &DatabaseTransaction, row: &Row, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let mailing = store::find_mailing(tx, MailingId(row.mailing_id)).await?;
    let Some(invite) = row.invite_id.filter(|_| mailing.is_some_and(|mailing| mailing.reminder)) else {
        return Ok(None);
    };
    let invite = invites::find(tx, InviteId(invite)).await?.filter(|row| prepare::is_open(row, now));
    Ok(invite.and_then(|row| row.expires_at).map(Timestamp::from_micros))
}

/// Whether the recipient has not said that they want no more.
async fn is_wanted(ctx: &Ctx, tx: &DatabaseTransaction, row: &Row) -> Result<bool, Error> {
    Ok(store::stopped(tx, ctx.keyring().stop_hashes(&row.email_folded)).await?.is_empty())
}
