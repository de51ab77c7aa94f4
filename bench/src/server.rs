//! The release binary in a separate process.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use crate::client::Client;

/// The password of every account.
pub const PASSWORD: &str = "correct horse battery staple";

/// An installation: a program and its data.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The release binary.
    pub binary: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The PostgreSQL database; `None` means SQLite in the data folder.
    pub database_url: Option<String>,
}

impl Installation {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().env("LATCHKEY_RATE_LIMITS", "off").env("LATCHKEY_WEBHOOKS_TO_PRIVATE_NETWORKS", "1");
        command.arg("--data-dir").arg(&self.data);
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        command
    }

    /// Runs a command to its end and returns its output.
    ///
    /// # Errors
    /// When the command fails.
    pub fn run(&self, args: &[&str], input: &str) -> io::Result<String> {
        let mut child =
            self.command().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(io::Error::other(format!("{args:?}: {}", String::from_utf8_lossy(&output.stderr))));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Creates the owner, if there is none, and returns an API key of the owner.
    pub fn create_owner(&self) -> io::Result<String> {
        let key = || self.run(&["key", "create", "--account", "ines"], "");
        if let Ok(key) = key() {
            return Ok(key);
        }
        let account = ["account", "create", "--email", "ines@example.org", "--username", "ines", "--role", "owner"];
        self.run(&[&account[..], &["--password-stdin"]].concat(), PASSWORD)?;
        key()
    }

    /// Does at once, after many rows were inserted, what PostgreSQL does by itself within minutes.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn settle(&self) -> io::Result<()> {
        match &self.database_url {
            Some(url) => execute(url, "VACUUM ANALYZE".to_owned()).await,
            None => Ok(()),
        }
    }

    /// Executes a statement on the database, beside the servers.
    ///
    /// # Errors
    /// When the database can't be reached or refuses it.
    pub async fn execute(&self, statement: String) -> io::Result<()> {
        if let Some(url) = &self.database_url {
            return execute(url, statement).await;
        }
        let file = SqliteConnectOptions::new().filename(self.data.join("latchkey.db"));
        let mut connection = file.connect().await.map_err(io::Error::other)?;
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.map_err(io::Error::other)?;
        connection.close().await.map_err(io::Error::other)
    }

    /// Starts the server with its default configuration, including logs (which are discarded), and waits for its first
    /// answer.
    pub async fn serve(&self) -> io::Result<Server> {
        let started = Instant::now();
        let mut child = self
            .command()
            .args(["serve", "--addr", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("the server has no output"))?;
        let mut server = Server { child, addr: String::new(), started: Duration::ZERO };
        for line in BufReader::new(stdout).lines() {
            if let Some((_, addr)) = line?.split_once(" is at http://") {
                addr.trim().clone_into(&mut server.addr);
                break;
            }
        }
        if server.addr.is_empty() {
            return Err(io::Error::other("the server ended before it accepted connections"));
        }
        let answer = Client::connect(&server.addr).await?.get("/login", "").await?;
        server.started = started.elapsed();
        crate::load::expect(200, &answer)?;
        Ok(server)
    }
}

/// A running server. Ends when this value is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// The address, such as `127.0.0.1:40000`.
    pub addr: String,
    /// The time from the start of the process to its first answer.
    pub started: Duration,
}

impl Server {
    /// A value of `/proc/PID/status`, in MiB: `VmRSS` (current) or `VmHWM` (peak).
    pub fn memory(&self, field: &str) -> io::Result<f64> {
        let status = std::fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other(format!("/proc has no field {field}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails only if the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Executes a statement on PostgreSQL.
///
/// # Errors
/// When the database can't be reached or refuses it.
pub async fn execute(url: &str, statement: String) -> io::Result<()> {
    let mut connection = PgConnection::connect(url).await.map_err(io::Error::other)?;
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.map_err(io::Error::other)?;
    connection.close().await.map_err(io::Error::other)
}
