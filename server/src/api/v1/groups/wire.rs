//! Groups as the contract describes them. A new group and a change are parsed by [`domain::groups::GroupDraft`];
//! [`NewGroup`] and [`GroupChange`] describe what it accepts.

use domain::failure::Check;
use domain::groups::{GroupMemberQuery, GroupQuery, GroupTerms};
use domain::ids::GroupId;
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::paging::paging;
use super::super::redemptions::InviteRef;
use super::super::views::{AccountRef, GroupRef, Permission, page};

/// A group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "name": "Potters",
    "description": "Everyone who uses the kiln",
    "permissions": ["invites.create"],
    "members": 12,
    "created_at": "2026-11-21T10:00:00Z",
}))]
pub struct Group {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: GroupId,
    /// Name, unique without regard to case.
    name: String,
    /// What it is for; null if it has no description.
    #[schema(required = true)]
    description: Option<String>,
    /// What its members may do, besides what their role grants.
    permissions: Vec<Permission>,
    /// Number of members, at most 1,001: then there are more than 1,000.
    members: u32,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<domain::groups::Group> for Group {
    fn from(group: domain::groups::Group) -> Self {
        let GroupTerms { name, description, permissions } = group.terms;
        Self {
            id: group.id,
            name: name.into(),
            description: description.map(Into::into),
            permissions: permissions.iter().map(Into::into).collect(),
            members: group.members.counted + u32::from(group.members.more),
            created_at: group.created_at,
        }
    }
}

/// A new group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "name": "Potters", "permissions": [] }))]
pub struct NewGroup {
    /// Name, unique without regard to case.
    #[schema(max_length = 80)]
    name: String,
    /// What it is for.
    #[schema(max_length = 300)]
    description: Option<String>,
    /// What its members may do, at most what the account of the API key may do. None if left out.
    permissions: Option<Vec<Permission>>,
}

/// A change of a group (RFC 7396): what is left out stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "description": "Everyone who uses the kiln" }))]
pub struct GroupChange {
    /// Name. Can't be cleared.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// What it is for.
    #[schema(max_length = 300)]
    description: Option<String>,
    /// What its members may do.
    permissions: Option<Vec<Permission>>,
}

page! {
    /// One page of groups.
    Groups {
        /// The groups.
        Group from domain::groups::Group
    }
}

/// Filter and page of a list of groups.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GroupsParams {
    /// Only groups whose name contains this, in any case.
    q: Option<String>,
    /// Maximum number of groups; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl GroupsParams {
    pub fn parse(self) -> Result<GroupQuery, Failure> {
        let mut check = Check::default();
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(GroupQuery { q: self.q, paging }))
    }
}

/// A member of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupMember {
    /// Account of the member.
    account: AccountRef,
    /// Whether the member manages the group: adds and removes members, and creates invites for it.
    is_manager: bool,
    /// Time the account joined.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// End of the membership; null for never.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

impl From<domain::groups::GroupMember> for GroupMember {
    fn from(member: domain::groups::GroupMember) -> Self {
        Self {
            account: member.account.reference().into(),
            is_manager: member.is_manager,
            joined_at: member.joined_at,
            ends_at: member.ends_at,
        }
    }
}

page! {
    /// One page of members.
    GroupMembers {
        /// The members.
        GroupMember from domain::groups::GroupMember
    }
}

page! {
    /// One page of invites that grant a group.
    GroupInvites {
        /// The invites.
        InviteRef from domain::invites::InviteRef
    }
}

/// Filter and page of a list of members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GroupMembersParams {
    /// Only members whose name, username or e-mail address has these words or their beginnings.
    q: Option<String>,
    /// Maximum number of members; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl GroupMembersParams {
    pub fn parse(self) -> Result<GroupMemberQuery, Failure> {
        let mut check = Check::default();
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(GroupMemberQuery { q: self.q, paging }))
    }
}

/// Accounts to add to a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "accounts": ["mateo", "ines@example.org"] }))]
pub struct MembersAdd {
    /// Usernames, e-mail addresses or ids of the accounts.
    #[schema(min_items = 1, max_items = 1000)]
    accounts: Vec<String>,
    /// Whether they manage the group. If left out, new members do not, and others stay as they are.
    manager: Option<bool>,
    /// End of the memberships, in the future; null for never. If left out, new memberships do not end, and others stay as they
    /// are.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
}

/// When memberships of a group end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "accounts": ["mateo", "ines@example.org"], "ends_at": "2099-06-30T22:00:00Z" }))]
pub struct MembershipEnds {
    /// Usernames, e-mail addresses or ids of the members.
    #[schema(min_items = 1, max_items = 1000)]
    accounts: Vec<String>,
    /// Time at which the memberships end: in the future; null for never. Can't be left out.
    #[schema(format = DateTime, required = true)]
    ends_at: Option<String>,
}

/// Accounts to remove from a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "accounts": ["mateo", "ines@example.org"] }))]
pub struct MembersRemove {
    /// Usernames, e-mail addresses or ids of the accounts.
    #[schema(min_items = 1, max_items = 1000)]
    pub accounts: Vec<String>,
}

/// Result of a change of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembersChanged {
    /// Number of accounts that were added, changed or removed.
    changed: u32,
    /// Number of accounts for which there was nothing to do.
    unchanged: u32,
    /// What names no account, as sent.
    not_found: Vec<String>,
}

impl From<domain::groups::MembersChanged> for MembersChanged {
    fn from(done: domain::groups::MembersChanged) -> Self {
        Self { changed: done.changed, unchanged: done.unchanged, not_found: done.not_found }
    }
}

/// A group of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountGroup {
    /// The group.
    group: GroupRef,
    /// What the group grants.
    permissions: Vec<Permission>,
    /// Whether the account manages the group.
    is_manager: bool,
    /// Time the account joined.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// End of the membership; null for never.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// The groups of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountGroups {
    /// The groups, all of them.
    items: Vec<AccountGroup>,
}

impl From<Vec<domain::groups::Membership>> for AccountGroups {
    fn from(memberships: Vec<domain::groups::Membership>) -> Self {
        let of = |membership: domain::groups::Membership| AccountGroup {
            group: membership.group.into(),
            permissions: membership.permissions.iter().map(Into::into).collect(),
            is_manager: membership.is_manager,
            joined_at: membership.joined_at,
            ends_at: membership.ends_at,
        };
        Self { items: memberships.into_iter().map(of).collect() }
    }
}
