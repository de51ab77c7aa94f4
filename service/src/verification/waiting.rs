//! What accounts can do that wait for their address to be verified.

use domain::accounts::{Account, AccountTerms, Email};
use domain::events::Event;
use domain::mail::MailKind;
use domain::verification::Waiting;
use domain::{Code, Failure};
use sea_orm::ConnectionTrait;

use super::queue_link;
use crate::accounts::{activations, store as accounts};
use crate::audit::{self, Originator};
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::{Actor, Client, Ctx, Error, callers, invites, mail, redemptions};

/// What the actor's account waits for.
///
/// # Errors
/// [`Code::NotFound`] if it does not wait.
pub async fn waiting(ctx: &Ctx, actor: &Actor) -> Result<Waiting, Error> {
    let db = &ctx.db().read;
    let gone = || Failure::not_found("address to verify");
    let row = accounts::find(db, actor.id()).await?.ok_or_else(gone)?;
    let lapses_at = accounts::lifecycle(&row).activate_by.ok_or_else(gone)?;
    let mail = mail::newest_status(db, actor.id(), MailKind::Activation).await?;
    Ok(Waiting { email: Email::stored(row.email), lapses_at, mail })
}

/// Has a link sent to the actor's address again. The one before works until then.
///
/// # Errors
/// [`Code::RateLimited`], [`Code::MailOff`]; [`Code::NotFound`] if its address is verified; [`Code::Forbidden`] if the account
/// has lapsed.
pub async fn resend(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    count(ctx, actor).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = callers::lock_unverified(&tx, actor, now).await?;
    queue_link(&tx, ctx, &account, now).await?;
    let event = Event::ActivationResent { account: account.id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives the actor's account, which waits, another address, and has a link sent there. Links to the former address are void.
///
/// # Errors
/// [`Code::Invalid`] under `email` for an address that its invite does not admit; those of [`resend`].
pub async fn change_address(ctx: &Ctx, actor: &Actor, email: Email) -> Result<(), Error> {
    count(ctx, actor).await?;
    // As for a sign-up: each sends a message to an address that may be that of somebody else.
    ctx.limits().reserve(ctx, Limit::SignUpFor, &Client::default(), &email.folded()).await?.fail();
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = callers::lock_unverified(&tx, actor, now).await?;
    mail::require_on(ctx, &tx).await?;
    check_admitted(&tx, &account, &email).await?;
    let id = account.id;
    let terms = AccountTerms { email: email.clone(), ..AccountTerms::of(&account) };
    let changed = AccountTerms::of(&account).changed(&terms);
    accounts::set_terms(&tx, id, terms, now).await?;
    mail::cancel(&tx, id, MailKind::Activation).await?;
    activations::claim(&tx, id, &email, now).await?;
    queue_link(&tx, ctx, &Account { email, ..account }, now).await?;
    let event = if changed.is_empty() {
        Event::ActivationResent { account: id }
    } else {
        Event::LoginChanged { account: id, changed, sessions_ended: 0 }
    };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Counts a mail that the actor asks for, before it waits.
async fn count(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    let subject = actor.id().to_string();
    ctx.limits().reserve(ctx, Limit::AddressMail, &Client::default(), &subject).await?.fail();
    Ok(())
}

/// Checks that the invite by which an account signed up is for an address as well.
async fn check_admitted(db: &impl ConnectionTrait, account: &Account, email: &Email) -> Result<(), Error> {
    let Some(invite) = redemptions::store::first_invite(db, account.id).await? else { return Ok(()) };
    let Some(row) = invites::store::find(db, invite).await? else { return Ok(()) };
    let admitted = invites::store::terms(&row)?.admits(email);
    Ok(admitted.map_err(|why| Failure::field(Code::Invalid, "email", why))?)
}
