//! API keys: credentials with which scripts act for an account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::access::{self, Permission, Permissions};
use crate::ids::KeyId;
use crate::text::{KeyName, ParseError};
use crate::time::Timestamp;

/// The prefix of every API key, so that secret scanners recognise a leaked one.
pub const KEY_PREFIX: &str = "lk_";

/// The scope of an API key: a bound on the permissions of its account, which are read each time the key is used.
///
/// Written as `full`, `read`, `read_codes`, or the names of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum KeyScope {
    /// All permissions of the account, those that it will get included.
    #[default]
    Full,
    /// These permissions, as far as the account has them.
    Only(Permissions),
}

impl KeyScope {
    /// Read everything except invite codes and links; change nothing.
    pub const READ: Self = Self::Only(access::READ);

    /// Read everything, invite codes and links included; change nothing.
    #[must_use]
    pub fn read_codes() -> Self {
        Self::Only(access::READ | Permission::InvitesViewCodes)
    }

    /// Whether it includes `permission`.
    #[must_use]
    pub fn includes(self, permission: Permission) -> bool {
        match self {
            Self::Full => true,
            Self::Only(permissions) => permissions.contains(permission),
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Full => f.write_str("full"),
            scope if scope == Self::READ => f.write_str("read"),
            scope if scope == Self::read_codes() => f.write_str("read_codes"),
            Self::Only(permissions) => f.write_str(&access::to_names(permissions)),
        }
    }
}

impl FromStr for KeyScope {
    type Err = ParseError;

    /// Parses `full`, `read`, `read_codes`, or names of permissions separated by spaces or commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "full" => Ok(Self::Full),
            "read" => Ok(Self::READ),
            "read_codes" => Ok(Self::read_codes()),
            "" => Err(ParseError("Choose at least one permission.".to_owned())),
            names => {
                let names = names.split([' ', ',']).filter(|name| !name.is_empty());
                names.map(str::parse::<Permission>).collect::<Result<_, _>>().map(Self::Only)
            }
        }
    }
}

impl TryFrom<String> for KeyScope {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KeyScope> for String {
    fn from(scope: KeyScope) -> Self {
        scope.to_string()
    }
}

/// An API key as shown to its account. Does not contain the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The key's id.
    pub id: KeyId,
    /// The key's name.
    pub name: KeyName,
    /// The key's scope.
    pub scope: KeyScope,
    /// The first characters of the secret, for recognition.
    pub hint: String,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the key expires; `None` means never.
    pub expires_at: Option<Timestamp>,
    /// When the key was last used, accurate to a few minutes; `None` means never.
    pub last_used_at: Option<Timestamp>,
}

/// A key that was just created, with its secret. The secret can be read only now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// The key as it is listed later.
    pub key: ApiKey,
    /// The secret.
    pub secret: String,
}

impl fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reads_back_from_its_text() {
        let some = KeyScope::Only(Permission::InvitesCreate | Permission::InvitesView);
        for (scope, text) in [
            (KeyScope::Full, "full"),
            (KeyScope::READ, "read"),
            (KeyScope::read_codes(), "read_codes"),
            (some, "invites.create invites.view"),
        ] {
            assert_eq!(scope.to_string(), text);
            assert_eq!(text.parse::<KeyScope>().unwrap(), scope);
        }
        assert_eq!("invites.view, invites.create".parse::<KeyScope>().unwrap(), some);
        for wrong in ["", "everything", "invites.create,secrets.read"] {
            assert!(wrong.parse::<KeyScope>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_a_full_scope_includes_everything() {
        for permission in Permission::ALL {
            assert!(KeyScope::Full.includes(permission));
            assert_eq!(KeyScope::READ.includes(permission), access::READ.contains(permission), "{permission}");
        }
        assert!(KeyScope::read_codes().includes(Permission::InvitesViewCodes));
        assert!(!KeyScope::READ.includes(Permission::InvitesViewCodes));
    }
}
