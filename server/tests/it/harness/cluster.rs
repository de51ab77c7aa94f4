//! A PostgreSQL server for one test, which the test can stop and start.

use std::path::PathBuf;
use std::process::Command;

/// A cluster created by `scripts/postgres.sh`; removed when it is dropped.
pub struct Cluster {
    url: String,
    folder: String,
}

impl Cluster {
    /// Creates a cluster and starts it.
    pub fn start() -> Self {
        let output = script(&["start"]);
        let value = |name: &str| {
            let line = output.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("no {name}: {output}")).trim_matches('\'').to_owned()
        };
        Self { url: value("LATCHKEY_TEST_POSTGRES"), folder: value("postgres_folder") }
    }

    /// The connection URL; its user may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server: open connections end, and new ones are refused.
    pub fn down(&self) {
        script(&["down", &self.folder]);
    }

    /// Starts the server again, on the same port and with the same data.
    pub fn up(&self) {
        script(&["up", &self.folder]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        script(&["stop", &self.folder]);
    }
}

/// Runs a program of PostgreSQL, such as `pg_dump`.
pub fn tool(args: &[&str]) -> String {
    script(&[&["tool"], args].concat())
}

fn script(args: &[&str]) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres.sh");
    let output = Command::new("sh").arg(path).args(args).output().expect("sh");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
