//! Attributes in forms: rows of key and value, of an invite or of an account.

mod rows;
pub(crate) mod text;

pub use rows::{AttributeRow, AttributeRows};
