//! The end of all access of an account.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{AccountId, SessionId};
use domain::mail::MailKind;
use sea_orm::ConnectionTrait;

use crate::accounts::entity::Model;
use crate::accounts::{activations, email_changes, store as accounts};
use crate::mail::{self, Contents, NewMail};
use crate::sessions::store;
use crate::{Ctx, Error, keys, reset_links};

/// What a change of password, a suspension or a restoration ended.
pub(crate) struct EndedAccess {
    /// Number of sessions.
    pub(crate) sessions: u64,
    /// Number of API keys.
    pub(crate) keys: u64,
}

/// Ends all access of an account: every session except `kept`, its API keys if `keys`, every verified password that has
/// not started a session yet, the links that reset its password or verify an address, also those that wait to be sent, the
/// address that it wants to have, and the links that it made for others.
pub(crate) async fn end_access(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: AccountId,
    kept: Option<SessionId>,
    keys: bool,
    now: Timestamp,
) -> Result<EndedAccess, Error> {
    accounts::begin_epoch(db, id).await?;
    for kind in [MailKind::PasswordReset, MailKind::Activation, MailKind::EmailChange] {
        mail::cancel(db, id, kind).await?;
    }
    activations::disarm(db, id).await?;
    email_changes::delete_of(db, id).await?;
    reset_links::store::delete_of(db, id).await?;
    reset_links::store::delete_made_by(db, id).await?;
    let sessions = store::end_all(db, ctx, id, kept, now).await?;
    let keys = if keys { keys::revoke_all(db, id, now).await? } else { 0 };
    Ok(EndedAccess { sessions, keys })
}

/// Sets the password of the account of `row`, which is locked, ends its access as [`end_access`] does, and tells its
/// address, unless nobody has verified it yet.
pub(crate) async fn set_password(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    row: &Model,
    hash: String,
    kept: Option<SessionId>,
    keys: bool,
    now: Timestamp,
) -> Result<EndedAccess, Error> {
    let id = AccountId(row.id);
    accounts::set_password_hash(db, id, hash, now).await?;
    let ended = end_access(db, ctx, id, kept, keys, now).await?;
    if row.activate_by.is_some() {
        return Ok(ended);
    }
    let contents = Contents::PasswordChanged { at: now };
    let letter = NewMail { to: Email::stored(&row.email), account: Some(id), contents };
    mail::queue(db, ctx, vec![letter], now).await?;
    Ok(ended)
}
