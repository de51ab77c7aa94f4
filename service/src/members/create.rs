//! Creating accounts.

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::{Account, NewAccount};
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
/// [`domain::Code::EmailTaken`], [`domain::Code::UsernameTaken`]; [`domain::Code::Invalid`] under `password` if it is easy to
/// guess, and under `groups` if one does not exist; [`domain::Code::Forbidden`] for a role with permissions that are not fewer
/// than the actor's, and for groups whose members the actor may not change.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewAccount) -> Result<Account, Error> {
    actor.require(Permission::AccountsManage)?;
    let roles = settings::current(ctx).await?.role_permissions;
    check_role(actor.effective(), roles.of(new.role))?;
    let password_hash = hash(ctx, actor.client.network(), &new).await?;

    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // What the actor may do can have changed while the password waited.
    let author = callers::lock(&tx, actor, now).await?;
    let roles = settings::read(ctx, &tx).await?.role_permissions;
    let actor = &Actor { permissions: callers::permissions(&tx, roles, &author, now).await?, ..actor.clone() };
    actor.require(Permission::AccountsManage)?;
    check_role(actor.effective(), roles.of(new.role))?;
    let account = insert(&tx, ctx, Originator::Actor(actor), new, password_hash, now).await?;
    tx.commit().await?;
    Ok(account)
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
    Ok(ctx.passwords().check_and_hash(network, new.password.clone(), salt, personal).await?)
}

/// Inserts an approved account with all that belongs to it, for someone who may create one with its role.
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
    let row = NewRow { id, email, username, name, role, password_hash, approved: true, ends_at };
    let account = store::account(&store::insert(db, row, now).await?, now)?;
    if !attributes.is_empty() {
        attributes::store::set(db, account.id, &attributes).await?;
    }
    audit::record(db, ctx, now, by, &Event::AccountCreated { account: account.id, role }).await?;
    groups::admit(db, ctx, by, account.id, groups, now).await?;
    counts::add(db, ctx, now, DailyCounts { accounts: 1, redemptions: 0 }).await?;
    Ok(account)
}
