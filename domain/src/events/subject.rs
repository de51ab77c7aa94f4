//! What events are about.

use uuid::Uuid;

use super::Event;
use crate::ids::{AccountId, ApplicationId, GroupId, InviteId, KeyId, SessionId, WebhookId};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An invite.
    Invite(InviteId),
    /// An account.
    Account(AccountId),
    /// An API key.
    ApiKey(KeyId),
    /// A group.
    Group(GroupId),
    /// A browser session.
    Session(SessionId),
    /// An application.
    Application(ApplicationId),
    /// A webhook.
    Webhook(WebhookId),
    /// The settings.
    Settings,
    /// The data key.
    DataKey,
}

impl Subject {
    /// The kind of the subject. The field of an event that has the subject's id has this name.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Invite(_) => "invite",
            Self::Account(_) => "account",
            Self::ApiKey(_) => "api_key",
            Self::Group(_) => "group",
            Self::Session(_) => "session",
            Self::Application(_) => "application",
            Self::Webhook(_) => "webhook",
            Self::Settings => "settings",
            Self::DataKey => "data_key",
        }
    }

    /// The id; `None` for what exists only once.
    #[must_use]
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::Invite(id) => Some(id.0),
            Self::Account(id) => Some(id.0),
            Self::ApiKey(id) => Some(id.0),
            Self::Group(id) => Some(id.0),
            Self::Session(id) => Some(id.0),
            Self::Application(id) => Some(id.0),
            Self::Webhook(id) => Some(id.0),
            Self::Settings | Self::DataKey => None,
        }
    }
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::InviteCreated { invite, .. }
            | Self::InviteUpdated { invite, .. }
            | Self::InvitePaused { invite }
            | Self::InviteResumed { invite }
            | Self::InviteDeleted { invite, .. }
            | Self::InviteExpired { invite }
            | Self::JoinRequested { invite, .. }
            | Self::JoinRequestGranted { invite, .. }
            | Self::JoinRequestDismissed { invite, .. } => Subject::Invite(*invite),
            Self::AccountSignedUp { account, .. }
            | Self::AccountJoined { account, .. }
            | Self::AccountCreated { account, .. }
            | Self::AccountUpdated { account, .. }
            | Self::AccountRoleChanged { account, .. }
            | Self::AccountDeleted { account, .. }
            | Self::OwnershipTransferred { account, .. }
            | Self::AccountEnded { account, .. }
            | Self::AccountEndsSoon { account, .. }
            | Self::AccountApproved { account, .. }
            | Self::ApprovalUndone { account, .. }
            | Self::AccountDeclined { account, .. }
            | Self::AccountSuspended { account, .. }
            | Self::AccountRestored { account, .. }
            | Self::AccountRenamed { account }
            | Self::LoginChanged { account, .. }
            | Self::PictureSet { account }
            | Self::PictureRemoved { account }
            | Self::PasswordChanged { account, .. }
            | Self::PasswordSet { account, .. }
            | Self::SignedIn { account, .. }
            | Self::SignedInBySignUp { account, .. }
            | Self::OtherSessionsEnded { account, .. }
            | Self::SetupCompleted { account }
            | Self::DemoFilled { account, .. } => Subject::Account(*account),
            Self::GroupCreated { group, .. }
            | Self::GroupUpdated { group, .. }
            | Self::GroupDeleted { group, .. }
            | Self::GroupMembersAdded { group, .. }
            | Self::GroupMembersRemoved { group, .. }
            | Self::MembershipEnded { group, .. }
            | Self::MembershipEndsSoon { group, .. } => Subject::Group(*group),
            Self::KeyCreated { api_key } | Self::KeyRevoked { api_key } => Subject::ApiKey(*api_key),
            Self::ApplicationCreated { application, .. }
            | Self::ApplicationUpdated { application, .. }
            | Self::ApplicationPictureSet { application }
            | Self::ApplicationPictureRemoved { application }
            | Self::ApplicationDeleted { application }
            | Self::ClientSecretCreated { application }
            | Self::ApplicationOpened { application, .. }
            | Self::ConsentGiven { application, .. }
            | Self::TokensRevoked { application, .. } => Subject::Application(*application),
            Self::WebhookCreated { webhook, .. }
            | Self::WebhookUpdated { webhook, .. }
            | Self::WebhookPaused { webhook }
            | Self::WebhookResumed { webhook }
            | Self::WebhookDeleted { webhook }
            | Self::WebhookSecretCreated { webhook } => Subject::Webhook(*webhook),
            Self::SessionEnded { session } => Subject::Session(*session),
            Self::SettingsUpdated { .. } | Self::RegistrationReopened { .. } => Subject::Settings,
            Self::DataKeyRotated { .. } => Subject::DataKey,
        }
    }
}
