//! Pausing the invites that their author may not grant any more.

use domain::Timestamp;
use domain::access::{Permission, RolePermissions};
use domain::ids::AccountId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{Column, Entity};
use super::terms::group_ids;
use super::{author, grants, store};
use crate::Error;

/// Pauses those invites of an author that grant a role and groups that it may not grant any more, or that admit addresses without
/// a code when it may not change settings any more, after it lost permissions or the management of a group in the same
/// transaction. Returns their number.
pub(crate) async fn pause_beyond(
    db: &impl ConnectionTrait,
    roles: RolePermissions,
    id: AccountId,
    now: Timestamp,
) -> Result<u64, Error> {
    let granted = Entity::find()
        .select_only()
        .columns([Column::Role, Column::GroupIds])
        .distinct()
        .filter(Column::CreatedBy.eq(id.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::PausedAt.is_null());
    // Few: invites of one author seldom differ in what they grant.
    let granted: Vec<(String, String)> = granted.into_tuple().all(db).await?;
    if granted.is_empty() {
        return Ok(0);
    }
    let author = match author(db, id, roles, now).await {
        Ok(author) => author,
        Err(Error::Failure(_)) => return Ok(store::pause_all_by(db, id, now).await?),
        Err(error) => return Err(error),
    };
    let mut paused = 0;
    if !author.1.contains(Permission::SettingsChange) {
        let open = Condition::all().add(Column::CreatedBy.eq(id.0)).add(Column::WithoutCode.eq(true));
        paused += store::pause(db, open, now).await?;
    }
    for (role, groups) in granted {
        let granted_role = role.parse().map_err(|_| Error::internal("an invite has a broken role"))?;
        match grants::check(db, author, (granted_role, &group_ids(&groups)), roles, now).await {
            Ok(_) => {}
            Err(Error::Failure(_)) => {
                let same = Condition::all()
                    .add(Column::CreatedBy.eq(id.0))
                    .add(Column::Role.eq(role))
                    .add(Column::GroupIds.eq(groups));
                paused += store::pause(db, same, now).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(paused)
}
