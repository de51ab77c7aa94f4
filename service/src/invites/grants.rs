//! What an invite grants, checked against what its author may grant.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::access::{Permissions, RolePermissions, from_names};
use domain::accounts::{AccountStatus, Role};
use domain::ids::{AccountId, GroupId};
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::entity::Model;
use super::terms::{group_ids, role};
use crate::access::{Author, Grant, check_grant};
use crate::accounts::store as accounts;
use crate::memberships::store as memberships;
use crate::{Error, callers};

/// Checks that an author with these permissions may grant a role and groups. Returns whether the author may because of the
/// groups it manages: there are some, and it manages each.
///
/// # Errors
/// [`Code::Invalid`] under `groups` if one does not exist; [`Code::Forbidden`].
pub(super) async fn check(
    db: &impl ConnectionTrait,
    (author, permissions): (AccountId, Permissions),
    (role, groups): (Role, &[GroupId]),
    roles: RolePermissions,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows = memberships::find_all(db, groups.iter().copied()).await?;
    if rows.len() != groups.len() {
        return Err(Failure::group_missing().into());
    }
    let manages_all = !groups.is_empty()
        && memberships::managed(db, author, groups.iter().copied(), now).await?.len() == groups.len();
    let of_groups = rows.iter().fold(Permissions::empty(), |all, row| all | from_names(&row.permissions));
    check_grant(Author { permissions, manages_all }, Grant { role, of_groups, has_groups: !groups.is_empty() }, roles)?;
    Ok(manages_all)
}

/// What a role and groups give beyond what every member may do.
pub(super) async fn beyond_members(
    db: &impl ConnectionTrait,
    (role, groups): (Role, &[GroupId]),
    roles: RolePermissions,
) -> Result<Permissions, Error> {
    let rows = memberships::find_all(db, groups.iter().copied()).await?;
    let granted = rows.iter().fold(roles.of(role), |all, row| all | from_names(&row.permissions));
    Ok(granted - roles.user)
}

pub(super) fn author_inactive() -> Failure {
    Failure::new(Code::Forbidden, "The account that created this invite is not active.")
}

/// What the authors of some invites may grant: [`super::check_author`] for many, with a few queries whatever their number.
pub(super) struct Granting {
    /// The authors that are active.
    authors: HashMap<AccountId, Permissions>,
    groups: HashMap<GroupId, Permissions>,
    managers: HashSet<(Uuid, GroupId)>,
    roles: RolePermissions,
}

impl Granting {
    pub(super) async fn read(
        db: &impl ConnectionTrait,
        rows: &[Model],
        roles: RolePermissions,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let authors: BTreeSet<Uuid> = rows.iter().map(|row| row.created_by).collect();
        let groups: BTreeSet<GroupId> = rows.iter().flat_map(|row| group_ids(&row.group_ids)).collect();
        let managers = if groups.is_empty() {
            HashSet::new()
        } else {
            let managers = memberships::managers(db, authors.iter().copied(), groups.iter().copied(), now).await?;
            managers.into_iter().collect()
        };
        let groups = memberships::find_all(db, groups).await?;
        let groups = groups.iter().map(|row| (GroupId(row.id), from_names(&row.permissions))).collect();
        let authors = accounts::find_all(db, authors).await?;
        let authors = authors.iter().map(|row| accounts::account(row, now)).collect::<Result<Vec<_>, _>>()?;
        let authors: Vec<_> = authors.into_iter().filter(|author| author.status == AccountStatus::Active).collect();
        let authors = callers::permissions_of(db, roles, &authors, now).await?;
        Ok(Self { authors, groups, managers, roles })
    }

    /// Checks that the author of one of these invites may still grant what it grants.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `groups` if one does not exist; [`Code::Forbidden`].
    pub(super) fn check_author(&self, row: &Model) -> Result<(), Error> {
        let permissions = *self.authors.get(&AccountId(row.created_by)).ok_or_else(author_inactive)?;
        let groups = group_ids(&row.group_ids);
        let mut of_groups = Permissions::empty();
        for group in &groups {
            of_groups |= *self.groups.get(group).ok_or_else(Failure::group_missing)?;
        }
        let manages = |group: &GroupId| self.managers.contains(&(row.created_by, *group));
        let has_groups = !groups.is_empty();
        let author = Author { permissions, manages_all: has_groups && groups.iter().all(manages) };
        check_grant(author, Grant { role: role(row)?, of_groups, has_groups }, self.roles)?;
        Ok(())
    }
}
