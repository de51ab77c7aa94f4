//! Pausing the invites that their author may not grant any more.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::access::RolePermissions;
use domain::ids::AccountId;
use domain::invites::Terms;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{ActiveModel, Column, Entity};
use super::terms::group_ids;
use super::{author, grants};
use crate::Error;

/// Pauses those invites of an author that grant a role and groups that it may not grant any more, after it lost permissions
/// or the management of a group in the same transaction. Returns their number.
pub(crate) async fn pause_beyond(
    db: &impl ConnectionTrait,
    roles: RolePermissions,
    id: AccountId,
    now: Timestamp,
) -> Result<u64, Error> {
    let open = Column::CreatedBy.eq(id.0).and(Column::DeletedAt.is_null()).and(Column::PausedAt.is_null());
    let granted = Entity::find().select_only().columns([Column::Role, Column::GroupIds]).filter(open.clone());
    // Few: invites of one author seldom differ in what they grant.
    let granted: BTreeSet<(String, String)> = granted.distinct().into_tuple().all(db).await?.into_iter().collect();
    let mut paused = 0;
    for (role, groups) in granted {
        let granted_role = role.parse().map_err(|_| Error::internal("an invite has a broken role"))?;
        let allowed = match author(db, id, roles, now).await {
            Ok(author) => {
                let terms = Terms { role: granted_role, groups: group_ids(&groups), ..Terms::default() };
                grants::check(db, author, &terms, roles, now).await.map(|_| ())
            }
            Err(error) => Err(error),
        };
        match allowed {
            Ok(()) => {}
            Err(Error::Failure(_)) => {
                let change = ActiveModel {
                    paused_at: Set(Some(now.as_micros())),
                    updated_at: Set(now.as_micros()),
                    ..ActiveModel::default()
                };
                let same = Column::Role.eq(role).and(Column::GroupIds.eq(groups));
                let update = Entity::update_many().set(change).filter(open.clone()).filter(same);
                paused += update.exec(db).await?.rows_affected;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(paused)
}
