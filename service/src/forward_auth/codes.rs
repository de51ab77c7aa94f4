//! The table `site_codes`: codes with which a browser that is signed in here becomes signed in on the site of an application.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: Vec<u8>,
    pub authority: String,
    pub session_id: Uuid,
    /// Of what the browser that may use it has.
    pub browser_hash: Vec<u8>,
    /// The path to which it leads.
    pub target: String,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
