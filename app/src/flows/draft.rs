//! From a document to the form, and back.

use domain::flows::{
    ChoiceDocument, ConditionDocument, Conditions, FieldDocument, FieldType, FlowDocument, OutcomeDocument,
    RuleDocument, Scalar, Scalars, StepDocument, TermsDocument,
};
use leptos::prelude::*;

use super::conditions::{ANSWERED, AT_LEAST, AT_MOST, IS, IS_NOT, NOT_ANSWERED};
use super::form::{ATTRIBUTE, ConditionForm, FieldForm, FlowForm, GIVE, REFUSE, RuleForm, StepForm};

impl FlowForm {
    /// The form of a flow.
    pub(super) fn of(document: &FlowDocument) -> Self {
        let form = Self::empty();
        form.name.set(document.name.clone());
        form.verify_email.set(document.verify_email);
        form.approval.set(document.approval);
        form.welcome_text.set(document.welcome_text.clone().unwrap_or_default());
        form.after.set(document.after.clone().unwrap_or_default());
        form.terms.set(document.terms.iter().map(|terms| terms.name.clone()).collect());
        let mut steps: Vec<_> = document.steps.iter().map(|step| form.step_of(step)).collect();
        if steps.is_empty() {
            steps.push(form.make_step());
        }
        form.steps.set(steps);
        form.rules.set(document.rules.iter().map(|rule| form.rule_of(rule)).collect());
        form
    }

    fn step_of(self, document: &StepDocument) -> StepForm {
        let step = self.make_step();
        step.title.set(document.title.clone().unwrap_or_default());
        step.fields.set(document.fields.iter().map(|field| self.field_of(field)).collect());
        step
    }

    fn field_of(self, document: &FieldDocument) -> FieldForm {
        let field = self.make_field();
        let text = |scalar: &Option<Scalar>| scalar.as_ref().map(|Scalar(text)| text.clone()).unwrap_or_default();
        let choice = |choice: &ChoiceDocument| match &choice.label {
            Some(label) => format!("{}, {label}", choice.value),
            None => choice.value.clone(),
        };
        field.key.set(document.key.clone());
        field.label.set(document.label.clone().unwrap_or_default());
        field.help.set(document.help.clone().unwrap_or_default());
        if let Some(kind) = &document.kind {
            field.kind.set(kind.clone());
        }
        field.required.set(document.required);
        field.min.set(text(&document.min));
        field.max.set(text(&document.max));
        field.decimals.set(text(&document.decimals));
        field.choices.set(document.choices.iter().map(choice).collect::<Vec<_>>().join("\n"));
        field
    }

    fn rule_of(self, document: &RuleDocument) -> RuleForm {
        let rule = self.make_rule();
        rule.conditions.set(document.when.0.iter().map(|condition| self.condition_of(condition)).collect());
        let OutcomeDocument { approval, groups, after, refuse } = &document.then;
        rule.outcome.set(if refuse.is_some() { REFUSE } else { GIVE }.to_owned());
        rule.approval.set(*approval);
        rule.groups.set(groups.0.iter().map(|Scalar(name)| name.clone()).collect());
        rule.after.set(after.clone().unwrap_or_default());
        rule.refuse.set(refuse.clone().unwrap_or_default());
        rule
    }

    fn condition_of(self, document: &ConditionDocument) -> ConditionForm {
        let condition = self.make_condition();
        let field = document.field.as_ref().and_then(|key| {
            let is_it = |field: &FieldForm| field.key.with_untracked(|other| other == key);
            untrack(|| self.fields()).into_iter().find(is_it)
        });
        match (field, &document.attribute) {
            (Some(field), _) => condition.subject.set(field.id.to_string()),
            (None, Some(key)) => {
                condition.subject.set(ATTRIBUTE.to_owned());
                condition.attribute.set(key.clone());
            }
            (None, None) => {}
        }
        let lines =
            |Scalars(values): &Scalars| values.iter().map(|Scalar(text)| text.as_str()).collect::<Vec<_>>().join("\n");
        let ConditionDocument { is, is_not, at_least, at_most, answered, .. } = document;
        let (test, value) = match (is, is_not, at_least, at_most) {
            (Some(values), ..) => (IS, lines(values)),
            (_, Some(values), ..) => (IS_NOT, lines(values)),
            (_, _, Some(Scalar(bound)), _) => (AT_LEAST, bound.clone()),
            (_, _, _, Some(Scalar(bound))) => (AT_MOST, bound.clone()),
            _ => (if *answered == Some(false) { NOT_ANSWERED } else { ANSWERED }, String::new()),
        };
        condition.test.set(test.to_owned());
        condition.value.set(value);
        condition
    }

    /// The document of what is typed.
    pub(super) fn document(self) -> FlowDocument {
        FlowDocument {
            version: FlowDocument::FORMAT,
            name: self.name.get_untracked(),
            verify_email: self.verify_email.get_untracked(),
            approval: self.approval.get_untracked(),
            welcome_text: typed(self.welcome_text),
            after: typed(self.after),
            terms: self.terms.with_untracked(|terms| {
                terms.iter().map(|name| TermsDocument { name: name.clone(), text: None }).collect()
            }),
            steps: self.steps.get_untracked().into_iter().map(step).collect(),
            rules: self.rules.get_untracked().into_iter().map(|one| rule(self, one)).collect(),
        }
    }
}

fn typed(value: RwSignal<String>) -> Option<String> {
    value.with_untracked(|text| (!text.trim().is_empty()).then(|| text.clone()))
}

fn scalar(value: RwSignal<String>) -> Option<Scalar> {
    typed(value).map(|text| Scalar(text.trim().to_owned()))
}

fn step(step: StepForm) -> StepDocument {
    StepDocument { title: typed(step.title), fields: step.fields.get_untracked().into_iter().map(field).collect() }
}

fn field(field: FieldForm) -> FieldDocument {
    let kind = field.kind.with_untracked(|kind| kind.parse::<FieldType>()).unwrap_or(FieldType::Text);
    // What another type had stays in the form, in case it is chosen again.
    let bounded = has_bounds(kind);
    let choices = if has_choices(kind) { field.choices.with_untracked(|text| choices(text)) } else { Vec::new() };
    FieldDocument {
        key: field.key.get_untracked(),
        label: typed(field.label),
        help: typed(field.help),
        kind: Some(kind.to_string()),
        required: field.required.get_untracked(),
        min: scalar(field.min).filter(|_| bounded),
        max: scalar(field.max).filter(|_| bounded),
        decimals: scalar(field.decimals).filter(|_| kind == FieldType::Number),
        choices,
    }
}

/// Whether a field of this type has a least and a most.
pub(super) const fn has_bounds(kind: FieldType) -> bool {
    !matches!(kind, FieldType::Choice | FieldType::Checkbox | FieldType::Url)
}

/// Whether a field of this type has choices.
pub(super) const fn has_choices(kind: FieldType) -> bool {
    matches!(kind, FieldType::Choice | FieldType::Choices)
}

/// The choices as typed: a value cannot have commas, so that the first one ends it.
pub(super) fn choices(text: &str) -> Vec<ChoiceDocument> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let choice = |line: &str| match line.split_once(',') {
        Some((value, label)) => {
            let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
            ChoiceDocument { value: value.trim().to_owned(), label }
        }
        None => ChoiceDocument { value: line.to_owned(), label: None },
    };
    lines.map(choice).collect()
}

fn rule(form: FlowForm, rule: RuleForm) -> RuleDocument {
    let conditions = rule.conditions.get_untracked().into_iter().map(|one| condition(form, one)).collect();
    let then = if rule.outcome.with_untracked(|outcome| outcome == REFUSE) {
        OutcomeDocument { refuse: typed(rule.refuse), ..OutcomeDocument::default() }
    } else {
        OutcomeDocument {
            approval: rule.approval.get_untracked(),
            groups: Scalars(rule.groups.with_untracked(|names| names.iter().cloned().map(Scalar).collect())),
            after: typed(rule.after),
            refuse: None,
        }
    };
    RuleDocument { when: Conditions(conditions), then }
}

fn condition(form: FlowForm, condition: ConditionForm) -> ConditionDocument {
    let subject = condition.subject.get_untracked();
    let of = if subject == ATTRIBUTE {
        ConditionDocument { attribute: Some(condition.attribute.get_untracked()), ..ConditionDocument::default() }
    } else {
        // One whose field was removed has no key, which is refused.
        let key = untrack(|| form.field(&subject)).map(|field| field.key.get_untracked()).unwrap_or_default();
        ConditionDocument { field: Some(key), ..ConditionDocument::default() }
    };
    let values = || {
        let lines = |text: &String| {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| Scalar::of(&line)).collect()
        };
        Some(Scalars(condition.value.with_untracked(lines)))
    };
    let bound = || Some(Scalar(condition.value.with_untracked(|text| text.trim().to_owned())));
    match condition.test.get_untracked().as_str() {
        IS_NOT => ConditionDocument { is_not: values(), ..of },
        AT_LEAST => ConditionDocument { at_least: bound(), ..of },
        AT_MOST => ConditionDocument { at_most: bound(), ..of },
        ANSWERED => ConditionDocument { answered: Some(true), ..of },
        NOT_ANSWERED => ConditionDocument { answered: Some(false), ..of },
        _ => ConditionDocument { is: values(), ..of },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_value_and_what_follows_a_comma() {
        let choice = |value: &str, label: Option<&str>| ChoiceDocument {
            value: value.to_owned(),
            label: label.map(str::to_owned),
        };
        assert_eq!(
            choices("solo\n\n team , For a team, or more \nlast,\n"),
            [choice("solo", None), choice("team", Some("For a team, or more")), choice("last", None)]
        );
        assert_eq!(choices(" \n"), []);
    }

    /// What is stored is what was edited, and the other way round.
    #[test]
    fn a_document_is_edited_without_loss() {
        use crate::ui::{Confirm, Unsaved};

        let document = serde_json::json!({
            "version": 1,
            "name": "Workshop",
            "verify_email": true,
            "welcome_text": "Hello",
            "terms": ["Rules of the house"],
            "steps": [
                { "title": "About you", "fields": [
                    { "key": "plan", "label": "Plan", "type": "choice", "required": true,
                      "choices": ["solo", { "value": "team", "label": "A team, or more" }] },
                    { "key": "age", "label": "Age", "help": "In years", "type": "number", "min": 18, "max": 99, "decimals": 1 },
                ] },
                { "fields": [{ "key": "agrees", "label": "Agrees", "type": "checkbox" }] },
            ],
            "rules": [
                { "when": [{ "field": "plan", "is": ["solo", "team"] }, { "field": "age", "at_least": 21 }],
                  "then": { "approval": true, "groups": ["Clay", "Wood"], "after": "/me" } },
                { "when": { "attribute": "course", "is_not": "Raku" }, "then": { "refuse": "Not this time." } },
                { "when": { "field": "agrees", "answered": false }, "then": { "approval": true } },
            ],
        });
        let document: FlowDocument = serde_json::from_value(document).unwrap();
        Owner::new().with(|| {
            let _ = Confirm::provide();
            Unsaved::provide();
            assert_eq!(FlowForm::of(&document).document(), document);
        });
    }
}
