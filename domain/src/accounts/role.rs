//! Roles and permissions.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

/// Role of an account: a name for a set of permissions. Roles are not ordered; see [`Role::is_below`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has an account.
    User,
    /// Will moderate users; so far it has no permission of its own.
    Moderator,
    /// Runs the site.
    Admin,
    /// Runs the site and manages its admins; at least one account is an owner.
    Owner,
}

string_enum!(Role { User = "user", Moderator = "moderator", Admin = "admin", Owner = "owner" });

/// Permissions of an admin.
const ADMIN: &[Permission] = &[
    Permission::SeeInvites,
    Permission::ManageInvites,
    Permission::SeeRedemptions,
    Permission::SeeAccounts,
    Permission::ManageAccounts,
    Permission::SeeSettings,
    Permission::ManageSettings,
];

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

    /// Whether an invite may grant it: never `admin` or `owner` (B3).
    #[must_use]
    pub const fn can_be_granted(self) -> bool {
        matches!(self, Self::User | Self::Moderator)
    }

    /// Set of permissions of an account with this role.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::User | Self::Moderator => &[],
            Self::Admin => ADMIN,
            Self::Owner => &Permission::ALL,
        }
    }

    /// Whether an account with this role has `permission`.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Whether its permissions are fewer than those of `other`, and none besides: a strict subset. Two roles can be below
    /// neither of each other.
    #[must_use]
    pub fn is_below(self, other: Self) -> bool {
        let subset = |of: Self, other: Self| of.permissions().iter().all(|permission| other.may(*permission));
        subset(self, other) && !subset(other, self)
    }
}

/// Something a role allows to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See invites and their codes.
    SeeInvites,
    /// Create, change and delete invites.
    ManageInvites,
    /// See redemptions.
    SeeRedemptions,
    /// See accounts.
    SeeAccounts,
    /// Suspend and approve accounts whose role is below.
    ManageAccounts,
    /// Suspend and restore admins: what an owner has that an admin has not.
    ManageAdmins,
    /// See the settings.
    SeeSettings,
    /// Change the settings.
    ManageSettings,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 8] = [
        Self::SeeInvites,
        Self::ManageInvites,
        Self::SeeRedemptions,
        Self::SeeAccounts,
        Self::ManageAccounts,
        Self::ManageAdmins,
        Self::SeeSettings,
        Self::ManageSettings,
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
    fn which_role_is_below_which() {
        let (yes, no) = (true, false);
        // Rows: the lower one; columns: the other one, in the order of Role::ALL.
        for (role, below) in [
            (Role::User, [no, no, yes, yes]),
            (Role::Moderator, [no, no, yes, yes]),
            (Role::Admin, [no, no, no, yes]),
            (Role::Owner, [no, no, no, no]),
        ] {
            assert_eq!(Role::ALL.map(|other| role.is_below(other)), below, "{role}");
        }
    }

    #[test]
    fn which_role_has_which_permission() {
        for permission in Permission::ALL {
            let admin = permission != Permission::ManageAdmins;
            assert_eq!(Role::ALL.map(|role| role.may(permission)), [false, false, admin, true], "{permission:?}");
        }
    }

    #[test]
    fn invites_grant_no_role_that_runs_the_site() {
        assert_eq!(Role::ALL.map(Role::can_be_granted), [true, true, false, false]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<Role>();
        }
    }
}
