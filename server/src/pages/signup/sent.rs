//! The fields of the form.

use std::collections::BTreeMap;

use app::public::signup::Entered;
use domain::attributes::AttributeKey;
use domain::flows::{Typed, TypedTerms};
use domain::signup::{AddressProof, SignUpDraft};
use serde::Deserialize;

use crate::pages::inv;

/// The button that sent the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Go {
    /// To the next step, or to the account after the last.
    #[default]
    On,
    /// To the step before.
    Back,
    /// To the same step, from the page of a refusal.
    Again,
}

/// The fields of the form. A field that was sent several times has the last value, but for answers: several are chosen.
#[derive(Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct Sent {
    pub(super) attempt: String,
    pub(super) code: String,
    pub(super) email: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) password: String,
    pub(super) next: Option<String>,
    /// The proof of the address, from the link in the mail of an invitation.
    pub(super) proof: String,
    /// What the form carries from step to step, sealed.
    pub(super) state: Option<String>,
    /// The code that the form was opened with, where another can be typed.
    pub(super) opened: Option<String>,
    pub(super) go: Go,
    /// In a preview: the flow as typed.
    pub(super) document: Option<String>,
    /// What was sent as `attributes.KEY`, several values separated by line breaks.
    pub(super) attributes: BTreeMap<String, String>,
    /// What was sent as `terms.ID`.
    pub(super) terms: TypedTerms,
}

impl From<Vec<(String, String)>> for Sent {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "attempt" => sent.attempt = value,
                "code" => sent.code = value,
                "email" => sent.email = value,
                "username" => sent.username = value,
                "name" => sent.name = value,
                "password" => sent.password = value,
                "next" => sent.next = Some(value),
                "proof" => sent.proof = value,
                "state" => sent.state = Some(value).filter(|state| !state.is_empty()),
                "opened" => sent.opened = Some(value),
                "document" => sent.document = Some(value),
                "go" => {
                    sent.go = match value.as_str() {
                        "back" => Go::Back,
                        "again" => Go::Again,
                        _ => Go::On,
                    }
                }
                _ => {
                    if let Some(key) = name.strip_prefix("attributes.") {
                        sent.answer(key, value);
                    } else if let Some(id) = name.strip_prefix("terms.") {
                        sent.terms.insert(id.to_owned(), value);
                    }
                }
            }
        }
        sent
    }
}

impl Sent {
    fn answer(&mut self, key: &str, value: String) {
        match self.attributes.get_mut(key) {
            // Before boxes the page sends an empty value.
            Some(others) if !others.is_empty() && !value.is_empty() => {
                others.push('\n');
                others.push_str(&value);
            }
            Some(others) if others.is_empty() => *others = value,
            Some(_) => {}
            None => {
                self.attributes.insert(key.to_owned(), value);
            }
        }
    }

    /// What was typed, to be shown again.
    pub(super) fn entered(&self) -> Entered {
        let answer = |(key, value): (&String, &String)| Some((AttributeKey::parse(key).ok()?, value.clone()));
        let attributes: Typed = self.attributes.iter().filter_map(answer).collect();
        Entered {
            code: inv::key_in(&self.code),
            email: self.email.clone(),
            username: self.username.clone(),
            name: self.name.clone(),
            attributes,
            terms: self.terms.clone(),
            proof: AddressProof::parse(&self.proof),
        }
    }

    /// What was typed.
    pub(super) fn draft(self) -> SignUpDraft {
        let Self { code, email, username, name, password, attributes, terms, proof, .. } = self;
        let code = inv::key_in(&code);
        SignUpDraft { code, email, username, name, password, attributes, proof, terms, begun: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        Sent::from(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn answers_that_are_sent_several_times_are_joined() {
        let of = |values: &[&str]| {
            let fields: Vec<_> = values.iter().map(|value| ("attributes.days", *value)).collect();
            sent(&fields).attributes.remove("days")
        };
        assert_eq!(of(&["", "Mon", "Tue"]).as_deref(), Some("Mon\nTue"));
        assert_eq!(of(&["Mon", "", "Tue"]).as_deref(), Some("Mon\nTue"));
        assert_eq!(of(&[""]).as_deref(), Some(""));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn fields_that_are_not_of_the_form_are_ignored() {
        let sent =
            sent(&[("email", "a"), ("email", "b"), ("role", "owner"), ("terms.1", "2"), ("go", "back"), ("state", "")]);
        assert_eq!((sent.email.as_str(), sent.go), ("b", Go::Back));
        assert_eq!(sent.terms, TypedTerms::from([("1".to_owned(), "2".to_owned())]));
        assert_eq!(sent.state, None);
    }
}
