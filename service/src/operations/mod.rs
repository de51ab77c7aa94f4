//! Operations of the command line: backup, demo data, diagnosis, accounts and keys, key rotation.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod operator;
pub mod rotation;
