//! Diagnosis of the database and the data key. Read-only.

use std::path::{Path, PathBuf};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::platform::db;
use crate::platform::keyring::{self, Keyring};
use crate::platform::search;
use crate::{Clock, Options};

/// The result of the diagnosis.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The state of the database.
    pub database: DatabaseState,
    /// The state of the data key file.
    pub key: KeyState,
}

/// The state of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseState {
    /// The SQLite file does not exist.
    Missing(PathBuf),
    /// The database can't be read. The message never contains the connection string.
    Unreadable(String),
    /// The database can be read.
    Read(Box<DatabaseFacts>),
}

/// Properties of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// The kind of database.
    pub kind: DatabaseKind,
    /// The version of SQLite, or of the PostgreSQL server.
    pub version: String,
    /// The newest applied migration.
    pub schema: Option<String>,
    /// Migrations that are not applied. The next start of a server applies them.
    pub pending: Vec<String>,
    /// Applied migrations that this program does not know, because the database is newer.
    pub unknown: Vec<String>,
    /// The difference of the database's clock to this machine's, in microseconds, positive if it is ahead. `None` for
    /// SQLite, which uses this machine's clock.
    pub clock_ahead: Option<i64>,
    /// Whether the installation has an owner; `None` before the first start.
    pub has_owner: Option<bool>,
    /// The number of differences between the index of the search and the rows; `None` while migrations are pending.
    pub search_mismatches: Option<u64>,
}

/// The supported databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A SQLite file.
    Sqlite,
    /// A PostgreSQL server. Versions before 15 are not supported.
    Postgres {
        /// The major version.
        major: u32,
    },
}

/// The state of the data key file, compared with the key registered in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// No key is registered, and there is no file. The first start creates one.
    NotCreated,
    /// There is a file, but no registered key to compare it with.
    Present,
    /// The file holds the registered key.
    Matches,
    /// A key is registered, but there is no file.
    Missing,
    /// A rotation was interrupted: the registered key is in the file of the next key.
    RotationInterrupted,
    /// The file holds another key than the registered one.
    Mismatch,
    /// The file can't be read, or does not hold a key.
    Unreadable(String),
}

/// Inspects the database and the data key of `options`.
pub async fn inspect(options: &Options) -> Findings {
    let (database, registered) = match db::sqlite_file(&options.database_url) {
        Some(file) if !file.exists() => (DatabaseState::Missing(file), None),
        _ => match inspect_database(options).await {
            Ok((facts, registered)) => (DatabaseState::Read(Box::new(facts)), registered),
            Err(error) => (DatabaseState::Unreadable(error.to_string()), None),
        },
    };
    Findings { database, key: key_state(options, registered) }
}

fn key_state(options: &Options, registered: Option<Registered>) -> KeyState {
    let Some((id, check)) = registered else {
        return match Keyring::file_matches(&options.key_file, &[], &[]) {
            Ok(None) => KeyState::NotCreated,
            Ok(Some(_)) => KeyState::Present,
            Err(error) => KeyState::Unreadable(error.to_string()),
        };
    };
    match Keyring::file_matches(&options.key_file, &id, &check) {
        Ok(None | Some(false)) if next_key_matches(&options.key_file, &id, &check) => KeyState::RotationInterrupted,
        Ok(None) => KeyState::Missing,
        Ok(Some(true)) => KeyState::Matches,
        Ok(Some(false)) => KeyState::Mismatch,
        Err(error) => KeyState::Unreadable(error.to_string()),
    }
}

/// Whether the file of the next key holds the registered key.
fn next_key_matches(file: &Path, id: &[u8], check: &[u8]) -> bool {
    matches!(Keyring::file_matches(&keyring::file::next_path(file), id, check), Ok(Some(true)))
}

/// The id and the check value of a data key.
type Registered = (Vec<u8>, Vec<u8>);

async fn inspect_database(options: &Options) -> Result<(DatabaseFacts, Option<Registered>), DbErr> {
    let db = db::connect_read_only(&options.database_url).await?;
    let found = facts(&db).await;
    let closed = db.close().await;
    found.and_then(|found| closed.map(|()| found))
}

async fn facts(db: &DatabaseConnection) -> Result<(DatabaseFacts, Option<Registered>), DbErr> {
    let (kind, version) = version(db).await?;
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = if has_table(db, "seaql_migrations").await? {
        texts(db, "SELECT version FROM seaql_migrations ORDER BY version").await?
    } else {
        Vec::new()
    };
    let has_owner = if has_table(db, "accounts").await? {
        Some(row(db, "SELECT 1 FROM accounts WHERE role = 'owner' LIMIT 1").await?.is_some())
    } else {
        None
    };
    let pending: Vec<String> = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
    // The comparison reads columns that the migrations make.
    let search_mismatches = if pending.is_empty() { Some(search::mismatches(db).await?) } else { None };
    let registered = if has_table(db, "data_keys").await? {
        let key = row(db, "SELECT key_id, check_value FROM data_keys WHERE slot = 1").await?;
        key.map(|key| Ok::<_, DbErr>((key.try_get_by_index(0)?, key.try_get_by_index(1)?))).transpose()?
    } else {
        None
    };
    let facts = DatabaseFacts {
        kind,
        version,
        clock_ahead: clock_ahead(db).await?,
        pending,
        unknown: applied.iter().filter(|name| !known.contains(name)).cloned().collect(),
        schema: applied.into_iter().next_back(),
        has_owner,
        search_mismatches,
    };
    Ok((facts, registered))
}

async fn version(db: &DatabaseConnection) -> Result<(DatabaseKind, String), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        let version = texts(db, "SELECT sqlite_version()").await?.pop().unwrap_or_default();
        return Ok((DatabaseKind::Sqlite, version));
    }
    let number = texts(db, "SELECT current_setting('server_version_num')").await?.pop().unwrap_or_default();
    let version = texts(db, "SELECT current_setting('server_version')").await?.pop().unwrap_or_default();
    Ok((DatabaseKind::Postgres { major: number.parse::<u32>().unwrap_or_default() / 10_000 }, version))
}

async fn clock_ahead(db: &DatabaseConnection) -> Result<Option<i64>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let remote = row(db, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)").await?;
    let remote = remote.map(|remote| remote.try_get_by_index::<i64>(0)).transpose()?;
    Ok(remote.map(|remote| remote - Clock::System.now().as_micros()))
}

async fn has_table(db: &DatabaseConnection, name: &str) -> Result<bool, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => format!("SELECT 1 WHERE to_regclass('{name}') IS NOT NULL"),
        _ => format!("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '{name}'"),
    };
    Ok(row(db, &sql).await?.is_some())
}

async fn row(db: &DatabaseConnection, sql: &str) -> Result<Option<sea_orm::QueryResult>, DbErr> {
    db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect()
}
