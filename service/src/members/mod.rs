//! Members: accounts as staff see and suspend them.

use domain::access::{Permission, Permissions, is_below};
use domain::accounts::{Account, AccountLifecycle, AccountRow, AccountStatus, AccountsChanged, Role};
use domain::approvals::{DecisionMade, DecisionNote};
use domain::events::Event;
use domain::ids::AccountId;
use domain::members::MemberDetail;
use domain::verification::ACTIVATION_LASTS;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use crate::accounts::entity::ActiveModel;
use crate::accounts::store;
use crate::audit::{self, Originator};
use crate::mail::{self, Contents, NewMail};
use crate::platform::tx;
use crate::redemptions::store::SignedUpWith;
use crate::redemptions::uses;
use crate::sessions::end_access;
use crate::{Actor, Ctx, Error, Via, attributes, callers, flows, groups, invites, memberships, redemptions, settings};

mod create;
mod delete;
mod edit;
mod list;
mod ownership;
#[cfg(test)]
mod tests;

pub use create::create;
pub(crate) use create::{check_may_create, count_created, hash, insert, insert_row, lock_creator};
pub use delete::delete;
pub(crate) use delete::erase;
pub(crate) use edit::update_managed;
pub use edit::{set_ends, update};
pub use list::{attributes_of, browse, counts, groups_of, list};
pub(crate) use ownership::transfer;
pub use ownership::transfer_ownership;

/// One account, with the invite it signed up with, and what it may do.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<MemberDetail, Error> {
    actor.require(Permission::AccountsView)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let row = store::find(db, id).await?.ok_or_else(|| Failure::not_found("member"))?;
    let account = store::account(&row, now)?;
    let signed_up = redemptions::store::signed_up_with(ctx, [id.0]).await?.remove(&id.0);
    let role_permissions = settings::current(ctx).await?.role_permissions.of(account.role);
    let groups = memberships::store::of_account(db, id, now).await?;
    let permissions = groups.iter().fold(role_permissions, |all, of| all | of.permissions);
    let by = store::references(db, row.decided_by).await?.into_values().next();
    let note = row.decision_note.as_deref().and_then(|note| DecisionNote::parse(note).ok());
    let decision = by.map(|by| DecisionMade { by, note });
    let attributes = attributes::store::of_account(db, id).await?;
    Ok(MemberDetail {
        row: account_row(actor, account, permissions, signed_up),
        role_permissions,
        removable_from: groups::removable(db, actor, id, &groups, now).await?,
        groups,
        attributes,
        decision,
        flow: flows::of_account(db, id).await?,
    })
}

/// An account as the actor may see it, with the invite it signed up with.
fn account_row(
    actor: &Actor,
    account: Account,
    permissions: Permissions,
    signed_up: Option<SignedUpWith>,
) -> AccountRow {
    let (mut invite, inviter) = signed_up.map(|with| (with.invite, with.author)).unzip();
    if let Some(invite) = &mut invite {
        actor.hide_code_of(invite);
    }
    let is_lower = is_lower(actor, &account, permissions);
    AccountRow {
        can_manage: is_lower && actor.may(Permission::AccountsManage),
        can_decide: is_lower && actor.may(Permission::ApprovalsDecide),
        can_group: actor.may(Permission::GroupsManage),
        can_reset: is_lower && actor.may(Permission::PasswordsReset) && account.status == AccountStatus::Active,
        can_verify: is_lower && actor.may(Permission::AccountsManage) && account.status == AccountStatus::Unverified,
        can_own: can_hand_over(actor)
            && account.id != actor.id()
            && account.status == AccountStatus::Active
            && account.role != Role::Owner,
        account,
        invite,
        inviter,
    }
}

/// Whether the actor may hand ownership over: an owner who is signed in, because the password is asked for.
fn can_hand_over(actor: &Actor) -> bool {
    actor.active && actor.role == Role::Owner && matches!(actor.via, Via::Session(_))
}

/// Suspends an account that is active, or waits for its address to be verified: its sessions end, its API keys are revoked,
/// and its invites are paused. Does nothing to an account with another status. Returns the status afterwards.
///
/// # Errors
/// [`Code::Forbidden`], also for an account that waits for approval as well, which would be declined by it.
pub async fn suspend(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    let status = suspend_managed(&tx, ctx, actor, &account, now).await?;
    tx.commit().await?;
    Ok(status)
}

/// The same for an account that is locked, and that the actor may manage, in the transaction of the caller.
pub(crate) async fn suspend_managed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    account: &Account,
    now: Timestamp,
) -> Result<AccountStatus, Error> {
    if !matches!(account.status, AccountStatus::Active | AccountStatus::Unverified) {
        return Ok(account.status);
    }
    if account.approved_at.is_none() {
        let why = "This account waits for its address to be verified, and then for approval, so that it can't be \
             suspended. Delete it, or decline it once its address is verified.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    let id = account.id;
    let after = AccountLifecycle { suspended_at: Some(now), ..account.lifecycle() };
    store::update(db, id, store::lifecycle_columns(after, now)).await?;
    let keys_revoked = end_access(db, ctx, id, None, true, now).await?.keys;
    let invites_paused = invites::store::pause_all_by(db, id, now).await?;
    let event = Event::AccountSuspended { account: id, invites_paused, keys_revoked };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    Ok(after.status(now))
}

/// Lifts a suspension, or puts a declined account back to pending approval, which claims the uses of its invites again.
/// Sessions and API keys from before do not work again, and invites that were paused stay paused. Does nothing to an
/// account with another status. Returns the status afterwards.
///
/// # Errors
/// [`Code::InviteUsedUp`] if others have used the invite of a declined account since.
pub async fn restore(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    put_back(ctx, actor, Permission::AccountsManage, id, |_| true).await
}

/// [`restore`] for those who have the permission, if the account has such a status.
pub(crate) async fn put_back(
    ctx: &Ctx,
    actor: &Actor,
    permission: Permission,
    id: AccountId,
    such: impl Fn(AccountStatus) -> bool,
) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    uses::hold(&tx, id).await?;
    let account = managed(ctx, &tx, actor, permission, id).await?;
    let mut status = account.status;
    if such(status) {
        status = restore_managed(&tx, ctx, actor, &account, now).await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// [`restore`] for an account that is locked, and that the actor may manage, in the transaction of the caller. For a
/// declined one, its invites are held as well.
pub(crate) async fn restore_managed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    account: &Account,
    now: Timestamp,
) -> Result<AccountStatus, Error> {
    if account.suspended_at.is_none() {
        return Ok(account.status);
    }
    let id = account.id;
    let after = AccountLifecycle { suspended_at: None, ..account.lifecycle() };
    let mut change = store::lifecycle_columns(after, now);
    if account.status == AccountStatus::Declined {
        uses::claim_again(db, account, now).await?;
        // The decision is taken back.
        (change.decided_by, change.decision_note) = (Set(None), Set(None));
    }
    store::update(db, id, change).await?;
    // A suspension by an earlier version did not revoke the keys.
    let keys_revoked = end_access(db, ctx, id, None, true, now).await?.keys;
    let status = after.status(now);
    renew_link(db, ctx, &Account { status, ..account.clone() }, now).await?;
    let event = Event::AccountRestored { account: id, keys_revoked };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    Ok(status)
}

/// Has a new link sent to an account that waits for its address to be verified still, because the end of its access made the
/// one before void. It lapses no sooner than the new one. Returns when it lapses, if it does.
async fn renew_link(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: &Account,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let Some(before) = account.activate_by.filter(|_| account.status == AccountStatus::Unverified) else {
        return Ok(account.activate_by);
    };
    let activate_by = before.max(now.plus(ACTIVATION_LASTS));
    let change = ActiveModel { activate_by: Set(Some(activate_by.as_micros())), ..ActiveModel::default() };
    store::update(db, account.id, change).await?;
    let letter = NewMail { to: account.email.clone(), account: Some(account.id), contents: Contents::Activation };
    mail::queue(db, ctx, vec![letter], now).await?;
    Ok(Some(activate_by))
}

/// Counts what became of one of several accounts: whether it was changed. What is refused for one leaves the others.
pub(crate) fn count(outcome: &mut AccountsChanged, one: Result<bool, Error>) -> Result<(), Error> {
    let count = match one {
        Ok(true) => &mut outcome.changed,
        Ok(false) => &mut outcome.unchanged,
        Err(Error::Failure(failure)) if failure.code != Code::Unavailable => &mut outcome.refused,
        Err(error) => return Err(error),
    };
    *count += 1;
    Ok(())
}

/// The account `id`, locked until the transaction ends, if the actor has the permission and the account has fewer.
pub(crate) async fn managed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: AccountId,
) -> Result<Account, Error> {
    managed_below(ctx, db, actor, permission, actor.permissions, id).await
}

/// The same, if the account has fewer permissions than `held`.
pub(crate) async fn managed_below(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    held: Permissions,
    id: AccountId,
) -> Result<Account, Error> {
    actor.require(permission)?;
    let now = ctx.now();
    let row = store::lock(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let account = store::account(&row, now)?;
    if account.id == actor.id() {
        return Err(Failure::new(Code::Forbidden, "You can't do this to your own account.").into());
    }
    let roles = settings::read(ctx, db).await?.role_permissions;
    let permissions = callers::permissions(db, roles, &account, now).await?;
    if !is_below(permissions, held) {
        let why = "You can only manage accounts with fewer permissions than yours.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    Ok(account)
}

/// Whether the account, which has `permissions`, is below that of the actor: it has fewer permissions, and is not its
/// own. Owners manage admins; nobody manages an owner.
fn is_lower(actor: &Actor, account: &Account, permissions: Permissions) -> bool {
    account.id != actor.id() && is_below(permissions, actor.permissions)
}
