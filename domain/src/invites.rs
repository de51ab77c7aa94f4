//! Invites: who may come in, how many, until when, as what.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::accounts::{AccountRef, Role};
use crate::failure::{Check, Failure};
use crate::ids::InviteId;
use crate::paging::Paging;
use crate::patch::Patch;
use crate::text::{Label, Refused};
use crate::time::Timestamp;

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
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        let fits = (6..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refused("A code has 6 to 64 letters, digits, dashes or underscores.".to_owned()))
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

impl TryFrom<String> for InviteCode {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<InviteCode> for String {
    fn from(code: InviteCode) -> Self {
        code.0
    }
}

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

impl InviteStatus {
    /// Every status, in the order people look for them.
    pub const ALL: [Self; 6] =
        [Self::Active, Self::Scheduled, Self::Paused, Self::Expired, Self::UsedUp, Self::Deleted];

    /// The status as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Paused => "paused",
            Self::Scheduled => "scheduled",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::Active => "active",
        }
    }

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

impl fmt::Display for InviteStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for InviteStatus {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| Refused("Choose one of active, scheduled, paused, expired, used_up, deleted.".to_owned()))
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

/// A new invite as typed. Absent means the default: a random code, no limit, no end, role `user`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteDraft {
    /// What staff call it, at most 200 characters.
    pub label: Option<String>,
    /// An own code, 6 to 64 of `A-Z a-z 0-9 _ -`.
    pub code: Option<String>,
    /// How many may come by it, 1 to the ceiling.
    pub max_uses: Option<i64>,
    /// For how many hours from now, 1 to 8,760. Not together with `expires_at`.
    pub expires_in_hours: Option<i64>,
    /// Until when, RFC 3339.
    pub expires_at: Option<String>,
    /// From when, RFC 3339.
    pub starts_at: Option<String>,
    /// What those who come by it become: `user` or `moderator`.
    pub role: Option<String>,
}

/// A new invite whose every part is right. Bounds that hang on the settings and the author are the service's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvite {
    /// What staff call it.
    pub label: Option<Label>,
    /// An own code, or a random one.
    pub code: Option<InviteCode>,
    /// How many may come by it, at least 1; any number if absent.
    pub max_uses: Option<u32>,
    /// From when, if not from the start.
    pub starts_at: Option<Timestamp>,
    /// Until when, if not forever.
    pub expires_at: Option<Timestamp>,
    /// What those who come by it become.
    pub role: Role,
}

/// The most hours an invite can be given by `expires_in_hours`: a year.
pub const MAX_EXPIRES_IN_HOURS: i64 = 8_760;

impl InviteDraft {
    /// Parses the draft at the instant `now`.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self, now: Timestamp) -> Result<NewInvite, Failure> {
        let mut check = Check::default();
        let label = filled(self.label.as_deref()).and_then(|label| check.take("label", Label::parse(label)));
        let code = filled(self.code.as_deref()).and_then(|code| check.take("code", InviteCode::parse(code)));
        let max_uses = self.max_uses.and_then(|uses| check.take("max_uses", parse_max_uses(uses)));
        let expires_at = match (self.expires_in_hours, filled(self.expires_at.as_deref())) {
            (Some(_), Some(_)) => {
                check.wrong("expires_at", "Give either expires_in_hours or expires_at, not both.");
                None
            }
            (Some(hours), None) => check.take("expires_in_hours", parse_hours(hours)).map(|length| now.plus(length)),
            (None, Some(text)) => check.take("expires_at", parse_future(text, now)),
            (None, None) => None,
        };
        let starts_at = filled(self.starts_at.as_deref()).and_then(|text| check.take("starts_at", parse_instant(text)));
        if let (Some(starts_at), Some(expires_at)) = (starts_at, expires_at)
            && starts_at >= expires_at
        {
            check.wrong("starts_at", "It would start after it ends.");
        }
        let role = match filled(self.role.as_deref()) {
            Some(role) => check.take("role", parse_role(role)),
            None => Some(Role::User),
        };
        let new = role.map(|role| NewInvite { label, code, max_uses, starts_at, expires_at, role });
        check.finish(new)
    }
}

/// A change of an invite as typed: what is absent stays, `null` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePatchDraft {
    /// What staff call it.
    #[serde(default)]
    pub label: Patch<String>,
    /// How many may come by it.
    #[serde(default)]
    pub max_uses: Patch<i64>,
    /// For how many hours from now.
    #[serde(default)]
    pub expires_in_hours: Patch<i64>,
    /// Until when, RFC 3339.
    #[serde(default)]
    pub expires_at: Patch<String>,
    /// From when, RFC 3339.
    #[serde(default)]
    pub starts_at: Patch<String>,
    /// What those who come by it become.
    #[serde(default)]
    pub role: Patch<String>,
}

/// A change of an invite whose every part is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitePatch {
    /// What staff call it.
    pub label: Patch<Label>,
    /// How many may come by it.
    pub max_uses: Patch<u32>,
    /// From when.
    pub starts_at: Patch<Timestamp>,
    /// Until when.
    pub expires_at: Patch<Timestamp>,
    /// What those who come by it become.
    pub role: Option<Role>,
}

impl InvitePatchDraft {
    /// Parses the change at the instant `now`.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(self, now: Timestamp) -> Result<InvitePatch, Failure> {
        let mut check = Check::default();
        // An emptied input clears, as `null` does.
        let label = match self.label {
            Patch::Set(label) if label.trim().is_empty() => Patch::Clear,
            label => label.and_then(|label| check.take("label", Label::parse(&label))),
        };
        let max_uses = self.max_uses.and_then(|uses| check.take("max_uses", parse_max_uses(uses)));
        let expires_at = match (self.expires_in_hours, self.expires_at) {
            (Patch::Keep, expires_at) => expires_at.and_then(|text| check.take("expires_at", parse_future(&text, now))),
            (Patch::Clear, Patch::Keep | Patch::Clear) => Patch::Clear,
            (Patch::Set(hours), Patch::Keep) => check
                .take("expires_in_hours", parse_hours(hours))
                .map_or(Patch::Keep, |length| Patch::Set(now.plus(length))),
            _ => {
                check.wrong("expires_at", "Give either expires_in_hours or expires_at, not both.");
                Patch::Keep
            }
        };
        let starts_at = self.starts_at.and_then(|text| check.take("starts_at", parse_instant(&text)));
        let role = match self.role {
            Patch::Keep => None,
            Patch::Set(role) => check.take("role", parse_role(&role)),
            Patch::Clear => {
                check.wrong("role", "An invite has a role; it can't be removed.");
                None
            }
        };
        check.finish(Some(InvitePatch { label, max_uses, starts_at, expires_at, role }))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn parse_max_uses(uses: i64) -> Result<u32, Refused> {
    match u32::try_from(uses) {
        Ok(uses) if uses >= 1 => Ok(uses),
        _ => Err(Refused("Enter a whole number from 1 up to the ceiling, or leave it out for no limit.".to_owned())),
    }
}

fn parse_hours(hours: i64) -> Result<Duration, Refused> {
    match u64::try_from(hours) {
        Ok(hours @ 1..=8_760) => Ok(Duration::from_secs(hours * 3_600)),
        _ => Err(Refused("Enter 1 to 8,760 hours (a year).".to_owned())),
    }
}

fn parse_instant(text: &str) -> Result<Timestamp, Refused> {
    Timestamp::parse(text).ok_or_else(|| Refused("Enter a date and time like 2027-03-01T18:00:00Z.".to_owned()))
}

fn parse_future(text: &str, now: Timestamp) -> Result<Timestamp, Refused> {
    let at = parse_instant(text)?;
    if at > now { Ok(at) } else { Err(Refused("This moment has passed. Choose a later one.".to_owned())) }
}

fn parse_role(text: &str) -> Result<Role, Refused> {
    match text.parse::<Role>() {
        Ok(role) if role.can_be_granted() => Ok(role),
        Ok(role) => Err(Refused(format!("A link can't make someone {role}. Choose user or moderator."))),
        Err(_) => Err(Refused("Choose user or moderator.".to_owned())),
    }
}

/// The column a list of invites is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteSort {
    /// When it was made.
    #[default]
    Created,
    /// Until when; those without an end come last when ascending.
    Expires,
    /// How many came by it.
    Used,
}

impl InviteSort {
    /// The name in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Expires => "expires",
            Self::Used => "used",
        }
    }
}

impl FromStr for InviteSort {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Created, Self::Expires, Self::Used]
            .into_iter()
            .find(|sort| sort.as_str() == text)
            .ok_or_else(|| Refused("Choose one of created, expires, used.".to_owned()))
    }
}

/// Which way a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Least or earliest first.
    Ascending,
    /// Most or latest first.
    #[default]
    Descending,
}

/// Which invites to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteQuery {
    /// Only the one with exactly this code, and those whose label begins with this, without case.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those that stand so; all but the deleted ones if absent.
    #[serde(default)]
    pub status: Option<InviteStatus>,
    /// The column to sort by.
    #[serde(default)]
    pub sort: InviteSort,
    /// Which way.
    #[serde(default)]
    pub order: Order,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

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
    fn an_empty_draft_is_an_unlimited_invite_for_users() {
        let new = InviteDraft::default().parse(NOW).unwrap();
        assert_eq!((new.max_uses, new.expires_at, new.code, new.role), (None, None, None, Role::User));
    }

    #[test]
    fn every_bound_is_reported_under_its_field() {
        let draft = InviteDraft {
            label: Some("x".repeat(201)),
            code: Some("short".into()),
            max_uses: Some(0),
            expires_in_hours: Some(8_761),
            role: Some("admin".into()),
            starts_at: Some("soon".into()),
            expires_at: None,
        };
        let failure = draft.parse(NOW).unwrap_err();
        assert_eq!(failure.code, Code::Invalid);
        let mut fields: Vec<_> = failure.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["code", "expires_in_hours", "label", "max_uses", "role", "starts_at"]);
    }

    #[test]
    fn an_end_is_in_the_future_and_given_once() {
        let past = InviteDraft { expires_at: Some("2020-01-01T00:00:00Z".into()), ..InviteDraft::default() };
        assert!(past.parse(NOW).unwrap_err().of("expires_at").is_some());
        let twice = InviteDraft {
            expires_at: Some("2099-01-01T00:00:00Z".into()),
            expires_in_hours: Some(1),
            ..InviteDraft::default()
        };
        assert!(twice.parse(NOW).unwrap_err().of("expires_at").is_some());
        let hours = InviteDraft { expires_in_hours: Some(24), ..InviteDraft::default() };
        assert_eq!(hours.parse(NOW).unwrap().expires_at, Some(at(86_400)));
    }

    #[test]
    fn a_patch_keeps_clears_and_sets() {
        let draft: InvitePatchDraft = serde_json::from_str(r#"{"label":null,"max_uses":7}"#).unwrap();
        let patch = draft.parse(NOW).unwrap();
        assert_eq!((patch.label, patch.max_uses, patch.expires_at), (Patch::Clear, Patch::Set(7), Patch::Keep));
        let draft: InvitePatchDraft = serde_json::from_str(r#"{"expires_in_hours":null}"#).unwrap();
        assert_eq!(draft.parse(NOW).unwrap().expires_at, Patch::Clear);
        let draft: InvitePatchDraft = serde_json::from_str(r#"{"role":null,"max_uses":-1}"#).unwrap();
        assert_eq!(draft.parse(NOW).unwrap_err().fields.len(), 2);
    }

    #[test]
    fn a_code_is_never_shown_by_debug() {
        assert_eq!(format!("{:?}", InviteCode::parse("7QmX2pVd9KtR").unwrap()), "InviteCode(…)");
    }

    proptest::proptest! {
        #[test]
        fn no_draft_makes_the_parser_panic(text in ".*", number: i64) {
            let draft = InviteDraft {
                label: Some(text.clone()), code: Some(text.clone()), max_uses: Some(number),
                expires_in_hours: Some(number), expires_at: Some(text.clone()), starts_at: Some(text.clone()),
                role: Some(text),
            };
            let _ = draft.parse(NOW);
        }

        #[test]
        fn whatever_parses_is_inside_the_bounds(number: i64, hours: i64) {
            let draft =
                InviteDraft { max_uses: Some(number), expires_in_hours: Some(hours), ..InviteDraft::default() };
            if let Ok(new) = draft.parse(NOW) {
                proptest::prop_assert!(new.max_uses.unwrap() >= 1);
                proptest::prop_assert!(new.expires_at.unwrap() > NOW);
                proptest::prop_assert!(new.expires_at.unwrap() <= at(8_760 * 3_600));
            }
        }
    }
}
