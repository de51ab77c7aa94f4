//! Mail: messages to the e-mail addresses of accounts, which a mail server accepts and passes on (SMTP, RFC 5321).

mod kind;
mod settings;
mod url;

use serde::{Deserialize, Serialize};

pub use kind::{MailKind, MailStatus};
pub use settings::{
    Encryption, MailDraft, MailTerms, MailView, SmtpHost, SmtpLogin, SmtpPassword, UNENCRYPTED_PASSWORD,
};
pub use url::parse_url;

use crate::accounts::Email;
use crate::ids::{AccountId, DeliveryId};
use crate::paging::Paging;
use crate::time::Timestamp;

/// A mail as staff see it, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its id, which is the left part of its `Message-ID` and the same in every attempt.
    pub id: DeliveryId,
    /// What it is for.
    pub kind: MailKind,
    /// Whom it is sent to.
    pub recipient: Email,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The status when it was read.
    pub status: MailStatus,
    /// The number of attempts.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was tried last.
    pub attempted_at: Option<Timestamp>,
    /// When it is tried next, at the earliest; `None` if it does not wait, or mail is off.
    pub next_at: Option<Timestamp>,
    /// When the mail server accepted it.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub failed_at: Option<Timestamp>,
    /// The reply code of the mail server (RFC 5321, section 4.2); `None` without a reply.
    pub last_status: Option<u16>,
    /// The last reply, or why there was none. For staff.
    pub last_answer: Option<String>,
}

/// A message with the link of an invite that was given up, as who manages the invite sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Whom it was sent to.
    pub recipient: Email,
    /// The last answer of the mail server, or why there was none.
    pub answer: Option<String>,
}

/// The link that a mail has, or one in its place, to be sent in another way.
#[derive(Clone, PartialEq, Eq)]
pub struct MailLink {
    /// The address.
    pub url: String,
    /// Its end, exclusive; `None` is never.
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for MailLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailLink(…)")
    }
}

/// Filter and page of the list of mails, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailQuery {
    /// Only mails with this status.
    #[serde(default)]
    pub status: Option<MailStatus>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}
