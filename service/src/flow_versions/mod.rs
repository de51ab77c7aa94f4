//! The rows of flows and of their versions. It uses no other feature; what staff do with flows is in [`crate::flows`].

pub(crate) mod asked;
pub(crate) mod flow;
pub(crate) mod given;
pub(crate) mod store;
pub(crate) mod version;
