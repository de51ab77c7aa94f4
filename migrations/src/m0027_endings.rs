//! What a worker ended: accounts whose end has passed, once. The audit log has changes that nobody asked for, made by the
//! system; SQLite changes a CHECK by making the table anew.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0027_endings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql(manager, ACCOUNTS).await?;
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        crate::sql(manager, if is_postgres { AUDIT_LOG_POSTGRES } else { AUDIT_LOG_SQLITE }).await
    }
}

const ACCOUNTS: &[&str] = &[
    "ALTER TABLE accounts ADD COLUMN ended_at {bigint}",
    "CREATE INDEX accounts_to_end ON accounts (ends_at)
        WHERE deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL AND ended_at IS NULL",
];

const AUDIT_LOG_POSTGRES: &[&str] = &["ALTER TABLE audit_log
        DROP CONSTRAINT audit_log_actor_kind_check,
        ADD CONSTRAINT audit_log_actor_kind_check
            CHECK (actor_kind IN ('session', 'api_key', 'operator', 'visitor', 'system'))"];

const AUDIT_LOG_SQLITE: &[&str] = &[
    "CREATE TABLE audit_log_with_system (
        id {uuid} NOT NULL PRIMARY KEY,
        created_at {bigint} NOT NULL,
        actor_kind TEXT NOT NULL CHECK (actor_kind IN ('session', 'api_key', 'operator', 'visitor', 'system')),
        actor_id {uuid},
        action TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_id {uuid},
        client_ip TEXT,
        detail TEXT NOT NULL
    ) {table_options}",
    "INSERT INTO audit_log_with_system (id, created_at, actor_kind, actor_id, action, subject_kind, subject_id,
            client_ip, detail)
        SELECT id, created_at, actor_kind, actor_id, action, subject_kind, subject_id, client_ip, detail FROM audit_log",
    "DROP TABLE audit_log",
    "ALTER TABLE audit_log_with_system RENAME TO audit_log",
    "CREATE INDEX audit_log_created ON audit_log (created_at, id)",
    "CREATE INDEX audit_log_by_account ON audit_log (actor_id) WHERE client_ip IS NOT NULL AND actor_id IS NOT NULL",
    "CREATE INDEX audit_log_by_visitor ON audit_log (subject_id) WHERE client_ip IS NOT NULL AND actor_kind = 'visitor'",
];
