//! What an operator does from the command line, beside the service or instead of it.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod operator;
pub mod rotation;
