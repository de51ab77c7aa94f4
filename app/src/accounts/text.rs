//! The texts of members. Titles of roles and statuses are in `domain::accounts`.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

use domain::accounts::AccountsChanged;
use domain::approvals::{DecidedBefore, Decision, DecisionsMade};
use domain::text::isolated;

use super::actions::Deciding;
use crate::ui::text::counted;
pub(super) use crate::ui::text::{
    ACTIONS, COPY_LINK, CREATED, EMAIL, ENDS, GROUPS, INVITE, LINK_COPIED, MEMBER, MEMBERS, NEVER, NEWER_OLDER,
    NEWEST_FIRST, OLDEST_FIRST, PASSWORD_HELP, PERMISSIONS, PREVIOUS_NEXT, ROLE, SAVE_CHANGES, SET_END_MORE, STATUS,
    USERNAME, USERNAME_HELP, members,
};

// The list.

pub(super) const MEMBERS_ABOUT: &str = "All accounts, and the invite each was created with.";
pub(super) const SEARCH: &str = "Search members";
pub(super) const SEARCH_EXAMPLE: &str = "Name or e-mail";
pub(super) const NOT_FOUND: &str = "No members found";
pub(super) const NOT_FOUND_TEXT: &str =
    "No member matches the search and the filters. Search finds words in the name, username or e-mail address.";
pub(super) const SHOW_ALL: &str = "Show all members";

pub(super) fn selected(count: usize) -> String {
    format!("{count} selected")
}

/// Filters.
pub(super) const GROUP: &str = "Group";
pub(super) const ALL_ROLES: &str = "All roles";
pub(super) const ALL_GROUPS: &str = "All groups";
pub(super) const ENDS_SOON: &str = "Ends soon";
pub(super) const ANY_END: &str = "Any end";
pub(super) const SEARCH_GROUPS: &str = "Search groups";
pub(super) const SEARCH_GROUPS_EXAMPLE: &str = "Group name";
/// Below the first groups.
pub(super) const MORE_GROUPS: &str = "There may be more groups. Search by name to find them.";
/// Opens the dialog of filters.
pub(super) const FILTER: &str = "Filter";
pub(super) const FILTER_MEMBERS: &str = "Filter members";
pub(super) const DONE: &str = "Done";

/// The filter by the account that invited. The name is isolated.
pub(super) fn invited_by(name: &str) -> String {
    format!("Invited by {name}")
}

/// The accessible name of a filter that can be removed.
pub(super) fn remove_filter(filter: &str) -> String {
    format!("Remove the filter: {filter}")
}

pub(super) const BY_NAME: &str = "Name A–Z";
pub(super) const BY_NAME_BACKWARDS: &str = "Name Z–A";
pub(super) const ACTIVE_FIRST: &str = "Last active first";
pub(super) const INACTIVE_FIRST: &str = "Least active first";

pub(super) const ADD_TO_GROUPS: &str = "Add to groups";

/// The invite of the owner, who was created during setup.
pub(super) const BY_SETUP: &str = "Setup";
/// The invite of a member who signed up without one.
pub(super) const NO_INVITE: &str = "None";

// The page of one member.

/// Instead of the page of a member that does not exist.
pub(super) const ABSENT: &str = "Member not found";
pub(super) const ABSENT_TEXT: &str = "The address may be mistyped or incomplete.";
pub(super) const ALL_MEMBERS: &str = "All members";
pub(super) const ACCOUNT: &str = "Account";
/// The invite of the owner.
pub(super) const BY_SETUP_IN_FULL: &str = "None: created during setup";
pub(super) const APPROVED: &str = "Approved";
pub(super) const DECLINED: &str = "Declined";
pub(super) const SUSPENDED: &str = "Suspended";
pub(super) const ENDED: &str = "Ended";
pub(super) const INVITED: &str = "Invited";
/// Leads to the members who signed up with an invite of this one.
pub(super) const INVITED_MEMBERS: &str = "Members they invited";
pub(super) const UPDATED: &str = "Updated";
/// After the e-mail address.
pub(super) const EMAIL_VERIFIED: &str = "E-mail verified";
/// When an unverified account is deleted, unless its address is verified until then.
pub(super) const LAPSES: &str = "Deleted unless verified by";
pub(super) const LAST_ACTIVE: &str = "Last active";
pub(super) const EDIT_ATTRIBUTES: &str = "Edit attributes";
pub(super) const NO_ATTRIBUTES: &str = "No attributes.";
pub(super) const ATTRIBUTES_HELP: &str = "Such as the team or the year. Only staff see and change them here.";

/// `flow` and `groups` are isolated names.
pub(super) fn withheld(flow: &str, groups: &str) -> String {
    format!(
        "The account that saved the flow {flow}, or the author of the invite, may not grant these groups any more. They were \
         withheld: {groups}."
    )
}

pub(super) const NO_GROUPS: &str = "In no group.";
pub(super) const MANAGES: &str = "Manages it";

/// The button beside a group, whose name is isolated. It asks first.
pub(super) fn remove_from(group: &str) -> String {
    format!("Remove from {group}…")
}

pub(super) const NO_PERMISSIONS: &str = "No permissions besides their own pages.";
/// While the account is not active.
pub(super) const NO_PERMISSIONS_NOW: &str = "This account has these permissions again once it is active.";
/// The accessible name of the button that sets when a membership ends.
pub(super) fn set_end_label(group: &str) -> String {
    format!("Set end of the membership in {group}")
}

/// Before when a membership ends.
pub(super) const ENDS_BEFORE: &str = "Ends ";

/// Where a permission comes from: the role.
pub(super) fn from_role(role: &str) -> String {
    format!("Role: {role}")
}

/// Where a permission comes from: a group.
pub(super) fn from_group(name: &str) -> String {
    format!("Group: {name}")
}

// The forms.

/// Opens the dialog, and its button.
pub(super) const CREATE: &str = "Create member";
pub(super) const NEW_MEMBER: &str = "New member";
pub(super) const EDIT: &str = "Edit";
pub(super) const NAME: &str = "Display name";
pub(super) const PASSWORD: &str = "Password";
pub(super) const GROUPS_HELP: &str = "They join these groups when the account is created.";

/// What is said of the choice of groups, by their isolated names, while it is closed.
pub(super) fn chosen_groups(names: Vec<String>) -> String {
    if names.is_empty() { "None".to_owned() } else { names.join(", ") }
}

/// The same of attributes.
pub(super) fn attributes(count: usize) -> String {
    match count {
        0 => "None".to_owned(),
        1 => "1 attribute".to_owned(),
        count => format!("{count} attributes"),
    }
}

pub(super) const ENDS_HELP: &str = "From then on they can’t sign in. In your time zone; empty for never.";
/// Opens the dialog.
pub(super) const MAKE_OWNER: &str = "Make owner…";
pub(super) const MAKE_OWNER_VERB: &str = "Make owner";
pub(super) const YOUR_PASSWORD: &str = "Your password";

pub(super) fn make_owner_title(name: &str) -> String {
    format!("Make {name} the owner?")
}

pub(super) fn make_owner_text(name: &str) -> String {
    format!(
        "{name} gets every permission, and you become an admin: you can’t take this back yourself. {name} is signed out \
         everywhere, you are signed out on your other devices, and the invites you created are paused until someone \
         resumes them."
    )
}

pub(super) fn is_owner_now(name: &str, paused: u64) -> String {
    match paused {
        0 => format!("{name} is the owner now"),
        1 => format!("{name} is the owner now. 1 invite of yours is paused."),
        _ => format!("{name} is the owner now. {paused} invites of yours are paused."),
    }
}

pub(super) fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

pub(super) const EMAIL_EDIT_HELP: &str =
    "Another address counts as not verified. If this site sends e-mail, the old address is told.";

/// What another role does.
pub(super) fn role_changes(role: &str) -> String {
    format!(
        "They become {role}, and are signed out everywhere. If that role has fewer permissions, the invites they created are \
         paused."
    )
}

pub(super) fn created(name: &str) -> String {
    format!("Created {name}")
}

pub(super) fn saved(name: &str) -> String {
    format!("Saved {name}")
}

// What can be done. `…` marks what asks first.

pub(super) const VIEW: &str = "View member";
pub(super) const APPROVE: &str = "Approve";
pub(super) const DECLINE: &str = "Decline…";
pub(super) const RECONSIDER: &str = "Move to pending approval";
pub(super) const SUSPEND: &str = "Suspend…";
pub(super) const RESTORE: &str = "Restore…";
pub(super) const DELETE: &str = "Delete…";
pub(super) const MAKE_RESET_LINK: &str = "Create reset link…";
pub(super) const RESEND_ACTIVATION: &str = "Resend activation link";
pub(super) const MARK_VERIFIED: &str = "Mark as verified…";

/// The accessible name of [`APPROVE`].
pub(super) fn approve_label(name: &str) -> String {
    format!("Approve {name}")
}

// Questions.

pub(super) fn decline_title(name: &str) -> String {
    format!("Decline {name}?")
}

pub(super) fn decline_text(name: &str) -> String {
    format!("{name} is signed out and can’t sign in. The account is kept: you can move it back to pending approval.")
}

/// Approves the selected accounts; asks first.
pub(super) const APPROVE_SELECTED: &str = "Approve…";
pub(super) const DECLINE_VERB: &str = "Decline";
pub(super) const APPROVE_ABOUT: &str = "They get access right away.";
pub(super) const DECLINE_ABOUT: &str = "They are signed out and can’t sign in. If they came with an invite, its use is given back. You can move \
     them back to pending approval.";
pub(super) const NOTE: &str = "Message";
pub(super) const NOTE_TO_EACH: &str = "Message to each of them";
pub(super) const NOTE_OF_APPROVAL: &str = "Shown on their start page.";
pub(super) const NOTE_OF_DECLINE: &str = "Shown when they try to sign in.";
pub(super) const DECIDED_BY: &str = "Decided by";

pub(super) fn decide_title(deciding: &Deciding) -> String {
    let verb = match deciding.decision {
        Decision::Approve => APPROVE,
        Decision::Decline => DECLINE_VERB,
    };
    match (&deciding.row, deciding.accounts.len()) {
        (Some(row), _) => format!("{verb} {}?", isolated(row.account.display_name())),
        (None, 1) => format!("{verb} 1 account?"),
        (None, count) => format!("{verb} {count} accounts?"),
    }
}

/// What became of decisions about several accounts.
pub(super) fn decided(decision: Decision, made: &DecisionsMade) -> String {
    let counted = changed(verb_of(decision), made.accounts, "decided by you before");
    let before = &made.decided_before;
    if before.is_empty() {
        return counted;
    }
    // A toast is short: the list shows what the others are.
    let mut named: Vec<_> = before.iter().take(NAMED).map(decided_before).collect();
    if before.len() > NAMED {
        named.push(format!("{} more", before.len() - NAMED));
    }
    format!("{counted}; {} decided before: {}", before.len(), named.join(", "))
}

/// The most accounts that a toast names.
const NAMED: usize = 3;

/// One account that was decided about before: its name, what was decided, and by whom.
fn decided_before(before: &DecidedBefore) -> String {
    let name = isolated(before.account.display_name());
    match (before.decision(), &before.by) {
        (Some(decision), Some(by)) => {
            let verb = verb_of(decision).to_lowercase();
            format!("{name} ({verb} by {})", isolated(by.display_name()))
        }
        _ => format!("{name} ({})", before.status.title().to_lowercase()),
    }
}

fn verb_of(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => APPROVED,
        Decision::Decline => DECLINED,
    }
}

/// What became of each account: `verb` of those that were changed, and why others were not.
fn changed(verb: &str, outcome: AccountsChanged, unchanged_because: &str) -> String {
    let AccountsChanged { changed, unchanged, refused } = outcome;
    counted(verb, changed, [(unchanged, unchanged_because), (refused, "not possible")])
}

pub(super) const NOT_LOADED: &str = "What can be done with the selected members could not be loaded.";

pub(super) const DECLINE_ACCOUNT: &str = "Decline account";

pub(super) fn suspend_title(name: &str) -> String {
    format!("Suspend {name}?")
}

pub(super) fn suspend_text(name: &str) -> String {
    format!(
        "{name} is signed out everywhere at once and can’t sign in. The invites they created are paused; restoring the \
         member later does not resume them. Nothing is deleted."
    )
}

pub(super) fn mark_verified_title(name: &str) -> String {
    format!("Mark {name} as verified?")
}

pub(super) fn mark_verified_text(email: &str) -> String {
    format!(
        "Nobody has opened the link that was sent to {email}. Do this only if you know that the address belongs to this \
         person: applications are told that it is verified."
    )
}

pub(super) const MARK_VERIFIED_VERB: &str = "Mark as verified";

pub(super) const SUSPEND_MEMBER: &str = "Suspend member";

pub(super) fn restore_title(name: &str) -> String {
    format!("Restore {name}?")
}

pub(super) fn restore_text(name: &str) -> String {
    format!("{name} can sign in again. Their invites stay paused until someone resumes them.")
}

pub(super) const RESTORE_MEMBER: &str = "Restore member";

pub(super) fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

pub(super) fn delete_text(name: &str) -> String {
    format!(
        "Name, e-mail address, password, sessions, API keys and group memberships of {name} are erased, and the invites they \
         created are paused. Redemptions stay, under “Deleted member”. This can’t be undone."
    )
}

pub(super) const DELETE_MEMBER: &str = "Delete member";

pub(super) fn make_reset_link_title(name: &str) -> String {
    format!("Create a reset link for {name}?")
}

pub(super) fn make_reset_link_text(name: &str) -> String {
    format!(
        "Anyone who opens the link within an hour can set a new password for {name}. Send it to nobody else. A link that was \
         made before stops working."
    )
}

pub(super) const MAKE_RESET_LINK_VERB: &str = "Create reset link";

// A reset link that was just made.

pub(super) fn reset_link_of(name: &str) -> String {
    format!("Reset link for {name}.")
}

pub(super) const RESET_LINK_NOTE: &str = "Copy it now. It is not shown again. It works once, within an hour.";
/// The accessible name of a field.
pub(super) const RESET_LINK: &str = "Reset link";
pub(super) const HIDE_LINK: &str = "Hide link";

// Toasts.

pub(super) const RESET_LINK_MADE: &str = "Reset link created";

pub(super) fn approved(name: &str) -> String {
    format!("Approved {name}")
}

pub(super) fn activation_resent(name: &str) -> String {
    format!("Activation link of {name} queued again")
}

pub(super) fn marked_verified(name: &str) -> String {
    format!("Marked {name} as verified")
}

/// When an account that was marked as verified needs approval.
pub(super) fn pending_now(name: &str) -> String {
    format!("Marked {name} as verified. The account is pending approval.")
}

pub(super) fn pending_again(name: &str) -> String {
    format!("{name} is pending approval again")
}

pub(super) fn declined(name: &str) -> String {
    format!("Declined {name}")
}

pub(super) fn suspended(name: &str) -> String {
    format!("Suspended {name} and paused their invites")
}

pub(super) fn deleted(name: &str) -> String {
    format!("Deleted {name}")
}

pub(super) fn restored(name: &str) -> String {
    format!("Restored {name}")
}

/// When somebody else was quicker. `status` is in lower case.
pub(super) fn unchanged(name: &str, status: &str) -> String {
    format!("Nothing changed: {name} is {status}")
}
