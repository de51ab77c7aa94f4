//! The texts of members. Titles of roles and statuses are in `domain::accounts`.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

pub(super) use crate::ui::text::{
    ACTIONS, BREADCRUMB, CREATED, EMAIL, GROUPS, INVITE, MEMBER, MEMBERS, NEVER, PASSWORD_HELP, PERMISSIONS, ROLE,
    SAVE_CHANGES, STATUS, USERNAME, USERNAME_HELP, more_for,
};

// The list.

pub(super) const MEMBERS_ABOUT: &str = "All accounts, and the invite each was created with.";
pub(super) const SEARCH: &str = "Search members";
pub(super) const SEARCH_EXAMPLE: &str = "Name or e-mail";
pub(super) const NOT_FOUND: &str = "No members found";
pub(super) const NOT_FOUND_TEXT: &str = "Search finds words in the name, username or e-mail address.";
pub(super) const SHOW_ALL: &str = "Show all members";

pub(super) fn members(count: usize) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

pub(super) fn selected(count: usize) -> String {
    format!("{count} selected")
}

pub(super) const ADD_TO_GROUPS: &str = "Add to groups";

/// The invite of the owner, who was created during setup.
pub(super) const BY_SETUP: &str = "Setup";
/// The invite of a member who signed up without one.
pub(super) const NO_INVITE: &str = "None";

// The page of one member.

/// Instead of the page of a member that does not exist.
pub(super) const ABSENT: &str = "There is no such member";
pub(super) const ABSENT_TEXT: &str = "The address may be mistyped or incomplete.";
pub(super) const ALL_MEMBERS: &str = "All members";
pub(super) const ACCOUNT: &str = "Account";
/// The invite of the owner.
pub(super) const BY_SETUP_IN_FULL: &str = "None: created during setup";
pub(super) const APPROVED: &str = "Approved";
pub(super) const DECLINED: &str = "Declined";
pub(super) const SUSPENDED: &str = "Suspended";
pub(super) const UPDATED: &str = "Updated";
pub(super) const LAST_ACTIVE: &str = "Last active";
pub(super) const NO_GROUPS: &str = "In no group.";
pub(super) const MANAGES: &str = "Manages it";
pub(super) const NO_PERMISSIONS: &str = "No permissions beside their own pages.";
/// While the account is not active.
pub(super) const NO_PERMISSIONS_NOW: &str = "This account has these permissions again once it is active.";
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

pub(super) fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

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

/// The accessible name of [`APPROVE`].
pub(super) fn approve_label(name: &str) -> String {
    format!("Approve {name}")
}

// Questions.

pub(super) fn decline_title(name: &str) -> String {
    format!("Decline {name}?")
}

pub(super) fn decline_text(name: &str) -> String {
    format!("{name} is signed out and can’t sign in. The account is kept: you can still approve it later.")
}

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

pub(super) const SUSPEND_MEMBER: &str = "Suspend member";

pub(super) fn restore_title(name: &str) -> String {
    format!("Restore {name}?")
}

pub(super) fn restore_text(name: &str) -> String {
    format!("{name} can sign in again. Their invites stay paused until someone resumes them.")
}

pub(super) const RESTORE_MEMBER: &str = "Restore member";

// Toasts.

pub(super) fn approved(name: &str) -> String {
    format!("Approved {name}")
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

pub(super) fn restored(name: &str) -> String {
    format!("Restored {name}")
}

/// When somebody else was quicker. `status` is in lower case.
pub(super) fn unchanged(name: &str, status: &str) -> String {
    format!("Nothing changed: {name} is {status}")
}
