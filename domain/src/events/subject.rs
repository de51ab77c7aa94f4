//! What events are about.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Event;
use crate::access::{Permission, Permissions};
use crate::ids::{
    AccountId, ApplicationId, FlowId, GroupId, InviteId, KeyId, MailingId, SessionId, TermsId, WebhookId,
};
use crate::string_enum::string_enum;

/// The kind of what an event is about. The field of an event that has the subject's id has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// An invite.
    Invite,
    /// An account.
    Account,
    /// A group.
    Group,
    /// An application.
    Application,
    /// A webhook.
    Webhook,
    /// Invitations that were sent together.
    Mailing,
    /// A flow.
    Flow,
    /// Terms that people accept.
    Terms,
    /// The settings.
    Settings,
    /// An API key.
    ApiKey,
    /// A browser session.
    Session,
    /// The data key.
    DataKey,
}

string_enum!(SubjectKind {
    Invite = "invite",
    Account = "account",
    Group = "group",
    Application = "application",
    Webhook = "webhook",
    Mailing = "mailing",
    Flow = "flow",
    Terms = "terms",
    Settings = "settings",
    ApiKey = "api_key",
    Session = "session",
    DataKey = "data_key",
});

impl SubjectKind {
    /// Whether these permissions show things of this kind elsewhere. Events about others are shown without what they
    /// say of their subject. Events about API keys, sessions and the data key say nothing of them.
    #[must_use]
    pub fn is_shown_to(self, permissions: Permissions) -> bool {
        let any: Permissions = match self {
            Self::Invite | Self::Mailing => Permission::InvitesView.into(),
            Self::Account => Permission::AccountsView.into(),
            Self::Group => Permission::AccountsView | Permission::GroupsManage,
            Self::Application => Permission::ApplicationsManage.into(),
            Self::Webhook => Permission::WebhooksManage.into(),
            Self::Settings | Self::Flow | Self::Terms => Permission::SettingsView.into(),
            Self::ApiKey | Self::Session | Self::DataKey => return true,
        };
        !permissions.is_disjoint(any)
    }
}

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
    /// Invitations that were sent together.
    Mailing(MailingId),
    /// A flow.
    Flow(FlowId),
    /// Terms that people accept.
    Terms(TermsId),
    /// The settings.
    Settings,
    /// The data key.
    DataKey,
}

impl Subject {
    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Invite(_) => SubjectKind::Invite,
            Self::Account(_) => SubjectKind::Account,
            Self::ApiKey(_) => SubjectKind::ApiKey,
            Self::Group(_) => SubjectKind::Group,
            Self::Session(_) => SubjectKind::Session,
            Self::Application(_) => SubjectKind::Application,
            Self::Webhook(_) => SubjectKind::Webhook,
            Self::Mailing(_) => SubjectKind::Mailing,
            Self::Flow(_) => SubjectKind::Flow,
            Self::Terms(_) => SubjectKind::Terms,
            Self::Settings => SubjectKind::Settings,
            Self::DataKey => SubjectKind::DataKey,
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
            Self::Mailing(id) => Some(id.0),
            Self::Flow(id) => Some(id.0),
            Self::Terms(id) => Some(id.0),
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
            | Self::JoinRequestDismissed { invite, .. }
            | Self::LinkRequested { invite }
            | Self::LinkRequestGranted { invite, .. }
            | Self::LinkRequestDismissed { invite } => Subject::Invite(*invite),
            Self::AccountSignedUp { account, .. }
            | Self::AccountJoined { account, .. }
            | Self::AccountCreated { account, .. }
            | Self::AccountActivated { account }
            | Self::AccountLapsed { account, .. }
            | Self::ActivationResent { account }
            | Self::AccountMarkedVerified { account }
            | Self::EmailChangeRequested { account }
            | Self::EmailChangeCancelled { account }
            | Self::EmailChangeConfirmed { account, .. }
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
            | Self::ResetLinkMade { account }
            | Self::ResetLinkRequested { account }
            | Self::PasswordReset { account, .. }
            | Self::SignedIn { account, .. }
            | Self::SignedInBySignUp { account, .. }
            | Self::OtherSessionsEnded { account, .. }
            | Self::TermsAccepted { account, .. }
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
            Self::InvitationsSent { mailing, .. }
            | Self::InvitationsResent { mailing, .. }
            | Self::InvitationResent { mailing, .. }
            | Self::InvitationRevoked { mailing, .. } => Subject::Mailing(*mailing),
            Self::FlowCreated { flow, .. }
            | Self::FlowChanged { flow, .. }
            | Self::FlowDeleted { flow, .. }
            | Self::FlowMadeDefault { flow } => Subject::Flow(*flow),
            Self::TermsCreated { terms, .. } | Self::TermsPublished { terms, .. } | Self::TermsDeleted { terms } => {
                Subject::Terms(*terms)
            }
            Self::SessionEnded { session } => Subject::Session(*session),
            Self::SettingsUpdated { .. }
            | Self::RegistrationReopened { .. }
            | Self::MailConfigured { .. }
            | Self::MailTurnedOff
            | Self::MailResent { .. }
            | Self::MailLinkCopied { .. } => Subject::Settings,
            Self::DataKeyRotated { .. } => Subject::DataKey,
        }
    }
}
