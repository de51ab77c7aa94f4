//! The table `join_requests`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "join_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invite_id: Uuid,
    /// Who created the invite.
    pub author_id: Uuid,
    pub account_id: Uuid,
    pub created_at: i64,
    /// At most one of this and the next is set; neither of a request that waits for an answer.
    pub granted_at: Option<i64>,
    pub dismissed_at: Option<i64>,
    pub decided_by: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
