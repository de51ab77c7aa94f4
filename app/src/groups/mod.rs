//! Groups: the list, and a group with its members.

pub(crate) mod api;
