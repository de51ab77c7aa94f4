//! Filters (RFC 7644, section 3.4.2.2) and the paths of changes (section 3.5.2), as far as they are understood here:
//! comparisons, all of which hold. `or`, `not` and parentheses are not.

use crate::text::ParseError;

/// The longest filter or path, in bytes.
const MAX_BYTES: usize = 2_000;

/// The most comparisons of a filter.
const MAX_COMPARISONS: usize = 10;

/// Schemas whose attributes are named without them.
const CORE: [&str; 2] = ["urn:ietf:params:scim:schemas:core:2.0:user:", "urn:ietf:params:scim:schemas:core:2.0:group:"];

/// An attribute, in lower case: names are compared without regard to case (RFC 7643, section 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeName {
    /// Its name; with its schema, if that is an extension.
    pub attribute: String,
    /// The name of its part, if one is meant.
    pub part: Option<String>,
}

impl AttributeName {
    /// Parses a name: `userName`, `name.givenName`, `urn:ietf:params:scim:schemas:core:2.0:User:userName`.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader::new(text)?;
        let name = reader.name()?;
        reader.end()?;
        Ok(name)
    }

    /// The attribute and its part, as patterns match them.
    #[must_use]
    pub fn as_strs(&self) -> (&str, Option<&str>) {
        (&self.attribute, self.part.as_deref())
    }
}

/// The operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Has a value.
    Pr,
}

/// The value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// Nothing.
    Null,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared.
    pub name: AttributeName,
    /// How.
    pub operator: Operator,
    /// With what; [`Literal::Null`] for [`Operator::Pr`].
    pub value: Literal,
}

/// Parses a filter. What is in brackets (`emails[type eq "work"]`) is compared like the parts that it names, because
/// accounts have one e-mail address here.
///
/// # Errors
/// If it is none, or has what is not understood here; with what to write instead.
pub fn parse_filter(text: &str) -> Result<Vec<Comparison>, ParseError> {
    let mut reader = Reader::new(text)?;
    let mut comparisons = Vec::new();
    reader.terms(&mut comparisons, true)?;
    reader.end()?;
    Ok(comparisons)
}

/// What a change is about: an attribute, or those of its values for which comparisons hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchPath {
    /// The attribute.
    pub name: AttributeName,
    /// Which of its values; of all of them, if there is none.
    pub chosen: Vec<Comparison>,
}

impl PatchPath {
    /// Parses a path: `active`, `name.formatted`, `emails[type eq "work"].value`.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader::new(text)?;
        let mut name = reader.name()?;
        let mut chosen = Vec::new();
        if reader.takes('[') {
            reader.brackets(&name, &mut chosen)?;
            name.part = reader.part()?.or(name.part);
        }
        reader.end()?;
        Ok(Self { name, chosen })
    }
}

/// Reads a filter from its start to its end.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, ParseError> {
        if text.len() > MAX_BYTES {
            return Err(ParseError(format!("This is longer than {MAX_BYTES} bytes.")));
        }
        Ok(Self { rest: text.trim() })
    }

    /// Terms that are joined by `and`.
    fn terms(&mut self, into: &mut Vec<Comparison>, brackets: bool) -> Result<(), ParseError> {
        loop {
            self.term(into, brackets)?;
            if into.len() > MAX_COMPARISONS {
                return Err(ParseError(format!("A filter has at most {MAX_COMPARISONS} comparisons.")));
            }
            match self.word().to_ascii_lowercase().as_str() {
                "and" => {}
                "" => return Ok(()),
                _ => return Err(not_supported()),
            }
        }
    }

    fn term(&mut self, into: &mut Vec<Comparison>, brackets: bool) -> Result<(), ParseError> {
        if self.rest.trim_start().starts_with('(') {
            return Err(not_supported());
        }
        let mut name = self.name()?;
        if brackets && self.takes('[') {
            self.brackets(&name, into)?;
            match self.part()? {
                Some(part) => name.part = Some(part),
                None => return Ok(()),
            }
        }
        let operator = self.operator()?;
        let value = if operator == Operator::Pr { Literal::Null } else { self.literal()? };
        into.push(Comparison { name, operator, value });
        Ok(())
    }

    /// What is in brackets, which are open, about parts of `of`.
    fn brackets(&mut self, of: &AttributeName, into: &mut Vec<Comparison>) -> Result<(), ParseError> {
        let before = into.len();
        self.terms(into, false)?;
        for comparison in into.iter_mut().skip(before) {
            let part = std::mem::replace(&mut comparison.name.attribute, of.attribute.clone());
            comparison.name.part = Some(part);
        }
        if self.takes(']') { Ok(()) } else { Err(ParseError("A closing bracket ] is missing.".to_owned())) }
    }

    /// The part after brackets, if there is one.
    fn part(&mut self) -> Result<Option<String>, ParseError> {
        if !self.rest.starts_with('.') {
            return Ok(None);
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        let name = self.name()?;
        if name.part.is_some() {
            Err(ParseError("A part of an attribute has no parts.".to_owned()))
        } else {
            Ok(Some(name.attribute))
        }
    }

    fn name(&mut self) -> Result<AttributeName, ParseError> {
        self.rest = self.rest.trim_start();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '$' | ':');
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let name = name.to_ascii_lowercase();
        let bare = CORE.iter().find_map(|schema| name.strip_prefix(schema)).unwrap_or(&name);
        let (attribute, part) = match bare.split_once('.') {
            Some((attribute, part)) if !bare.starts_with("urn:") => (attribute, Some(part)),
            _ => (bare, None),
        };
        if attribute.is_empty() || part.is_some_and(|part| part.is_empty() || part.contains('.')) {
            return Err(ParseError("The name of an attribute is missing.".to_owned()));
        }
        Ok(AttributeName { attribute: attribute.to_owned(), part: part.map(str::to_owned) })
    }

    /// The letters that follow; empty if there are none.
    fn word(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn operator(&mut self) -> Result<Operator, ParseError> {
        match self.word().to_ascii_lowercase().as_str() {
            "eq" => Ok(Operator::Eq),
            "ne" => Ok(Operator::Ne),
            "pr" => Ok(Operator::Pr),
            "" => Err(ParseError("An operator is missing, such as eq.".to_owned())),
            _ => Err(not_supported()),
        }
    }

    fn literal(&mut self) -> Result<Literal, ParseError> {
        self.rest = self.rest.trim_start();
        if let Some(text) = self.rest.strip_prefix('"') {
            return self.text(text).map(Literal::Text);
        }
        match self.word().to_ascii_lowercase().as_str() {
            "true" => Ok(Literal::Boolean(true)),
            "false" => Ok(Literal::Boolean(false)),
            "null" => Ok(Literal::Null),
            _ => Err(ParseError("A value is a text in double quotes, true or false.".to_owned())),
        }
    }

    /// A text of JSON (RFC 8259, section 7), whose opening quote was read.
    fn text(&mut self, text: &'a str) -> Result<String, ParseError> {
        let open = || ParseError("A text has no closing quote.".to_owned());
        let mut chars = text.chars();
        let mut value = String::new();
        loop {
            match chars.next().ok_or_else(open)? {
                '"' => break,
                '\\' => value.push(escaped(&mut chars)?),
                c => value.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(value)
    }

    /// Whether this follows, which is read.
    fn takes(&mut self, c: char) -> bool {
        match self.rest.trim_start().strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn end(&self) -> Result<(), ParseError> {
        let rest = self.rest.trim();
        if rest.is_empty() { Ok(()) } else { Err(ParseError("This has more than can be read.".to_owned())) }
    }
}

/// The character of an escape, whose backslash was read.
fn escaped(chars: &mut std::str::Chars<'_>) -> Result<char, ParseError> {
    let wrong = || ParseError("A text has a backslash that escapes nothing.".to_owned());
    let unit = |chars: &mut std::str::Chars<'_>| {
        let digits: String = chars.by_ref().take(4).collect();
        u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4 && !digits.starts_with('+'))
    };
    Ok(match chars.next().ok_or_else(wrong)? {
        c @ ('"' | '\\' | '/') => c,
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = unit(chars).ok_or_else(wrong)?;
            let mut units = vec![first];
            if (0xD800..0xDC00).contains(&first) && chars.as_str().starts_with("\\u") {
                chars.nth(1);
                units.push(unit(chars).ok_or_else(wrong)?);
            }
            match char::decode_utf16(units).collect::<Result<Vec<_>, _>>().map_err(|_| wrong())?.as_slice() {
                [one] => *one,
                _ => return Err(wrong()),
            }
        }
        _ => return Err(wrong()),
    })
}

fn not_supported() -> ParseError {
    ParseError(
        "Filters can compare with eq, ne and pr, and join comparisons with and. Nothing else is supported.".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn comparison(attribute: &str, part: Option<&str>, operator: Operator, value: Literal) -> Comparison {
        let name = AttributeName { attribute: attribute.to_owned(), part: part.map(str::to_owned) };
        Comparison { name, operator, value }
    }

    fn text(text: &str) -> Literal {
        Literal::Text(text.to_owned())
    }

    #[test]
    fn comparisons_are_read_as_directories_write_them() {
        let user_name = |value: &str| comparison("username", None, Operator::Eq, text(value));
        for (filter, expected) in [
            (r#"userName eq "ada""#, vec![user_name("ada")]),
            (r#"  USERNAME EQ "a\"d\\a"  "#, vec![user_name(r#"a"d\a"#)]),
            (r#"userName eq "\u0041\ud83d\ude00""#, vec![user_name("A😀")]),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada""#, vec![user_name("ada")]),
            (
                r#"userName eq "ada" and active eq true"#,
                vec![user_name("ada"), comparison("active", None, Operator::Eq, Literal::Boolean(true))],
            ),
            (
                r#"emails[type eq "work"].value eq "a@b.example""#,
                vec![
                    comparison("emails", Some("type"), Operator::Eq, text("work")),
                    comparison("emails", Some("value"), Operator::Eq, text("a@b.example")),
                ],
            ),
            (
                r#"emails[type eq "work" and value eq "x"]"#,
                vec![
                    comparison("emails", Some("type"), Operator::Eq, text("work")),
                    comparison("emails", Some("value"), Operator::Eq, text("x")),
                ],
            ),
            ("externalId pr", vec![comparison("externalid", None, Operator::Pr, Literal::Null)]),
        ] {
            assert_eq!(parse_filter(filter).unwrap(), expected, "{filter}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_in_words() {
        for filter in [r#"userName co "a""#, r#"userName eq "a" or id eq "b""#, r#"(userName eq "a")"#, r"not (id pr)"]
        {
            assert!(parse_filter(filter).is_err(), "{filter}");
        }
        assert_eq!(parse_filter(r#"userName sw "a""#), Err(not_supported()));
        for broken in [
            "",
            "userName",
            "userName eq",
            r#"userName eq "a"#,
            r#"userName eq "\x""#,
            r#"userName eq "\u+041""#,
            "userName eq 1",
            "a.b.c pr",
            r#"emails[type eq "work""#,
            r#"emails[type eq "work"].value"#,
            r#"userName eq "a" id"#,
            ".",
            "emails[",
            "urn:",
        ] {
            assert!(parse_filter(broken).is_err(), "{broken}");
        }
        let many = ["id pr"; MAX_COMPARISONS + 1].join(" and ");
        assert!(parse_filter(&many).unwrap_err().0.contains("at most"));
        assert!(parse_filter(&"x".repeat(MAX_BYTES + 1)).is_err());
    }

    #[test]
    fn paths_name_an_attribute_its_part_and_which_values() {
        let path = |text: &str| PatchPath::parse(text).unwrap();
        assert_eq!(path("active").name.as_strs(), ("active", None));
        assert_eq!(path("name.givenName").name.as_strs(), ("name", Some("givenname")));
        let email = path(r#"emails[type eq "work"].value"#);
        assert_eq!(email.name.as_strs(), ("emails", Some("value")));
        assert_eq!(email.chosen, [comparison("emails", Some("type"), Operator::Eq, text("work"))]);
        assert_eq!(path(r#"members[value eq "1"]"#).chosen.len(), 1);
        let extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
        assert_eq!(path(extension).name.as_strs(), (extension.to_ascii_lowercase().as_str(), None));
        for wrong in ["", "a b", "emails[]", "emails[type]", "a[b eq \"c\"]d", "a[b[c pr] pr]"] {
            assert!(PatchPath::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in r#"(?s).{0,80}|[a-z.\[\]"\\ u0-9:(){}]{0,60}"#) {
            let _ = parse_filter(&text);
            let _ = PatchPath::parse(&text);
            let _ = AttributeName::parse(&text);
        }

        #[test]
        fn every_text_can_be_a_value(value in any::<String>().prop_filter("short", |value| value.len() < 300)) {
            let filter = format!("userName eq {}", serde_json::Value::from(value.as_str()));
            let expected = comparison("username", None, Operator::Eq, text(&value));
            prop_assert_eq!(parse_filter(&filter).unwrap(), vec![expected]);
        }
    }
}
