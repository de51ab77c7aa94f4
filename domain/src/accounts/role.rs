//! Roles and permissions.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

/// The role of an account. Ordered from the fewest permissions to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A member without further permissions.
    User,
    /// Reserved for moderation of users; has the permissions of a user.
    Moderator,
    /// Manages invites, accounts and settings.
    Admin,
    /// Has every permission. At least one account is an owner.
    Owner,
}

string_enum!(Role { User = "user", Moderator = "moderator", Admin = "admin", Owner = "owner" });

impl Role {
    /// The name of the role in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::User => "Member",
            Self::Moderator => "Moderator",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }

    /// Whether an invite may grant this role: never `admin` or `owner` (B3).
    #[must_use]
    pub const fn can_be_granted(self) -> bool {
        matches!(self, Self::User | Self::Moderator)
    }

    /// Whether an account with this role has `permission`.
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

/// A permission that roles have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See invites and their codes.
    SeeInvites,
    /// Create, change and delete invites.
    Invite,
    /// See redemptions.
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

    /// Whether the permission changes nothing. An API key with [`crate::keys::KeyScope::Read`] has only these.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::SeeInvites | Self::SeeRedemptions | Self::SeeAccounts | Self::SeeSettings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_ordered_and_invites_grant_the_lower_two() {
        assert!(Role::User < Role::Moderator && Role::Moderator < Role::Admin && Role::Admin < Role::Owner);
        assert!(Role::Moderator.can_be_granted());
        assert!(!Role::Admin.can_be_granted() && !Role::Owner.can_be_granted());
    }

    #[test]
    fn only_admins_and_owners_have_permissions() {
        for permission in Permission::ALL {
            assert_eq!(Role::ALL.map(|role| role.may(permission)), [false, false, true, true]);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_parser_never_panics(text in ".*") {
            let _ = text.parse::<Role>();
        }
    }
}
