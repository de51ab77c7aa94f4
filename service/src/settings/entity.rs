//! The table `settings`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub site_name: String,
    pub registration_mode: String,
    pub default_role: String,
    pub code_length: i64,
    pub max_uses_ceiling: i64,
    pub updated_at: i64,
    pub welcome_text: Option<String>,
    pub welcome_url: Option<String>,
    pub welcome_label: Option<String>,
    pub mode_before_closing: Option<String>,
    pub user_permissions: String,
    pub moderator_permissions: String,
    /// Separated by spaces.
    pub allowed_origins: String,
    pub member_invite_quota: Option<i64>,
    pub member_invite_quota_period: String,
    pub member_invite_max_uses: Option<i64>,
    pub member_invite_max_days: Option<i64>,
    pub member_invite_min_account_age: i64,
    pub sign_in_alerts: bool,
    pub verify_email: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
