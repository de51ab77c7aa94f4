//! The texts of invites. Titles of statuses are in `domain::invites`.
//!
//! Names of invites come isolated (`domain::text::isolated`) in titles, toasts and questions.

use domain::groups::GroupRef;
use domain::paging::Count;
use domain::text::isolated;

pub(super) use crate::ui::text::{
    ACTIONS, BREADCRUMB, COPY_LINK, CREATE_INVITE, CREATED, EXTEND, GROUPS, INVITE, INVITE_LINK, INVITES, LINK_COPIED,
    NEVER, NEWER_OLDER, NEWEST_FIRST, OLDEST_FIRST, PREVIOUS_NEXT, RAISE_LIMIT, REDEMPTIONS, REGISTRATION_CLOSED, ROLE,
    SAVE_CHANGES, STATUS, label_of_row, more_for,
};

// The list.

pub(super) const INVITES_ABOUT: &str = "Invite links and codes, who can use them, and until when.";
pub(super) const SEARCH: &str = "Search invites";
pub(super) const SEARCH_EXAMPLE: &str = "Name, code or link";

/// How many invites there are, and how many of them the list leaves out unless asked for them.
pub(super) fn total(all: Count, deleted: Option<Count>) -> String {
    match deleted {
        None if all.counted == 1 => "1 invite".to_owned(),
        None => format!("{all} invites"),
        Some(deleted) if all.counted == 1 => format!("1 invite, not including {deleted} deleted"),
        Some(deleted) => format!("{all} invites, not including {deleted} deleted"),
    }
}

pub(super) fn invites(count: usize) -> String {
    if count == 1 { "1 invite".to_owned() } else { format!("{count} invites") }
}

pub(super) const CODE: &str = "Code";
pub(super) const USES: &str = "Uses";
pub(super) const EXPIRES: &str = "Expires";

// The orders of the list, in a menu.

pub(super) const SOONEST_FIRST: &str = "Expires soonest first";
pub(super) const LATEST_FIRST: &str = "Expires latest first";
pub(super) const MOST_USED_FIRST: &str = "Most used first";
pub(super) const LEAST_USED_FIRST: &str = "Least used first";

/// Below the name of an invite.
pub(super) fn grants(role: &str, groups: &[GroupRef]) -> String {
    let groups = groups.iter().map(|group| isolated(group.name.as_str()));
    std::iter::once(format!("Role: {role}")).chain(groups).collect::<Vec<_>>().join(" · ")
}

pub(super) const NO_INVITES: &str = "No invites yet";
pub(super) const NO_INVITES_TEXT: &str = "Create an invite, send its link to someone, and see here when they join.";
pub(super) const NOT_FOUND: &str = "No matching invites";
pub(super) const NOT_FOUND_TEXT: &str =
    "Search finds words in the name, a whole code, or an invite link. Filters narrow it further.";
pub(super) const SHOW_ALL: &str = "Show all invites";

// How an invite looks wherever it is shown.

pub(super) const ACTIVE: &str = "Active";
/// The status of an active invite while registration is closed.
pub(super) const ON_HOLD: &str = "On hold";

/// The accessible name of the bar.
pub(super) fn uses_of(title: &str) -> String {
    format!("Uses of {title}")
}

/// The value of the bar.
pub(super) fn used_of(used: u32, max: u32) -> String {
    format!("{used} of {max}")
}

pub(super) const COPY_CODE: &str = "Copy code";
/// A toast.
pub(super) const CODE_COPIED: &str = "Code copied";
/// Instead of a code.
pub(super) const CODE_DELETED: &str = "Deleted";

// The page of one invite.

/// Instead of the page of an invite that does not exist.
pub(super) const ABSENT: &str = "There is no such invite";
pub(super) const ABSENT_TEXT: &str = "The address may be mistyped or incomplete.";
pub(super) const ALL_INVITES: &str = "All invites";

/// The name of the creator and the time follow.
pub(super) const CREATED_BY_BEFORE: &str = "Created by ";
pub(super) const CODE_NOTE: &str = "The invite code; it can also be typed on the sign-up page.";
pub(super) const DELETED_NOTE: &str =
    "This invite is deleted. Its link and code no longer work, and the same code can’t be used again.";

/// Follows the number of uses of a deleted invite.
pub(super) const fn used_after(used: u32) -> &'static str {
    if used == 1 { "use" } else { "uses" }
}

/// Instead of the redemptions of a deleted invite that has none.
pub(super) const NEVER_USED: &str = "Nobody signed up with this invite.";

/// Follows the number of uses.
pub(super) fn uses_after(used: u32, max_uses: Option<u32>) -> String {
    match max_uses {
        Some(1) if used >= 1 => "of 1 use, none left".to_owned(),
        Some(1) => "of 1 use, 1 left".to_owned(),
        Some(max) if used >= max => format!("of {max} uses, none left"),
        Some(max) => format!("of {max} uses, {} left", max - used),
        None if used == 1 => "use, unlimited".to_owned(),
        None => "uses, unlimited".to_owned(),
    }
}

pub(super) const DETAILS: &str = "Details";
pub(super) const STARTS: &str = "Starts";
pub(super) const AT_ONCE: &str = "At once";
pub(super) const PAUSED: &str = "Paused";
pub(super) const DELETED: &str = "Deleted";
pub(super) const CODE_RANDOM: &str = "Random";
pub(super) const CODE_OWN: &str = "Your own";

// What can be done. `…` marks what asks first.

pub(super) const EDIT: &str = "Edit";
pub(super) const EDIT_MORE: &str = "Edit…";
pub(super) const EXTEND_MORE: &str = "Extend…";
pub(super) const RAISE_LIMIT_MORE: &str = "Raise the limit…";
pub(super) const RESUME: &str = "Resume";
pub(super) const PAUSE: &str = "Pause";
pub(super) const SEE_REDEMPTIONS: &str = "See redemptions";
pub(super) const DELETE_MORE: &str = "Delete…";

/// A toast.
pub(super) fn paused(title: &str) -> String {
    format!("Paused “{title}”")
}

/// A toast.
pub(super) fn resumed(title: &str) -> String {
    format!("Resumed “{title}”")
}

// The question before an invite is deleted.

pub(super) fn delete_title(title: &str) -> String {
    format!("Delete “{title}”?")
}

pub(super) fn delete_text(used: u32) -> String {
    let stays = match used {
        0 => "It has not been used.".to_owned(),
        1 => "The account created with it stays, and so does the redemption.".to_owned(),
        _ => format!("The {used} accounts created with it stay, and so do the redemptions."),
    };
    format!("The invite link stops working at once and for good, and its code can’t be used again. {stays}")
}

pub(super) const DELETE: &str = "Delete invite";

/// A toast.
pub(super) fn deleted(title: &str) -> String {
    format!("Deleted “{title}”")
}

// The dialogs that create and edit.

pub(super) const NEW: &str = "New invite";

pub(super) fn edit_title(title: &str) -> String {
    format!("Edit “{title}”")
}

pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "November open evening";
pub(super) const NAME_HELP: &str = "For you and other admins. People you invite don’t see it.";
pub(super) const IN_1_DAY: &str = "In 1 day";
pub(super) const IN_7_DAYS: &str = "In 7 days";
pub(super) const IN_30_DAYS: &str = "In 30 days";
/// A choice of one's own, for which a field appears.
pub(super) const HOURS: &str = "Hours…";
/// A choice of one's own, for which a field appears.
pub(super) const DATE: &str = "Date…";
pub(super) const HOURS_FROM_NOW: &str = "Hours from now";
pub(super) const HOURS_HELP: &str = "1 to 8,760, which is a year.";
pub(super) const EXPIRY_DATE: &str = "Expiry date";
pub(super) const TIME_ZONE_HELP: &str = "In your time zone.";
pub(super) const MAX_USES: &str = "Maximum uses";
pub(super) const UNLIMITED: &str = "Unlimited";
/// A choice of one's own, for which a field appears.
pub(super) const OTHER: &str = "Other…";
pub(super) const NUMBER_OF_USES: &str = "Number of uses";
/// Unfolds the fields that most new invites do without.
pub(super) const MORE_OPTIONS: &str = "More options";
pub(super) const MORE_OPTIONS_NOTE: &str = "code, role, groups, start";
/// Stands in the field for a code of one's own: if it stays empty, the code is random.
pub(super) const CODE_EXAMPLE: &str = "Random";
pub(super) const CODE_HELP: &str =
    "Your own code: 6 to 64 letters, digits, - or _. It is easier to guess than a random one.";
pub(super) const STARTS_HELP: &str = "In your time zone. Leave it empty to start at once.";

// Errors that the browser finds.

pub(super) const NOT_A_NUMBER: &str = "Enter a whole number.";
pub(super) const NOT_A_DATE: &str = "Enter a date and time.";
pub(super) const NO_EXPIRY_DATE: &str = "Choose a date and time, or “Never”.";

// What is told of an invite that was created or changed.

/// A toast.
pub(super) const CREATED_AND_COPIED: &str = "Invite created, link copied";
/// A toast.
pub(super) const CREATED_ONLY: &str = "Invite created";

/// A toast.
pub(super) fn saved(title: &str) -> String {
    format!("Saved “{title}”")
}

pub(super) const NEVER_EXPIRES: &str = "Never expires";

/// A preview, and a toast. `end` is an instant with its day of the week.
pub(super) fn expires(end: &str) -> String {
    format!("Expires {end}")
}

/// A toast.
pub(super) fn max_uses(max_uses: Option<u32>) -> String {
    max_uses.map_or_else(|| "Maximum uses: unlimited".to_owned(), |max_uses| format!("Maximum uses: {max_uses}"))
}

// The dialog that extends.

pub(super) fn extend_title(title: &str) -> String {
    format!("Extend “{title}”")
}

/// An instant follows.
pub(super) const EXPIRED_BEFORE: &str = "Expired: ";
/// An instant follows.
pub(super) const EXPIRES_BEFORE: &str = "Expires: ";
/// The choices complete it: “Extend by 7 days”.
pub(super) const EXTEND_BY: &str = "Extend by";
pub(super) const BY_1_DAY: &str = "1 day";
pub(super) const BY_7_DAYS: &str = "7 days";
pub(super) const BY_30_DAYS: &str = "30 days";
/// A choice of one's own, for which a field appears.
pub(super) const UNTIL_DATE: &str = "Date…";
pub(super) const NO_END: &str = "No end";
pub(super) const NEW_EXPIRY_DATE: &str = "New expiry date";
pub(super) const NO_NEW_EXPIRY_DATE: &str = "Choose a date and time, or “No end”.";
pub(super) const EXTEND_INVITE: &str = "Extend invite";

// The dialog that raises the limit.

pub(super) fn raise_limit_title(title: &str) -> String {
    format!("Raise the limit of “{title}”")
}

pub(super) fn used_of_limit(used: u32, limit: u32) -> String {
    format!("Used {used} of {limit}.")
}

pub(super) const MAX_USES_HELP: &str = "Leave it empty for unlimited uses.";

/// The error of a limit that leaves no use.
pub(super) fn at_least(uses: &str) -> String {
    format!("Enter at least {uses}.")
}
