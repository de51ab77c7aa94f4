//! The authenticated caller of an account: what it may do now.

use std::collections::HashMap;

use domain::Timestamp;
use domain::access::{Permissions, RolePermissions};
use domain::accounts::{Account, AccountStatus};
use domain::ids::AccountId;
use domain::keys::KeyScope;
use domain::{Code, Failure};
use sea_orm::ConnectionTrait;

use crate::accounts::entity::Model;
use crate::accounts::store as accounts;
use crate::{Actor, Client, Ctx, Error, Via, memberships, settings};

/// The caller with the account of `row`.
pub(crate) async fn actor(
    ctx: &Ctx,
    row: &Model,
    via: Via,
    scope: KeyScope,
    client: Client,
) -> Result<(Actor, Account), Error> {
    let account = accounts::account(row, ctx.now())?;
    let permissions = match account.status {
        AccountStatus::Active => {
            let roles = settings::current(ctx).await?.role_permissions;
            permissions(&ctx.db().read, roles, &account, ctx.now()).await?
        }
        _ => Permissions::empty(),
    };
    let actor = Actor {
        account: account.reference(),
        role: account.role,
        via,
        client,
        active: account.status == AccountStatus::Active,
        permissions,
        scope,
        auth_epoch: row.auth_epoch,
    };
    Ok((actor, account))
}

/// The caller that an account would be now, for what is done for it later; `None` if it is not active. `roles` says what roles
/// grant.
pub(crate) async fn absent(
    db: &impl ConnectionTrait,
    id: AccountId,
    via: Via,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Option<Actor>, Error> {
    let Some(row) = accounts::find(db, id).await? else { return Ok(None) };
    let account = accounts::account(&row, now)?;
    if account.status != AccountStatus::Active {
        return Ok(None);
    }
    Ok(Some(Actor {
        permissions: permissions(db, roles, &account, now).await?,
        account: account.reference(),
        role: account.role,
        via,
        client: Client::default(),
        active: true,
        scope: KeyScope::Full,
        auth_epoch: row.auth_epoch,
    }))
}

/// The account of the caller, locked until the transaction ends, as it is after a wait. For what needs a permission.
///
/// # Errors
/// [`Code::Unauthenticated`] if its password, its role or its status has changed since the caller was authenticated.
pub(crate) async fn lock(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<Account, Error> {
    let account = lock_own(db, actor, now).await?;
    if account.status == AccountStatus::Active { Ok(account) } else { Err(changed().into()) }
}

/// The caller with what it may do now, which may have changed since it was authenticated. `roles` says what roles grant. Its
/// account is locked until the transaction ends.
///
/// # Errors
/// Those of [`lock`].
pub(crate) async fn read_again(
    db: &impl ConnectionTrait,
    actor: &Actor,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Actor, Error> {
    let account = lock(db, actor, now).await?;
    Ok(Actor { permissions: permissions(db, roles, &account, now).await?, ..actor.clone() })
}

/// [`lock`] for what everybody may do with their own account, also one that is pending approval.
///
/// # Errors
/// Those of [`lock`]; [`Code::EmailUnverified`] for one that waits for its address to be verified.
pub(crate) async fn lock_own(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<Account, Error> {
    let row = accounts::lock(db, actor.id()).await?.filter(|row| row.auth_epoch == actor.auth_epoch);
    let account = row.map(|row| accounts::account(&row, now)).transpose()?;
    let account = account.filter(|account| account.status.may_sign_in()).ok_or_else(changed)?;
    refuse_unverified(&account)?;
    Ok(account)
}

/// Refuses an account that waits for its address to be verified.
pub(crate) fn refuse_unverified(account: &Account) -> Result<(), Failure> {
    if account.status == AccountStatus::Unverified { Err(Failure::email_unverified()) } else { Ok(()) }
}

/// The account of a caller that waits for its address to be verified, locked until the transaction ends.
///
/// # Errors
/// [`Code::NotFound`] if it does not wait; [`Code::Unauthenticated`] as in [`lock`].
pub(crate) async fn lock_unverified(
    db: &impl ConnectionTrait,
    actor: &Actor,
    now: Timestamp,
) -> Result<Account, Error> {
    let row = accounts::lock(db, actor.id()).await?.filter(|row| row.auth_epoch == actor.auth_epoch);
    let account = accounts::account(&row.ok_or_else(changed)?, now)?;
    match account.status {
        AccountStatus::Unverified => Ok(account),
        status if status.may_sign_in() => Err(Failure::new(Code::NotFound, "Your e-mail address is verified.").into()),
        _ => Err(changed().into()),
    }
}

fn changed() -> Failure {
    Failure::new(Code::Unauthenticated, "Your password or account has changed. Sign in again.")
}

/// What an account may do by its role and its groups, whatever its status.
pub(crate) async fn permissions(
    db: &impl ConnectionTrait,
    roles: RolePermissions,
    account: &Account,
    now: Timestamp,
) -> Result<Permissions, Error> {
    let mut found = permissions_of(db, roles, std::slice::from_ref(account), now).await?;
    Ok(found.remove(&account.id).unwrap_or_default())
}

/// The same for several accounts, read with one query.
pub(crate) async fn permissions_of(
    db: &impl ConnectionTrait,
    roles: RolePermissions,
    accounts: &[Account],
    now: Timestamp,
) -> Result<HashMap<AccountId, Permissions>, Error> {
    let accounts = accounts.iter().map(|account| (account.id.0, account.role));
    let found = memberships::store::permissions(db, roles, accounts, now).await?;
    Ok(found.into_iter().map(|(id, permissions)| (AccountId(id), permissions)).collect())
}
