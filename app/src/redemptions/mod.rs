//! Redemptions: the ledger of who came by which invite.

pub mod api;
mod page;
mod table;

pub use page::RedemptionsPage;
pub use table::RedemptionTable;
