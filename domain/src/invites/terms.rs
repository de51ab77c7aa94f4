//! What an invite allows.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ends::Ends;
use super::person::KnownPerson;
use crate::accounts::{Email, EmailDomain, Role, Username};
use crate::attributes::{Attribute, AttributeKey, AttributeValue, InviteAttribute};
use crate::failure::{Check, Code, Failure};
use crate::ids::{FlowId, GroupId};
use crate::text::{DisplayName, Label, WelcomeText};
use crate::time::Timestamp;
use crate::web::Destination;

/// Maximum uses that the dashboard suggests for a new invite.
pub const SUGGESTED_MAX_USES: u32 = 10;
/// Lifetime that the dashboard suggests for a new invite, in hours: seven days.
pub const SUGGESTED_EXPIRES_IN_HOURS: u16 = 168;
/// Longest lifetime that `expires_in_hours` can give, in hours: a year.
pub const MAX_EXPIRES_IN_HOURS: i64 = 8_760;
/// Lifetime of the invite that somebody gets who asks for a new link: seven days.
pub const NEW_LINK_LASTS: Duration = Duration::from_hours(7 * 24);
/// The most groups that an invite grants.
pub const MAX_GROUPS: usize = 20;
/// The most domains of e-mail addresses that an invite names.
pub const MAX_EMAIL_DOMAINS: usize = 20;

/// What an invite allows. The same in a new invite, a stored one and the result of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in JSON")]
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
    /// The only e-mail address that may sign up; `None` is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Domains of e-mail addresses that may sign up, at most [`MAX_EMAIL_DOMAINS`]; none is any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub email_domains: Vec<EmailDomain>,
    /// Whether the accounts are pending approval.
    #[serde(default, skip_serializing_if = "is_false")]
    pub approval: bool,
    /// Attributes that the accounts get, at most [`crate::attributes::MAX_ATTRIBUTES`], each key once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<InviteAttribute>,
    /// What is known of the person that it is for, and fills in the sign-up page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<KnownPerson>,
    /// What the sign-up page says, as Markdown without HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_text: Option<WelcomeText>,
    /// Where people go after they sign up, or have joined its groups: an [application](Destination::of_application), for
    /// example. `None` is their own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Destination>,
    /// When access ends; `None` is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Ends>,
    /// Whether people who have an account already may use it, to join its groups.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub existing_members: bool,
    /// Whether the sign-up page shows how many uses are left.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub show_uses_left: bool,
    /// Whether addresses of its [`email_domains`](Self::email_domains) sign up by it without its code, while registration is
    /// open.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_code: bool,
    /// Whether the accounts have to verify their e-mail address, where e-mail is sent. See [`Self::verifies`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub verify_email: bool,
    /// The flow of the sign-up page; `None` is the default flow. An invite that admits addresses
    /// [without its code](Self::without_code) has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Default for Terms {
    /// The terms of an invite created by an empty draft: role `user`, unlimited, at once, never expiring (C3), for everyone.
    fn default() -> Self {
        Self {
            label: None,
            role: Role::User,
            groups: Vec::new(),
            max_uses: None,
            starts_at: None,
            expires_at: None,
            email: None,
            email_domains: Vec::new(),
            approval: false,
            attributes: Vec::new(),
            person: None,
            welcome_text: None,
            after: None,
            ends: None,
            existing_members: true,
            show_uses_left: true,
            without_code: false,
            verify_email: false,
            flow: None,
        }
    }
}

/// The attributes that a sign-up sends: a value, or `None` for one that was emptied. What is not sent keeps the value of the
/// invite.
pub type Answers = BTreeMap<AttributeKey, Option<AttributeValue>>;

impl Terms {
    /// The same terms with a later end; `None` is never.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `expires_at` when that would shorten it: the present end is later, or there is none. And
    /// when the new end has passed, or is later than that of the access.
    pub fn extended(self, expires_at: Option<Timestamp>, now: Timestamp) -> Result<Self, Failure> {
        let wrong = match (self.expires_at, expires_at) {
            // First: of an end that has passed it says too little that the present one is later.
            (_, Some(end)) if end <= now => PASSED,
            (None, Some(_)) => "This invite never expires. To give it an end, edit it.",
            (Some(present), Some(end)) if end < present => {
                "This invite expires later than that. Choose a later date, or edit the invite to shorten it."
            }
            (_, end) if self.outlasts_access(end) => {
                "The access that this invite gives ends earlier. Choose an earlier date, or edit the invite."
            }
            _ => return Ok(Self { expires_at, ..self }),
        };
        Err(Failure::field(Code::Invalid, "expires_at", wrong))
    }

    /// The terms of a new invite like this one, at the instant `now`. A start that has passed is left out, and its code is
    /// needed: the one who creates it may not be one who lets addresses in without a code.
    #[must_use]
    pub fn duplicated(self, now: Timestamp) -> Self {
        Self { starts_at: self.starts_at.filter(|at| *at > now), without_code: false, ..self }
    }

    /// The terms of a new invite like this one for one person with the address `email`, at the instant `now`: what somebody gets
    /// who asks for a new link. It lasts seven days, less where the access that it gives ends earlier, and needs its code.
    ///
    /// # Errors
    /// [`Code::Forbidden`] for an address that may not sign up with this invite, and if the access has ended.
    pub fn renewed(self, email: Email, now: Timestamp) -> Result<Self, Failure> {
        if self.admits(&email).is_err() {
            let why = "This invite is for other addresses now. Dismiss the request, or edit the invite.";
            return Err(Failure::new(Code::Forbidden, why));
        }
        let end = now.plus(NEW_LINK_LASTS);
        let end = self.ends.and_then(Ends::at).map_or(end, |access_ends| access_ends.min(end));
        if end <= now {
            let why = "The access that this invite gives has ended. Dismiss the request, or edit the invite.";
            return Err(Failure::new(Code::Forbidden, why));
        }
        let label = self.label.as_ref().map(new_link_label);
        // What is known of a person is known of the one with the address that it was locked to.
        let person = self.person.clone().filter(|_| self.email.is_some());
        let (email, expires_at) = (Some(email), Some(end));
        Ok(Self { label, email, max_uses: Some(1), starts_at: None, expires_at, person, ..self.duplicated(now) })
    }

    /// Whether an invite that ends at `end` could give access that has ended.
    pub(super) fn outlasts_access(&self, end: Option<Timestamp>) -> bool {
        let access_ends = self.ends.and_then(Ends::at);
        access_ends.is_some_and(|access_ends| end.is_none_or(|end| end > access_ends))
    }

    /// Whether an account that signs up by it has to verify its e-mail address, where e-mail is sent: because everybody has to
    /// (`site_wide`), because the invite says so, or because it is for some addresses only, which others could claim.
    #[must_use]
    pub const fn verifies(&self, site_wide: bool) -> bool {
        site_wide || self.verify_email || self.email.is_some() || !self.email_domains.is_empty()
    }

    /// What it grants: the role and the groups.
    #[must_use]
    pub fn granted(&self) -> (Role, &[GroupId]) {
        (self.role, &self.groups)
    }

    /// Whether it grants the role of admin, as only owners do.
    #[must_use]
    pub const fn grants_admin(&self) -> bool {
        matches!(self.role, Role::Admin)
    }

    /// Checks that an e-mail address may sign up.
    ///
    /// # Errors
    /// A sentence for the one who holds the invite. It does not name an address that the invite is locked to.
    pub fn admits(&self, email: &Email) -> Result<(), String> {
        match &self.email {
            Some(locked) if locked.folded() != email.folded() => {
                Err("This invite is for another e-mail address. Enter the address that you were invited with."
                    .to_owned())
            }
            Some(_) => Ok(()),
            None if self.email_domains.is_empty() || self.email_domains.iter().any(|domain| domain.has(email)) => {
                Ok(())
            }
            None => {
                let domains = self.email_domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>().join(", ");
                Err(format!("This invite is for addresses of {domains}. Enter one of those."))
            }
        }
    }

    /// What an account gets that signs up with this address and these answers.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `email` for an address that may not; under `attributes.KEY` for an answer that changes what is
    /// locked, that is longer than a line, or for a key that the invite has not.
    pub fn answered(&self, email: &Email, answers: &Answers) -> Result<Vec<Attribute>, Failure> {
        let mut check = Check::default();
        if let Err(why) = self.admits(email) {
            check.add_error("email", why);
        }
        for key in answers.keys().filter(|key| self.attributes.iter().all(|attribute| attribute.key != **key)) {
            check.add_error(&format!("attributes.{key}"), "This invite has no such attribute. Leave it out.");
        }
        let mut attributes = Vec::new();
        for InviteAttribute { key, value, locked } in &self.attributes {
            let value = match answers.get(key) {
                None => Some(value),
                Some(answer) if *locked && answer.as_ref() != Some(value) => {
                    let why = "The invite sets this value. Leave it as it is.";
                    check.add_error(&format!("attributes.{key}"), why);
                    None
                }
                // Answers to fields of a flow may have several lines, attributes of an invite have one.
                Some(Some(answer)) => {
                    check.take(&format!("attributes.{key}"), AttributeValue::parse(answer.as_str())).and(Some(answer))
                }
                Some(None) => None,
            };
            attributes.extend(value.map(|value| Attribute { key: key.clone(), value: value.clone() }));
        }
        check.finish(Some(attributes))
    }
}

impl Terms {
    /// Checks a display name and a username against what is fixed of the person that the invite is for. `is_free` says whether
    /// no account has the username that is fixed; one that is taken does not bind.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `name`, `username` or both.
    pub fn fits_person(
        &self,
        name: Option<&DisplayName>,
        username: Option<&Username>,
        is_free: bool,
    ) -> Result<(), Failure> {
        const FIXED: &str = "The invite sets this. Leave it as it is.";
        let Some(person) = &self.person else { return Ok(()) };
        let mut check = Check::default();
        if person.fixed_name().is_some_and(|fixed| name != Some(fixed)) {
            check.add_error("name", FIXED);
        }
        if is_free && person.fixed_username().is_some_and(|fixed| username != Some(fixed)) {
            check.add_error("username", FIXED);
        }
        check.finish(Some(()))
    }
}

/// The label of an invite that takes the place of one with this label.
fn new_link_label(label: &Label) -> Label {
    const MARK: &str = " (new link)";
    if label.as_str().ends_with(MARK) {
        return label.clone();
    }
    Label::parse(&format!("{label}{MARK}")).unwrap_or_else(|_| label.clone())
}

/// What is said of an end that has passed.
pub(super) const PASSED: &str = "This moment has passed. Choose a later one.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invites::{AccessEnd, AccessOf};

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn at(offset_seconds: i64) -> Timestamp {
        Timestamp::from_micros(NOW.as_micros() + offset_seconds * 1_000_000)
    }

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn attribute(key: &str, value: &str, locked: bool) -> InviteAttribute {
        InviteAttribute { key: AttributeKey::parse(key).unwrap(), value: AttributeValue::stored(value), locked }
    }

    fn answers(typed: &[(&str, Option<&str>)]) -> Answers {
        let answer = |(key, value): &(&str, Option<&str>)| {
            (AttributeKey::parse(key).unwrap(), value.map(AttributeValue::stored))
        };
        typed.iter().map(answer).collect()
    }

    #[test]
    fn an_address_must_be_the_locked_one_or_of_a_domain() {
        let locked = Terms { email: Some(email("Mateo@postbox.example")), ..Terms::default() };
        assert!(locked.admits(&email("mateo@POSTBOX.example")).is_ok(), "case makes no difference");
        let why = locked.admits(&email("other@postbox.example")).unwrap_err();
        assert!(!why.to_lowercase().contains("mateo"), "{why}");
        let domains = ["example.org", "postbox.example"].map(|domain| EmailDomain::parse(domain).unwrap());
        let terms = Terms { email_domains: domains.into(), ..Terms::default() };
        assert!(terms.admits(&email("a@postbox.example")).is_ok());
        assert!(terms.admits(&email("a@sub.example.org")).unwrap_err().contains("example.org, postbox.example"));
        assert!(Terms::default().admits(&email("a@b.example")).is_ok());
    }

    #[test]
    fn an_address_is_verified_if_everybody_does_or_the_invite_asks_or_is_for_some_addresses_only() {
        let none = Terms::default();
        assert!(!none.verifies(false) && none.verifies(true));
        assert!(Terms { verify_email: true, ..none.clone() }.verifies(false));
        assert!(Terms { email: Some(email("a@b.example")), ..none.clone() }.verifies(false));
        let email_domains = vec![EmailDomain::parse("example.org").unwrap()];
        assert!(Terms { email_domains, ..none }.verifies(false));
    }

    #[test]
    fn answers_replace_what_is_not_locked() {
        let attributes = vec![attribute("team", "Clay", true), attribute("year", "2", false)];
        let terms = Terms { attributes, ..Terms::default() };
        let given = |typed: &[(&str, Option<&str>)]| {
            let given = terms.answered(&email("a@b.example"), &answers(typed))?;
            Ok::<_, Failure>(given.iter().map(|a| format!("{}={}", a.key, a.value)).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(given(&[]).unwrap(), "team=Clay year=2");
        assert_eq!(given(&[("team", Some("Clay")), ("year", Some("3"))]).unwrap(), "team=Clay year=3");
        assert_eq!(given(&[("year", None)]).unwrap(), "team=Clay");
        for (wrong, field) in [
            (("team", Some("Wood")), "attributes.team"),
            (("team", None), "attributes.team"),
            (("role", Some("admin")), "attributes.role"),
        ] {
            let failure = given(&[wrong]).unwrap_err();
            assert!(failure.code == Code::Invalid && failure.field_error(field).is_some(), "{failure:?}");
        }
        let both = Terms { email: Some(email("c@d.example")), ..terms.clone() };
        let failure = both.answered(&email("a@b.example"), &answers(&[("team", None)])).unwrap_err();
        assert_eq!(failure.fields.len(), 2);
    }

    #[test]
    fn what_is_fixed_of_a_person_stays_and_a_taken_username_does_not_bind() {
        let (name, username) = (DisplayName::parse("Mateo").unwrap(), Username::parse("mateo").unwrap());
        let (other_name, other) = (DisplayName::parse("Ada").unwrap(), Username::parse("ada").unwrap());
        let person = |locked| KnownPerson { name: Some(name.clone()), username: Some(username.clone()), locked };
        let terms = |locked| Terms { person: Some(person(locked)), ..Terms::default() };
        assert!(terms(false).fits_person(Some(&other_name), Some(&other), true).is_ok());
        assert!(terms(true).fits_person(Some(&name), Some(&username), true).is_ok());
        assert_eq!(terms(true).fits_person(None, Some(&other), true).unwrap_err().fields.len(), 2);
        let taken = terms(true).fits_person(Some(&other_name), Some(&other), false).unwrap_err();
        assert!(taken.field_error("name").is_some() && taken.field_error("username").is_none());
        assert!(Terms::default().fits_person(None, Some(&other), true).is_ok());
    }

    #[test]
    fn an_invite_is_not_extended_beyond_the_access_it_gives() {
        let ends = Some(Ends { of: AccessOf::Account, when: AccessEnd::At(at(60)) });
        let terms = Terms { expires_at: Some(at(30)), ends, ..Terms::default() };
        assert!(terms.clone().extended(Some(at(60)), NOW).is_ok());
        for end in [Some(at(61)), None] {
            assert!(terms.clone().extended(end, NOW).unwrap_err().field_error("expires_at").is_some());
        }
    }

    #[test]
    fn a_new_link_has_the_same_terms_for_one_person_and_seven_days() {
        let label = Some(Label::parse("Summer course").unwrap());
        let old = Terms {
            label,
            role: Role::Moderator,
            max_uses: Some(30),
            starts_at: Some(at(-90)),
            expires_at: Some(at(-60)),
            email_domains: vec![EmailDomain::parse("postbox.example").unwrap()],
            approval: true,
            existing_members: false,
            without_code: true,
            ..Terms::default()
        };
        let new = old.clone().renewed(email("mateo@postbox.example"), NOW).unwrap();
        assert_eq!(new.label.as_ref().unwrap().as_str(), "Summer course (new link)");
        let expected = Terms {
            label: new.label.clone(),
            max_uses: Some(1),
            starts_at: None,
            expires_at: Some(NOW.plus(NEW_LINK_LASTS)),
            email: Some(email("mateo@postbox.example")),
            without_code: false,
            ..old.clone()
        };
        assert_eq!(new, expected);
        // Asked for once more, it is not marked twice; a label without room for the mark stays.
        assert_eq!(new.clone().renewed(email("MATEO@postbox.example"), NOW).unwrap().label, new.label);
        let long = Some(Label::parse(&"x".repeat(Label::MAX)).unwrap());
        let of_long = Terms { label: long.clone(), ..Terms::default() }.renewed(email("a@b.example"), NOW).unwrap();
        assert_eq!(of_long.label, long);
        assert_eq!(Terms::default().renewed(email("a@b.example"), NOW).unwrap().label, None);
        assert_eq!(old.renewed(email("a@b.example"), NOW).unwrap_err().code, Code::Forbidden, "of another domain");
    }

    #[test]
    fn a_new_link_does_not_outlast_the_access_it_gives() {
        let ends = |when| Some(Ends { of: AccessOf::Account, when });
        let renewed = |when| Terms { ends: ends(when), ..Terms::default() }.renewed(email("a@b.example"), NOW);
        assert_eq!(renewed(AccessEnd::At(at(60))).unwrap().expires_at, Some(at(60)));
        assert_eq!(renewed(AccessEnd::At(at(0))).unwrap_err().code, Code::Forbidden);
        assert_eq!(renewed(AccessEnd::AfterDays(1)).unwrap().expires_at, Some(NOW.plus(NEW_LINK_LASTS)));
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

    proptest::proptest! {
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
