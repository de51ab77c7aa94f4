//! What webhooks are told of the table `invites`, which belongs to another feature.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub label: Option<String>,
    pub role: String,
    /// Ids, separated by spaces.
    pub group_ids: String,
    pub used: i64,
    pub max_uses: Option<i64>,
    pub expires_at: Option<i64>,
    pub created_by: Uuid,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
