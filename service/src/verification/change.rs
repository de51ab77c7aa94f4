//! Confirming a new address of an account, with the link that was sent to it.

use domain::Timestamp;
use domain::accounts::{Account, AccountTerms, Email};
use domain::events::Event;
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::verification::EmailChangePreview;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::arm::may_change;
use super::{id_of, invalid, refuse_taken};
use crate::accounts::entity::{ActiveModel, Model};
use crate::accounts::{activations, email_changes, store as accounts};
use crate::audit::{self, Originator};
use crate::mail::{self, Contents, NewMail};
use crate::platform::limits::Limit;
use crate::platform::tx::{self, TxError};
use crate::sessions::end_access;
use crate::{Actor, Client, Ctx, Error, callers};

/// What a link is for that confirms a new address.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`], [`domain::Code::RateLimited`].
pub async fn look_change(ctx: &Ctx, token: &str, client: &Client) -> Result<EmailChangePreview, Error> {
    let (row, email) = check(ctx, token, client).await?;
    let Account { username, .. } = accounts::account(&row, ctx.now())?;
    Ok(EmailChangePreview { email, username })
}

/// Gives the actor's account the new address of a link, and tells the former one. All of its sessions end, because who signed
/// in with the former address has to use the new one; its API keys stay. Whatever else claims the address lapses. The link
/// alone is not enough: the one who has the mailbox of a mistyped address is not to get the account.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`], also for a link of another account; [`domain::Code::EmailTaken`],
/// [`domain::Code::RateLimited`], [`domain::Code::Unauthenticated`].
pub async fn confirm_change(ctx: &Ctx, actor: &Actor, token: &str) -> Result<(), Error> {
    let (row, _) = check(ctx, token, &actor.client).await?;
    let (id, now) = (id_of(&row), ctx.now());
    if id != actor.id() {
        return Err(invalid().into());
    }
    let find = || async {
        let row = accounts::find(&ctx.db().write, id).await?;
        Ok(row.filter(|row| row.email_verified_at == Some(now.as_micros())).map(|_| ()))
    };
    tx::with_retries(|| confirm_once(ctx, actor, token, now), find).await
}

/// Takes back that the actor wants another address. Does nothing if it does not.
pub async fn cancel_change(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = callers::lock_own(&tx, actor, now).await?;
    mail::cancel(&tx, account.id, MailKind::EmailChange).await?;
    if email_changes::delete_of(&tx, account.id).await? {
        let event = Event::EmailChangeCancelled { account: account.id };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The account of the link with this token, and the address that it wants. A token that is not valid counts as a guess.
async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<(Model, Email), Error> {
    let attempt = ctx.limits().reserve(ctx, Limit::Activation, client, "").await?;
    let found = change_of(&ctx.db().read, token, ctx.now()).await?;
    if found.is_none() {
        attempt.fail();
    }
    Ok(found.ok_or_else(invalid)?)
}

async fn change_of(db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<(Model, Email)>, Error> {
    let Some(change) = email_changes::find(db, token, now).await? else { return Ok(None) };
    let row = accounts::find(db, AccountId(change.account_id)).await?.filter(|row| may_change(row, now));
    Ok(row.map(|row| (row, Email::stored(change.email))))
}

async fn confirm_once(ctx: &Ctx, actor: &Actor, token: &str, now: Timestamp) -> Result<(), TxError> {
    let (id, tx) = (actor.id(), tx::begin(ctx).await?);
    let wanted = email_changes::of(&tx, id, now).await?.ok_or_else(invalid)?;
    let claimants = activations::lock_claimants(&tx, id, &wanted.email_folded).await?;
    // Of two requests with the same link, one waits for the lock, and then finds no link.
    let is_same = |(row, email): &(Model, Email)| row.id == id.0 && email.folded() == wanted.email_folded;
    let (row, email) = change_of(&tx, token, now).await?.filter(is_same).ok_or_else(invalid)?;
    callers::lock_own(&tx, actor, now).await?;
    if email.folded() != row.email_folded {
        refuse_taken(&tx, &email).await?;
    }
    let before = accounts::account(&row, now)?;
    accounts::set_terms(&tx, id, AccountTerms { email, ..AccountTerms::of(&before) }, now).await?;
    let verified = ActiveModel { email_verified_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    accounts::update(&tx, id, verified).await?;
    activations::lapse_others(&tx, (&wanted.email_folded, claimants), id, now).await?;
    // Deletes the change and its link, too.
    let sessions_ended = end_access(&tx, ctx, id, None, false, now).await?.sessions;
    let contents = Contents::EmailChanged { at: now };
    let letter = NewMail { to: before.email, account: Some(id), contents };
    mail::queue(&tx, ctx, vec![letter], now).await?;
    let event = Event::EmailChangeConfirmed { account: id, sessions_ended };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await.map_err(TxError::Commit)
}
