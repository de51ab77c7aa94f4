//! The threads that compute hashes.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// How far below others the system ranks these threads when processors are scarce (`nice`, 0 to 19). Everything else of a
/// request takes microseconds, and should not wait until a hash of 20 milliseconds is done.
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

type Job = Box<dyn FnOnce() + Send>;

/// Some threads, which run jobs in the order in which they are sent, and end when this value is dropped.
#[derive(Debug)]
pub(super) struct Threads(flume::Sender<Job>);

impl Threads {
    /// Starts `count` threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(super) fn start(count: usize) -> io::Result<Self> {
        let (sender, jobs) = flume::unbounded::<Job>();
        for _ in 0..count {
            let jobs = jobs.clone();
            thread::Builder::new().name("passwords".to_owned()).spawn(move || {
                give_way();
                for job in jobs {
                    // The panic is logged by the hook of the process; what waits for the job learns that it has no result.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            })?;
        }
        Ok(Self(sender))
    }

    /// Runs `job` when a thread is free.
    pub(super) fn run(&self, job: impl FnOnce() + Send + 'static) {
        // Fails only if every thread has ended, which they do not before this value is dropped.
        let _ = self.0.send(Box::new(job));
    }
}

/// Ranks the current thread below others. Only Linux ranks single threads.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "the priority of password hashing was not lowered");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_job_that_panics_does_not_end_its_thread() {
        let threads = Threads::start(1).unwrap();
        threads.run(|| panic!("expected in this test"));
        let (sender, done) = mpsc::channel();
        threads.run(move || sender.send(thread::current().name().map(str::to_owned)).unwrap());
        assert_eq!(done.recv().unwrap().as_deref(), Some("passwords"));
    }
}
