//! The table `oidc_assertions`: assertions that were used, for as long as they could come again.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oidc_assertions")]
pub struct Model {
    /// The hash of the application and the id that it gave its assertion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub assertion_hash: Vec<u8>,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
