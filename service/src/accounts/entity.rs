//! The table `accounts`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub email_folded: String,
    pub username: String,
    pub username_folded: String,
    pub name: Option<String>,
    pub role: String,
    pub password_hash: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub last_active_at: Option<i64>,
    pub suspended_at: Option<i64>,
    pub approved_at: Option<i64>,
    pub auth_epoch: i64,
    pub words: Option<String>,
    pub ends_at: Option<i64>,
    /// Set on what is left of a deleted account: its id.
    pub deleted_at: Option<i64>,
    /// When what follows from its end was done.
    pub ended_at: Option<i64>,
    /// The name, or the username where there is none, without case and accents.
    pub name_sort: String,
    /// Who approved or declined it.
    pub decided_by: Option<Uuid>,
    pub decision_note: Option<String>,
    pub picture: Option<i64>,
    /// The end for which a reminder was recorded.
    pub reminded_of: Option<i64>,
    pub email_verified_at: Option<i64>,
    /// When it lapses unless its address is verified. Then `email_folded` is its id.
    pub activate_by: Option<i64>,
    /// The version of the flow that it signed up with.
    pub flow_version_id: Option<Uuid>,
    /// The ids of the groups of the flow that were withheld, separated by spaces.
    pub withheld_groups: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
