//! Members: accounts as the page of a single one shows them.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Permissions};
use crate::accounts::{AccountRef, AccountRow, AccountStatus};
use crate::approvals::DecisionMade;
use crate::attributes::Attribute;
use crate::flows::AccountFlow;
use crate::groups::{GroupRef, Membership};
use crate::ids::GroupId;
use crate::paging::{Counts, Page};

/// The names of what a list of members is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterNames {
    /// The group.
    pub group: Option<GroupRef>,
    /// The account whose invites brought the members.
    pub inviter: Option<AccountRef>,
}

/// The list of members as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberList {
    /// One page of the list.
    pub page: Page<AccountRow>,
    /// How many members there are; not counted where the list is narrowed by more than the status.
    pub counts: Option<Counts<AccountStatus>>,
    /// What it is narrowed to.
    pub names: FilterNames,
}

/// A member in full: the account, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDetail {
    /// The account as in a list.
    pub row: AccountRow,
    /// What its role grants.
    pub role_permissions: Permissions,
    /// Its groups by name, each with what it grants.
    pub groups: Vec<Membership>,
    /// Those of its groups from which the caller may remove it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removable_from: Vec<GroupId>,
    /// Its attributes by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// What was decided when it was pending approval, if that is known.
    pub decision: Option<DecisionMade>,
    /// What it answered to the flow that it signed up with, and what was withheld from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<AccountFlow>,
}

impl MemberDetail {
    /// Whether the caller may set when this membership ends: one of those that it may remove. Managers set the end of no
    /// manager, also not their own, which they may leave.
    #[must_use]
    pub fn may_set_end(&self, of: &Membership) -> bool {
        self.removable_from.contains(&of.group.id) && (self.row.can_group || !of.is_manager)
    }

    /// Every permission of the account, with where it comes from: whether from the role, and from which groups.
    pub fn permissions(&self) -> impl Iterator<Item = (Permission, bool, Vec<&GroupRef>)> {
        let of_groups = self.groups.iter().fold(Permissions::empty(), |all, of| all | of.permissions);
        (self.role_permissions | of_groups).iter().map(|permission| {
            let groups = self.groups.iter().filter(move |of| of.permissions.contains(permission)).map(|of| &of.group);
            (permission, self.role_permissions.contains(permission), groups.collect())
        })
    }
}
