//! Backup of the SQLite database while servers write to it. The backup does not contain the data key, so that a stolen
//! backup gives no access. The key is not needed to create a backup.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use tempfile::NamedTempFile;

use crate::platform::db;

/// The reason a backup failed, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BackupError(String);

/// Copies the SQLite database at `database_url` to the new file `to`, which only its owner can read, and returns the
/// size in bytes. Servers can read and write meanwhile; the copy is a consistent snapshot. It is checked and synced to
/// the disk before the file `to` appears, so that a file of this name is always complete.
///
/// # Errors
/// When there is no SQLite database, when `to` exists, or when the copy can't be written. No file is left at `to`.
pub async fn copy(database_url: &str, to: &Path) -> Result<u64, BackupError> {
    let from = db::sqlite_file(database_url).ok_or_else(|| BackupError("This is not a SQLite database.".to_owned()))?;
    if !from.exists() {
        return Err(BackupError(format!("There is no database at {} to back up.", from.display())));
    }
    if to.exists() {
        return Err(exists(to));
    }
    let failed = |what: &str, error: &dyn std::fmt::Display| BackupError(format!("{what}: {error}."));
    let temporary =
        temporary_file(to).map_err(|error| failed(&format!("{} can't be written", to.display()), &error))?;
    vacuum_into(database_url, temporary.path())
        .await
        .map_err(|error| failed("The database can't be copied", &error))?;
    check(temporary.path()).await?;
    publish(temporary, to).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(to),
        _ => failed(&format!("{} can't be written", to.display()), &error),
    })
}

fn exists(to: &Path) -> BackupError {
    BackupError(format!("{} already exists and was not changed. Choose another name with --to.", to.display()))
}

/// The unfinished copy: empty at first and private, because SQLite would create a file that others can read. Removed when
/// dropped.
fn temporary_file(to: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(to.file_name().unwrap_or_default()).suffix(".tmp").tempfile_in(db::folder_of(to))
}

/// Names the file `to` unless there is such a file, and returns its size in bytes.
fn publish(temporary: NamedTempFile, to: &Path) -> std::io::Result<u64> {
    temporary.as_file().sync_all()?;
    let file = temporary.persist_noclobber(to)?;
    File::open(db::folder_of(to))?.sync_all()?;
    Ok(file.metadata()?.len())
}

async fn vacuum_into(database_url: &str, to: &Path) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(database_url);
    // Not `read_only`, because VACUUM INTO writes the copy on the same connection. Not migrated, because a backup must
    // not change the database.
    options
        .max_connections(1)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(false).busy_timeout(db::WAIT_TIMEOUT));
    let from = Database::connect(options).await?;
    let to = to.to_string_lossy().into_owned();
    let copied =
        from.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.into()])).await;
    from.close().await?;
    copied.map(|_| ())
}

/// Runs SQLite's integrity check on the copy.
async fn check(copy: &Path) -> Result<(), BackupError> {
    let damaged = |why: String| BackupError(format!("The copy is damaged and was removed: {why}."));
    let path = copy.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    let copy = db::connect_read_only(&format!("sqlite://{path}")).await.map_err(|error| damaged(error.to_string()))?;
    let result = integrity_check(&copy).await.map_err(|error| damaged(error.to_string()))?;
    copy.close().await.map_err(|error| damaged(error.to_string()))?;
    if result == "ok" { Ok(()) } else { Err(damaged(result)) }
}

async fn integrity_check(copy: &DatabaseConnection) -> Result<String, DbErr> {
    let row = copy.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(1)")).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.try_get_by_index(0))
}
