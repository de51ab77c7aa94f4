//! The texts of the choice of groups.

pub(super) use crate::ui::text::{GROUPS, OPTIONAL};

pub(super) const SEARCH_GROUPS: &str = "Search groups";
pub(super) const SEARCH_EXAMPLE: &str = "Group name";
pub(super) const CHOOSE_HELP: &str = "People who use the invite join these groups.";
pub(super) const NO_CHOICES: &str = "There is no group that you can add people to.";
pub(super) const NO_OTHER_CHOICES: &str = "There is no other group that you can add people to.";
pub(super) const NO_CHOICES_FOUND: &str = "No group has this name.";
