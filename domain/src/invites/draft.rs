//! Invites as typed, and what they parse into.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::InviteCode;
use crate::accounts::Role;
use crate::failure::{Check, Failure};
use crate::patch::Patch;
use crate::text::{Label, ParseError};
use crate::time::Timestamp;

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
                check.add_error("expires_at", "Give either expires_in_hours or expires_at, not both.");
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
            check.add_error("starts_at", "It would start after it ends.");
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
                check.add_error("expires_at", "Give either expires_in_hours or expires_at, not both.");
                Patch::Keep
            }
        };
        let starts_at = self.starts_at.and_then(|text| check.take("starts_at", parse_instant(&text)));
        let role = match self.role {
            Patch::Keep => None,
            Patch::Set(role) => check.take("role", parse_role(&role)),
            Patch::Clear => {
                check.add_error("role", "An invite has a role; it can't be removed.");
                None
            }
        };
        check.finish(Some(InvitePatch { label, max_uses, starts_at, expires_at, role }))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn parse_max_uses(uses: i64) -> Result<u32, ParseError> {
    match u32::try_from(uses) {
        Ok(uses) if uses >= 1 => Ok(uses),
        _ => Err(ParseError("Enter a whole number from 1 up to the ceiling, or leave it out for no limit.".to_owned())),
    }
}

fn parse_hours(hours: i64) -> Result<Duration, ParseError> {
    match u64::try_from(hours) {
        Ok(hours @ 1..=8_760) => Ok(Duration::from_secs(hours * 3_600)),
        _ => Err(ParseError("Enter 1 to 8,760 hours (a year).".to_owned())),
    }
}

fn parse_instant(text: &str) -> Result<Timestamp, ParseError> {
    Timestamp::parse(text).ok_or_else(|| ParseError("Enter a date and time like 2027-03-01T18:00:00Z.".to_owned()))
}

fn parse_future(text: &str, now: Timestamp) -> Result<Timestamp, ParseError> {
    let at = parse_instant(text)?;
    if at > now { Ok(at) } else { Err(ParseError("This moment has passed. Choose a later one.".to_owned())) }
}

fn parse_role(text: &str) -> Result<Role, ParseError> {
    match text.parse::<Role>() {
        Ok(role) if role.can_be_granted() => Ok(role),
        Ok(role) => Err(ParseError(format!("A link can't make someone {role}. Choose user or moderator."))),
        Err(_) => Err(ParseError("Choose user or moderator.".to_owned())),
    }
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
        assert!(past.parse(NOW).unwrap_err().field_error("expires_at").is_some());
        let twice = InviteDraft {
            expires_at: Some("2099-01-01T00:00:00Z".into()),
            expires_in_hours: Some(1),
            ..InviteDraft::default()
        };
        assert!(twice.parse(NOW).unwrap_err().field_error("expires_at").is_some());
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
