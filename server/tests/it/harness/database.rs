//! A new database for one test, and direct SQL on its tables, so that a test can verify its claims without application
//! code.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use service::{Ctx, Options};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions};
use uuid::Uuid;

use super::cluster::Cluster;

/// The file of SQLite in the folder of data.
const FILE: &str = "latchkey.db";

/// Counts the days whose counters (`daily_counts`; day -1 is all days) differ from the number of rows.
pub const WRONG_COUNTERS: &str = "SELECT count(*) FROM (
    SELECT day, sum(accounts) AS accounts, sum(redemptions) AS redemptions FROM (
        SELECT day, accounts - deleted AS accounts, redemptions FROM daily_counts
        UNION ALL SELECT -1, -1, 0 FROM accounts WHERE deleted_at IS NULL
        UNION ALL SELECT -1, 0, -1 FROM redemptions WHERE kind = 'new'
        UNION ALL SELECT created_at / 86400000000, -1, 0 FROM accounts
        UNION ALL SELECT created_at / 86400000000, 0, -1 FROM redemptions WHERE kind = 'new'
    ) AS made GROUP BY day
) AS days WHERE accounts <> 0 OR redemptions <> 0";

/// The supported databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// One database in the cluster of `LATCHKEY_TEST_POSTGRES`.
    Postgres,
}

/// A folder for the data key and, with SQLite, the database; removed when it is dropped.
pub struct Database {
    pub kind: Kind,
    pub url: String,
    folder: tempfile::TempDir,
}

impl Database {
    /// A migrated database without rows for one test.
    pub async fn fresh(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match kind {
            Kind::Sqlite => {
                Box::pin(test_databases::sqlite(&folder.path().join(FILE), migrate)).await;
                sqlite_url(folder.path())
            }
            Kind::Postgres => Box::pin(test_databases::postgres(&shared_cluster(), &new_name(), migrate)).await,
        };
        Self { kind, url, folder }
    }

    /// A database for one test that has nothing, as before the first start; with SQLite, it is not there yet.
    pub async fn empty(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match kind {
            Kind::Sqlite => sqlite_url(folder.path()),
            Kind::Postgres => fresh_postgres(&shared_cluster()).await,
        };
        Self { kind, url, folder }
    }

    /// An empty database in the cluster of one test.
    pub async fn fresh_in(cluster: &Cluster) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { kind: Kind::Postgres, url: fresh_postgres(cluster.url()).await, folder }
    }

    /// The folder for `--data-dir`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Path of the data key.
    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("latchkey.key")
    }

    /// Runs statements that return nothing.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Whether the database refuses a statement.
    pub async fn refuses(&self, sql: &str) -> bool {
        matches!(self.try_execute(sql).await, Err(sqlx::Error::Database(_)))
    }

    async fn try_execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.pool().await {
            Pool::Sqlite(pool) => {
                let executed = sqlx::raw_sql(sql).execute(&pool).await;
                // Moves the write-ahead log into the file.
                pool.close().await;
                executed.map(|_| ())
            }
            Pool::Postgres(pool) => sqlx::raw_sql(sql).execute(&pool).await.map(|_| ()),
        }
    }

    /// Runs `sql` for SQLite or the other for PostgreSQL, where they differ.
    pub async fn execute_either(&self, sqlite: &str, postgres: &str) {
        self.execute(match self.kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        })
        .await;
    }

    /// The number that `sql` selects.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.pool().await {
            Pool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(&pool).await,
            Pool::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(&pool).await,
        }
        .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The texts that `sql` selects.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.pool().await {
            Pool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(&pool).await,
            Pool::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(&pool).await,
        }
        .unwrap_or_else(|error| panic!("{error}"))
    }

    /// SQL for an id as text, as it is written in JSON.
    pub fn id_text(&self, column: &str) -> String {
        match self.kind {
            Kind::Postgres => format!("CAST({column} AS text)"),
            Kind::Sqlite => {
                let part = |from, length| format!("substr(hex({column}), {from}, {length})");
                let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
                format!("lower({})", parts.join(" || '-' || "))
            }
        }
    }

    /// How many rows `table` has.
    pub async fn rows(&self, table: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table}")).await
    }

    /// `invites.used` of the only invite in the database.
    pub async fn used(&self) -> i64 {
        assert_eq!(self.rows("invites").await, 1, "this test has one invite");
        self.number("SELECT CAST(used AS bigint) FROM invites").await
    }

    async fn pool(&self) -> Pool {
        match self.kind {
            Kind::Sqlite => {
                let options = SqliteConnectOptions::from_str(&self.url)
                    .expect("a URL")
                    .busy_timeout(std::time::Duration::from_secs(30))
                    .disable_statement_logging();
                let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
                Pool::Sqlite(pool.expect("the database of this test"))
            }
            Kind::Postgres => Pool::Postgres(postgres(&self.url).await),
        }
    }
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

async fn postgres(url: &str) -> PgPool {
    let options = PgConnectOptions::from_str(url).expect("a URL").disable_statement_logging();
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await;
    pool.expect("the PostgreSQL of LATCHKEY_TEST_POSTGRES")
}

fn shared_cluster() -> String {
    std::env::var("LATCHKEY_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "LATCHKEY_TEST_POSTGRES is not set. Run `make test`, which starts a temporary PostgreSQL, or set it to \
             the URL of one whose user may create databases: postgres://user:password@127.0.0.1:5432/postgres"
        )
    })
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join(FILE).display())
}

fn new_name() -> String {
    format!("latchkey_test_{}", Uuid::from_u128(unique()).simple())
}

/// Migrates the database of which tests get copies. Each of these has its own data key.
async fn migrate(url: String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options {
        database_url: url.clone(),
        key_file: folder.path().join("latchkey.key"),
        public_url: "http://127.0.0.1:3000".to_owned(),
        registration_mode: None,
        rate_limits: false,
        webhooks_to_private_networks: false,
        smtp: None,
    };
    let ctx = Ctx::open(options).await.unwrap_or_else(|error| panic!("{error}"));
    ctx.close().await;
    let kind = if url.starts_with("sqlite:") { Kind::Sqlite } else { Kind::Postgres };
    Database { kind, url, folder }.execute("DELETE FROM data_keys").await;
}

async fn fresh_postgres(cluster: &str) -> String {
    let name = new_name();
    let pool = postgres(cluster).await;
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&pool).await.expect("the right to create databases");
    let (before, _) = cluster.rsplit_once('/').expect("a URL with a database");
    format!("{before}/{name}")
}

/// A random number: the standard library seeds its hashers from the randomness of the system.
pub fn unique() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    let draw = || u128::from(RandomState::new().hash_one(std::process::id()));
    draw() << 64 | draw()
}
