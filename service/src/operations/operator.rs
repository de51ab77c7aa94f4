//! Use cases of the command line. They check no permissions, because the operator has access to the data itself. Not
//! for requests.

use domain::accounts::{Account, AccountStatus, NewAccount, Password};
use domain::events::Event;
use domain::ids::{AccountId, InviteId, KeyId};
use domain::invites::InviteCode;
use domain::keys::{KeyScope, NewApiKey};
use domain::password_resets::ResetLink;
use domain::text::KeyName;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::accounts::entity as account_rows;
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::invites::store as invites;
use crate::keys::entity as api_keys;
use crate::platform::keyring::token_hash;
use crate::platform::network::Network;
use crate::platform::search;
use crate::platform::tx;
use crate::{
    Actor, Client, Ctx, Error, Via, callers, groups, keys, members, password_resets, reset_links, sessions,
    verification,
};

/// Creates an approved account with any role, in any groups.
///
/// # Errors
/// Those of [`members::create`], except that nothing is forbidden.
pub async fn create_account(ctx: &Ctx, new: NewAccount) -> Result<Account, Error> {
    let password_hash = members::hash(ctx, Network::Unknown, &new).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    groups::hold_all(&tx, &new.groups).await?;
    let account = members::insert(&tx, ctx, Originator::Operator, new, password_hash, now).await?;
    tx.commit().await?;
    Ok(account)
}

/// Sets the password of an account, ends all its sessions and, if `revoke_keys`, revokes its API keys. Tells its address.
pub async fn set_password(ctx: &Ctx, account: &str, password: Password, revoke_keys: bool) -> Result<(), Error> {
    let found = named(ctx, account).await?;
    let id = AccountId(found.id);
    let (salt, personal) = (ctx.randomness().bytes(), accounts::personal_words(&found));
    let hash = ctx.passwords().check_and_hash(Network::Unknown, password, salt, personal).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = accounts::lock(&tx, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let ended = sessions::set_password(&tx, ctx, &row, hash, None, revoke_keys, now).await?;
    let event = Event::PasswordSet { account: id, sessions_ended: ended.sessions, keys_revoked: ended.keys };
    audit::record(&tx, ctx, now, Originator::Operator, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a link with which the password of an account can be set, also of one of an owner.
///
/// # Errors
/// Those of [`password_resets::make`], except that every account that is active may have one.
pub async fn make_reset_link(ctx: &Ctx, account: &str) -> Result<ResetLink, Error> {
    let id = find_account(ctx, account).await?;
    password_resets::make_as_operator(ctx, id).await
}

/// Marks the address of an account as verified, which is given by its username or id: it has no address before. Returns its
/// status afterwards.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::EmailTaken`] if another account has the address.
pub async fn mark_verified(ctx: &Ctx, account: &str) -> Result<AccountStatus, Error> {
    let id = find_account(ctx, account).await?;
    verification::mark_verified_as_operator(ctx, id).await
}

/// Hands the ownership of the first owner over to an account. Returns the number of invites that were paused.
pub async fn transfer_ownership(ctx: &Ctx, to: &str) -> Result<u64, Error> {
    let (actor, to) = (act_as(ctx, None).await?, find_account(ctx, to).await?);
    members::transfer(ctx, &actor, to).await
}

/// The account with this e-mail address, username or id.
pub async fn find_account(ctx: &Ctx, account: &str) -> Result<AccountId, Error> {
    Ok(AccountId(named(ctx, account).await?.id))
}

/// The invite with this id, code or link, deleted or not.
pub async fn find_invite(ctx: &Ctx, invite: &str) -> Result<InviteId, Error> {
    let db = &ctx.db().read;
    // An id could be a code, too.
    if let Ok(id) = invite.trim().parse::<InviteId>()
        && invites::find(db, id).await?.is_some()
    {
        return Ok(id);
    }
    let found = match InviteCode::pasted(invite) {
        Some(code) => invites::find_by_code(db, ctx, &code).await?,
        None => None,
    };
    // What was typed is not repeated, because it may be a code of another installation.
    let unknown = || Failure::new(Code::NotFound, "No invite has this id, code or link.");
    Ok(found.map(|row| InviteId(row.id)).ok_or_else(unknown)?)
}

/// Creates an API key for an account.
///
/// # Errors
/// [`Code::Invalid`] under `expires_at` when that has passed.
pub async fn create_key(
    ctx: &Ctx,
    account: &str,
    name: KeyName,
    scope: KeyScope,
    expires_at: Option<Timestamp>,
) -> Result<NewApiKey, Error> {
    let account = named(ctx, account).await?;
    let now = ctx.now();
    keys::check_end(expires_at, now)?;
    let tx = tx::begin(ctx).await?;
    let new = keys::insert(&tx, ctx, AccountId(account.id), name, scope, expires_at, now).await?;
    audit::record(&tx, ctx, now, Originator::Operator, &Event::KeyCreated { api_key: new.key.id }).await?;
    tx.commit().await?;
    Ok(new)
}

/// Revokes an API key, given by its secret or its id.
pub async fn revoke_key(ctx: &Ctx, secret_or_id: &str) -> Result<(), Error> {
    let which = match secret_or_id.parse::<KeyId>() {
        Ok(id) => Condition::all().add(api_keys::Column::Id.eq(id.0)),
        Err(_) => Condition::all().add(api_keys::Column::KeyHash.eq(token_hash(secret_or_id))),
    };
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let found = api_keys::Entity::find().filter(which.clone()).one(&tx).await?;
    let found = found.ok_or_else(|| Failure::not_found("key"))?;
    if keys::mark_revoked(&tx, which, now).await? {
        reset_links::store::delete_made_by(&tx, AccountId(found.account_id)).await?;
        let event = Event::KeyRevoked { api_key: KeyId(found.id) };
        audit::record(&tx, ctx, now, Originator::Operator, &event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes the next start rebuild the index of the search.
pub async fn forget_search_index(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    search::forget(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// The actor for a command: the given account, or the first owner that is active.
pub async fn act_as(ctx: &Ctx, account: Option<&str>) -> Result<Actor, Error> {
    let account = match account {
        Some(account) => named(ctx, account).await?,
        None => account_rows::Entity::find()
            .filter(Expr::cust("role = 'owner'"))
            .filter(accounts::with_status(Some(AccountStatus::Active), ctx.now()))
            .order_by_asc(account_rows::Column::CreatedAt)
            .one(&ctx.db().read)
            .await?
            .ok_or_else(|| {
                Failure::new(
                    Code::NotFound,
                    "There is no active owner. Open the setup link, or create an account first.",
                )
            })?,
    };
    let (actor, account) = callers::actor(ctx, &account, Via::Operator, KeyScope::Full, Client::default()).await?;
    if account.status != AccountStatus::Active {
        return Err(Failure::new(Code::Forbidden, "This account is not active.").into());
    }
    Ok(actor)
}

async fn named(ctx: &Ctx, name: &str) -> Result<account_rows::Model, Error> {
    let db = &ctx.db().read;
    // Also an id without dashes, which could be a username.
    if let Ok(id) = name.trim().parse::<AccountId>()
        && let Some(account) = accounts::find(db, id).await?
    {
        return Ok(account);
    }
    // The address of one that waits to be verified may be that of somebody else.
    let unknown = || format!("No account has the e-mail address, username or id \u{201C}{name}\u{201D}.");
    Ok(accounts::find_by_login(db, name).await?.ok_or_else(|| Failure::new(Code::NotFound, unknown()))?)
}
