//! The texts of redemptions.

pub(super) use crate::ui::text::{INVITE, MEMBER, NO_REDEMPTIONS, NO_REDEMPTIONS_TEXT, REDEMPTIONS};

// The page.

pub(super) const REDEMPTIONS_ABOUT: &str = "Who signed up with which invite, and when. Kept when an invite is deleted.";
pub(super) const EXPORT: &str = "Export CSV";
/// The choice of the filter that shows all rows.
pub(super) const ALL_INVITES: &str = "All invites";
/// The button of the filter, where scripts are off.
pub(super) const SHOW: &str = "Show";

// The table.

/// The time of a redemption.
pub(super) const REDEEMED: &str = "Redeemed";

pub(super) fn redemptions(count: usize) -> String {
    if count == 1 { "1 redemption".to_owned() } else { format!("{count} redemptions") }
}
