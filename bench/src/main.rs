//! Benchmarks of the release binary, compared with reference measurements of the same run: `make bench`.
//! docs/performance.md explains the results.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};

use crate::measures::Bench;
use crate::report::Report;

mod client;
mod limits;
mod load;
mod mail_sink;
mod measures;
mod receiver;
mod report;
mod server;

// The allocator of the server, so that the bare handler is comparable.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(about = "Runs the benchmarks of Latchkey")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the benchmarks, prints a table and writes JSON
    Run(Options),
    /// Serves a bare axum handler, the reference for requests
    Bare {
        /// The address to listen on
        #[arg(long)]
        addr: String,
    },
}

#[derive(Args, Debug)]
struct Options {
    /// The release binary
    #[arg(long)]
    binary: PathBuf,
    /// An empty PostgreSQL database with fsync on; without it PostgreSQL is skipped
    #[arg(long, env = "LATCHKEY_BENCH_POSTGRES")]
    postgres: Option<String>,
    /// The JSON file to write
    #[arg(long)]
    json: PathBuf,
    /// Duration of each measurement, in seconds
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Number of runs of each measurement
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Number of rows of the large lists
    #[arg(long, default_value_t = 1_000_000)]
    rows: u32,
    /// Runs only the groups whose name contains this text: signing-up, reading, tokens, creating, bulk, lists,
    /// outbox, mails, weight
    #[arg(long, default_value = "")]
    only: String,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    match Cli::parse().command {
        Command::Bare { addr } => limits::serve_bare(&addr).await,
        Command::Run(options) => run(options).await,
    }
}

async fn run(options: Options) -> io::Result<()> {
    let started = Instant::now();
    let cores = std::thread::available_parallelism()?.get();
    let folder = tempfile::tempdir()?;
    let bench = Bench {
        binary: options.binary,
        folder: folder.path().to_owned(),
        postgres: options.postgres,
        time: Duration::from_secs(options.seconds),
        runs: options.runs,
        rows: options.rows,
        cores,
    };
    let results = bench.all(&options.only).await?;
    let report = Report {
        client: "latchkey-bench",
        cores,
        processor: processor(),
        seconds: started.elapsed().as_secs(),
        results,
    };
    let json = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
    std::fs::write(&options.json, json + "\n")?;
    println!("{}", report.table());
    eprintln!(
        "{}; JSON in {}",
        if report.met() { "All goals are met" } else { "Not all goals are met" },
        options.json.display()
    );
    Ok(())
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.trim().to_owned())
}
