//! How many files and connections the system lets this process open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Enough for anything; more would only cost the kernel.
const ENOUGH: u64 = 65_536;

/// Raises the limit to what the process may give itself (it begins at 1,024 on most systems, a bound for programs that use
/// `select`), and says what it is then.
pub(crate) fn raise_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let current = limit.current.unwrap_or(ENOUGH);
    if current >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, current, "the limit on open files can't be raised");
            current
        }
    }
}
