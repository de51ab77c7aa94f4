//! How an application is told who may enter: accounts and groups are created, changed and deactivated there (SCIM 2.0, RFC 7643
//! and 7644).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::failure::Check;
use crate::string_enum::string_enum;
use crate::text::ParseError;
use crate::web::WebUrl;

/// The token that an application accepts (RFC 6750): 1 to 4096 visible characters of ASCII. Never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScimToken(String);

impl ScimToken {
    const MAX_BYTES: usize = 4096;
    /// The number of characters that [`Self::hint`] has.
    const HINT_CHARS: usize = 4;
    /// The shortest token of which a hint is given: what is left must not be guessed.
    const MIN_HINTED: usize = 20;

    /// Parses a token as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is empty or too long, or has a character that a header can't have.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError("Enter the token that the application accepts.".to_owned()));
        }
        if text.len() > Self::MAX_BYTES || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(ParseError(format!(
                "A token has at most {} characters: letters, digits and signs, without spaces.",
                Self::MAX_BYTES
            )));
        }
        Ok(Self(text.to_owned()))
    }

    /// The token, for the request that it authorises, and for encryption.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last characters, for recognition; nothing of a short token.
    #[must_use]
    pub fn hint(&self) -> &str {
        if self.0.len() < Self::MIN_HINTED { "" } else { &self.0[self.0.len() - Self::HINT_CHARS..] }
    }
}

impl TryFrom<String> for ScimToken {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ScimToken> for String {
    fn from(token: ScimToken) -> Self {
        token.0
    }
}

impl fmt::Debug for ScimToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScimToken(…)")
    }
}

/// What an application gets as the name by which it knows an account (`userName`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScimUserName {
    /// The username.
    #[default]
    Username,
    /// The e-mail address.
    Email,
}

string_enum!(ScimUserName { Username = "username", Email = "email" });

/// What becomes of an account there that may no longer enter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScimRemoval {
    /// It becomes inactive, and can be active again.
    #[default]
    Deactivate,
    /// It is deleted, with what it has there.
    Delete,
}

string_enum!(ScimRemoval { Deactivate = "deactivate", Delete = "delete" });

/// What is chosen about the connection by SCIM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimTerms {
    /// The address of the service, to which `/Users` is appended; without a query.
    pub url: WebUrl,
    /// What it gets as `userName`.
    #[serde(default)]
    pub user_name: ScimUserName,
    /// Whether accounts are created there. If not, it is told of those alone that signed in to it.
    #[serde(default = "yes")]
    pub create: bool,
    /// Whether it is told of groups as well: those that admit members or, where everyone may enter, all.
    #[serde(default)]
    pub groups: bool,
    /// What becomes of accounts there that may no longer enter, and of groups that no longer exist here.
    #[serde(default)]
    pub on_removal: ScimRemoval,
    /// Whether accounts and groups that exist there with the same name, and without an identifier of another system, are taken
    /// to be the same. Anyone who may choose a name here can then become that account there.
    #[serde(default)]
    pub adopt: bool,
    /// The token that was typed. Only in terms that were just parsed: it is stored elsewhere, and never serialised with them.
    #[serde(skip)]
    pub token: Option<ScimToken>,
}

/// [`ScimTerms`] as typed. What is left out keeps its value, or is the default where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScimDraft {
    /// [`ScimTerms::url`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A token, for a new connection or in place of the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TypedToken>,
    /// [`ScimTerms::user_name`]; the default is `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// [`ScimTerms::create`]; the default is `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<bool>,
    /// [`ScimTerms::groups`]; the default is `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<bool>,
    /// [`ScimTerms::on_removal`]; the default is `deactivate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_removal: Option<String>,
    /// [`ScimTerms::adopt`]; the default is `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopt: Option<bool>,
}

const fn yes() -> bool {
    true
}

/// A token as typed, before it is parsed. Its debug form does not show it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TypedToken(pub String);

impl fmt::Debug for TypedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedToken(…)")
    }
}

impl ScimDraft {
    /// The terms after the change, or `None` after recording what is wrong under `scim.FIELD`.
    pub(super) fn apply(self, old: Option<&ScimTerms>, check: &mut Check) -> Option<ScimTerms> {
        let url = match (self.url, old) {
            (None, Some(old)) => Some(old.url.clone()),
            (url, _) => check.take("scim.url", parse_url(&url.unwrap_or_default())),
        };
        // An emptied input keeps the token, because what is stored is not shown.
        let typed = self.token.filter(|token| !token.0.trim().is_empty());
        let token = typed.map(|token| check.take("scim.token", ScimToken::parse(&token.0)));
        let kept_for = old.map(|old| site(&old.url));
        if token.is_none() && old.is_none() {
            check.take("scim.token", ScimToken::parse(""));
        } else if token.is_none() && url.as_ref().map(site) != kept_for && url.is_some() {
            // Anyone who may change the address must not get the token sent to another one.
            check.add_error("scim.token", "Enter the token again: the address is on another site.");
        }
        let old_name = old.map(|old| old.user_name).unwrap_or_default();
        let user_name = self.user_name.map_or(Some(old_name), |text| check.take("scim.user_name", text.parse()));
        let old_removal = old.map(|old| old.on_removal).unwrap_or_default();
        let on_removal = self.on_removal.map_or(Some(old_removal), |text| check.take("scim.on_removal", text.parse()));
        Some(ScimTerms {
            url: url?,
            user_name: user_name?,
            create: self.create.unwrap_or_else(|| old.is_none_or(|old| old.create)),
            groups: self.groups.unwrap_or_else(|| old.is_some_and(|old| old.groups)),
            on_removal: on_removal?,
            adopt: self.adopt.unwrap_or_else(|| old.is_some_and(|old| old.adopt)),
            token: match token {
                Some(token) => Some(token?),
                None => None,
            },
        })
    }
}

impl From<ScimTerms> for ScimDraft {
    fn from(terms: ScimTerms) -> Self {
        Self {
            url: Some(terms.url.into()),
            token: None,
            user_name: Some(terms.user_name.to_string()),
            create: Some(terms.create),
            groups: Some(terms.groups),
            on_removal: Some(terms.on_removal.to_string()),
            adopt: Some(terms.adopt),
        }
    }
}

/// Scheme, host and port of an address.
fn site(url: &WebUrl) -> String {
    url.as_str().splitn(4, '/').take(3).collect::<Vec<_>>().join("/").to_lowercase()
}

fn parse_url(typed: &str) -> Result<WebUrl, ParseError> {
    let url = WebUrl::parse(typed.trim().trim_end_matches('/'))?;
    if url.as_str().contains(['?', '#']) {
        return Err(ParseError(
            "Enter the address without a query, such as https://chat.example.org/api/v1/scim/v2.".to_owned(),
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;

    fn apply(json: &str, current: Option<&ScimTerms>) -> Result<ScimTerms, Failure> {
        let mut check = Check::default();
        let terms = serde_json::from_str::<ScimDraft>(json).unwrap().apply(current, &mut check);
        check.finish(terms)
    }

    const NEW: &str = r#"{"url":" https://chat.example/scim/v2/ ","token":"a-token-of-the-application"}"#;

    #[test]
    fn a_connection_needs_an_address_and_a_token() {
        let terms = apply(NEW, None).unwrap();
        assert_eq!(terms.url.as_str(), "https://chat.example/scim/v2");
        assert_eq!((terms.user_name, terms.on_removal), (ScimUserName::Username, ScimRemoval::Deactivate));
        assert!(terms.create && !terms.groups && !terms.adopt);
        assert_eq!(terms.token.as_ref().unwrap().hint(), "tion");
        let nothing = apply("{}", None).unwrap_err();
        assert!(nothing.field_error("scim.url").is_some() && nothing.field_error("scim.token").is_some());
        assert!(apply(r#"{"url":"https://a.example"}"#, None).unwrap_err().field_error("scim.token").is_some());
    }

    #[test]
    fn a_change_keeps_what_is_left_out_and_the_token_never_leaves_with_the_terms() {
        let terms = apply(NEW, None).unwrap();
        let stored: ScimTerms = serde_json::from_str(&serde_json::to_string(&terms).unwrap()).unwrap();
        assert_eq!(stored.token, None);
        assert!(!format!("{terms:?} {:?}", serde_json::from_str::<ScimDraft>(NEW)).contains("a-token"));
        let changed = apply(r#"{"groups":true,"on_removal":"delete","token":" "}"#, Some(&stored)).unwrap();
        assert_eq!((changed.groups, changed.on_removal, &changed.token), (true, ScimRemoval::Delete, &None));
        assert_eq!(changed.url, stored.url);
        let again = apply(r#"{"token":"another"}"#, Some(&changed)).unwrap();
        assert_eq!(again.token.unwrap().expose(), "another");
        assert_eq!(ScimDraft::from(changed.clone()).apply(Some(&changed), &mut Check::default()), Some(changed));
    }

    #[test]
    fn a_token_is_not_sent_to_another_site_than_the_one_it_was_typed_for() {
        let stored = ScimTerms { token: None, ..apply(NEW, None).unwrap() };
        for url in ["https://evil.example/scim/v2", "http://chat.example/scim/v2", "https://chat.example:444/scim/v2"] {
            let json = format!(r#"{{"url":"{url}"}}"#);
            assert!(apply(&json, Some(&stored)).unwrap_err().field_error("scim.token").is_some(), "{url}");
            let json = format!(r#"{{"url":"{url}","token":"t"}}"#);
            assert!(apply(&json, Some(&stored)).is_ok());
        }
        assert!(apply(r#"{"url":"https://CHAT.example/other"}"#, Some(&stored)).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is_wrong() {
        for (json, field) in [
            (r#"{"url":"ftp://chat.example","token":"t"}"#, "scim.url"),
            (r#"{"url":"https://chat.example/?a=b","token":"t"}"#, "scim.url"),
            (r#"{"url":"https://user:pass@chat.example","token":"t"}"#, "scim.url"),
            (r#"{"url":"https://chat.example","token":"a b"}"#, "scim.token"),
            (r#"{"url":"https://chat.example","token":"t","user_name":"id"}"#, "scim.user_name"),
            (r#"{"url":"https://chat.example","token":"t","on_removal":"ignore"}"#, "scim.on_removal"),
        ] {
            assert!(apply(json, None).unwrap_err().field_error(field).is_some(), "{json}");
        }
        assert_eq!(ScimToken::parse("short").unwrap().hint(), "");
    }

    proptest::proptest! {
        #[test]
        fn no_token_breaks_a_header(text in "(?s).{0,60}") {
            if let Ok(token) = ScimToken::parse(&text) {
                proptest::prop_assert!(token.expose().bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }
}
