//! The texts of the components, and those that several features use.

use chrono::{DateTime, Datelike, Timelike, Utc};
use domain::paging::Count;

/// The name of the software. Not translated.
pub(crate) const LATCHKEY: &str = "Latchkey";

// Buttons and links that several features have.

pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const SAVE_CHANGES: &str = "Save changes";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const REFRESH: &str = "Refresh";
pub(crate) const CREATE_INVITE: &str = "Create invite";
/// Opens the dialog that moves the end of an invite.
pub(crate) const EXTEND: &str = "Extend";
/// Opens the dialog that raises the maximum uses of an invite.
pub(crate) const RAISE_LIMIT: &str = "Raise the limit";
pub(crate) const COPY_LINK: &str = "Copy link";
/// A toast.
pub(crate) const LINK_COPIED: &str = "Link copied";
/// The heading, or the accessible name, of a field with the link.
pub(crate) const INVITE_LINK: &str = "Invite link";

pub(crate) fn pending_approval(count: Count) -> String {
    if count.counted == 1 {
        "1 account pending approval".to_owned()
    } else {
        format!("{count} accounts pending approval")
    }
}

pub(crate) fn members(count: usize) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

/// A toast: what was done to how many, and why not to others.
pub(crate) fn counted(verb: &str, count: u32, others: [(u32, &str); 2]) -> String {
    let others = others.into_iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("; {count} {why}"));
    std::iter::once(format!("{verb} {count}")).chain(others).collect()
}

/// Leads to these accounts.
pub(crate) const REVIEW_REQUESTS: &str = "Review requests";
/// Before everything else on a page, for those who use the keyboard.
pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const GO_TO_START: &str = "Go to the home page";

/// The accessible name of a button that stands in every row of a list: its label, and the row it belongs to.
pub(crate) fn label_of_row(label: &str, row: &str) -> String {
    format!("{label}: {row}")
}

/// The accessible name of the button that opens the menu of a row.
pub(crate) fn more_for(row: &str) -> String {
    format!("More for {row}")
}

// Words that several features use: names of columns, of fields and of facts.

pub(crate) const INVITE: &str = "Invite";
pub(crate) const INVITES: &str = "Invites";
pub(crate) const REDEMPTIONS: &str = "Redemptions";
pub(crate) const MEMBER: &str = "Member";
pub(crate) const MEMBERS: &str = "Members";
pub(crate) const GROUPS: &str = "Groups";
pub(crate) const AUDIT_LOG: &str = "Audit log";
pub(crate) const PERMISSIONS: &str = "Permissions";
pub(crate) const USERNAME: &str = "Username";
/// A typed date that is none.
pub(crate) const NOT_A_DATE: &str = "Enter a date and time.";
/// Until when an account or a membership lasts.
pub(crate) const ENDS: &str = "Ends";
pub(crate) const EMAIL: &str = "E-mail";
pub(crate) const ROLE: &str = "Role";
pub(crate) const STATUS: &str = "Status";
pub(crate) const CREATED: &str = "Created";
/// Beside somebody who is here now (`domain::accounts::Presence`).
pub(crate) const ONLINE: &str = "Online now";
/// The value of a fact, or an end, that never comes.
pub(crate) const NEVER: &str = "Never";
/// Opens the dialog that sets an end.
pub(crate) const SET_END_MORE: &str = "Set end…";
/// The filter that shows all rows.
pub(crate) const ALL: &str = "All";
/// The accessible name of the column with the buttons of a row.
pub(crate) const ACTIONS: &str = "Actions";
/// The accessible name of the path from a list to one of its rows.
pub(crate) const BREADCRUMB: &str = "Breadcrumb";

/// A redemption by somebody who had an account before.
pub(crate) const JOINED_GROUPS: &str = "Joined groups";
pub(crate) const NO_REDEMPTIONS: &str = "No redemptions yet";
pub(crate) const NO_REDEMPTIONS_TEXT: &str = "When someone signs up with an invite, it is listed here.";
/// Help below a field for a password. Its rules are in `domain::accounts::Password`.
pub(crate) const PASSWORD_HELP: &str = "At least 10 characters. A short sentence works well.";
/// Help below a field for a username. Its rules are in `domain::accounts::Username`.
pub(crate) const USERNAME_HELP: &str = "2 to 32 letters, digits, dots, dashes or underscores.";
/// Help below a field for a display name.
pub(crate) const NAME_HELP: &str = "Leave it empty to be shown by your username.";

// The sign-up page, and its preview in the settings.

pub(crate) const REGISTRATION_CLOSED: &str = "Registration is closed";
pub(crate) const CREATE_ACCOUNT: &str = "Create your account";
pub(crate) const CODE_NEEDED: &str = "You need an invite code";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const CONTINUE: &str = "Continue";

/// The title of the page, and the button that signs up.
pub(crate) fn join(site_name: &str) -> String {
    format!("Join {site_name}")
}

pub(crate) fn no_new_accounts(site_name: &str) -> String {
    format!("{site_name} accepts no new accounts at the moment.")
}

// Fields.

/// The error of a form that was sent after the session ended. The link [`SIGN_IN_IN_NEW_TAB`] follows.
pub(crate) const SESSION_ENDED_BEFORE: &str = "Your session has ended. Sign in in another tab, then save again. ";
pub(crate) const SIGN_IN_IN_NEW_TAB: &str = "Open the sign-in page";
/// After the label of a field that may be left empty.
pub(crate) const OPTIONAL: &str = "(optional)";

// Lists: search, filters and pages.

/// The accessible name of the search above a list.
pub(crate) const SEARCH_LABEL: &str = "This list";
pub(crate) const SEARCH: &str = "Search";
// Rows that are selected.

/// The accessible name of the box that selects every row of the page.
pub(crate) const SELECT_ALL: &str = "Select all on this page";
/// The accessible name of the box that selects a row; that of the row follows.
pub(crate) const SELECT: &str = "Select";
/// The accessible name of what can be done with the selected rows.
pub(crate) const SELECTED: &str = "Selected rows";
/// Selects nothing any more.
pub(crate) const CLEAR: &str = "Clear selection";

/// The menu that sorts a list.
pub(crate) const SORT: &str = "Sort";
/// The accessible name of the links to other pages of a list.
pub(crate) const PAGES: &str = "Pages";
/// Shows a list as it is filtered, where there are no scripts.
pub(crate) const SHOW: &str = "Show";
/// Downloads a list.
pub(crate) const EXPORT: &str = "Export CSV";
pub(crate) const NEWEST_FIRST: &str = "Newest first";
pub(crate) const OLDEST_FIRST: &str = "Oldest first";
/// The pages of a list whose newest row is the first.
pub(crate) const NEWER_OLDER: [&str; 2] = ["Newer", "Older"];
/// The pages of a list that is sorted otherwise.
pub(crate) const PREVIOUS_NEXT: [&str; 2] = ["Previous", "Next"];

/// The number of rows on a page of a list that has more.
pub(crate) fn on_this_page(count: usize) -> String {
    format!("{count} on this page")
}

/// The accessible name of the placeholder for content that is being loaded.
pub(crate) const LOADING: &str = "Loading";
/// Instead of an act whose program could not be downloaded.
pub(crate) const ACT_NOT_LOADED: &str = "This could not be loaded. Check your connection, then try again.";
/// Instead of a form whose program did not arrive.
pub(crate) const FORM_NOT_LOADED: &str = "This form could not be loaded. Check your connection, then try again.";

// A page that has nothing to show.

pub(crate) const GO_HOME: &str = "Go to your home page";
pub(crate) const GO_TO_OVERVIEW: &str = "Go to the overview";

// Toasts and questions.

pub(crate) const COPY: &str = "Copy";
/// Hands a link to another program of the device.
pub(crate) const SHARE: &str = "Share";
pub(crate) const COPY_FAILED: &str = "The browser did not allow copying. Select this text and copy it.";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const DISCARD_TITLE: &str = "Discard changes?";
pub(crate) const DISCARD_TEXT: &str = "What you entered is not saved.";
pub(crate) const DISCARD: &str = "Discard changes";
/// The other button of that question.
pub(crate) const KEEP_EDITING: &str = "Keep editing";

// Times.

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

fn month(month0: u32) -> &'static str {
    MONTHS.get(month0 as usize).copied().unwrap_or_default()
}

/// `21 Nov`.
pub(crate) fn day_and_month(day: u32, month0: u32) -> String {
    format!("{day} {}", month(month0))
}

/// `21 Nov 2026`, of a year, a month from 0, a day, an hour and a minute.
pub(crate) fn day([year, month0, day, ..]: [u32; 5]) -> String {
    format!("{day} {} {year}", month(month0))
}

/// `21 Nov 2026, 10:45`, of the same. The browser could write it in any language, but first spends some 30 ms on learning
/// how.
pub(crate) fn minute([year, month0, day, hour, minute]: [u32; 5]) -> String {
    format!("{day} {} {year}, {hour:02}:{minute:02}", month(month0))
}

/// `21 Nov 2026, 10:45 UTC`, of what [`minute`] returns.
pub(crate) fn in_utc(minute: String) -> String {
    minute + " UTC"
}

/// `Saturday 21 Nov 2026, 10:45`. `weekday` is counted from 0 for Sunday; `minute` is what [`minute`] returns.
pub(crate) fn with_weekday(weekday: u32, minute: &str) -> String {
    format!("{} {minute}", WEEKDAYS.get(weekday as usize).copied().unwrap_or_default())
}

/// `21 Nov 2026, 10:45 (in 28 hours)`. Where there is not enough room for one line, the distance begins the second.
pub(crate) fn with_distance(minute: &str, distance: &str) -> String {
    let [minute, distance] = [minute, distance].map(|words| words.replace(' ', "\u{A0}"));
    format!("{minute} ({distance})")
}

/// `2026-11-21 10:45:07 UTC`.
pub(crate) fn exact(at: DateTime<Utc>) -> String {
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// A unit of [`distance`].
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Minutes,
    Hours,
    Days,
    Months,
    Years,
}

/// `in 28 hours`, `4 minutes ago`. Of minutes there may be any number, of other units there are at least two.
pub(crate) fn distance(past: bool, count: u64, unit: Unit) -> String {
    let unit = match unit {
        Unit::Minutes if count == 0 => {
            return if past { "less than a minute ago" } else { "in less than a minute" }.to_owned();
        }
        Unit::Minutes if count == 1 => "minute",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Years => "years",
    };
    if past { format!("{count} {unit} ago") } else { format!("in {count} {unit}") }
}

// Files.

pub(crate) const FILE_NOT_READ: &str = "This file could not be read. Open it and paste its text instead.";

// What was sent to another server, and its answer.

pub(super) const DETAILS: &str = "Details";
pub(super) const SENT: &str = "Sent";
pub(super) const LAST_ANSWER: &str = "Last answer";
