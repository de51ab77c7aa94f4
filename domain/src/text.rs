//! Short texts that people type and other people read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The reason a text was refused: a sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that do not show or that change how others show: C0 and C1 controls, line and paragraph separators,
/// bidirectional controls (Unicode TR 36, section 2.5), zero-width characters other than the joiners and variation
/// selectors that scripts need, non-characters, and the letters and signs that are drawn as nothing: fillers of Hangul
/// (U+115F, U+1160, U+3164, U+FFA0), the soft hyphen, the blank pattern of Braille (U+2800).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}' | '\u{200B}'
            | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}')
}

/// Whether `text` has a joiner or a variation selector in a place where no script needs one. It would be invisible there, and
/// two texts that look the same would differ.
fn has_stray_mark(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.iter().enumerate().any(|(at, &c)| {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(at + 1).copied();
        match c {
            // Allowed between two letters of Persian or of an Indic script, and between two emoji.
            _ if is_joiner(c) => !(before.is_some_and(takes_joiners) && after.is_some_and(takes_joiners)),
            // Allowed after an emoji or a letter of a script with variants, and after a digit in a keycap emoji.
            _ if is_variation_selector(c) => before.is_none_or(|before| {
                let keycap = before.is_ascii_digit() && after == Some('\u{20E3}');
                let plain = before.is_ascii() || (before < FIRST_JOINED && before.is_alphanumeric());
                before.is_whitespace() || is_joiner(before) || is_variation_selector(before) || (plain && !keycap)
            }),
            _ => false,
        }
    })
}

/// The first character after Latin, Greek and Cyrillic, which need no joiners.
const FIRST_JOINED: char = '\u{530}';

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn takes_joiners(c: char) -> bool {
    c >= FIRST_JOINED && !c.is_whitespace() && !is_joiner(c)
}

/// Trims `text`, and refuses it if it is empty, longer than `max` characters, or has invisible characters.
///
/// # Errors
/// A sentence with the reason.
pub fn line(text: &str, what: &str, max: usize) -> Result<String, ParseError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ParseError(format!("Enter {what}.")));
    }
    if text.chars().any(is_hidden) || has_stray_mark(text) {
        return Err(ParseError("Invisible and control characters can't be used here.".to_owned()));
    }
    let length = text.chars().count();
    if length > max {
        return Err(too_long(max, length));
    }
    Ok(text.to_owned())
}

/// A text of several lines as typed: outer white space is dropped, and line breaks become `\n`. Refused if it is empty, longer
/// than `max` characters, or has invisible characters other than line breaks.
///
/// # Errors
/// A sentence with the reason.
pub(crate) fn text_of_lines(text: &str, max: usize) -> Result<String, ParseError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(ParseError("Enter a text.".to_owned()));
    }
    if text.chars().any(|c| c != '\n' && is_hidden(c)) {
        return Err(ParseError("Invisible and control characters can't be used here.".to_owned()));
    }
    let length = text.chars().count();
    if length > max {
        return Err(too_long(max, length));
    }
    Ok(text.to_owned())
}

/// The reason a text of `length` characters is refused where `max` are allowed.
pub(crate) fn too_long(max: usize, length: usize) -> ParseError {
    let [max, length] = [max, length].map(|count| thousands(count as u64));
    ParseError(format!("At most {max} characters; these are {length}."))
}

/// Implements the conversions for serde of a text type whose values always pass its `parse`.
macro_rules! parsed_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = $crate::text::ParseError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}
pub(crate) use parsed_text;

/// Implements the conversions of a text type whose values were parsed when they were typed. A text from the database or
/// from the server is not parsed again, so that stricter rules of later versions apply only to new texts.
macro_rules! stored_text {
    ($name:ident) => {
        impl $name {
            /// A text that [`Self::parse`] accepted when it was typed, perhaps by the rules of an earlier version.
            #[must_use]
            pub fn stored(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}
pub(crate) use stored_text;

/// Parses several texts, one on each line. Blank ones are left out, and each value is kept once. `what` is their plural.
///
/// # Errors
/// That of the first that is wrong; when there are more than `most`.
pub(crate) fn each_once<T: PartialEq>(
    typed: &[String],
    most: usize,
    what: &str,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Result<Vec<T>, ParseError> {
    let mut values = Vec::new();
    for text in typed.iter().filter(|text| !text.trim().is_empty()) {
        let value = parse(text)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.len() > most {
        return Err(ParseError(format!("Enter at most {most} {what}.")));
    }
    Ok(values)
}

/// Implements `Display` for a text type that is not secret.
macro_rules! shown_text {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use shown_text;

macro_rules! line_type {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The maximum number of characters.
            pub const MAX: usize = $max;

            /// Parses one line of text.
            ///
            /// # Errors
            /// If it is empty, too long, or has characters that are invisible or reorder others.
            pub fn parse(text: &str) -> Result<Self, ParseError> {
                line(text, $what, $max).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        crate::text::stored_text!($name);
        crate::text::shown_text!($name);
    };
}

line_type!(
    /// The label of an invite. Invitees never see it.
    Label, "a name", 200
);
line_type!(
    /// A display name.
    DisplayName, "a name", 100
);
line_type!(
    /// The site name.
    SiteName, "a site name", 80
);
line_type!(
    /// The name that is shown as the sender of mails.
    SenderName, "a name", 60
);
line_type!(
    /// The label of the link for members.
    LinkLabel, "a label", 60
);
line_type!(
    /// The name of a group.
    GroupName, "a name for the group", 80
);
line_type!(
    /// The description of a group.
    GroupDescription, "a description", 300
);
line_type!(
    /// The name of an application.
    ApplicationName, "a name for the application", 80
);
line_type!(
    /// The description of an application.
    ApplicationDescription, "a description", 300
);
line_type!(
    /// The name of a webhook.
    WebhookName, "a name for the webhook", 80
);
line_type!(
    /// The identifier that a directory has for an account or a group. Compared exactly.
    ExternalId, "an identifier", 256
);
line_type!(
    /// The name that a directory has for an account, where that is no username. Compared ignoring case.
    DirectoryName, "a name", 256
);
line_type!(
    /// What somebody says who asks for a new link.
    RequestNote, "a note", 200
);
line_type!(
    /// The name of a flow. Those who sign up never see it.
    FlowName, "a name for the flow", 80
);
line_type!(
    /// The title of a step of a flow.
    StepTitle, "a title", 80
);
line_type!(
    /// The label of a field of a flow.
    FieldLabel, "a label", 120
);
line_type!(
    /// The help of a field of a flow.
    FieldHelp, "a help", 300
);
line_type!(
    /// What a rule of a flow says to those whom it refuses.
    RefusalText, "what to say", 300
);
line_type!(
    /// The name of terms, which those who accept them see.
    TermsName, "a name for the terms", 80
);
line_type!(
    /// The name of an API key.
    KeyName, "a name for the key", 100
);

impl DirectoryName {
    /// The form by which names are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A welcome: 1 to 2,000 characters with line breaks. That of the settings is shown to members as plain text; that of an
/// invite is shown on its sign-up page as Markdown without HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WelcomeText(String);

impl WelcomeText {
    /// The most characters.
    pub const MAX: usize = 2_000;

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

stored_text!(WelcomeText);
shown_text!(WelcomeText);

/// `text` for use inside a sentence. A name in a right-to-left script would move what follows it (a comma, a date) to its
/// other side, and is enclosed in isolates (Unicode UAX 9, section 2.4.2). In HTML, `<bdi>` does the same.
#[must_use]
pub fn isolated(text: &str) -> String {
    if text.chars().any(is_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

/// Whether `c` is in a block of right-to-left scripts.
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
}

/// `12345` as `12,345`.
#[must_use]
pub fn thousands(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_right_to_left_text_is_isolated() {
        for plain in ["Mateo Quispe Huamán", "李小龍", "नमस्ते", "🎉", ""] {
            assert_eq!(isolated(plain), plain);
        }
        for name in ["محمد", "Brambleyard (ورشة)", "שלמה", "𞤀𞤣𞤤𞤢𞤥"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn names_of_all_scripts_pass_and_are_trimmed() {
        for name in [
            "Mateo Quispe Huamán",
            "محمد",
            "李小龍",
            "नमस्ते",
            "می\u{200C}خواهم",
            "श्री\u{200D}मान",
            "葛\u{E0100}城",
            "❤\u{FE0F}\u{200D}🔥",
            "👩\u{200D}👩\u{200D}👧",
            "Room 1\u{FE0F}\u{20E3}",
            "©\u{FE0F} crew",
        ] {
            assert_eq!(DisplayName::parse(&format!("  {name} ")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn invisible_names_and_hidden_marks_are_refused() {
        for bad in [
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{200D}",
            "\u{200C}",
            "\u{AD}",
            "\u{FE0F}",
            "\u{E0100}",
            "\u{115F}\u{1160}",
            "\u{FFA0}",
            "\u{3000}\u{FE0F}",
            "\u{180E}",
            "\u{E0041}",
            "\u{1D173}",
            "A\u{AD}da",
            "A\u{200D}da",
            "Ada\u{200D}",
            "Ada\u{FE0F}",
            "Адa\u{200C}м",
            "م\u{200C}",
            "👩\u{200D}\u{200D}👧",
            "❤\u{FE0F}\u{FE0F}",
        ] {
            assert!(DisplayName::parse(bad).is_err(), "{bad:?}");
            assert!(SiteName::parse(bad).is_err() && Label::parse(bad).is_err() && KeyName::parse(bad).is_err());
        }
    }

    #[test]
    fn stored_texts_are_not_parsed_again() {
        let text = "Straßen\u{AD}bau";
        assert_eq!(serde_json::from_value::<Label>(text.into()).unwrap(), Label::stored(text));
        assert_eq!(serde_json::to_value(Label::stored(text)).unwrap(), text);
    }

    #[test]
    fn hidden_and_reordering_characters_are_refused() {
        for bad in ["a\0b", "a\nb", "evil\u{202E}exe", "a\u{200B}b", "\u{2066}x"] {
            assert!(Label::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_welcome_text_keeps_its_lines() {
        assert_eq!(WelcomeText::parse(" Hello\r\n\r\nthere \n").unwrap().as_str(), "Hello\n\nthere");
        for bad in ["", " \n ", "a\0b", "evil\u{202E}exe", &"ü".repeat(2_001)] {
            assert!(WelcomeText::parse(bad).is_err(), "{bad:?}");
        }
        assert!(WelcomeText::parse(&"ü".repeat(2_000)).is_ok());
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [(0_u32, "0"), (999, "999"), (1_000, "1,000"), (5_000_000, "5,000,000")] {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(Label::parse(&"ü".repeat(200)).is_ok());
        let too_long = Label::parse(&"ü".repeat(2_100)).unwrap_err();
        assert_eq!(too_long.to_string(), "At most 200 characters; these are 2,100.");
        assert!(Label::parse("   ").is_err());
    }
}
