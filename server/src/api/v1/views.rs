//! Types that several operations share.

use domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Role of an account, from the fewest permissions to the most.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has an account and no further permissions.
    User,
    /// Moderates users.
    Moderator,
    /// Manages invites, members and settings.
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
    /// Username.
    #[schema(example = "mateo")]
    username: String,
    /// Display name; null if there is none.
    #[schema(required = true, example = "Mateo Quispe")]
    name: Option<String>,
}

impl From<domain::accounts::AccountRef> for AccountRef {
    fn from(account: domain::accounts::AccountRef) -> Self {
        Self { id: account.id, username: account.username.into(), name: account.name.map(Into::into) }
    }
}
