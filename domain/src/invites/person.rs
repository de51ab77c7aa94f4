//! What is known of the person that an invite is for.

use serde::{Deserialize, Serialize};

use crate::accounts::Username;
use crate::text::DisplayName;

/// What is known of the person that an invite is for, and fills in the sign-up page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// The username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Whether both are fixed; otherwise the person may change them. A username that is taken does not bind.
    pub locked: bool,
}

impl KnownPerson {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.name.is_none() && self.username.is_none()
    }

    /// The display name, where it is fixed.
    #[must_use]
    pub fn fixed_name(&self) -> Option<&DisplayName> {
        self.name.as_ref().filter(|_| self.locked)
    }

    /// The username, where it is fixed.
    #[must_use]
    pub fn fixed_username(&self) -> Option<&Username> {
        self.username.as_ref().filter(|_| self.locked)
    }
}
