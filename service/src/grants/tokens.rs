//! The table `oidc_tokens`: access and refresh tokens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oidc_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub grant_id: Uuid,
    /// `access` or `refresh`.
    pub kind: String,
    /// Scopes, separated by spaces.
    pub scope: String,
    pub created_at: i64,
    pub expires_at: i64,
    /// When a refresh token was exchanged for the next one.
    pub used_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What the token is of.
    #[sea_orm(belongs_to = "super::entity::Entity", from = "Column::GrantId", to = "super::entity::Column::Id")]
    Grant,
}

impl Related<super::entity::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Grant.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
