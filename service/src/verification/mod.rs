//! Verification of e-mail addresses ([ADR 25](../../../docs/adr/0025-verification.md)): accounts that wait for it, until
//! somebody opens the link that was sent to their address or they lapse; and accounts that want another address.
//!
//! Opening a link changes nothing, because programs that check mail open it, too. Links are made when their mail is sent
//! ([`arm_activation`], [`arm_change`]).

use domain::accounts::{Account, AccountStatus, Email};
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use crate::accounts::entity::Model as AccountRow;
use crate::accounts::{email_changes, store as accounts};
use crate::mail::{self, Contents, NewMail};
use crate::platform::tx;
use crate::{Ctx, Error};

mod activate;
mod arm;
mod change;
mod lapse;
mod staff;
#[cfg(test)]
mod tests;
mod waiting;

pub use activate::{activate, look};
pub(crate) use arm::{arm_activation, arm_change};
pub use change::{cancel_change, confirm_change, look_change};
pub(crate) use lapse::lapse;
pub(crate) use staff::mark_verified_as_operator;
pub use staff::{mark_verified, resend_for};
pub use waiting::{change_address, resend, waiting};

/// Deletes the changes of addresses that were not confirmed in time.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    email_changes::purge_expired(&tx, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The single answer for every link that cannot be used.
fn invalid() -> Failure {
    let why = "This link is wrong, used or older than 48 hours, or a newer one was sent. Sign in with your username and \
         ask for a new one.";
    Failure::new(Code::ActivationLinkInvalid, why)
}

/// Whether an account waits for its address to be verified, and has not lapsed.
fn waits(row: &AccountRow, now: Timestamp) -> bool {
    let is_in_time = row.activate_by.is_some_and(|by| by > now.as_micros());
    is_in_time && accounts::lifecycle(row).status(now) == AccountStatus::Unverified
}

/// Refuses an address that another account has.
///
/// # Errors
/// [`Code::EmailTaken`].
async fn refuse_taken(db: &impl ConnectionTrait, email: &Email) -> Result<(), Error> {
    if accounts::taken(db, Some(email), None).await?.is_none() {
        return Ok(());
    }
    let why = "This e-mail address has an account already, which somebody else or you verified before. Sign in with that one.";
    Err(Failure::field(Code::EmailTaken, "email", why).into())
}

/// Has a link sent to an account that is locked and waits. While a mail with one waits, it adds none: that one's link is
/// made when it is sent, and it is tried at once.
///
/// # Errors
/// [`Code::MailOff`]; [`Code::Forbidden`] if the account has lapsed, and is about to be deleted.
async fn queue_link(db: &impl ConnectionTrait, ctx: &Ctx, account: &Account, now: Timestamp) -> Result<(), Error> {
    if account.activate_by.is_none_or(|by| by <= now) {
        let why = "The time to verify the address of this account has passed. The account is about to be deleted.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    mail::require_on(ctx, db).await?;
    if mail::waits(db, account.id, MailKind::Activation).await? {
        return mail::hasten(db, account.id, MailKind::Activation).await;
    }
    let contents = Contents::Activation;
    let letter = NewMail { to: account.email.clone(), account: Some(account.id), contents };
    mail::queue(db, ctx, vec![letter], now).await
}

/// The account of a row that is locked.
fn account_of(row: Option<AccountRow>, now: Timestamp) -> Result<Account, Error> {
    accounts::account(&row.ok_or_else(|| Failure::not_found("account"))?, now)
}

/// The id of the account of a row.
const fn id_of(row: &AccountRow) -> AccountId {
    AccountId(row.id)
}
