//! What an invite code allows, as the contract describes it.

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::views::Role;
use super::terms::{AccessEnd, InviteAttribute};

/// What an invite code allows, before someone signs up with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "valid": true,
    "role": "user",
    "groups": ["Potters"],
    "expires_at": "2027-03-01T18:00:00Z",
    "places_left": 22,
    "invited_by": "Inês",
    "email": null,
    "email_domains": ["example.org"],
    "approval": false,
    "attributes": [{ "key": "team", "value": "Clay", "locked": true }],
    "welcome_text": "**Welcome** to the workshop.",
    "ends": null,
    "existing_members": true,
    "application": "Chat",
}))]
pub struct Invitation {
    /// Always true: a code that can't be used is a 404.
    valid: bool,
    /// Role of the accounts it creates.
    role: Role,
    /// Names of the groups that these accounts join.
    groups: Vec<String>,
    /// End; null for never.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Uses left; null for no limit, and if the invite does not show them.
    #[schema(required = true)]
    places_left: Option<u32>,
    /// Name of the account that created the invite.
    invited_by: String,
    /// The only e-mail address that may sign up; null for any. For a code that was not drawn at random only some of its
    /// letters, as in `m…@e….org`.
    #[schema(required = true)]
    email: Option<String>,
    /// Domains of e-mail addresses that may sign up; empty for any.
    email_domains: Vec<String>,
    /// Whether an admin has to approve the account.
    approval: bool,
    /// Attributes that the account gets. A sign-up can send others for those that are not locked.
    attributes: Vec<InviteAttribute>,
    /// What the sign-up page says, as Markdown without HTML; null for nothing.
    #[schema(required = true)]
    welcome_text: Option<String>,
    /// When access ends; null for never.
    #[schema(required = true)]
    ends: Option<AccessEnd>,
    /// Whether people who have an account already may use it, to join its groups; not where an admin approves the accounts.
    existing_members: bool,
    /// Name of the application that people go on to after they sign up; null for none.
    #[schema(required = true)]
    application: Option<String>,
}

impl From<domain::signup::Invitation> for Invitation {
    fn from(invitation: domain::signup::Invitation) -> Self {
        Self {
            valid: true,
            role: invitation.role.into(),
            groups: invitation.groups.into_iter().map(Into::into).collect(),
            expires_at: invitation.expires_at,
            places_left: invitation.uses_left,
            invited_by: invitation.invited_by,
            email: invitation.email.map(|email| email.as_str().to_owned()),
            email_domains: invitation.email_domains.into_iter().map(Into::into).collect(),
            approval: invitation.needs_approval,
            attributes: invitation.attributes.into_iter().map(Into::into).collect(),
            welcome_text: invitation.welcome_text.map(Into::into),
            ends: invitation.ends.map(Into::into),
            existing_members: invitation.existing_members,
            application: invitation.application.map(Into::into),
        }
    }
}
