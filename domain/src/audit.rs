//! The audit log as it is read: who did what, when and from where. What is recorded are [`crate::events`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::accounts::AccountRef;
use crate::events::{Action, SubjectKind};
use crate::ids::{AccountId, AuditEntryId};
use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// How the originator of a change came to make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginatorKind {
    /// An account, with a browser session.
    Session,
    /// An account, with an API key.
    ApiKey,
    /// An operator on the command line, perhaps in the name of an account.
    Operator,
    /// A visitor who was not signed in.
    Visitor,
    /// The system itself, at a time that was set.
    System,
}

string_enum!(OriginatorKind {
    Session = "session",
    ApiKey = "api_key",
    Operator = "operator",
    Visitor = "visitor",
    System = "system",
});

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Originator {
    /// How they came to make it.
    pub kind: OriginatorKind,
    /// Their account, if they had one. Of a deleted account only the id is left.
    pub account: Option<AccountRef>,
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSubject {
    /// A [`SubjectKind`], as it is stored.
    pub kind: String,
    /// Its id; `None` for what exists only once.
    pub id: Option<Uuid>,
    /// Its name; `None` if it has none, no longer exists, or may not be seen by the reader.
    pub label: Option<String>,
}

/// What an event says besides its action and its subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditDetail {
    /// The fields of the event.
    Fields(Map<String, Value>),
    /// The reader may not see things of this kind.
    Hidden,
    /// What is stored does not read as an event of this version.
    Unreadable,
}

impl AuditDetail {
    /// The fields, if they are shown.
    #[must_use]
    pub const fn fields(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Fields(fields) => Some(fields),
            Self::Hidden | Self::Unreadable => None,
        }
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The entry's id.
    pub id: AuditEntryId,
    /// When it happened.
    pub created_at: Timestamp,
    /// Who did it.
    pub originator: Originator,
    /// What was done: an [`Action`], as it is stored.
    pub action: String,
    /// What it was done to.
    pub subject: AuditSubject,
    /// The IP address from which it was done; `None` if it is unknown, or was erased with its account.
    pub client_ip: Option<String>,
    /// How it was done.
    pub detail: AuditDetail,
    /// The names of the accounts, groups and invites in [`Self::detail`] that exist and that the reader may see, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Uuid, String>,
}

/// Which entries of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Only what this account did.
    pub actor: Option<AccountId>,
    /// Only these actions; empty for all.
    pub actions: Vec<Action>,
    /// Only what was done to things of this kind.
    pub kind: Option<SubjectKind>,
    /// Only what was done to the thing with this id.
    pub subject: Option<Uuid>,
    /// Only what happened then or later.
    pub from: Option<Timestamp>,
    /// Only what happened before.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// The actions that are listed; `None` for all.
    #[must_use]
    pub fn listed(&self) -> Option<Vec<Action>> {
        if self.actions.is_empty() && self.kind.is_none() {
            return None;
        }
        let is_listed = |action: &Action| {
            (self.actions.is_empty() || self.actions.contains(action))
                && self.kind.is_none_or(|kind| kind == action.subject_kind())
        };
        Some(Action::ALL.into_iter().filter(is_listed).collect())
    }
}

/// A list of entries of the audit log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Which entries.
    pub filter: AuditFilter,
    /// The page to read.
    pub paging: Paging,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_and_actions_list_what_is_of_both() {
        let all = AuditFilter::default();
        assert_eq!(all.listed(), None);
        let keys = AuditFilter { kind: Some(SubjectKind::ApiKey), ..AuditFilter::default() };
        assert_eq!(keys.listed(), Some(vec![Action::KeyCreated, Action::KeyRevoked]));
        let some = AuditFilter { actions: vec![Action::KeyRevoked, Action::InvitePaused], ..AuditFilter::default() };
        assert_eq!(some.listed(), Some(vec![Action::InvitePaused, Action::KeyRevoked]));
        let both = AuditFilter { kind: keys.kind, ..some };
        assert_eq!(both.listed(), Some(vec![Action::KeyRevoked]));
        let none = AuditFilter { kind: Some(SubjectKind::Group), ..both };
        assert_eq!(none.listed(), Some(Vec::new()));
    }
}
