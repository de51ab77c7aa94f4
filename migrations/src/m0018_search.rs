//! The index of the search. `words` of an invite or account has the words by which it is found, each after a space; the
//! service computes it, so that both databases divide texts alike, and fills it in for existing rows after migrating.
//! NULL means that it is still to be computed.
//!
//! `invite_words` and `account_words` have a row per word, in the order of the word, then of the age. Triggers derive them
//! from `words`, so that no statement that writes an invite or an account can leave them behind. A row's `id` and
//! `created_at` never change. `search_index` has the version of the rules by which `words` was computed.
//!
//! The prefix index of labels is replaced by this one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql(manager, SCHEMA).await?;
        let (options, triggers) = match manager.get_database_backend() {
            DbBackend::Postgres => ("", POSTGRES_TRIGGERS),
            _ => ("STRICT, WITHOUT ROWID", SQLITE_TRIGGERS),
        };
        for (of, index) in [("invites", "invite_words"), ("accounts", "account_words")] {
            for statement in std::iter::once(&WORDS).chain(triggers) {
                let statement = statement.replace("{of}", of).replace("{index}", index).replace("{options}", options);
                crate::sql(manager, &[&statement]).await?;
            }
        }
        Ok(())
    }
}

const SCHEMA: &[&str] = &[
    "ALTER TABLE invites ADD COLUMN words TEXT",
    "ALTER TABLE accounts ADD COLUMN words TEXT",
    "CREATE INDEX invites_without_words ON invites (id) WHERE words IS NULL",
    "CREATE INDEX accounts_without_words ON accounts (id) WHERE words IS NULL",
    "CREATE TABLE search_index (
        id {bigint} NOT NULL PRIMARY KEY CHECK (id = 1),
        version TEXT NOT NULL
    ) {table_options}",
    "DROP INDEX invites_label",
    "ALTER TABLE invites DROP COLUMN label_folded",
];

const WORDS: &str = "CREATE TABLE {index} (
        word {exact} NOT NULL,
        created_at {bigint} NOT NULL,
        id {uuid} NOT NULL,
        PRIMARY KEY (word, created_at, id)
    ) {options}";

/// Words are letters and digits, so that they need no escaping in JSON, by which SQLite divides a text.
const SQLITE_TRIGGERS: &[&str] = &[
    r#"CREATE TRIGGER {index}_insert AFTER INSERT ON {of} WHEN NEW.words <> '' BEGIN
        INSERT INTO {index} (word, created_at, id) SELECT DISTINCT value, NEW.created_at, NEW.id
            FROM json_each('["' || replace(substr(NEW.words, 2), ' ', '","') || '"]');
    END"#,
    r#"CREATE TRIGGER {index}_delete AFTER DELETE ON {of} WHEN OLD.words <> '' BEGIN
        DELETE FROM {index} WHERE created_at = OLD.created_at AND id = OLD.id
            AND word IN (SELECT value FROM json_each('["' || replace(substr(OLD.words, 2), ' ', '","') || '"]'));
    END"#,
    r#"CREATE TRIGGER {index}_update AFTER UPDATE OF words ON {of} WHEN NEW.words IS NOT OLD.words BEGIN
        DELETE FROM {index} WHERE OLD.words <> '' AND created_at = OLD.created_at AND id = OLD.id
            AND word IN (SELECT value FROM json_each('["' || replace(substr(OLD.words, 2), ' ', '","') || '"]'));
        INSERT INTO {index} (word, created_at, id) SELECT DISTINCT value, NEW.created_at, NEW.id
            FROM json_each('["' || replace(substr(NEW.words, 2), ' ', '","') || '"]') WHERE NEW.words <> '';
    END"#,
];

const POSTGRES_TRIGGERS: &[&str] = &[
    "CREATE FUNCTION {index}_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' AND OLD.words <> '' THEN
            DELETE FROM {index} WHERE created_at = OLD.created_at AND id = OLD.id
                AND word = ANY (string_to_array(substr(OLD.words, 2), ' '));
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.words <> '' THEN
            INSERT INTO {index} (word, created_at, id) SELECT DISTINCT word, NEW.created_at, NEW.id
                FROM unnest(string_to_array(substr(NEW.words, 2), ' ')) AS word;
        END IF;
        RETURN NULL;
    END $$",
    "CREATE TRIGGER {index}_insert_or_delete AFTER INSERT OR DELETE ON {of}
        FOR EACH ROW EXECUTE FUNCTION {index}_changed()",
    "CREATE TRIGGER {index}_update AFTER UPDATE OF words ON {of}
        FOR EACH ROW WHEN (NEW.words IS DISTINCT FROM OLD.words) EXECUTE FUNCTION {index}_changed()",
];
