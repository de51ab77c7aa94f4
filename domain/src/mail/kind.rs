//! What a mail is for, and what became of it.

use serde::{Deserialize, Serialize};

use crate::outbox::DeliveryStatus;
use crate::string_enum::string_enum;

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Staff tried the settings.
    Test,
    /// Somebody forgot their password, and gets a link that sets a new one.
    PasswordReset,
    /// The password of an account was changed.
    PasswordChanged,
    /// Somebody signed in with a browser that the account did not use before.
    NewSignIn,
    /// Somebody asks the author of an invite for a new link.
    LinkRequested,
    /// Somebody who asked for a new link gets it.
    LinkGranted,
    /// A message that somebody caused could not be delivered.
    MailFailed,
    /// Somebody signed up, and gets a link that verifies the address.
    Activation,
    /// An account wants another address, which gets a link that confirms it.
    EmailChange,
    /// The address of an account was changed, of which the old one is told.
    EmailChanged,
    /// An invitation: the link of an invite.
    Invitation,
    /// A reminder of an invitation.
    InvitationReminder,
}

string_enum!(MailKind {
    Test = "test",
    PasswordReset = "password_reset",
    PasswordChanged = "password_changed",
    NewSignIn = "new_sign_in",
    LinkRequested = "link_requested",
    LinkGranted = "link_granted",
    MailFailed = "mail_failed",
    Activation = "activation",
    EmailChange = "email_change",
    EmailChanged = "email_changed",
    Invitation = "invitation",
    InvitationReminder = "invitation_reminder",
});

impl MailKind {
    /// The name of the kind in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Test => "Test",
            Self::PasswordReset => "Password reset",
            Self::PasswordChanged => "Password changed",
            Self::NewSignIn => "Sign-in from a new browser",
            Self::LinkRequested => "Request for a new link",
            Self::LinkGranted => "New link",
            Self::MailFailed => "Not delivered",
            Self::Activation => "Activation link",
            Self::EmailChange => "Confirm a new address",
            Self::EmailChanged => "Address changed",
            Self::Invitation => "Invitation",
            Self::InvitationReminder => "Reminder of an invitation",
        }
    }
}

impl MailKind {
    /// Whether it has a link that lets in who has it.
    #[must_use]
    pub const fn has_secret_link(self) -> bool {
        let verifies = matches!(self, Self::Activation | Self::EmailChange);
        verifies || self.has_link_to_copy() || matches!(self, Self::Invitation | Self::InvitationReminder)
    }

    /// Whether it has a link that can be sent in another way. One that verifies an address cannot.
    #[must_use]
    pub const fn has_link_to_copy(self) -> bool {
        matches!(self, Self::PasswordReset | Self::LinkGranted)
    }
}

/// The status of a mail: that of its message in the outbox, in the words of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailStatus {
    /// Waits for its first attempt.
    Queued,
    /// The mail server accepted it.
    Sent,
    /// At least one attempt failed; it is tried again.
    Deferred,
    /// It was given up.
    Failed,
}

string_enum!(MailStatus { Queued = "queued", Sent = "sent", Deferred = "deferred", Failed = "failed" });

impl MailStatus {
    /// The name of the status in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Sent => "Sent",
            Self::Deferred => "Deferred",
            Self::Failed => "Failed",
        }
    }

    /// Whether staff can send it again.
    #[must_use]
    pub const fn can_resend(self) -> bool {
        matches!(self, Self::Sent | Self::Deferred | Self::Failed)
    }
}

impl From<DeliveryStatus> for MailStatus {
    fn from(status: DeliveryStatus) -> Self {
        match status {
            DeliveryStatus::Pending => Self::Queued,
            DeliveryStatus::Retrying => Self::Deferred,
            DeliveryStatus::Delivered => Self::Sent,
            DeliveryStatus::Dead => Self::Failed,
        }
    }
}

impl From<MailStatus> for DeliveryStatus {
    fn from(status: MailStatus) -> Self {
        match status {
            MailStatus::Queued => Self::Pending,
            MailStatus::Deferred => Self::Retrying,
            MailStatus::Sent => Self::Delivered,
            MailStatus::Failed => Self::Dead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_is_one_of_the_outbox() {
        for status in MailStatus::ALL {
            assert_eq!(MailStatus::from(DeliveryStatus::from(status)), status);
        }
        for status in DeliveryStatus::ALL {
            assert_eq!(DeliveryStatus::from(MailStatus::from(status)), status);
            // What the outbox can retry can be sent again, and of the others what was sent.
            let again = status.can_retry() || status == DeliveryStatus::Delivered;
            assert_eq!(MailStatus::from(status).can_resend(), again, "{status}");
        }
    }
}
