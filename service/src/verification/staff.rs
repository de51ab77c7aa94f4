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
use crate::platform::tx::{self, TxError};
use crate::{Actor, Client, Ctx, Error, mail};

/// Has a link sent again to an account that is below the actor's. Returns its status.
///
/// # Errors
/// [`Code::Forbidden`], also if the account does not wait or has lapsed; [`Code::NotFound`], [`Code::MailOff`],
/// [`Code::RateLimited`].
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
    tx::with_retries(|| mark_once(ctx, Some(actor), id, now), || marked(ctx, id, now)).await
}

/// [`mark_verified`] on the command line, for an account of any role.
pub(crate) async fn mark_verified_as_operator(ctx: &Ctx, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    tx::with_retries(|| mark_once(ctx, None, id, now), || marked(ctx, id, now)).await
}

/// The transaction; the operator has no actor. Others lock those that claim the address in another order: the database may
/// have to abort one of the two.
async fn mark_once(ctx: &Ctx, actor: Option<&Actor>, id: AccountId, now: Timestamp) -> Result<AccountStatus, TxError> {
    let tx = tx::begin(ctx).await?;
    let claimants = lock_claimants(&tx, id).await?;
    let (account, by) = match actor {
        Some(actor) => {
            let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
            (account, Originator::Actor(actor))
        }
        None => (account_of(accounts::lock(&tx, id).await?, now)?, Originator::Operator),
    };
    let status = mark(&tx, ctx, by, account, claimants, now).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(status)
}

/// The status of an account whose address was marked at `now`.
async fn marked(ctx: &Ctx, id: AccountId, now: Timestamp) -> Result<Option<AccountStatus>, Error> {
    let row = accounts::find(&ctx.db().write, id).await?;
    let row = row.filter(|row| row.activate_by.is_none() && row.email_verified_at == Some(now.as_micros()));
    Ok(row.map(|row| accounts::lifecycle(&row).status(now)))
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
    let claimed = same.ok_or_else(Error::unavailable)?;
    refuse_taken(db, &account.email).await?;
    let row = accounts::find(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    accounts::verify(db, &row, now).await?;
    activations::delete_of(db, id).await?;
    activations::lapse_others(db, (&claimed.0, claimed.1), id, now).await?;
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
