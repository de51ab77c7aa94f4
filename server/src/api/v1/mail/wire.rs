//! The settings of mail and mails, as the contract describes them.

use std::str::FromStr;

use domain::failure::Check;
use domain::ids::{AccountId, DeliveryId};
use domain::mail::{MailDraft, MailQuery, MailView};
use domain::{Failure, Patch, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::paging::paging;
use super::super::views::page;
use crate::api::extract::{Named, parameter};

/// The settings of mail. While it is off, those of the server are null.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "on": true,
    "host": "smtp.example.org",
    "port": 587,
    "encryption": "starttls",
    "username": "latchkey",
    "has_password": true,
    "from": "join@example.org",
    "from_name": null,
    "fixed": false,
    "failures": 0,
    "last_answer": null,
}))]
pub struct MailSettings {
    /// Whether mail is sent.
    on: bool,
    /// Host name or IP address of the server (SMTP).
    #[schema(required = true)]
    host: Option<String>,
    /// Its port.
    #[schema(required = true, minimum = 1, maximum = 65_535)]
    port: Option<u16>,
    /// How the connection is encrypted.
    #[schema(required = true)]
    encryption: Option<MailEncryption>,
    /// User name for the server; null to send without signing in.
    #[schema(required = true)]
    username: Option<String>,
    /// Whether there is a password.
    has_password: bool,
    /// E-mail address of the sender.
    #[schema(required = true, format = "email")]
    from: Option<String>,
    /// Name of the sender; null for the name of the site.
    #[schema(required = true)]
    from_name: Option<String>,
    /// Whether the environment fixes the settings, which then can't be changed.
    fixed: bool,
    /// Number of attempts in a row that failed because of the server.
    failures: u32,
    /// Why the last of them failed; null if none did.
    #[schema(required = true)]
    last_answer: Option<String>,
}

impl From<MailView> for MailSettings {
    fn from(view: MailView) -> Self {
        let terms = view.terms;
        Self {
            on: terms.is_some(),
            host: terms.as_ref().map(|terms| terms.host.to_string()),
            port: terms.as_ref().map(|terms| terms.port),
            encryption: terms.as_ref().map(|terms| terms.encryption.into()),
            username: terms.as_ref().and_then(|terms| terms.username.as_ref()).map(ToString::to_string),
            has_password: view.has_password,
            from: terms.as_ref().map(|terms| terms.from.to_string()),
            from_name: terms.and_then(|terms| terms.from_name).map(Into::into),
            fixed: view.fixed,
            failures: view.failures,
            last_answer: view.last_answer,
        }
    }
}

/// How the connection to the server is encrypted.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    /// It begins without encryption, and is refused unless it is encrypted before anything is said (STARTTLS).
    StartTls,
    /// It is encrypted from the start.
    Tls,
    /// It is not encrypted.
    None,
}

impl From<domain::mail::Encryption> for MailEncryption {
    fn from(encryption: domain::mail::Encryption) -> Self {
        use domain::mail::Encryption as Is;
        match encryption {
            Is::StartTls => Self::StartTls,
            Is::Tls => Self::Tls,
            Is::None => Self::None,
        }
    }
}

/// The settings of mail, whole: what is left out is not kept, except the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "host": "smtp.example.org",
    "encryption": "starttls",
    "username": "latchkey",
    "password": "a bench by the window",
    "from": "join@example.org",
}))]
pub struct NewMailSettings {
    /// Host name or IP address of the server (SMTP).
    #[serde(default)]
    #[schema(required = true, max_length = 253)]
    host: String,
    /// Its port; that of the encryption if left out: 587, 465 or 25.
    #[schema(minimum = 1, maximum = 65_535)]
    port: Option<i64>,
    /// How the connection is encrypted: `starttls` if left out. `none` with a user name is refused, unless the server
    /// is on the same machine.
    #[schema(value_type = Option<MailEncryption>)]
    encryption: Option<String>,
    /// User name for the server; none if left out, to send without signing in.
    #[schema(max_length = 255)]
    username: Option<String>,
    /// Password for the server, which a user name needs. If left out, the one before stays, as long as host and user
    /// name do. It can't be read again.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, max_length = 1024)]
    password: Patch<String>,
    /// E-mail address of the sender.
    #[serde(default)]
    #[schema(required = true, format = "email", max_length = 254)]
    from: String,
    /// Name of the sender; the name of the site if left out.
    #[schema(max_length = 60)]
    from_name: Option<String>,
}

impl From<NewMailSettings> for MailDraft {
    fn from(new: NewMailSettings) -> Self {
        Self {
            host: new.host,
            port: new.port,
            encryption: new.encryption.unwrap_or_default(),
            username: new.username.unwrap_or_default(),
            from: new.from,
            from_name: new.from_name.unwrap_or_default(),
            password: new.password,
        }
    }
}

/// A mail, and what became of it. What it says is not shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "kind": "password_reset",
    "recipient": "mateo@example.org",
    "account_id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "status": "deferred",
    "attempts": 1,
    "created_at": "2026-11-21T10:00:00Z",
    "attempted_at": "2026-11-21T10:00:01Z",
    "next_at": "2026-11-21T10:00:11Z",
    "sent_at": null,
    "failed_at": null,
    "last_status": 451,
    "last_answer": "451 4.7.1 Try again later",
}))]
pub struct Mail {
    /// Its id, which is in its `Message-ID` as well.
    #[schema(value_type = Uuid)]
    id: DeliveryId,
    /// What it is for.
    kind: MailKind,
    /// E-mail address to which it is sent.
    #[schema(format = "email")]
    recipient: String,
    /// Id of the account that it is about; null if there is none.
    #[schema(required = true, value_type = Option<Uuid>)]
    account_id: Option<AccountId>,
    /// What became of it.
    status: MailStatus,
    /// Number of attempts.
    attempts: u32,
    /// Time from which it waits.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time of the last attempt; null without one.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    attempted_at: Option<Timestamp>,
    /// Time from which it is tried next; null if it does not wait, or mail is off.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Time at which the server accepted it; null if it did not. Whether it arrived is not known.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// Time at which it was given up; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
    /// Reply code of the server's last answer (RFC 5321, section 4.2); null without an answer.
    #[schema(required = true)]
    last_status: Option<u16>,
    /// The last answer with its code, or why there was none; null without an attempt.
    #[schema(required = true)]
    last_answer: Option<String>,
}

impl From<domain::mail::Mail> for Mail {
    fn from(mail: domain::mail::Mail) -> Self {
        Self {
            id: mail.id,
            kind: mail.kind.into(),
            recipient: mail.recipient.to_string(),
            account_id: mail.account,
            status: mail.status.into(),
            attempts: mail.attempts,
            created_at: mail.created_at,
            attempted_at: mail.attempted_at,
            next_at: mail.next_at,
            sent_at: mail.sent_at,
            failed_at: mail.failed_at,
            last_status: mail.last_status,
            last_answer: mail.last_answer,
        }
    }
}

/// The link of a mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "url": "https://join.example.org/reset/Wn0xq3m2lJ0QbU5pYgkq8c5l1v8JXr2mT6yQ9aZb3Hs",
    "expires_at": "2026-11-21T11:00:00Z",
}))]
pub struct MailLink {
    /// The address. That of a password reset can't be read again.
    url: String,
    /// Time from which the link is not valid any more; null for one without an end.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<domain::mail::MailLink> for MailLink {
    fn from(link: domain::mail::MailLink) -> Self {
        Self { url: link.url, expires_at: link.expires_at }
    }
}

/// What a mail is for. Later versions may add kinds.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A test of the settings, to the one who asked for it.
    Test,
    /// A link that resets a password.
    PasswordReset,
    /// The password was changed.
    PasswordChanged,
    /// Somebody signed in with a browser that is not known.
    NewSignIn,
    /// Somebody asks the author of an invite for a new link.
    LinkRequested,
    /// A new link, for somebody who asked.
    LinkGranted,
    /// A message that an account caused could not be delivered.
    MailFailed,
    /// A link that verifies the address of a new account.
    Activation,
    /// A link that confirms a new address of an account.
    EmailChange,
    /// The address of an account was changed; to the old one.
    EmailChanged,
    /// An invitation.
    Invitation,
    /// A reminder of an invitation.
    InvitationReminder,
}

impl From<domain::mail::MailKind> for MailKind {
    fn from(kind: domain::mail::MailKind) -> Self {
        use domain::mail::MailKind as Is;
        match kind {
            Is::Test => Self::Test,
            Is::PasswordReset => Self::PasswordReset,
            Is::PasswordChanged => Self::PasswordChanged,
            Is::NewSignIn => Self::NewSignIn,
            Is::LinkRequested => Self::LinkRequested,
            Is::LinkGranted => Self::LinkGranted,
            Is::MailFailed => Self::MailFailed,
            Is::Activation => Self::Activation,
            Is::EmailChange => Self::EmailChange,
            Is::EmailChanged => Self::EmailChanged,
            Is::Invitation => Self::Invitation,
            Is::InvitationReminder => Self::InvitationReminder,
        }
    }
}

/// Status of a mail.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailStatus {
    /// Waits for its first attempt.
    Queued,
    /// The server accepted it.
    Sent,
    /// At least one attempt failed; it is tried again.
    Deferred,
    /// It was given up. It can be sent again.
    Failed,
}

impl From<domain::mail::MailStatus> for MailStatus {
    fn from(status: domain::mail::MailStatus) -> Self {
        use domain::mail::MailStatus as Is;
        match status {
            Is::Queued => Self::Queued,
            Is::Sent => Self::Sent,
            Is::Deferred => Self::Deferred,
            Is::Failed => Self::Failed,
        }
    }
}

page! {
    /// One page of mails.
    Mails {
        /// The mails.
        Mail from domain::mail::Mail
    }
}

/// Filter and page of a list of mails.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailsParams {
    /// Only mails with this status: `queued`, `sent`, `deferred` or `failed`.
    #[param(value_type = Option<MailStatus>)]
    status: Option<String>,
    /// Maximum number of mails; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl MailsParams {
    pub fn parse(self) -> Result<MailQuery, Failure> {
        let mut check = Check::default();
        let status = parameter(&mut check, "status", self.status.as_deref());
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(MailQuery { status, paging }))
    }
}

/// The id of a mail, which is a delivery of the outbox.
pub struct MailId(pub DeliveryId);

impl FromStr for MailId {
    type Err = <DeliveryId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Named for MailId {
    const NAME: &'static str = "message";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_names_of_the_domain() {
        for encryption in domain::mail::Encryption::ALL {
            assert_eq!(serde_json::to_value(MailEncryption::from(encryption)).unwrap(), encryption.as_str());
        }
        for kind in domain::mail::MailKind::ALL {
            assert_eq!(serde_json::to_value(MailKind::from(kind)).unwrap(), kind.as_str());
        }
        for status in domain::mail::MailStatus::ALL {
            assert_eq!(serde_json::to_value(MailStatus::from(status)).unwrap(), status.as_str());
        }
    }
}
