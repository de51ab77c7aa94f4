//! The overview: how it stands, on one page.

pub mod api;
mod page;

pub use page::OverviewPage;
