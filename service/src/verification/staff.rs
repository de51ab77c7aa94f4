//! What staff do for accounts that wait for their address to be verified.

use domain::access::Permission;
use domain::accounts::{Account, AccountStatus, Email};
use domain::events::Event;
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{account_of, queue_link};
use crate::accounts::{activations, store as accounts};
use crate::audit::{self, Originator};
use crate::members::managed;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::{Actor, Client, Ctx, Error, mail};

/// Has a link sent again to an account that is below the actor's. Returns its status.
///
/// # Errors
/// [`Code::Forbidden`], also if the account does not wait; [`Code::NotFound`], [`Code::MailOff`], [`Code::RateLimited`].
pub async fn resend_for(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    actor.require(Permission::AccountsManage)?;
    ctx.limits().reserve(ctx, Limit::AddressMail, &Client::default(), &id.to_string()).await?.fail();
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    if account.status != AccountStatus::Unverified {
        let status = account.status.title().to_lowercase();
        let why = format!("This account is {status}, not unverified. Nothing was sent.");
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    queue_link(&tx, ctx, &account, now).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::ActivationResent { account: id }).await?;
    tx.commit().await?;
    Ok(account.status)
}

/// Marks the address of an account that is below the actor's as verified. Whatever else claims the address lapses. Does
/// nothing to an account that does not wait. Returns the status afterwards.
///
/// # Errors
/// [`Code::Forbidden`], [`Code::NotFound`]; [`Code::EmailTaken`] if another account has the address.
pub async fn mark_verified(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    actor.require(Permission::AccountsManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let claimants = lock_claimants(&tx, id).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    let status = mark(&tx, ctx, Originator::Actor(actor), account, claimants, now).await?;
    tx.commit().await?;
    Ok(status)
}

/// [`mark_verified`] on the command line, for an account of any role.
pub(crate) async fn mark_verified_as_operator(ctx: &Ctx, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let claimants = lock_claimants(&tx, id).await?;
    let account = account_of(accounts::lock(&tx, id).await?, now)?;
    let status = mark(&tx, ctx, Originator::Operator, account, claimants, now).await?;
    tx.commit().await?;
    Ok(status)
}

/// Those that claim the address that an account claims, locked, with the address.
async fn lock_claimants(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<(String, Vec<uuid::Uuid>)>, Error> {
    let Some(claim) = activations::of(db, id).await? else { return Ok(None) };
    let claimants = activations::lock_claimants(db, id, &claim.email_folded).await?;
    Ok(Some((claim.email_folded, claimants)))
}

/// Marks the address of an account that is locked.
async fn mark(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    by: Originator<'_>,
    account: Account,
    claimants: Option<(String, Vec<uuid::Uuid>)>,
    now: Timestamp,
) -> Result<AccountStatus, Error> {
    if account.status != AccountStatus::Unverified {
        return Ok(account.status);
    }
    let id = account.id;
    // The account may have got another address before it was locked.
    let same = claimants.filter(|(claimed, _)| *claimed == account.email.folded());
    let (_, claimants) = same.ok_or_else(Error::unavailable)?;
    refuse_taken(db, &account.email).await?;
    let row = accounts::find(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    accounts::verify(db, &row, now).await?;
    activations::delete_of(db, id).await?;
    activations::lapse_others(db, claimants, id, now).await?;
    mail::cancel(db, id, MailKind::Activation).await?;
    audit::record(db, ctx, now, by, &Event::AccountMarkedVerified { account: id }).await?;
    account_of(accounts::find(db, id).await?, now).map(|account| account.status)
}

/// Refuses an address that another account has, to staff.
async fn refuse_taken(db: &impl ConnectionTrait, email: &Email) -> Result<(), Error> {
    if accounts::taken(db, Some(email), None).await?.is_none() {
        return Ok(());
    }
    let why = "Another account has this e-mail address. Change the address of one of the two first.";
    Err(Failure::field(Code::EmailTaken, "email", why).into())
}
