//! The same act on several invites.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{InviteQuery, Terms};
use crate::failure::{Check, Code, Failure};
use crate::ids::InviteId;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// The most days by which invites are extended at once: a year, as for a new invite.
pub const MAX_EXTENSION_DAYS: u16 = 365;

/// What can be done with several invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// They cannot be used until they are resumed.
    Pause,
    /// They can be used again.
    Resume,
    /// They end later.
    Extend,
    /// They cannot be used any more, for good.
    Delete,
}

string_enum!(BulkAction { Pause = "pause", Resume = "resume", Extend = "extend", Delete = "delete" });

/// What is done with each of several invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// [`BulkAction::Pause`].
    Pause,
    /// [`BulkAction::Resume`].
    Resume,
    /// [`BulkAction::Extend`].
    Extend(NewEnd),
    /// [`BulkAction::Delete`].
    Delete,
}

/// The new end of invites that have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewEnd {
    /// This instant.
    At(Timestamp),
    /// So many days after the present end or, where that has passed, after now: 1 to [`MAX_EXTENSION_DAYS`].
    ByDays(u16),
}

impl NewEnd {
    /// The new end of an invite that ends at `present`.
    #[must_use]
    pub fn after(self, present: Timestamp, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::ByDays(days) => present.max(now).plus(Duration::from_hours(u64::from(days) * 24)),
        }
    }

    /// The terms of an invite with the new end; `None` where they stay, because the invite never ends, or not before.
    ///
    /// # Errors
    /// [`Code::Invalid`] as for [`Terms::extended`]: the access that the invite gives ends earlier.
    pub fn apply(self, terms: &Terms, now: Timestamp) -> Result<Option<Terms>, Failure> {
        let Some(present) = terms.expires_at else { return Ok(None) };
        let end = self.after(present, now);
        if end <= present {
            return Ok(None);
        }
        terms.clone().extended(Some(end), now).map(Some)
    }
}

/// Which invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkSelection {
    /// These, each once, at most [`BulkDraft::MAX`].
    Ids(Vec<InviteId>),
    /// Those that a list would have, on any of its pages.
    Matching(InviteQuery),
}

/// An act on several invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChange {
    /// What is done with each.
    pub act: BulkAct,
    /// Which.
    pub selection: BulkSelection,
    /// The instant at which the caller counted them. Invites that were created since are left out, and those that were
    /// changed since are not extended by days: a request that is repeated does not extend them twice. The present if absent.
    pub as_of: Option<Timestamp>,
}

/// An act on several invites as typed: either `ids` or `matching`; for an extension either `expires_at` or `days`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkDraft {
    /// What is done.
    pub action: BulkAction,
    /// [`BulkSelection::Ids`].
    #[serde(default)]
    pub ids: Option<Vec<InviteId>>,
    /// [`BulkSelection::Matching`]; its order and its page do not matter.
    #[serde(default)]
    pub matching: Option<InviteQuery>,
    /// [`BulkChange::as_of`].
    #[serde(default)]
    pub as_of: Option<Timestamp>,
    /// [`NewEnd::At`], in RFC 3339.
    #[serde(default)]
    pub expires_at: Option<String>,
    /// [`NewEnd::ByDays`].
    #[serde(default)]
    pub days: Option<i64>,
}

impl BulkDraft {
    /// The most invites that are named.
    pub const MAX: usize = 500;

    /// Parses the draft at the instant `now`.
    ///
    /// # Errors
    /// [`Code::Invalid`] under each wrong field.
    pub fn parse(self, now: Timestamp) -> Result<BulkChange, Failure> {
        let Self { action, ids, matching, as_of, expires_at, days } = self;
        let mut check = Check::default();
        let selection = match (ids, matching) {
            (Some(mut ids), None) => {
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() || ids.len() > Self::MAX {
                    check.add_error("ids", format!("Choose 1 to {} invites.", Self::MAX));
                }
                Some(BulkSelection::Ids(ids))
            }
            (None, Some(query)) => Some(BulkSelection::Matching(query)),
            (ids, _) => {
                let why =
                    if ids.is_some() { "Give either ids or matching, not both." } else { "Give ids or matching." };
                check.add_error("ids", why);
                None
            }
        };
        let end = match (action, expires_at, days) {
            (BulkAction::Extend, Some(at), None) => {
                check.take("expires_at", super::draft::parse_future(&at, now)).map(NewEnd::At)
            }
            (BulkAction::Extend, None, Some(days)) => {
                let days = u16::try_from(days).ok().filter(|days| (1..=MAX_EXTENSION_DAYS).contains(days));
                if days.is_none() {
                    check.add_error("days", format!("Enter 1 to {MAX_EXTENSION_DAYS} days (a year)."));
                }
                days.map(NewEnd::ByDays)
            }
            (BulkAction::Extend, at, _) => {
                let both = "Give either expires_at or days, not both.";
                check.add_error("expires_at", if at.is_some() { both } else { "Give expires_at or days." });
                None
            }
            (_, at, days) => {
                for (field, given) in [("expires_at", at.is_some()), ("days", days.is_some())] {
                    if given {
                        check.add_error(field, "Only the action extend has this.");
                    }
                }
                None
            }
        };
        let act = match action {
            BulkAction::Pause => Some(BulkAct::Pause),
            BulkAction::Resume => Some(BulkAct::Resume),
            BulkAction::Delete => Some(BulkAct::Delete),
            BulkAction::Extend => end.map(BulkAct::Extend),
        };
        let change = act.zip(selection).map(|(act, selection)| BulkChange { act, selection, as_of });
        check.finish(change)
    }
}

/// Invites that stay as they are for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRefusal {
    /// Why, as for one invite.
    pub code: Code,
    /// How many.
    pub count: u32,
}

/// What became of an act on several invites, or what would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkOutcome {
    /// Invites that were changed.
    pub changed: u32,
    /// Invites that were so already.
    pub unchanged: u32,
    /// Invites that could not be changed.
    pub refused: Vec<BulkRefusal>,
    /// Whether there are more, which were not counted.
    pub more: bool,
    /// The instant of [`BulkChange::as_of`].
    pub as_of: Timestamp,
}

impl BulkOutcome {
    /// Of no invites.
    #[must_use]
    pub const fn new(as_of: Timestamp) -> Self {
        Self { changed: 0, unchanged: 0, refused: Vec::new(), more: false, as_of }
    }

    /// Counts an invite that could not be changed.
    pub fn refuse(&mut self, code: Code) {
        match self.refused.iter_mut().find(|refusal| refusal.code == code) {
            Some(refusal) => refusal.count += 1,
            None => self.refused.push(BulkRefusal { code, count: 1 }),
        }
    }

    /// The number of invites that could not be changed.
    #[must_use]
    pub fn refusals(&self) -> u32 {
        self.refused.iter().map(|refusal| refusal.count).sum()
    }

    /// The number of invites that were looked at.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.changed + self.unchanged + self.refusals()
    }

    /// Counts those of another outcome as well.
    pub fn add(&mut self, other: Self) {
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        for BulkRefusal { code, count } in other.refused {
            match self.refused.iter_mut().find(|refusal| refusal.code == code) {
                Some(refusal) => refusal.count += count,
                None => self.refused.push(BulkRefusal { code, count }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invites::{AccessEnd, AccessOf, Ends};

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(NOW.as_micros() + seconds * 1_000_000)
    }

    fn draft(json: &str) -> Result<BulkChange, Failure> {
        serde_json::from_str::<BulkDraft>(json).unwrap().parse(NOW)
    }

    fn wrong(json: &str) -> Vec<String> {
        draft(json).unwrap_err().fields.into_iter().map(|wrong| wrong.field).collect()
    }

    const ONE: &str = "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77";

    #[test]
    fn invites_are_named_once_or_matched() {
        let named = draft(&format!(r#"{{"action":"pause","ids":["{ONE}","{ONE}"]}}"#)).unwrap();
        assert_eq!(named.selection, BulkSelection::Ids(vec![ONE.parse().unwrap()]));
        let matching = draft(r#"{"action":"delete","matching":{"q":"open"},"as_of":"2026-01-01T00:00:00Z"}"#).unwrap();
        let BulkSelection::Matching(query) = matching.selection else { panic!() };
        assert_eq!((query.q.as_deref(), matching.act), (Some("open"), BulkAct::Delete));
        assert_eq!(matching.as_of, Timestamp::parse("2026-01-01T00:00:00Z"));
        let many = |count: u128| {
            let ids = (0..count).map(|id| InviteId(uuid::Uuid::from_u128(id))).collect();
            let action = BulkAction::Pause;
            BulkDraft { action, ids: Some(ids), matching: None, as_of: None, expires_at: None, days: None }.parse(NOW)
        };
        assert!(many(500).is_ok());
        assert!(many(501).is_err() && many(0).is_err());
        assert_eq!(wrong(r#"{"action":"pause"}"#), ["ids"]);
        assert_eq!(wrong(&format!(r#"{{"action":"pause","ids":["{ONE}"],"matching":{{}}}}"#)), ["ids"]);
    }

    #[test]
    fn an_extension_says_once_until_when() {
        assert_eq!(i64::from(MAX_EXTENSION_DAYS) * 24, crate::invites::MAX_EXPIRES_IN_HOURS);
        let extend = |rest: &str| format!(r#"{{"action":"extend","ids":["{ONE}"]{rest}}}"#);
        let end = |rest: &str| draft(&extend(rest)).unwrap().act;
        assert_eq!(end(r#","days":7"#), BulkAct::Extend(NewEnd::ByDays(7)));
        let date = Timestamp::parse("2099-01-01T00:00:00Z").unwrap();
        assert_eq!(end(r#","expires_at":"2099-01-01T00:00:00Z""#), BulkAct::Extend(NewEnd::At(date)));
        for (rest, field) in [
            ("", "expires_at"),
            (r#","days":0"#, "days"),
            (r#","days":366"#, "days"),
            (r#","days":-1"#, "days"),
            (r#","expires_at":"2020-01-01T00:00:00Z""#, "expires_at"),
            (r#","expires_at":"soon""#, "expires_at"),
            (r#","expires_at":"2099-01-01T00:00:00Z","days":1"#, "expires_at"),
        ] {
            assert_eq!(wrong(&extend(rest)), [field], "{rest}");
        }
        assert_eq!(wrong(&format!(r#"{{"action":"pause","ids":["{ONE}"],"days":1}}"#)), ["days"]);
    }

    #[test]
    fn an_extension_never_shortens_and_days_count_from_an_end_that_is_ahead() {
        let day = 86_400;
        for (present, end, expected) in [
            (Some(at(60)), NewEnd::ByDays(1), Some(at(60 + day))),
            (Some(at(-60)), NewEnd::ByDays(1), Some(at(day))),
            (None, NewEnd::ByDays(1), None),
            (Some(at(60)), NewEnd::At(at(61)), Some(at(61))),
            (Some(at(60)), NewEnd::At(at(60)), None),
            (Some(at(60)), NewEnd::At(at(59)), None),
            (None, NewEnd::At(at(60)), None),
        ] {
            let terms = Terms { expires_at: present, ..Terms::default() };
            let extended = end.apply(&terms, NOW).unwrap().map(|terms| terms.expires_at.unwrap());
            assert_eq!(extended, expected, "{present:?} {end:?}");
        }
        let ends = Some(Ends { of: AccessOf::Account, when: AccessEnd::At(at(100)) });
        let terms = Terms { expires_at: Some(at(60)), ends, ..Terms::default() };
        assert!(NewEnd::At(at(100)).apply(&terms, NOW).unwrap().is_some());
        assert_eq!(NewEnd::At(at(101)).apply(&terms, NOW).unwrap_err().code, Code::Invalid);
    }

    #[test]
    fn outcomes_are_added_by_reason() {
        let mut outcome = BulkOutcome::new(NOW);
        outcome.refuse(Code::Forbidden);
        let mut other = BulkOutcome { changed: 3, unchanged: 1, ..BulkOutcome::new(NOW) };
        other.refuse(Code::InviteDeleted);
        other.refuse(Code::Forbidden);
        outcome.add(other);
        assert_eq!((outcome.changed, outcome.unchanged, outcome.refusals(), outcome.total()), (3, 1, 3, 7));
        let forbidden = outcome.refused.iter().find(|refusal| refusal.code == Code::Forbidden).unwrap();
        assert_eq!(forbidden.count, 2);
    }
}
