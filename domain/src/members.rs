//! Members: accounts as the page of a single one shows them.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Permissions};
use crate::accounts::{AccountRef, AccountRow};
use crate::attributes::Attribute;
use crate::groups::{GroupRef, Membership};

/// What a list of members can be narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterChoices {
    /// Groups by name: the first ones, and the chosen one.
    pub groups: Vec<GroupRef>,
    /// The account that the list is narrowed to invites of, if it is.
    pub inviter: Option<AccountRef>,
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
    /// Its attributes by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

impl MemberDetail {
    /// Every permission of the account, with where it comes from: whether from the role, and from which groups.
    pub fn permissions(&self) -> impl Iterator<Item = (Permission, bool, Vec<&GroupRef>)> {
        let of_groups = self.groups.iter().fold(Permissions::empty(), |all, of| all | of.permissions);
        (self.role_permissions | of_groups).iter().map(|permission| {
            let groups = self.groups.iter().filter(move |of| of.permissions.contains(permission)).map(|of| &of.group);
            (permission, self.role_permissions.contains(permission), groups.collect())
        })
    }
}
