//! A flow as a document, which parses to the same flow.

use super::document::{
    ChoiceDocument, ConditionDocument, Conditions, FieldDocument, FlowDocument, OutcomeDocument, RuleDocument, Scalar,
    Scalars, StepDocument, TermsDocument,
};
use super::draft::References;
use super::field::{Choice, Field, FieldKind};
use super::flow::Flow;
use super::rules::{Bound, Condition, Outcome, Subject, Test};
use crate::attributes::{AttributeKey, AttributeValue};

impl Flow {
    /// The flow as a document; `known` has the names of what it refers to. What has no name there is given by its id.
    #[must_use]
    pub fn document(&self, known: &References) -> FlowDocument {
        let group = |id| {
            let found = known.groups.iter().find(|group| group.id == id);
            Scalar(found.map_or_else(|| id.to_string(), |group| group.name.to_string()))
        };
        let terms = |id| {
            let found = known.terms.iter().find(|terms| terms.id == id);
            TermsDocument { name: found.map_or_else(|| id.to_string(), |terms| terms.name.to_string()), text: None }
        };
        let outcome = |outcome: &Outcome| match outcome {
            Outcome::Refuse(words) => OutcomeDocument { refuse: Some(words.to_string()), ..OutcomeDocument::default() },
            Outcome::Give { approval, groups, after } => OutcomeDocument {
                approval: *approval,
                groups: Scalars(groups.iter().copied().map(group).collect()),
                after: after.as_ref().map(|after| after.as_str().to_owned()),
                refuse: None,
            },
        };
        let rules = self.rules.iter().map(|rule| RuleDocument {
            when: Conditions(rule.conditions.iter().map(condition).collect()),
            then: outcome(&rule.outcome),
        });
        let steps = self.steps.iter().map(|step| StepDocument {
            title: step.title.as_ref().map(ToString::to_string),
            fields: step.fields.iter().map(field).collect(),
        });
        FlowDocument {
            version: FlowDocument::FORMAT,
            name: self.name.to_string(),
            verify_email: self.verify_email,
            approval: self.approval,
            welcome_text: self.welcome_text.as_ref().map(ToString::to_string),
            after: self.after.as_ref().map(|after| after.as_str().to_owned()),
            terms: self.terms.iter().copied().map(terms).collect(),
            steps: steps.collect(),
            rules: rules.collect(),
        }
    }
}

fn field(field: &Field) -> FieldDocument {
    let characters = |count: u32, implied: usize| (count as usize != implied).then(|| Scalar::of(&count));
    let (min, max, decimals) = match &field.kind {
        FieldKind::Text { min, max } => (characters(*min, 1), characters(*max, AttributeValue::MAX), None),
        FieldKind::LongText { min, max } => (characters(*min, 1), characters(*max, AttributeValue::MAX_ANSWER), None),
        FieldKind::Choices { choices, min, max } => (characters(*min, 1), characters(*max, choices.len()), None),
        FieldKind::Number { min, max, decimals } => {
            (min.as_ref().map(Scalar::of), max.as_ref().map(Scalar::of), (*decimals > 0).then(|| Scalar::of(decimals)))
        }
        FieldKind::Date { min, max } => (min.as_ref().map(Scalar::of), max.as_ref().map(Scalar::of), None),
        FieldKind::Choice(_) | FieldKind::Checkbox | FieldKind::Url => (None, None, None),
    };
    let choice = |choice: &Choice| ChoiceDocument {
        value: choice.value.to_string(),
        label: choice.label.as_ref().map(ToString::to_string),
    };
    FieldDocument {
        key: field.key.to_string(),
        label: Some(field.label.to_string()),
        help: field.help.as_ref().map(ToString::to_string),
        kind: Some(field.kind.field_type().to_string()),
        required: field.required,
        min,
        max,
        decimals,
        choices: field.kind.choices().iter().map(choice).collect(),
    }
}

fn condition(condition: &Condition) -> ConditionDocument {
    let values = |values: &[AttributeValue]| Some(Scalars(values.iter().map(Scalar::of).collect()));
    let bound = |bound: &Bound| match bound {
        Bound::Number(number) => Some(Scalar::of(number)),
        Bound::Date(date) => Some(Scalar::of(date)),
    };
    let key = |key: &AttributeKey| Some(key.to_string());
    let subject = match &condition.subject {
        Subject::Field(of) => ConditionDocument { field: key(of), ..ConditionDocument::default() },
        Subject::Attribute(of) => ConditionDocument { attribute: key(of), ..ConditionDocument::default() },
    };
    match &condition.test {
        Test::Is(of) => ConditionDocument { is: values(of), ..subject },
        Test::IsNot(of) => ConditionDocument { is_not: values(of), ..subject },
        Test::AtLeast(of) => ConditionDocument { at_least: bound(of), ..subject },
        Test::AtMost(of) => ConditionDocument { at_most: bound(of), ..subject },
        Test::Answered(answered) => ConditionDocument { answered: Some(*answered), ..subject },
    }
}
