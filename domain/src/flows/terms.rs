//! Terms that people accept: documents with versions (B18).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::views::FlowRef;
use crate::accounts::AccountRef;
use crate::failure::{Check, Failure};
use crate::ids::TermsId;
use crate::string_enum::string_enum;
use crate::text::{ParseError, TermsName, shown_text, stored_text, text_of_lines};
use crate::time::Timestamp;

/// The text of terms: 1 to 20,000 characters with line breaks, as Markdown without HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermsText(String);

impl TermsText {
    /// The most characters.
    pub const MAX: usize = 20_000;

    /// Parses a text as typed. Outer white space is dropped; line breaks become `\n`.
    ///
    /// # Errors
    /// When it is empty, too long, or holds hidden characters other than line breaks.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        text_of_lines(text, Self::MAX).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(TermsText);
shown_text!(TermsText);

/// Which members a new version asks to accept it, at their next sign-in. Those who sign up accept the present version anyway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedMembers {
    /// Nobody: only how it is said has changed.
    #[default]
    Nobody,
    /// Those who accepted an earlier version.
    Accepted,
    /// Every member.
    All,
}

string_enum!(AskedMembers { Nobody = "nobody", Accepted = "accepted", All = "all" });

/// A reference to terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsRef {
    /// The id of the terms.
    pub id: TermsId,
    /// The name.
    pub name: TermsName,
}

/// The present version of terms, as those read it who accept it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentTerms {
    /// The terms.
    #[serde(flatten)]
    pub terms: TermsRef,
    /// The number of the version, counted from 1.
    pub version: u32,
    /// The text.
    pub text: TermsText,
}

/// Terms in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsSummary {
    /// The terms.
    #[serde(flatten)]
    pub terms: TermsRef,
    /// The number of the present version, counted from 1.
    pub version: u32,
    /// When it was published.
    pub published_at: Timestamp,
    /// The flows whose present versions ask for them, by name.
    pub used_by: Vec<FlowRef>,
    /// The accounts that accepted the present version.
    pub accepted_by: u64,
}

/// Terms with the text of the present version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsDetails {
    /// What the list says of them.
    #[serde(flatten)]
    pub summary: TermsSummary,
    /// The text.
    pub text: TermsText,
    /// Whether the caller may change and delete them.
    pub can_change: bool,
}

/// A version of terms in their history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsVersion {
    /// Its number, counted from 1.
    pub number: u32,
    /// The text.
    pub text: TermsText,
    /// Which members it asks.
    pub ask: AskedMembers,
    /// When it was published.
    pub published_at: Timestamp,
}

/// That an account accepted a version of terms. It is kept, and exported, until the account is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedTerms {
    /// The terms.
    pub terms: TermsRef,
    /// The number of the version.
    pub version: u32,
    /// When.
    pub accepted_at: Timestamp,
}

/// Somebody who accepted a version of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Who.
    pub account: AccountRef,
    /// The number of the version.
    pub version: u32,
    /// When.
    pub accepted_at: Timestamp,
}

/// New or changed terms as typed. What is left out keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsDraft {
    /// The name, 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text, 1 to 20,000 characters. Another text is a new version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Which members the new version asks: `nobody` if it is left out, `accepted`, or `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
}

/// New terms, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTerms {
    /// The name, unique ignoring case.
    pub name: TermsName,
    /// Their first version.
    pub version: NewTermsVersion,
}

/// A new version of terms, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTermsVersion {
    /// The text.
    pub text: TermsText,
    /// Which members it asks.
    pub ask: AskedMembers,
}

/// A change of terms, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsChange {
    /// The name after it.
    pub name: TermsName,
    /// The new version; `None` where the text stays as it is.
    pub version: Option<NewTermsVersion>,
}

impl TermsDraft {
    /// Parses new terms.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field; a name and a text are needed.
    pub fn parse(self) -> Result<NewTerms, Failure> {
        let mut check = Check::default();
        let name = check.take("name", TermsName::parse(&self.name.unwrap_or_default()));
        let text = check.take("text", TermsText::parse(&self.text.unwrap_or_default()));
        let ask = parse_ask(&mut check, self.ask.as_deref());
        let terms = name.zip(text).map(|(name, text)| NewTerms { name, version: NewTermsVersion { text, ask } });
        check.finish(terms)
    }

    /// Applies the draft, as a change, to terms with this name, whose present version has this text.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field; under `ask` if there is no new text to be asked about.
    pub fn apply(self, name: TermsName, text: &TermsText) -> Result<TermsChange, Failure> {
        let mut check = Check::default();
        let name = match self.name {
            Some(typed) => check.take("name", TermsName::parse(&typed)),
            None => Some(name),
        };
        let new = self.text.and_then(|typed| check.take("text", TermsText::parse(&typed)));
        let ask = parse_ask(&mut check, self.ask.as_deref());
        let version = new.filter(|new| new != text).map(|text| NewTermsVersion { text, ask });
        if version.is_none() && ask != AskedMembers::Nobody {
            check.add_error("ask", "Members are asked about a new version. Change the text first.");
        }
        check.finish(name.map(|name| TermsChange { name, version }))
    }
}

fn parse_ask(check: &mut Check, text: Option<&str>) -> AskedMembers {
    text.and_then(|text| check.take("ask", text.trim().parse())).unwrap_or_default()
}

/// The newest versions of terms that ask members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskingVersions {
    /// The newest that asks those who accepted an earlier one.
    pub accepted: Option<u32>,
    /// The newest that asks every member.
    pub all: Option<u32>,
}

/// Whether a member who accepted this version at last, or none, is asked to accept the present one.
#[must_use]
pub fn is_due(asking: AskingVersions, accepted: Option<u32>) -> bool {
    match accepted {
        None => asking.all.is_some(),
        Some(version) => asking.accepted.max(asking.all).is_some_and(|asking| asking > version),
    }
}

/// The versions that a form says were accepted, by the ids of their terms; each is the value of a box named `terms.ID`.
pub type TypedTerms = BTreeMap<String, String>;

/// The versions that somebody accepts who was to accept all of these: the terms, and the number.
///
/// # Errors
/// [`crate::Code::Invalid`] under `terms.ID` for each that was not accepted, or of which another version was.
pub fn accept(current: &[CurrentTerms], typed: &TypedTerms) -> Result<Vec<(TermsId, u32)>, Failure> {
    let mut check = Check::default();
    let mut accepted = Vec::new();
    for CurrentTerms { terms, version, .. } in current {
        let id = terms.id.to_string();
        match typed.get(&id).map(|text| text.trim()).filter(|text| !text.is_empty()) {
            Some(text) if text == version.to_string() => accepted.push((terms.id, *version)),
            Some(_) => {
                let why = "These terms have changed since you opened this page. Read them again, then accept them.";
                check.add_error(&format!("terms.{id}"), why);
            }
            None => check.add_error(&format!("terms.{id}"), "Accept these terms to go on."),
        }
    }
    check.finish(Some(accepted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(name: Option<&str>, text: Option<&str>, ask: Option<&str>) -> TermsDraft {
        let [name, text, ask] = [name, text, ask].map(|text| text.map(str::to_owned));
        TermsDraft { name, text, ask }
    }

    #[test]
    fn new_terms_need_a_name_and_a_text() {
        let new = draft(Some(" Code of conduct "), Some("Be kind.\r\n"), None).parse().unwrap();
        assert_eq!((new.name.as_str(), new.version.text.as_str()), ("Code of conduct", "Be kind."));
        assert_eq!(new.version.ask, AskedMembers::Nobody);
        let failure = draft(None, Some(&"x".repeat(20_001)), Some("some")).parse().unwrap_err();
        assert_eq!(
            failure.fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
            ["name", "text", "ask"]
        );
    }

    #[test]
    fn another_text_is_a_new_version() {
        let new = draft(Some("Terms"), Some("One"), None).parse().unwrap();
        let apply = |draft: TermsDraft| draft.apply(new.name.clone(), &new.version.text);
        let renamed = apply(draft(Some("Rules"), Some(" One "), None)).unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("Rules", None));
        let version = apply(draft(None, Some("Two"), Some("accepted"))).unwrap().version.unwrap();
        assert_eq!((version.text.as_str(), version.ask), ("Two", AskedMembers::Accepted));
        assert!(apply(draft(None, None, Some("all"))).unwrap_err().field_error("ask").is_some());
        assert!(apply(draft(Some(""), Some(""), None)).unwrap_err().fields.len() == 2);
    }

    #[test]
    fn who_is_asked() {
        let asking = |accepted, all| AskingVersions { accepted, all };
        for (asking, accepted, due) in [
            (asking(None, None), None, false),
            (asking(None, None), Some(1), false),
            (asking(Some(3), None), None, false),
            (asking(Some(3), None), Some(2), true),
            (asking(Some(3), None), Some(3), false),
            (asking(Some(3), Some(4)), Some(3), true),
            (asking(None, Some(1)), None, true),
            (asking(None, Some(1)), Some(1), false),
        ] {
            assert_eq!(is_due(asking, accepted), due, "{asking:?} {accepted:?}");
        }
    }

    #[test]
    fn the_version_that_was_read_is_accepted() {
        let id: TermsId = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77".parse().unwrap();
        let terms = TermsRef { id, name: TermsName::stored("Terms") };
        let current = [CurrentTerms { terms, version: 2, text: TermsText::stored("Two") }];
        let typed = |text: &str| TypedTerms::from([(id.to_string(), text.to_owned())]);
        assert_eq!(accept(&current, &typed(" 2")).unwrap(), [(id, 2)]);
        let why = |typed| accept(&current, &typed).unwrap_err().field_error(&format!("terms.{id}")).unwrap().to_owned();
        assert!(why(typed("1")).contains("have changed"));
        assert!(why(typed(" ")).starts_with("Accept") && why(TypedTerms::new()).starts_with("Accept"));
        assert_eq!(accept(&[], &typed("2")).unwrap(), []);
    }
}
