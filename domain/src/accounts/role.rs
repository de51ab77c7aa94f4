//! Roles.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

/// Role of an account: a name for a set of permissions ([`crate::access::RolePermissions`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has an account.
    User,
    /// Moderates members: by default their invites, redemptions, accounts and approvals.
    Moderator,
    /// Runs the site.
    Admin,
    /// Runs the site and manages its admins; at least one account is an owner.
    Owner,
}

string_enum!(Role { User = "user", Moderator = "moderator", Admin = "admin", Owner = "owner" });

impl Role {
    /// The role as the interface shows it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::User => "Member",
            Self::Moderator => "Moderator",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }

    /// Whether an invite may grant it: never `owner`, and `admin` only for one use, to one e-mail address, by an owner (K4).
    #[must_use]
    pub const fn can_be_granted(self) -> bool {
        !matches!(self, Self::Owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_invite_makes_an_owner() {
        assert_eq!(Role::ALL.map(Role::can_be_granted), [true, true, true, false]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<Role>();
        }
    }
}
