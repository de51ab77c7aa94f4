//! What people answer: as typed, parsed, and as attributes of their account.

use std::collections::BTreeMap;

use super::field::Field;
use super::flow::Flow;
use crate::accounts::Email;
use crate::attributes::{Attribute, AttributeKey, AttributeValue, InviteAttribute};
use crate::failure::{Check, Failure};
use crate::invites::{self, Terms};
use crate::time::Timestamp;

/// Answers as typed, by the keys of their fields. What is missing was not sent: the invite may fill it in. Values of one key that
/// a form sends several times are joined by line breaks; a page sends an empty one before boxes, so that none that is checked
/// differs from none that was sent.
pub type Typed = BTreeMap<AttributeKey, String>;

/// Answers that fit their fields, by the keys of these.
pub type Answers = BTreeMap<AttributeKey, AttributeValue>;

/// Why an answer is refused that an invite fixes.
const FIXED: &str = "The invite sets this value. Leave it as it is.";

/// A field as the sign-up page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField<'a> {
    /// The field. Its input is named as [`FormField::name`] says.
    pub field: &'a Field,
    /// The value: as typed, or else what the invite fills in, or else nothing.
    pub value: String,
    /// Whether the invite fixes the value.
    pub locked: bool,
}

impl FormField<'_> {
    /// The name of its input, by which errors name it, too.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.field.key)
    }
}

/// What somebody who signs up has answered, and gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The answers to the fields of the flow.
    pub answers: Answers,
    /// The attributes of the account, by key: the answers, and what the invite gives besides.
    pub attributes: Vec<Attribute>,
}

impl Answered {
    /// What a sign-up has sent, to be parsed by the flow.
    #[must_use]
    pub fn typed(sent: &invites::Answers) -> Typed {
        let text = |value: &Option<AttributeValue>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        sent.iter().map(|(key, value)| (key.clone(), text(value))).collect()
    }
}

impl Flow {
    /// The fields of a step, counted from 0, as they are shown to somebody who has typed this by an invite with these attributes.
    #[must_use]
    pub fn form(
        &self,
        step: usize,
        typed: &Typed,
        attributes: &[InviteAttribute],
        now: Timestamp,
    ) -> Vec<FormField<'_>> {
        let fields = self.steps.get(step).map(|step| step.fields.as_slice()).unwrap_or_default();
        let shown = |field| match (given(field, attributes), typed.get(&field.key)) {
            (Some(given), _) if given.locked => {
                FormField { field, value: fixed(field, given, now).into(), locked: true }
            }
            (_, Some(typed)) => FormField { field, value: typed.clone(), locked: false },
            (given, None) => {
                let value = given.map(|given| given.value.to_string()).unwrap_or_default();
                FormField { field, value, locked: false }
            }
        };
        fields.iter().map(shown).collect()
    }

    /// The answers to the fields of a step, counted from 0. What is sent besides is ignored.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `attributes.KEY` for each that does not fit, or changes what the invite fixes.
    pub fn answer_step(
        &self,
        step: usize,
        typed: &Typed,
        attributes: &[InviteAttribute],
        now: Timestamp,
    ) -> Result<Answers, Failure> {
        let fields = self.steps.get(step).map(|step| step.fields.as_slice()).unwrap_or_default();
        answer(fields.iter(), typed, attributes, now)
    }

    /// The answers to the fields of all steps, by an invite that fills in none.
    ///
    /// # Errors
    /// As those of [`Self::answer_step`].
    pub fn answer_all(&self, typed: &Typed, now: Timestamp) -> Result<Answers, Failure> {
        answer(self.fields(), typed, &[], now)
    }

    /// What somebody who signs up with this address by an invite with these terms has answered, and gets.
    ///
    /// # Errors
    /// As those of [`Self::answer_step`] for all steps, and of [`Terms::answered`] for what are no fields.
    pub fn answered(&self, typed: &Typed, invite: &Terms, email: &Email, now: Timestamp) -> Result<Answered, Failure> {
        let answers = answer(self.fields(), typed, &invite.attributes, now);
        let others = self.others(typed, invite, email);
        match (answers, others) {
            (Ok(answers), Ok(mut attributes)) => {
                let of = |(key, value): (&AttributeKey, &AttributeValue)| Attribute {
                    key: key.clone(),
                    value: value.clone(),
                };
                attributes.extend(answers.iter().map(of));
                attributes.sort_unstable_by(|one, other| one.key.cmp(&other.key));
                Ok(Answered { answers, attributes })
            }
            (Err(failure), Err(other)) => Err(failure.and(other)),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }

    /// The attributes that are no fields.
    fn others(&self, typed: &Typed, invite: &Terms, email: &Email) -> Result<Vec<Attribute>, Failure> {
        let mut check = Check::default();
        let mut sent = invites::Answers::new();
        for (key, text) in typed.iter().filter(|(key, _)| self.field(key).is_none()) {
            let value = (!text.trim().is_empty()).then(|| AttributeValue::answer(text)).transpose();
            sent.extend(check.take(&name(key), value).map(|value| (key.clone(), value)));
        }
        let attributes = invite.attributes.iter().filter(|given| self.field(&given.key).is_none()).cloned().collect();
        let others = Terms { attributes, ..invite.clone() }.answered(email, &sent);
        match (check.finish(Some(())), others) {
            (Ok(()), others) => others,
            (Err(failure), Ok(_)) => Err(failure),
            (Err(failure), Err(other)) => Err(failure.and(other)),
        }
    }

    /// Checks that the attributes of an invite can be answers of the fields that have their keys.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `attributes`, for the first that cannot.
    pub fn check_attributes(&self, attributes: &[InviteAttribute], now: Timestamp) -> Result<(), Failure> {
        let mut check = Check::default();
        for field in self.fields() {
            let Some(InviteAttribute { key, value, .. }) = given(field, attributes) else { continue };
            if let Err(why) = field.answer(value.as_str(), now) {
                let why = format!("Attribute \u{201C}{key}\u{201D}: {why} It is a field of the flow.");
                check.add_error("attributes", why);
                break;
            }
        }
        check.finish(Some(()))
    }

    /// The first step, counted from 0, that has one of the fields that are wrong; `None` if none has, as of the address.
    #[must_use]
    pub fn first_wrong_step(&self, failure: &Failure) -> Option<usize> {
        let is_wrong = |field: &Field| failure.field_error(&name(&field.key)).is_some();
        self.steps.iter().position(|step| step.fields.iter().any(is_wrong))
    }

    /// How an attribute of an account is labelled and shown.
    #[must_use]
    pub fn labelled(&self, attribute: &Attribute) -> (String, String) {
        match self.field(&attribute.key) {
            Some(field) => (field.label.to_string(), field.shown(&attribute.value)),
            None => (attribute.key.title(), attribute.value.to_string()),
        }
    }
}

/// The name of the input of a field.
pub(super) fn name(key: &AttributeKey) -> String {
    format!("attributes.{key}")
}

fn given<'a>(field: &Field, attributes: &'a [InviteAttribute]) -> Option<&'a InviteAttribute> {
    attributes.iter().find(|given| given.key == field.key)
}

/// The value that an invite fixes. One that does not fit, because the flow was changed since, is what staff want all the same.
fn fixed(field: &Field, given: &InviteAttribute, now: Timestamp) -> AttributeValue {
    field.answer(given.value.as_str(), now).ok().flatten().unwrap_or_else(|| given.value.clone())
}

fn answer<'a>(
    fields: impl Iterator<Item = &'a Field>,
    typed: &Typed,
    attributes: &[InviteAttribute],
    now: Timestamp,
) -> Result<Answers, Failure> {
    let mut check = Check::default();
    let mut answers = Answers::new();
    for field in fields {
        let typed = typed.get(&field.key).map(String::as_str);
        let given = given(field, attributes);
        let answer = if let Some(given) = given.filter(|given| given.locked) {
            let fixed = fixed(field, given, now);
            let is_same = |text: &str| {
                text.trim() == fixed.as_str()
                    || field.answer(text, now).is_ok_and(|answer| answer.as_ref() == Some(&fixed))
            };
            if typed.is_some_and(|text| !is_same(text)) {
                check.add_error(&name(&field.key), FIXED);
            }
            Some(fixed)
        } else {
            let text = typed.or(given.map(|given| given.value.as_str())).unwrap_or_default();
            check.take(&name(&field.key), field.answer(text, now)).flatten()
        };
        answers.extend(answer.map(|answer| (field.key.clone(), answer)));
    }
    check.finish(Some(answers))
}
