//! The table `outbox`: messages, in the order in which they were written.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// What others know it by; the same in every attempt.
    #[sea_orm(unique)]
    pub id: Uuid,
    pub target_id: Uuid,
    /// Whom it is about, if it says something of a person.
    pub account_id: Option<Uuid>,
    pub event: String,
    pub payload: String,
    pub created_at: i64,
    pub attempts: i64,
    pub attempted_at: Option<i64>,
    pub delivered_at: Option<i64>,
    pub dead_at: Option<i64>,
    pub last_status: Option<i64>,
    pub last_answer: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
