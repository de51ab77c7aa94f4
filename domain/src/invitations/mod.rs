//! Invitations: mails that bring an invite to people. A *mailing* sends to many at once: an invite of their own to each, or the
//! link of one invite to all.

mod draft;
mod recipients;
mod resends;

use serde::{Deserialize, Serialize};

pub use draft::{InvitationsDraft, SendInvitations};
pub use recipients::{
    KNOWN_COLUMNS, MAX_RECIPIENTS, MAX_TEXT, Preview, Recipient, RecipientDraft, Recipients, RowError, SHOWN,
};
pub use resends::{RESEND_PERIOD, RESEND_WAIT, RESENDS_ALLOWED, Resends};

use crate::accounts::{AccountRef, Email};
use crate::ids::{InvitationId, InviteId, MailingId};
use crate::invites::InviteRef;
use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::text::{DisplayName, Label, ParseError, shown_text, stored_text, text_of_lines};
use crate::time::Timestamp;

/// How long before the end of its invite somebody is reminded of an invitation: two days.
pub const REMINDED_BEFORE: std::time::Duration = std::time::Duration::from_hours(48);

/// What the recipients of a mailing get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailingMode {
    /// Each gets an invite of their own, for one use and their address.
    #[default]
    OwnLinks,
    /// All get the link of one invite.
    OneLink,
}

string_enum!(MailingMode { OwnLinks = "own_links", OneLink = "one_link" });

impl MailingMode {
    /// The name of the mode in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OwnLinks => "A link for each",
            Self::OneLink => "One link for all",
        }
    }
}

/// The message of an inviter: plain text of 1 to 1,000 characters with line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonalMessage(String);

impl PersonalMessage {
    /// The most characters.
    pub const MAX: usize = 1_000;

    /// Parses a message as typed. Outer white space is dropped; line breaks become `\n`.
    ///
    /// # Errors
    /// When it is empty, too long, or holds hidden characters other than line breaks.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        text_of_lines(text, Self::MAX).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(PersonalMessage);
shown_text!(PersonalMessage);

/// What became of an invitation ([`InvitationLifecycle::status`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Its mail is not sent yet.
    Queued,
    /// The mail server accepted its mail.
    Sent,
    /// Its mail could not be delivered, or nothing could be sent. The last answer says why.
    Bounced,
    /// The page of its link was opened; perhaps by a program that checks mails.
    Opened,
    /// The recipient has signed up with it, or joined.
    Joined,
    /// Staff revoked it.
    Revoked,
    /// Nothing was sent, because the recipient wants no more invitations.
    Stopped,
}

string_enum!(InvitationStatus {
    Queued = "queued",
    Sent = "sent",
    Bounced = "bounced",
    Opened = "opened",
    Joined = "joined",
    Revoked = "revoked",
    Stopped = "stopped",
});

impl InvitationStatus {
    /// The name of the status in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Sent => "Sent",
            Self::Bounced => "Not delivered",
            Self::Opened => "Opened",
            Self::Joined => "Joined",
            Self::Revoked => "Revoked",
            Self::Stopped => "Unsubscribed",
        }
    }
}

/// What the status of an invitation is derived from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationLifecycle {
    /// When the mail server accepted its latest mail.
    pub sent_at: Option<Timestamp>,
    /// When its latest mail was given up, or when it was found that nothing can be sent.
    pub failed_at: Option<Timestamp>,
    /// When the page of its link was first opened.
    pub opened_at: Option<Timestamp>,
    /// When the recipient joined.
    pub joined_at: Option<Timestamp>,
    /// When staff revoked it.
    pub revoked_at: Option<Timestamp>,
    /// When nothing was sent, because the recipient wants no more invitations.
    pub stopped_at: Option<Timestamp>,
}

impl InvitationLifecycle {
    /// The first that holds: joined, revoked, stopped, opened, bounced, sent, queued.
    #[must_use]
    pub const fn status(&self) -> InvitationStatus {
        if self.joined_at.is_some() {
            InvitationStatus::Joined
        } else if self.revoked_at.is_some() {
            InvitationStatus::Revoked
        } else if self.stopped_at.is_some() {
            InvitationStatus::Stopped
        } else if self.opened_at.is_some() {
            InvitationStatus::Opened
        } else if self.failed_at.is_some() {
            InvitationStatus::Bounced
        } else if self.sent_at.is_some() {
            InvitationStatus::Sent
        } else {
            InvitationStatus::Queued
        }
    }

    /// Whether a mail of it waits to be sent.
    #[must_use]
    pub const fn waits(&self) -> bool {
        let is_over = self.joined_at.is_some() || self.revoked_at.is_some() || self.stopped_at.is_some();
        !is_over && self.sent_at.is_none() && self.failed_at.is_none()
    }

    /// Whether its mail can be sent again.
    #[must_use]
    pub const fn can_resend(&self) -> bool {
        let was_tried = self.sent_at.is_some() || self.failed_at.is_some();
        was_tried
            && matches!(self.status(), InvitationStatus::Sent | InvitationStatus::Opened | InvitationStatus::Bounced)
    }
}

/// An invitation as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The mailing that it belongs to.
    pub mailing: MailingId,
    /// What the recipients of the mailing get.
    pub mode: MailingMode,
    /// Whom it is for.
    pub email: Email,
    /// Their name, if it is known.
    pub name: Option<DisplayName>,
    /// The invite that its link is of, once there is one.
    pub invite: Option<InviteId>,
    /// The status when it was read.
    pub status: InvitationStatus,
    /// The last answer of the mail server, or why nothing was sent. For staff.
    pub last_answer: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the mail server accepted its latest mail.
    pub sent_at: Option<Timestamp>,
    /// When its latest mail was given up, or when it was found that nothing can be sent.
    pub failed_at: Option<Timestamp>,
    /// When the page of its link was first opened.
    pub opened_at: Option<Timestamp>,
    /// When the recipient joined.
    pub joined_at: Option<Timestamp>,
    /// The account that joined.
    pub joined: Option<AccountRef>,
    /// When a reminder was queued.
    pub reminded_at: Option<Timestamp>,
    /// When staff revoked it.
    pub revoked_at: Option<Timestamp>,
    /// When nothing was sent, because the recipient wants no more invitations.
    pub stopped_at: Option<Timestamp>,
}

impl SentInvitation {
    /// What its status is derived from.
    #[must_use]
    pub const fn lifecycle(&self) -> InvitationLifecycle {
        InvitationLifecycle {
            sent_at: self.sent_at,
            failed_at: self.failed_at,
            opened_at: self.opened_at,
            joined_at: self.joined_at,
            revoked_at: self.revoked_at,
            stopped_at: self.stopped_at,
        }
    }

    /// Whether its mail can be sent again.
    #[must_use]
    pub const fn can_resend(&self) -> bool {
        self.lifecycle().can_resend()
    }

    /// Whether a fresh link can be sent, which takes the place of the one that was sent.
    #[must_use]
    pub fn can_send_fresh(&self) -> bool {
        self.can_resend() && self.mode == MailingMode::OwnLinks
    }

    /// Whether it can be revoked: it has a link of its own, or its mail waits.
    #[must_use]
    pub fn can_revoke(&self) -> bool {
        let is_over =
            matches!(self.status, InvitationStatus::Joined | InvitationStatus::Revoked | InvitationStatus::Stopped);
        !is_over && (self.mode == MailingMode::OwnLinks || self.lifecycle().waits())
    }
}

/// A mailing as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// Its id.
    pub id: MailingId,
    /// What its recipients get.
    pub mode: MailingMode,
    /// The account that sends it, which is the author of the invites that are made for it.
    pub created_by: AccountRef,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When everything was given to the queue of mails; `None` while that goes on.
    pub finished_at: Option<Timestamp>,
    /// Why it was stopped before that.
    pub stopped_why: Option<String>,
    /// The invite whose link is sent, if that is one for all.
    pub invite: Option<InviteRef>,
    /// The label of the invites that are made for it.
    pub label: Option<Label>,
    /// The message in its mails.
    pub message: Option<PersonalMessage>,
    /// Whether people are reminded who have not joined.
    pub reminder: bool,
    /// The number of its recipients.
    pub total: u32,
    /// How many of its invitations have each status; those that none has are left out.
    pub counts: Vec<(InvitationStatus, u32)>,
}

impl Mailing {
    /// How many of its invitations have this status.
    #[must_use]
    pub fn count(&self, status: InvitationStatus) -> u32 {
        self.counts.iter().find(|(one, _)| *one == status).map_or(0, |(_, count)| *count)
    }

    /// Whether mails of it are still to be sent.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.count(InvitationStatus::Queued) > 0
    }

    /// How many recipients have not joined and can be sent their mail again.
    #[must_use]
    pub fn can_resend(&self) -> u32 {
        let open = [InvitationStatus::Sent, InvitationStatus::Bounced, InvitationStatus::Opened];
        open.into_iter().map(|status| self.count(status)).sum()
    }
}

/// Filter and page of the list of invitations, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationQuery {
    /// Only those of this mailing.
    #[serde(default)]
    pub mailing: Option<MailingId>,
    /// Only those with this status.
    #[serde(default)]
    pub status: Option<InvitationStatus>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Option<Timestamp> = Some(Timestamp::from_micros(1));

    #[test]
    fn the_status_is_the_first_that_holds() {
        let mut lifecycle = InvitationLifecycle {
            sent_at: AT,
            failed_at: AT,
            opened_at: AT,
            joined_at: AT,
            revoked_at: AT,
            stopped_at: AT,
        };
        assert_eq!(lifecycle.status(), InvitationStatus::Joined);
        lifecycle.joined_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Revoked);
        lifecycle.revoked_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Stopped);
        assert!(!lifecycle.can_resend(), "to those who want no more");
        lifecycle.stopped_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Opened);
        assert!(lifecycle.can_resend());
        lifecycle.opened_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Bounced);
        lifecycle.failed_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Sent);
        assert!(lifecycle.can_resend() && !lifecycle.waits());
        lifecycle.sent_at = None;
        assert_eq!(lifecycle.status(), InvitationStatus::Queued);
        assert!(!lifecycle.can_resend() && lifecycle.waits());
    }

    #[test]
    fn what_was_opened_and_is_sent_again_waits() {
        let lifecycle = InvitationLifecycle { opened_at: AT, ..InvitationLifecycle::default() };
        assert_eq!(lifecycle.status(), InvitationStatus::Opened);
        assert!(lifecycle.waits() && !lifecycle.can_resend());
    }

    #[test]
    fn a_message_keeps_its_lines() {
        assert_eq!(PersonalMessage::parse(" Hello\r\nthere ").unwrap().as_str(), "Hello\nthere");
        for bad in ["", " \n", "a\u{202E}b", &"x".repeat(1_001)] {
            assert!(PersonalMessage::parse(bad).is_err(), "{bad:?}");
        }
    }
}
