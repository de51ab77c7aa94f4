//! The words and names that several operations share.

use domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account is, from least to most.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has an account.
    User,
    /// Keeps order among users.
    Moderator,
    /// Runs the place.
    Admin,
    /// Answers for the place.
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

/// As much of an account as is needed to name it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountRef {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// Its username.
    #[schema(example = "mateo")]
    username: String,
    /// What the person likes to be called, if they said.
    #[schema(required = true, example = "Mateo Quispe")]
    name: Option<String>,
}

impl From<domain::accounts::AccountRef> for AccountRef {
    fn from(account: domain::accounts::AccountRef) -> Self {
        Self { id: account.id, username: account.username.into(), name: account.name.map(Into::into) }
    }
}
