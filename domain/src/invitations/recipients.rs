//! Who gets an invitation: lines of addresses, or CSV.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::MailingMode;
use crate::accounts::{Email, Username};
use crate::attributes::{Attribute, AttributeKey, AttributeValue, MAX_ATTRIBUTES};
use crate::text::{DisplayName, ParseError, thousands};

/// The most recipients of one mailing.
pub const MAX_RECIPIENTS: usize = 5_000;
/// The longest text with recipients, in bytes.
pub const MAX_TEXT: usize = 256 * 1024;
/// How many recipients, and how many errors, a preview shows.
pub const SHOWN: usize = 100;
/// The columns of CSV that are no attributes.
pub const KNOWN_COLUMNS: [&str; 3] = ["email", "name", "username"];

/// The most characters of a wrong line that are repeated.
const QUOTED: usize = 80;

/// A recipient as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientDraft {
    /// The address.
    pub email: String,
    /// The display name; may be empty.
    #[serde(default)]
    pub name: String,
    /// The username; may be empty.
    #[serde(default)]
    pub username: String,
    /// Attributes by their keys; empty ones are left out.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// A recipient, and what is known of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The address.
    pub email: Email,
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// The username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Attributes, at most [`MAX_ATTRIBUTES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Why a recipient could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The line of the text, or the number of the recipient; from 1.
    pub line: u32,
    /// The beginning of what was typed.
    pub text: String,
    /// What is wrong and how to correct it.
    pub message: String,
}

/// The recipients of a text, each address once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// The recipients.
    pub recipients: Vec<Recipient>,
    /// The first of those that could not be read, at most [`SHOWN`].
    pub errors: Vec<RowError>,
    /// How many could not be read.
    pub error_count: u32,
    /// How many were left out, because their address came before.
    pub duplicates: u32,
}

impl Recipients {
    fn add(&mut self, line: u32, draft: &RecipientDraft, mode: MailingMode) {
        match draft.parse(mode) {
            Ok(recipient) => self.recipients.push(recipient),
            Err(why) => self.refuse(line, &draft.email, why),
        }
    }

    fn refuse(&mut self, line: u32, text: &str, why: ParseError) {
        self.error_count += 1;
        if self.errors.len() < SHOWN {
            let shown: String = text.trim().chars().filter(|c| !c.is_control()).take(QUOTED).collect();
            self.errors.push(RowError { line, text: shown, message: why.0 });
        }
    }

    fn merge_duplicates(&mut self) {
        let before = self.recipients.len();
        let mut seen = HashSet::with_capacity(before);
        self.recipients.retain(|recipient| seen.insert(recipient.email.folded()));
        self.duplicates = u32::try_from(before - self.recipients.len()).unwrap_or(u32::MAX);
    }
}

/// What a draft would send, before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The first recipients, at most [`SHOWN`].
    pub recipients: Vec<Recipient>,
    /// How many get an invitation.
    pub count: u32,
    /// The first of those that could not be read, at most [`SHOWN`].
    pub errors: Vec<RowError>,
    /// How many could not be read.
    pub error_count: u32,
    /// How many were left out, because their address came before.
    pub duplicates: u32,
    /// How many have an account already. They are left out where each recipient gets an invite of their own. Zero for those who
    /// may not see accounts.
    pub have_account: u32,
    /// How many want no more invitations. They are left out. Zero for those who may not see accounts.
    pub unsubscribed: u32,
}

impl RecipientDraft {
    /// Parses a recipient.
    ///
    /// # Errors
    /// A sentence with the first thing that is wrong. Where all get one link, nothing but a name is known of them.
    pub fn parse(&self, mode: MailingMode) -> Result<Recipient, ParseError> {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let of = |what: &str, error: &ParseError| ParseError(format!("{what}: {error}"));
        let email = Email::parse(&self.email)?;
        let name = filled(&self.name).map(|name| DisplayName::parse(&name)).transpose();
        let name = name.map_err(|error| of("Name", &error))?;
        let username = filled(&self.username).map(|name| Username::chosen(&name)).transpose();
        let username = username.map_err(|error| of("Username", &error))?;
        let mut attributes = Vec::new();
        for (key, value) in &self.attributes {
            let Some(value) = filled(value) else { continue };
            let of_key = |error: ParseError| of(&format!("Attribute \u{201C}{}\u{201D}", key.trim()), &error);
            let (key, value) = (AttributeKey::parse(key), AttributeValue::parse(&value));
            attributes.push(Attribute { key: key.map_err(of_key)?, value: value.map_err(of_key)? });
        }
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(ParseError(format!("Enter at most {MAX_ATTRIBUTES} attributes.")));
        }
        if mode == MailingMode::OneLink && (username.is_some() || !attributes.is_empty()) {
            let why =
                "One link for all can't fill in a username or attributes. Leave them out, or send a link for each.";
            return Err(ParseError(why.to_owned()));
        }
        Ok(Recipient { email, name, username, attributes })
    }
}

/// Parses recipients: those of a text, and those that are given one by one.
///
/// # Errors
/// When the text is longer than [`MAX_TEXT`], has columns that can't be used, or there are more than [`MAX_RECIPIENTS`].
pub(super) fn parse(text: &str, drafts: &[RecipientDraft], mode: MailingMode) -> Result<Recipients, ParseError> {
    if text.len() > MAX_TEXT {
        return Err(ParseError("The text is too long. Send it in several parts.".to_owned()));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut found = Recipients::default();
    match delimiter(text) {
        Some(delimiter) => add_csv(&mut found, text, delimiter, mode)?,
        None => add_lines(&mut found, text, mode),
    }
    for (index, draft) in drafts.iter().enumerate() {
        found.add(u32::try_from(index + 1).unwrap_or(u32::MAX), draft, mode);
    }
    found.merge_duplicates();
    let count = found.recipients.len() + found.error_count as usize;
    if count > MAX_RECIPIENTS {
        let [most, count] = [MAX_RECIPIENTS, count].map(|number| thousands(number as u64));
        return Err(ParseError(format!("At most {most} recipients at a time; these are {count}.")));
    }
    Ok(found)
}

/// What separates the cells, if the first line that is not blank names the columns of CSV, one of which is `email`.
fn delimiter(text: &str) -> Option<u8> {
    let header = text.lines().find(|line| !line.trim().is_empty())?;
    [b',', b';', b'\t'].into_iter().find(|delimiter| {
        header.split(char::from(*delimiter)).any(|cell| column(cell.trim().trim_matches('"')) == "email")
    })
}

/// The name of a column: that of an attribute may be written with capitals and spaces.
fn column(cell: &str) -> String {
    let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
    if name == "e_mail" { "email".to_owned() } else { name }
}

fn add_csv(found: &mut Recipients, text: &str, delimiter: u8, mode: MailingMode) -> Result<(), ParseError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<String>> = None;
    for record in reader.records() {
        let unreadable = |error: csv::Error| ParseError(format!("The CSV can't be read: {error}."));
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            let names: Vec<String> = record.iter().map(column).collect();
            check_columns(&names)?;
            columns = Some(names);
            continue;
        };
        if record.len() > columns.len() {
            let why =
                "This line has more cells than there are columns. Put quotation marks around cells with separators.";
            found.refuse(line, &record.iter().collect::<Vec<_>>().join(", "), ParseError(why.to_owned()));
            continue;
        }
        let mut draft = RecipientDraft::default();
        for (name, cell) in columns.iter().zip(record.iter()) {
            match name.as_str() {
                "email" => cell.clone_into(&mut draft.email),
                "name" => cell.clone_into(&mut draft.name),
                "username" => cell.clone_into(&mut draft.username),
                // A column without a name, as spreadsheets leave them.
                "" => {}
                key => drop(draft.attributes.insert(key.to_owned(), cell.to_owned())),
            }
        }
        found.add(line, &draft, mode);
    }
    Ok(())
}

fn check_columns(names: &[String]) -> Result<(), ParseError> {
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let of = |why: &str| ParseError(format!("Column \u{201C}{name}\u{201D}: {why}"));
        if names[..index].contains(name) {
            return Err(of("It is there twice. Remove one."));
        }
        if !KNOWN_COLUMNS.contains(&name.as_str()) {
            AttributeKey::parse(name).map_err(|error| of(&error.0))?;
        }
    }
    Ok(())
}

/// `ada@example.org` or `Ada Lovelace <ada@example.org>`, separated by line breaks, commas and semicolons.
fn add_lines(found: &mut Recipients, text: &str, mode: MailingMode) {
    for (line, text) in (1..).zip(text.lines()) {
        for entry in entries(text) {
            let draft = match entry.strip_suffix('>').and_then(|entry| entry.rsplit_once('<')) {
                Some((name, email)) => RecipientDraft {
                    email: email.to_owned(),
                    name: name.trim().trim_matches('"').trim().to_owned(),
                    ..RecipientDraft::default()
                },
                None => RecipientDraft { email: entry.to_owned(), ..RecipientDraft::default() },
            };
            found.add(line, &draft, mode);
        }
    }
}

/// The entries of a line. A name in quotation marks may have separators.
fn entries(line: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let parts = line.split(|c| {
        is_quoted ^= c == '"';
        !is_quoted && matches!(c, ',' | ';')
    });
    parts.map(str::trim).filter(|entry| !entry.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Recipients {
        parse(text, &[], MailingMode::OwnLinks).unwrap()
    }

    fn emails(found: &Recipients) -> Vec<&str> {
        found.recipients.iter().map(|recipient| recipient.email.as_str()).collect()
    }

    #[test]
    fn addresses_are_separated_by_lines_commas_and_semicolons() {
        let found = own(
            "ada@example.org, grace@example.org;\r\n\n \"Lovelace, A.\" <al@example.org>\nMateo Q <m@example.org>,",
        );
        assert_eq!(emails(&found), ["ada@example.org", "grace@example.org", "al@example.org", "m@example.org"]);
        let names: Vec<_> =
            found.recipients.iter().filter_map(|one| one.name.as_ref()).map(DisplayName::as_str).collect();
        assert_eq!(names, ["Lovelace, A.", "Mateo Q"]);
        assert_eq!((found.error_count, found.duplicates), (0, 0));
    }

    #[test]
    fn csv_has_names_and_attributes() {
        for (text, separator) in [
            (
                "\u{FEFF}Email,Name,username,Course Year\r\nada@example.org,\"Lovelace, Ada\",ada,2\r\n\r\ngrace@example.org,,,\r\n",
                ",",
            ),
            ("email;name;username;course_year\nada@example.org;\"Lovelace, Ada\";ada;2\ngrace@example.org\n", ";"),
            (
                "e-mail\tname\tusername\tcourse-year\nada@example.org\tLovelace, Ada\tada\t2\ngrace@example.org\t\t\t",
                "tab",
            ),
        ] {
            let found = own(text);
            assert_eq!(emails(&found), ["ada@example.org", "grace@example.org"], "{separator}");
            let ada = &found.recipients[0];
            assert_eq!(ada.name.as_ref().unwrap().as_str(), "Lovelace, Ada");
            assert_eq!(ada.username.as_ref().unwrap().as_str(), "ada");
            assert_eq!((ada.attributes[0].key.as_str(), ada.attributes[0].value.as_str()), ("course_year", "2"));
            assert!(found.recipients[1].attributes.is_empty() && found.errors.is_empty(), "{found:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_reported_by_line() {
        let found = own("ada@example.org\n\nnobody, grace@example.org\nAda <@>");
        assert_eq!(emails(&found), ["ada@example.org", "grace@example.org"]);
        let lines: Vec<_> = found.errors.iter().map(|error| (error.line, error.text.as_str())).collect();
        assert_eq!(lines, [(3, "nobody"), (4, "@")]);
        let found = own(
            "email,username,team\nada@example.org,x,Clay\ngrace@example.org,grace,\"a\u{202E}\"\na@b.example,b,c,d\n",
        );
        let lines: Vec<_> = found.errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [2, 3, 4]);
        assert!(found.errors[0].message.starts_with("Username: "), "{found:?}");
        assert!(found.errors[1].message.starts_with("Attribute “team”: "), "{found:?}");
        let long = format!("{}\n", "x".repeat(500));
        assert_eq!(own(&long.repeat(200)).errors.len(), SHOWN);
        assert_eq!(own(&long).errors[0].text.len(), QUOTED);
    }

    #[test]
    fn columns_are_attributes_once() {
        for (text, part) in [("email,2nd\n", "2nd"), ("email,team,Team\n", "team"), ("email,email\n", "email")] {
            assert!(parse(text, &[], MailingMode::OwnLinks).unwrap_err().0.contains(part), "{text}");
        }
    }

    #[test]
    fn an_address_is_kept_once() {
        let found = own("ada@example.org\nADA@example.org\nAda <ada@EXAMPLE.org>\ngrace@example.org");
        assert_eq!((emails(&found).len(), found.duplicates), (2, 2));
    }

    #[test]
    fn one_link_for_all_knows_names_alone() {
        let text = "email,name,username\nada@example.org,Ada,\ngrace@example.org,,grace\n";
        let found = parse(text, &[], MailingMode::OneLink).unwrap();
        assert_eq!((emails(&found), found.error_count), (vec!["ada@example.org"], 1));
    }

    #[test]
    fn recipients_are_few_and_texts_short() {
        let many = |count: usize| (0..count).fold(String::new(), |text, n| format!("{text}a{n}@example.org\n"));
        assert_eq!(own(&many(MAX_RECIPIENTS)).recipients.len(), MAX_RECIPIENTS);
        let why = parse(&many(MAX_RECIPIENTS + 1), &[], MailingMode::OwnLinks).unwrap_err();
        assert!(why.0.contains("5,001"), "{why}");
        assert!(parse(&"x".repeat(MAX_TEXT + 1), &[], MailingMode::OwnLinks).is_err());
    }

    #[test]
    fn recipients_can_be_given_one_by_one() {
        let draft = RecipientDraft { email: "ada@example.org".into(), ..RecipientDraft::default() };
        let wrong = RecipientDraft { email: "ada".into(), ..RecipientDraft::default() };
        let found = parse("", &[draft, wrong], MailingMode::OwnLinks).unwrap();
        assert_eq!((emails(&found), found.errors[0].line), (vec!["ada@example.org"], 2));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(?s).*", header: bool) {
            let text = if header { format!("email,name\n{text}") } else { text };
            for mode in MailingMode::ALL {
                let _ = parse(&text, &[], mode);
            }
        }

        #[test]
        fn every_entry_is_a_recipient_an_error_or_a_duplicate(entries in proptest::collection::vec("[a-c]{0,2}@?[a-b]\\.xy", 0..40)) {
            let found = own(&entries.join("\n"));
            let count = found.recipients.len() + (found.error_count + found.duplicates) as usize;
            proptest::prop_assert_eq!(count, entries.len());
        }

        #[test]
        fn names_that_are_written_as_csv_read_back(name in "[a-zA-Z ,;\"]{1,30}") {
            proptest::prop_assume!(DisplayName::parse(&name).is_ok());
            let text = format!("email,name\nada@example.org,\"{}\"\n", name.replace('"', "\"\""));
            let found = own(&text);
            proptest::prop_assert_eq!(found.recipients[0].name.as_ref().map(DisplayName::as_str), Some(name.trim()));
        }
    }
}
