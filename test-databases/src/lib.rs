//! Databases for tests. Each is a copy of one that was migrated once for the program that runs the tests, because running all
//! migrations takes longer than most tests.
//!
//! The migrated database is kept for the next run, until the program is built again: beside the program with SQLite, in the
//! cluster with PostgreSQL. Several processes may ask for copies at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

/// The lock in PostgreSQL of the process that migrates: any number that nothing else uses.
const LOCK: i64 = 0x6c61_7463_6874_6573;

/// Writes a migrated SQLite database to `file`. `migrate` is given the URL of a new one, migrates it and closes it.
///
/// # Panics
/// When files can't be written.
pub async fn sqlite(file: &Path, migrate: impl AsyncFnOnce(String)) {
    static MIGRATED: OnceCell<PathBuf> = OnceCell::const_new();
    let migrated = MIGRATED
        .get_or_init(async || {
            let (program, built) = program();
            let kept = program.with_extension("migrated.db");
            if fs::metadata(&kept).and_then(|kept| kept.modified()).is_ok_and(|made| made > built) {
                return kept;
            }
            let beside = program.parent().expect("the folder of a program");
            let folder = tempfile::tempdir_in(beside).expect("a folder beside the program");
            let new = folder.path().join("new.db");
            migrate(format!("sqlite://{}?mode=rwc", new.display())).await;
            assert!(!folder.path().join("new.db-wal").exists(), "it was closed");
            // At once, so that no other process reads half of it.
            fs::rename(new, &kept).expect("a file beside the program");
            kept
        })
        .await;
    fs::copy(migrated, file).expect("a copy");
}

/// Creates a migrated database with this name in a cluster of PostgreSQL, and returns its URL. `cluster` is the URL of a database of a
/// user who may create others. `migrate` is given the URL of a new one, migrates it and closes its connections.
///
/// # Panics
/// When the cluster can't be reached or refuses it.
pub async fn postgres(cluster: &str, name: &str, migrate: impl AsyncFnOnce(String)) -> String {
    static MIGRATED: OnceCell<String> = OnceCell::const_new();
    let mut connection = PgConnection::connect(cluster).await.expect("the cluster");
    let migrated = MIGRATED.get_or_init(async || migrated(&mut connection, cluster, migrate).await).await;
    run(&mut connection, &format!("CREATE DATABASE {name} TEMPLATE {migrated}")).await;
    connection.close().await.expect("an open connection");
    beside(cluster, name)
}

/// The name of the migrated database. Makes it, if there is none of this build.
async fn migrated(connection: &mut PgConnection, cluster: &str, migrate: impl AsyncFnOnce(String)) -> String {
    let (program, built) = program();
    let stem = program.file_stem().and_then(|stem| stem.to_str()).expect("a name");
    let name = format!("migrated_{}", stem.replace(|char: char| !char.is_ascii_alphanumeric(), "_"));
    let built = built.duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970").as_nanos().to_string();
    run(connection, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    // The comment is written last: without it the process that migrated was stopped.
    let comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1";
    let of: Option<Option<String>> =
        sqlx::query_scalar(comment).bind(&name).fetch_optional(&mut *connection).await.expect("an answer");
    if of.flatten() != Some(built.clone()) {
        run(connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(connection, &format!("CREATE DATABASE {name}")).await;
        migrate(beside(cluster, &name)).await;
        run(connection, &format!("COMMENT ON DATABASE {name} IS '{built}'")).await;
    }
    run(connection, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}

/// This program, and when it was built.
fn program() -> (PathBuf, SystemTime) {
    let program = std::env::current_exe().expect("the path of this program");
    let built = fs::metadata(&program).and_then(|program| program.modified()).expect("a time");
    (program, built)
}

/// The URL of another database of the cluster.
fn beside(cluster: &str, name: &str) -> String {
    let (server, _) = cluster.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}")
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
