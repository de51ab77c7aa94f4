//! The table `scim_connections`. The id is that of the application, and of its target in the outbox.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scim_connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: Uuid,
    pub url: String,
    pub user_name: String,
    /// Whether accounts are created there.
    pub create_accounts: bool,
    /// Whether it is told of groups.
    pub groups: bool,
    pub on_removal: String,
    pub adopt: bool,
    /// The last characters of the token.
    pub token_hint: String,
    /// The token, encrypted with the data key.
    pub token_sealed: Vec<u8>,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
