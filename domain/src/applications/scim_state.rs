//! What staff see of a connection by SCIM: what waits and failed, and what differs there.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, DeliveryId, GroupId};
use crate::outbox::DeliveryStatus;
use crate::paging::Count;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// The most differences that a comparison lists.
pub const MAX_DIFFERENCES: usize = 200;

/// What a message to an application is about. It has no personal data: what is true when it is sent is read then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum ScimAbout {
    /// One account may have changed.
    Account {
        /// The account.
        account: AccountId,
    },
    /// One group, or who is in it, may have changed.
    Group {
        /// The group.
        group: GroupId,
    },
    /// Any account may have changed, of those that follow this one. Then any group.
    Accounts {
        /// The last account that was looked at.
        after: Option<AccountId>,
    },
    /// Any group may have changed, of those that follow this one.
    Groups {
        /// The last group that was looked at.
        after: Option<GroupId>,
    },
}

impl ScimAbout {
    /// What it is called in the interface.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Account { .. } => "Member",
            Self::Group { .. } => "Group",
            Self::Accounts { .. } => "All members",
            Self::Groups { .. } => "All groups",
        }
    }

    /// The name of its event in the outbox.
    #[must_use]
    pub const fn event(&self) -> &'static str {
        match self {
            Self::Account { .. } => "scim.account",
            Self::Group { .. } => "scim.group",
            Self::Accounts { .. } | Self::Groups { .. } => "scim.synchronise",
        }
    }
}

/// The state of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimState {
    /// The last characters of the token; empty if it is short.
    pub token_hint: String,
    /// The accounts that are known there.
    pub accounts: Count,
    /// The groups that are known there.
    pub groups: Count,
    /// The messages that wait.
    pub waiting: Count,
    /// The messages that were given up, and are kept.
    pub failed: Count,
    /// The attempts in a row that failed.
    pub failures: u32,
    /// When the next attempt is made, if something waits.
    pub next_at: Option<Timestamp>,
    /// Why the last attempt failed, if it did.
    pub last_error: Option<String>,
}

/// A message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// What it is about.
    pub about: ScimAbout,
    /// The name of the account or group; `None` if it was deleted, and for all.
    pub name: Option<String>,
    /// The status when it was read.
    pub status: DeliveryStatus,
    /// The number of attempts.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was tried last.
    pub attempted_at: Option<Timestamp>,
    /// When something is tried next, for what still waits.
    pub next_at: Option<Timestamp>,
    /// When it was done.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// The HTTP status of the last answer, if it failed.
    pub last_status: Option<u16>,
    /// What was done, or why it failed.
    pub last_answer: Option<String>,
}

/// Whether something is an account or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScimKind {
    /// An account.
    Account,
    /// A group.
    Group,
}

string_enum!(ScimKind { Account = "account", Group = "group" });

/// What differs between here and there. Nothing was changed by finding out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimComparison {
    /// The number of accounts and groups that are as they should be.
    pub equal: u32,
    /// What differs, at most [`MAX_DIFFERENCES`].
    pub differences: Vec<ScimDifference>,
    /// Whether more differs than is listed.
    pub more: bool,
    /// Whether everything was read, here and there.
    pub complete: bool,
}

/// An account or a group that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimDifference {
    /// Whether it is an account or a group.
    pub kind: ScimKind,
    /// Its id here, if it is here.
    pub id: Option<Uuid>,
    /// Its id there, if it is there.
    pub remote_id: Option<String>,
    /// Its name: the username or the name of the group, or what it is called there.
    pub name: String,
    /// How it differs.
    #[serde(flatten)]
    pub differs: ScimDiffers,
}

/// How something differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum ScimDiffers {
    /// It is here and not there. Synchronising creates it.
    MissingThere,
    /// It is there, and active, and must not be. Synchronising deactivates or deletes it.
    NotAdmitted,
    /// Both have it, and these attributes differ. Synchronising changes them.
    Different {
        /// The names of the attributes in SCIM.
        fields: Vec<String>,
    },
    /// It is there with the same name, and is not known to be the same. Synchronising changes nothing unless the connection
    /// adopts what exists.
    SameName,
    /// It is there and not here. It is never changed.
    OnlyThere,
}

impl ScimDiffers {
    /// What it is called in the interface.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::MissingThere => "Missing there".to_owned(),
            Self::NotAdmitted => "Active there, may not enter".to_owned(),
            Self::Different { fields } => format!("Differs: {}", fields.join(", ")),
            Self::SameName => "Same name there, not connected".to_owned(),
            Self::OnlyThere => "Only there".to_owned(),
        }
    }
}
