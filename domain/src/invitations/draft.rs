//! Invitations to be sent, as typed.

use serde::{Deserialize, Serialize};

use super::recipients::{self, RecipientDraft, Recipients};
use super::{MailingMode, PersonalMessage};
use crate::failure::{Check, Failure};
use crate::ids::{InviteId, MailingId};
use crate::invites::InviteDraft;

/// Invitations to be sent, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationsDraft {
    /// An id that the caller makes, any UUID: what is sent twice with one id is sent once.
    pub id: MailingId,
    /// What the recipients get.
    pub mode: MailingMode,
    /// The invite whose link all get; or, where each gets an invite of their own, the one whose terms these have.
    #[serde(default)]
    pub invite: Option<InviteId>,
    /// The terms of the invites, where each gets one of their own. Together with `invite` a change of its terms. An e-mail
    /// address and a number of uses in it do not count.
    #[serde(default)]
    pub terms: Option<InviteDraft>,
    /// The recipients: lines of addresses, with names or without, or CSV with a line that names the columns.
    #[serde(default)]
    pub text: String,
    /// The recipients one by one, besides those in `text`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<RecipientDraft>,
    /// The message; may be empty.
    #[serde(default)]
    pub message: String,
    /// Whether what is known of the recipients is fixed; otherwise they may change it.
    #[serde(default)]
    pub locked: bool,
    /// Whether people are reminded who have not joined.
    #[serde(default)]
    pub reminder: bool,
    /// Whether to send although some recipients could not be read, to the others.
    #[serde(default)]
    pub skip_errors: bool,
}

impl InvitationsDraft {
    /// A draft in which nothing is typed yet.
    #[must_use]
    pub fn new(id: MailingId, mode: MailingMode) -> Self {
        Self {
            id,
            mode,
            invite: None,
            terms: None,
            text: String::new(),
            recipients: Vec::new(),
            message: String::new(),
            locked: false,
            reminder: false,
            skip_errors: false,
        }
    }

    /// The recipients.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `text` when that is too long, or there are more than [`super::MAX_RECIPIENTS`].
    pub fn recipients(&self) -> Result<Recipients, Failure> {
        let mut check = Check::default();
        let parsed = check.take("text", recipients::parse(&self.text, &self.recipients, self.mode));
        check.finish(parsed)
    }

    /// Parses the draft. Its terms are parsed by the service, which knows those of [`invite`](Self::invite).
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under each wrong field; under `text` if there is no recipient, or if some could not be read and
    /// are not to be skipped.
    pub fn parse(&self) -> Result<SendInvitations, Failure> {
        let mut check = Check::default();
        let recipients = check.take("text", recipients::parse(&self.text, &self.recipients, self.mode));
        if let Some(recipients) = &recipients {
            if recipients.error_count > 0 && !self.skip_errors {
                let why = "Some recipients could not be read. Correct them, or send to the others.";
                check.add_error("text", why);
            } else if recipients.recipients.is_empty() {
                check.add_error("text", "Enter at least one e-mail address.");
            }
        }
        let typed = Some(self.message.as_str()).filter(|message| !message.trim().is_empty());
        let message = typed.and_then(|message| check.take("message", PersonalMessage::parse(message)));
        match self.mode {
            MailingMode::OneLink if self.invite.is_none() => check.add_error("invite", "Choose an invite."),
            MailingMode::OneLink if self.terms.is_some() => {
                check.add_error("terms", "The link of one invite is sent, which has its own terms. Leave these out.");
            }
            MailingMode::OwnLinks if self.invite.is_none() && self.terms.is_none() => {
                check.add_error("terms", "Choose what the invites allow.");
            }
            MailingMode::OneLink | MailingMode::OwnLinks => {}
        }
        check.finish(recipients.map(|Recipients { recipients, .. }| SendInvitations { recipients, message }))
    }
}

/// Invitations to be sent, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendInvitations {
    /// The recipients, each address once.
    pub recipients: Vec<super::Recipient>,
    /// The message.
    pub message: Option<PersonalMessage>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(mode: MailingMode) -> InvitationsDraft {
        let id = MailingId(uuid::Uuid::from_u128(1));
        InvitationsDraft { text: "ada@example.org".into(), ..InvitationsDraft::new(id, mode) }
    }

    #[test]
    fn what_is_missing_is_reported_under_its_field() {
        let wrong = |draft: InvitationsDraft, field: &str| {
            let failure = draft.parse().unwrap_err();
            assert!(failure.field_error(field).is_some(), "{field}: {failure:?}");
        };
        let own = || InvitationsDraft { terms: Some(InviteDraft::default()), ..draft(MailingMode::OwnLinks) };
        assert_eq!(own().parse().unwrap().recipients.len(), 1);
        wrong(draft(MailingMode::OwnLinks), "terms");
        wrong(draft(MailingMode::OneLink), "invite");
        let invite = Some(InviteId(uuid::Uuid::from_u128(2)));
        assert!(InvitationsDraft { invite, ..draft(MailingMode::OneLink) }.parse().is_ok());
        assert!(InvitationsDraft { invite, ..draft(MailingMode::OwnLinks) }.parse().is_ok());
        wrong(InvitationsDraft { invite, terms: Some(InviteDraft::default()), ..draft(MailingMode::OneLink) }, "terms");
        wrong(InvitationsDraft { text: " ".into(), ..own() }, "text");
        wrong(InvitationsDraft { message: "x".repeat(1_001), ..own() }, "message");
    }

    #[test]
    fn nothing_is_sent_while_there_are_errors_unless_they_are_skipped() {
        let terms = Some(InviteDraft::default());
        let draft = InvitationsDraft { text: "ada@example.org\nnobody".into(), terms, ..draft(MailingMode::OwnLinks) };
        assert!(draft.parse().unwrap_err().field_error("text").is_some());
        assert_eq!(InvitationsDraft { skip_errors: true, ..draft }.parse().unwrap().recipients.len(), 1);
    }
}
