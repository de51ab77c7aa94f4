//! The table `oidc_grants`: what one sign-in gave to an application.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oidc_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub account_id: Uuid,
    pub session_id: Uuid,
    /// Scopes, separated by spaces.
    pub scope: String,
    pub nonce: Option<String>,
    pub signed_in_at: i64,
    pub auth_epoch: i64,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
