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
    /// May sign in, and may do nothing else until an admin approves it.
    Pending,
    /// Was pending approval and was declined: may not sign in; no session and no API key of it works.
    Declined,
    /// May not sign in; no session and no API key of it works.
    Suspended,
}

string_enum!(AccountStatus { Active = "active", Pending = "pending", Declined = "declined", Suspended = "suspended" });

impl AccountStatus {
    /// The status that follows from an account's timestamps. An account that was suspended before anyone approved it was
    /// declined.
    #[must_use]
    pub const fn derive(suspended_at: Option<Timestamp>, approved_at: Option<Timestamp>) -> Self {
        match (suspended_at, approved_at) {
            (None, Some(_)) => Self::Active,
            (None, None) => Self::Pending,
            (Some(_), None) => Self::Declined,
            (Some(_), Some(_)) => Self::Suspended,
        }
    }

    /// Whether an account with this status may sign in.
    #[must_use]
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Active | Self::Pending)
    }

    /// The status in the words of the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Pending => "Pending approval",
            Self::Declined => "Declined",
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
    /// Whether the caller may approve, decline, suspend and restore it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_follows_from_the_timestamps() {
        let at = Some(Timestamp::from_micros(1));
        assert_eq!(AccountStatus::derive(at, at), AccountStatus::Suspended);
        assert_eq!(AccountStatus::derive(at, None), AccountStatus::Declined);
        assert_eq!(AccountStatus::derive(None, None), AccountStatus::Pending);
        assert_eq!(AccountStatus::derive(None, at), AccountStatus::Active);
        assert_eq!(AccountStatus::ALL.map(AccountStatus::may_sign_in), [true, true, false, false]);
    }
}
