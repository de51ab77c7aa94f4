//! The texts of acts on several invites.

use domain::Code;
use domain::invites::{BulkAction, BulkOutcome};

pub(super) use super::super::text::{
    BY_1_DAY, BY_7_DAYS, BY_30_DAYS, EXTEND_BY, NEW_EXPIRY_DATE, PAUSE, RESUME, TIME_ZONE_HELP, UNTIL_DATE,
};
pub(super) use crate::ui::text::{ACT_NOT_LOADED as NOT_LOADED, EXTEND, NOT_A_DATE, SELECT_ALL};

// The bar above the list.

/// How many rows of the page are selected.
pub(super) fn selected(count: usize) -> String {
    format!("{count} selected")
}

/// Instead, when everything in the list is. `count` is empty where the list is searched.
pub(super) fn all_selected(count: &str) -> String {
    if count.is_empty() {
        "All that match are selected".to_owned()
    } else {
        format!("All {count} that match are selected")
    }
}

/// A button.
pub(super) fn select_all(count: &str) -> String {
    if count.is_empty() { "Select all that match".to_owned() } else { format!("Select all {count} that match") }
}

/// A button; the others are those of one invite.
pub(super) const DELETE: &str = "Delete";

// The dialogs.

/// The title of the dialog, and the button that acts.
pub(super) const fn title(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Pause => "Pause invites",
        BulkAction::Resume => "Resume invites",
        BulkAction::Extend => "Extend invites",
        BulkAction::Delete => "Delete invites",
    }
}

/// What is said until the invites are counted.
pub(super) const COUNTING: &str = "Counting…";

/// What will be done, and what stays.
pub(super) fn before(action: BulkAction, counted: &BulkOutcome) -> String {
    let verb = match action {
        BulkAction::Pause => "pauses",
        BulkAction::Resume => "resumes",
        BulkAction::Extend => "extends",
        BulkAction::Delete => "deletes",
    };
    // A part of the list was counted.
    if counted.more {
        let (changed, total) = (counted.changed, counted.total());
        let [changed, total] = [changed, total].map(domain::text::thousands);
        return match counted.changed {
            0 => format!("This {verb} none of the first {total} invites. The others are not counted."),
            _ => format!("This {verb} at least {changed} invites. More than {total} match."),
        };
    }
    let does = match counted.changed {
        0 => format!("This {verb} no invite."),
        1 => format!("This {verb} 1 invite."),
        count => format!("This {verb} {} invites.", domain::text::thousands(count)),
    };
    let others = others(action, counted).into_iter().map(|other| other + ".");
    std::iter::once(does).chain(others).collect::<Vec<_>>().join(" ")
}

/// What it means for those that are changed.
pub(super) const fn meaning(action: BulkAction) -> &'static str {
    match action {
        BulkAction::Pause => "Nobody can use them until you resume them.",
        BulkAction::Resume => "They can be used again at once.",
        BulkAction::Extend => "Invites that have expired can be used again. Invites that end later stay as they are.",
        BulkAction::Delete => {
            "Their links stop working at once and for good, and their codes can’t be used again. Accounts that were \
             created with them stay."
        }
    }
}

/// A toast.
pub(super) fn after(action: BulkAction, outcome: &BulkOutcome) -> String {
    let verb = match action {
        BulkAction::Pause => "paused",
        BulkAction::Resume => "resumed",
        BulkAction::Extend => "extended",
        BulkAction::Delete => "deleted",
    };
    let done = format!("{} {verb}", domain::text::thousands(outcome.changed));
    std::iter::once(done).chain(others(action, outcome)).collect::<Vec<_>>().join(", ")
}

/// How many stay as they are, by reason.
fn others(action: BulkAction, outcome: &BulkOutcome) -> Vec<String> {
    let number = |count| domain::text::thousands(count);
    let unchanged = (outcome.unchanged > 0).then(|| {
        let why = match (action, outcome.unchanged) {
            (BulkAction::Pause, 1) => "is paused already",
            (BulkAction::Pause, _) => "are paused already",
            (BulkAction::Resume, 1) => "is not paused",
            (BulkAction::Resume, _) => "are not paused",
            (BulkAction::Extend, 1) => "never expires or ends later",
            (BulkAction::Extend, _) => "never expire or end later",
            (BulkAction::Delete, 1) => "is deleted already",
            (BulkAction::Delete, _) => "are deleted already",
        };
        format!("{} {why}", number(outcome.unchanged))
    });
    let refused = outcome.refused.iter().map(|refusal| {
        let why = match (refusal.code, action, refusal.count) {
            (Code::InviteDeleted, _, 1) => "is deleted",
            (Code::InviteDeleted, _, _) => "are deleted",
            (Code::Invalid, BulkAction::Extend, 1) => "gives access that ends earlier",
            (Code::Invalid, BulkAction::Extend, _) => "give access that ends earlier",
            _ => "you can’t change",
        };
        format!("{} {why}", number(refusal.count))
    });
    unchanged.into_iter().chain(refused).collect()
}

/// A choice of one's own, for which a field appears.
pub(super) const OTHER_DAYS: &str = "Days…";
pub(super) const DAYS: &str = "Number of days";
pub(super) const DAYS_WRONG: &str = "Enter 1 to 365 days (a year).";
pub(super) const DATE_PASSED: &str = "This moment has passed. Choose a later one.";
pub(super) const DAYS_HELP: &str = "1 to 365. Counted from the end of each invite or, where that has passed, from now.";

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn what_will_be_done_and_what_was_done_is_counted() {
        let mut outcome = BulkOutcome::new(Timestamp::from_micros(1));
        assert_eq!(before(BulkAction::Pause, &outcome), "This pauses no invite.");
        outcome.changed = 35;
        outcome.refuse(Code::Forbidden);
        outcome.refuse(Code::Forbidden);
        assert_eq!(before(BulkAction::Pause, &outcome), "This pauses 35 invites. 2 you can’t change.");
        assert_eq!(after(BulkAction::Pause, &outcome), "35 paused, 2 you can’t change");
        outcome.unchanged = 1;
        outcome.refuse(Code::InviteDeleted);
        assert_eq!(
            before(BulkAction::Pause, &outcome),
            "This pauses 35 invites. 1 is paused already. 2 you can’t change. 1 is deleted."
        );
        let many = BulkOutcome { changed: 1_000, more: true, ..BulkOutcome::new(Timestamp::from_micros(1)) };
        let words = "This deletes at least 1,000 invites. More than 1,000 match.";
        assert_eq!(before(BulkAction::Delete, &many), words);
        let none = BulkOutcome { changed: 0, unchanged: 1_000, ..many };
        let words = "This pauses none of the first 1,000 invites. The others are not counted.";
        assert_eq!(before(BulkAction::Pause, &none), words);
    }
}
