//! A PostgreSQL of one test's own, to be stopped and started again.

use std::path::PathBuf;
use std::process::Command;

/// A cluster that `scripts/postgres.sh` made; gone with this value.
pub struct Cluster {
    url: String,
    folder: String,
}

impl Cluster {
    /// Makes one and starts it.
    pub fn start() -> Self {
        let said = script(&["start"]);
        let value = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("no {name}: {said}")).trim_matches('\'').to_owned()
        };
        Self { url: value("LATCHKEY_TEST_POSTGRES"), folder: value("postgres_folder") }
    }

    /// Where it is; its user may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it for a while: connections end, and new ones are refused.
    pub fn down(&self) {
        script(&["down", &self.folder]);
    }

    /// Starts it again, at the same port and with the same data.
    pub fn up(&self) {
        script(&["up", &self.folder]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        script(&["stop", &self.folder]);
    }
}

/// Runs one of PostgreSQL's own programs, such as `pg_dump`.
pub fn tool(args: &[&str]) -> String {
    script(&[&["tool"], args].concat())
}

fn script(args: &[&str]) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres.sh");
    let output = Command::new("sh").arg(path).args(args).output().expect("sh");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
