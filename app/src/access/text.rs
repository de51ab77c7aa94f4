//! The texts of permissions.

use domain::access::Permission;

pub(super) use crate::ui::text::AUDIT_LOG;

/// Leads to what was done to a thing, from its page.
pub(super) const SHOW_ENTRIES: &str = "View entries";

/// The name of a permission in the interface.
#[must_use]
pub const fn title(permission: Permission) -> &'static str {
    match permission {
        Permission::InvitesCreate => "Create invites",
        Permission::InvitesCreateMulti => "Create invites for several people",
        Permission::InvitesView => "View all invites",
        Permission::InvitesViewCodes => "View invite codes",
        Permission::InvitesManageAll => "Manage all invites",
        Permission::RedemptionsView => "View redemptions",
        Permission::AccountsView => "View members",
        Permission::AccountsManage => "Manage members",
        Permission::PasswordsReset => "Reset passwords",
        Permission::ApprovalsDecide => "Approve and decline",
        Permission::GroupsManage => "Manage groups",
        Permission::SettingsView => "View settings",
        Permission::SettingsChange => "Change settings",
        Permission::ApplicationsManage => "Manage applications",
        Permission::WebhooksManage => "Manage webhooks",
        Permission::AuditView => "View the audit log",
        Permission::ApiKeysCreate => "Create API keys",
        Permission::AdminsManage => "Manage admins",
    }
}

/// What a permission allows.
pub(super) const fn about(permission: Permission) -> &'static str {
    match permission {
        Permission::InvitesCreate => "For one person at a time; change and pause their own invites.",
        Permission::InvitesCreateMulti => "Invites with more than one use, and e-mail invitations to several people.",
        Permission::InvitesView => "Those of everyone, without codes and links.",
        Permission::InvitesViewCodes => "Anyone with a code can sign up with it.",
        Permission::InvitesManageAll => "Change, pause and delete the invites of everyone.",
        Permission::RedemptionsView => "Who signed up, when, and with which invite.",
        Permission::AccountsView => "Names, e-mail addresses, roles and status.",
        Permission::AccountsManage => "Create, edit, suspend and restore members with fewer permissions.",
        Permission::PasswordsReset => {
            "Make links for members with fewer permissions. Anyone who has one can sign in as that member."
        }
        Permission::ApprovalsDecide => "Accounts that are pending approval.",
        Permission::GroupsManage => "Create and delete groups, and choose who is in them.",
        Permission::SettingsView => "See how this site is set up.",
        Permission::SettingsChange => "Including what members and moderators may do.",
        Permission::ApplicationsManage => "Connect what members open with their account, and choose who may.",
        Permission::WebhooksManage => "Choose which other systems are told what happens here.",
        Permission::AuditView => "Who changed what, when, and from which IP address.",
        Permission::ApiKeysCreate => "For scripts that act for their account.",
        Permission::AdminsManage => "For owners only.",
    }
}

/// Instead of what a permission allows, where the viewer cannot give it.
pub(super) const NOT_YOURS: &str = "You don’t have this permission, so you can’t give it.";
