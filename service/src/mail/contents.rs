//! What mails say, as it is stored: nothing secret, which is made when a mail is sent.

use domain::Timestamp;
use domain::accounts::Email;
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
}

impl Contents {
    /// What the mail is for.
    pub(crate) const fn kind(&self) -> MailKind {
        match self {
            Self::Test => MailKind::Test,
            Self::PasswordReset => MailKind::PasswordReset,
            Self::PasswordChanged { .. } => MailKind::PasswordChanged,
            Self::NewSignIn { .. } => MailKind::NewSignIn,
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
        ] {
            let kind = contents.kind();
            let payload = Payload { to: Email::stored("ada@example.org"), epoch: None, contents };
            let json = serde_json::to_value(&payload).unwrap();
            assert_eq!((&json["kind"], &json["to"]), (&kind.as_str().into(), &"ada@example.org".into()));
            assert_eq!(serde_json::from_value::<Payload>(json).unwrap(), payload);
        }
    }
}
