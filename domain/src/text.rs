//! Short texts that people type and others read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text was refused: a sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that do not show or that change how others show: C0 and C1 controls, line and paragraph separators,
/// bidirectional controls (Unicode TR 36, section 2.5), zero-width characters other than the joiners that scripts
/// need, and non-characters.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Trims `text` and refuses it when it is empty, longer than `max` characters, or holds hidden characters.
///
/// # Errors
/// A sentence that says which of these it was.
pub fn line(text: &str, what: &str, max: usize) -> Result<String, ParseError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ParseError(format!("Enter {what}.")));
    }
    if text.chars().any(is_hidden) {
        return Err(ParseError("Invisible and control characters can't be used here.".to_owned()));
    }
    let length = text.chars().count();
    if length > max {
        return Err(ParseError(format!("At most {max} characters; these are {length}.")));
    }
    Ok(text.to_owned())
}

/// What serde needs of a type that is text which its `parse` lets through.
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

/// `Display` for such a type, unless it is a secret.
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
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters there can be.
            pub const MAX: usize = $max;

            /// Parses one line of text.
            ///
            /// # Errors
            /// When it is empty, too long, or holds control or bidirectional characters.
            pub fn parse(text: &str) -> Result<Self, ParseError> {
                line(text, $what, $max).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        crate::text::parsed_text!($name);
        crate::text::shown_text!($name);
    };
}

line_type!(
    /// What staff call an invite among themselves. Invitees never see it.
    Label, "a name", 200
);
line_type!(
    /// What a person likes to be called.
    DisplayName, "a name", 100
);
line_type!(
    /// What the place is called that people are let into.
    SiteName, "the name of your place", 80
);
line_type!(
    /// The words on the button that leads members on.
    LinkLabel, "a label", 60
);
line_type!(
    /// What an API key is for.
    KeyName, "a name for the key", 100
);

/// `text` as it stands inside a sentence of ours. A name that is written from right to left would draw what follows it
/// to its other side (a comma, a date), so it is set between isolates (Unicode UAX 9, section 2.4.2). Where there are
/// elements around it, `<bdi>` does the same.
#[must_use]
pub fn isolated(text: &str) -> String {
    if text.chars().any(is_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

/// Whether `c` is in a block that Unicode keeps for scripts written from right to left.
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
}

/// `12345` as `12,345`.
#[must_use]
pub fn thousands(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
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
    fn only_what_runs_from_right_to_left_is_isolated() {
        for plain in ["Mateo Quispe Huamán", "李小龍", "नमस्ते", "🎉", ""] {
            assert_eq!(isolated(plain), plain);
        }
        for name in ["محمد", "Brambleyard (ورشة)", "שלמה", "𞤀𞤣𞤤𞤢𞤥"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn names_of_all_scripts_pass_and_are_trimmed() {
        for name in ["Mateo Quispe Huamán", "محمد", "李小龍", "Straßen\u{AD}bau", "नमस्ते"] {
            assert_eq!(DisplayName::parse(&format!("  {name} ")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_hides_or_reorders_is_refused() {
        for bad in ["a\0b", "a\nb", "evil\u{202E}exe", "a\u{200B}b", "\u{2066}x"] {
            assert!(Label::parse(bad).is_err(), "{bad:?}");
        }
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
        assert!(Label::parse(&"ü".repeat(201)).is_err());
        assert!(Label::parse("   ").is_err());
    }
}
