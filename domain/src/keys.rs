//! API keys: credentials with which scripts act for an account.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::KeyId;
use crate::string_enum::string_enum;
use crate::text::KeyName;
use crate::time::Timestamp;

/// The prefix of every API key, so that secret scanners recognise a leaked one.
pub const KEY_PREFIX: &str = "lk_";

/// The scope of an API key. It limits the permissions of the account, which are read each time the key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// All permissions of the account.
    #[default]
    Full,
    /// Read everything except invite codes and links; change nothing.
    Read,
    /// Read, invite codes and links included, and change nothing.
    ReadCodes,
}

string_enum!(KeyScope { Full = "full", Read = "read", ReadCodes = "read_codes" });

impl KeyScope {
    /// Whether a key of this scope changes nothing.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::ReadCodes)
    }

    /// Whether a key of this scope reads invite codes and links. Who has a code signs up with it: that is more than
    /// reading.
    #[must_use]
    pub const fn reads_codes(self) -> bool {
        matches!(self, Self::Full | Self::ReadCodes)
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
