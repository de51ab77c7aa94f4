//! The pieces pages are made of. They know how things look and nothing of what they mean.

mod icon;
mod logo;

pub use icon::{Icon, IconName};
pub use logo::{Logo, Mark, Wordmark};
