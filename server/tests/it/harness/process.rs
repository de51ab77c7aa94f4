//! The real program in its own processes.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::caller::Caller;
use super::database::{Database, Kind};
use super::people::PASSWORD;

/// Maximum time until a server has started or stopped. Generous, because a test machine may be busy.
const TIMEOUT: Duration = Duration::from_mins(1);

static LOGS: AtomicUsize = AtomicUsize::new(0);

/// The program with the data of one test, without environment variables that would change its behaviour.
pub fn latchkey(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LATCHKEY_") || name == "REGISTRATION_MODE" {
            command.env_remove(name);
        }
    }
    command.env("LATCHKEY_RATE_LIMITS", "off").env("LATCHKEY_LOG", "warn").arg("--data-dir").arg(database.folder());
    if database.kind == Kind::Postgres {
        command.args(["--database-url", &database.url]);
    }
    command
}

/// Runs a command, expects success, and returns its output without the last line break.
pub fn run(database: &Database, args: &[&str], input: &str) -> String {
    let output = finish(database, args, input);
    assert!(output.status.success(), "latchkey {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
}

/// Runs a command, expects status 1 and no output, and returns its error message.
pub fn fail(database: &Database, args: &[&str], input: &str) -> String {
    let output = finish(database, args, input);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "latchkey {args:?}: {message}");
    assert!(output.stdout.is_empty(), "latchkey {args:?}: {}", String::from_utf8_lossy(&output.stdout));
    message
}

/// The value in the line of `name` that a command printed, after a tab.
pub fn value(printed: &str, name: &str) -> String {
    let value = printed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
    value.unwrap_or_else(|| panic!("{name}: {printed}")).to_owned()
}

/// The same command, run by a shell after `preparations`, such as setting a resource limit.
pub fn through_shell(preparations: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{preparations}; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// Expects that a server does not start, exits with status 1 and has no output; returns its error message.
pub fn expect_start_to_fail(mut command: Command) -> String {
    let output = command.args(["serve", "--addr", "127.0.0.1:0"]).stdin(Stdio::null()).output().expect("it starts");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    message
}

/// Runs a command and waits for its end.
pub fn finish(database: &Database, args: &[&str], input: &str) -> Output {
    let mut child = latchkey(database)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that does not read its input may have ended already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// Creates an owner and an API key on the command line; returns the key.
pub fn owner_key(database: &Database) -> String {
    let account = ["account", "create", "--email", "ines@example.org", "--username", "ines", "--role", "owner"];
    run(database, &[&account[..], &["--password-stdin"]].concat(), PASSWORD);
    run(database, &["key", "create", "--account", "ines"], "")
}

/// A server in its own process, which is killed when the value is dropped.
pub struct Server {
    child: Child,
    log: PathBuf,
    announced: Option<oneshot::Receiver<String>>,
    origin: String,
}

impl Server {
    /// Starts a server and waits until it prints its URL; its port is open by then.
    pub async fn start(database: &Database) -> Self {
        let mut server = Self::launch(database);
        server.wait_until_it_serves().await;
        server
    }

    /// Starts several servers at the same time.
    pub async fn start_many(database: &Database, count: usize) -> Vec<Self> {
        let mut servers: Vec<_> = (0..count).map(|_| Self::launch(database)).collect();
        for server in &mut servers {
            server.wait_until_it_serves().await;
        }
        servers
    }

    /// Starts a server without waiting for it.
    pub fn launch(database: &Database) -> Self {
        Self::launch_by(latchkey(database), database)
    }

    /// Starts a server with a modified command, without waiting for it.
    pub fn launch_by(mut command: Command, database: &Database) -> Self {
        let log = database.folder().join(format!("server-{}.log", LOGS.fetch_add(1, Ordering::Relaxed)));
        let mut child = command
            .args(["serve", "--addr", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log file"))
            .spawn()
            .expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (announce, announced) = oneshot::channel();
        // Reads all output, because a full pipe would block the server.
        std::thread::spawn(move || {
            let mut announce = Some(announce);
            for line in stdout.lines().map_while(Result::ok) {
                if let Some((_, origin)) = line.split_once(" is at ")
                    && let Some(announce) = announce.take()
                {
                    let _ = announce.send(origin.trim().to_owned());
                }
            }
        });
        Self { child, log, announced: Some(announced), origin: String::new() }
    }

    /// Waits until the server prints its URL.
    pub async fn wait_until_it_serves(&mut self) {
        let announced = self.announced.take().expect("waited for once");
        let Ok(origin) = tokio::time::timeout(TIMEOUT, announced).await else {
            panic!("the server did not start in {TIMEOUT:?}: {}", self.log());
        };
        self.origin = origin.unwrap_or_else(|_| panic!("the server ended: {}", self.log()));
    }

    /// A client of the server; cheap to clone.
    pub fn caller(&self) -> Caller {
        Caller::new(self.origin.clone())
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("a dead process");
    }

    /// Stops the process like a service manager (SIGTERM), and waits for its end.
    pub fn stop(self) {
        self.log_after_stopping();
    }

    /// Stops the process like [`Self::stop`] and returns its log.
    pub fn log_after_stopping(mut self) -> String {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill(1)");
        assert!(asked.success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(start.elapsed() < TIMEOUT, "the server did not stop: {}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(status.success(), "{status}: {}", self.log());
        self.log()
    }

    /// The standard error output so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
