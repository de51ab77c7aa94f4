//! Accounts: who someone is here and what they may do.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::text::DisplayName;
use crate::time::Timestamp;

mod credentials;
mod role;

pub use credentials::{Email, Password, PasswordChange, Username};
pub use role::{Permission, Role};

/// Where an account stands, derived from its timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// May sign in and act.
    Active,
    /// May sign in; an admin has yet to approve.
    Pending,
    /// May not sign in; every session and key is dead.
    Suspended,
}

string_enum!(AccountStatus { Active = "active", Pending = "pending", Suspended = "suspended" });

impl AccountStatus {
    /// The first that holds: suspended, pending, active.
    #[must_use]
    pub const fn derive(suspended_at: Option<Timestamp>, approved_at: Option<Timestamp>) -> Self {
        if suspended_at.is_some() {
            Self::Suspended
        } else if approved_at.is_none() {
            Self::Pending
        } else {
            Self::Active
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Pending => "Waiting",
            Self::Suspended => "Suspended",
        }
    }
}

/// An account as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its address.
    pub email: Email,
    /// Its username.
    pub username: Username,
    /// What the person likes to be called, if they said.
    pub name: Option<DisplayName>,
    /// What it is.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last did something, to some minutes.
    pub last_active_at: Option<Timestamp>,
    /// When it was suspended, if it is.
    pub suspended_at: Option<Timestamp>,
    /// When it was approved, if it is.
    pub approved_at: Option<Timestamp>,
}

impl Account {
    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> AccountStatus {
        AccountStatus::derive(self.suspended_at, self.approved_at)
    }

    /// The name, or the username.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or(self.username.as_str(), DisplayName::as_str)
    }

    /// The account as others name it.
    #[must_use]
    pub fn reference(&self) -> AccountRef {
        AccountRef { id: self.id, username: self.username.clone(), name: self.name.clone() }
    }
}

/// As much of an account as is needed to name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// Its id.
    pub id: AccountId,
    /// Its username.
    pub username: Username,
    /// What the person likes to be called, if they said.
    pub name: Option<DisplayName>,
}

impl AccountRef {
    /// The name, or the username.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or(self.username.as_str(), DisplayName::as_str)
    }
}

/// An account in a list, with the invite that brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The invite that brought it, if one did.
    pub invite: Option<crate::invites::InviteRef>,
    /// Whether the caller may suspend it, restore it or approve it.
    pub can_manage: bool,
}

/// Which accounts to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuery {
    /// Only those whose username or e-mail address begins with this, without case.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those that stand so.
    #[serde(default)]
    pub status: Option<AccountStatus>,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

/// A new account made by staff on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Its address.
    pub email: Email,
    /// Its username.
    pub username: Username,
    /// What the person likes to be called.
    pub name: Option<DisplayName>,
    /// What it will be.
    pub role: Role,
    /// Its password.
    pub password: Password,
}

/// An account as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The account.
    pub account: Account,
    /// What the place is called.
    pub site_name: crate::text::SiteName,
    /// The version of the running server.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_the_first_that_holds() {
        let at = Some(Timestamp::from_micros(1));
        assert_eq!(AccountStatus::derive(at, None), AccountStatus::Suspended);
        assert_eq!(AccountStatus::derive(None, None), AccountStatus::Pending);
        assert_eq!(AccountStatus::derive(None, at), AccountStatus::Active);
    }
}
