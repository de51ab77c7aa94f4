//! What mails say, as it is stored: nothing secret, which is made when a mail is sent.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{AccountId, DeliveryId, InvitationId, InviteId, InviteRequestId};
use domain::mail::MailKind;
use serde::{Deserialize, Serialize};

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Contents {
    /// That the settings work.
    Test,
    /// The link that sets a new password of the account.
    PasswordReset,
    /// That the password of the account was changed.
    PasswordChanged {
        /// When.
        at: Timestamp,
    },
    /// That somebody signed in to the account with a browser that it did not use before.
    NewSignIn {
        /// When.
        at: Timestamp,
        /// The browser, in words.
        browser: String,
        /// The IP address, if it is known.
        ip: Option<String>,
    },
    /// That somebody asks the account for a new link of an invite that it created. Who, is read when the mail is sent.
    LinkRequested {
        /// The request.
        request: InviteRequestId,
    },
    /// The link of an invite that was made for somebody who asked for it, who may have no account.
    LinkGranted {
        /// The invite.
        invite: InviteId,
        /// Who made it; absent in mails of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
    },
    /// That a mail with a [`Cause`] was given up. Which words it had, and why, is read when this one is sent.
    MailFailed {
        /// The mail that was given up.
        mail: DeliveryId,
    },
    /// The link that verifies the address of a new account; or, if another account has the address by then, that it has.
    Activation,
    /// The link that confirms that this is the new address of the account; or, if another one has it by then, that it has.
    EmailChange,
    /// That the account has another address since.
    EmailChanged {
        /// When.
        at: Timestamp,
    },
    /// The link of an invite, to somebody who is invited, who may have no account.
    Invitation {
        /// The invitation.
        invitation: InvitationId,
    },
    /// The same once more, before the invite ends.
    InvitationReminder {
        /// The invitation.
        invitation: InvitationId,
    },
}

/// Who has a mail sent to somebody else, and is told if it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// The account.
    pub(super) by: AccountId,
    /// The invite whose link the mail has, which can be sent in another way.
    pub(super) invite: InviteId,
}

impl Contents {
    /// Who is told if it is given up. None for what tells of that itself: no failure causes another message about it.
    pub(super) const fn cause(&self) -> Option<Cause> {
        match self {
            Self::LinkGranted { invite, by: Some(by) } => Some(Cause { by: *by, invite: *invite }),
            Self::LinkGranted { by: None, .. }
            | Self::Test
            | Self::PasswordReset
            | Self::PasswordChanged { .. }
            | Self::NewSignIn { .. }
            | Self::LinkRequested { .. }
            | Self::MailFailed { .. }
            | Self::Activation
            | Self::EmailChange
            | Self::EmailChanged { .. }
            | Self::Invitation { .. }
            | Self::InvitationReminder { .. } => None,
        }
    }

    /// The id of the mail, where it is known before: the one mail with the link of an invite has its id, by which the
    /// page of the invite finds it.
    pub(super) const fn own_id(&self) -> Option<DeliveryId> {
        match self {
            Self::LinkGranted { invite, .. } => Some(DeliveryId(invite.0)),
            _ => None,
        }
    }

    /// What the mail is for.
    pub(crate) const fn kind(&self) -> MailKind {
        match self {
            Self::Test => MailKind::Test,
            Self::PasswordReset => MailKind::PasswordReset,
            Self::PasswordChanged { .. } => MailKind::PasswordChanged,
            Self::NewSignIn { .. } => MailKind::NewSignIn,
            Self::LinkRequested { .. } => MailKind::LinkRequested,
            Self::LinkGranted { .. } => MailKind::LinkGranted,
            Self::MailFailed { .. } => MailKind::MailFailed,
            Self::Activation => MailKind::Activation,
            Self::EmailChange => MailKind::EmailChange,
            Self::EmailChanged { .. } => MailKind::EmailChanged,
            Self::Invitation { .. } => MailKind::Invitation,
            Self::InvitationReminder { .. } => MailKind::InvitationReminder,
        }
    }
}

/// The payload of a message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// Whom it is sent to.
    pub(super) to: Email,
    /// For what is of use only as long as the account is what it was: its epoch
    /// ([`crate::accounts::store::Verified`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) epoch: Option<i64>,
    /// What it says.
    #[serde(flatten)]
    pub(super) contents: Contents,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_has_the_name_of_its_kind_and_reads_back() {
        let at = Timestamp::from_micros(1);
        for contents in [
            Contents::Test,
            Contents::PasswordReset,
            Contents::PasswordChanged { at },
            Contents::NewSignIn { at, browser: "Firefox".to_owned(), ip: None },
            Contents::LinkRequested { request: InviteRequestId(uuid::Uuid::from_u128(1)) },
            Contents::LinkGranted { invite: InviteId(uuid::Uuid::from_u128(2)), by: None },
            Contents::LinkGranted {
                invite: InviteId(uuid::Uuid::from_u128(2)),
                by: Some(AccountId(uuid::Uuid::from_u128(3))),
            },
            Contents::MailFailed { mail: DeliveryId(uuid::Uuid::from_u128(4)) },
            Contents::Activation,
            Contents::EmailChange,
            Contents::EmailChanged { at },
            Contents::Invitation { invitation: InvitationId(uuid::Uuid::from_u128(3)) },
            Contents::InvitationReminder { invitation: InvitationId(uuid::Uuid::from_u128(3)) },
        ] {
            let kind = contents.kind();
            let payload = Payload { to: Email::stored("ada@example.org"), epoch: None, contents };
            let json = serde_json::to_value(&payload).unwrap();
            assert_eq!((&json["kind"], &json["to"]), (&kind.as_str().into(), &"ada@example.org".into()));
            assert_eq!(serde_json::from_value::<Payload>(json).unwrap(), payload);
        }
    }
}
