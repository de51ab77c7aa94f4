//! A flow as typed: in the editor, in the REST API and as YAML.
//!
//! What is a text, a number or a boolean in YAML is a [`Scalar`]. Where one or several are allowed, one need not be in a list.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A flow as typed. What is left out is none, or no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowDocument {
    /// The version of this format: 1.
    #[serde(default = "format_version")]
    pub version: u32,
    /// The name, 1 to 80 characters.
    pub name: String,
    /// Whether accounts have to verify their e-mail address.
    #[serde(default, skip_serializing_if = "is_no")]
    pub verify_email: bool,
    /// Whether accounts are pending approval.
    #[serde(default, skip_serializing_if = "is_no")]
    pub approval: bool,
    /// What the sign-up page says, at most 2,000 characters, as Markdown without HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_text: Option<String>,
    /// Where people go after they sign up: a path on this site, or an `https` URL of a site that the settings allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The terms to accept, by their names or ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermsDocument>,
    /// The steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepDocument>,
    /// The rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleDocument>,
}

impl FlowDocument {
    /// The version of the format.
    pub const FORMAT: u32 = 1;
}

impl Default for FlowDocument {
    fn default() -> Self {
        Self {
            version: Self::FORMAT,
            name: String::new(),
            verify_email: false,
            approval: false,
            welcome_text: None,
            after: None,
            terms: Vec::new(),
            steps: Vec::new(),
            rules: Vec::new(),
        }
    }
}

const fn format_version() -> u32 {
    FlowDocument::FORMAT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_no(value: &bool) -> bool {
    !*value
}

/// A step as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDocument {
    /// The title, at most 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDocument>,
}

/// A field as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument {
    /// The key of the attribute that the answer becomes: 1 to 40 of `a-z 0-9 _`.
    pub key: String,
    /// The label, at most 120 characters; if left out, the key as a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said below it, at most 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The type: `text` if left out, `long_text`, `choice`, `choices`, `checkbox`, `number`, `date` or `url`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it has to be answered.
    #[serde(default, skip_serializing_if = "is_no")]
    pub required: bool,
    /// The least: characters, choices, the number itself, or a date, which may be `today` or `18 years ago`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Scalar>,
    /// The most: as `min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Scalar>,
    /// The most digits of a number after the point, 0 to 4; none if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<Scalar>,
    /// The choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceDocument>,
}

/// A choice as typed: its value, or its value and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceDocument {
    /// The value, 1 to 80 characters without commas.
    pub value: String,
    /// How it is shown, at most 120 characters.
    pub label: Option<String>,
}

/// Terms as typed: their name or id, or their name and the text with which they are created if there are none of the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsDocument {
    /// The name or the id.
    pub name: String,
    /// The text.
    pub text: Option<String>,
}

/// A rule as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// The conditions, all of which have to hold.
    pub when: Conditions,
    /// What counts then.
    pub then: OutcomeDocument,
}

/// A condition as typed: a field or an attribute, and one test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionDocument {
    /// The key of a field of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The key of an attribute of the invite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Is one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Scalars>,
    /// Is none of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_not: Option<Scalars>,
    /// Is this number or date, or a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Scalar>,
    /// Is this number or date, or an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Scalar>,
    /// Was answered, or was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
}

/// What a rule says, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeDocument {
    /// Whether the account is pending approval.
    #[serde(default, skip_serializing_if = "is_no")]
    pub approval: bool,
    /// The groups that it joins, by their names or ids.
    #[serde(default, skip_serializing_if = "Scalars::is_empty")]
    pub groups: Scalars,
    /// Where people go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The words with which the sign-up is refused, at most 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse: Option<String>,
}

/// A text, a number or a boolean, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scalar(pub String);

/// One or several of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scalars(pub Vec<Scalar>);

/// One or several conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions(pub Vec<ConditionDocument>);

impl Scalar {
    /// The scalar of what prints as this text.
    pub fn of(value: &impl fmt::Display) -> Self {
        Self(value.to_string())
    }
}

impl Scalars {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A number as a number, if it reads back as it is: in YAML, people write numbers without quotes.
        if let Ok(number) = self.0.parse::<i64>()
            && number.to_string() == self.0
        {
            return serializer.serialize_i64(number);
        }
        let is_decimal =
            self.0.len() <= 16 && self.0.contains('.') && self.0.bytes().all(|b| b"-.0123456789".contains(&b));
        match self.0.parse::<f64>() {
            Ok(number) if is_decimal && number.to_string() == self.0 => serializer.serialize_f64(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

impl Serialize for Scalars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => serializer.collect_seq(several),
        }
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => serializer.collect_seq(several),
        }
    }
}

/// Deserializes `$type` from what YAML says: from a scalar by `$scalar`, which takes a `String`; and from lists or maps by the
/// methods that follow.
macro_rules! from_yaml {
    ($type:ty, $expected:literal, $scalar:expr $(, $method:ident($access:ident) $read:expr)*) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;

                impl<'de> Visitor<'de> for Read {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        Ok($scalar(text.to_owned()))
                    }

                    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                        Ok($scalar(value.to_string()))
                    }

                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                        Ok($scalar(value.to_string()))
                    }

                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                        Ok($scalar(value.to_string()))
                    }

                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                        Ok($scalar(value.to_string()))
                    }

                    $(from_yaml!(@ $method $access $read);)*
                }

                deserializer.deserialize_any(Read)
            }
        }
    };
    (@ visit_seq $access:ident $read:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, $access: A) -> Result<Self::Value, A::Error> {
            $read
        }
    };
    (@ visit_map $access:ident $read:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, $access: A) -> Result<Self::Value, A::Error> {
            $read
        }
    };
}

from_yaml!(Scalar, "a text or a number", Scalar);
from_yaml!(
    Scalars,
    "a text, a number, or a list of them",
    |text| Scalars(vec![Scalar(text)]),
    visit_seq(access) Vec::deserialize(SeqAccessDeserializer::new(access)).map(Scalars)
);

/// Reads and writes `$type`, which has a `$first` and perhaps a `$second`, as the first alone where there is no second.
macro_rules! short_form {
    ($type:ident, $expected:literal, $first:ident, $second:ident) => {
        const _: () = {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Long {
                $first: Scalar,
                #[serde(default)]
                $second: Option<Scalar>,
            }

            from_yaml!(
                $type,
                $expected,
                |$first| $type { $first, $second: None },
                visit_map(access) Long::deserialize(MapAccessDeserializer::new(access)).map(|Long { $first, $second }| {
                    $type { $first: $first.0, $second: $second.map(|Scalar(text)| text) }
                })
            );
        };

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct as _;
                let Some(second) = &self.$second else {
                    return serializer.serialize_str(&self.$first);
                };
                let mut long = serializer.serialize_struct(stringify!($type), 2)?;
                long.serialize_field(stringify!($first), &self.$first)?;
                long.serialize_field(stringify!($second), second)?;
                long.end()
            }
        }
    };
}

short_form!(ChoiceDocument, "a choice: a text, or its value and label", value, label);
short_form!(TermsDocument, "terms: their name, or their name and text", name, text);

impl<'de> Deserialize<'de> for Conditions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Conditions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition, or a list of them")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(access)).map(Conditions)
            }

            fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
                ConditionDocument::deserialize(MapAccessDeserializer::new(access)).map(|one| Conditions(vec![one]))
            }
        }

        deserializer.deserialize_any(Read)
    }
}
