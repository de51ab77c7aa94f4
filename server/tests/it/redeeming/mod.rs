//! Redeeming an invite under load, under failures, and with SIGKILL.
//!
//! Most tests run the real program in several processes on one database.

mod at_once;
pub mod crash;
mod endings;
mod failures;
mod idempotency;
mod ledger;
pub mod load;
mod mix;
mod outage;
mod queue;
mod races;
mod scanners;
pub mod sender;
mod shutdown;
mod startup;
