//! Invites: who may come in, how many, until when, as what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::{AccountRef, Role};
use crate::ids::InviteId;
use crate::string_enum::string_enum;
use crate::text::{Label, ParseError, parsed_text};
use crate::time::Timestamp;

mod draft;
mod query;

pub use draft::{InviteDraft, InvitePatch, InvitePatchDraft, MAX_EXPIRES_IN_HOURS, NewInvite};
pub use query::{InviteQuery, InviteSort, Order};

/// How long random codes are unless the settings say otherwise, in characters (C1).
pub const DEFAULT_CODE_LENGTH: u8 = 12;

/// The characters of random codes: letters and digits without the ones that are mistaken for each other when a code
/// is read aloud or copied by hand (`0 O 1 I l`). Twelve of these 57 carry 69 bits.
pub const CODE_ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// An invite key as typed or carried by a link: 6 to 64 of `A-Z a-z 0-9 _ -`. Whether it lets anyone in, the
/// database knows.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteCode(String);

impl InviteCode {
    /// Parses a key; outer white space is dropped.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let fits = (6..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("A code has 6 to 64 letters, digits, dashes or underscores.".to_owned()))
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form staff's own codes are compared by; random codes are compared as they are.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

parsed_text!(InviteCode);

impl fmt::Debug for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteCode(…)")
    }
}

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Drawn at random: hard to guess, so its holder is told plainly what is wrong with it.
    Random,
    /// Chosen by staff: easy to guess, so a wrong one gets the uniform sentence.
    Own,
}

/// Where an invite stands, derived from its timestamps, its uses and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Gone for good; the ledger still names it.
    Deleted,
    /// Stopped until someone resumes it.
    Paused,
    /// Not yet.
    Scheduled,
    /// No longer.
    Expired,
    /// Everyone it had room for is in.
    UsedUp,
    /// Lets people in.
    Active,
}

string_enum!(InviteStatus { Active = "active", Scheduled = "scheduled", Paused = "paused", Expired = "expired", UsedUp = "used_up", Deleted = "deleted" });

impl InviteStatus {
    /// The status as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Deleted => "Deleted",
            Self::Paused => "Paused",
            Self::Scheduled => "Scheduled",
            Self::Expired => "Expired",
            Self::UsedUp => "Used up",
            Self::Active => "Live",
        }
    }
}

/// What decides whether an invite lets anyone in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// How many came by it.
    pub used: u32,
    /// How many may; any number if absent.
    pub max_uses: Option<u32>,
    /// From when.
    pub starts_at: Option<Timestamp>,
    /// Until when; that instant itself is too late.
    pub expires_at: Option<Timestamp>,
    /// When it was paused, if it is.
    pub paused_at: Option<Timestamp>,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

impl Lifecycle {
    /// The first that holds: deleted, paused, scheduled, expired, used up, active.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InviteStatus {
        if self.deleted_at.is_some() {
            InviteStatus::Deleted
        } else if self.paused_at.is_some() {
            InviteStatus::Paused
        } else if self.starts_at.is_some_and(|starts_at| starts_at > now) {
            InviteStatus::Scheduled
        } else if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            InviteStatus::Expired
        } else if self.max_uses.is_some_and(|max_uses| self.used >= max_uses) {
            InviteStatus::UsedUp
        } else {
            InviteStatus::Active
        }
    }
}

/// An invite as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// The key, or `None` once it is deleted: then no copy of it is left.
    pub code: Option<InviteCode>,
    /// The link to share, or `None` once it is deleted.
    pub url: Option<String>,
    /// Where the key comes from.
    pub code_kind: CodeKind,
    /// What staff call it.
    pub label: Option<Label>,
    /// What those who come by it become.
    pub role: Role,
    /// How many came by it.
    pub used: u32,
    /// How many may; any number if absent.
    pub max_uses: Option<u32>,
    /// From when, if not from the start.
    pub starts_at: Option<Timestamp>,
    /// Until when, if not forever.
    pub expires_at: Option<Timestamp>,
    /// When it was paused, if it is.
    pub paused_at: Option<Timestamp>,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: AccountRef,
    /// Where it stood when this was read.
    pub status: InviteStatus,
}

impl Invite {
    /// What staff call it, or its key, or, once that is gone, that it is gone.
    #[must_use]
    pub fn title(&self) -> &str {
        match (&self.label, &self.code) {
            (Some(label), _) => label.as_str(),
            (None, Some(code)) => code.as_str(),
            (None, None) => "Deleted invite",
        }
    }
}

/// As much of an invite as is needed to name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRef {
    /// Its id.
    pub id: InviteId,
    /// What staff call it.
    pub label: Option<Label>,
    /// The key, unless the invite is deleted.
    pub code: Option<InviteCode>,
}

impl InviteRef {
    /// What staff call it, or its key, or, once that is gone, that it is gone.
    #[must_use]
    pub fn title(&self) -> &str {
        match (&self.label, &self.code) {
            (Some(label), _) => label.as_str(),
            (None, Some(code)) => code.as_str(),
            (None, None) => "Deleted invite",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn at(offset_seconds: i64) -> Timestamp {
        Timestamp::from_micros(NOW.as_micros() + offset_seconds * 1_000_000)
    }

    #[test]
    fn status_is_the_first_that_holds() {
        let mut invite = Lifecycle {
            used: 1,
            max_uses: Some(1),
            starts_at: Some(at(1)),
            expires_at: Some(at(0)),
            paused_at: Some(at(-1)),
            deleted_at: Some(at(-1)),
        };
        assert_eq!(invite.status(NOW), InviteStatus::Deleted);
        invite.deleted_at = None;
        assert_eq!(invite.status(NOW), InviteStatus::Paused);
        invite.paused_at = None;
        assert_eq!(invite.status(NOW), InviteStatus::Scheduled);
        invite.starts_at = Some(at(0));
        assert_eq!(invite.status(NOW), InviteStatus::Expired, "the last instant itself is too late");
        invite.expires_at = Some(at(1));
        assert_eq!(invite.status(NOW), InviteStatus::UsedUp);
        invite.max_uses = Some(2);
        assert_eq!(invite.status(NOW), InviteStatus::Active);
    }

    #[test]
    fn a_code_is_never_shown_by_debug() {
        assert_eq!(format!("{:?}", InviteCode::parse("7QmX2pVd9KtR").unwrap()), "InviteCode(…)");
    }
}
