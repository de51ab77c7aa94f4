//! What an invite allows, as typed and parsed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::InviteCode;
use crate::accounts::Role;
use crate::failure::{Check, Code, Failure};
use crate::ids::GroupId;
use crate::patch::Patch;
use crate::text::{Label, ParseError};
use crate::time::Timestamp;

/// Maximum uses that the dashboard suggests for a new invite.
pub const SUGGESTED_MAX_USES: u32 = 10;
/// Lifetime that the dashboard suggests for a new invite, in hours: seven days.
pub const SUGGESTED_EXPIRES_IN_HOURS: u16 = 168;
/// Longest lifetime that `expires_in_hours` can give, in hours: a year.
pub const MAX_EXPIRES_IN_HOURS: i64 = 8_760;
/// The most groups that an invite grants.
pub const MAX_GROUPS: usize = 20;

/// What an invite allows. The same in a new invite, a stored one and the result of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Name of the invite among staff; invitees never see it.
    pub label: Option<Label>,
    /// Role of the accounts it creates.
    pub role: Role,
    /// Groups that the accounts join, at most [`MAX_GROUPS`], each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// Maximum uses, at least 1; `None` is unlimited.
    pub max_uses: Option<u32>,
    /// Start; `None` is at once.
    pub starts_at: Option<Timestamp>,
    /// End, exclusive: at this instant it has expired. `None` is never.
    pub expires_at: Option<Timestamp>,
}

impl Default for Terms {
    /// The terms of an invite created by an empty draft: no label, role `user`, no groups, unlimited, at once, never expiring (C3).
    fn default() -> Self {
        Self { label: None, role: Role::User, groups: Vec::new(), max_uses: None, starts_at: None, expires_at: None }
    }
}

impl Terms {
    /// The same terms with a later end; `None` is never.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `expires_at` when that would shorten it: the present end is later, or there is none. And
    /// when the new end has passed.
    pub fn extended(self, expires_at: Option<Timestamp>, now: Timestamp) -> Result<Self, Failure> {
        let wrong = match (self.expires_at, expires_at) {
            // First: of an end that has passed it says too little that the present one is later.
            (_, Some(end)) if end <= now => PASSED,
            (None, Some(_)) => "This invite never expires. To give it an end, edit it.",
            (Some(present), Some(end)) if end < present => {
                "This invite expires later than that. Choose a later date, or edit the invite to shorten it."
            }
            _ => return Ok(Self { expires_at, ..self }),
        };
        Err(Failure::field(Code::Invalid, "expires_at", wrong))
    }
}

/// A new or changed invite as typed. What is left out keeps its value (in a new invite, its default), `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteDraft {
    /// Invite code chosen by staff, 6 to 64 of `A-Z a-z 0-9 _ -`; a random one if left out. Fixed once the invite exists.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub code: Patch<String>,
    /// [`Terms::label`], 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub label: Patch<String>,
    /// [`Terms::role`]: `user` or `moderator`.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub role: Patch<String>,
    /// [`Terms::groups`], by their ids; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub groups: Patch<Vec<String>>,
    /// [`Terms::max_uses`], 1 to the ceiling of the settings.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub max_uses: Patch<i64>,
    /// [`Terms::starts_at`], RFC 3339.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub starts_at: Patch<String>,
    /// [`Terms::expires_at`], RFC 3339, in the future.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub expires_at: Patch<String>,
    /// [`Terms::expires_at`] as hours from now, 1 to [`MAX_EXPIRES_IN_HOURS`]. Not together with `expires_at`.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub expires_in_hours: Patch<i64>,
}

/// A new invite, parsed. Bounds that depend on the settings and on the author are checked by the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewInvite {
    /// Invite code chosen by staff; `None` is a random one.
    pub code: Option<InviteCode>,
    /// What it allows.
    pub terms: Terms,
}

impl InviteDraft {
    /// Parses a new invite at the instant `now`. Here `null` and blank text mean the default.
    ///
    /// # Errors
    /// [`Code::Invalid`] with every wrong field.
    pub fn parse(self, now: Timestamp) -> Result<NewInvite, Failure> {
        let mut check = Check::default();
        let code = filled(self.code).value().and_then(|code| check.take("code", InviteCode::parse(&code)));
        let draft = Self {
            code: Patch::Keep,
            role: filled(self.role),
            starts_at: filled(self.starts_at),
            expires_at: filled(self.expires_at),
            expires_in_hours: self.expires_in_hours.value().map_or(Patch::Keep, Patch::Set),
            ..self
        };
        let terms = draft.terms(Terms::default(), now, &mut check);
        check.finish(Some(NewInvite { code, terms }))
    }

    /// Applies the draft, as a change, to the `current` terms of an invite at the instant `now`.
    ///
    /// # Errors
    /// [`Code::Invalid`] with every wrong field; `code` is one.
    pub fn apply(self, current: Terms, now: Timestamp) -> Result<Terms, Failure> {
        let mut check = Check::default();
        let terms = self.terms(current, now, &mut check);
        check.finish(Some(terms))
    }

    fn terms(self, current: Terms, now: Timestamp, check: &mut Check) -> Terms {
        if !self.code.is_keep() {
            check.add_error("code", "An invite keeps its code. Create another invite for another code.");
        }
        // An emptied input clears, as `null` does.
        let label = match self.label {
            Patch::Set(label) if label.trim().is_empty() => Patch::Clear,
            label => label.and_then(|label| check.take("label", Label::parse(&label))),
        };
        let role = match self.role {
            Patch::Keep => None,
            Patch::Set(role) => check.take("role", parse_role(&role)),
            Patch::Clear => {
                check.add_error("role", "An invite has a role; it can't be removed.");
                None
            }
        };
        let groups = self.groups.and_then(|ids| check.take("groups", parse_groups(&ids)));
        let max_uses = self.max_uses.and_then(|uses| check.take("max_uses", parse_max_uses(uses)));
        let starts_at = self.starts_at.and_then(|text| check.take("starts_at", parse_instant(&text)));
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
        let terms = Terms {
            label: label.apply(current.label),
            role: role.unwrap_or(current.role),
            groups: groups.apply(Some(current.groups)).unwrap_or_default(),
            max_uses: max_uses.apply(current.max_uses),
            starts_at: starts_at.apply(current.starts_at),
            expires_at: expires_at.apply(current.expires_at),
        };
        if let (Some(starts_at), Some(expires_at)) = (terms.starts_at, terms.expires_at)
            && starts_at >= expires_at
        {
            check.add_error("starts_at", "The start must be before the end.");
        }
        terms
    }
}

const PASSED: &str = "This moment has passed. Choose a later one.";

/// The text it sets, unless that is blank.
fn filled(text: Patch<String>) -> Patch<String> {
    text.value().filter(|text| !text.trim().is_empty()).map_or(Patch::Keep, Patch::Set)
}

/// A number that is too large for the type is above every ceiling: the service refuses it, and names the ceiling.
fn parse_max_uses(uses: i64) -> Result<u32, ParseError> {
    match uses {
        1.. => Ok(u32::try_from(uses).unwrap_or(u32::MAX)),
        _ => Err(ParseError("Enter a number of at least 1, or choose no limit.".to_owned())),
    }
}

fn parse_hours(hours: i64) -> Result<Duration, ParseError> {
    match u64::try_from(hours) {
        Ok(hours @ 1..=8_760) => Ok(Duration::from_hours(hours)),
        _ => Err(ParseError("Enter 1 to 8,760 hours (a year).".to_owned())),
    }
}

fn parse_instant(text: &str) -> Result<Timestamp, ParseError> {
    text.parse()
}

fn parse_future(text: &str, now: Timestamp) -> Result<Timestamp, ParseError> {
    let at = parse_instant(text)?;
    if at > now { Ok(at) } else { Err(ParseError(PASSED.to_owned())) }
}

fn parse_role(text: &str) -> Result<Role, ParseError> {
    match text.parse::<Role>() {
        Ok(role) if role.can_be_granted() => Ok(role),
        Ok(role) => Err(ParseError(format!("An invite can't grant the role {role}. Choose user or moderator."))),
        Err(_) => Err(ParseError("Choose user or moderator.".to_owned())),
    }
}

fn parse_groups(ids: &[String]) -> Result<Vec<GroupId>, ParseError> {
    let mut groups = Vec::new();
    for id in ids {
        let id: GroupId =
            id.trim().parse().map_err(|_| ParseError("Choose groups by their ids; ids are UUIDs.".to_owned()))?;
        if !groups.contains(&id) {
            groups.push(id);
        }
        if groups.len() > MAX_GROUPS {
            return Err(ParseError(format!("Choose at most {MAX_GROUPS} groups.")));
        }
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn at(offset_seconds: i64) -> Timestamp {
        Timestamp::from_micros(NOW.as_micros() + offset_seconds * 1_000_000)
    }

    fn draft(json: &str) -> InviteDraft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_empty_draft_is_an_unlimited_invite_for_users() {
        let default = NewInvite { code: None, terms: Terms::default() };
        let nothing = r#"{"code":null,"label":null,"role":null,"max_uses":null,"starts_at":null,"expires_at":null,
            "expires_in_hours":null}"#;
        let blank = r#"{"code":"","label":" ","role":"","starts_at":"","expires_at":""}"#;
        for json in ["{}", nothing, blank] {
            assert_eq!(draft(json).parse(NOW).unwrap(), default, "{json}");
        }
        assert_eq!(default.terms.role, Role::User);
    }

    #[test]
    fn every_bound_is_reported_under_its_field() {
        let wrong = InviteDraft {
            code: Patch::Set("short".into()),
            label: Patch::Set("x".repeat(201)),
            role: Patch::Set("admin".into()),
            groups: Patch::Set(vec!["potters".into()]),
            max_uses: Patch::Set(0),
            starts_at: Patch::Set("soon".into()),
            expires_at: Patch::Keep,
            expires_in_hours: Patch::Set(8_761),
        };
        let failure = wrong.parse(NOW).unwrap_err();
        assert_eq!(failure.code, Code::Invalid);
        let mut fields: Vec<_> = failure.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["code", "expires_in_hours", "groups", "label", "max_uses", "role", "starts_at"]);
    }

    #[test]
    fn an_end_is_in_the_future_and_given_once() {
        let end = |json| draft(json).parse(NOW).map(|new| new.terms.expires_at);
        assert!(end(r#"{"expires_at":"2020-01-01T00:00:00Z"}"#).unwrap_err().field_error("expires_at").is_some());
        let twice = end(r#"{"expires_at":"2099-01-01T00:00:00Z","expires_in_hours":1}"#);
        assert!(twice.unwrap_err().field_error("expires_at").is_some());
        assert_eq!(end(r#"{"expires_at":null,"expires_in_hours":24}"#).unwrap(), Some(at(86_400)));
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let current = Terms {
            label: Some(Label::parse("Open evening").unwrap()),
            max_uses: Some(3),
            expires_at: Some(at(60)),
            ..Terms::default()
        };
        let apply = |json| draft(json).apply(current.clone(), NOW);
        assert_eq!(apply("{}").unwrap(), current);
        let changed = apply(r#"{"label":null,"max_uses":7,"role":"moderator"}"#).unwrap();
        let expected = Terms { label: None, max_uses: Some(7), role: Role::Moderator, ..current.clone() };
        assert_eq!(changed, expected);
        assert_eq!(apply(r#"{"label":" "}"#).unwrap().label, None, "an emptied input clears");
        assert_eq!(apply(r#"{"expires_in_hours":null}"#).unwrap().expires_at, None);
        assert_eq!(apply(r#"{"expires_at":null,"max_uses":null}"#).unwrap().max_uses, None);
        assert_eq!(apply(r#"{"role":null,"max_uses":-1}"#).unwrap_err().fields.len(), 2);
        assert!(apply(r#"{"code":"summer-2099"}"#).unwrap_err().field_error("code").is_some());
        // The start that is typed is held against the end that is kept.
        let late = Timestamp::to_rfc3339(at(60));
        let late = InviteDraft { starts_at: Patch::Set(late), ..InviteDraft::default() };
        assert!(late.apply(current.clone(), NOW).unwrap_err().field_error("starts_at").is_some());
    }

    #[test]
    fn groups_are_few_and_each_is_named_once() {
        let id = |number: usize| uuid::Uuid::from_u128(number as u128).to_string();
        let groups = |ids: Vec<String>| InviteDraft { groups: Patch::Set(ids), ..InviteDraft::default() }.parse(NOW);
        assert_eq!(groups(vec![id(1), id(2), id(1)]).unwrap().terms.groups.len(), 2);
        assert_eq!(groups((0..MAX_GROUPS).map(id).collect()).unwrap().terms.groups.len(), MAX_GROUPS);
        assert!(groups((0..=MAX_GROUPS).map(id).collect()).unwrap_err().field_error("groups").is_some());
        let current = groups(vec![id(1)]).unwrap().terms;
        assert_eq!(draft("{}").apply(current.clone(), NOW).unwrap(), current);
        assert_eq!(draft(r#"{"groups":null}"#).apply(current, NOW).unwrap().groups, []);
    }

    #[test]
    fn extending_never_shortens() {
        let ending = |expires_at| Terms { expires_at, ..Terms::default() };
        for (present, end, allowed) in [
            (Some(at(60)), Some(at(61)), true),
            (Some(at(60)), Some(at(60)), true),
            (Some(at(60)), Some(at(59)), false),
            (Some(at(60)), None, true),
            (None, Some(at(61)), false),
            (None, None, true),
            // It expired a minute ago.
            (Some(at(-60)), Some(at(60)), true),
            (Some(at(-60)), Some(at(-30)), false),
            (Some(at(-60)), Some(at(0)), false),
            (Some(at(60)), Some(at(-1)), false),
            (None, Some(at(-1)), false),
        ] {
            let extended = ending(present).extended(end, NOW);
            assert_eq!(extended.is_ok(), allowed, "{present:?} to {end:?}: {extended:?}");
            match extended {
                Ok(terms) => assert_eq!(terms.expires_at, end),
                Err(failure) => {
                    let has_passed = failure.field_error("expires_at").unwrap() == PASSED;
                    assert_eq!(has_passed, end <= Some(NOW), "{present:?} to {end:?}: {failure}");
                }
            }
        }
    }

    #[test]
    fn a_number_of_uses_is_at_least_1_and_may_be_larger_than_any_ceiling() {
        let uses = |uses| InviteDraft { max_uses: Patch::Set(uses), ..InviteDraft::default() }.parse(NOW);
        for (typed, parsed) in [(1, 1), (5_000, 5_000), (999_999_999_999, u32::MAX), (i64::MAX, u32::MAX)] {
            assert_eq!(uses(typed).unwrap().terms.max_uses, Some(parsed));
        }
        for typed in [0, -1, i64::MIN] {
            assert!(uses(typed).unwrap_err().field_error("max_uses").is_some(), "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_draft_makes_the_parser_panic(text in ".*", number: i64) {
            let text = || Patch::Set(text.clone());
            let draft = InviteDraft {
                code: text(), label: text(), role: text(), groups: Patch::Set(text().value().into_iter().collect()),
                max_uses: Patch::Set(number), starts_at: text(), expires_at: text(), expires_in_hours: Patch::Set(number),
            };
            let _ = draft.clone().parse(NOW);
            let _ = draft.apply(Terms::default(), NOW);
        }

        #[test]
        fn what_parses_is_inside_the_bounds(number: i64, hours: i64) {
            let draft = InviteDraft {
                max_uses: Patch::Set(number), expires_in_hours: Patch::Set(hours), ..InviteDraft::default()
            };
            if let Ok(NewInvite { terms, .. }) = draft.parse(NOW) {
                proptest::prop_assert!(terms.max_uses.unwrap() >= 1);
                proptest::prop_assert!(terms.expires_at.unwrap() > NOW);
                proptest::prop_assert!(terms.expires_at.unwrap() <= at(8_760 * 3_600));
            }
        }

        #[test]
        fn an_extension_never_ends_earlier(present in proptest::option::of(-90_i64..90), end in proptest::option::of(-90_i64..90)) {
            let (present, end) = (present.map(at), end.map(at));
            let never = |end: Option<Timestamp>| end.map_or(i64::MAX, Timestamp::as_micros);
            if let Ok(extended) = (Terms { expires_at: present, ..Terms::default() }).extended(end, NOW) {
                proptest::prop_assert!(never(extended.expires_at) >= never(present));
            }
        }
    }
}
