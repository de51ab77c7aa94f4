//! Invites: what they allow, their status, their codes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRef;
use crate::ids::InviteId;
use crate::string_enum::string_enum;
use crate::text::{Label, ParseError, parsed_text};
use crate::time::Timestamp;

mod query;
mod terms;

pub use query::{InviteCounts, InviteQuery, InviteSort, Order};
pub use terms::{InviteDraft, MAX_EXPIRES_IN_HOURS, NewInvite, SUGGESTED_EXPIRES_IN_HOURS, SUGGESTED_MAX_USES, Terms};

/// Length of random codes unless the settings say otherwise, in characters (C1).
pub const DEFAULT_CODE_LENGTH: u8 = 12;

/// The characters of random codes: letters and digits without the ones that are mistaken for each other when a code
/// is read aloud or copied by hand (`0 O 1 I l`). Twelve of these 57 carry 69 bits.
pub const CODE_ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Invite code, as typed or carried by an invite link: 6 to 64 of `A-Z a-z 0-9 _ -`. Whether an invite has it, the
/// database knows.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteCode(String);

impl InviteCode {
    /// Parses a code; outer white space is dropped.
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

    /// The code in typed or pasted text, which may be an invite link in any of its forms: `…/inv/CODE`, `…/inv?=CODE`,
    /// `…/inv?key=CODE`, `…/signup?inv=CODE`. `None` if there is none that could be valid.
    #[must_use]
    pub fn pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.contains('/') {
            return Self::parse(text).ok();
        }
        let link = text.split('#').next().unwrap_or_default();
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let in_query = query.split('&').filter_map(|pair| pair.split_once('='));
        let in_query = in_query.filter(|(name, _)| matches!(*name, "" | "inv" | "key")).map(|(_, code)| code);
        let in_path = path.rsplit_once("/inv/").map(|(_, code)| code.trim_end_matches('/'));
        in_query.chain(in_path).find_map(|code| Self::parse(code).ok())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Lower-case form, by which codes chosen by staff are compared; random codes are compared as they are.
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

/// Origin of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Drawn at random: hard to guess, so its holder is told the invite's status.
    Random,
    /// Chosen by staff: easy to guess, so a code that does not work is answered like one that does not exist.
    Own,
}

/// Status of an invite, derived from its timestamps, its uses and the clock ([`Lifecycle::status`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Deleted for good; its redemptions still name it.
    Deleted,
    /// Cannot be used until staff resume it.
    Paused,
    /// Its start is in the future.
    Scheduled,
    /// Its end has passed.
    Expired,
    /// Its maximum uses are reached.
    UsedUp,
    /// Can be used.
    Active,
}

string_enum!(InviteStatus { Active = "active", Scheduled = "scheduled", Paused = "paused", Expired = "expired", UsedUp = "used_up", Deleted = "deleted" });

impl InviteStatus {
    /// The status as the interface shows it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Deleted => "Deleted",
            Self::Paused => "Paused",
            Self::Scheduled => "Scheduled",
            Self::Expired => "Expired",
            Self::UsedUp => "Used up",
            Self::Active => "Active",
        }
    }
}

/// What the status of an invite is derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// Uses so far.
    pub used: u32,
    /// Maximum uses; `None` is unlimited.
    pub max_uses: Option<u32>,
    /// Start; `None` is at once.
    pub starts_at: Option<Timestamp>,
    /// End, exclusive; `None` is never.
    pub expires_at: Option<Timestamp>,
    /// Time it was paused, if it is paused.
    pub paused_at: Option<Timestamp>,
    /// Time it was deleted, if it is deleted.
    pub deleted_at: Option<Timestamp>,
}

impl Lifecycle {
    /// The first that holds: deleted, expired, used up, paused, scheduled, active (`docs/adr/0013`).
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InviteStatus {
        if self.deleted_at.is_some() {
            InviteStatus::Deleted
        } else if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            InviteStatus::Expired
        } else if self.max_uses.is_some_and(|max_uses| self.used >= max_uses) {
            InviteStatus::UsedUp
        } else if self.paused_at.is_some() {
            InviteStatus::Paused
        } else if self.starts_at.is_some_and(|starts_at| starts_at > now) {
            InviteStatus::Scheduled
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
    /// Invite code; `None` once the invite is deleted: no copy is kept.
    pub code: Option<InviteCode>,
    /// Invite link; `None` once the invite is deleted.
    pub url: Option<String>,
    /// Origin of the code.
    pub code_kind: CodeKind,
    /// What it allows.
    pub terms: Terms,
    /// Uses so far.
    pub used: u32,
    /// Time it was paused, if it is paused.
    pub paused_at: Option<Timestamp>,
    /// Time it was deleted, if it is deleted.
    pub deleted_at: Option<Timestamp>,
    /// Time it was created.
    pub created_at: Timestamp,
    /// Account that created it.
    pub created_by: AccountRef,
    /// Status when it was read.
    pub status: InviteStatus,
}

impl Invite {
    /// Its label, or else its code, or else "Deleted invite".
    #[must_use]
    pub fn title(&self) -> &str {
        title(self.terms.label.as_ref(), self.code.as_ref())
    }
}

/// As much of an invite as is needed to name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRef {
    /// Its id.
    pub id: InviteId,
    /// Name of the invite among staff.
    pub label: Option<Label>,
    /// Invite code; `None` once the invite is deleted.
    pub code: Option<InviteCode>,
}

impl InviteRef {
    /// Its label, or else its code, or else "Deleted invite".
    #[must_use]
    pub fn title(&self) -> &str {
        title(self.label.as_ref(), self.code.as_ref())
    }
}

fn title<'a>(label: Option<&'a Label>, code: Option<&'a InviteCode>) -> &'a str {
    match (label, code) {
        (Some(label), _) => label.as_str(),
        (None, Some(code)) => code.as_str(),
        (None, None) => "Deleted invite",
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
        assert_eq!(
            invite.status(NOW),
            InviteStatus::Expired,
            "the end itself is too late, and a pause does not hide it"
        );
        invite.expires_at = Some(at(1));
        assert_eq!(invite.status(NOW), InviteStatus::UsedUp);
        invite.max_uses = Some(2);
        assert_eq!(invite.status(NOW), InviteStatus::Paused);
        invite.paused_at = None;
        assert_eq!(invite.status(NOW), InviteStatus::Scheduled);
        invite.starts_at = Some(at(0));
        assert_eq!(invite.status(NOW), InviteStatus::Active);
    }

    proptest::proptest! {
        #[test]
        fn what_is_over_says_so_whether_it_is_paused_or_not(
            used in 0_u32..3, max_uses in proptest::option::of(1_u32..3), starts in proptest::option::of(-2_i64..3),
            ends in proptest::option::of(-2_i64..3), paused: bool,
        ) {
            let paused_at = paused.then_some(at(-1));
            let invite = Lifecycle {
                used, max_uses, starts_at: starts.map(at), expires_at: ends.map(at), paused_at, deleted_at: None,
            };
            let over = [InviteStatus::Expired, InviteStatus::UsedUp];
            let running = Lifecycle { paused_at: None, ..invite };
            if over.contains(&running.status(NOW)) {
                proptest::prop_assert_eq!(invite.status(NOW), running.status(NOW));
            } else if paused {
                proptest::prop_assert_eq!(invite.status(NOW), InviteStatus::Paused);
            }
        }
    }

    #[test]
    fn a_code_is_found_in_a_pasted_link() {
        for text in [
            "7QmX2pVd9KtR",
            "  7QmX2pVd9KtR\n",
            "https://join.example.org/inv/7QmX2pVd9KtR",
            " https://join.example.org/inv/7QmX2pVd9KtR/ ",
            "join.example.org/inv/7QmX2pVd9KtR?utm_source=mail#top",
            "https://join.example.org/inv?=7QmX2pVd9KtR",
            "https://join.example.org/inv?key=7QmX2pVd9KtR",
            "https://join.example.org/signup?utm_source=mail&inv=7QmX2pVd9KtR",
            "/signup?inv=7QmX2pVd9KtR",
        ] {
            assert_eq!(InviteCode::pasted(text), InviteCode::parse("7QmX2pVd9KtR").ok(), "{text}");
        }
        for text in
            ["", "/", "open evening", "https://join.example.org/other", "https://join.example.org/inv/", "//?=&inv="]
        {
            assert_eq!(InviteCode::pasted(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_never_shown_by_debug() {
        assert_eq!(format!("{:?}", InviteCode::parse("7QmX2pVd9KtR").unwrap()), "InviteCode(…)");
    }
}
