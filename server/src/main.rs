//! The `latchkey` program.

use std::process::ExitCode;

/// Rendering pages allocates many small strings on many threads, for which the system allocator is too slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
