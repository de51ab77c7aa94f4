//! The table `mailings`: invitations that are sent together.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The author of the invites that are made for it.
    pub created_by: Uuid,
    /// How the author was authenticated, for the audit log.
    pub via: String,
    pub mode: String,
    /// The invite whose link all get.
    pub invite_id: Option<Uuid>,
    /// The [`domain::invites::Terms`] of the invites that are made for it, as JSON.
    pub terms: Option<String>,
    /// Whether what is known of the recipients is fixed.
    pub locked: bool,
    pub message: Option<String>,
    pub language: String,
    pub reminder: bool,
    /// The hash of what was sent, by which a repetition is told from something else with the same id.
    pub digest: Vec<u8>,
    pub total: i64,
    pub created_at: i64,
    /// When a mail was queued for each recipient, or the mailing was stopped.
    pub finished_at: Option<i64>,
    pub stopped_why: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
