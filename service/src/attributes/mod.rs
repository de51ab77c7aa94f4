//! The attributes of accounts.

pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;
