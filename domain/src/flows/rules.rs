//! The rules of a flow: what becomes of somebody who signs up, by what they answered.

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::date::{Date, DateBound};
use super::field::{FieldKind, parts};
use super::flow::Flow;
use super::number::Number;
use crate::attributes::{Attribute, AttributeKey, AttributeValue};
use crate::ids::GroupId;
use crate::invites::Terms;
use crate::text::RefusalText;
use crate::time::Timestamp;
use crate::web::{Destination, HttpsOrigin};

/// A rule: when all conditions hold, the outcome counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The conditions, 1 to [`super::MAX_CONDITIONS`].
    pub conditions: Vec<Condition>,
    /// What counts then.
    pub outcome: Outcome,
}

/// A condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is tested.
    pub subject: Subject,
    /// How.
    pub test: Test,
}

/// What a condition tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The answer to a field of the flow.
    Field(AttributeKey),
    /// An attribute that the invite gives and that is no field.
    Attribute(AttributeKey),
}

/// A test. Texts are compared ignoring case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Is one of these, at most [`super::MAX_VALUES`]; of several choices: one of them is.
    Is(Vec<AttributeValue>),
    /// Is none of these, or was not answered.
    IsNot(Vec<AttributeValue>),
    /// Is this or more, or on this day or later.
    AtLeast(Bound),
    /// Is this or less, or on this day or earlier.
    AtMost(Bound),
    /// Was answered, or was not. A box was answered if it is checked.
    Answered(bool),
}

/// What a number or a date is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A number.
    Number(Number),
    /// A date.
    Date(DateBound),
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The sign-up is refused with these words.
    Refuse(RefusalText),
    /// The account gets something, at least one of these.
    Give {
        /// Whether it is pending approval.
        approval: bool,
        /// Groups that it joins, each once.
        groups: Vec<GroupId>,
        /// Where people go after they sign up.
        after: Option<Destination>,
    },
}

impl Outcome {
    /// The groups that it gives.
    #[must_use]
    pub fn groups(&self) -> &[GroupId] {
        match self {
            Self::Refuse(_) => &[],
            Self::Give { groups, .. } => groups,
        }
    }

    /// Where people go.
    #[must_use]
    pub const fn after(&self) -> Option<&Destination> {
        match self {
            Self::Refuse(_) => None,
            Self::Give { after, .. } => after.as_ref(),
        }
    }
}

/// What a flow decides about somebody who signs up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The sign-up is refused with these words.
    Refused(RefusalText),
    /// The account is created.
    Admitted(Admitted),
}

/// What an account gets by its flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// Whether it is pending approval.
    pub approval: bool,
    /// The groups that it joins, each once.
    pub groups: Vec<GroupId>,
    /// The groups that it does not join, because nobody may give them any more: those who decide are told.
    pub withheld: Vec<GroupId>,
    /// Where people go after they sign up.
    pub after: Option<Destination>,
}

impl Admitted {
    /// The same without the groups that may not be given. If there is one, the account is pending approval, so that somebody who
    /// may looks at it.
    #[must_use]
    pub fn withholding(mut self, may_be_given: impl Fn(GroupId) -> bool) -> Self {
        let withheld = self.groups.extract_if(.., |group| !may_be_given(*group)).collect::<Vec<_>>();
        self.approval |= !withheld.is_empty();
        self.withheld.extend(withheld);
        self
    }

    /// The same with what an invite with these terms says: the stricter of both about approval, the groups of both, and the
    /// place of the invite, if the settings still allow it.
    #[must_use]
    pub fn by(mut self, invite: &Terms, origins: &[HttpsOrigin]) -> Self {
        self.approval |= invite.approval;
        let more = invite.groups.iter().filter(|group| !self.groups.contains(group)).copied().collect::<Vec<_>>();
        self.groups.extend(more);
        let places = [invite.after.clone(), self.after.take()];
        self.after = places.into_iter().flatten().find(|after| after.is_allowed(origins));
        self
    }
}

impl Flow {
    /// What becomes of somebody with these answers, whose account gets these attributes. Every rule is looked at, in the order of
    /// the flow. The first that refuses is the answer; if none does, the account is pending approval if the flow or one of them
    /// says so, it joins the groups of all, and the first place to go counts.
    #[must_use]
    pub fn decide(&self, answers: &Answers, attributes: &[Attribute], now: Timestamp) -> Decision {
        let facts = Facts { flow: self, answers, attributes, now };
        let mut admitted = Admitted { approval: self.approval, ..Admitted::default() };
        for rule in self.rules.iter().filter(|rule| facts.hold(rule)) {
            match &rule.outcome {
                Outcome::Refuse(words) => return Decision::Refused(words.clone()),
                Outcome::Give { approval, groups, after } => {
                    admitted.approval |= approval;
                    let more: Vec<_> =
                        groups.iter().filter(|group| !admitted.groups.contains(group)).copied().collect();
                    admitted.groups.extend(more);
                    admitted.after = admitted.after.or_else(|| after.clone());
                }
            }
        }
        admitted.after = admitted.after.or_else(|| self.after.clone());
        Decision::Admitted(admitted)
    }

    /// The words with which somebody is refused who has answered the steps to `step`, counted from 0: those of the first rule
    /// that asks for nothing of a later step. What is not known yet decides nothing.
    #[must_use]
    pub fn refusal(
        &self,
        step: usize,
        answers: &Answers,
        attributes: &[Attribute],
        now: Timestamp,
    ) -> Option<&RefusalText> {
        let facts = Facts { flow: self, answers, attributes, now };
        let is_known = |condition: &Condition| match &condition.subject {
            Subject::Field(key) => self.step_of(key).is_none_or(|of| of <= step),
            Subject::Attribute(_) => true,
        };
        self.rules.iter().find_map(|rule| match &rule.outcome {
            Outcome::Refuse(words) if rule.conditions.iter().all(is_known) && facts.hold(rule) => Some(words),
            _ => None,
        })
    }
}

/// What rules may see.
struct Facts<'a> {
    flow: &'a Flow,
    answers: &'a Answers,
    attributes: &'a [Attribute],
    now: Timestamp,
}

impl Facts<'_> {
    fn hold(&self, rule: &Rule) -> bool {
        rule.conditions.iter().all(|condition| self.holds(condition))
    }

    fn holds(&self, Condition { subject, test }: &Condition) -> bool {
        let (value, kind) = match subject {
            Subject::Field(key) => (self.answers.get(key), self.flow.field(key).map(|field| &field.kind)),
            Subject::Attribute(key) => {
                (self.attributes.iter().find(|attribute| attribute.key == *key).map(|attribute| &attribute.value), None)
            }
        };
        let value = value.map(AttributeValue::as_str);
        let is_one_of = |values: &[AttributeValue]| {
            let is = |one: &str| values.iter().any(|value| value.as_str().to_lowercase() == one.to_lowercase());
            match kind {
                Some(FieldKind::Choices { .. }) => value.is_some_and(|value| parts(value).any(is)),
                _ => value.is_some_and(is),
            }
        };
        match test {
            Test::Is(values) => is_one_of(values),
            Test::IsNot(values) => !is_one_of(values),
            Test::AtLeast(bound) => value.is_some_and(|value| bound.is_reached(value, self.now)),
            Test::AtMost(bound) => value.is_some_and(|value| bound.is_kept(value, self.now)),
            Test::Answered(wanted) => {
                let is_box = matches!(kind, Some(FieldKind::Checkbox));
                *wanted == value.is_some_and(|value| !is_box || value == super::CHECKED)
            }
        }
    }
}

impl Bound {
    /// Whether a value is this or more.
    fn is_reached(self, value: &str, now: Timestamp) -> bool {
        match self {
            Self::Number(bound) => Number::parse(value).is_ok_and(|number| number >= bound),
            Self::Date(bound) => Date::parse(value).is_ok_and(|date| date >= bound.first_day(now)),
        }
    }

    /// Whether a value is this or less.
    fn is_kept(self, value: &str, now: Timestamp) -> bool {
        match self {
            Self::Number(bound) => Number::parse(value).is_ok_and(|number| number <= bound),
            Self::Date(bound) => Date::parse(value).is_ok_and(|date| date <= bound.last_day(now)),
        }
    }
}
