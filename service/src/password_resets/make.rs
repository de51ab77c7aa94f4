//! Making a link.

use domain::access::Permission;
use domain::accounts::Account;
use domain::events::Event;
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::password_resets::{LIFETIME, ResetLink, check_status};
use domain::{Failure, Timestamp};
use sea_orm::ConnectionTrait;

use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::members::managed_below;
use crate::platform::keyring::token_hash;
use crate::platform::tx;
use crate::reset_links::{entity::Model, store};
use crate::{Actor, Ctx, Error, mail};

/// Makes a link with which the password of an account that is below the actor's can be set. An earlier one becomes
/// invalid, and one that waits to be sent by e-mail is not made.
///
/// # Errors
/// [`domain::Code::Forbidden`], also if the account is not active; [`domain::Code::NotFound`].
pub async fn make(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<ResetLink, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Who signs in with the link can do all that the account may, which an API key must not give beyond its scope.
    let held = actor.effective();
    let account = managed_below(ctx, &tx, actor, Permission::PasswordsReset, held, id).await?;
    let link = insert(&tx, ctx, Originator::Actor(actor), &account, Some(actor.id()), now).await?;
    tx.commit().await?;
    Ok(link)
}

/// [`make`] on the command line, for an account of any role.
pub(crate) async fn make_as_operator(ctx: &Ctx, id: AccountId) -> Result<ResetLink, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = accounts::lock(&tx, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let account = accounts::account(&row, now)?;
    let link = insert(&tx, ctx, Originator::Operator, &account, None, now).await?;
    tx.commit().await?;
    Ok(link)
}

/// Makes a link for an account that is locked.
async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    originator: Originator<'_>,
    account: &Account,
    made_by: Option<AccountId>,
    now: Timestamp,
) -> Result<ResetLink, Error> {
    check_status(account.status)?;
    let (token, expires_at) = (ctx.randomness().token(), now.plus(LIFETIME));
    let link = Model {
        account_id: account.id.0,
        token_hash: token_hash(&token),
        created_at: now.as_micros(),
        expires_at: expires_at.as_micros(),
        made_by: made_by.map(|by| by.0),
    };
    mail::cancel(db, account.id, MailKind::PasswordReset).await?;
    store::replace(db, link).await?;
    audit::record(db, ctx, now, originator, &Event::ResetLinkMade { account: account.id }).await?;
    Ok(ResetLink { url: format!("{}/reset/{token}", ctx.public_url()), expires_at })
}
