//! Redeeming an invitation, the one thing that must never be wrong: under load, under failure, under SIGKILL.
//!
//! Most of it runs the real program in several processes on one database, as an operator would.

pub mod crash;
mod failures;
mod idempotency;
pub mod load;
mod outage;
mod queue;
mod races;
mod scanners;
mod shutdown;
mod startup;
