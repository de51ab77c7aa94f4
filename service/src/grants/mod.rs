//! The rows of grants: what sign-ins gave to applications, with their codes and tokens, and what members agreed to. Uses no
//! other feature; [`crate::oidc`] decides what is granted.

pub(crate) mod codes;
pub(crate) mod consents;
pub(crate) mod entity;
pub(crate) mod store;
pub(crate) mod tokens;
