//! The actions of events: what was done, without the fields that say how.

use serde::{Deserialize, Serialize};

use super::{Event, SubjectKind};
use crate::string_enum::string_enum;

/// What was done, named `noun.verb`: the `action` of an [`Event`], which has a variant of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[expect(missing_docs, reason = "each is described at the variant of `Event` that has its name")]
pub enum Action {
    InviteCreated,
    InviteUpdated,
    InvitePaused,
    InviteResumed,
    InviteDeleted,
    InviteExpired,
    AccountSignedUp,
    AccountJoined,
    JoinRequested,
    JoinRequestGranted,
    JoinRequestDismissed,
    AccountCreated,
    AccountUpdated,
    AccountRoleChanged,
    AccountDeleted,
    AccountEnded,
    AccountEndsSoon,
    OwnershipTransferred,
    AccountApproved,
    ApprovalUndone,
    AccountDeclined,
    AccountSuspended,
    AccountRestored,
    AccountRenamed,
    LoginChanged,
    PictureSet,
    PictureRemoved,
    PasswordChanged,
    PasswordSet,
    ResetLinkMade,
    PasswordReset,
    GroupCreated,
    GroupUpdated,
    GroupDeleted,
    GroupMembersAdded,
    GroupMembersRemoved,
    MembershipEnded,
    MembershipEndsSoon,
    KeyCreated,
    KeyRevoked,
    SignedIn,
    SignedInBySignUp,
    SessionEnded,
    OtherSessionsEnded,
    SettingsUpdated,
    RegistrationReopened,
    SetupCompleted,
    DemoFilled,
    ApplicationCreated,
    ApplicationUpdated,
    ApplicationDeleted,
    ApplicationPictureSet,
    ApplicationPictureRemoved,
    ClientSecretCreated,
    ApplicationOpened,
    ConsentGiven,
    TokensRevoked,
    WebhookCreated,
    WebhookUpdated,
    WebhookPaused,
    WebhookResumed,
    WebhookDeleted,
    WebhookSecretCreated,
    DataKeyRotated,
}

string_enum!(Action {
    InviteCreated = "invite.create",
    InviteUpdated = "invite.update",
    InvitePaused = "invite.pause",
    InviteResumed = "invite.resume",
    InviteDeleted = "invite.delete",
    InviteExpired = "invite.expire",
    AccountSignedUp = "account.sign_up",
    AccountJoined = "account.join",
    JoinRequested = "invite.ask_to_join",
    JoinRequestGranted = "invite.grant_request",
    JoinRequestDismissed = "invite.dismiss_request",
    AccountCreated = "account.create",
    AccountUpdated = "account.update",
    AccountRoleChanged = "account.change_role",
    AccountDeleted = "account.delete",
    AccountEnded = "account.end",
    AccountEndsSoon = "account.remind_of_end",
    OwnershipTransferred = "account.transfer_ownership",
    AccountApproved = "account.approve",
    ApprovalUndone = "account.undo_approval",
    AccountDeclined = "account.decline",
    AccountSuspended = "account.suspend",
    AccountRestored = "account.restore",
    AccountRenamed = "account.rename",
    LoginChanged = "account.change_login",
    PictureSet = "account.set_picture",
    PictureRemoved = "account.remove_picture",
    PasswordChanged = "account.change_password",
    PasswordSet = "account.set_password",
    ResetLinkMade = "account.make_reset_link",
    PasswordReset = "account.reset_password",
    GroupCreated = "group.create",
    GroupUpdated = "group.update",
    GroupDeleted = "group.delete",
    GroupMembersAdded = "group.add_members",
    GroupMembersRemoved = "group.remove_members",
    MembershipEnded = "group.end_membership",
    MembershipEndsSoon = "group.remind_of_end",
    KeyCreated = "api_key.create",
    KeyRevoked = "api_key.revoke",
    SignedIn = "session.sign_in",
    SignedInBySignUp = "session.sign_up",
    SessionEnded = "session.revoke",
    OtherSessionsEnded = "session.revoke_others",
    SettingsUpdated = "settings.update",
    RegistrationReopened = "settings.reopen",
    SetupCompleted = "setup.complete",
    DemoFilled = "demo.fill",
    ApplicationCreated = "application.create",
    ApplicationUpdated = "application.update",
    ApplicationDeleted = "application.delete",
    ApplicationPictureSet = "application.set_picture",
    ApplicationPictureRemoved = "application.remove_picture",
    ClientSecretCreated = "application.create_secret",
    ApplicationOpened = "application.sign_in",
    ConsentGiven = "application.consent",
    TokensRevoked = "application.revoke_tokens",
    WebhookCreated = "webhook.create",
    WebhookUpdated = "webhook.update",
    WebhookPaused = "webhook.pause",
    WebhookResumed = "webhook.resume",
    WebhookDeleted = "webhook.delete",
    WebhookSecretCreated = "webhook.create_secret",
    DataKeyRotated = "data_key.rotate",
});

impl TryFrom<String> for Action {
    type Error = crate::text::ParseError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<Action> for &'static str {
    fn from(action: Action) -> Self {
        action.as_str()
    }
}

impl Event {
    /// What was done.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::InviteCreated { .. } => Action::InviteCreated,
            Self::InviteUpdated { .. } => Action::InviteUpdated,
            Self::InvitePaused { .. } => Action::InvitePaused,
            Self::InviteResumed { .. } => Action::InviteResumed,
            Self::InviteDeleted { .. } => Action::InviteDeleted,
            Self::InviteExpired { .. } => Action::InviteExpired,
            Self::AccountSignedUp { .. } => Action::AccountSignedUp,
            Self::AccountJoined { .. } => Action::AccountJoined,
            Self::JoinRequested { .. } => Action::JoinRequested,
            Self::JoinRequestGranted { .. } => Action::JoinRequestGranted,
            Self::JoinRequestDismissed { .. } => Action::JoinRequestDismissed,
            Self::AccountCreated { .. } => Action::AccountCreated,
            Self::AccountUpdated { .. } => Action::AccountUpdated,
            Self::AccountRoleChanged { .. } => Action::AccountRoleChanged,
            Self::AccountDeleted { .. } => Action::AccountDeleted,
            Self::AccountEnded { .. } => Action::AccountEnded,
            Self::AccountEndsSoon { .. } => Action::AccountEndsSoon,
            Self::OwnershipTransferred { .. } => Action::OwnershipTransferred,
            Self::AccountApproved { .. } => Action::AccountApproved,
            Self::ApprovalUndone { .. } => Action::ApprovalUndone,
            Self::AccountDeclined { .. } => Action::AccountDeclined,
            Self::AccountSuspended { .. } => Action::AccountSuspended,
            Self::AccountRestored { .. } => Action::AccountRestored,
            Self::AccountRenamed { .. } => Action::AccountRenamed,
            Self::LoginChanged { .. } => Action::LoginChanged,
            Self::PictureSet { .. } => Action::PictureSet,
            Self::PictureRemoved { .. } => Action::PictureRemoved,
            Self::PasswordChanged { .. } => Action::PasswordChanged,
            Self::PasswordSet { .. } => Action::PasswordSet,
            Self::ResetLinkMade { .. } => Action::ResetLinkMade,
            Self::PasswordReset { .. } => Action::PasswordReset,
            Self::GroupCreated { .. } => Action::GroupCreated,
            Self::GroupUpdated { .. } => Action::GroupUpdated,
            Self::GroupDeleted { .. } => Action::GroupDeleted,
            Self::GroupMembersAdded { .. } => Action::GroupMembersAdded,
            Self::GroupMembersRemoved { .. } => Action::GroupMembersRemoved,
            Self::MembershipEnded { .. } => Action::MembershipEnded,
            Self::MembershipEndsSoon { .. } => Action::MembershipEndsSoon,
            Self::KeyCreated { .. } => Action::KeyCreated,
            Self::KeyRevoked { .. } => Action::KeyRevoked,
            Self::SignedIn { .. } => Action::SignedIn,
            Self::SignedInBySignUp { .. } => Action::SignedInBySignUp,
            Self::SessionEnded { .. } => Action::SessionEnded,
            Self::OtherSessionsEnded { .. } => Action::OtherSessionsEnded,
            Self::SettingsUpdated { .. } => Action::SettingsUpdated,
            Self::RegistrationReopened { .. } => Action::RegistrationReopened,
            Self::SetupCompleted { .. } => Action::SetupCompleted,
            Self::DemoFilled { .. } => Action::DemoFilled,
            Self::ApplicationCreated { .. } => Action::ApplicationCreated,
            Self::ApplicationUpdated { .. } => Action::ApplicationUpdated,
            Self::ApplicationDeleted { .. } => Action::ApplicationDeleted,
            Self::ApplicationPictureSet { .. } => Action::ApplicationPictureSet,
            Self::ApplicationPictureRemoved { .. } => Action::ApplicationPictureRemoved,
            Self::ClientSecretCreated { .. } => Action::ClientSecretCreated,
            Self::ApplicationOpened { .. } => Action::ApplicationOpened,
            Self::ConsentGiven { .. } => Action::ConsentGiven,
            Self::TokensRevoked { .. } => Action::TokensRevoked,
            Self::WebhookCreated { .. } => Action::WebhookCreated,
            Self::WebhookUpdated { .. } => Action::WebhookUpdated,
            Self::WebhookPaused { .. } => Action::WebhookPaused,
            Self::WebhookResumed { .. } => Action::WebhookResumed,
            Self::WebhookDeleted { .. } => Action::WebhookDeleted,
            Self::WebhookSecretCreated { .. } => Action::WebhookSecretCreated,
            Self::DataKeyRotated { .. } => Action::DataKeyRotated,
        }
    }
}

impl Action {
    /// What events with this action are about.
    #[must_use]
    pub const fn subject_kind(self) -> SubjectKind {
        match self {
            Self::InviteCreated
            | Self::InviteUpdated
            | Self::InvitePaused
            | Self::InviteResumed
            | Self::InviteDeleted
            | Self::InviteExpired
            | Self::JoinRequested
            | Self::JoinRequestGranted
            | Self::JoinRequestDismissed => SubjectKind::Invite,
            Self::AccountSignedUp
            | Self::AccountJoined
            | Self::AccountCreated
            | Self::AccountUpdated
            | Self::AccountRoleChanged
            | Self::AccountDeleted
            | Self::OwnershipTransferred
            | Self::AccountEnded
            | Self::AccountEndsSoon
            | Self::AccountApproved
            | Self::ApprovalUndone
            | Self::AccountDeclined
            | Self::AccountSuspended
            | Self::AccountRestored
            | Self::AccountRenamed
            | Self::LoginChanged
            | Self::PictureSet
            | Self::PictureRemoved
            | Self::PasswordChanged
            | Self::PasswordSet
            | Self::ResetLinkMade
            | Self::PasswordReset
            | Self::SignedIn
            | Self::SignedInBySignUp
            | Self::OtherSessionsEnded
            | Self::SetupCompleted
            | Self::DemoFilled => SubjectKind::Account,
            Self::GroupCreated
            | Self::GroupUpdated
            | Self::GroupDeleted
            | Self::GroupMembersAdded
            | Self::GroupMembersRemoved
            | Self::MembershipEnded
            | Self::MembershipEndsSoon => SubjectKind::Group,
            Self::KeyCreated | Self::KeyRevoked => SubjectKind::ApiKey,
            Self::ApplicationCreated
            | Self::ApplicationUpdated
            | Self::ApplicationDeleted
            | Self::ApplicationPictureSet
            | Self::ApplicationPictureRemoved
            | Self::ClientSecretCreated
            | Self::ApplicationOpened
            | Self::ConsentGiven
            | Self::TokensRevoked => SubjectKind::Application,
            Self::WebhookCreated
            | Self::WebhookUpdated
            | Self::WebhookPaused
            | Self::WebhookResumed
            | Self::WebhookDeleted
            | Self::WebhookSecretCreated => SubjectKind::Webhook,
            Self::SessionEnded => SubjectKind::Session,
            Self::SettingsUpdated | Self::RegistrationReopened => SubjectKind::Settings,
            Self::DataKeyRotated => SubjectKind::DataKey,
        }
    }
}
