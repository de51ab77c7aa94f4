//! Roles, and what they allow.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

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

string_enum!(Role { User = "user", Moderator = "moderator", Admin = "admin", Owner = "owner" });

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

    /// Whether it changes nothing: what an API key may do whose scope only reads ([`crate::keys::KeyScope::only_reads`]).
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::SeeInvites | Self::SeeRedemptions | Self::SeeAccounts | Self::SeeSettings)
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

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<Role>();
        }
    }
}
