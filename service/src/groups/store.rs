//! Queries over groups and memberships.

use std::collections::HashMap;

use domain::Timestamp;
use domain::access::{self, Permissions, RolePermissions};
use domain::accounts::Role;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{entity, memberships};

/// The condition that a membership has not ended.
pub(crate) fn lasts(now: Timestamp) -> Condition {
    let ends_at = memberships::Column::EndsAt;
    Condition::any().add(ends_at.is_null()).add(ends_at.gt(now.as_micros()))
}

/// What accounts may do: by their role and by their groups. Read with one query, or with none if no role is below admin,
/// because groups grant nothing to admins that they have not.
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
    let granted: Vec<(Uuid, String)> = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::AccountId)
        .column(entity::Column::Permissions)
        .inner_join(entity::Entity)
        .filter(memberships::Column::AccountId.is_in(ids))
        .filter(lasts(now))
        .filter(entity::Column::Permissions.ne(""))
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
