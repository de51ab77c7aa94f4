//! The overview: how it stands, on one page.

pub mod api;
mod chart;
mod first;
mod needs;
mod page;

pub use page::OverviewPage;
