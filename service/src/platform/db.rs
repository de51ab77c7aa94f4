//! Connections: which database, how many, with what guarantees.

use std::path::{Path, PathBuf};
use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::OpenError;
use crate::platform::error::is_unavailable;

/// How long a query waits for a lock, and a request for a connection, before the answer is 503.
pub(crate) const WAIT: Duration = Duration::from_secs(10);
/// How long a look at a database that may be away takes at the most.
const LOOK_WAIT: Duration = Duration::from_secs(5);
/// How long a start waits for a database that is not there yet, and for the migration of another process. After a
/// power cut both machines come up in any order.
const START_WAIT: Duration = Duration::from_mins(1);
/// How long one try to connect may take during that, and a SQLite file that others open at the same moment.
const TRY: Duration = Duration::from_secs(5);
/// The key of the PostgreSQL advisory lock that migrations are run under: "latchkey" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c61_7463_686b_6579;

/// A pool that reads and a pool that writes.
///
/// On SQLite the writing pool is one connection: writers queue in the process, fairly, instead of in the file, and
/// readers never wait for them (WAL). On PostgreSQL the pools are apart so that a hot link cannot starve the pages.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

impl Db {
    /// Connects to `url` and brings the schema up to date.
    pub(crate) async fn open(url: &str) -> Result<Self, OpenError> {
        migrate(url).await?;
        let (readers, writers) = if is_sqlite(url) { (4, 1) } else { (8, 8) };
        let read = Database::connect(options(url, readers, WAIT)).await.map_err(|error| unreachable(url, &error))?;
        let write = Database::connect(options(url, writers, WAIT)).await.map_err(|error| unreachable(url, &error))?;
        Ok(Self { read, write })
    }

    /// Whether this is PostgreSQL, where other processes share the database.
    pub(crate) fn is_postgres(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    /// Closes both pools. On SQLite the last one to close folds the write-ahead log into the file.
    pub(crate) async fn close(&self) {
        for pool in [&self.read, &self.write] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "the database did not close cleanly");
            }
        }
    }
}

/// One connection that only reads: nothing is made, migrated or repaired by it.
///
/// A SQLite file that no process has open is read as it lies (`immutable`), because even a reader of the write-ahead
/// log would leave files beside it.
pub(crate) async fn look(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    let at_rest = sqlite_file(url).is_some_and(|file| !beside(&file, "-wal").exists());
    options
        .max_connections(1)
        .acquire_timeout(LOOK_WAIT)
        .connect_timeout(LOOK_WAIT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite.create_if_missing(false).read_only(true).immutable(at_rest).busy_timeout(LOOK_WAIT)
        })
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("latchkey look").options([("default_transaction_read_only", "on")])
        });
    Database::connect(options).await
}

/// One connection, on a schema that is up to date, with no other Latchkey at the database: not now, and until it is closed
/// none that starts. `None` when there is another.
///
/// SQLite: a connection in exclusive mode, which WAL gives to nobody while others have the file open. PostgreSQL: the lock
/// of migrations, which every start needs; who is there already, the server knows.
pub(crate) async fn alone(url: &str) -> Result<Option<DatabaseConnection>, OpenError> {
    migrate(url).await?;
    let mut options = options(url, 1, TRY);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).map_sqlx_sqlite_opts(|sqlite| {
        sqlite.locking_mode(sea_orm::sqlx::sqlite::SqliteLockingMode::Exclusive).busy_timeout(TRY)
    });
    let db = match Database::connect(options).await {
        Err(error) if is_sqlite(url) && passes(&error, true) => return Ok(None),
        outcome => outcome.map_err(|error| unreachable(url, &error))?,
    };
    let alone = if is_sqlite(url) { takes_the_file(&db).await } else { is_the_only_one(&db).await };
    match alone {
        Ok(true) => Ok(Some(db)),
        outcome => {
            // Closing ends the lock, too.
            let _ = db.close().await;
            outcome.map(|_| None).map_err(|error| unreachable(url, &error))
        }
    }
}

async fn takes_the_file(db: &DatabaseConnection) -> Result<bool, DbErr> {
    match db.execute_unprepared("BEGIN EXCLUSIVE; COMMIT").await {
        Err(error) if passes(&error, true) => Ok(false),
        outcome => outcome.map(|_| true),
    }
}

/// Looks for a while: those that have just ended may still be listed.
async fn is_the_only_one(db: &DatabaseConnection) -> Result<bool, DbErr> {
    const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'latchkey' AND pid <> pg_backend_pid()";
    match db.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await {
        // Waited for in vain: one that starts has it.
        Err(error) if is_unavailable(&error) => return Ok(false),
        outcome => outcome?,
    };
    let deadline = tokio::time::Instant::now() + TRY;
    loop {
        let others = db.query_one_raw(Statement::from_string(DbBackend::Postgres, OTHERS)).await?;
        let others = others.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
        if others == 0 || tokio::time::Instant::now() >= deadline {
            return Ok(others == 0);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The file of a SQLite URL; nothing for PostgreSQL and for databases in memory.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    let path = path.replace("%3F", "?").replace("%23", "#").replace("%25", "%");
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// The file called like this one with `suffix` behind it.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// What the operator is told. A connection string may hold a password: the kind is named, never the string.
fn unreachable(url: &str, error: &DbErr) -> OpenError {
    OpenError::new(if is_sqlite(url) {
        format!(
            "The SQLite database can't be opened: {error}. Give this user the right to write the data folder and what \
             is in it, and see that its disk has room."
        )
    } else {
        format!(
            "The PostgreSQL database can't be reached: {error}. See that it runs, that this machine may connect to it, \
             and that --database-url (LATCHKEY_DATABASE_URL) has the right host, port, user and password."
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
                // What was acknowledged survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .pragma("secure_delete", "ON")
        })
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            // When the disk refuses a commit, SQLite has ended the transaction, and sqlx believes that it goes on: the
            // next one would be a part of it, and its commit would write nothing. Such a connection is thrown away.
            let clean = !sea_orm::sqlx::Connection::is_in_transaction(connection);
            Box::pin(std::future::ready(Ok(clean)))
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
        // A SQLite connection does not go stale; reopening it would only lose its cache.
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).test_before_acquire(false);
    }
    options
}

/// Brings the schema up to date, once, however many processes start at the same time.
///
/// Everything runs on one connection. SQLite: foreign keys are switched off *before* `BEGIN EXCLUSIVE` (inside a
/// transaction the pragma does nothing, and rebuilding a table would cascade the ledger away) and checked before
/// `COMMIT`. PostgreSQL: an advisory lock is held throughout.
async fn migrate(url: &str) -> Result<(), OpenError> {
    let mut options = options(url, 1, START_WAIT);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).acquire_timeout(TRY);
    let connection = connect_patiently(options, START_WAIT).await.map_err(|error| unreachable(url, &error))?;
    let migrated = async {
        if is_sqlite(url) {
            connection.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
            connection.execute_unprepared("BEGIN EXCLUSIVE").await?;
            up(&connection).await?;
            let broken =
                connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check")).await?;
            if broken.is_some() {
                return Err(DbErr::Custom("a migration left rows that point nowhere; nothing was changed".to_owned()));
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
    // Closing the only connection ends what it held: an open transaction, the advisory lock.
    let closed = connection.close().await;
    migrated.and(closed).map_err(|error| match error {
        DbErr::Custom(words) => OpenError::new(words),
        error => OpenError::new(format!(
            "The database schema can't be brought up to date: {error}. See that this user may \
             change the database, and that its disk has room; then start again."
        )),
    })
}

/// Opens the migration connection, and waits up to `timeout` for a database that is away. Switching a new SQLite file
/// to WAL fails at once when another process is at it, no matter the busy timeout, so that is tried again, too.
async fn connect_patiently(options: ConnectOptions, timeout: Duration) -> Result<DatabaseConnection, DbErr> {
    let sqlite = is_sqlite(options.get_url());
    let deadline = tokio::time::Instant::now() + if sqlite { TRY } else { timeout };
    let mut said = false;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if tokio::time::Instant::now() < deadline && passes(&error, sqlite) => {
                if !sqlite && !said {
                    said = true;
                    tracing::warn!(%error, "the database is not there; waiting up to {timeout:?} for it");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether a database that could not be opened may well be in a moment.
fn passes(error: &DbErr, sqlite: bool) -> bool {
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
    Migrator::up(connection, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_the_one_the_url_was_made_for() {
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
    async fn a_database_that_never_comes_is_given_up_in_words_without_the_password() {
        // A port that was free a moment ago and that nobody listens at.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("postgres://latchkey:a-secret@127.0.0.1:{port}/latchkey");
        let mut options = options(&url, 1, START_WAIT);
        options.acquire_timeout(Duration::from_millis(50));
        let error = connect_patiently(options, Duration::from_millis(200)).await.unwrap_err();
        let words = unreachable(&url, &error).to_string();
        assert!(words.contains("--database-url"), "{words}");
        assert!(!words.contains("a-secret"), "{words}");
    }
}
