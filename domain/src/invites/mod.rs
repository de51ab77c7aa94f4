//! Invites: what they allow, their status, their codes.

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRef;
use crate::groups::GroupRef;
use crate::ids::InviteId;
pub use crate::invite_ref::{CODE_ALPHABET, CodeKind, DEFAULT_CODE_LENGTH, InviteCode, InviteRef};
use crate::string_enum::string_enum;
use crate::text::ApplicationName;
use crate::time::Timestamp;

mod bulk;
mod draft;
mod ends;
mod limits;
mod person;
mod query;
mod terms;

pub use bulk::{
    BulkAct, BulkAction, BulkChange, BulkDraft, BulkOutcome, BulkRefusal, BulkSelection, MAX_EXTENSION_DAYS, NewEnd,
};
pub use draft::{InviteDraft, NewInvite, OWN_CODE_OF_ADMIN};
pub use ends::{AccessEnd, AccessOf, Ends, EndsDraft, MAX_ACCESS_DAYS};
pub use limits::{
    AgeDays, Allowance, Bounded, LifetimeDays, MemberLimits, QuotaLeft, QuotaPeriod, QuotaSize, UsesLimit,
    account_too_new,
};
pub use person::KnownPerson;
pub use query::{InviteList, InviteQuery, InviteSort, OwnInvites};
pub use terms::{
    Answers, MAX_EMAIL_DOMAINS, MAX_EXPIRES_IN_HOURS, MAX_GROUPS, NEW_LINK_LASTS, SUGGESTED_EXPIRES_IN_HOURS,
    SUGGESTED_MAX_USES, Terms,
};

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
    /// Invite code; `None` for those who may not read it, and once the invite is deleted: no copy is kept.
    pub code: Option<InviteCode>,
    /// Invite link; `None` whenever `code` is.
    pub url: Option<String>,
    /// Origin of the code.
    pub code_kind: CodeKind,
    /// What it allows.
    pub terms: Terms,
    /// The groups of [`Terms::groups`] with their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_refs: Vec<GroupRef>,
    /// The application that [`Terms::after`] leads to, if it leads to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationName>,
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
    /// Its label, or else its code, or else "Unnamed invite".
    #[must_use]
    pub fn title(&self) -> &str {
        crate::invite_ref::title(self.terms.label.as_ref(), self.code.as_ref())
    }

    /// A reference to the invite.
    #[must_use]
    pub fn reference(&self) -> InviteRef {
        InviteRef { id: self.id, label: self.terms.label.clone(), code: self.code.clone() }
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
}
