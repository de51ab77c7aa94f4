//! A new or changed invite, as typed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::InviteCode;
use super::ends::{AccessOf, EndsDraft};
use super::terms::{MAX_EMAIL_DOMAINS, MAX_GROUPS, PASSED, Terms};
use crate::accounts::{Email, EmailDomain, Role};
use crate::attributes::{AttributeDraft, parse_attributes};
use crate::failure::{Check, Failure};
use crate::ids::{FlowId, parse_groups};
use crate::patch::Patch;
use crate::text::{Label, ParseError, WelcomeText};
use crate::time::Timestamp;
use crate::web::Destination;

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
    /// [`Terms::role`]: `user`, `moderator`, or `admin` on an invite for one use that is locked to an e-mail address.
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
    /// [`Terms::expires_at`] as hours from now, 1 to [`super::MAX_EXPIRES_IN_HOURS`]. Not together with `expires_at`.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub expires_in_hours: Patch<i64>,
    /// [`Terms::email`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub email: Patch<String>,
    /// [`Terms::email_domains`]; `null` is any.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub email_domains: Patch<Vec<String>>,
    /// [`Terms::approval`]; `null` is no.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub approval: Patch<bool>,
    /// [`Terms::attributes`]; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub attributes: Patch<Vec<AttributeDraft>>,
    /// [`Terms::welcome_text`], at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_text: Patch<String>,
    /// [`Terms::after`]: `/open/ID` of an application, another path on this site, or an `https` address of a site that the
    /// settings allow.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub after: Patch<String>,
    /// [`Terms::ends`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends: Patch<EndsDraft>,
    /// [`Terms::existing_members`]; `null` is yes.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub existing_members: Patch<bool>,
    /// [`Terms::show_uses_left`]; `null` is yes.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub show_uses_left: Patch<bool>,
    /// [`Terms::without_code`]; `null` is no.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub without_code: Patch<bool>,
    /// [`Terms::verify_email`]; `null` is no.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub verify_email: Patch<bool>,
    /// [`Terms::flow`], by its id; `null` is the default flow.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub flow_id: Patch<String>,
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
        if terms.grants_admin() && code.is_some() {
            check.add_error("code", OWN_CODE_OF_ADMIN);
        }
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

    /// The terms of invites that several people get, each one of their own, as a change of the `current` terms; shown for the
    /// one whose address is `email`. Here blank text means no change.
    ///
    /// # Errors
    /// [`Code::Invalid`] with every wrong field; `code` is one, and `expires_at` where that of the current terms has passed.
    pub fn for_recipients(self, current: Terms, email: Email, now: Timestamp) -> Result<Terms, Failure> {
        let mut check = Check::default();
        if filled(self.code).value().is_some() {
            check.add_error("code", "Each recipient gets a random code. Leave the code out.");
        }
        let draft = Self {
            code: Patch::Keep,
            role: filled(self.role),
            starts_at: filled(self.starts_at),
            expires_at: if self.expires_at == Patch::Clear { Patch::Clear } else { filled(self.expires_at) },
            email: Patch::Keep,
            email_domains: Patch::Keep,
            max_uses: Patch::Keep,
            without_code: Patch::Keep,
            ..self
        };
        let (email, max_uses) = (Some(email), Some(1));
        let current = Terms { email, email_domains: Vec::new(), max_uses, person: None, ..current.duplicated(now) };
        let terms = draft.terms(current, now, &mut check);
        if terms.expires_at.is_some_and(|end| end <= now) {
            check.add_error("expires_at", PASSED);
        }
        check.finish(Some(terms))
    }

    fn terms(self, current: Terms, now: Timestamp, check: &mut Check) -> Terms {
        if !self.code.is_keep() {
            check.add_error("code", "An invite keeps its code. Create another invite for another code.");
        }
        // A group may have been deleted since: what nobody changes is not held against a change of something else.
        let changes_access = !self.ends.is_keep() || !self.groups.is_keep();
        // An emptied input clears, as `null` does.
        let label = self.label.unless_blank().and_then(|label| check.take("label", Label::parse(&label)));
        let role = match self.role {
            Patch::Keep => None,
            Patch::Set(role) => check.take("role", parse_role(&role)),
            Patch::Clear => {
                check.add_error("role", "An invite has a role; it can't be removed.");
                None
            }
        };
        let groups = self.groups.and_then(|ids| check.take("groups", parse_groups(&ids, MAX_GROUPS)));
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
        let email = self.email.unless_blank().and_then(|email| check.take("email", Email::parse(&email)));
        let domains = self.email_domains.and_then(|names| check.take("email_domains", parse_domains(&names)));
        let attributes = self.attributes.and_then(|typed| check.take("attributes", parse_attributes(&typed)));
        let welcome_text =
            self.welcome_text.unless_blank().and_then(|text| check.take("welcome_text", WelcomeText::parse(&text)));
        let after = self.after.unless_blank().and_then(|text| check.take("after", Destination::parse(&text)));
        let flow = self.flow_id.unless_blank().and_then(|id| check.take("flow_id", parse_flow(&id)));
        let ends = self.ends.and_then(|ends| check.take("ends", ends.parse(now)));
        let terms = Terms {
            label: label.apply(current.label),
            role: role.unwrap_or(current.role),
            groups: groups.apply(Some(current.groups)).unwrap_or_default(),
            max_uses: max_uses.apply(current.max_uses),
            starts_at: starts_at.apply(current.starts_at),
            expires_at: expires_at.apply(current.expires_at),
            email: email.apply(current.email),
            email_domains: domains.apply(Some(current.email_domains)).unwrap_or_default(),
            approval: self.approval.apply(Some(current.approval)).unwrap_or(false),
            attributes: attributes.apply(Some(current.attributes)).unwrap_or_default(),
            person: current.person,
            welcome_text: welcome_text.apply(current.welcome_text),
            after: after.apply(current.after),
            ends: ends.apply(current.ends),
            existing_members: self.existing_members.apply(Some(current.existing_members)).unwrap_or(true),
            show_uses_left: self.show_uses_left.apply(Some(current.show_uses_left)).unwrap_or(true),
            without_code: self.without_code.apply(Some(current.without_code)).unwrap_or(false),
            verify_email: self.verify_email.apply(Some(current.verify_email)).unwrap_or(false),
            flow: flow.apply(current.flow),
        };
        check_together(&terms, changes_access, check);
        if let (Some(starts_at), Some(expires_at)) = (terms.starts_at, terms.expires_at)
            && starts_at >= expires_at
        {
            check.add_error("starts_at", "The start must be before the end.");
        }
        terms
    }
}

/// Why an invite with a code of one's own grants no role of admin.
pub const OWN_CODE_OF_ADMIN: &str =
    "An invite for an admin needs a random code, because others can be guessed. Create it without a code of your own.";

/// Checks what several fields say together.
fn check_together(terms: &Terms, changes_access: bool, check: &mut Check) {
    if terms.grants_admin() && (terms.max_uses != Some(1) || terms.email.is_none()) {
        let why = "An invite for an admin is for one use and one e-mail address. Set both, or choose another role.";
        check.add_error("role", why);
    }
    if let Some(email) = &terms.email
        && !terms.email_domains.is_empty()
        && !terms.email_domains.iter().any(|domain| domain.has(email))
    {
        check.add_error("email_domains", "The address of this invite is in none of these domains. Add its domain.");
    }
    if terms.without_code && terms.email.is_some() {
        check.add_error("email", "An invite for one address needs its code. Remove the address, or require the code.");
    } else if terms.without_code && terms.email_domains.is_empty() {
        check.add_error("email_domains", "Enter the domains whose addresses sign up without the code.");
    }
    if terms.without_code && terms.flow.is_some() {
        check.add_error(
            "flow_id",
            "People who sign up without the code get the default flow. Require the code, or choose no flow.",
        );
    }
    if changes_access && terms.groups.is_empty() && terms.ends.is_some_and(|ends| ends.of == AccessOf::Groups) {
        check.add_error("ends", "Choose groups, or let the account end.");
    }
    if terms.outlasts_access(terms.expires_at) {
        check.add_error("ends", "Access would end while the invite can still be used. Let the invite expire by then.");
    }
}

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

pub(super) fn parse_future(text: &str, now: Timestamp) -> Result<Timestamp, ParseError> {
    let at = parse_instant(text)?;
    if at > now { Ok(at) } else { Err(ParseError(PASSED.to_owned())) }
}

fn parse_flow(text: &str) -> Result<FlowId, ParseError> {
    text.trim().parse().map_err(|_| ParseError("There is no such flow. Choose another.".to_owned()))
}

fn parse_role(text: &str) -> Result<Role, ParseError> {
    match text.parse::<Role>() {
        Ok(role) if role.can_be_granted() => Ok(role),
        Ok(role) => Err(ParseError(format!("An invite can't grant the role {role}. Choose user, moderator or admin."))),
        Err(_) => Err(ParseError("Choose user, moderator or admin.".to_owned())),
    }
}

fn parse_domains(names: &[String]) -> Result<Vec<EmailDomain>, ParseError> {
    let mut domains = Vec::new();
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        let domain = EmailDomain::parse(name)?;
        if !domains.contains(&domain) {
            domains.push(domain);
        }
        if domains.len() > MAX_EMAIL_DOMAINS {
            return Err(ParseError(format!("Enter at most {MAX_EMAIL_DOMAINS} domains.")));
        }
    }
    Ok(domains)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

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
            "expires_in_hours":null,"email":null,"email_domains":null,"approval":null,"attributes":null,
            "welcome_text":null,"after":null,"ends":null,"existing_members":null,"show_uses_left":null,"without_code":null,
            "verify_email":null}"#;
        let blank = r#"{"code":"","label":" ","role":"","starts_at":"","expires_at":"","email":"","email_domains":[""],
            "welcome_text":" ","after":""}"#;
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
            role: Patch::Set("owner".into()),
            groups: Patch::Set(vec!["potters".into()]),
            max_uses: Patch::Set(0),
            starts_at: Patch::Set("soon".into()),
            expires_at: Patch::Keep,
            expires_in_hours: Patch::Set(8_761),
            email: Patch::Set("mateo".into()),
            email_domains: Patch::Set(vec!["example".into()]),
            approval: Patch::Keep,
            attributes: Patch::Set(vec![AttributeDraft::default()]),
            welcome_text: Patch::Set("x".repeat(2_001)),
            after: Patch::Set("//evil.example".into()),
            ends: Patch::Set(EndsDraft::default()),
            existing_members: Patch::Keep,
            show_uses_left: Patch::Keep,
            without_code: Patch::Keep,
            verify_email: Patch::Keep,
            flow_id: Patch::Keep,
        };
        let failure = wrong.parse(NOW).unwrap_err();
        assert_eq!(failure.code, Code::Invalid);
        let mut fields: Vec<_> = failure.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        fields.sort_unstable();
        let expected = [
            "after",
            "attributes",
            "code",
            "email",
            "email_domains",
            "ends",
            "expires_in_hours",
            "groups",
            "label",
            "max_uses",
            "role",
            "starts_at",
            "welcome_text",
        ];
        assert_eq!(fields, expected);
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
    fn an_invite_for_an_admin_is_for_one_use_and_one_address() {
        let role = |json| draft(json).parse(NOW).map(|new| new.terms.role);
        let whole = r#"{"role":"admin","max_uses":1,"email":"noor@example.org"}"#;
        assert_eq!(role(whole).unwrap(), Role::Admin);
        for json in [
            r#"{"role":"admin"}"#,
            r#"{"role":"admin","max_uses":1}"#,
            r#"{"role":"admin","max_uses":2,"email":"noor@example.org"}"#,
            r#"{"role":"owner","max_uses":1,"email":"noor@example.org"}"#,
        ] {
            assert!(role(json).unwrap_err().field_error("role").is_some(), "{json}");
        }
        let own = r#"{"role":"admin","max_uses":1,"email":"noor@example.org","code":"noor-2027"}"#;
        assert!(role(own).unwrap_err().field_error("code").is_some());
        let current = draft(whole).parse(NOW).unwrap().terms;
        for json in [r#"{"email":null}"#, r#"{"max_uses":null}"#, r#"{"max_uses":2}"#] {
            assert!(draft(json).apply(current.clone(), NOW).unwrap_err().field_error("role").is_some(), "{json}");
        }
    }

    #[test]
    fn fields_that_contradict_each_other_are_refused() {
        let parse = |json: &str| draft(json).parse(NOW);
        let wrong = |json: &str| parse(json).unwrap_err();
        let elsewhere = r#"{"email":"a@b.example","email_domains":["example.org"]}"#;
        assert!(wrong(elsewhere).field_error("email_domains").is_some());
        assert!(parse(r#"{"email":"a@b.example","email_domains":["B.example"]}"#).is_ok());
        assert!(wrong(r#"{"ends":{"of":"groups","after_days":3}}"#).field_error("ends").is_some());
        assert!(parse(r#"{"ends":{"of":"account","after_days":3}}"#).is_ok());
        let ends = r#""ends":{"of":"account","at":"2090-01-01T00:00:00Z"}"#;
        assert!(wrong(&format!(r#"{{{ends},"expires_at":"2090-01-01T00:00:01Z"}}"#)).field_error("ends").is_some());
        assert!(wrong(&format!("{{{ends}}}")).field_error("ends").is_some());
        assert!(parse(&format!(r#"{{{ends},"expires_at":"2090-01-01T00:00:00Z"}}"#)).is_ok());
        // The group was deleted since.
        let ends = parse(r#"{"ends":{"of":"account","after_days":3}}"#).unwrap().terms.ends;
        let ends = ends.map(|ends| crate::invites::Ends { of: AccessOf::Groups, ..ends });
        let current = Terms { ends, ..Terms::default() };
        assert!(draft(r#"{"label":"x"}"#).apply(current.clone(), NOW).is_ok());
        assert!(draft(r#"{"groups":[]}"#).apply(current, NOW).unwrap_err().field_error("ends").is_some());
    }

    #[test]
    fn what_an_edit_leaves_out_stays() {
        let json = r#"{"email":"a@b.example","email_domains":["b.example"],"approval":true,
            "attributes":[{"key":"team","value":"Clay","locked":true}],"welcome_text":"**Hello**","after":"/me",
            "ends":{"of":"account","after_days":30},"existing_members":false,"show_uses_left":false}"#;
        let terms = draft(json).parse(NOW).unwrap().terms;
        assert_eq!(draft("{}").apply(terms.clone(), NOW).unwrap(), terms);
        let cleared = r#"{"email":null,"email_domains":null,"approval":null,"attributes":null,"welcome_text":"",
            "after":"","ends":null,"existing_members":null,"show_uses_left":null}"#;
        assert_eq!(draft(cleared).apply(terms.clone(), NOW).unwrap(), Terms::default());
        let stored: Terms = serde_json::from_value(serde_json::to_value(&terms).unwrap()).unwrap();
        assert_eq!(stored, terms);
    }

    #[test]
    fn invites_for_recipients_are_for_one_use_and_one_address() {
        let email = || Email::parse("ada@example.org").unwrap();
        let current = draft(r#"{"email_domains":["b.example"],"without_code":true,"max_uses":9,"label":"Course"}"#);
        let current = current.parse(NOW).unwrap().terms;
        let typed = r#"{"role":"admin","label":"","starts_at":"","max_uses":5,"email":"x@y.example"}"#;
        let terms = draft(typed).for_recipients(current, email(), NOW).unwrap();
        assert_eq!((terms.max_uses, terms.email, terms.without_code), (Some(1), Some(email()), false));
        assert_eq!((terms.role, terms.label, terms.email_domains.len()), (Role::Admin, None, 0));
        let failure = draft(r#"{"code":"spring-2026"}"#).for_recipients(Terms::default(), email(), NOW).unwrap_err();
        assert!(failure.field_error("code").is_some());
        let over = Terms { expires_at: Some(at(-1)), ..Terms::default() };
        let failure = draft("{}").for_recipients(over.clone(), email(), NOW).unwrap_err();
        assert!(failure.field_error("expires_at").is_some());
        assert!(draft(r#"{"expires_at":null}"#).for_recipients(over, email(), NOW).is_ok());
    }

    #[test]
    fn only_domains_are_let_in_without_a_code() {
        let parse = |json: &str| draft(json).parse(NOW).map(|new| new.terms.without_code);
        assert_eq!(parse(r#"{"without_code":true,"email_domains":["example.org"]}"#), Ok(true));
        assert_eq!(parse(r#"{"without_code":null}"#), Ok(false));
        let wrong = |json: &str| parse(json).unwrap_err();
        assert!(wrong(r#"{"without_code":true}"#).field_error("email_domains").is_some());
        let locked = r#"{"without_code":true,"email":"a@example.org","email_domains":["example.org"]}"#;
        assert!(wrong(locked).field_error("email").is_some());
        let current = draft(r#"{"without_code":true,"email_domains":["example.org"]}"#).parse(NOW).unwrap().terms;
        assert!(
            draft(r#"{"email_domains":[]}"#).apply(current, NOW).unwrap_err().field_error("email_domains").is_some()
        );
    }

    #[test]
    fn domains_are_few() {
        let domains = |count: usize| Patch::Set((0..count).map(|n| format!("d{n}.example")).collect());
        let with = |count| InviteDraft { email_domains: domains(count), ..InviteDraft::default() }.parse(NOW);
        assert_eq!(with(MAX_EMAIL_DOMAINS).unwrap().terms.email_domains.len(), MAX_EMAIL_DOMAINS);
        assert!(with(MAX_EMAIL_DOMAINS + 1).unwrap_err().field_error("email_domains").is_some());
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
                email: text(), email_domains: Patch::Set(text().value().into_iter().collect()),
                welcome_text: text(), after: text(),
                attributes: Patch::Set(vec![AttributeDraft {
                    key: text().value().unwrap_or_default(), value: text().value().unwrap_or_default(), locked: true,
                }]),
                ends: Patch::Set(EndsDraft {
                    of: text().value().unwrap_or_default(), after_days: Some(number), at: text().value(),
                }),
                ..InviteDraft::default()
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
    }
}
