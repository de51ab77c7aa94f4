//! The texts of invites.

pub(super) use crate::ui::text::{NEWER_OLDER, PREVIOUS_NEXT};

pub(super) fn invites(count: usize) -> String {
    if count == 1 { "1 invite".to_owned() } else { format!("{count} invites") }
}
