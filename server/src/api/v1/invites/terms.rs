//! The parts of an invite's terms as the contract describes them.

use domain::Timestamp;
use domain::invites::Ends;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An attribute that an invite gives to the accounts it creates.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "key": "team", "value": "Clay", "locked": true }))]
pub struct InviteAttribute {
    /// Key: lower-case letters, digits and underscores; the first character is a letter.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]{0,39}$")]
    key: String,
    /// Value: one line of text.
    #[schema(min_length = 1, max_length = 500)]
    value: String,
    /// Whether the value is fixed; otherwise the person can change or remove it when signing up.
    #[serde(default)]
    locked: bool,
}

impl From<domain::attributes::InviteAttribute> for InviteAttribute {
    fn from(attribute: domain::attributes::InviteAttribute) -> Self {
        Self { key: attribute.key.into(), value: attribute.value.into(), locked: attribute.locked }
    }
}

/// When the access ends that an invite gives: a number of days after sign-up, or at an instant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "of": "groups", "after_days": 30, "at": null }))]
pub struct AccessEnd {
    /// What ends.
    of: AccessOf,
    /// Days after sign-up; null if it ends at an instant.
    #[schema(required = true, minimum = 1, maximum = 3650)]
    after_days: Option<u16>,
    /// The instant; null if it ends after a number of days.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

impl From<Ends> for AccessEnd {
    fn from(ends: Ends) -> Self {
        use domain::invites::AccessEnd as Is;
        let (after_days, at) = match ends.when {
            Is::AfterDays(days) => (Some(days), None),
            Is::At(at) => (None, Some(at)),
        };
        Self { of: ends.of.into(), after_days, at }
    }
}

/// What ends.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessOf {
    /// The memberships in the groups of the invite. The account stays.
    Groups,
    /// The account.
    Account,
}

impl From<domain::invites::AccessOf> for AccessOf {
    fn from(of: domain::invites::AccessOf) -> Self {
        match of {
            domain::invites::AccessOf::Groups => Self::Groups,
            domain::invites::AccessOf::Account => Self::Account,
        }
    }
}

/// When access shall end: give either `after_days` or `at`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "of": "groups", "after_days": 30 }))]
pub struct NewAccessEnd {
    /// What ends: `groups` needs groups.
    #[schema(value_type = AccessOf)]
    of: String,
    /// Days after sign-up.
    #[schema(minimum = 1, maximum = 3650)]
    after_days: Option<i64>,
    /// An instant in the future, not before the end of the invite.
    #[schema(format = DateTime)]
    at: Option<String>,
}
