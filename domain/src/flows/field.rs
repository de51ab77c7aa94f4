//! The fields of a flow, and what may be answered.

use serde::{Deserialize, Serialize};

use super::date::{Date, DateBound};
use super::number::Number;
use crate::attributes::{AttributeKey, AttributeValue};
use crate::string_enum::string_enum;
use crate::text::{FieldHelp, FieldLabel, ParseError, line, shown_text, stored_text, thousands};
use crate::time::Timestamp;
use crate::web::WebUrl;

/// The answer of a checkbox that is checked.
pub const CHECKED: &str = "yes";
/// The answer of a checkbox that is not checked.
pub const UNCHECKED: &str = "no";

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// One of some choices.
    Choice,
    /// Any of some choices.
    Choices,
    /// Yes or no.
    Checkbox,
    /// A number.
    Number,
    /// A date.
    Date,
    /// The URL of a page.
    Url,
}

string_enum!(FieldType {
    Text = "text",
    LongText = "long_text",
    Choice = "choice",
    Choices = "choices",
    Checkbox = "checkbox",
    Number = "number",
    Date = "date",
    Url = "url",
});

/// A field: a question of the sign-up page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key of the attribute that the answer becomes.
    pub key: AttributeKey,
    /// The label.
    pub label: FieldLabel,
    /// What is said below it.
    pub help: Option<FieldHelp>,
    /// Whether it has to be answered; of a checkbox, whether it has to be checked.
    pub required: bool,
    /// Its type, and what may be answered.
    pub kind: FieldKind,
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of `min` to `max` characters, at most [`AttributeValue::MAX`].
    Text {
        /// The least characters, at least 1.
        min: u32,
        /// The most characters.
        max: u32,
    },
    /// Several lines of `min` to `max` characters, at most [`AttributeValue::MAX_ANSWER`].
    LongText {
        /// The least characters, at least 1.
        min: u32,
        /// The most characters.
        max: u32,
    },
    /// One of these, at least one.
    Choice(Vec<Choice>),
    /// Any of these, at least one.
    Choices {
        /// The choices.
        choices: Vec<Choice>,
        /// How many are chosen at least, if any are; at least 1.
        min: u32,
        /// How many are chosen at most.
        max: u32,
    },
    /// [`CHECKED`] or [`UNCHECKED`].
    Checkbox,
    /// A number.
    Number {
        /// The least.
        min: Option<Number>,
        /// The greatest.
        max: Option<Number>,
        /// The most digits after the point, at most [`Number::MAX_DECIMALS`].
        decimals: u8,
    },
    /// A date.
    Date {
        /// The earliest.
        min: Option<DateBound>,
        /// The latest.
        max: Option<DateBound>,
    },
    /// An `http` or `https` URL.
    Url,
}

/// One of the answers of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The answer, unique in its field ignoring case.
    pub value: ChoiceValue,
    /// How it is shown; `None` is as it is.
    pub label: Option<FieldLabel>,
}

impl Choice {
    /// How it is shown.
    #[must_use]
    pub fn label(&self) -> &str {
        self.label.as_ref().map_or(self.value.as_str(), FieldLabel::as_str)
    }
}

/// The value of a choice: one line of 1 to 80 characters without commas, which separate several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChoiceValue(String);

impl ChoiceValue {
    /// The maximum number of characters.
    pub const MAX: usize = 80;

    /// Parses a value as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is empty, too long, or has commas, or characters that are invisible or reorder others.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = line(text, "a choice", Self::MAX)?;
        if text.contains(',') {
            return Err(ParseError("A choice has no commas. Put them in its label.".to_owned()));
        }
        Ok(Self(text))
    }

    /// The value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(ChoiceValue);
shown_text!(ChoiceValue);

impl FieldKind {
    /// The type.
    #[must_use]
    pub const fn field_type(&self) -> FieldType {
        match self {
            Self::Text { .. } => FieldType::Text,
            Self::LongText { .. } => FieldType::LongText,
            Self::Choice(_) => FieldType::Choice,
            Self::Choices { .. } => FieldType::Choices,
            Self::Checkbox => FieldType::Checkbox,
            Self::Number { .. } => FieldType::Number,
            Self::Date { .. } => FieldType::Date,
            Self::Url => FieldType::Url,
        }
    }

    /// The choices, if it has some.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Choice(choices) | Self::Choices { choices, .. } => choices,
            _ => &[],
        }
    }
}

impl Field {
    /// The answer to the field as typed, or `None` for none. Several choices are separated by commas or line breaks; a choice is
    /// found ignoring the case of ASCII letters.
    ///
    /// # Errors
    /// A sentence that says what to enter.
    pub fn answer(&self, typed: &str, now: Timestamp) -> Result<Option<AttributeValue>, ParseError> {
        let text = typed.trim();
        if text.is_empty() && self.kind != FieldKind::Checkbox {
            return if self.required { Err(ParseError(self.missing().to_owned())) } else { Ok(None) };
        }
        let answer = match &self.kind {
            FieldKind::Text { min, max } => long_enough(line(text, "an answer", *max as usize)?, *min)?,
            FieldKind::LongText { min, max } => long_enough(crate::text::text_of_lines(text, *max as usize)?, *min)?,
            FieldKind::Choice(choices) => find(choices, text)?.value.to_string(),
            FieldKind::Choices { choices, min, max } => several(choices, text, *min as usize, *max as usize)?,
            FieldKind::Number { min, max, decimals } => number(text, (*min, *max), usize::from(*decimals))?.to_string(),
            FieldKind::Date { min, max } => date(text, (*min, *max), now)?.to_string(),
            FieldKind::Url => WebUrl::parse(text)?.to_string(),
            FieldKind::Checkbox => self.checked(text)?.to_owned(),
        };
        Ok(Some(AttributeValue::stored(answer)))
    }

    fn checked(&self, text: &str) -> Result<&'static str, ParseError> {
        match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "on" | "1" => Ok(CHECKED),
            "" | "no" | "false" | "off" | "0" if self.required => {
                Err(ParseError("Check this box to sign up.".to_owned()))
            }
            "" | "no" | "false" | "off" | "0" => Ok(UNCHECKED),
            _ => Err(ParseError("Answer yes or no.".to_owned())),
        }
    }

    const fn missing(&self) -> &'static str {
        match self.kind {
            FieldKind::Choice(_) => "Choose one of these.",
            FieldKind::Choices { .. } => "Choose at least one of these.",
            FieldKind::Number { .. } => "Enter a number.",
            FieldKind::Date { .. } => "Enter a date.",
            FieldKind::Url => "Enter the address of a page.",
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Checkbox => "Enter an answer.",
        }
    }

    /// An answer as it is shown: choices by their labels.
    #[must_use]
    pub fn shown(&self, answer: &AttributeValue) -> String {
        let choices = self.kind.choices();
        let label =
            |value: &str| find(choices, value).map_or_else(|_| value.to_owned(), |choice| choice.label().to_owned());
        match &self.kind {
            FieldKind::Choice(_) => label(answer.as_str()),
            FieldKind::Choices { .. } => parts(answer.as_str()).map(label).collect::<Vec<_>>().join(", "),
            _ => answer.to_string(),
        }
    }
}

/// The values of an answer to a field of several choices.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn find<'a>(choices: &'a [Choice], value: &str) -> Result<&'a Choice, ParseError> {
    let is_it = |choice: &&Choice| choice.value.as_str().eq_ignore_ascii_case(value);
    choices.iter().find(is_it).ok_or_else(|| ParseError("Choose one of these.".to_owned()))
}

fn several(choices: &[Choice], text: &str, min: usize, max: usize) -> Result<String, ParseError> {
    let mut chosen = vec![false; choices.len()];
    for part in parts(text) {
        let choice = find(choices, part)?;
        for (is_chosen, other) in chosen.iter_mut().zip(choices) {
            *is_chosen |= choice == other;
        }
    }
    let values: Vec<_> = choices
        .iter()
        .zip(chosen)
        .filter(|(_, is_chosen)| *is_chosen)
        .map(|(choice, _)| choice.value.as_str())
        .collect();
    let answer = values.join(", ");
    if values.len() < min {
        return Err(ParseError(format!("Choose at least {min} of these.")));
    }
    if values.len() > max || answer.chars().count() > AttributeValue::MAX_ANSWER {
        return Err(ParseError(format!("Choose at most {} of these.", max.min(values.len().saturating_sub(1)))));
    }
    Ok(answer)
}

fn long_enough(text: String, min: u32) -> Result<String, ParseError> {
    let length = text.chars().count();
    if length < min as usize {
        let min = thousands(min);
        return Err(ParseError(format!("At least {min} characters; these are {}.", thousands(length as u64))));
    }
    Ok(text)
}

fn number(text: &str, (min, max): (Option<Number>, Option<Number>), decimals: usize) -> Result<Number, ParseError> {
    let number = Number::parse(text)?;
    if number.decimals() > decimals {
        return Err(ParseError(match decimals {
            0 => "Enter a whole number.".to_owned(),
            1 => "Enter at most 1 digit after the point.".to_owned(),
            _ => format!("Enter at most {decimals} digits after the point."),
        }));
    }
    let wrong = min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max);
    match (min, max) {
        (Some(min), Some(max)) if wrong => Err(ParseError(format!("Enter a number from {min} to {max}."))),
        (Some(min), None) if wrong => Err(ParseError(format!("Enter a number of at least {min}."))),
        (None, Some(max)) if wrong => Err(ParseError(format!("Enter a number of at most {max}."))),
        _ => Ok(number),
    }
}

fn date(text: &str, (min, max): (Option<DateBound>, Option<DateBound>), now: Timestamp) -> Result<Date, ParseError> {
    let date = Date::parse(text)?;
    let (first, last) = (min.map(|min| min.first_day(now)), max.map(|max| max.last_day(now)));
    let on = |bound: Option<DateBound>, day: Option<Date>| match bound {
        Some(DateBound::YearsAgo(0)) => "today".to_owned(),
        _ => day.map(|day| day.to_string()).unwrap_or_default(),
    };
    if first.is_some_and(|first| date < first) {
        return Err(ParseError(format!("Enter a date on or after {}.", on(min, first))));
    }
    if last.is_some_and(|last| date > last) {
        return Err(ParseError(format!("Enter a date on or before {}.", on(max, last))));
    }
    Ok(date)
}
