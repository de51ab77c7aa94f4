//! Requests to the authors of invites: of members, to be added to the groups of one ([`crate::joining`]); and of anyone who has a
//! link that lets no one in any more, for a new link.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::accounts::Email;
use crate::failure::{Check, Failure};
use crate::ids::{InviteId, InviteRequestId};
use crate::invites::{Invite, InviteRef, InviteStatus};
use crate::joining::{JoinRequest, RequestStatus};
use crate::mail::Undelivered;
use crate::paging::Paging;
use crate::text::RequestNote;
use crate::time::Timestamp;

/// The most requests for a new link of one invite that wait for an answer.
pub const MAX_OPEN_PER_INVITE: u64 = 100;
/// How long a request for a new link is kept after its answer; it has an e-mail address.
pub const KEPT_AFTER_ANSWER: Duration = Duration::from_hours(30 * 24);

/// How often the author of an invite gets mail about requests for a new link of it, at most: who has its link can ask in the name
/// of many addresses. All requests are in the dashboard.
pub const MAILED_EVERY: Duration = Duration::from_hours(1);

/// Whether a new link can be asked for while the invite has this status: it was of use, and its author can replace it.
#[must_use]
pub const fn can_be_asked_for(status: InviteStatus) -> bool {
    match status {
        InviteStatus::Expired | InviteStatus::UsedUp | InviteStatus::Paused => true,
        InviteStatus::Deleted | InviteStatus::Scheduled | InviteStatus::Active => false,
    }
}

/// A request for a new link, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviteRequestDraft {
    /// Where the new link is sent, and the only address that it is for.
    pub email: String,
    /// A note for the author; may be empty.
    pub note: String,
}

impl InviteRequestDraft {
    /// Parses the form.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `email`, `note` or both.
    pub fn parse(&self) -> Result<NewInviteRequest, Failure> {
        let mut check = Check::default();
        let email = check.take("email", Email::parse(&self.email));
        let typed = Some(self.note.as_str()).filter(|note| !note.trim().is_empty());
        let note = typed.and_then(|note| check.take("note", RequestNote::parse(note)));
        check.finish(email.map(|email| NewInviteRequest { email, note }))
    }
}

/// A request for a new link, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInviteRequest {
    /// The address that the new link is for. Nobody has verified it.
    pub email: Email,
    /// A note for the author.
    pub note: Option<RequestNote>,
}

/// Somebody's request for a new link, as the author of the invite sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRequest {
    /// The request's id.
    pub id: InviteRequestId,
    /// The invite whose link lets no one in any more.
    pub invite: InviteRef,
    /// Who asks. Nobody has verified the address.
    pub email: Email,
    /// What they say.
    pub note: Option<RequestNote>,
    /// When the request was made.
    pub created_at: Timestamp,
    /// What became of it.
    pub status: RequestStatus,
    /// When it was answered.
    pub decided_at: Option<Timestamp>,
    /// The invite that was made for it.
    pub granted_invite: Option<InviteId>,
}

/// A request that was granted, and the invite that was made for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedRequest {
    /// The request as it is now.
    pub request: InviteRequest,
    /// The new invite.
    pub invite: Invite,
}

/// Which requests for new links are listed, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InviteRequestQuery {
    /// Only those that wait for an answer.
    pub open: bool,
    /// Which page.
    pub paging: Paging,
}

/// A request to the author of an invite, of either kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A member asks to be added to its groups.
    Join(JoinRequest),
    /// Somebody asks for a new link.
    Link(InviteRequest),
}

impl Request {
    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        match self {
            Self::Join(request) => request.created_at,
            Self::Link(request) => request.created_at,
        }
    }
}

/// Some requests that wait for an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// The requests.
    pub items: Vec<Request>,
    /// Whether there are more.
    pub more: bool,
    /// The message with the link of the invite, if it was made for a request and the message was given up.
    #[serde(default)]
    pub undelivered: Option<Undelivered>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn parse(email: &str, note: &str) -> Result<NewInviteRequest, Failure> {
        InviteRequestDraft { email: email.to_owned(), note: note.to_owned() }.parse()
    }

    #[test]
    fn a_request_has_an_address_and_perhaps_a_note() {
        let bare = parse(" mateo@postbox.example ", " \t").unwrap();
        assert_eq!((bare.email.as_str(), bare.note), ("mateo@postbox.example", None));
        let noted = parse("mateo@postbox.example", " Mine is over. ").unwrap();
        assert_eq!(noted.note.unwrap().as_str(), "Mine is over.");
        assert!(parse("mateo@postbox.example", &"x".repeat(200)).is_ok());
    }

    #[test]
    fn every_wrong_field_is_reported() {
        for note in ["x".repeat(201).as_str(), "a\nb", "a\u{202E}b", "a\u{200B}b", "a\u{7}b"] {
            let failure = parse("mateo", note).unwrap_err();
            assert_eq!((failure.code, failure.fields.len()), (Code::Invalid, 2), "{note:?}");
            assert!(failure.field_error("email").is_some() && failure.field_error("note").is_some());
        }
        assert!(parse("", "").unwrap_err().field_error("email").is_some());
    }

    #[test]
    fn what_is_over_can_be_asked_for_and_what_is_gone_cannot() {
        let can = InviteStatus::ALL.iter().filter(|status| can_be_asked_for(**status)).count();
        assert_eq!(can, 3);
        assert!(!can_be_asked_for(InviteStatus::Deleted) && !can_be_asked_for(InviteStatus::Active));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(email in ".*", note in ".*") {
            let _ = parse(&email, &note);
        }

        #[test]
        fn what_is_parsed_is_short_and_shows(note in "\\PC{0,220}") {
            if let Ok(NewInviteRequest { note: Some(note), .. }) = parse("mateo@postbox.example", &note) {
                proptest::prop_assert!((1..=RequestNote::MAX).contains(&note.as_str().chars().count()));
                proptest::prop_assert!(!note.as_str().chars().any(crate::text::is_hidden));
            }
        }
    }
}
