//! What mails say, as it is stored: nothing secret, which is made when a mail is sent.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{InviteId, InviteRequestId};
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
    /// The link of an invite that was made for whoever asked for it, who may have no account.
    LinkGranted {
        /// The invite.
        invite: InviteId,
    },
}

impl Contents {
    /// Whether its link lets in whoever has it.
    pub(super) const fn has_secret_link(&self) -> bool {
        matches!(self, Self::PasswordReset | Self::LinkGranted { .. })
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
            Contents::LinkGranted { invite: InviteId(uuid::Uuid::from_u128(2)) },
        ] {
            let kind = contents.kind();
            let payload = Payload { to: Email::stored("ada@example.org"), epoch: None, contents };
            let json = serde_json::to_value(&payload).unwrap();
            assert_eq!((&json["kind"], &json["to"]), (&kind.as_str().into(), &"ada@example.org".into()));
            assert_eq!(serde_json::from_value::<Payload>(json).unwrap(), payload);
        }
    }
}
