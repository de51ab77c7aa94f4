//! The texts of redemptions.

use domain::paging::Count;

pub(super) use crate::ui::text::{INVITE, JOINED_GROUPS, MEMBER, NO_REDEMPTIONS, NO_REDEMPTIONS_TEXT, REDEMPTIONS};

// The page.

pub(super) const REDEMPTIONS_ABOUT: &str =
    "Who signed up or joined groups with which invite, and when. Kept when an invite is deleted.";
pub(super) const SEARCH: &str = "Search redemptions";
pub(super) const SEARCH_EXAMPLE: &str = "Member, e-mail or invite";
pub(super) const NOT_FOUND: &str = "No redemptions found";
pub(super) const NOT_FOUND_TEXT: &str =
    "Search finds words in the name, username or e-mail address of a member and in the name of an invite.";
pub(super) const SHOW_ALL: &str = "Show all redemptions";
/// The choice of the filter that shows all rows.
pub(super) const ALL_INVITES: &str = "All invites";

// The table.

/// A use that does not count any more.
pub(super) const RELEASED: &str = "Declined; the use was given back";
/// The time of a redemption.
pub(super) const REDEEMED: &str = "Redeemed";

/// How many redemptions there are, of one invite or of all.
pub(super) fn total(all: Count) -> String {
    if all.counted == 1 { "1 redemption".to_owned() } else { format!("{all} redemptions") }
}

pub(super) fn redemptions(count: usize) -> String {
    if count == 1 { "1 redemption".to_owned() } else { format!("{count} redemptions") }
}
