//! The table `oidc_device_codes`: what devices ask for, and what members decided.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oidc_device_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_code_hash: Vec<u8>,
    /// Made with a key: so short a code could be found by its hash alone.
    pub user_code_hash: Vec<u8>,
    pub application_id: Uuid,
    /// Scopes, separated by spaces.
    pub scope: String,
    pub created_at: i64,
    pub expires_at: i64,
    /// The least time between two questions of the device.
    pub interval_seconds: i64,
    pub polled_at: Option<i64>,
    pub decided_at: Option<i64>,
    /// What a member allowed; `None` after a decision if they refused.
    pub grant_id: Option<Uuid>,
    pub used_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
