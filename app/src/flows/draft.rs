//! From what is typed to the form, and back.

use leptos::prelude::*;

use super::form::{ATTRIBUTE, ConditionForm, FieldForm, FlowForm, GIVE, REFUSE, RuleForm};
use super::typed::{self, Typed};

impl FlowForm {
    /// The form of a flow.
    pub(super) fn of(Typed(inputs): &Typed) -> Self {
        let form = Self::empty();
        // What began last.
        let (mut field, mut rule, mut condition) = (None::<FieldForm>, None::<RuleForm>, None::<ConditionForm>);
        for (name, value) in inputs {
            let last_step = form.steps.with_untracked(|steps| steps.last().copied());
            match name.as_str() {
                typed::STEP => {
                    let step = form.make_step();
                    step.title.set(value.clone());
                    form.steps.update(|steps| steps.push(step));
                }
                typed::FIELD => {
                    let made = form.make_field();
                    made.key.set(value.clone());
                    if let Some(step) = last_step {
                        step.fields.update(|fields| fields.push(made));
                    }
                    field = Some(made);
                }
                typed::RULE => {
                    let made = form.make_rule();
                    form.rules.update(|rules| rules.push(made));
                    rule = Some(made);
                }
                typed::WHEN_FIELD | typed::WHEN_ATTRIBUTE => {
                    let made = form.make_condition();
                    made.subject.set(if name == typed::WHEN_FIELD { form.id_of(value) } else { ATTRIBUTE.to_owned() });
                    made.attribute.set(value.clone());
                    if let Some(rule) = rule {
                        rule.conditions.update(|conditions| conditions.push(made));
                    }
                    condition = Some(made);
                }
                name => form.set((field, rule, condition), name, value),
            }
        }
        if form.steps.with_untracked(Vec::is_empty) {
            let step = form.make_step();
            form.steps.set(vec![step]);
        }
        form
    }

    /// Sets an input of the form, or of what began last.
    fn set(
        self,
        (field, rule, condition): (Option<FieldForm>, Option<RuleForm>, Option<ConditionForm>),
        name: &str,
        value: &str,
    ) {
        let text = |of: RwSignal<String>| of.set(value.to_owned());
        match (name, field, rule, condition) {
            (typed::TEST, .., Some(condition)) => text(condition.test),
            (typed::VALUE, .., Some(condition)) => text(condition.value),
            (typed::APPROVAL, _, Some(rule), _) => rule.approval.set(true),
            (typed::GROUP, _, Some(rule), _) => rule.groups.update(|groups| groups.push(value.to_owned())),
            (typed::AFTER, _, Some(rule), _) => text(rule.after),
            (typed::REFUSE, _, Some(rule), _) => {
                rule.outcome.set(REFUSE.to_owned());
                text(rule.refuse);
            }
            (typed::LABEL, Some(field), ..) => text(field.label),
            (typed::HELP, Some(field), ..) => text(field.help),
            (typed::TYPE, Some(field), ..) => text(field.kind),
            (typed::REQUIRED, Some(field), ..) => field.required.set(true),
            (typed::MIN, Some(field), ..) => text(field.min),
            (typed::MAX, Some(field), ..) => text(field.max),
            (typed::DECIMALS, Some(field), ..) => text(field.decimals),
            (typed::CHOICES, Some(field), ..) => text(field.choices),
            (typed::NAME, ..) => text(self.name),
            (typed::VERIFY, ..) => self.verify_email.set(true),
            (typed::APPROVAL, ..) => self.approval.set(true),
            (typed::WELCOME, ..) => text(self.welcome_text),
            (typed::AFTER, ..) => text(self.after),
            (typed::TERMS, ..) => self.terms.update(|terms| terms.push(value.to_owned())),
            _ => {}
        }
    }

    /// The id of the field with this key; empty if there is none.
    fn id_of(self, key: &str) -> String {
        let is_it = |field: &FieldForm| field.key.with_untracked(|other| other == key);
        untrack(|| self.fields()).into_iter().find(is_it).map(|field| field.id.to_string()).unwrap_or_default()
    }

    /// What is typed.
    pub(super) fn typed(self) -> Typed {
        let mut inputs = Typed::default();
        inputs.add(typed::NAME, self.name.get_untracked());
        inputs.tick(typed::VERIFY, self.verify_email.get_untracked());
        inputs.tick(typed::APPROVAL, self.approval.get_untracked());
        inputs.add(typed::WELCOME, self.welcome_text.get_untracked());
        inputs.add(typed::AFTER, self.after.get_untracked());
        for name in self.terms.get_untracked() {
            inputs.add(typed::TERMS, name);
        }
        for step in self.steps.get_untracked() {
            inputs.push(typed::STEP, step.title.get_untracked());
            for field in step.fields.get_untracked() {
                add_field(&mut inputs, field);
            }
        }
        for rule in self.rules.get_untracked() {
            add_rule(&mut inputs, self, rule);
        }
        inputs
    }
}

fn add_field(inputs: &mut Typed, field: FieldForm) {
    inputs.push(typed::FIELD, field.key.get_untracked());
    for (name, of) in [
        (typed::LABEL, field.label),
        (typed::HELP, field.help),
        (typed::TYPE, field.kind),
        (typed::MIN, field.min),
        (typed::MAX, field.max),
        (typed::DECIMALS, field.decimals),
        (typed::CHOICES, field.choices),
    ] {
        inputs.add(name, of.get_untracked());
    }
    inputs.tick(typed::REQUIRED, field.required.get_untracked());
}

fn add_rule(inputs: &mut Typed, form: FlowForm, rule: RuleForm) {
    inputs.push(typed::RULE, String::new());
    if rule.outcome.with_untracked(|outcome| outcome == GIVE) {
        inputs.tick(typed::APPROVAL, rule.approval.get_untracked());
        for name in rule.groups.get_untracked() {
            inputs.add(typed::GROUP, name);
        }
        inputs.add(typed::AFTER, rule.after.get_untracked());
    } else {
        inputs.push(typed::REFUSE, rule.refuse.get_untracked());
    }
    for condition in rule.conditions.get_untracked() {
        let subject = condition.subject.get_untracked();
        if subject == ATTRIBUTE {
            inputs.push(typed::WHEN_ATTRIBUTE, condition.attribute.get_untracked());
        } else {
            let field = untrack(|| form.field(&subject));
            inputs.push(typed::WHEN_FIELD, field.map(|field| field.key.get_untracked()).unwrap_or_default());
        }
        inputs.push(typed::TEST, condition.test.get_untracked());
        inputs.add(typed::VALUE, condition.value.get_untracked());
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use domain::flows::FlowDocument;

    use super::*;

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
                  "then": { "approval": true, "groups": ["Wood", "Clay"], "after": "/me" } },
                { "when": { "attribute": "course", "is_not": "Raku" }, "then": { "refuse": "Not this time." } },
                { "when": { "field": "agrees", "answered": false }, "then": { "approval": true } },
            ],
        });
        let document: FlowDocument = serde_json::from_value(document).unwrap();
        Owner::new().with(|| {
            let _ = Confirm::provide();
            Unsaved::provide();
            let form = FlowForm::of(&Typed::from(&document));
            assert_eq!(FlowDocument::from(form.typed()), document);
            // What another type had is not sent.
            let plan = form.fields()[0];
            plan.kind.set("text".to_owned());
            assert!(FlowDocument::from(form.typed()).steps[0].fields[0].choices.is_empty());
        });
    }
}
