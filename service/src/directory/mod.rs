//! Directory: accounts and groups as a directory feeds them in by SCIM. What is allowed is what staff may do by the
//! REST API ([`crate::members`], [`crate::groups`]), and is recorded in the same way; here a request changes several
//! things at once.

mod external_ids;
pub mod groups;
mod pages;
#[cfg(test)]
mod tests;
pub mod users;
