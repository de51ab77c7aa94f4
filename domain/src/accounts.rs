//! Accounts: who someone is here and what they may do.

use std::fmt;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::paging::Paging;
use crate::text::{DisplayName, Refused};
use crate::time::Timestamp;
use crate::words::words;

/// What an account is, from least to most. The order is the order of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has an account.
    User,
    /// Will keep order among users.
    Moderator,
    /// Runs the place.
    Admin,
    /// Answers for the place; at least one account is.
    Owner,
}

words!(Role { User = "user", Moderator = "moderator", Admin = "admin", Owner = "owner" });

impl Role {
    /// The role as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::User => "Member",
            Self::Moderator => "Moderator",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }

    /// Whether an invite may grant it: never `admin` or `owner` (B3).
    #[must_use]
    pub const fn can_be_granted(self) -> bool {
        matches!(self, Self::User | Self::Moderator)
    }

    /// What an account with this role may do.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::SeeInvites
            | Permission::Invite
            | Permission::SeeRedemptions
            | Permission::SeeAccounts
            | Permission::ManageAccounts
            | Permission::SeeSettings
            | Permission::Configure => self >= Self::Admin,
        }
    }
}

/// Something a role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See invites and their codes.
    SeeInvites,
    /// Make, change and delete invites.
    Invite,
    /// See who came by which invite.
    SeeRedemptions,
    /// See accounts.
    SeeAccounts,
    /// Suspend and approve accounts of a lower role.
    ManageAccounts,
    /// See the settings.
    SeeSettings,
    /// Change the settings.
    Configure,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 7] = [
        Self::SeeInvites,
        Self::Invite,
        Self::SeeRedemptions,
        Self::SeeAccounts,
        Self::ManageAccounts,
        Self::SeeSettings,
        Self::Configure,
    ];

    /// Whether it changes nothing: what an API key of the scope [`crate::keys::KeyScope::Read`] may do.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::SeeInvites | Self::SeeRedemptions | Self::SeeAccounts | Self::SeeSettings)
    }
}

/// An e-mail address (RFC 5321, at most 254 characters) without display name or address literal, in a domain with a
/// dot. Two addresses that differ in case alone are the same account's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Parses an address as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refused("Enter an e-mail address.".to_owned()));
        }
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        match EmailAddress::parse_with_options(text, options) {
            Ok(_) if text.len() <= 254 && !text.chars().any(crate::text::is_hidden) => Ok(Self(text.to_owned())),
            _ => Err(Refused("Enter an e-mail address like name@example.org.".to_owned())),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form addresses are compared by.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// How an account is called in the URL, in lists and when signing in: 2 to 32 ASCII letters, digits, `.`, `-` and
/// `_`, beginning with a letter or digit. Compared without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// Parses a username as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        let fits = (2..=32).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if fits {
            Ok(Self(text.to_owned()))
        } else if text.is_empty() {
            Err(Refused("Enter a username.".to_owned()))
        } else {
            Err(Refused(
                "A username has 2 to 32 letters, digits, dots, dashes or underscores and begins with a letter or digit."
                    .to_owned(),
            ))
        }
    }

    /// The username as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form usernames are compared by.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

macro_rules! string_conversions {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = Refused;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_conversions!(Email);
string_conversions!(Username);

/// A password as typed: 10 characters to 256 bytes (NIST SP 800-63B-4, section 3.1.1.2, asks for a length, no
/// composition rules, and room for long ones). How hard it is to guess is measured where it is set. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 10;
    /// The most bytes; hashing more would cost an attacker nothing and us something.
    pub const MAX_BYTES: usize = 256;

    /// Parses a new password. Nothing is trimmed: every character counts.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        if text.is_empty() {
            return Err(Refused("Enter a password.".to_owned()));
        }
        if text.chars().count() < Self::MIN_CHARS {
            return Err(Refused("At least 10 characters. A short sentence works well.".to_owned()));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(Refused("At most 256 bytes.".to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The password, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

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

words!(AccountStatus { Active = "active", Pending = "pending", Suspended = "suspended" });

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

/// Two passwords as typed: the one that holds and the one that shall.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The password that holds.
    pub current: String,
    /// The password that shall.
    pub new: String,
}

impl fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordChange(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_ordered_by_power_and_links_grant_the_lower_two() {
        assert!(Role::User < Role::Moderator && Role::Moderator < Role::Admin && Role::Admin < Role::Owner);
        assert!(Role::Moderator.can_be_granted());
        assert!(!Role::Admin.can_be_granted() && !Role::Owner.can_be_granted());
    }

    #[test]
    fn only_admins_and_owners_may_do_what_the_dashboard_does() {
        for permission in Permission::ALL {
            assert_eq!(Role::ALL.map(|role| role.may(permission)), [false, false, true, true]);
        }
    }

    #[test]
    fn addresses() {
        for good in ["a@example.org", " Mateo.QH+shop@Postbox.Example ", "ü@exämple.org"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a b@example.org",
            "A <a@example.org>",
            "a@[127.0.0.1]",
            "a@example.org\u{202E}",
            "a\0@example.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("A@Example.ORG").unwrap().folded(), "a@example.org");
    }

    #[test]
    fn usernames() {
        for good in ["mateo", "mateo.qh", "4ever", "A_b-c"] {
            assert!(Username::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", ".mateo", "ma teo", "matéo", "a/../b", &"x".repeat(33)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_10_characters_to_256_bytes_and_never_shown() {
        assert!(Password::parse("123456789").is_err());
        assert!(Password::parse("üüüüüüüüüü").is_ok());
        assert!(Password::parse(&"x".repeat(257)).is_err());
        assert_eq!(format!("{:?}", Password::parse("0123456789").unwrap()), "Password(…)");
    }

    #[test]
    fn status_is_the_first_that_holds() {
        let at = Some(Timestamp::from_micros(1));
        assert_eq!(AccountStatus::derive(at, None), AccountStatus::Suspended);
        assert_eq!(AccountStatus::derive(None, None), AccountStatus::Pending);
        assert_eq!(AccountStatus::derive(None, at), AccountStatus::Active);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".*") {
            let _ = (Email::parse(&text), Username::parse(&text), Password::parse(&text), text.parse::<Role>());
        }
    }
}
