//! What an invite asks of the people who use it and what it gives them: their e-mail addresses, attributes, a welcome, where
//! they go next, when their access ends. And the attributes of accounts, and the sites to which invites may lead.
//!
//! An invite with a random code may grant the role of admin, for one use, to one e-mail address. SQLite changes a CHECK by making the table
//! anew; the statements that made its indexes and triggers are read from the database and run again.
//!
//! `email_domains` and `allowed_origins` have their values separated by spaces; `attributes` is a JSON array of
//! `{key, value, locked}`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0024_invite_terms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            crate::sql(manager, POSTGRES).await?;
        } else {
            let made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'invites' AND type IN ('index', 'trigger') \
                AND sql IS NOT NULL";
            let rows = manager.get_connection().query_all_raw(Statement::from_string(DbBackend::Sqlite, made)).await?;
            let made = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
            crate::sql(manager, SQLITE).await?;
            crate::sql(manager, &made.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        }
        crate::sql(manager, SCHEMA).await
    }
}

const POSTGRES: &[&str] = &["ALTER TABLE invites
        ADD COLUMN email TEXT,
        ADD COLUMN email_domains TEXT NOT NULL DEFAULT '',
        ADD COLUMN approval BOOLEAN NOT NULL DEFAULT FALSE,
        ADD COLUMN attributes TEXT,
        ADD COLUMN welcome_text TEXT,
        ADD COLUMN after TEXT,
        ADD COLUMN access_of TEXT,
        ADD COLUMN access_days BIGINT,
        ADD COLUMN access_ends_at BIGINT,
        ADD COLUMN existing_members BOOLEAN NOT NULL DEFAULT TRUE,
        ADD COLUMN show_uses_left BOOLEAN NOT NULL DEFAULT TRUE,
        DROP CONSTRAINT invites_role_check,
        ADD CHECK (role IN ('user', 'moderator', 'admin')),
        ADD CHECK (role <> 'admin'
            OR (max_uses IS NOT NULL AND max_uses = 1 AND email IS NOT NULL AND code_kind = 'random')),
        ADD CHECK (access_of IN ('groups', 'account')),
        ADD CHECK (access_days BETWEEN 1 AND 3650),
        ADD CHECK ((access_of IS NULL AND access_days IS NULL AND access_ends_at IS NULL)
            OR (access_of IS NOT NULL AND (access_days IS NULL) <> (access_ends_at IS NULL)))"];

const SQLITE: &[&str] = &[
    "CREATE TABLE invites_with_terms (
        id {uuid} NOT NULL PRIMARY KEY,
        code_hash {bytes} NOT NULL CONSTRAINT invites_code_key UNIQUE,
        code_sealed {bytes},
        code_kind TEXT NOT NULL CHECK (code_kind IN ('random', 'own')),
        label TEXT,
        role TEXT NOT NULL CHECK (role IN ('user', 'moderator', 'admin')),
        max_uses {bigint} CHECK (max_uses >= 1),
        used {bigint} NOT NULL,
        starts_at {bigint},
        expires_at {bigint},
        paused_at {bigint},
        deleted_at {bigint},
        created_by {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        created_at {bigint} NOT NULL,
        updated_at {bigint} NOT NULL,
        last_used_at {bigint},
        words TEXT,
        group_ids TEXT NOT NULL DEFAULT '',
        email TEXT,
        email_domains TEXT NOT NULL DEFAULT '',
        approval {boolean} NOT NULL DEFAULT 0,
        attributes TEXT,
        welcome_text TEXT,
        after TEXT,
        access_of TEXT CHECK (access_of IN ('groups', 'account')),
        access_days {bigint} CHECK (access_days BETWEEN 1 AND 3650),
        access_ends_at {bigint},
        existing_members {boolean} NOT NULL DEFAULT 1,
        show_uses_left {boolean} NOT NULL DEFAULT 1,
        CHECK (used >= 0 AND (max_uses IS NULL OR used <= max_uses)),
        CHECK ((deleted_at IS NULL) = (code_sealed IS NOT NULL)),
        CHECK (role <> 'admin'
            OR (max_uses IS NOT NULL AND max_uses = 1 AND email IS NOT NULL AND code_kind = 'random')),
        CHECK ((access_of IS NULL AND access_days IS NULL AND access_ends_at IS NULL)
            OR (access_of IS NOT NULL AND (access_days IS NULL) <> (access_ends_at IS NULL)))
    ) {table_options}",
    "INSERT INTO invites_with_terms (id, code_hash, code_sealed, code_kind, label, role, max_uses, used, starts_at,
        expires_at, paused_at, deleted_at, created_by, created_at, updated_at, last_used_at, words, group_ids)
    SELECT id, code_hash, code_sealed, code_kind, label, role, max_uses, used, starts_at,
        expires_at, paused_at, deleted_at, created_by, created_at, updated_at, last_used_at, words, group_ids
    FROM invites",
    "DROP TABLE invites",
    "ALTER TABLE invites_with_terms RENAME TO invites",
];

const SCHEMA: &[&str] = &[
    "CREATE TABLE account_attributes (
        account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (account_id, key)
    ) {table_options}",
    "ALTER TABLE settings ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT ''",
];
