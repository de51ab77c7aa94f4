//! Redemptions: which member signed up with which invite, and when.

pub mod api;
mod page;
mod table;
mod text;

pub use page::RedemptionsPage;
pub use table::RedemptionTable;
