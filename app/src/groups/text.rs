//! The texts of groups.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

use domain::paging::Count;

use super::dialogs::AddToGroups;
pub(super) use crate::ui::text::{
    ACTIONS, CREATE_INVITE, CREATED, EMAIL, ENDS, GROUPS, MEMBER, MEMBERS, NEVER, PERMISSIONS, PREVIOUS_NEXT,
    SAVE_CHANGES, SET_END_MORE, members,
};

// The list.

pub(super) const GROUPS_ABOUT: &str = "Members with common permissions. Invites can add people to groups.";
pub(super) const SEARCH_GROUPS: &str = "Search groups";
pub(super) const SEARCH_EXAMPLE: &str = "Group name";
pub(super) const GROUP: &str = "Group";
pub(super) const CREATE: &str = "Create group";
pub(super) const NO_GROUPS: &str = "No groups yet";
pub(super) const NO_GROUPS_TEXT: &str =
    "A group gives its members permissions, and invites can add people to it. For example: Organisers, Volunteers.";
pub(super) const NOT_FOUND: &str = "No groups found";
pub(super) const NOT_FOUND_TEXT: &str = "Try part of the name.";
pub(super) const SHOW_ALL: &str = "Show all groups";
/// Instead of permissions.
pub(super) const NO_PERMISSIONS: &str = "None";

pub(super) fn groups(count: usize) -> String {
    if count == 1 { "1 group".to_owned() } else { format!("{count} groups") }
}

pub(super) fn permissions(count: usize) -> String {
    if count == 1 { "1 permission".to_owned() } else { format!("{count} permissions") }
}

// The page of one group.

pub(super) const ABSENT: &str = "There is no such group";
pub(super) const ABSENT_TEXT: &str = "It may have been deleted, or the address is incomplete.";
pub(super) const ALL_GROUPS: &str = "All groups";
pub(super) const ADD_MEMBERS: &str = "Add members";
pub(super) const EDIT: &str = "Edit";
pub(super) const DELETE: &str = "Delete…";
pub(super) const SEARCH_MEMBERS: &str = "Search members of this group";
pub(super) const SEARCH_MEMBERS_EXAMPLE: &str = "Name or e-mail";
pub(super) const MANAGER: &str = "Manager";
pub(super) const JOINED: &str = "Joined";
/// The column that tells managers from other members.
pub(super) const KIND: &str = "Role in the group";
pub(super) const NO_MEMBERS: &str = "No members yet";
pub(super) const NO_MEMBERS_TEXT: &str = "Add members here, or create an invite that adds people to this group.";
pub(super) const NO_MEMBERS_FOUND: &str = "No members found";
pub(super) const NO_MEMBERS_FOUND_TEXT: &str = "Search finds words in the name, username or e-mail address.";
pub(super) const SHOW_ALL_MEMBERS: &str = "Show all members";
pub(super) const GRANTS_BEFORE: &str = "Members of this group may: ";
pub(super) const GRANTS_NOTHING: &str = "This group grants no permissions.";

pub(super) fn members_in_total(count: Count) -> String {
    if count.counted == 1 && !count.more { "1 member".to_owned() } else { format!("{count} members") }
}

// What can be done with a member. `…` marks what asks first.

pub(super) const MAKE_MANAGER: &str = "Make manager";
pub(super) const MAKE_MEMBER: &str = "Remove as manager";
pub(super) const REMOVE: &str = "Remove from group…";
pub(super) const REMOVE_SELECTED: &str = "Remove from group…";
pub(super) const REMOVE_MEMBERS: &str = "Remove from group";

pub(super) fn selected(count: usize) -> String {
    format!("{count} selected")
}

pub(super) fn remove_title(name: &str, group: &str) -> String {
    format!("Remove {name} from {group}?")
}

pub(super) fn remove_many_title(count: usize, group: &str) -> String {
    format!("Remove {} from {group}?", members(count))
}

pub(super) const REMOVE_TEXT: &str = "They lose the permissions of this group at once. Their accounts are kept.";

pub(super) fn removed(count: u32) -> String {
    format!("Removed {}", members(count as usize))
}

/// The dialog that removes members by a list.
pub(super) fn remove_list_title(group: &str) -> String {
    format!("Remove members from {group}")
}

/// Opens this dialog.
pub(super) const REMOVE_LIST: &str = "Remove members";

pub(super) fn removed_of(count: u32, unchanged: u32) -> String {
    match unchanged {
        0 => removed(count),
        1 => format!("{}; 1 was not a member", removed(count)),
        more => format!("{}; {more} were not members", removed(count)),
    }
}

pub(super) fn not_found_to_remove(names: &[String]) -> String {
    format!("No account found for: {}. The others were removed.", names.join(", "))
}

pub(super) fn is_manager_now(name: &str) -> String {
    format!("{name} is a manager now")
}

pub(super) fn is_no_manager_now(name: &str) -> String {
    format!("{name} is no longer a manager")
}

// The forms.

pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "Volunteers";
pub(super) const DESCRIPTION: &str = "Description";
pub(super) const DESCRIPTION_HELP: &str = "Staff and managers of the group see it.";
pub(super) const PERMISSIONS_LEGEND: &str = "Members of this group may";
pub(super) const NEW_GROUP: &str = "New group";
pub(super) const PEOPLE: &str = "People";
pub(super) const SEARCH_PEOPLE: &str = "Search people";
pub(super) const PEOPLE_HELP: &str = "Type a name and tick everyone you want to add, or list them below.";
pub(super) const IS_MEMBER: &str = "Already a member";
pub(super) const NOBODY_FOUND: &str = "Nobody has this name, username or e-mail address.";
pub(super) const ACCOUNTS: &str = "Usernames or e-mail addresses";
pub(super) const ENDS_HELP: &str = "Until when they are members, in your time zone; empty for no end. Also changes the end of those who are members already.";
pub(super) const ACCOUNTS_HELP: &str = "Separated by commas, spaces or line breaks. At most 1,000 at once.";
pub(super) const AS_MANAGERS: &str = "As managers";
pub(super) const AS_MANAGERS_ABOUT: &str = "Managers add and remove members and create invites for the group.";

pub(super) fn edit_title(group: &str) -> String {
    format!("Edit {group}")
}

pub(super) fn add_title(group: &str) -> String {
    format!("Add members to {group}")
}

pub(super) fn created(group: &str) -> String {
    format!("Created {group}")
}

pub(super) fn saved(group: &str) -> String {
    format!("Saved {group}")
}

pub(super) fn added(count: u32, unchanged: u32) -> String {
    let added = format!("Added {}", members(count as usize));
    match unchanged {
        0 => added,
        1 => format!("{added}; 1 was a member already"),
        more => format!("{added}; {more} were members already"),
    }
}

pub(super) fn not_found(names: &[String]) -> String {
    format!("No account found for: {}. The others were added.", names.join(", "))
}

// Deleting.

pub(super) fn delete_title(group: &str) -> String {
    format!("Delete {group}?")
}

pub(super) fn delete_text(members: Count, invites: Count, named: &[String]) -> String {
    let members = match members.counted {
        0 => "It has no members.".to_owned(),
        1 if !members.more => "Its 1 member loses what it grants; the account is kept.".to_owned(),
        _ => format!("Its {} lose what it grants; their accounts are kept.", members_in_total(members)),
    };
    if invites.counted == 0 {
        return format!("{members} No invite that can still be used grants it.");
    }
    let more = if invites.more || invites.counted as usize > named.len() { " and others" } else { "" };
    let invites = if invites.counted == 1 && !invites.more {
        "1 invite that grants it is paused".to_owned()
    } else {
        format!("{invites} invites that grant it are paused")
    };
    format!("{members} {invites}: {}{more}. An invite that is resumed no longer grants the group.", named.join(", "))
}

pub(super) const DELETE_GROUP: &str = "Delete group";

pub(super) fn deleted(group: &str) -> String {
    format!("Deleted {group}")
}

// Adding selected members, or one on their page.

pub(super) const ADD_TO_GROUPS: &str = "Add to groups";
pub(super) const ADD_TO_GROUPS_HELP: &str = "The selected members join these groups.";
pub(super) const CHOOSE_ONE: &str = "Choose a group.";

pub(super) const JOINS_GROUPS_HELP: &str = "They join these groups.";

pub(super) fn add_to_groups_title(of: &AddToGroups) -> String {
    let who = of.name.clone().unwrap_or_else(|| members(of.accounts.len()));
    format!("Add {who} to groups")
}

/// A toast.
pub(super) fn added_to(name: &str, groups: usize) -> String {
    if groups == 1 { format!("Added {name} to 1 group") } else { format!("Added {name} to {groups} groups") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deleting_does_is_said_in_full() {
        let count = Count::from_rows;
        assert_eq!(
            delete_text(count(0), count(0), &[]),
            "It has no members. No invite that can still be used grants it."
        );
        let one = delete_text(count(1), count(1), &["Course".to_owned()]);
        assert!(one.contains("Its 1 member loses"), "{one}");
        assert!(one.contains("1 invite that grants it is paused: Course. "), "{one}");
        let many = delete_text(count(2_000), count(7), &["Course".to_owned()]);
        assert!(
            many.contains("1,000+ members") && many.contains("7 invites that grant it are paused: Course and others.")
        );
    }
}
