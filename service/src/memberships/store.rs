//! Queries over groups and memberships.

use std::collections::HashMap;

use domain::Timestamp;
use domain::access::{self, Permissions, RolePermissions};
use domain::accounts::{AccountStatus, Role};
use domain::endings::ENDS_SOON;
use domain::groups::{GroupRef, Membership};
use domain::ids::{AccountId, GroupId, RedemptionId};
use domain::text::GroupName;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{entity, group};
use crate::platform::inserts::Inserts;
use crate::{Error, accounts};

/// The condition that a membership has not ended.
pub(crate) fn lasts(now: Timestamp) -> Condition {
    let ends_at = entity::Column::EndsAt;
    Condition::any().add(ends_at.is_null()).add(ends_at.gt(now.as_micros()))
}

/// The condition that a membership ends soon. In the words of the index `memberships_ends`.
pub(crate) fn ends_soon(now: Timestamp) -> Condition {
    let ends_at = entity::Column::EndsAt;
    Condition::all()
        .add(Expr::cust("ends_at IS NOT NULL"))
        .add(ends_at.gt(now.as_micros()))
        .add(ends_at.lte(now.plus(ENDS_SOON).as_micros()))
}

/// What accounts may do: by their role and by their groups. Read with one query, or with none if no role is below
/// admin, because groups grant nothing to admins that they have not.
pub(crate) async fn permissions(
    db: &impl ConnectionTrait,
    roles: RolePermissions,
    accounts: impl IntoIterator<Item = (Uuid, Role)>,
    now: Timestamp,
) -> Result<HashMap<Uuid, Permissions>, DbErr> {
    let mut permissions: HashMap<Uuid, Permissions> = HashMap::new();
    let mut ids = Vec::new();
    for (id, role) in accounts {
        let of_role = roles.of(role);
        if !of_role.is_superset(access::grantable()) {
            ids.push(id);
        }
        permissions.insert(id, of_role);
    }
    if ids.is_empty() {
        return Ok(permissions);
    }
    let granted: Vec<(Uuid, String)> = entity::Entity::find()
        .select_only()
        .column(entity::Column::AccountId)
        .column(group::Column::Permissions)
        .inner_join(group::Entity)
        .filter(entity::Column::AccountId.is_in(ids))
        .filter(lasts(now))
        .filter(group::Column::Permissions.ne(""))
        .into_tuple()
        .all(db)
        .await?;
    for (id, names) in granted {
        if let Some(permissions) = permissions.get_mut(&id) {
            *permissions |= access::from_names(&names);
        }
    }
    Ok(permissions)
}

/// The groups of an account, by name.
pub(crate) async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Membership>, DbErr> {
    let rows = entity::Entity::find()
        .filter(entity::Column::AccountId.eq(account.0))
        .filter(lasts(now))
        .find_also_related(group::Entity)
        .order_by_asc(group::Column::NameFolded)
        .all(db)
        .await?;
    let membership = |(row, group): (entity::Model, Option<group::Model>)| {
        let group = group?;
        Some(Membership {
            permissions: access::from_names(&group.permissions),
            group: reference(group),
            is_manager: row.is_manager,
            joined_at: Timestamp::from_micros(row.created_at),
            ends_at: row.ends_at.map(Timestamp::from_micros),
        })
    };
    Ok(rows.into_iter().filter_map(membership).collect())
}

/// Those of `groups` that an account manages.
pub(crate) async fn managed(
    db: &impl ConnectionTrait,
    account: AccountId,
    groups: impl IntoIterator<Item = GroupId>,
    now: Timestamp,
) -> Result<Vec<GroupId>, DbErr> {
    let ids: Vec<Uuid> = groups.into_iter().map(|group| group.0).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let managed = managed_by(account, now).filter(entity::Column::GroupId.is_in(ids));
    Ok(managed.into_tuple::<Uuid>().all(db).await?.into_iter().map(GroupId).collect())
}

/// Which of these accounts manages which of `groups`, read with one query.
pub(crate) async fn managers(
    db: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = Uuid>,
    groups: impl IntoIterator<Item = GroupId>,
    now: Timestamp,
) -> Result<Vec<(Uuid, GroupId)>, DbErr> {
    let managers = entity::Entity::find()
        .select_only()
        .column(entity::Column::AccountId)
        .column(entity::Column::GroupId)
        .filter(entity::Column::AccountId.is_in(accounts))
        .filter(entity::Column::GroupId.is_in(groups.into_iter().map(|group| group.0)))
        .filter(entity::Column::IsManager.eq(true))
        .filter(lasts(now));
    let managers: Vec<(Uuid, Uuid)> = managers.into_tuple().all(db).await?;
    Ok(managers.into_iter().map(|(account, group)| (account, GroupId(group))).collect())
}

/// The most managers that [`managers_to_ask`] reads.
const MANAGERS_READ: u64 = 50;

/// The names of the first managers of `groups`, by username, besides `account`, at most `most` of each. Where more than
/// [`MANAGERS_READ`] manage the first of the groups, others may have none.
pub(crate) async fn managers_to_ask(
    db: &impl ConnectionTrait,
    account: AccountId,
    groups: &[GroupId],
    most: usize,
    now: Timestamp,
) -> Result<HashMap<GroupId, Vec<String>>, Error> {
    let mut names: HashMap<GroupId, Vec<String>> = HashMap::new();
    if groups.is_empty() {
        return Ok(names);
    }
    let managers = entity::Entity::find()
        .filter(entity::Column::GroupId.is_in(groups.iter().map(|group| group.0)))
        .filter(entity::Column::IsManager.eq(true))
        .filter(entity::Column::AccountId.ne(account.0))
        .filter(lasts(now))
        .find_also_related(accounts::entity::Entity)
        .filter(accounts::store::with_status(Some(AccountStatus::Active), now))
        .order_by_asc(entity::Column::GroupId)
        .order_by_asc(accounts::entity::Column::Username)
        .limit(MANAGERS_READ);
    for (row, manager) in managers.all(db).await? {
        let of_group = names.entry(GroupId(row.group_id)).or_default();
        if let Some(manager) = manager.filter(|_| of_group.len() < most) {
            of_group.push(accounts::store::account(&manager, now)?.display_name().to_owned());
        }
    }
    Ok(names)
}

/// Whether an account manages any group.
pub(crate) async fn manages_any(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<bool, DbErr> {
    Ok(managed_by(account, now).into_tuple::<Uuid>().one(db).await?.is_some())
}

/// Selects the ids of the groups that an account manages.
pub(crate) fn managed_by(account: AccountId, now: Timestamp) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find()
        .select_only()
        .column(entity::Column::GroupId)
        .filter(entity::Column::AccountId.eq(account.0))
        .filter(entity::Column::IsManager.eq(true))
        .filter(lasts(now))
}

/// The groups with these ids, in no order; without those that do not exist.
pub(crate) async fn find_all(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = GroupId>,
) -> Result<Vec<group::Model>, DbErr> {
    let mut ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    group::Entity::find().filter(group::Column::Id.is_in(ids)).all(db).await
}

/// References to these groups, read with one query.
pub(crate) async fn references(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = GroupId>,
) -> Result<HashMap<GroupId, GroupRef>, DbErr> {
    let groups = find_all(db, ids).await?;
    Ok(groups.into_iter().map(reference).map(|group| (group.id, group)).collect())
}

/// The reference to the group of a row.
pub(crate) fn reference(row: group::Model) -> GroupRef {
    GroupRef { id: GroupId(row.id), name: GroupName::stored(row.name) }
}

/// The groups of some accounts, each by name, read with one query.
pub(crate) async fn groups_of_accounts(
    db: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = AccountId>,
    now: Timestamp,
) -> Result<HashMap<AccountId, Vec<GroupRef>>, DbErr> {
    let ids: Vec<Uuid> = accounts.into_iter().map(|account| account.0).collect();
    let mut groups: HashMap<AccountId, Vec<GroupRef>> = HashMap::new();
    if ids.is_empty() {
        return Ok(groups);
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::AccountId.is_in(ids))
        .filter(lasts(now))
        .find_also_related(group::Entity)
        .order_by_asc(group::Column::NameFolded)
        .all(db)
        .await?;
    for (row, group) in rows {
        groups.entry(AccountId(row.account_id)).or_default().extend(group.map(reference));
    }
    Ok(groups)
}

/// Takes an account out of all its groups. Returns the number of memberships, also of those that had ended.
pub(crate) async fn leave_all(db: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    let all = entity::Entity::delete_many().filter(entity::Column::AccountId.eq(account.0));
    Ok(all.exec(db).await?.rows_affected)
}

/// Those of `groups` that an account is in.
pub(crate) async fn among(
    db: &impl ConnectionTrait,
    account: AccountId,
    groups: &[GroupId],
    now: Timestamp,
) -> Result<Vec<GroupId>, DbErr> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let rows = entity::Entity::find()
        .select_only()
        .column(entity::Column::GroupId)
        .filter(entity::Column::AccountId.eq(account.0))
        .filter(entity::Column::GroupId.is_in(groups.iter().map(|group| group.0)))
        .filter(lasts(now));
    Ok(rows.into_tuple::<Uuid>().all(db).await?.into_iter().map(GroupId).collect())
}

/// Those of `accounts` that are in a group.
pub(crate) async fn members_among(
    db: &impl ConnectionTrait,
    group: GroupId,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<Vec<AccountId>, DbErr> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let rows = entity::Entity::find()
        .select_only()
        .column(entity::Column::AccountId)
        .filter(entity::Column::GroupId.eq(group.0))
        .filter(entity::Column::AccountId.is_in(accounts.iter().map(|account| account.0)))
        .filter(lasts(now));
    Ok(rows.into_tuple::<Uuid>().all(db).await?.into_iter().map(AccountId).collect())
}

/// Adds an account to groups that it may be in, until `ends_at` if that is given. A membership that lasts stays as it
/// is, except that its end is moved if `ends_at` is later; one that has ended is begun anew.
pub(crate) async fn add(
    db: &impl ConnectionTrait,
    account: AccountId,
    groups: &[GroupId],
    membership: (Option<RedemptionId>, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), DbErr> {
    use entity::Column::{AccountId as Account, CreatedAt, EndsAt, GroupId as Group, IsManager, RedemptionId};
    if groups.is_empty() {
        return Ok(());
    }
    let kept = |column| Expr::col((entity::Entity, column));
    let added = |column| Expr::col((Alias::new("excluded"), column));
    let has_ended = || kept(EndsAt).is_not_null().and(kept(EndsAt).lte(now.as_micros()));
    let unless_ended = |column| Expr::case(has_ended(), added(column)).finally(kept(column));
    // Where one of the two has no end this is not true but null, and so is the end.
    let later = Expr::case(kept(EndsAt).gt(added(EndsAt)), kept(EndsAt))
        .case(kept(EndsAt).lte(added(EndsAt)), added(EndsAt))
        .finally(Expr::value(None::<i64>));
    let on_conflict = OnConflict::columns([Group, Account])
        .value(EndsAt, Expr::case(has_ended(), added(EndsAt)).finally(later))
        .value(IsManager, unless_ended(IsManager))
        .value(RedemptionId, unless_ended(RedemptionId))
        .value(CreatedAt, unless_ended(CreatedAt))
        .to_owned();
    let rows = rows(account, groups, membership, now);
    entity::Entity::insert_many(rows).on_conflict(on_conflict).exec_without_returning(db).await?;
    Ok(())
}

/// Adds a new account to groups, until `ends_at` if that is given.
pub(crate) fn join(
    inserts: &mut Inserts,
    account: AccountId,
    groups: &[GroupId],
    membership: (Option<RedemptionId>, Option<Timestamp>),
    now: Timestamp,
) {
    inserts.add(rows(account, groups, membership, now));
}

fn rows(
    account: AccountId,
    groups: &[GroupId],
    (redemption, ends_at): (Option<RedemptionId>, Option<Timestamp>),
    now: Timestamp,
) -> impl Iterator<Item = entity::ActiveModel> {
    groups.iter().map(move |group| entity::ActiveModel {
        group_id: Set(group.0),
        account_id: Set(account.0),
        is_manager: Set(false),
        ends_at: Set(ends_at.map(Timestamp::as_micros)),
        reminded_of: Set(None),
        redemption_id: Set(redemption.map(|redemption| redemption.0)),
        created_at: Set(now.as_micros()),
    })
}
