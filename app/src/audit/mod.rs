//! The audit log: who did what, when and from where.

pub mod api;
mod detail;
mod filters;
mod page;
pub mod query;
mod sentence;
mod text;

pub use page::AuditPage;
