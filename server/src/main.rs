//! The `latchkey` program.

use std::process::ExitCode;

/// Server pages are many small strings from many threads: the system's allocator is the bottleneck first.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
