//! Measures the release binary against its limits, each in the same run: `make bench`. docs/performance.md says what
//! the figures mean.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};

use crate::measures::Bench;
use crate::report::Report;

mod client;
mod limits;
mod load;
mod measures;
mod report;
mod server;

// The server's, so that the bare handler differs in nothing but what it does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(about = "Measures Latchkey against its limits")]
struct Cli {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Measures, prints a table and writes JSON
    Run(Options),
    /// Serves a handler with nothing behind it: the limit of what is served
    Bare {
        /// Where
        #[arg(long)]
        addr: String,
    },
}

#[derive(Args, Debug)]
struct Options {
    /// The release binary
    #[arg(long)]
    binary: PathBuf,
    /// A PostgreSQL database that is empty and durable; without it PostgreSQL is left out
    #[arg(long, env = "LATCHKEY_BENCH_POSTGRES")]
    postgres: Option<String>,
    /// Where the JSON goes
    #[arg(long)]
    json: PathBuf,
    /// How long each measurement takes, in seconds
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often each is repeated
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many rows the large lists have
    #[arg(long, default_value_t = 1_000_000)]
    rows: u32,
    /// Only the groups whose name contains this: signing-up, reading, creating, lists, weight
    #[arg(long, default_value = "")]
    only: String,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    match Cli::parse().command {
        What::Bare { addr } => limits::serve_bare(&addr).await,
        What::Run(options) => run(options).await,
    }
}

async fn run(options: Options) -> io::Result<()> {
    let began = Instant::now();
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
    let figures = bench.all(&options.only).await?;
    let report =
        Report { client: "latchkey-bench", cores, processor: processor(), seconds: began.elapsed().as_secs(), figures };
    let json = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
    std::fs::write(&options.json, json + "\n")?;
    println!("{}", report.table());
    eprintln!("{} goals; JSON in {}", if report.met() { "All" } else { "Not all" }, options.json.display());
    Ok(())
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "an unnamed processor".to_owned(), |(_, name)| name.trim().to_owned())
}
