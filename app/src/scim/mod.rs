//! The connection of an application by SCIM, as its page shows it.

pub mod api;
mod part;
mod section;
mod text;

pub use part::ScimSection;
