//! Redeeming an invite under load, under failures, and with SIGKILL.
//!
//! Most tests run the real program in several processes on one database.

pub mod crash;
mod failures;
mod idempotency;
pub mod load;
mod mix;
mod outage;
mod queue;
mod races;
mod scanners;
mod shutdown;
mod startup;
