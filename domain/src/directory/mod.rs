//! Accounts and groups as a directory feeds them in by SCIM (RFC 7643 and 7644).

use crate::accounts::{Account, Email, Password};
use crate::groups::GroupRef;
use crate::ids::{AccountId, GroupId};
use crate::patch::Patch;
use crate::text::{DisplayName, ExternalId, GroupName};
use crate::time::Timestamp;

mod draft;
mod filter;
mod list;
mod names;

pub use draft::{GroupDraft, UserDraft};
pub use filter::{AttributeName, Comparison, Literal, Operator, PatchPath, parse_filter};
pub use list::{GroupTerm, Listed, MAX_RESULTS, UserTerm, Window, group_terms, user_terms};
pub use names::{UserName, derived_username};

/// The most members that one request adds to a group, removes from it, or reads.
pub const MAX_MEMBERS: usize = 10_000;

/// An account as a directory sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account.
    pub account: Account,
    /// Its identifier in the directory.
    pub external_id: Option<ExternalId>,
    /// Its name in the directory: the username, unless that is derived from it.
    pub user_name: String,
    /// The groups that it is in, by name; none if the caller may not see every group.
    pub groups: Vec<GroupRef>,
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// Its name in the directory.
    pub user_name: UserName,
    /// Its identifier in the directory.
    pub external_id: Option<ExternalId>,
    /// The e-mail address.
    pub email: Email,
    /// The display name.
    pub name: Option<DisplayName>,
    /// Whether it can sign in; otherwise it is suspended.
    pub active: bool,
    /// The password, if the directory sends one. Without it nobody can sign in until one was set, with a reset link or by an operator.
    pub password: Option<Password>,
}

/// A change of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Its name in the directory.
    pub user_name: Option<UserName>,
    /// Its identifier in the directory.
    pub external_id: Patch<ExternalId>,
    /// The e-mail address.
    pub email: Option<Email>,
    /// The display name.
    pub name: Patch<DisplayName>,
    /// Whether it can sign in.
    pub active: Option<bool>,
}

/// A group as a directory sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group's id.
    pub id: GroupId,
    /// The name.
    pub name: GroupName,
    /// Its identifier in the directory.
    pub external_id: Option<ExternalId>,
    /// Who is in it; `None` if that was not asked for.
    pub members: Option<Vec<Member>>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its name was last changed.
    pub updated_at: Timestamp,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// Its display name, or its username.
    pub name: String,
}

/// A new group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// The name.
    pub name: GroupName,
    /// Its identifier in the directory.
    pub external_id: Option<ExternalId>,
    /// Who is in it.
    pub members: Vec<AccountId>,
}

/// A change of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The name.
    pub name: Option<GroupName>,
    /// Its identifier in the directory.
    pub external_id: Patch<ExternalId>,
    /// Who is in it, in this order.
    pub members: Vec<MembersChange>,
}

/// A change of who is in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembersChange {
    /// These, and nobody else.
    Replace(Vec<AccountId>),
    /// These as well.
    Add(Vec<AccountId>),
    /// These not.
    Remove(Vec<AccountId>),
}

impl GroupChange {
    /// The number of members that it names.
    #[must_use]
    pub fn named(&self) -> usize {
        let named = |change: &MembersChange| match change {
            MembersChange::Replace(members) | MembersChange::Add(members) | MembersChange::Remove(members) => {
                members.len()
            }
        };
        self.members.iter().map(named).sum()
    }
}
