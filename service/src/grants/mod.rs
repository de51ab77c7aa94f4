//! The rows of grants: what sign-ins gave to applications, with their codes and tokens, and what members agreed to; and
//! which applications know of which sessions. Of other features it uses the outbox alone; [`crate::oidc`] decides what is granted.

pub(crate) mod codes;
pub(crate) mod consents;
pub(crate) mod device_store;
pub(crate) mod devices;
pub(crate) mod entity;
pub(crate) mod logout;
pub(crate) mod store;
pub(crate) mod tokens;
mod visits;
