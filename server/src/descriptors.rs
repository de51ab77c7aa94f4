//! The limit on open files, which is also a limit on connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Sufficient for the maximum number of connections.
const ENOUGH: u64 = 65_536;

/// Raises the soft limit, which is 1,024 on most systems, to the hard limit, and returns it.
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
            tracing::warn!(%error, current, "cannot raise the limit on open files");
            current
        }
    }
}
