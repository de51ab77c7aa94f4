//! Permissions: what accounts may do, and who grants it.
//!
//! Roles and groups grant permissions; an account has the union. An API key has those of its account that its scope
//! includes, at the moment of each request.

use enumset::{EnumSet, EnumSetType};
use serde::{Deserialize, Serialize};

use crate::accounts::Role;
use crate::string_enum::string_enum;
use crate::text::ParseError;

/// Something an account may do, named `noun.verb`.
#[derive(Debug, PartialOrd, Ord, EnumSetType, Serialize, Deserialize)]
#[enumset(serialize_repr = "list")]
#[serde(try_from = "String", into = "&'static str")]
pub enum Permission {
    /// Create invites for one use, and manage their own invites.
    InvitesCreate,
    /// Create invites for more than one use.
    InvitesCreateMulti,
    /// See the invites of everyone, without codes and links.
    InvitesView,
    /// See invite codes and links. Anyone with a code can sign up with it.
    InvitesViewCodes,
    /// Change, pause and delete the invites of everyone.
    InvitesManageAll,
    /// See who signed up, with which invite.
    RedemptionsView,
    /// See accounts.
    AccountsView,
    /// Create, change, suspend and restore accounts that have fewer permissions.
    AccountsManage,
    /// Make links with which the passwords of accounts that have fewer permissions are set: anyone who has such a link can sign in.
    PasswordsReset,
    /// Approve and decline accounts that are pending approval.
    ApprovalsDecide,
    /// Create, change and delete groups, and choose who is in them.
    GroupsManage,
    /// See the settings.
    SettingsView,
    /// Change the settings.
    SettingsChange,
    /// Create, connect and delete the applications that members open with their account.
    ApplicationsManage,
    /// Create, change and delete webhooks, and see what is sent to them.
    WebhooksManage,
    /// See the audit log: who did what, when, and from which IP address.
    AuditView,
    /// Create API keys for their own account.
    ApiKeysCreate,
    /// Give and take the role of admin, and manage the accounts of admins: what an owner has that an admin has not.
    AdminsManage,
}

string_enum!(Permission {
    InvitesCreate = "invites.create",
    InvitesCreateMulti = "invites.create_multi",
    InvitesView = "invites.view",
    InvitesViewCodes = "invites.view_codes",
    InvitesManageAll = "invites.manage_all",
    RedemptionsView = "redemptions.view",
    AccountsView = "accounts.view",
    AccountsManage = "accounts.manage",
    PasswordsReset = "passwords.reset",
    ApprovalsDecide = "approvals.decide",
    GroupsManage = "groups.manage",
    SettingsView = "settings.view",
    SettingsChange = "settings.change",
    ApplicationsManage = "applications.manage",
    WebhooksManage = "webhooks.manage",
    AuditView = "audit.view",
    ApiKeysCreate = "api_keys.create",
    AdminsManage = "admins.manage",
});

impl TryFrom<String> for Permission {
    type Error = ParseError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Permission> for &'static str {
    fn from(permission: Permission) -> Self {
        permission.as_str()
    }
}

/// A set of permissions. In JSON a list of their names.
pub type Permissions = EnumSet<Permission>;

/// Permissions that change nothing, without those to see invite codes and the audit log.
pub const READ: Permissions = enumset::enum_set!(
    Permission::InvitesView | Permission::RedemptionsView | Permission::AccountsView | Permission::SettingsView
);

/// Permissions to work in the dashboard. Who has none of them has their own pages only.
pub const STAFF: Permissions = enumset::enum_set!(
    Permission::InvitesView
        | Permission::RedemptionsView
        | Permission::AccountsView
        | Permission::ApplicationsManage
        | Permission::WebhooksManage
        | Permission::AuditView
        | Permission::SettingsView
);

/// Permissions that a role below admin and a group can have.
#[must_use]
pub fn grantable() -> Permissions {
    Permissions::all() - Permission::AdminsManage
}

/// The names of a set, each after the first preceded by a space.
#[must_use]
pub fn to_names(permissions: Permissions) -> String {
    let names: Vec<_> = permissions.iter().map(Permission::as_str).collect();
    names.join(" ")
}

/// The set of some names, separated by spaces. A name of a later version is ignored.
#[must_use]
pub fn from_names(names: &str) -> Permissions {
    names.split_ascii_whitespace().filter_map(|name| name.parse::<Permission>().ok()).collect()
}

/// Permissions of each role. Those of members and moderators are settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePermissions {
    /// Permissions of every member.
    pub user: Permissions,
    /// Permissions of moderators.
    pub moderator: Permissions,
}

impl Default for RolePermissions {
    fn default() -> Self {
        let moderator = enumset::enum_set!(
            Permission::InvitesCreate
                | Permission::InvitesCreateMulti
                | Permission::InvitesView
                | Permission::InvitesViewCodes
                | Permission::InvitesManageAll
                | Permission::RedemptionsView
                | Permission::AccountsView
                | Permission::AccountsManage
                | Permission::ApprovalsDecide
        );
        Self { user: Permissions::empty(), moderator }
    }
}

impl RolePermissions {
    /// Permissions of an account with this role, apart from those that its groups grant.
    #[must_use]
    pub fn of(self, role: Role) -> Permissions {
        match role {
            Role::User => self.user,
            Role::Moderator => self.user | self.moderator,
            Role::Admin => grantable(),
            Role::Owner => Permissions::all(),
        }
    }
}

/// Whether an account with the permissions `lower` is below one with `upper`: it has fewer permissions, and none besides.
/// Two accounts can be below neither of each other.
#[must_use]
pub fn is_below(lower: Permissions, upper: Permissions) -> bool {
    lower.is_subset(upper) && lower != upper
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_role_has_which_permission() {
        let roles = RolePermissions::default();
        let of = |permission: Permission| Role::ALL.map(|role| roles.of(role).contains(permission));
        for permission in Permission::ALL {
            let moderator = RolePermissions::default().moderator.contains(permission);
            let admin = permission != Permission::AdminsManage;
            assert_eq!(of(permission), [false, moderator, admin, true], "{permission}");
        }
        assert_eq!(of(Permission::SettingsView), [false, false, true, true]);
        assert_eq!(of(Permission::ApprovalsDecide), [false, true, true, true]);
        assert_eq!(of(Permission::AuditView), [false, false, true, true]);
        assert_eq!(of(Permission::PasswordsReset), [false, false, true, true]);
    }

    #[test]
    fn which_role_is_below_which() {
        let (roles, yes, no) = (RolePermissions::default(), true, false);
        // Rows: the lower one; columns: the other one, in the order of Role::ALL.
        for (role, below) in [
            (Role::User, [no, yes, yes, yes]),
            (Role::Moderator, [no, no, yes, yes]),
            (Role::Admin, [no, no, no, yes]),
            (Role::Owner, [no, no, no, no]),
        ] {
            assert_eq!(Role::ALL.map(|other| is_below(roles.of(role), roles.of(other))), below, "{role}");
        }
    }

    #[test]
    fn a_set_reads_back_from_its_names() {
        for permission in Permission::ALL {
            let (noun, verb) = permission.as_str().split_once('.').unwrap();
            assert!(!noun.is_empty() && !verb.is_empty(), "{permission}");
        }
        for set in [Permissions::empty(), READ, STAFF, Permissions::all()] {
            assert_eq!(from_names(&to_names(set)), set);
            let json = serde_json::to_value(set).unwrap();
            assert!(json.as_array().unwrap().iter().all(serde_json::Value::is_string), "{json}");
            assert_eq!(serde_json::from_value::<Permissions>(json).unwrap(), set);
        }
        assert_eq!(from_names("invites.view secrets.read"), Permissions::only(Permission::InvitesView));
    }
}
