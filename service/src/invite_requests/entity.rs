//! The table `invite_requests`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invite_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invite_id: Uuid,
    /// Who created the invite.
    pub author_id: Uuid,
    /// Nobody has verified it.
    pub email: String,
    pub email_folded: String,
    pub note: Option<String>,
    pub created_at: i64,
    /// `None` while it waits for an answer.
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    /// The invite that was made for it; `None` if it was dismissed.
    pub granted_invite_id: Option<Uuid>,
    /// When the author was told of it by mail; `None` if they were not.
    pub told_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
