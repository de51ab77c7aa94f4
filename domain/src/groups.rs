//! Groups: members with common permissions.

use serde::{Deserialize, Serialize};

use crate::access::{self, Permissions};
use crate::accounts::Account;
use crate::endings::take_end;
use crate::failure::{Check, Failure};
use crate::ids::GroupId;
use crate::invite_ref::InviteRef;
use crate::paging::{Count, Paging};
use crate::patch::Patch;
use crate::text::{GroupDescription, GroupName, ParseError};
use crate::time::Timestamp;

/// The most accounts that one request adds to a group or removes from it.
pub const MAX_CHANGED_AT_ONCE: usize = 1_000;

/// A reference to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRef {
    /// The group's id.
    pub id: GroupId,
    /// The name.
    pub name: GroupName,
}

/// What is chosen about a group. The same in a new group, a stored one and the result of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTerms {
    /// The name, unique without regard to case.
    pub name: GroupName,
    /// What the group is for.
    pub description: Option<GroupDescription>,
    /// What its members may do, besides what their role grants.
    pub permissions: Permissions,
}

/// A group as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The group's id.
    pub id: GroupId,
    /// What was chosen about it.
    #[serde(flatten)]
    pub terms: GroupTerms,
    /// Its members.
    pub members: Count,
    /// When it was created.
    pub created_at: Timestamp,
    /// Whether the caller may change and delete it.
    pub can_change: bool,
    /// Whether the caller may add and remove members.
    pub can_change_members: bool,
}

impl Group {
    /// A reference to the group.
    #[must_use]
    pub fn reference(&self) -> GroupRef {
        GroupRef { id: self.id, name: self.terms.name.clone() }
    }
}

/// A new or changed group as typed. What is left out keeps its value (in a new group: none), `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDraft {
    /// [`GroupTerms::name`], 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// [`GroupTerms::description`], 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<String>,
    /// [`GroupTerms::permissions`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub permissions: Patch<Permissions>,
}

impl GroupDraft {
    /// Parses a new group.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field; a name is needed.
    pub fn parse(self) -> Result<GroupTerms, Failure> {
        let name = self.name.value().unwrap_or_default();
        Self { name: Patch::Set(name), ..self }.terms(None)
    }

    /// Applies the draft, as a change, to the `current` terms of a group.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn apply(self, current: GroupTerms) -> Result<GroupTerms, Failure> {
        self.terms(Some(current))
    }

    fn terms(self, current: Option<GroupTerms>) -> Result<GroupTerms, Failure> {
        let mut check = Check::default();
        let (old_name, old_description, old_permissions) = match current {
            Some(GroupTerms { name, description, permissions }) => (Some(name), description, Some(permissions)),
            None => (None, None, None),
        };
        let name = match self.name {
            Patch::Keep => old_name,
            Patch::Clear => check.take("name", GroupName::parse("")),
            Patch::Set(name) => check.take("name", GroupName::parse(&name)),
        };
        let description = self.description.unless_blank();
        let description = description.and_then(|text| check.take("description", GroupDescription::parse(&text)));
        let permissions = self.permissions.and_then(|set| check.take("permissions", of_group(set)));
        let terms = name.map(|name| GroupTerms {
            name,
            description: description.apply(old_description),
            permissions: permissions.apply(old_permissions).unwrap_or_default(),
        });
        check.finish(terms)
    }
}

/// Permissions that a group can have.
fn of_group(permissions: Permissions) -> Result<Permissions, ParseError> {
    if permissions.is_subset(access::grantable()) {
        Ok(permissions)
    } else {
        Err(ParseError("Only owners can manage admins. Leave out admins.manage.".to_owned()))
    }
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMember {
    /// The account.
    pub account: Account,
    /// Whether they add and remove members, and create invites for the group.
    pub is_manager: bool,
    /// When they became a member.
    pub joined_at: Timestamp,
    /// When the membership ends; `None` means never.
    pub ends_at: Option<Timestamp>,
}

/// A group of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The group.
    pub group: GroupRef,
    /// What it grants.
    pub permissions: Permissions,
    /// Whether the account manages the group.
    pub is_manager: bool,
    /// When the account became a member.
    pub joined_at: Timestamp,
    /// When the membership ends; `None` means never.
    pub ends_at: Option<Timestamp>,
}

/// An account that a search for new members of a group finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The account.
    pub account: Account,
    /// Whether it is a member already.
    pub is_member: bool,
}

/// What the deletion of a group would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDeletion {
    /// Its members, who lose what it grants.
    pub members: Count,
    /// Invites that can be used, or could be later, and that grant it: the newest, a few at most. They are paused.
    pub invites: Vec<InviteRef>,
    /// The number of these invites.
    pub invite_count: Count,
}

/// Filters for a list of groups, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupQuery {
    /// Only groups whose name contains this, without regard to case.
    #[serde(default)]
    pub q: Option<String>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

/// Filters for a list of the members of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMemberQuery {
    /// Only members that have all these words or their beginnings in the name, username or e-mail address.
    #[serde(default)]
    pub q: Option<String>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

/// Accounts to add to a group or to remove from it, as typed: usernames, e-mail addresses or ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembersDraft {
    /// Who, each a username, an e-mail address or an id; at most [`MAX_CHANGED_AT_ONCE`].
    pub accounts: Vec<String>,
    /// When adding: whether they become managers (`true`), or members who are not (`false`). Left out, new members are not,
    /// and those who are members already stay what they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<bool>,
    /// When adding: the end of the memberships, RFC 3339, in the future; `null` is never. Left out, new memberships do not end,
    /// and those that there are already end when they did.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends_at: Patch<String>,
}

/// What is changed about memberships.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MembershipChange {
    /// Whether they become managers; `None` as they are.
    pub manager: Option<bool>,
    /// The end.
    pub ends_at: Patch<Timestamp>,
}

impl MembersDraft {
    /// The accounts, each once, without outer white space, and the change at the instant `now`.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `accounts` if there are none, or too many, and under `ends_at`.
    pub fn parse(self, now: Timestamp) -> Result<(Vec<String>, MembershipChange), Failure> {
        let mut check = Check::default();
        let ends_at = self.ends_at.unless_blank().and_then(|text| check.take("ends_at", parse_end(&text, now)));
        let accounts = check.take("accounts", parse_accounts(&self.accounts));
        check.finish(accounts.map(|accounts| (accounts, MembershipChange { manager: self.manager, ends_at })))
    }
}

/// The end of several memberships of a group as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipEndsDraft {
    /// Whose, each a username, an e-mail address or an id; at most [`MAX_CHANGED_AT_ONCE`].
    pub accounts: Vec<String>,
    /// When they end, as RFC 3339 text, in the future; `null` for never. Cannot be left out.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends_at: Patch<String>,
}

impl MembershipEndsDraft {
    /// Parses the draft at the instant `now`: the accounts, each once, and the end; `None` is never.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under each wrong field.
    pub fn parse(self, now: Timestamp) -> Result<(Vec<String>, Option<Timestamp>), Failure> {
        let mut check = Check::default();
        let ends_at = take_end(&mut check, self.ends_at, |text| parse_end(text, now));
        let accounts = check.take("accounts", parse_accounts(&self.accounts));
        check.finish(accounts.map(|accounts| (accounts, ends_at)))
    }
}

/// Names of accounts, each once, without outer white space.
fn parse_accounts(typed: &[String]) -> Result<Vec<String>, ParseError> {
    let mut accounts: Vec<String> = Vec::with_capacity(typed.len().min(MAX_CHANGED_AT_ONCE));
    let mut seen = std::collections::HashSet::new();
    for account in typed {
        let account = account.trim();
        if !account.is_empty() && seen.insert(account.to_lowercase()) {
            accounts.push(account.to_owned());
        }
    }
    match accounts.len() {
        0 => Err(ParseError("Enter at least one username or e-mail address.".to_owned())),
        1..=MAX_CHANGED_AT_ONCE => Ok(accounts),
        count => {
            let [most, count] = [MAX_CHANGED_AT_ONCE, count].map(|count| crate::text::thousands(count as u64));
            Err(ParseError(format!("Enter at most {most} at once; these are {count}.")))
        }
    }
}

fn parse_end(text: &str, now: Timestamp) -> Result<Timestamp, ParseError> {
    let end: Timestamp = text.trim().parse()?;
    if end > now { Ok(end) } else { Err(ParseError("This moment has passed. Choose a later one.".to_owned())) }
}

/// A pasted list of usernames and e-mail addresses: separated by white space, commas or semicolons.
#[must_use]
pub fn split_list(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    parts.filter(|part| !part.is_empty()).map(|part| part.trim_matches(['<', '>', '"']).to_owned()).collect()
}

/// What a request for [`MembersDraft`] or [`MembershipEndsDraft`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersChanged {
    /// The number of accounts that were added, changed or removed.
    pub changed: u32,
    /// The number of those for whom nothing had to be done.
    pub unchanged: u32,
    /// What names no account, as typed. The others were changed.
    pub not_found: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Permission;

    fn draft(json: &str) -> GroupDraft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_new_group_needs_a_name() {
        for json in ["{}", r#"{"name":null}"#, r#"{"name":" "}"#] {
            assert!(draft(json).parse().unwrap_err().field_error("name").is_some(), "{json}");
        }
        let group = draft(r#"{"name":" Potters ","description":"","permissions":null}"#).parse().unwrap();
        assert_eq!((group.name.as_str(), group.description, group.permissions.len()), ("Potters", None, 0));
    }

    #[test]
    fn every_bound_is_reported_under_its_field() {
        let wrong = GroupDraft {
            name: Patch::Set("x".repeat(81)),
            description: Patch::Set("x".repeat(301)),
            permissions: Patch::Set(Permission::AdminsManage.into()),
        };
        assert_eq!(wrong.parse().unwrap_err().fields.len(), 3);
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let current =
            draft(r#"{"name":"Potters","description":"Clay","permissions":["invites.create"]}"#).parse().unwrap();
        let apply = |json| draft(json).apply(current.clone());
        assert_eq!(apply("{}").unwrap(), current);
        assert_eq!(apply(r#"{"description":null}"#).unwrap().description, None);
        assert_eq!(apply(r#"{"description":" "}"#).unwrap().description, None);
        assert!(apply(r#"{"permissions":null}"#).unwrap().permissions.is_empty());
        assert_eq!(apply(r#"{"name":"Kiln"}"#).unwrap().name.as_str(), "Kiln");
        assert!(apply(r#"{"name":null}"#).unwrap_err().field_error("name").is_some());
    }

    #[test]
    fn accounts_are_named_once() {
        let names = ["ada", " Ada ", "", "ada@example.org"].map(str::to_owned).to_vec();
        let now = Timestamp::from_micros(1_000_000);
        let draft = MembersDraft { accounts: names, ..MembersDraft::default() };
        assert_eq!(
            draft.clone().parse(now).unwrap(),
            (vec!["ada".into(), "ada@example.org".into()], MembershipChange::default())
        );
        assert!(MembersDraft::default().parse(now).is_err());
        let until = |text: &str| MembersDraft { ends_at: Patch::Set(text.to_owned()), ..draft.clone() }.parse(now);
        assert_eq!(until("1970-01-01T00:00:02Z").unwrap().1.ends_at, Patch::Set(Timestamp::from_micros(2_000_000)));
        assert_eq!(until(" ").unwrap().1.ends_at, Patch::Clear);
        for wrong in ["1970-01-01T00:00:01Z", "soon"] {
            assert!(until(wrong).unwrap_err().field_error("ends_at").is_some(), "{wrong}");
        }
        let many = (0..=MAX_CHANGED_AT_ONCE).map(|number| number.to_string()).collect();
        assert!(MembersDraft { accounts: many, ..MembersDraft::default() }.parse(now).is_err());
    }

    #[test]
    fn an_end_of_memberships_is_ahead_or_there_is_none() {
        let now = Timestamp::from_micros(1_000_000);
        let parse = |json: &str| serde_json::from_str::<MembershipEndsDraft>(json).unwrap().parse(now);
        let (accounts, ends_at) = parse(r#"{"accounts":["ada"," ADA "],"ends_at":"1970-01-01T00:00:02Z"}"#).unwrap();
        assert_eq!((accounts, ends_at), (vec!["ada".to_owned()], Some(Timestamp::from_micros(2_000_000))));
        assert_eq!(parse(r#"{"accounts":["ada"],"ends_at":null}"#).unwrap().1, None);
        for wrong in ["", r#","ends_at":"""#, r#","ends_at":"1970-01-01T00:00:01Z""#, r#","ends_at":"soon""#] {
            let failure = parse(&format!(r#"{{"accounts":[]{wrong}}}"#)).unwrap_err();
            assert_eq!(failure.fields.len(), 2, "{wrong}: every wrong field is named");
        }
    }

    #[test]
    fn a_pasted_list_is_split() {
        let pasted = "ada, linus;\ngrace@example.org\t<mateo@example.org>,,\r\n";
        assert_eq!(split_list(pasted), ["ada", "linus", "grace@example.org", "mateo@example.org"]);
        assert!(split_list(" ,;\n").is_empty());
    }
}
