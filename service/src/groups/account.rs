//! Groups as one account is in them: which it joins when it is created, and from which the caller may remove it.

use domain::access::Permission;
use domain::events::Event;
use domain::groups::Membership;
use domain::ids::{AccountId, GroupId};
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{managed_among, member_changer, store};
use crate::audit::{self, Originator};
use crate::memberships::store as memberships;
use crate::{Actor, Ctx, Error};

/// Keeps groups from being deleted until the transaction ends, for [`admit`]. Must be called before an account is locked or
/// inserted: what adds members holds the group before it locks their accounts, and with another order two transactions
/// would wait for each other.
pub(crate) async fn hold_all(db: &impl ConnectionTrait, groups: &[GroupId]) -> Result<(), Error> {
    Ok(store::hold_all(db, groups).await?)
}

/// Adds a new account to groups, which are held ([`hold_all`]), and whose members an actor may change, as
/// [`super::add_members`] does; an operator may change those of every group.
///
/// # Errors
/// Under `groups`: [`Code::Invalid`] if one does not exist, [`Code::Forbidden`].
pub(crate) async fn admit(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    by: Originator<'_>,
    account: AccountId,
    groups: Vec<GroupId>,
    now: Timestamp,
) -> Result<(), Error> {
    for group in &groups {
        match by {
            Originator::Actor(actor) => member_changer(ctx, db, actor, *group).await.map(|_| ()).map_err(of_groups)?,
            _ => store::hold(db, *group).await?.map(|_| ()).ok_or_else(Failure::group_missing)?,
        }
    }
    memberships::add(db, account, &groups, (None, None), now).await?;
    let added = |group| Event::GroupMembersAdded { group, accounts: vec![account], is_manager: false, ends_at: None };
    audit::record_all(db, ctx, now, by, &groups.into_iter().map(added).collect::<Vec<_>>()).await
}

/// The failure of one group as that of the choice of several.
fn of_groups(error: Error) -> Error {
    match error {
        Error::Failure(failure) if failure.code == Code::NotFound => Failure::group_missing().into(),
        Error::Failure(failure) if failure.code == Code::Forbidden => {
            Failure::field(failure.code, "groups", failure.message).into()
        }
        error => error,
    }
}

/// Those of the groups of an account from which the actor may remove it: what [`super::remove_members`] checks.
pub(crate) async fn removable(
    db: &impl ConnectionTrait,
    actor: &Actor,
    account: AccountId,
    groups: &[Membership],
    now: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    if actor.may(Permission::GroupsManage) {
        let effective = actor.effective();
        let may_change = |of: &&Membership| of.permissions.is_subset(effective);
        return Ok(groups.iter().filter(may_change).map(|of| of.group.id).collect());
    }
    let may_leave = |of: &&Membership| !of.is_manager || account == actor.id();
    managed_among(db, actor, groups.iter().filter(may_leave).map(|of| of.group.id), now).await
}

/// Whether there may be groups to which the actor can add accounts.
pub(crate) async fn adds_members(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<bool, Error> {
    if actor.may(Permission::GroupsManage) {
        return Ok(true);
    }
    let in_scope = actor.active && actor.is_in_scope(Permission::GroupsManage);
    Ok(in_scope && memberships::manages_any(db, actor.id(), now).await?)
}
