//! The tests of conditions, and conditions in words.

use domain::flows::FieldType;
use domain::text::isolated;
use leptos::prelude::*;

use super::choices::{choices, has_choices};
use super::form::{ATTRIBUTE, ConditionForm, FieldForm, FlowForm, REFUSE, RuleForm};
use super::text;

pub(super) const IS: &str = "is";
pub(super) const IS_NOT: &str = "is_not";
pub(super) const AT_LEAST: &str = "at_least";
pub(super) const AT_MOST: &str = "at_most";
pub(super) const ANSWERED: &str = "answered";
pub(super) const NOT_ANSWERED: &str = "not_answered";

/// What a condition is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A field of this type.
    Field(FieldForm, FieldType),
    /// An attribute of the invite.
    Attribute,
    /// Nothing: the field was removed, or none is chosen.
    Nothing,
}

impl FieldForm {
    /// Its type; that of one line if another was typed.
    pub(super) fn field_type(self) -> FieldType {
        self.kind.with(|kind| kind.parse()).unwrap_or(FieldType::Text)
    }

    /// What it is called: its label, or else its key.
    pub(super) fn title(self) -> String {
        let typed = |value: RwSignal<String>| value.with(|text| text.trim().to_owned());
        let label = typed(self.label);
        match if label.is_empty() { typed(self.key) } else { label } {
            title if title.is_empty() => text::NEW_FIELD.to_owned(),
            title => title,
        }
    }
}

impl ConditionForm {
    pub(super) fn about(self, form: FlowForm) -> About {
        self.subject.with(|subject| match form.field(subject) {
            Some(field) => About::Field(field, field.field_type()),
            None if subject == ATTRIBUTE => About::Attribute,
            None => About::Nothing,
        })
    }

    /// The tests that are offered. One that was chosen for another field stays, until another is chosen.
    pub(super) fn tests(self, form: FlowForm) -> Vec<(String, String)> {
        let about = self.about(form);
        let is_box = matches!(about, About::Field(_, FieldType::Checkbox));
        let is_compared = matches!(about, About::Field(_, FieldType::Number | FieldType::Date) | About::Attribute);
        let chosen = self.test.get();
        let offered = |test: &'static str| match test {
            IS | IS_NOT => !is_box,
            AT_LEAST | AT_MOST => is_compared,
            _ => true,
        };
        let all = [IS, IS_NOT, AT_LEAST, AT_MOST, ANSWERED, NOT_ANSWERED];
        let all = all.into_iter().filter(|test| offered(test) || chosen == *test);
        all.map(|test| (test.to_owned(), text::test(test, is_box).to_owned())).collect()
    }

    /// Whether the test compares with values, with one, or with nothing.
    pub(super) fn compares(self) -> Option<bool> {
        self.test.with(|test| match test.as_str() {
            IS | IS_NOT => Some(true),
            AT_LEAST | AT_MOST => Some(false),
            _ => None,
        })
    }

    /// `Plan is team or enterprise`.
    fn words(self, form: FlowForm) -> String {
        let about = self.about(form);
        let (subject, is_box, labels) = match about {
            About::Field(field, kind) => {
                let labels = if has_choices(kind) { field.choices.with(|typed| choices(typed)) } else { Vec::new() };
                (isolated(&field.title()), kind == FieldType::Checkbox, labels)
            }
            About::Attribute => {
                (text::of_attribute(&self.attribute.with(|key| isolated(key.trim()))), false, Vec::new())
            }
            About::Nothing => (text::NO_FIELD.to_owned(), false, Vec::new()),
        };
        let label = |value: &str| {
            let label = labels.iter().find(|(choice, _)| choice == value).and_then(|(_, label)| label.clone());
            isolated(label.as_deref().unwrap_or(value))
        };
        let values = self
            .value
            .with(|value| value.lines().map(str::trim).filter(|line| !line.is_empty()).map(label).collect::<Vec<_>>());
        let test = self.test.get();
        text::condition(&subject, text::test(&test, is_box), self.compares().map(|_| values))
    }
}

impl RuleForm {
    /// The rule as a sentence.
    pub(super) fn sentence(self, form: FlowForm) -> String {
        let conditions = self.conditions.get().into_iter().map(|condition| condition.words(form)).collect();
        if self.outcome.with(|outcome| outcome == REFUSE) {
            return text::rule(conditions, vec![self.refuse.with(|words| text::refuses(words.trim()))]);
        }
        let mut outcomes = Vec::new();
        if self.approval.get() {
            outcomes.push(text::NEEDS_APPROVAL.to_owned());
        }
        self.groups.with(|names| {
            if !names.is_empty() {
                outcomes.push(text::joins(names.iter().map(|name| isolated(name)).collect()));
            }
        });
        self.after.with(|after| {
            if !after.trim().is_empty() {
                outcomes.push(text::goes_to(&isolated(after.trim())));
            }
        });
        text::rule(conditions, outcomes)
    }
}
