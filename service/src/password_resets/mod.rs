//! Password resets: links that staff make for those who forgot their password. A link is valid for an hour, once, and only
//! as long as its account is what it was when the link was made.

use domain::access::{Permission, is_below};
use domain::accounts::AccountStatus;
use domain::ids::AccountId;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use crate::accounts::entity::Model;
use crate::accounts::store as accounts;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::{Client, Ctx, Error, callers, reset_links, settings};

mod arm;
mod complete;
mod look;
mod make;
#[cfg(test)]
mod tests;

pub(crate) use arm::arm;
pub use complete::complete;
pub use look::look;
pub use make::make;
pub(crate) use make::make_as_operator;

/// Deletes the links that have expired.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    reset_links::store::purge_expired(&tx, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The account of the link with this token. A token that is not valid counts as a guess.
///
/// # Errors
/// [`Code::ResetLinkInvalid`], [`Code::RateLimited`].
async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<Model, Error> {
    let attempt = ctx.limits().reserve(ctx, Limit::Reset, client, "").await?;
    let account = account_of(ctx, &ctx.db().read, token, ctx.now()).await?;
    if account.is_none() {
        attempt.fail();
    }
    Ok(account.ok_or_else(invalid)?)
}

/// The account of the link with this token; `None` if the link cannot be used. The account is active, and is still below
/// the one that made the link: what both may do can have changed meanwhile.
async fn account_of(ctx: &Ctx, db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<Model>, Error> {
    let Some(link) = reset_links::store::find(db, token, now).await? else { return Ok(None) };
    let Some(row) = accounts::find(db, AccountId(link.account_id)).await? else { return Ok(None) };
    let is_allowed = accounts::lifecycle(&row).status(now) == AccountStatus::Active
        && match link.made_by {
            Some(maker) => may_still_make(ctx, db, AccountId(maker), &row, now).await?,
            None => true,
        };
    Ok(is_allowed.then_some(row))
}

/// Whether the account `maker` may make a link for the account of `row` at `now`.
async fn may_still_make(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    maker: AccountId,
    row: &Model,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(maker) = accounts::find(db, maker).await? else { return Ok(false) };
    let both = [accounts::account(&maker, now)?, accounts::account(row, now)?];
    let roles = settings::read(ctx, db).await?.role_permissions;
    let permissions = callers::permissions_of(db, roles, &both, now).await?;
    let [held, of_account] = both.each_ref().map(|one| permissions.get(&one.id).copied().unwrap_or_default());
    let [maker, _] = both;
    let is_active = maker.status == AccountStatus::Active;
    Ok(is_active && held.contains(Permission::PasswordsReset) && is_below(of_account, held))
}

/// The single answer for every link that cannot be used.
fn invalid() -> Failure {
    let why = "This link is wrong, used or older than an hour, or a newer one was made. Ask for a new one.";
    Failure::new(Code::ResetLinkInvalid, why)
}
