//! Database connections: pools, options and migrations.

use std::path::{Path, PathBuf};
use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::OpenError;
use crate::platform::error::is_unavailable;
use crate::platform::search;

/// The time a query waits for a lock, and a request for a connection, before the answer is 503.
pub(crate) const WAIT_TIMEOUT: Duration = Duration::from_secs(10);
/// The time limit for opening and reading a read-only connection.
const READ_ONLY_TIMEOUT: Duration = Duration::from_secs(5);
/// The time a start waits for a database that is not available yet, and for migrations of another process. After a
/// power failure the machines of the database and of the service may start in any order.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// The time limit of one attempt to connect during [`START_TIMEOUT`], and for a SQLite file that other processes open
/// at the same time.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// The key of the PostgreSQL advisory lock for migrations: "latchkey" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c61_7463_686b_6579;

/// A pool for reading and a pool for writing.
///
/// On SQLite the writing pool has one connection: writers queue in the process in order of arrival and not at the file,
/// and readers never wait for them (WAL). On PostgreSQL the pools are separate so that many sign-ups with one invite
/// cannot block the reading of pages.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

impl Db {
    /// Connects to `url` and runs pending migrations.
    pub(crate) async fn open(url: &str) -> Result<Self, OpenError> {
        migrate(url).await?;
        let (readers, writers) = if is_sqlite(url) { (4, 1) } else { (8, 8) };
        let read =
            Database::connect(options(url, readers, WAIT_TIMEOUT)).await.map_err(|error| cannot_open(url, &error))?;
        let write =
            Database::connect(options(url, writers, WAIT_TIMEOUT)).await.map_err(|error| cannot_open(url, &error))?;
        Ok(Self { read, write })
    }

    /// Whether this is PostgreSQL, where other processes may share the database.
    pub(crate) fn is_postgres(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    /// Moves the write-ahead log of SQLite into the database file and empties it, so that nothing that was deleted is left in
    /// it. While others read what is in the log, the next time moves it. PostgreSQL keeps deleted rows until its vacuum.
    pub(crate) async fn erase_log(&self) {
        if self.is_postgres() {
            return;
        }
        if let Err(error) = self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }

    /// Closes both pools. On SQLite the last one to close writes the write-ahead log into the database file.
    pub(crate) async fn close(&self) {
        for pool in [&self.read, &self.write] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "the database did not close cleanly");
            }
        }
    }
}

/// One read-only connection. Creates, migrates and repairs nothing.
///
/// A SQLite file that no process has open is opened as `immutable`, because even a reader would create the files of the
/// write-ahead log.
pub(crate) async fn connect_read_only(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    let not_in_use = sqlite_file(url).is_some_and(|file| !with_suffix(&file, "-wal").exists());
    options
        .max_connections(1)
        .acquire_timeout(READ_ONLY_TIMEOUT)
        .connect_timeout(READ_ONLY_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite.create_if_missing(false).read_only(true).immutable(not_in_use).busy_timeout(READ_ONLY_TIMEOUT)
        })
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("latchkey read-only").options([("default_transaction_read_only", "on")])
        });
    Database::connect(options).await
}

/// One exclusive connection, after running pending migrations. Until it is closed, no other Latchkey process uses the
/// database. `None` when another process uses it.
///
/// SQLite: a connection in exclusive locking mode, which WAL refuses while others have the file open. PostgreSQL: the
/// lock of migrations, which every start needs; running processes are found in `pg_stat_activity`.
pub(crate) async fn connect_exclusive(url: &str) -> Result<Option<DatabaseConnection>, OpenError> {
    migrate(url).await?;
    let mut options = options(url, 1, ATTEMPT_TIMEOUT);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).map_sqlx_sqlite_opts(|sqlite| {
        sqlite.locking_mode(sea_orm::sqlx::sqlite::SqliteLockingMode::Exclusive).busy_timeout(ATTEMPT_TIMEOUT)
    });
    let db = match Database::connect(options).await {
        Err(error) if is_sqlite(url) && is_retryable(&error, true) => return Ok(None),
        outcome => outcome.map_err(|error| cannot_open(url, &error))?,
    };
    let exclusive = if is_sqlite(url) { lock_file(&db).await } else { lock_server(&db).await };
    match exclusive {
        Ok(true) => Ok(Some(db)),
        outcome => {
            // Closing also releases the lock.
            let _ = db.close().await;
            outcome.map(|_| None).map_err(|error| cannot_open(url, &error))
        }
    }
}

/// Locks the SQLite file. Returns whether the lock was obtained.
async fn lock_file(db: &DatabaseConnection) -> Result<bool, DbErr> {
    match db.execute_unprepared("BEGIN EXCLUSIVE; COMMIT").await {
        Err(error) if is_retryable(&error, true) => Ok(false),
        outcome => outcome.map(|_| true),
    }
}

/// Takes the PostgreSQL lock for migrations and checks that no other process is connected. Returns whether this is the
/// only one. Checks for up to [`ATTEMPT_TIMEOUT`], because processes that have just ended may still be listed.
async fn lock_server(db: &DatabaseConnection) -> Result<bool, DbErr> {
    const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'latchkey' AND pid <> pg_backend_pid()";
    match db.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await {
        // Timed out: another process that is starting holds the lock.
        Err(error) if is_unavailable(&error) => return Ok(false),
        outcome => outcome?,
    };
    let deadline = tokio::time::Instant::now() + ATTEMPT_TIMEOUT;
    loop {
        let others = db.query_one_raw(Statement::from_string(DbBackend::Postgres, OTHERS)).await?;
        let others = others.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
        if others == 0 || tokio::time::Instant::now() >= deadline {
            return Ok(others == 0);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The file of a SQLite URL; `None` for PostgreSQL and for in-memory databases.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    let path = path.replace("%3F", "?").replace("%23", "#").replace("%25", "%");
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// The path of `file` with `suffix` appended to its name.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder that `file` is in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(crate) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// The message for the operator. It never contains the connection string, which may hold a password.
fn cannot_open(url: &str, error: &DbErr) -> OpenError {
    OpenError::new(if is_sqlite(url) {
        format!(
            "The SQLite database can't be opened: {error}. Check that this user can write to the data folder and the \
             files in it, and that the disk is not full."
        )
    } else {
        format!(
            "The PostgreSQL database can't be reached: {error}. Check that it runs, that this machine can connect to \
             it, and that --database-url (LATCHKEY_DATABASE_URL) has the right host, port, user and password."
        )
    })
}

fn options(url: &str, connections: u32, wait: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(wait)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(wait)
                .journal_mode(SqliteJournalMode::Wal)
                // A committed transaction survives a power failure.
                .synchronous(SqliteSynchronous::Full)
                // Pages that change with every sign-up are copied into the database every 16 MiB of log, not every 4.
                .pragma("wal_autocheckpoint", "4000")
                // The small tables of a statement, such as the words of a new row, are not written to files.
                .pragma("temp_store", "MEMORY")
                // KiB, on each connection: the upper levels of the indexes of a million rows, so that a row in the middle of one
                // takes two reads and not five. Allocated as it is used.
                .pragma("cache_size", "-8192")
                .pragma("secure_delete", "ON")
        })
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            // When a commit fails because of the disk, SQLite has ended the transaction, but sqlx treats it as open:
            // the next transaction would be nested in it, and its commit would write nothing. Such a connection is
            // closed.
            let usable = !sea_orm::sqlx::Connection::is_in_transaction(connection);
            Box::pin(std::future::ready(Ok(usable)))
        })
        .map_sqlx_postgres_opts(move |postgres| {
            let millis = wait.as_millis().to_string();
            postgres.application_name("latchkey").options([
                ("statement_timeout", millis.as_str()),
                ("lock_timeout", millis.as_str()),
                ("idle_in_transaction_session_timeout", "30000"),
            ])
        });
    if is_sqlite(url) {
        // A SQLite connection does not become stale; reopening it would only lose its cache.
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).test_before_acquire(false);
    }
    options
}

/// Runs pending migrations and brings the index of the search up to date, once, even if several processes start at the same
/// time.
///
/// Everything runs on one connection. SQLite: foreign keys are switched off *before* `BEGIN EXCLUSIVE` (inside a
/// transaction the pragma does nothing, and rebuilding a table would delete the rows that reference it) and checked
/// before `COMMIT`. PostgreSQL: an advisory lock is held throughout.
async fn migrate(url: &str) -> Result<(), OpenError> {
    let mut options = options(url, 1, START_TIMEOUT);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).acquire_timeout(ATTEMPT_TIMEOUT);
    let connection = connect_with_retries(options, START_TIMEOUT).await.map_err(|error| cannot_open(url, &error))?;
    let migrated = async {
        if is_sqlite(url) {
            // Migrations write to many places at once. 64 MiB, for this connection only.
            connection.execute_unprepared("PRAGMA cache_size = -65536").await?;
            connection.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
            connection.execute_unprepared("BEGIN EXCLUSIVE").await?;
            up(&connection).await?;
            let broken =
                connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check")).await?;
            if broken.is_some() {
                return Err(DbErr::Custom(
                    "A migration left rows with broken references. Nothing was changed.".to_owned(),
                ));
            }
            connection.execute_unprepared("COMMIT").await?;
        } else {
            connection.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
            up(&connection).await?;
            connection.execute_unprepared(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).await?;
        }
        Ok::<_, DbErr>(())
    }
    .await;
    // Closing the only connection ends an open transaction and releases the advisory lock.
    let closed = connection.close().await;
    migrated.and(closed).map_err(|error| match error {
        DbErr::Custom(message) => OpenError::new(message),
        error => OpenError::new(format!(
            "The database schema can't be updated: {error}. Check that this user can change the database and that the \
             disk is not full, then start again."
        )),
    })
}

/// Opens the migration connection, and waits up to `timeout` for a database that is not available. Switching a new
/// SQLite file to WAL fails immediately while another process does the same, regardless of the busy timeout, so that
/// this is retried as well.
async fn connect_with_retries(options: ConnectOptions, timeout: Duration) -> Result<DatabaseConnection, DbErr> {
    let sqlite = is_sqlite(options.get_url());
    let deadline = tokio::time::Instant::now() + if sqlite { ATTEMPT_TIMEOUT } else { timeout };
    let mut logged = false;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if tokio::time::Instant::now() < deadline && is_retryable(&error, sqlite) => {
                if !sqlite && !logged {
                    logged = true;
                    tracing::warn!(%error, "the database is not available; waiting up to {timeout:?}");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether opening the database may succeed when it is tried again.
fn is_retryable(error: &DbErr, sqlite: bool) -> bool {
    if sqlite { error.to_string().contains("locked") } else { is_unavailable(error) }
}

async fn up(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = Migrator::get_migration_models(connection).await?;
    if let Some(unknown) = applied.iter().find(|applied| !known.contains(&applied.version)) {
        return Err(DbErr::Custom(format!(
            "The database is from a newer version of Latchkey (it has \"{}\"). Start that version, or restore a backup.",
            unknown.version
        )));
    }
    Migrator::up(connection, None).await?;
    search::update(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_urls_are_decoded_to_their_files() {
        for (url, file) in [
            ("sqlite://data/latchkey.db?mode=rwc", Some("data/latchkey.db")),
            ("sqlite:///a%3Fb%23c%25d/latchkey.db?mode=rwc", Some("/a?b#c%d/latchkey.db")),
            ("sqlite::memory:", None),
            ("postgres://latchkey@localhost/latchkey", None),
        ] {
            assert_eq!(sqlite_file(url), file.map(PathBuf::from), "{url}");
        }
    }

    #[tokio::test]
    async fn an_unreachable_database_ends_in_a_message_without_the_password() {
        // A port that was free a moment ago, without a listener.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("postgres://latchkey:a-secret@127.0.0.1:{port}/latchkey");
        let mut options = options(&url, 1, START_TIMEOUT);
        options.acquire_timeout(Duration::from_millis(50));
        let error = connect_with_retries(options, Duration::from_millis(200)).await.unwrap_err();
        let message = cannot_open(&url, &error).to_string();
        assert!(message.contains("--database-url"), "{message}");
        assert!(!message.contains("a-secret"), "{message}");
    }
}
