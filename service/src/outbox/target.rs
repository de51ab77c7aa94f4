//! The table `outbox_targets`: the places that messages are sent to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_targets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who sends to it.
    pub kind: String,
    /// From when something may be sent; `None` while it is held.
    pub due_at: Option<i64>,
    /// Until when a process has it for itself.
    pub lease_until: i64,
    /// The number of leases so far. A process whose lease has another number has lost it.
    pub fence: i64,
    /// Attempts in a row that failed.
    pub failures: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
