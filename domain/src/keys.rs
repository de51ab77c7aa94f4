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
    /// Only permissions that change nothing.
    Read,
}

string_enum!(KeyScope { Full = "full", Read = "read" });

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
