//! Members join the groups of an invite with the account that they have: a redemption of another kind. Where an invite does
//! not let them, they ask its author, who is also in `author_id`, so that the open requests of an author are read from an
//! index. SQLite changes a CHECK by making the table anew.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0028_joining"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        crate::sql(manager, if is_postgres { POSTGRES } else { SQLITE }).await?;
        crate::sql(manager, SCHEMA).await
    }
}

const POSTGRES: &[&str] = &["ALTER TABLE redemptions
        DROP CONSTRAINT redemptions_kind_check,
        ADD CONSTRAINT redemptions_kind_check CHECK (kind IN ('new', 'joined'))"];

const SQLITE: &[&str] = &[
    "CREATE TABLE redemptions_of_two_kinds (
        id {uuid} NOT NULL PRIMARY KEY,
        invite_id {uuid} NOT NULL REFERENCES invites (id) ON DELETE RESTRICT,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        kind TEXT NOT NULL CHECK (kind IN ('new', 'joined')),
        created_at {bigint} NOT NULL,
        released_at {bigint},
        CONSTRAINT redemptions_once UNIQUE (invite_id, account_id)
    ) {table_options}",
    "INSERT INTO redemptions_of_two_kinds (id, invite_id, account_id, kind, created_at, released_at)
        SELECT id, invite_id, account_id, kind, created_at, released_at FROM redemptions",
    "DROP TABLE redemptions",
    "ALTER TABLE redemptions_of_two_kinds RENAME TO redemptions",
    "CREATE INDEX redemptions_created ON redemptions (created_at, id)",
    "CREATE INDEX redemptions_invite ON redemptions (invite_id, created_at, id)",
    "CREATE INDEX redemptions_account ON redemptions (account_id, created_at, id)",
];

const SCHEMA: &[&str] = &[
    "CREATE TABLE join_requests (
        id {uuid} NOT NULL PRIMARY KEY,
        invite_id {uuid} NOT NULL REFERENCES invites (id) ON DELETE RESTRICT,
        author_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        created_at {bigint} NOT NULL,
        granted_at {bigint},
        dismissed_at {bigint},
        decided_by {uuid} REFERENCES accounts (id) ON DELETE RESTRICT,
        CHECK (granted_at IS NULL OR dismissed_at IS NULL)
    ) {table_options}",
    "CREATE UNIQUE INDEX join_requests_once ON join_requests (invite_id, account_id)
        WHERE granted_at IS NULL AND dismissed_at IS NULL",
    "CREATE INDEX join_requests_account ON join_requests (account_id, invite_id, created_at)",
    "CREATE INDEX join_requests_invite ON join_requests (invite_id, created_at, id)
        WHERE granted_at IS NULL AND dismissed_at IS NULL",
    "CREATE INDEX join_requests_author ON join_requests (author_id, created_at, id)
        WHERE granted_at IS NULL AND dismissed_at IS NULL",
    "CREATE INDEX join_requests_open ON join_requests (created_at, id)
        WHERE granted_at IS NULL AND dismissed_at IS NULL",
];
