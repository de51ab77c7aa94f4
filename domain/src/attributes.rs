//! Attributes of accounts: keys and values that an invite gives to the accounts it creates (N1, N3).

use serde::{Deserialize, Serialize};

use crate::text::{ParseError, shown_text, stored_text};

/// The most attributes of an invite.
pub const MAX_ATTRIBUTES: usize = 20;
/// The most attributes of an account when it is edited, and of what one sign-up sends: those of an invite, and the answers to
/// [all fields of a flow](crate::flows::MAX_FIELDS).
pub const MAX_ACCOUNT_ATTRIBUTES: usize = 60;

/// The key of an attribute: 1 to 40 of `a-z 0-9 _`, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeKey(String);

impl AttributeKey {
    /// The maximum number of characters.
    pub const MAX: usize = 40;

    /// Parses a key as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let fits = text.len() <= Self::MAX
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("A key has 1 to 40 lower-case letters, digits and _, and begins with a letter.".to_owned()))
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as a label: `course_year` as `Course year`.
    #[must_use]
    pub fn title(&self) -> String {
        let mut title = self.0.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        title
    }
}

stored_text!(AttributeKey);
shown_text!(AttributeKey);

/// The value of an attribute: one line of 1 to 500 characters; of an account, also 1 to 2,000 characters with line breaks, which
/// are answers to fields of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeValue(String);

impl AttributeValue {
    /// The maximum number of characters of one line.
    pub const MAX: usize = 500;
    /// The maximum number of characters of an answer, line breaks among them.
    pub const MAX_ANSWER: usize = 2_000;

    /// Parses one line as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is empty, too long, or has characters that are invisible or reorder others.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        crate::text::line(text, "a value", Self::MAX).map(Self)
    }

    /// Parses an answer as typed, which may have line breaks; outer white space is dropped.
    ///
    /// # Errors
    /// When it is empty, too long, or has characters that are invisible or reorder others.
    pub fn answer(text: &str) -> Result<Self, ParseError> {
        if !text.trim().contains(['\n', '\r']) {
            return crate::text::line(text, "a value", Self::MAX_ANSWER).map(Self);
        }
        crate::text::text_of_lines(text, Self::MAX_ANSWER).map(Self)
    }

    /// The value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(AttributeValue);
shown_text!(AttributeValue);

/// An attribute of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its key.
    pub key: AttributeKey,
    /// Its value.
    pub value: AttributeValue,
}

/// An attribute that an invite gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAttribute {
    /// Its key.
    pub key: AttributeKey,
    /// Its value, which the sign-up page shows.
    pub value: AttributeValue,
    /// Whether the value is fixed; otherwise the person may change or remove it.
    pub locked: bool,
}

/// An attribute of an invite as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeDraft {
    /// [`InviteAttribute::key`].
    pub key: String,
    /// [`InviteAttribute::value`].
    pub value: String,
    /// [`InviteAttribute::locked`]; `false` if left out.
    #[serde(default)]
    pub locked: bool,
}

/// An attribute of an account as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountAttributeDraft {
    /// [`Attribute::key`].
    pub key: String,
    /// [`Attribute::value`].
    pub value: String,
}

/// Parses the attributes of an invite.
///
/// # Errors
/// A sentence that names the attribute that is wrong, for one with a wrong key or value, a key that is given twice, or more
/// than [`MAX_ATTRIBUTES`].
pub fn parse_attributes(typed: &[AttributeDraft]) -> Result<Vec<InviteAttribute>, ParseError> {
    let typed_pairs = typed.iter().map(|typed| (typed.key.as_str(), typed.value.as_str()));
    let attributes = parse_each(typed_pairs, MAX_ATTRIBUTES, AttributeValue::parse)?;
    let locked = typed.iter().map(|typed| typed.locked);
    let lock = |(Attribute { key, value }, locked)| InviteAttribute { key, value, locked };
    Ok(attributes.into_iter().zip(locked).map(lock).collect())
}

/// Parses the attributes of an account. They are sorted by key, as those of an account are.
///
/// # Errors
/// As those of [`parse_attributes`], for more than [`MAX_ACCOUNT_ATTRIBUTES`].
pub fn parse_account_attributes(typed: &[AccountAttributeDraft]) -> Result<Vec<Attribute>, ParseError> {
    let typed = typed.iter().map(|typed| (typed.key.as_str(), typed.value.as_str()));
    let mut attributes = parse_each(typed, MAX_ACCOUNT_ATTRIBUTES, AttributeValue::answer)?;
    attributes.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    Ok(attributes)
}

fn parse_each<'a>(
    typed: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
    most: usize,
    parse: fn(&str) -> Result<AttributeValue, ParseError>,
) -> Result<Vec<Attribute>, ParseError> {
    let mut attributes: Vec<Attribute> = Vec::new();
    if typed.len() > most {
        return Err(ParseError(format!("Enter at most {most} attributes.")));
    }
    for (key, value) in typed {
        let of = |error: ParseError| ParseError(format!("Attribute \u{201C}{}\u{201D}: {error}", key.trim()));
        let key = AttributeKey::parse(key).map_err(of)?;
        let value = parse(value).map_err(of)?;
        if attributes.iter().any(|other| other.key == key) {
            return Err(of(ParseError("It is listed twice. Remove one.".to_owned())));
        }
        attributes.push(Attribute { key, value });
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(key: &str, value: &str) -> AttributeDraft {
        AttributeDraft { key: key.to_owned(), value: value.to_owned(), locked: true }
    }

    #[test]
    fn keys() {
        for good in ["a", " course_year ", "team2", &"x".repeat(40)] {
            assert_eq!(AttributeKey::parse(good).unwrap().as_str(), good.trim());
        }
        for bad in ["", "2team", "_a", "Team", "te am", "té", &"x".repeat(41)] {
            assert!(AttributeKey::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(AttributeKey::parse("course_year").unwrap().title(), "Course year");
    }

    #[test]
    fn a_wrong_attribute_is_named() {
        let why = |typed: &[AttributeDraft]| parse_attributes(typed).unwrap_err().to_string();
        assert!(why(&[draft("team", "Clay"), draft("Year", "2")]).starts_with("Attribute “Year”: A key has"));
        assert!(why(&[draft("team", " ")]).starts_with("Attribute “team”: Enter a value"));
        assert!(why(&[draft("team", &"x".repeat(501))]).contains("At most 500"));
        assert!(why(&[draft("team", "Clay"), draft("team ", "Wood")]).contains("listed twice"));
        let many = |count: usize| (0..count).map(|n| draft(&format!("k{n}"), "v")).collect::<Vec<_>>();
        assert_eq!(parse_attributes(&many(MAX_ATTRIBUTES)).unwrap().len(), MAX_ATTRIBUTES);
        assert!(why(&many(MAX_ATTRIBUTES + 1)).contains("at most 20"));
    }

    #[test]
    fn those_of_an_account_are_sorted() {
        let draft = |key: &str| AccountAttributeDraft { key: key.to_owned(), value: "x".to_owned() };
        let keys = parse_account_attributes(&[draft("year"), draft("team")]).unwrap();
        assert_eq!(keys.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["team", "year"]);
        assert!(parse_account_attributes(&[draft("year"), draft("year")]).is_err());
    }

    #[test]
    fn an_account_keeps_answers_of_several_lines() {
        let draft = |value: &str| AccountAttributeDraft { key: "about".to_owned(), value: value.to_owned() };
        let answer = parse_account_attributes(&[draft(" One\r\nTwo ")]).unwrap();
        assert_eq!(answer[0].value.as_str(), "One\nTwo");
        assert!(parse_account_attributes(&[draft(&"x".repeat(2_000))]).is_ok());
        assert!(parse_account_attributes(&[draft(&"x".repeat(2_001))]).is_err());
        let many = |count: usize| {
            let draft = |n| AccountAttributeDraft { key: format!("k{n}"), value: "v".to_owned() };
            parse_account_attributes(&(0..count).map(draft).collect::<Vec<_>>())
        };
        assert!(many(MAX_ACCOUNT_ATTRIBUTES).is_ok() && many(MAX_ACCOUNT_ATTRIBUTES + 1).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".*") {
            let _ = (AttributeKey::parse(&text).map(|key| key.title()), parse_attributes(&[draft(&text, &text)]));
        }
    }
}
