//! A copy of the SQLite database, made while servers write to it. The data key is not in it: a stolen backup
//! must let nobody in. Nor is the key needed to make it.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::platform::db;

/// Why there is no backup: a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BackupError(String);

/// Copies the SQLite database at `database_url` to the new file `to`, for its owner alone, and returns how many bytes
/// that is. Servers go on reading and writing; the copy is of one instant. It is checked and on the disk before it
/// gets its name, so that what is called so is whole.
///
/// # Errors
/// When there is no SQLite database, when `to` exists, or when the disk says no; then nothing is left at `to`.
pub async fn copy(database_url: &str, to: &Path) -> Result<u64, BackupError> {
    let from = db::sqlite_file(database_url).ok_or_else(|| BackupError("This is no SQLite database.".to_owned()))?;
    if !from.exists() {
        return Err(BackupError(format!("There is no database at {} to back up.", from.display())));
    }
    if to.exists() {
        return Err(exists(to));
    }
    let failed = |what: &str, error: &dyn std::fmt::Display| BackupError(format!("{what}: {error}."));
    let draft = Draft::new(to).map_err(|error| failed(&format!("{} can't be written", to.display()), &error))?;
    vacuum_into(database_url, &draft.0).await.map_err(|error| failed("The database can't be copied", &error))?;
    check(&draft.0).await?;
    draft.keep(to).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(to),
        _ => failed(&format!("{} can't be written", to.display()), &error),
    })
}

fn exists(to: &Path) -> BackupError {
    BackupError(format!("{} exists already and is left as it is. Choose another name with --to.", to.display()))
}

/// The copy while it is being made; removed unless it is kept.
struct Draft(PathBuf);

impl Draft {
    /// Made empty and private first: SQLite writes into an empty file, and would make a new one readable by others.
    fn new(to: &Path) -> std::io::Result<Self> {
        let path = db::beside(to, &format!(".{}.tmp", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?;
        Ok(Self(path))
    }

    /// Gives it its name, unless something has it. A link, because renaming would replace what is there.
    fn keep(self, to: &Path) -> std::io::Result<u64> {
        let file = File::open(&self.0)?;
        file.sync_all()?;
        fs::hard_link(&self.0, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(file.metadata()?.len())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_file(db::beside(&self.0, "-journal"));
    }
}

async fn vacuum_into(database_url: &str, to: &Path) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(database_url);
    // Not `read_only`: VACUUM INTO writes its copy on the same connection. Not migrated: a backup changes nothing.
    options
        .max_connections(1)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(false).busy_timeout(db::WAIT));
    let from = Database::connect(options).await?;
    let to = to.to_string_lossy().into_owned();
    let copied =
        from.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.into()])).await;
    from.close().await?;
    copied.map(|_| ())
}

/// Reads the whole copy once, as SQLite checks it.
async fn check(copy: &Path) -> Result<(), BackupError> {
    let broken = |why: String| BackupError(format!("The copy is broken and was removed: {why}."));
    let path = copy.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    let copy = db::look(&format!("sqlite://{path}")).await.map_err(|error| broken(error.to_string()))?;
    let said = integrity(&copy).await.map_err(|error| broken(error.to_string()))?;
    copy.close().await.map_err(|error| broken(error.to_string()))?;
    if said == "ok" { Ok(()) } else { Err(broken(said)) }
}

async fn integrity(copy: &DatabaseConnection) -> Result<String, DbErr> {
    let row = copy.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(1)")).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.try_get_by_index(0))
}
