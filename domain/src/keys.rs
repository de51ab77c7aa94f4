//! API keys: how scripts act for an account.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::KeyId;
use crate::string_enum::string_enum;
use crate::text::KeyName;
use crate::time::Timestamp;

/// What every API key begins with, so that secret scanners recognise one that leaked.
pub const KEY_PREFIX: &str = "lk_";

/// What a key may do of what its account may do. The account's rights count as they are when the key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Everything.
    #[default]
    Full,
    /// Read all but invite codes and links, and change nothing.
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

/// An API key as its holder sees it: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// What it is for.
    pub name: KeyName,
    /// What it may do.
    pub scope: KeyScope,
    /// Its first characters, to recognise it by.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when, if not forever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to some minutes.
    pub last_used_at: Option<Timestamp>,
}

/// A key that was just made: the only time it can be read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The key itself.
    pub secret: String,
}

impl fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}
