//! Creating accounts, and changing who they are and what role they have.

use domain::access::{Permission, Permissions, is_below};
use domain::accounts::{Account, AccountDraft, AccountTerms, AccountsChanged, NewAccount, Role};
use domain::events::Event;
use domain::ids::AccountId;
use domain::overview::DailyCounts;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::ConnectionTrait;

use super::managed;
use crate::accounts::store::{self, NewRow};
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::tx;
use crate::sessions::end_access;
use crate::{Actor, Ctx, Error, attributes, callers, invites, memberships, settings};

/// Creates an approved account.
///
/// # Errors
/// [`Code::EmailTaken`], [`Code::UsernameTaken`]; [`Code::Invalid`] under `password` if it is easy to guess;
/// [`Code::Forbidden`] for a role with permissions that are not fewer than the actor's.
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewAccount) -> Result<Account, Error> {
    check_may_create(ctx, actor, new.role).await?;
    store::refuse_taken(&ctx.db().read, &new.email, &new.username).await?;
    let mut personal = vec![new.email.to_string(), new.username.to_string()];
    personal.extend(new.name.as_ref().map(ToString::to_string));
    let (network, salt) = (actor.client.network(), ctx.randomness().bytes());
    let password_hash = ctx.passwords().check_and_hash(network, new.password, salt, personal).await?;

    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = NewRow {
        id: ctx.randomness().uuid(now),
        email: new.email,
        username: new.username,
        name: new.name,
        role: new.role,
        password_hash,
        approved: true,
        ends_at: None,
    };
    let account = insert(&tx, ctx, actor, row, now).await?;
    tx.commit().await?;
    Ok(account)
}

/// Checks that the actor may create accounts with a role.
pub(crate) async fn check_may_create(ctx: &Ctx, actor: &Actor, role: Role) -> Result<(), Error> {
    actor.require(Permission::AccountsManage)?;
    let roles = settings::current(ctx).await?.role_permissions;
    Ok(check_role(actor.effective(), roles.of(role))?)
}

/// Inserts an account in the transaction of the caller.
///
/// # Errors
/// As those of [`create`].
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    row: NewRow,
    now: Timestamp,
) -> Result<Account, Error> {
    // What the actor may do can have changed while the password waited.
    let author = callers::lock(db, actor, now).await?;
    let roles = settings::read(ctx, db).await?.role_permissions;
    let actor = &Actor { permissions: callers::permissions(db, roles, &author, now).await?, ..actor.clone() };
    actor.require(Permission::AccountsManage)?;
    check_role(actor.effective(), roles.of(row.role))?;
    let role = row.role;
    let account = store::account(&store::insert(db, row, now).await?, now)?;
    let event = Event::AccountCreated { account: account.id, role };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    counts::add(db, ctx, now, DailyCounts { accounts: 1, redemptions: 0 }).await?;
    Ok(account)
}

/// Changes the e-mail address, the username, the display name, the role, the end or the attributes of an account that is below
/// the actor's. With another role its sessions end; with one that has fewer permissions its invites are paused.
///
/// # Errors
/// [`Code::Invalid`] under each wrong field; [`Code::EmailTaken`], [`Code::UsernameTaken`]; [`Code::Forbidden`].
pub async fn update(ctx: &Ctx, actor: &Actor, id: AccountId, draft: AccountDraft) -> Result<Account, Error> {
    Ok(update_one(ctx, actor, id, draft).await?.0)
}

/// Sets when several accounts end, one after the other: one that cannot be changed leaves the others. `None` is never.
pub async fn set_ends(
    ctx: &Ctx,
    actor: &Actor,
    accounts: Vec<AccountId>,
    ends_at: Option<Timestamp>,
) -> Result<AccountsChanged, Error> {
    actor.require(Permission::AccountsManage)?;
    let ends_at = Patch::from(ends_at.map(Timestamp::to_rfc3339));
    let (ours, actor) = (ctx.clone(), actor.clone());
    // Also if the client disconnects meanwhile.
    ctx.detached(async move {
        let mut outcome = AccountsChanged::default();
        for id in accounts {
            let draft = AccountDraft { ends_at: ends_at.clone(), ..AccountDraft::default() };
            let updated = update_one(&ours, &actor, id, draft).await;
            super::count(&mut outcome, updated.map(|(_, changed)| changed))?;
        }
        Ok(outcome)
    })
    .await
}

/// [`update`], which also returns whether the account was changed.
async fn update_one(ctx: &Ctx, actor: &Actor, id: AccountId, draft: AccountDraft) -> Result<(Account, bool), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    let updated = update_managed(&tx, ctx, actor, account, draft, now).await?;
    tx.commit().await?;
    Ok(updated)
}

/// The same for an account that is locked, and that the actor may manage, in the transaction of the caller.
pub(crate) async fn update_managed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    account: Account,
    draft: AccountDraft,
    now: Timestamp,
) -> Result<(Account, bool), Error> {
    let id = account.id;
    let current = AccountTerms::of(&account);
    let (terms, attributes) = draft.apply(current.clone(), now)?;
    if terms.role != current.role {
        let roles = settings::read(ctx, db).await?.role_permissions;
        // What its groups grant stays.
        let groups = memberships::store::of_account(db, id, now).await?;
        check_role(actor.effective(), groups.iter().fold(roles.of(terms.role), |all, of| all | of.permissions))?;
        let loses = !roles.of(terms.role).is_superset(roles.of(current.role));
        let invites_paused = if loses { invites::store::pause_all_by(db, id, now).await? } else { 0 };
        let sessions_ended = end_access(db, ctx, id, None, false, now).await?.sessions;
        let event = Event::AccountRoleChanged { account: id, role: terms.role, invites_paused, sessions_ended };
        audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let mut changed = current.changed(&terms);
    if let Some(attributes) = attributes
        && attributes != attributes::store::of_account(db, id).await?
    {
        attributes::store::set(db, id, &attributes).await?;
        changed.push("attributes".to_owned());
    }
    let same = changed.is_empty() && terms == current;
    if !changed.is_empty() {
        audit::record(db, ctx, now, Originator::Actor(actor), &Event::AccountUpdated { account: id, changed }).await?;
    }
    let row = if same { None } else { Some(store::set_terms(db, id, terms, now).await?) };
    row.map_or(Ok((account, false)), |row| Ok((store::account(&row, now)?, true)))
}

/// Checks that an account with the permissions `given` is below a caller with `held`, who makes it one.
fn check_role(held: Permissions, given: Permissions) -> Result<(), Failure> {
    if is_below(given, held) {
        return Ok(());
    }
    Err(Failure::field(Code::Forbidden, "role", "You can only give roles with fewer permissions than yours."))
}
