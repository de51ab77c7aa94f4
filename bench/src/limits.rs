//! Reference measurements: Argon2id alone, SQLite alone, a mail client alone, and a bare axum handler.

use std::io;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::{Argon2, PasswordHasher};
use axum::Router;
use axum::routing::get;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::client::Client;

/// Hashes per second of Argon2id with Latchkey's parameters (m = 19456 KiB, t = 2, p = 1, the defaults of the crate) on
/// `cores` threads, measured for `time`.
#[must_use]
pub fn argon2(cores: usize, time: Duration) -> f64 {
    let (hashes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let hash = Argon2::default().hash_password_with_salt(b"correct horse battery staple", &[7; 16]);
                    assert!(hash.is_ok(), "argon2 hashes");
                    hashes.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of hashes")]
    let hashes = hashes.into_inner() as f64;
    hashes / started.elapsed().as_secs_f64()
}

/// SQLite with the server's guarantees (write-ahead log, `synchronous=FULL`) and nothing else: inserts of one row, each a
/// transaction of its own, one after the other on one connection, into a new file at `path`, for `time`. Transactions
/// each second.
///
/// # Errors
/// When the file cannot be written.
pub async fn sqlite(path: &Path, time: Duration) -> io::Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = options.connect().await.map_err(io::Error::other)?;
    let table = "CREATE TABLE alone (id INTEGER NOT NULL PRIMARY KEY, label TEXT NOT NULL) STRICT";
    sqlx::query(table).execute(&mut connection).await.map_err(io::Error::other)?;
    let warm = Instant::now() + time / 10;
    let mut began = Instant::now();
    let mut written = 0_u32;
    for number in 0_i64.. {
        sqlx::query("INSERT INTO alone (id, label) VALUES (?, ?)")
            .bind(number)
            .bind(format!("Evening {number}"))
            .execute(&mut connection)
            .await
            .map_err(io::Error::other)?;
        let now = Instant::now();
        if now < warm {
            began = now;
        } else {
            written += 1;
        }
        if now >= warm + time {
            break;
        }
    }
    let rate = f64::from(written) / began.elapsed().as_secs_f64();
    connection.close().await.map_err(io::Error::other)?;
    Ok(rate)
}

/// Mails over one connection to a mail server on this machine, one after the other, each command after the reply to the one
/// before, and nothing else. As large as one of Latchkey. Mails each second.
///
/// # Errors
/// When a mail is not accepted.
pub async fn smtp(port: u16, mails: usize) -> io::Result<f64> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let text = format!("Subject: Alone\r\n\r\n{}.\r\n", format!("{}\r\n", "x".repeat(76)).repeat(60));
    reply(&mut stream).await?;
    say(&mut stream, "EHLO localhost\r\n").await?;
    let began = Instant::now();
    for number in 0..mails {
        say(&mut stream, "MAIL FROM:<join@example.org>\r\n").await?;
        say(&mut stream, &format!("RCPT TO:<m{number}@example.org>\r\n")).await?;
        say(&mut stream, "DATA\r\n").await?;
        say(&mut stream, &text).await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousand")]
    let rate = mails as f64 / began.elapsed().as_secs_f64();
    Ok(rate)
}

async fn say(stream: &mut BufReader<TcpStream>, command: &str) -> io::Result<()> {
    stream.write_all(command.as_bytes()).await?;
    reply(stream).await
}

/// A reply of one line, which must be positive (RFC 5321, section 4.2.1).
async fn reply(stream: &mut BufReader<TcpStream>) -> io::Result<()> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    if line.starts_with(['2', '3']) {
        Ok(())
    } else {
        Err(io::Error::other(format!("a mail server that says {line:?}")))
    }
}

/// A bare axum handler in a separate process, like the server. The process ends when this value is dropped.
#[derive(Debug)]
pub struct Bare {
    child: Child,
    /// The address, such as `127.0.0.1:40000`.
    pub addr: String,
}

impl Bare {
    /// Starts this program as the bare handler in a new process.
    ///
    /// # Errors
    /// When it does not accept connections within ten seconds.
    pub async fn start() -> io::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let addr = format!("127.0.0.1:{port}");
        let child = Command::new(std::env::current_exe()?).args(["bare", "--addr", &addr]).spawn()?;
        let bare = Self { child, addr };
        let deadline = Instant::now() + Duration::from_secs(10);
        while Client::connect(&bare.addr).await.is_err() {
            if Instant::now() > deadline {
                return Err(io::Error::other("the bare handler does not start"));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(bare)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // Fails only if the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the bare handler until the process ends.
pub async fn serve_bare(addr: &str) -> io::Result<()> {
    let router = Router::new().route("/", get(|| async { "{\"valid\":true,\"role\":\"user\",\"expires_at\":null}" }));
    axum::serve(TcpListener::bind(addr).await?, router).await
}
