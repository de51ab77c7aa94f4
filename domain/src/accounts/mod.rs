//! Accounts: people with a login, their roles and permissions.

use serde::{Deserialize, Serialize};

use crate::attributes::Attribute;
use crate::ids::{AccountId, GroupId};
use crate::invite_ref::InviteRef;
use crate::pictures::PictureVersion;
use crate::string_enum::string_enum;
use crate::text::DisplayName;
use crate::time::Timestamp;

mod chosen;
mod credentials;
mod draft;
mod email_domain;
mod login;
mod presence;
mod query;
mod role;
mod strength;

pub use chosen::{AccountEndsDraft, AccountsChanged, MAX_CHOSEN, chosen};
pub use credentials::{Email, Password, PasswordChange, Username};
pub use draft::{AccountDraft, AccountTerms, MAX_GROUPS, NewAccountDraft};
pub use email_domain::EmailDomain;
pub use login::{Login, LoginChange};
pub use presence::{ACTIVE_STEP, ONLINE_WITHIN, Presence};
pub use query::{AccountFilter, AccountQuery, AccountSort};
pub use role::Role;
pub use strength::Strength;

/// The status of an account, derived from its timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Can sign in and use every permission of its role.
    Active,
    /// Can sign in, but has no permissions until an admin approves the account.
    Pending,
    /// Waits for its e-mail address to be verified. Can sign in, to ask for the link again, but has no permissions. Lapses if
    /// nobody opens the link.
    Unverified,
    /// Was pending approval and was declined. Cannot sign in; its sessions and API keys are not accepted.
    Declined,
    /// Cannot sign in. Its sessions and API keys are not accepted.
    Suspended,
    /// Its end has passed. Cannot sign in until the end is moved; its sessions and API keys are not accepted.
    Ended,
}

string_enum!(AccountStatus { Active = "active", Pending = "pending", Unverified = "unverified", Declined = "declined", Suspended = "suspended", Ended = "ended" });

/// What the status of an account is derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLifecycle {
    /// Time it was suspended or declined, if it is.
    pub suspended_at: Option<Timestamp>,
    /// Time it was approved; `None` if it is not.
    pub approved_at: Option<Timestamp>,
    /// End, exclusive: at this instant it has ended. `None` is never.
    pub ends_at: Option<Timestamp>,
    /// When it lapses unless its e-mail address is verified; `None` if it does not wait for that.
    pub activate_by: Option<Timestamp>,
}

impl AccountLifecycle {
    /// The first that holds: declined or suspended, ended, unverified, pending approval, active. An account that was suspended before
    /// anyone approved it was declined.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> AccountStatus {
        match (self.suspended_at, self.approved_at) {
            (Some(_), None) => AccountStatus::Declined,
            (Some(_), Some(_)) => AccountStatus::Suspended,
            _ if self.ends_at.is_some_and(|ends_at| ends_at <= now) => AccountStatus::Ended,
            _ if self.activate_by.is_some() => AccountStatus::Unverified,
            (None, None) => AccountStatus::Pending,
            (None, Some(_)) => AccountStatus::Active,
        }
    }
}

impl AccountStatus {
    /// Whether an account with this status may sign in.
    #[must_use]
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Active | Self::Pending | Self::Unverified)
    }

    /// The name of the status in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Pending => "Pending approval",
            Self::Unverified => "Unverified",
            Self::Declined => "Declined",
            Self::Suspended => "Suspended",
            Self::Ended => "Ended",
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
    /// When the account ends; `None` is never.
    pub ends_at: Option<Timestamp>,
    /// When the e-mail address was verified; `None` if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified_at: Option<Timestamp>,
    /// When the account lapses unless its e-mail address is verified; `None` if it does not wait for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activate_by: Option<Timestamp>,
    /// The status when it was read.
    pub status: AccountStatus,
}

impl Account {
    /// What its status is derived from.
    #[must_use]
    pub const fn lifecycle(&self) -> AccountLifecycle {
        AccountLifecycle {
            suspended_at: self.suspended_at,
            approved_at: self.approved_at,
            ends_at: self.ends_at,
            activate_by: self.activate_by,
        }
    }

    /// The display name, or the username if there is none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_ref().map_or(self.username.as_str(), DisplayName::as_str)
    }

    /// A reference to the account.
    #[must_use]
    pub fn reference(&self) -> AccountRef {
        AccountRef {
            id: self.id,
            username: Some(self.username.clone()),
            name: self.name.clone(),
            picture: self.picture,
        }
    }
}

/// The name of a deleted account.
pub const DELETED_MEMBER: &str = "Deleted member";

/// A reference to an account: its id, its names and its picture. Of a deleted account only the id is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// The account's id.
    pub id: AccountId,
    /// The username; `None` if the account is deleted.
    pub username: Option<Username>,
    /// The display name, if one is set.
    pub name: Option<DisplayName>,
    /// The picture, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureVersion>,
}

impl AccountRef {
    /// The display name, or the username if there is none, or [`DELETED_MEMBER`].
    #[must_use]
    pub fn display_name(&self) -> &str {
        let username = self.username.as_ref().map_or(DELETED_MEMBER, Username::as_str);
        self.name.as_ref().map_or(username, DisplayName::as_str)
    }

    /// Whether the account is deleted.
    #[must_use]
    pub const fn is_deleted(&self) -> bool {
        self.username.is_none()
    }
}

/// An account in a list, with the invite it signed up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether the caller may do one thing")]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The invite the account signed up with, if any.
    pub invite: Option<InviteRef>,
    /// Who created that invite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviter: Option<AccountRef>,
    /// Whether the caller may suspend and restore it.
    pub can_manage: bool,
    /// Whether the caller may approve and decline it.
    pub can_decide: bool,
    /// Whether the caller may add it to groups.
    pub can_group: bool,
    /// Whether the caller may make a link that resets its password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_reset: bool,
    /// Whether the caller may hand ownership over to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_own: bool,
    /// Whether the caller may have its activation link sent again, and mark its address as verified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_verify: bool,
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
    /// The groups that it joins, each once.
    pub groups: Vec<GroupId>,
    /// Its attributes, by key.
    pub attributes: Vec<Attribute>,
    /// The end, exclusive; `None` is never.
    pub ends_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_the_first_that_holds() {
        let now = Timestamp::from_micros(5);
        let status = |suspended: bool, approved: bool, ends_at: Option<i64>| {
            let at = Some(Timestamp::from_micros(1));
            let (suspended_at, approved_at) = (at.filter(|_| suspended), at.filter(|_| approved));
            let ends_at = ends_at.map(Timestamp::from_micros);
            let settled = AccountLifecycle { suspended_at, approved_at, ends_at, activate_by: None };
            let waiting = AccountLifecycle { activate_by: at, ..settled };
            let expected = match settled.status(now) {
                AccountStatus::Active | AccountStatus::Pending => AccountStatus::Unverified,
                other => other,
            };
            assert_eq!(waiting.status(now), expected, "also after the time to activate it");
            settled.status(now)
        };
        for (ends_at, ended) in [(None, false), (Some(6), false), (Some(5), true), (Some(4), true)] {
            let or_ended = |status| if ended { AccountStatus::Ended } else { status };
            assert_eq!(status(true, true, ends_at), AccountStatus::Suspended);
            assert_eq!(status(true, false, ends_at), AccountStatus::Declined);
            assert_eq!(status(false, false, ends_at), or_ended(AccountStatus::Pending));
            assert_eq!(status(false, true, ends_at), or_ended(AccountStatus::Active));
        }
        assert_eq!(AccountStatus::ALL.map(AccountStatus::may_sign_in), [true, true, true, false, false, false]);
    }

    #[test]
    fn a_deleted_account_has_a_name_to_show() {
        let deleted = AccountRef { id: AccountId(uuid::Uuid::nil()), username: None, name: None, picture: None };
        assert_eq!((deleted.display_name(), deleted.is_deleted()), (DELETED_MEMBER, true));
    }
}
