//! From the document of a flow to what is typed, and back. On the server alone.

use domain::flows::{
    ChoiceDocument, ConditionDocument, FieldDocument, FieldType, FlowDocument, OutcomeDocument, RuleDocument, Scalar,
    Scalars, StepDocument, TermsDocument,
};

use super::choices::{choices, has_bounds, has_choices};
use super::conditions::{ANSWERED, AT_LEAST, AT_MOST, IS, IS_NOT, NOT_ANSWERED};
use super::typed::{
    AFTER, APPROVAL, CHOICES, DECIMALS, FIELD, GROUP, HELP, LABEL, MAX, MIN, NAME, REFUSE, REQUIRED, RULE, STEP, TERMS,
    TEST, TYPE, Typed, VALUE, VERIFY, WELCOME, WHEN_ATTRIBUTE, WHEN_FIELD,
};

impl From<&FlowDocument> for Typed {
    fn from(document: &FlowDocument) -> Self {
        let mut typed = Self::default();
        typed.add(NAME, document.name.clone());
        typed.tick(VERIFY, document.verify_email);
        typed.tick(APPROVAL, document.approval);
        typed.add(WELCOME, document.welcome_text.clone().unwrap_or_default());
        typed.add(AFTER, document.after.clone().unwrap_or_default());
        for terms in &document.terms {
            typed.add(TERMS, terms.name.clone());
        }
        for step in &document.steps {
            typed.push(STEP, step.title.clone().unwrap_or_default());
            step.fields.iter().for_each(|field| of_field(&mut typed, field));
        }
        document.rules.iter().for_each(|rule| of_rule(&mut typed, rule));
        typed
    }
}

fn of_field(typed: &mut Typed, field: &FieldDocument) {
    let text = |scalar: &Option<Scalar>| scalar.as_ref().map(|Scalar(text)| text.clone()).unwrap_or_default();
    let choice = |choice: &ChoiceDocument| match &choice.label {
        Some(label) => format!("{}, {label}", choice.value),
        None => choice.value.clone(),
    };
    typed.push(FIELD, field.key.clone());
    typed.add(LABEL, field.label.clone().unwrap_or_default());
    typed.add(HELP, field.help.clone().unwrap_or_default());
    typed.add(TYPE, field.kind.clone().unwrap_or_default());
    typed.tick(REQUIRED, field.required);
    typed.add(MIN, text(&field.min));
    typed.add(MAX, text(&field.max));
    typed.add(DECIMALS, text(&field.decimals));
    typed.add(CHOICES, field.choices.iter().map(choice).collect::<Vec<_>>().join("\n"));
}

fn of_rule(typed: &mut Typed, rule: &RuleDocument) {
    typed.push(RULE, String::new());
    let OutcomeDocument { approval, groups, after, refuse } = &rule.then;
    typed.tick(APPROVAL, *approval);
    for Scalar(name) in &groups.0 {
        typed.add(GROUP, name.clone());
    }
    typed.add(AFTER, after.clone().unwrap_or_default());
    if let Some(words) = refuse {
        typed.push(REFUSE, words.clone());
    }
    for condition in &rule.when.0 {
        of_condition(typed, condition);
    }
}

fn of_condition(typed: &mut Typed, condition: &ConditionDocument) {
    let lines =
        |Scalars(values): &Scalars| values.iter().map(|Scalar(text)| text.as_str()).collect::<Vec<_>>().join("\n");
    let ConditionDocument { field, attribute, is, is_not, at_least, at_most, answered } = condition;
    match attribute {
        Some(key) => typed.push(WHEN_ATTRIBUTE, key.clone()),
        None => typed.push(WHEN_FIELD, field.clone().unwrap_or_default()),
    }
    let (test, value) = match (is, is_not, at_least, at_most) {
        (Some(values), ..) => (IS, lines(values)),
        (_, Some(values), ..) => (IS_NOT, lines(values)),
        (_, _, Some(Scalar(bound)), _) => (AT_LEAST, bound.clone()),
        (_, _, _, Some(Scalar(bound))) => (AT_MOST, bound.clone()),
        _ => (if *answered == Some(false) { NOT_ANSWERED } else { ANSWERED }, String::new()),
    };
    typed.push(TEST, test.to_owned());
    typed.add(VALUE, value);
}

impl From<Typed> for FlowDocument {
    fn from(Typed(inputs): Typed) -> Self {
        let mut flow = Self { version: Self::FORMAT, ..Self::default() };
        for (name, value) in inputs {
            let is_ticked = !value.is_empty();
            if name == STEP {
                flow.steps.push(StepDocument { title: some(value), fields: Vec::new() });
            } else if name == RULE {
                flow.rules.push(RuleDocument::default());
            } else if let Some(rule) = flow.rules.last_mut() {
                to_rule(rule, &name, value);
            } else if let Some(step) = flow.steps.last_mut() {
                to_step(step, &name, value);
            } else {
                match name.as_str() {
                    NAME => flow.name = value,
                    VERIFY => flow.verify_email = is_ticked,
                    APPROVAL => flow.approval = is_ticked,
                    WELCOME => flow.welcome_text = some(value),
                    AFTER => flow.after = some(value),
                    TERMS => flow.terms.push(TermsDocument { name: value, text: None }),
                    _ => {}
                }
            }
        }
        let fields = flow.steps.iter_mut().flat_map(|step| &mut step.fields);
        fields.for_each(leave_out_other_types);
        flow
    }
}

fn some(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

fn scalar(value: &str) -> Option<Scalar> {
    let value = value.trim();
    (!value.is_empty()).then(|| Scalar(value.to_owned()))
}

fn to_step(step: &mut StepDocument, name: &str, value: String) {
    if name == FIELD {
        step.fields.push(FieldDocument { key: value, ..FieldDocument::default() });
        return;
    }
    let Some(field) = step.fields.last_mut() else { return };
    match name {
        LABEL => field.label = some(value),
        HELP => field.help = some(value),
        TYPE => field.kind = some(value),
        REQUIRED => field.required = true,
        MIN => field.min = scalar(&value),
        MAX => field.max = scalar(&value),
        DECIMALS => field.decimals = scalar(&value),
        CHOICES => {
            let choice = |(value, label)| ChoiceDocument { value, label };
            field.choices = choices(&value).into_iter().map(choice).collect();
        }
        _ => {}
    }
}

/// What another type had stays in the form, in case it is chosen again.
fn leave_out_other_types(field: &mut FieldDocument) {
    let kind = field.kind.as_deref().and_then(|kind| kind.parse().ok()).unwrap_or(FieldType::Text);
    field.kind = Some(kind.to_string());
    if !has_bounds(kind) {
        (field.min, field.max) = (None, None);
    }
    if kind != FieldType::Number {
        field.decimals = None;
    }
    if !has_choices(kind) {
        field.choices.clear();
    }
}

fn to_rule(rule: &mut RuleDocument, name: &str, value: String) {
    let (conditions, then) = (&mut rule.when.0, &mut rule.then);
    match name {
        APPROVAL => then.approval = true,
        GROUP => then.groups.0.push(Scalar(value)),
        AFTER => then.after = some(value),
        REFUSE => then.refuse = Some(value),
        // One whose field was removed has no key, which is refused.
        WHEN_FIELD => conditions.push(ConditionDocument { field: Some(value), ..ConditionDocument::default() }),
        WHEN_ATTRIBUTE => conditions.push(ConditionDocument { attribute: Some(value), ..ConditionDocument::default() }),
        _ => {
            if let Some(condition) = conditions.last_mut() {
                to_condition(condition, name, &value);
            }
        }
    }
}

fn to_condition(condition: &mut ConditionDocument, name: &str, value: &str) {
    let no_values = || Some(Scalars::default());
    let no_bound = || Some(Scalar(String::new()));
    match (name, value) {
        (TEST, IS_NOT) => condition.is_not = no_values(),
        (TEST, AT_LEAST) => condition.at_least = no_bound(),
        (TEST, AT_MOST) => condition.at_most = no_bound(),
        (TEST, ANSWERED | NOT_ANSWERED) => condition.answered = Some(value == ANSWERED),
        (TEST, _) => condition.is = no_values(),
        (VALUE, _) => {
            let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
            let lines: Vec<_> = lines.map(|line| Scalar::of(&line)).collect();
            for values in [&mut condition.is, &mut condition.is_not].into_iter().flatten() {
                values.0.clone_from(&lines);
            }
            for bound in [&mut condition.at_least, &mut condition.at_most].into_iter().flatten() {
                value.trim().clone_into(&mut bound.0);
            }
        }
        _ => {}
    }
}
