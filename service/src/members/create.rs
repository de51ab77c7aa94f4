//! Creating accounts.

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::{Account, NewAccount, Role};
use domain::events::Event;
use domain::overview::DailyCounts;
use sea_orm::ConnectionTrait;

use super::edit::check_role;
use crate::accounts::store::{self, NewRow};
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::network::Network;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, attributes, callers, groups, settings};

/// Creates an approved account, with its attributes and in its groups.
///
/// # Errors
/// [`domain::Code::EmailTaken`], [`domain::Code::UsernameTaken`]; [`domain::Code::Invalid`] under `password` if it is
/// easy to guess, and under `groups` if one does not exist; [`domain::Code::Forbidden`] for a role with permissions
/// that are not fewer than the actor's, and for groups whose members the actor may not change.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewAccount) -> Result<Account, Error> {
    check_may_create(ctx, actor, new.role).await?;
    let password_hash = hash(ctx, actor.client.network(), &new).await?;

    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    groups::hold_all(&tx, &new.groups).await?;
    let creator = lock_creator(&tx, ctx, actor, new.role, now).await?;
    let account = insert(&tx, ctx, Originator::Actor(&creator), new, password_hash, now).await?;
    tx.commit().await?;
    Ok(account)
}

/// Checks that the actor may create accounts with a role.
///
/// # Errors
/// [`domain::Code::Forbidden`].
pub(crate) async fn check_may_create(ctx: &Ctx, actor: &Actor, role: Role) -> Result<(), Error> {
    actor.require(Permission::AccountsManage)?;
    let roles = settings::current(ctx).await?.role_permissions;
    Ok(check_role(actor.effective(), roles.of(role))?)
}

/// The actor with what it may do now, which can have changed while the password waited. Its account is locked until the
/// transaction ends.
///
/// # Errors
/// Those of [`check_may_create`]; [`domain::Code::Unauthenticated`] if its account has changed.
pub(crate) async fn lock_creator(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    role: Role,
    now: Timestamp,
) -> Result<Actor, Error> {
    let roles = settings::read(ctx, db).await?.role_permissions;
    let actor = callers::read_again(db, actor, roles, now).await?;
    actor.require(Permission::AccountsManage)?;
    check_role(actor.effective(), roles.of(role))?;
    Ok(actor)
}

/// The hash of the password of a new account, whose e-mail address and username are free.
///
/// # Errors
/// Those of [`create`] about the address, the username and the password.
pub(crate) async fn hash(ctx: &Ctx, network: Network, new: &NewAccount) -> Result<String, Error> {
    store::refuse_taken(&ctx.db().read, &new.email, &new.username).await?;
    let mut personal = vec![new.email.to_string(), new.username.to_string()];
    personal.extend(new.name.as_ref().map(ToString::to_string));
    let salt = ctx.randomness().bytes();
    ctx.passwords().check_and_hash(network, new.password.clone(), salt, personal).await
}

/// Inserts an approved account with all that belongs to it, for someone who may create one with its role. Its groups are
/// held ([`groups::hold_all`]). Must be the last step of the transaction, because it counts the account.
///
/// # Errors
/// Those of [`create`] about the address, the username and the groups.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    by: Originator<'_>,
    new: NewAccount,
    password_hash: String,
    now: Timestamp,
) -> Result<Account, Error> {
    let NewAccount { email, username, name, role, password: _, groups, attributes, ends_at } = new;
    let id = ctx.randomness().uuid(now);
    let row = NewRow { id, email, username, name, role, password_hash, approved: true, ends_at, activate_by: None };
    let account = insert_row(db, ctx, by, row, now).await?;
    if !attributes.is_empty() {
        attributes::store::set(db, account.id, &attributes).await?;
    }
    groups::admit(db, ctx, by, account.id, groups, now).await?;
    count_created(db, ctx, now).await?;
    Ok(account)
}

/// Inserts an approved account alone, for someone who may create one with its role. [`count_created`] counts it.
///
/// # Errors
/// Those of [`create`] about the address and the username.
pub(crate) async fn insert_row(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    by: Originator<'_>,
    row: NewRow,
    now: Timestamp,
) -> Result<Account, Error> {
    let role = row.role;
    let account = store::account(&store::insert(db, row, now).await?, now)?;
    audit::record(db, ctx, now, by, &Event::AccountCreated { account: account.id, role }).await?;
    Ok(account)
}

/// Counts an account that was created. Must be the last statement of the transaction.
pub(crate) async fn count_created(db: &impl ConnectionTrait, ctx: &Ctx, now: Timestamp) -> Result<(), Error> {
    counts::add(db, ctx, now, DailyCounts { accounts: 1, redemptions: 0 }).await
}
