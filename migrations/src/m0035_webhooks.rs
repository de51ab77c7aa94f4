//! Webhooks: which other systems are told of which events. The names of events are separated by spaces; null is all. Signing
//! secrets are encrypted with the data key. `expired_at` of an invite is when a worker recorded that its end had passed; those
//! that are over already are not told of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0035_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql(manager, TABLES).await?;
        let now = match manager.get_database_backend() {
            DbBackend::Postgres => "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT)",
            _ => "CAST(strftime('%s', 'now') AS INTEGER) * 1000000",
        };
        let over = format!("UPDATE invites SET expired_at = expires_at WHERE expires_at <= {now}");
        crate::sql(manager, &[&over]).await
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE webhooks (
        id {uuid} NOT NULL PRIMARY KEY REFERENCES outbox_targets (id) ON DELETE RESTRICT,
        name TEXT NOT NULL,
        name_folded {exact} NOT NULL,
        url TEXT NOT NULL,
        events TEXT,
        paused_at {bigint},
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL
    ) {table_options}",
    "CREATE INDEX webhooks_name ON webhooks (name_folded, id)",
    "CREATE TABLE webhook_secrets (
        id {uuid} NOT NULL PRIMARY KEY,
        webhook_id {uuid} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
        hint TEXT NOT NULL,
        secret_sealed {bytes} NOT NULL,
        created_at {bigint} NOT NULL,
        expires_at {bigint}
    ) {table_options}",
    "CREATE INDEX webhook_secrets_webhook ON webhook_secrets (webhook_id)",
    "ALTER TABLE invites ADD COLUMN expired_at {bigint}",
    "CREATE INDEX invites_to_expire ON invites (expires_at)
        WHERE deleted_at IS NULL AND expires_at IS NOT NULL AND (expired_at IS NULL OR expired_at < expires_at)",
];
