//! The overview: key figures, what needs attention, and the latest activity.

pub mod api;
mod chart;
mod first;
mod needs;
mod page;
mod text;

pub use page::OverviewPage;
