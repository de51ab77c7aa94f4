//! What an invite grants, checked against what its author may grant.

use domain::access::{Permissions, RolePermissions, from_names};
use domain::accounts::Role;
use domain::ids::{AccountId, GroupId};
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use crate::Error;
use crate::access::{Author, Grant, check_grant};
use crate::memberships::store as memberships;

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
        return Err(group_missing().into());
    }
    let manages_all = !groups.is_empty()
        && memberships::managed(db, author, groups.iter().copied(), now).await?.len() == groups.len();
    let of_groups = rows.iter().fold(Permissions::empty(), |all, row| all | from_names(&row.permissions));
    check_grant(Author { permissions, manages_all }, Grant { role, of_groups, has_groups: !groups.is_empty() }, roles)?;
    Ok(manages_all)
}

pub(super) fn group_missing() -> Failure {
    Failure::field(Code::Invalid, "groups", "One of these groups no longer exists. Choose again.")
}
