//! The tables of the provider.

pub(crate) mod codes;
pub(crate) mod consents;
pub(crate) mod grants;
pub(crate) mod signing_keys;
pub(crate) mod tokens;
