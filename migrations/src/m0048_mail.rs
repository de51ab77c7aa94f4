//! Mail: the mail server in one row, while mail is on, and the target of the outbox that mails are sent to, which
//! exists always and is held while mail is off. The password is encrypted with the data key.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0048_mail"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql(manager, TABLES).await?;
        let id = match manager.get_database_backend() {
            DbBackend::Postgres => "'6d61696c-0000-4000-8000-000000000000'",
            _ => "x'6d61696c000040008000000000000000'",
        };
        let target = format!("INSERT INTO outbox_targets (id, kind, due_at) VALUES ({id}, 'mail', NULL)");
        crate::sql(manager, &[&target]).await
    }
}

const TABLES: &[&str] = &["CREATE TABLE mail_settings (
        slot {bigint} NOT NULL PRIMARY KEY CHECK (slot = 1),
        host TEXT NOT NULL,
        port {bigint} NOT NULL,
        encryption TEXT NOT NULL,
        username TEXT,
        password_sealed {bytes},
        from_address TEXT NOT NULL,
        from_name TEXT,
        updated_at {bigint} NOT NULL
    ) {table_options}"];
