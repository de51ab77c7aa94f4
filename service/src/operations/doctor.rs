//! A look at the data from outside: what is there, of which version, with which key. Nothing is changed by looking.

use std::path::{Path, PathBuf};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::platform::db;
use crate::platform::keyring::{self, Keyring};
use crate::{Clock, Options};

/// What was found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The database.
    pub database: DatabaseState,
    /// The data key's file.
    pub key: KeyState,
}

/// The database, as far as it can be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseState {
    /// A SQLite file that is not there yet.
    Missing(PathBuf),
    /// It cannot be read. The words never hold the connection string.
    Unreadable(String),
    /// It can be read.
    Read(Box<DatabaseFacts>),
}

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Which kind it is.
    pub kind: DatabaseKind,
    /// The version of SQLite, or of the PostgreSQL server.
    pub version: String,
    /// The newest schema change it has.
    pub schema: Option<String>,
    /// The changes it lacks. The next start of a server makes them.
    pub pending: Vec<String>,
    /// The changes this program does not know: the database is newer.
    pub unknown: Vec<String>,
    /// How far its clock is ahead of this machine's, in microseconds; `None` with SQLite, which has no other clock.
    pub clock_ahead: Option<i64>,
    /// Whether there is an owner; `None` before the first start.
    pub has_owner: Option<bool>,
}

/// The databases there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// One file.
    Sqlite,
    /// A server. Older than 15 is not supported.
    Postgres {
        /// The major version.
        major: u32,
    },
}

/// The data key's file, against what the database was written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// The database has no key yet, and there is no file: the first start makes one.
    NotYet,
    /// There is a file; the database is not there to compare, or has no key yet.
    Present,
    /// It is the key of this database.
    Right,
    /// The database was written with a key, and there is no file.
    Missing,
    /// It is the one before; a rotation was stopped, and the right one lies beside it.
    Unfinished,
    /// It is another database's key.
    Wrong,
    /// The file cannot be read, or holds no key.
    Broken(String),
}

/// Looks at the database and the key that `options` name.
pub async fn look(options: &Options) -> Findings {
    let (database, registered) = match db::sqlite_file(&options.database_url) {
        Some(file) if !file.exists() => (DatabaseState::Missing(file), None),
        _ => match look_into(options).await {
            Ok((facts, registered)) => (DatabaseState::Read(Box::new(facts)), registered),
            Err(error) => (DatabaseState::Unreadable(error.to_string()), None),
        },
    };
    Findings { database, key: key_state(options, registered) }
}

fn key_state(options: &Options, registered: Option<Registered>) -> KeyState {
    let Some((id, check)) = registered else {
        return match Keyring::file_fits(&options.key_file, &[], &[]) {
            Ok(None) => KeyState::NotYet,
            Ok(Some(_)) => KeyState::Present,
            Err(error) => KeyState::Broken(error.to_string()),
        };
    };
    match Keyring::file_fits(&options.key_file, &id, &check) {
        Ok(None | Some(false)) if is_beside(&options.key_file, &id, &check) => KeyState::Unfinished,
        Ok(None) => KeyState::Missing,
        Ok(Some(true)) => KeyState::Right,
        Ok(Some(false)) => KeyState::Wrong,
        Err(error) => KeyState::Broken(error.to_string()),
    }
}

/// Whether the key is the one that a rotation was stopped from putting in place.
fn is_beside(file: &Path, id: &[u8], check: &[u8]) -> bool {
    matches!(Keyring::file_fits(&keyring::file::next(file), id, check), Ok(Some(true)))
}

/// The id and the check value of a data key.
type Registered = (Vec<u8>, Vec<u8>);

async fn look_into(options: &Options) -> Result<(DatabaseFacts, Option<Registered>), DbErr> {
    let db = db::look(&options.database_url).await?;
    let looked = facts(&db).await;
    let closed = db.close().await;
    looked.and_then(|found| closed.map(|()| found))
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
        pending: known.iter().filter(|name| !applied.contains(name)).cloned().collect(),
        unknown: applied.iter().filter(|name| !known.contains(name)).cloned().collect(),
        schema: applied.into_iter().next_back(),
        has_owner,
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
    let there = row(db, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)").await?;
    let there = there.map(|there| there.try_get_by_index::<i64>(0)).transpose()?;
    Ok(there.map(|there| there - Clock::System.now().as_micros()))
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
