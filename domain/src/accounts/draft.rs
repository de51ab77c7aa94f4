//! Accounts as staff create and change them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Account, Email, NewAccount, Password, Role, Username};
use crate::attributes::{AccountAttributeDraft, Attribute, parse_account_attributes};
use crate::failure::{Check, Failure};
use crate::ids::parse_groups;
use crate::patch::Patch;
use crate::text::{DisplayName, ParseError};
use crate::time::Timestamp;

/// The most groups that a new account joins.
pub const MAX_GROUPS: usize = 20;

/// A new account as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccountDraft {
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// The username.
    #[serde(default)]
    pub username: String,
    /// The display name; may be empty.
    #[serde(default)]
    pub name: Option<String>,
    /// The role; `user` if left out.
    #[serde(default)]
    pub role: Option<String>,
    /// The password, which the person can change.
    #[serde(default)]
    pub password: String,
    /// The groups that it joins, by their ids; at most [`MAX_GROUPS`].
    #[serde(default)]
    pub groups: Option<Vec<String>>,
    /// Its attributes.
    #[serde(default)]
    pub attributes: Option<Vec<AccountAttributeDraft>>,
    /// The end, RFC 3339, in the future; may be empty, for never.
    #[serde(default)]
    pub ends_at: Option<String>,
}

impl fmt::Debug for NewAccountDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewAccountDraft(…)")
    }
}

impl NewAccountDraft {
    /// Parses a new account at the instant `now`.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self, now: Timestamp) -> Result<NewAccount, Failure> {
        let mut check = Check::default();
        let email = check.take("email", Email::parse(&self.email));
        let username = check.take("username", Username::parse(&self.username));
        let name = self.name.as_deref().filter(|name| !name.trim().is_empty());
        let name = name.and_then(|name| check.take("name", DisplayName::parse(name)));
        let role = self.role.as_deref().filter(|role| !role.is_empty());
        let role = role.map_or(Some(Role::User), |role| check.take("role", parse_role(role)));
        let password = check.take("password", Password::parse(&self.password));
        let groups = parse_groups(self.groups.as_deref().unwrap_or_default(), MAX_GROUPS);
        let groups = check.take("groups", groups).unwrap_or_default();
        let attributes = parse_account_attributes(self.attributes.as_deref().unwrap_or_default());
        let attributes = check.take("attributes", attributes).unwrap_or_default();
        let ends_at = self.ends_at.as_deref().filter(|text| !text.trim().is_empty());
        let ends_at = ends_at.and_then(|text| check.take("ends_at", parse_end(text, None, now)));
        let new = match (email, username, role, password) {
            (Some(email), Some(username), Some(role), Some(password)) => {
                Some(NewAccount { email, username, name, role, password, groups, attributes, ends_at })
            }
            _ => None,
        };
        check.finish(new)
    }
}

/// A change of an account as typed. What is left out keeps its value; `null` clears the name, the end and the attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountDraft {
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub email: Patch<String>,
    /// The username.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub username: Patch<String>,
    /// The display name.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// The role: `user`, `moderator` or `admin`.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub role: Patch<String>,
    /// The end, RFC 3339, in the future; `null` is never.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends_at: Patch<String>,
    /// All attributes; those that are not among them are removed.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub attributes: Patch<Vec<AccountAttributeDraft>>,
}

/// What staff can change of an account, with every value valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTerms {
    /// The e-mail address.
    pub email: Email,
    /// The username.
    pub username: Username,
    /// The display name.
    pub name: Option<DisplayName>,
    /// The role.
    pub role: Role,
    /// The end, exclusive; `None` is never.
    pub ends_at: Option<Timestamp>,
}

impl AccountTerms {
    /// Those of an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let Account { email, username, name, role, ends_at, .. } = account.clone();
        Self { email, username, name, role, ends_at }
    }

    /// The names of the fields that differ in `new`, apart from the role.
    #[must_use]
    pub fn changed(&self, new: &Self) -> Vec<String> {
        let fields = [
            ("email", self.email != new.email),
            ("username", self.username != new.username),
            ("name", self.name != new.name),
            ("ends_at", self.ends_at != new.ends_at),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
    }
}

impl AccountDraft {
    /// Applies the draft to the `current` values of an account at the instant `now`. A value that stays is not parsed again.
    /// The attributes are `None` if they stay.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn apply(
        self,
        current: AccountTerms,
        now: Timestamp,
    ) -> Result<(AccountTerms, Option<Vec<Attribute>>), Failure> {
        let mut check = Check::default();
        let email = match self.email {
            Patch::Keep => Some(current.email),
            email if email == Patch::Set(current.email.to_string()) => Some(current.email),
            email => check.take("email", Email::parse(&email.value().unwrap_or_default())),
        };
        let username = match self.username {
            Patch::Keep => Some(current.username),
            username => check.take("username", Username::parse(&username.value().unwrap_or_default())),
        };
        let name = match self.name.unless_blank() {
            Patch::Set(name) if current.name.as_ref().is_some_and(|current| current.as_str() == name) => Patch::Keep,
            name => name.and_then(|name| check.take("name", DisplayName::parse(&name))),
        };
        let role = match self.role {
            Patch::Keep => Some(current.role),
            Patch::Set(role) if role == current.role.as_str() => Some(current.role),
            role => check.take("role", parse_role(&role.value().unwrap_or_default())),
        };
        let ends_at = self.ends_at.unless_blank();
        let ends_at = ends_at.and_then(|text| check.take("ends_at", parse_end(&text, current.ends_at, now)));
        let attributes = match self.attributes {
            Patch::Keep => None,
            attributes => check.take("attributes", parse_account_attributes(&attributes.value().unwrap_or_default())),
        };
        let terms = match (email, username, role) {
            (Some(email), Some(username), Some(role)) => {
                let (name, ends_at) = (name.apply(current.name), ends_at.apply(current.ends_at));
                Some(AccountTerms { email, username, name, role, ends_at })
            }
            _ => None,
        };
        check.finish(terms.map(|terms| (terms, attributes)))
    }
}

/// An end that has not passed, or the current one.
pub(super) fn parse_end(text: &str, current: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, ParseError> {
    let end: Timestamp = text.trim().parse::<Timestamp>()?;
    if end <= now && Some(end) != current {
        return Err(ParseError("This moment has passed. Choose a later one, or suspend the account.".to_owned()));
    }
    Ok(end)
}

/// A role that staff can give. Ownership is handed over, not given.
fn parse_role(text: &str) -> Result<Role, ParseError> {
    match text.parse::<Role>() {
        Ok(role) if role != Role::Owner => Ok(role),
        _ => Err(ParseError("Choose user, moderator or admin.".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(json: &str) -> Result<NewAccount, Failure> {
        serde_json::from_str::<NewAccountDraft>(json).unwrap().parse(Timestamp::from_micros(2_000_000))
    }

    fn current() -> AccountTerms {
        AccountTerms {
            email: Email::stored("Ada@Example.org"),
            username: Username::parse("ada").unwrap(),
            name: Some(DisplayName::stored("Ada\u{AD}")),
            role: Role::Moderator,
            ends_at: Some(Timestamp::from_micros(1_000_000)),
        }
    }

    #[test]
    fn every_wrong_field_of_a_new_account_is_reported() {
        let wrong =
            new(r#"{"email":"x","username":"!","name":"\u0000","role":"owner","password":"short"}"#).unwrap_err();
        assert_eq!(wrong.fields.len(), 5);
        let ada = new(r#"{"email":"ada@example.org","username":"ada","name":" ","password":"a bench by the window"}"#);
        let ada = ada.unwrap();
        assert_eq!((ada.name, ada.role, ada.ends_at), (None, Role::User, None));
    }

    #[test]
    fn a_new_account_has_groups_attributes_and_an_end() {
        let with = |rest: &str| {
            let known = r#""email":"ada@example.org","username":"ada","password":"a bench by the window""#;
            new(&format!("{{{known},{rest}}}"))
        };
        let group = r#""0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77""#;
        let ada = with(&format!(
            r#""groups":[{group},{group}],"attributes":[{{"key":"team","value":"Clay"}}],"ends_at":"1970-01-01T00:00:03Z""#
        ));
        let ada = ada.unwrap();
        assert_eq!((ada.groups.len(), ada.attributes[0].value.as_str()), (1, "Clay"));
        assert_eq!(ada.ends_at, Some(Timestamp::from_micros(3_000_000)));
        let none = with(r#""groups":null,"attributes":null,"ends_at":" ""#).unwrap();
        assert!(none.groups.is_empty() && none.attributes.is_empty() && none.ends_at.is_none());
        let wrong =
            with(r#""groups":["potters"],"attributes":[{"key":"T","value":""}],"ends_at":"1970-01-01T00:00:01Z""#);
        let wrong = wrong.unwrap_err();
        assert!(
            ["groups", "attributes", "ends_at"].iter().all(|field| wrong.field_error(field).is_some()),
            "{wrong:?}"
        );
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let apply = |json: &str| {
            let draft = serde_json::from_str::<AccountDraft>(json).unwrap();
            draft.apply(current(), Timestamp::from_micros(2_000_000)).map(|(terms, _)| terms)
        };
        assert_eq!(apply("{}").unwrap(), current());
        let same = "{\"email\":\"Ada@Example.org\",\"username\":\"ada\",\"name\":\"Ada\u{AD}\",\"role\":\"moderator\"}";
        assert_eq!(apply(same).unwrap(), current(), "what stays is not parsed again");
        assert_eq!(apply(r#"{"name":null}"#).unwrap().name, None);
        assert_eq!(apply(r#"{"name":" "}"#).unwrap().name, None);
        let changed = apply(r#"{"email":"ada@example.com","username":"ada.l","name":"Ada L","role":"user"}"#).unwrap();
        assert_eq!(
            (changed.email.as_str(), changed.username.as_str(), changed.role),
            ("ada@example.com", "ada.l", Role::User)
        );
        assert_eq!(apply(r#"{"ends_at":null}"#).unwrap().ends_at, None);
        assert_eq!(apply(r#"{"ends_at":" "}"#).unwrap().ends_at, None);
        let same_end = apply(r#"{"ends_at":"1970-01-01T00:00:01Z"}"#).unwrap();
        assert_eq!(same_end, current(), "an end that has passed stays");
        let later = apply(r#"{"ends_at":"1970-01-01T00:00:03Z"}"#).unwrap().ends_at;
        assert_eq!(later, Some(Timestamp::from_micros(3_000_000)));
        for wrong in ["1970-01-01T00:00:02Z", "soon"] {
            let wrong = apply(&format!(r#"{{"ends_at":"{wrong}"}}"#)).unwrap_err();
            assert!(wrong.field_error("ends_at").is_some(), "{wrong:?}");
        }
        let wrong = apply(r#"{"email":null,"username":null,"role":null}"#).unwrap_err();
        assert_eq!(wrong.fields.len(), 3);
        assert!(apply(r#"{"role":"owner"}"#).unwrap_err().field_error("role").is_some());
    }

    #[test]
    fn attributes_stay_are_replaced_or_cleared() {
        let apply = |json: &str| {
            let draft = serde_json::from_str::<AccountDraft>(json).unwrap();
            draft.apply(current(), Timestamp::from_micros(2_000_000)).map(|(_, attributes)| attributes)
        };
        assert_eq!(apply("{}").unwrap(), None);
        assert_eq!(apply(r#"{"attributes":null}"#).unwrap(), Some(Vec::new()));
        assert_eq!(
            apply(r#"{"attributes":[{"key":"team","value":"Clay"}]}"#).unwrap().unwrap()[0].key.as_str(),
            "team"
        );
        let wrong = apply(r#"{"email":"x","attributes":[{"key":"Team","value":"Clay"}]}"#).unwrap_err();
        assert!(wrong.field_error("attributes").is_some() && wrong.field_error("email").is_some());
    }
}
