//! The release binary in a process of its own.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;

/// The password of every account that is made here.
pub const PASSWORD: &str = "correct horse battery staple";

/// Which program, on which data.
#[derive(Clone, Debug)]
pub struct Place {
    /// The release binary.
    pub binary: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The PostgreSQL database; SQLite in the data folder without it.
    pub database_url: Option<String>,
}

impl Place {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().env("LATCHKEY_RATE_LIMITS", "off").arg("--data-dir").arg(&self.data);
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        command
    }

    /// Runs a command to its end and returns what it printed.
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

    /// Makes the owner, and returns the owner's API key.
    pub fn owner(&self) -> io::Result<String> {
        let account = ["account", "create", "--email", "ines@example.org", "--username", "ines", "--role", "owner"];
        self.run(&[&account[..], &["--password-stdin"]].concat(), PASSWORD)?;
        self.run(&["key", "create", "--account", "ines"], "")
    }

    /// Starts the server as it is by default, logs and all (they go nowhere), and waits until it answers.
    pub async fn serve(&self) -> io::Result<Server> {
        let began = Instant::now();
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
            return Err(io::Error::other("the server ended before it served"));
        }
        let answer = Client::connect(&server.addr).await?.get("/login", "").await?;
        server.started = began.elapsed();
        crate::load::expect(200, &answer)?;
        Ok(server)
    }
}

/// A server that runs. Ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it is, such as `127.0.0.1:40000`.
    pub addr: String,
    /// How long it took from its start to its first answer.
    pub started: Duration,
}

impl Server {
    /// A figure from `/proc/PID/status`, in MiB: `VmRSS` (now) or `VmHWM` (the most it ever was).
    pub fn memory(&self, field: &str) -> io::Result<f64> {
        let status = std::fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other(format!("/proc says nothing about {field}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails only for one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
