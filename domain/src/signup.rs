//! Sign-up: the invitation shown on the page, and the form.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::{Account, Email, EmailDomain, Password, Role, Strength, Username};
use crate::attributes::{AttributeKey, AttributeValue, InviteAttribute, MAX_ACCOUNT_ATTRIBUTES};
use crate::failure::{Check, Failure, FieldError};
use crate::flows::{TypedTerms, VersionRef};
use crate::ids::FlowId;
use crate::invites::{Answers, Ends, InviteCode, InviteStatus, KnownPerson};
use crate::setup::optional_name;
use crate::text::{ApplicationName, DisplayName, GroupName, ParseError, WelcomeText};
use crate::time::Timestamp;
use crate::web::Destination;

/// An invite that can be used, as shown to a visitor before sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The display name of the account that created the invite.
    pub invited_by: String,
    /// The role of the new account.
    pub role: Role,
    /// The names of the groups that the account joins.
    pub groups: Vec<GroupName>,
    /// When the invite expires; `None` means never.
    pub expires_at: Option<Timestamp>,
    /// Remaining uses; `None` means unlimited, or that the invite does not show them.
    pub uses_left: Option<u32>,
    /// The only e-mail address that may sign up.
    pub email: Option<LockedEmail>,
    /// The domains of e-mail addresses that may sign up; none means any.
    pub email_domains: Vec<EmailDomain>,
    /// Whether the account is pending approval.
    pub needs_approval: bool,
    /// Attributes that the account gets.
    pub attributes: Vec<InviteAttribute>,
    /// What is known of the person, and fills in the form. A username that an account has by now is not among it.
    pub person: Option<KnownPerson>,
    /// What the page says, as Markdown without HTML.
    pub welcome_text: Option<WelcomeText>,
    /// When access ends.
    pub ends: Option<Ends>,
    /// Whether people who have an account already may use the invite.
    pub existing_members: bool,
    /// The application that people go on to.
    pub application: Option<ApplicationName>,
    /// The flow that it names; `None` is the default flow.
    pub flow: Option<FlowId>,
}

/// The e-mail address that an invite is locked to, as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockedEmail {
    /// The address: anyone who has a random code was given it.
    Shown(Email),
    /// The address without what it can be recognised by ([`Email::masked`]): a code of one's own can be guessed.
    Masked(String),
}

impl LockedEmail {
    /// The address as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Shown(email) => email.as_str(),
            Self::Masked(text) => text,
        }
    }
}

/// The result of looking up an invite code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The code can be used.
    Open(Box<Invitation>),
    /// A random code that exists and cannot be used now. The visitor is told why (C6).
    Unavailable {
        /// The status of the invite; never [`InviteStatus::Active`].
        status: InviteStatus,
        /// The display name of the account that created the invite.
        invited_by: String,
        /// When the invite can be used, for [`InviteStatus::Scheduled`].
        starts_at: Option<Timestamp>,
        /// The only e-mail address that may sign up with it, masked ([`Email::masked`]).
        email: Option<String>,
        /// Whether its author can be asked for a new link.
        may_ask: bool,
    },
    /// The code does not exist, or it is a custom code that cannot be used. The answer is the same for both.
    Unknown,
}

/// The sign-up form as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SignUpDraft {
    /// The invite code; may be empty where sign-up is open.
    #[serde(default)]
    pub code: String,
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// The username.
    #[serde(default)]
    pub username: String,
    /// The display name; may be empty.
    #[serde(default)]
    pub name: String,
    /// The password.
    #[serde(default)]
    pub password: String,
    /// Values of the attributes of the invite, by their keys; an empty one removes an attribute that is not locked.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The proof in the link of an invitation's mail; may be empty.
    #[serde(default)]
    pub proof: String,
    /// The versions of terms that were accepted, by the ids of the terms.
    #[serde(default)]
    pub terms: TypedTerms,
    /// The version of the flow that the form began with; `None` is the present one.
    #[serde(skip)]
    pub begun: Option<VersionRef>,
}

impl fmt::Debug for SignUpDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignUpDraft(…)")
    }
}

/// A sign-up with every field valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// The invite code, if one was given. `Err` is a text that cannot be a code. It is answered like an unknown code
    /// and not as a wrong field, so that a typing error and a wrong code get the same answer.
    pub code: Option<Result<InviteCode, ParseError>>,
    /// The e-mail address.
    pub email: Email,
    /// The username.
    pub username: Username,
    /// The display name.
    pub name: Option<DisplayName>,
    /// The password.
    pub password: Password,
    /// The attributes that were sent. Whether the invite has them, only the service knows.
    pub attributes: Answers,
    /// What the link of an invitation's mail proves the address with. Whether it does, only the service knows.
    pub proof: Option<AddressProof>,
    /// The versions of terms that were accepted. Whether these are the ones to accept, only the service knows.
    pub terms: TypedTerms,
    /// The version of the flow that the form began with; `None` is the present one.
    pub begun: Option<VersionRef>,
}

impl SignUpDraft {
    /// Parses the form.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<SignUp, Failure> {
        let mut check = Check::default();
        let code = self.code();
        let email = check.take("email", Email::parse(&self.email));
        let username = check.take("username", Username::chosen(&self.username));
        let name = optional_name(&mut check, &self.name);
        let password = check.take("password", Password::parse(&self.password));
        let attributes = self.answers(&mut check);
        let proof = self.proof();
        let sign_up = match (email, username, password) {
            (Some(email), Some(username), Some(password)) => {
                let (terms, begun) = (self.terms.clone(), self.begun);
                Some(SignUp { code, email, username, name, password, attributes, proof, terms, begun })
            }
            _ => None,
        };
        check.finish(sign_up)
    }

    /// The answers that parse, of a form that may not parse as a whole.
    #[must_use]
    pub fn parsed_answers(&self) -> Answers {
        self.answers(&mut Check::default())
    }

    fn answers(&self, check: &mut Check) -> Answers {
        if self.attributes.len() > MAX_ACCOUNT_ATTRIBUTES {
            check.add_error("attributes", format!("Send at most {MAX_ACCOUNT_ATTRIBUTES} attributes."));
            return Answers::new();
        }
        let mut answers = Answers::new();
        for (key, value) in &self.attributes {
            let field = format!("attributes.{key}");
            let parsed = (!value.trim().is_empty()).then(|| AttributeValue::answer(value)).transpose();
            if let (Some(key), Some(value)) = (check.take(&field, AttributeKey::parse(key)), check.take(&field, parsed))
            {
                answers.insert(key, value);
            }
        }
        answers
    }

    /// [`SignUp::code`].
    #[must_use]
    pub fn code(&self) -> Option<Result<InviteCode, ParseError>> {
        (!self.code.trim().is_empty()).then(|| InviteCode::parse(&self.code))
    }

    /// [`SignUp::proof`]. A text that can't be one proves nothing, and is no reason to refuse: the address is verified as any
    /// other.
    #[must_use]
    pub fn proof(&self) -> Option<AddressProof> {
        AddressProof::parse(&self.proof)
    }
}

/// The proof that somebody reads mail at the address that an invitation was sent to: the token in the link of its mail, 256 bits
/// as 43 characters of base64url (RFC 4648, section 5). It need not prove anything.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressProof(String);

impl AddressProof {
    /// The number of characters.
    const LENGTH: usize = 43;

    /// Reads a token; `None` if it has other characters or another length.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits =
            text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        fits.then(|| Self(text.to_owned()))
    }

    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AddressProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressProof(…)")
    }
}

/// What a sign-up with the form as typed so far would be told. Nothing is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The wrong fields. Without a code that can be used, where one is needed, nothing is said of what only the site knows.
    pub wrong: Vec<FieldError>,
    /// How hard the password is to guess, if it was estimated.
    pub strength: Option<Strength>,
}

/// The idempotency key of a sign-up: a request that is sent twice creates one account. 1 to 255 visible ASCII
/// characters or spaces (the `Idempotency-Key` header field, draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, PartialEq, Eq)]
pub struct AttemptKey(String);

impl AttemptKey {
    /// Parses an idempotency key.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("An idempotency key has 1 to 255 visible ASCII characters.".to_owned()))
        }
    }

    /// The text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptKey(…)")
    }
}

/// The result of a sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedUp {
    /// The account.
    pub account: Account,
    /// Where the invite leads afterwards, if it leads anywhere and the settings allow it.
    pub after: Option<Destination>,
    /// Whether an earlier request with the same idempotency key created the account.
    pub replayed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> SignUpDraft {
        SignUpDraft {
            code: "7QmX2pVd9KtR".into(),
            email: "mateo@postbox.example".into(),
            username: "mateo".into(),
            name: String::new(),
            password: "a bench by the window".into(),
            proof: "7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pV".into(),
            ..SignUpDraft::default()
        }
    }

    #[test]
    fn a_valid_draft_parses_and_debug_hides_secrets() {
        let sign_up = draft().parse().unwrap();
        assert_eq!(sign_up.name, None);
        assert!(!format!("{sign_up:?} {:?}", draft()).contains("bench"));
        assert!(!format!("{sign_up:?}").contains("7QmX"));
    }

    #[test]
    fn a_text_that_cannot_be_a_code_is_not_a_field_error() {
        let sign_up = SignUpDraft { code: "no!".into(), ..draft() }.parse().unwrap();
        assert!(matches!(sign_up.code, Some(Err(_))));
        assert!(SignUpDraft { code: " ".into(), ..draft() }.parse().unwrap().code.is_none());
    }

    #[test]
    fn a_text_that_cannot_be_a_proof_is_ignored() {
        assert!(draft().parse().unwrap().proof.is_some());
        for text in ["", " ", "7QmX2pVd9KtR", &"x".repeat(44), &"ü".repeat(43), &"/".repeat(43)] {
            let sign_up = SignUpDraft { proof: text.to_owned(), ..draft() }.parse().unwrap();
            assert!(sign_up.proof.is_none(), "{text}");
        }
    }

    #[test]
    fn a_username_of_the_staff_is_refused() {
        let failure = SignUpDraft { username: "Support".into(), ..draft() }.parse().unwrap_err();
        assert_eq!(failure.field_error("username"), Some("This username is reserved. Choose another."));
    }

    #[test]
    fn every_wrong_field_is_listed() {
        let failure = SignUpDraft::default().parse().unwrap_err();
        let fields: Vec<_> = failure.fields.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["email", "username", "password"]);
    }

    #[test]
    fn attributes_are_parsed_and_an_empty_one_is_removed() {
        let with = |typed: &[(&str, &str)]| {
            let attributes = typed.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            SignUpDraft { attributes, ..draft() }.parse().map(|sign_up| sign_up.attributes)
        };
        let answers = with(&[("team", " Clay "), ("year", " ")]).unwrap();
        let answers: Vec<_> =
            answers.into_iter().map(|(key, value)| (key.to_string(), value.map(String::from))).collect();
        assert_eq!(answers, [("team".to_owned(), Some("Clay".to_owned())), ("year".to_owned(), None)]);
        assert!(with(&[("Team", "Clay")]).unwrap_err().field_error("attributes.Team").is_some());
        assert!(with(&[("team", &"x".repeat(2_001))]).unwrap_err().field_error("attributes.team").is_some());
        let many: Vec<String> = (0..=MAX_ACCOUNT_ATTRIBUTES).map(|n| format!("k{n}")).collect();
        let many: Vec<_> = many.iter().map(|key| (key.as_str(), "v")).collect();
        assert!(with(&many).unwrap_err().field_error("attributes").is_some());
    }

    #[test]
    fn attempt_keys_are_1_to_255_visible_ascii_characters() {
        assert!(AttemptKey::parse("8e03978e-40d5-43e8-bc93-6894a57f9324").is_ok());
        for bad in ["", "a\nb", "ü", &"x".repeat(256)] {
            assert!(AttemptKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
