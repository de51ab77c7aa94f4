//! The actions of events: what was done, without the fields that say how.

use serde::{Deserialize, Serialize};

use super::{Event, SubjectKind};
use crate::string_enum::string_enum;

/// Defines [`Action`], and the action of each [`Event`]: the variants, which have the same names in both; the kind of
/// the subject; and the name in JSON, which serde gives the variant of [`Event`] as well.
macro_rules! actions {
    ($($variant:ident: $subject:ident = $name:literal,)+) => {
        /// What was done, named `noun.verb`: the `action` of an [`Event`], which has a variant of the same name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Action {
            $(
                #[doc = concat!("[`Event::", stringify!($variant), "`].")]
                $variant,
            )+
        }

        string_enum!(Action { $($variant = $name),+ });

        impl Event {
            /// What was done.
            #[must_use]
            pub const fn action(&self) -> Action {
                match self { $(Self::$variant { .. } => Action::$variant),+ }
            }
        }

        impl Action {
            /// What events with this action are about.
            #[must_use]
            pub const fn subject_kind(self) -> SubjectKind {
                match self { $(Self::$variant => SubjectKind::$subject),+ }
            }
        }
    };
}

actions! {
    InviteCreated: Invite = "invite.create",
    InviteUpdated: Invite = "invite.update",
    InvitePaused: Invite = "invite.pause",
    InviteResumed: Invite = "invite.resume",
    InviteDeleted: Invite = "invite.delete",
    InviteExpired: Invite = "invite.expire",
    AccountSignedUp: Account = "account.sign_up",
    AccountJoined: Account = "account.join",
    JoinRequested: Invite = "invite.ask_to_join",
    JoinRequestGranted: Invite = "invite.grant_request",
    JoinRequestDismissed: Invite = "invite.dismiss_request",
    LinkRequested: Invite = "invite.ask_for_link",
    LinkRequestGranted: Invite = "invite.grant_link_request",
    LinkRequestDismissed: Invite = "invite.dismiss_link_request",
    AccountCreated: Account = "account.create",
    AccountUpdated: Account = "account.update",
    AccountRoleChanged: Account = "account.change_role",
    AccountDeleted: Account = "account.delete",
    AccountEnded: Account = "account.end",
    AccountEndsSoon: Account = "account.remind_of_end",
    OwnershipTransferred: Account = "account.transfer_ownership",
    AccountApproved: Account = "account.approve",
    ApprovalUndone: Account = "account.undo_approval",
    AccountDeclined: Account = "account.decline",
    AccountSuspended: Account = "account.suspend",
    AccountRestored: Account = "account.restore",
    AccountRenamed: Account = "account.rename",
    LoginChanged: Account = "account.change_login",
    PictureSet: Account = "account.set_picture",
    PictureRemoved: Account = "account.remove_picture",
    PasswordChanged: Account = "account.change_password",
    PasswordSet: Account = "account.set_password",
    ResetLinkMade: Account = "account.make_reset_link",
    ResetLinkRequested: Account = "account.request_reset_link",
    PasswordReset: Account = "account.reset_password",
    AccountActivated: Account = "account.activate",
    AccountLapsed: Account = "account.lapse",
    ActivationResent: Account = "account.resend_activation",
    AccountMarkedVerified: Account = "account.mark_verified",
    EmailChangeRequested: Account = "account.request_email_change",
    EmailChangeCancelled: Account = "account.cancel_email_change",
    EmailChangeConfirmed: Account = "account.confirm_email",
    GroupCreated: Group = "group.create",
    GroupUpdated: Group = "group.update",
    GroupDeleted: Group = "group.delete",
    GroupMembersAdded: Group = "group.add_members",
    GroupMembersRemoved: Group = "group.remove_members",
    MembershipEnded: Group = "group.end_membership",
    MembershipEndsSoon: Group = "group.remind_of_end",
    KeyCreated: ApiKey = "api_key.create",
    KeyRevoked: ApiKey = "api_key.revoke",
    SignedIn: Account = "session.sign_in",
    SignedInBySignUp: Account = "session.sign_up",
    SessionEnded: Session = "session.revoke",
    OtherSessionsEnded: Account = "session.revoke_others",
    SettingsUpdated: Settings = "settings.update",
    RegistrationReopened: Settings = "settings.reopen",
    SetupCompleted: Account = "setup.complete",
    DemoFilled: Account = "demo.fill",
    ApplicationCreated: Application = "application.create",
    ApplicationUpdated: Application = "application.update",
    ApplicationDeleted: Application = "application.delete",
    ApplicationPictureSet: Application = "application.set_picture",
    ApplicationPictureRemoved: Application = "application.remove_picture",
    ClientSecretCreated: Application = "application.create_secret",
    ApplicationOpened: Application = "application.sign_in",
    ConsentGiven: Application = "application.consent",
    TokensRevoked: Application = "application.revoke_tokens",
    WebhookCreated: Webhook = "webhook.create",
    WebhookUpdated: Webhook = "webhook.update",
    WebhookPaused: Webhook = "webhook.pause",
    WebhookResumed: Webhook = "webhook.resume",
    WebhookDeleted: Webhook = "webhook.delete",
    WebhookSecretCreated: Webhook = "webhook.create_secret",
    MailConfigured: Settings = "mail.configure",
    MailTurnedOff: Settings = "mail.turn_off",
    MailResent: Settings = "mail.resend",
    MailLinkCopied: Settings = "mail.copy_link",
    InvitationsSent: Mailing = "mailing.send",
    InvitationsResent: Mailing = "mailing.resend",
    InvitationResent: Mailing = "mailing.resend_one",
    InvitationRevoked: Mailing = "mailing.revoke_one",
    FlowCreated: Flow = "flow.create",
    FlowChanged: Flow = "flow.update",
    FlowDeleted: Flow = "flow.delete",
    FlowMadeDefault: Flow = "flow.make_default",
    TermsCreated: Terms = "terms.create",
    TermsPublished: Terms = "terms.publish",
    TermsDeleted: Terms = "terms.delete",
    TermsAccepted: Account = "account.accept_terms",
    DataKeyRotated: DataKey = "data_key.rotate",
}

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
