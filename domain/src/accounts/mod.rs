//! Accounts: people with a login, their roles and permissions.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::invite_ref::InviteRef;
use crate::paging::Paging;
use crate::pictures::PictureVersion;
use crate::string_enum::string_enum;
use crate::text::DisplayName;
use crate::time::Timestamp;

mod credentials;
mod draft;
mod login;
mod presence;
mod role;

pub use credentials::{Email, Password, PasswordChange, Username};
pub use draft::{AccountDraft, AccountTerms, NewAccountDraft};
pub use login::{Login, LoginChange};
pub use presence::{ACTIVE_STEP, ONLINE_WITHIN, Presence};
pub use role::Role;

/// The status of an account, derived from its timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Can sign in and use every permission of its role.
    Active,
    /// Can sign in, but has no permissions until an admin approves the account.
    Pending,
    /// Was pending approval and was declined. Cannot sign in; its sessions and API keys are not accepted.
    Declined,
    /// Cannot sign in. Its sessions and API keys are not accepted.
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

    /// The name of the status in the interface.
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

/// An account as shown to staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The e-mail address.
    pub email: Email,
    /// The username.
    pub username: Username,
    /// The display name, if one is set.
    pub name: Option<DisplayName>,
    /// The picture, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureVersion>,
    /// The role.
    pub role: Role,
    /// When the account was created.
    pub created_at: Timestamp,
    /// When anything of the account was last changed, apart from its sessions and groups.
    pub updated_at: Timestamp,
    /// When the account was last active, accurate to [`ACTIVE_STEP`].
    pub last_active_at: Option<Timestamp>,
    /// When the account was suspended; `None` if it is not.
    pub suspended_at: Option<Timestamp>,
    /// When the account was approved; `None` if it is not.
    pub approved_at: Option<Timestamp>,
}

impl Account {
    /// The status.
    #[must_use]
    pub const fn status(&self) -> AccountStatus {
        AccountStatus::derive(self.suspended_at, self.approved_at)
    }

    /// The display name, or the username if there is none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or(self.username.as_str(), DisplayName::as_str)
    }

    /// A reference to the account.
    #[must_use]
    pub fn reference(&self) -> AccountRef {
        AccountRef { id: self.id, username: self.username.clone(), name: self.name.clone(), picture: self.picture }
    }
}

/// A reference to an account: its id, its names and its picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// The account's id.
    pub id: AccountId,
    /// The username.
    pub username: Username,
    /// The display name, if one is set.
    pub name: Option<DisplayName>,
    /// The picture, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureVersion>,
}

impl AccountRef {
    /// The display name, or the username if there is none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or(self.username.as_str(), DisplayName::as_str)
    }
}

/// An account in a list, with the invite it signed up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The invite the account signed up with, if any.
    pub invite: Option<InviteRef>,
    /// Whether the caller may suspend and restore it.
    pub can_manage: bool,
    /// Whether the caller may approve and decline it.
    pub can_decide: bool,
    /// Whether the caller may add it to groups.
    pub can_group: bool,
}

/// Filters for a list of accounts, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuery {
    /// Only accounts that have all these words or their beginnings in the name, username or e-mail address, without regard
    /// to case and accents.
    #[serde(default)]
    pub q: Option<String>,
    /// Only accounts with this status.
    #[serde(default)]
    pub status: Option<AccountStatus>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

/// A new account, created by staff or on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// The e-mail address.
    pub email: Email,
    /// The username.
    pub username: Username,
    /// The display name.
    pub name: Option<DisplayName>,
    /// The role.
    pub role: Role,
    /// The password.
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
