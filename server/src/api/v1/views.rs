//! Types that several operations share.

use domain::ids::{AccountId, GroupId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Defines one page of a list as the contract describes it, and how it is made from a page of the domain.
macro_rules! page {
    ($(#[$doc:meta])+ $name:ident { $(#[$items:meta])+ $item:ident from $of:ty }) => {
        $(#[$doc])+
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $name {
            $(#[$items])+
            items: Vec<$item>,
            /// Cursor of the next page; null on the last page.
            #[schema(required = true)]
            next_cursor: Option<String>,
            /// Cursor of the previous page; null on the first page.
            #[schema(required = true)]
            previous_cursor: Option<String>,
        }

        impl From<domain::paging::Page<$of>> for $name {
            fn from(page: domain::paging::Page<$of>) -> Self {
                Self {
                    items: page.items.into_iter().map(Into::into).collect(),
                    next_cursor: page.next_cursor.map(Into::into),
                    previous_cursor: page.previous_cursor.map(Into::into),
                }
            }
        }
    };
}
pub(super) use page;

/// Role of an account, from the fewest permissions to the most.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has the permissions that the settings give to every member; none by default.
    User,
    /// Has the permissions that the settings give to moderators.
    Moderator,
    /// Manages everything except admins.
    Admin,
    /// Has all permissions.
    Owner,
}

impl From<domain::accounts::Role> for Role {
    fn from(role: domain::accounts::Role) -> Self {
        use domain::accounts::Role as Is;
        match role {
            Is::User => Self::User,
            Is::Moderator => Self::Moderator,
            Is::Admin => Self::Admin,
            Is::Owner => Self::Owner,
        }
    }
}

/// A short form of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountRef {
    /// Id of the account.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// Username; null if the account is deleted.
    #[schema(required = true, example = "mateo")]
    username: Option<String>,
    /// Display name; null if there is none.
    #[schema(required = true, example = "Mateo Quispe")]
    name: Option<String>,
}

impl From<domain::accounts::AccountRef> for AccountRef {
    fn from(account: domain::accounts::AccountRef) -> Self {
        Self { id: account.id, username: account.username.map(Into::into), name: account.name.map(Into::into) }
    }
}

/// Something that an account may do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub enum Permission {
    /// Create invites for one use, and manage their own invites.
    #[serde(rename = "invites.create")]
    InvitesCreate,
    /// Create invites for more than one use.
    #[serde(rename = "invites.create_multi")]
    InvitesCreateMulti,
    /// See the invites of everyone, without codes and links.
    #[serde(rename = "invites.view")]
    InvitesView,
    /// See invite codes and links.
    #[serde(rename = "invites.view_codes")]
    InvitesViewCodes,
    /// Change, pause and delete the invites of everyone.
    #[serde(rename = "invites.manage_all")]
    InvitesManageAll,
    /// See who signed up, with which invite.
    #[serde(rename = "redemptions.view")]
    RedemptionsView,
    /// See accounts.
    #[serde(rename = "accounts.view")]
    AccountsView,
    /// Create, change, suspend and restore accounts that have fewer permissions.
    #[serde(rename = "accounts.manage")]
    AccountsManage,
    /// Make links with which the passwords of accounts that have fewer permissions are set: anyone who has such a link can sign in.
    #[serde(rename = "passwords.reset")]
    PasswordsReset,
    /// Approve and decline accounts that are pending approval.
    #[serde(rename = "approvals.decide")]
    ApprovalsDecide,
    /// Create, change and delete groups, and choose who is in them.
    #[serde(rename = "groups.manage")]
    GroupsManage,
    /// See the settings.
    #[serde(rename = "settings.view")]
    SettingsView,
    /// Change the settings.
    #[serde(rename = "settings.change")]
    SettingsChange,
    /// Create, connect and delete applications.
    #[serde(rename = "applications.manage")]
    ApplicationsManage,
    /// Create, change and delete webhooks.
    #[serde(rename = "webhooks.manage")]
    WebhooksManage,
    /// See the audit log, with names of accounts and IP addresses.
    #[serde(rename = "audit.view")]
    AuditView,
    /// Create API keys for their own account.
    #[serde(rename = "api_keys.create")]
    ApiKeysCreate,
    /// Manage the accounts of admins. Owners only; no group has it.
    #[serde(rename = "admins.manage")]
    AdminsManage,
}

impl From<domain::access::Permission> for Permission {
    fn from(permission: domain::access::Permission) -> Self {
        use domain::access::Permission as Is;
        match permission {
            Is::InvitesCreate => Self::InvitesCreate,
            Is::InvitesCreateMulti => Self::InvitesCreateMulti,
            Is::InvitesView => Self::InvitesView,
            Is::InvitesViewCodes => Self::InvitesViewCodes,
            Is::InvitesManageAll => Self::InvitesManageAll,
            Is::RedemptionsView => Self::RedemptionsView,
            Is::AccountsView => Self::AccountsView,
            Is::AccountsManage => Self::AccountsManage,
            Is::PasswordsReset => Self::PasswordsReset,
            Is::ApprovalsDecide => Self::ApprovalsDecide,
            Is::GroupsManage => Self::GroupsManage,
            Is::SettingsView => Self::SettingsView,
            Is::SettingsChange => Self::SettingsChange,
            Is::ApplicationsManage => Self::ApplicationsManage,
            Is::WebhooksManage => Self::WebhooksManage,
            Is::AuditView => Self::AuditView,
            Is::ApiKeysCreate => Self::ApiKeysCreate,
            Is::AdminsManage => Self::AdminsManage,
        }
    }
}

/// A short form of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupRef {
    /// Id of the group.
    #[schema(value_type = Uuid)]
    id: GroupId,
    /// Name.
    #[schema(example = "Potters")]
    name: String,
}

impl From<domain::groups::GroupRef> for GroupRef {
    fn from(group: domain::groups::GroupRef) -> Self {
        Self { id: group.id, name: group.name.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_have_the_names_of_the_domain() {
        for permission in domain::access::Permission::ALL {
            assert_eq!(serde_json::to_value(Permission::from(permission)).unwrap(), permission.as_str());
        }
    }
}
