//! The texts of the overview.

use domain::endings::EndsSoon;
use domain::paging::Count;
use domain::text::thousands;

pub(super) use crate::ui::text::{
    COPY_LINK, CREATE_INVITE, EXTEND, INVITE_LINK, JOINED_GROUPS, LINK_COPIED, NO_REDEMPTIONS, NO_REDEMPTIONS_TEXT,
    RAISE_LIMIT, REFRESH, REVIEW_REQUESTS, label_of_row, pending_approval,
};

/// The title of the page.
pub(super) const OVERVIEW: &str = "Overview";
pub(super) const OVERVIEW_ABOUT: &str = "Active invites, new members, and what needs attention.";

// The first steps of a new site.

pub(super) const FIRST: &str = "Get started";
/// After the title of a step; the space separates the two.
pub(super) const STEP_DONE: &str = " (done)";
pub(super) const NAME_SITE: &str = "Set the site name";
pub(super) const SITE_NAMED: &str = "The sign-up page shows it.";
pub(super) const SITE_NOT_NAMED: &str = "The sign-up page shows it. You can do this later.";
pub(super) const SET_SITE_NAME: &str = "Set site name";
pub(super) const CREATE: &str = "Create an invite";
pub(super) const CREATED: &str = "It is active.";
pub(super) const NOT_CREATED: &str = "Keep the defaults, or set how often it can be used and when it expires.";
pub(super) const SEND: &str = "Send the link";
pub(super) const SEND_TEXT: &str =
    "By e-mail, in a chat or on paper. Anyone with the link can sign up; opening it does not use it up.";
pub(super) const SEE: &str = "See who signs up";
pub(super) const SEE_TEXT: &str = "Nobody yet. Members who sign up with your invite are listed on this page.";

// The numbers.

pub(super) const JOINED: &str = "Joined in the last 7 days";

pub(super) fn joined_in_total(redemptions: u64) -> String {
    format!("{} with an invite in total", thousands(redemptions))
}

pub(super) const ACTIVE_INVITES: &str = "Active invites";
pub(super) const ON_HOLD: &str = "On hold: registration is closed";

pub(super) fn expire_this_week(count: Count) -> String {
    match count.counted {
        0 => "None expires this week".to_owned(),
        1 => "1 expires this week".to_owned(),
        _ => format!("{count} expire this week"),
    }
}

pub(super) const PENDING: &str = "Pending approval";
pub(super) const NO_REQUESTS: &str = "No requests";
pub(super) const MEMBERS: &str = "Members";
pub(super) const ONLY_YOU: &str = "Only you so far";
pub(super) const INCLUDING_YOU: &str = "Including you";

// The chart.

pub(super) const NEW_ACCOUNTS: &str = "New accounts";

/// Explains a colour.
pub(super) fn legend_with_invite(count: u64) -> String {
    format!("With an invite {}", thousands(count))
}

/// Explains a colour.
pub(super) fn legend_without_invite(count: u64) -> String {
    format!("Without an invite {}", thousands(count))
}

pub(super) fn chart_empty(days: usize) -> String {
    format!("No new accounts in the last {days} days.")
}

/// The summary of a chart with at least one account. `busiest` is the day with the most accounts, of which there are
/// `most`.
pub(super) fn chart_summary(days: usize, accounts: u64, redemptions: u64, busiest: &str, most: u64) -> String {
    match (accounts, redemptions) {
        (1, 1) => format!("1 new account in the last {days} days, on {busiest}. Days are in UTC."),
        (1, _) => format!("1 new account, without an invite, in the last {days} days, on {busiest}. Days are in UTC."),
        _ => {
            let (count, most) = (thousands(accounts), thousands(most));
            let invited = match redemptions {
                0 => "none with an invite".to_owned(),
                _ if redemptions == accounts => "all with an invite".to_owned(),
                _ => format!("{} of them with an invite", thousands(redemptions)),
            };
            format!(
                "{count} new accounts, {invited}, in the last {days} days; most on {busiest} ({most}). Days are in UTC."
            )
        }
    }
}

/// The title of one day's bar.
pub(super) fn chart_day(day: &str, accounts: u64, redemptions: u64) -> String {
    match (accounts, redemptions) {
        (0, _) => format!("{day}: no new accounts"),
        (1, 1) => format!("{day}: 1 new account, with an invite"),
        (1, _) => format!("{day}: 1 new account, without an invite"),
        _ => format!("{day}: {} new accounts, {} with an invite", thousands(accounts), thousands(redemptions)),
    }
}

/// The accessible name of the picture.
pub(super) const CHART_LABEL: &str = "New accounts by day, as bars";
/// The last day of the chart.
pub(super) const TODAY: &str = "Today";
pub(super) const SHOW_TABLE: &str = "Show as table";
/// The accessible name of the table.
pub(super) const TABLE_LABEL: &str = "New accounts by day";
pub(super) const TABLE_DAY: &str = "Day (UTC)";
pub(super) const TABLE_WITH_INVITE: &str = "With an invite";

// What needs attention.

pub(super) const NEEDS: &str = "Needs attention";
/// Emphasised; [`NO_NEEDS_TEXT`] follows.
pub(super) const NO_NEEDS: &str = "Nothing needs attention.";
pub(super) const NO_NEEDS_TEXT: &str =
    "No account is pending approval, no access ends soon, and no active invite is about to expire, used up or unused.";
pub(super) const ENDS_SOON_TEXT: &str = "Extend access that should continue.";
/// The link to members who need attention.
pub(super) const REVIEW: &str = "Review";

pub(super) fn end_soon(what: EndsSoon, count: Count) -> String {
    let things = match (what, count.counted) {
        (EndsSoon::Account, 1) => "account ends",
        (EndsSoon::Account, _) => "accounts end",
        (EndsSoon::Membership, 1) => "membership ends",
        (EndsSoon::Membership, _) => "memberships end",
    };
    format!("{count} {things} within 7 days")
}

pub(super) const PENDING_TEXT: &str = "Approve or decline each of them.";

/// An invite that expires soon; the instant follows. `uses_left` is absent if uses are unlimited.
pub(super) fn expires_soon_before(uses_left: Option<u32>) -> String {
    match uses_left {
        None => "Unlimited uses, expires ".to_owned(),
        Some(1) => "1 use left, expires ".to_owned(),
        Some(left) => format!("{left} uses left, expires "),
    }
}

/// An invite that is used up.
pub(super) fn used_up(uses: u32) -> String {
    if uses == 1 { "Its only use is taken.".to_owned() } else { format!("All {uses} uses are taken.") }
}

/// A day and a full stop follow.
pub(super) const UNUSED_BEFORE: &str = "Unused since ";

// The active invites.

pub(super) const ALL_INVITES: &str = "All invites";
pub(super) const NO_ACTIVE_INVITES: &str = "No active invites";
pub(super) const NO_ACTIVE_INVITES_TEXT: &str = "Create an invite and send its link to someone.";
/// An instant follows.
pub(super) const EXPIRES_BEFORE: &str = "Expires ";
pub(super) const NEVER_EXPIRES: &str = "Never expires";

// The recent redemptions.

pub(super) const RECENT_REDEMPTIONS: &str = "Recent redemptions";
pub(super) const ALL_REDEMPTIONS: &str = "All redemptions";
