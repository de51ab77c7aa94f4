//! Parsing a flow.

use super::date::DateBound;
use super::document::{
    ChoiceDocument, ConditionDocument, FieldDocument, FlowDocument, OutcomeDocument, RuleDocument, Scalar, Scalars,
    StepDocument, TermsDocument,
};
use super::field::{Choice, ChoiceValue, Field, FieldKind, FieldType};
use super::flow::{Flow, MAX_CHOICES, MAX_CONDITIONS, MAX_FIELDS, MAX_RULES, MAX_STEPS, MAX_TERMS, MAX_VALUES, Step};
use super::number::Number;
use super::rules::{Bound, Condition, Outcome, Rule, Subject, Test};
use super::terms::{AskedMembers, NewTerms, NewTermsVersion, TermsRef, TermsText};
use crate::attributes::{AttributeKey, AttributeValue};
use crate::failure::{Check, Failure};
use crate::groups::GroupRef;
use crate::ids::{GroupId, TermsId};
use crate::invites::MAX_GROUPS;
use crate::text::{FieldHelp, FieldLabel, FlowName, ParseError, RefusalText, StepTitle, TermsName, WelcomeText};
use crate::web::Destination;

/// What a flow may refer to, by name or id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The groups.
    pub groups: Vec<GroupRef>,
    /// The terms.
    pub terms: Vec<TermsRef>,
}

impl References {
    fn group(&self, text: &str) -> Option<GroupId> {
        let text = text.trim();
        let found = |group: &&GroupRef| is_named(text, group.name.as_str(), || group.id.to_string());
        self.groups.iter().find(found).map(|group| group.id)
    }

    fn terms(&self, text: &str) -> Option<TermsId> {
        let text = text.trim();
        let found = |terms: &&TermsRef| is_named(text, terms.name.as_str(), || terms.id.to_string());
        self.terms.iter().find(found).map(|terms| terms.id)
    }
}

fn is_named(text: &str, name: &str, id: impl Fn() -> String) -> bool {
    text.to_lowercase() == name.to_lowercase() || text.eq_ignore_ascii_case(&id())
}

impl FlowDocument {
    /// Parses the flow; `known` has what it may refer to.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field, by its path, such as `steps.0.fields.2.key`.
    pub fn parse(self, known: &References) -> Result<Flow, Failure> {
        let mut check = Check::default();
        if self.version != Self::FORMAT {
            check.add_error("version", "This version of Latchkey reads version 1 of flows.");
        }
        let name = check.take("name", FlowName::parse(&self.name));
        let welcome_text = optional(&mut check, "welcome_text", self.welcome_text.as_deref(), WelcomeText::parse);
        let after = optional(&mut check, "after", self.after.as_deref(), Destination::parse);
        let terms = terms(&mut check, &self.terms, known);
        let steps = steps(&mut check, self.steps);
        let rules = rules(&mut check, self.rules, &steps, known);
        let flow = name.map(|name| Flow {
            name,
            verify_email: self.verify_email,
            approval: self.approval,
            welcome_text,
            after,
            terms,
            steps,
            rules,
        });
        check.finish(flow)
    }

    /// The terms that it has the text of and that are not known. They are to be created before the flow is parsed.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn new_terms(&self, known: &References) -> Result<Vec<NewTerms>, Failure> {
        let mut check = Check::default();
        let mut new: Vec<NewTerms> = Vec::new();
        for (at, TermsDocument { name, text }) in self.terms.iter().enumerate() {
            let Some(text) = text.as_ref().filter(|_| known.terms(name).is_none()) else { continue };
            let name = check.take(&format!("terms.{at}.name"), TermsName::parse(name));
            let text = check.take(&format!("terms.{at}.text"), TermsText::parse(text));
            if let (Some(name), Some(text)) = (name, text)
                && !new.iter().any(|other| other.name == name)
            {
                new.push(NewTerms { name, version: NewTermsVersion { text, ask: AskedMembers::Nobody } });
            }
        }
        check.finish(Some(new))
    }
}

/// A text that may be left out.
fn optional<T>(
    check: &mut Check,
    path: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Option<T> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    check.take(path, parse(text))
}

/// Says that a list is too long.
fn at_most(check: &mut Check, path: &str, length: usize, most: usize, what: &str) {
    if length > most {
        check.add_error(path, format!("At most {most} {what}; these are {length}."));
    }
}

fn terms(check: &mut Check, typed: &[TermsDocument], known: &References) -> Vec<TermsId> {
    at_most(check, "terms", typed.len(), MAX_TERMS, "terms");
    let mut terms = Vec::new();
    for (at, TermsDocument { name, .. }) in typed.iter().enumerate() {
        match known.terms(name) {
            Some(id) if terms.contains(&id) => {
                check.add_error(&format!("terms.{at}"), "These terms are listed twice. Remove one.");
            }
            Some(id) => terms.push(id),
            None => {
                let why =
                    format!("There are no terms \u{201C}{}\u{201D}. Create them, or give their text.", name.trim());
                check.add_error(&format!("terms.{at}"), why);
            }
        }
    }
    terms
}

fn steps(check: &mut Check, typed: Vec<StepDocument>) -> Vec<Step> {
    at_most(check, "steps", typed.len(), MAX_STEPS, "steps");
    let fields = typed.iter().map(|step| step.fields.len()).sum();
    at_most(check, "steps", fields, MAX_FIELDS, "fields");
    let last = typed.len().saturating_sub(1);
    let mut keys: Vec<AttributeKey> = Vec::new();
    let mut steps = Vec::new();
    for (at, StepDocument { title, fields }) in typed.into_iter().enumerate() {
        let path = format!("steps.{at}");
        let title = optional(check, &format!("{path}.title"), title.as_deref(), StepTitle::parse);
        if fields.is_empty() && at < last {
            check.add_error(
                &format!("{path}.fields"),
                "Only the last step may have no fields. Add one, or remove the step.",
            );
        }
        let mut parsed = Vec::new();
        for (at, typed) in fields.into_iter().enumerate() {
            let path = format!("{path}.fields.{at}");
            let Some(field) = field(check, &path, typed) else { continue };
            if keys.contains(&field.key) {
                check.add_error(&format!("{path}.key"), "Another field has this key. Choose another one.");
            }
            keys.push(field.key.clone());
            parsed.push(field);
        }
        steps.push(Step { title, fields: parsed });
    }
    if steps.is_empty() {
        steps.push(Step::default());
    }
    steps
}

fn field(check: &mut Check, path: &str, typed: FieldDocument) -> Option<Field> {
    let key = check.take(&format!("{path}.key"), AttributeKey::parse(&typed.key));
    let label = typed.label.filter(|label| !label.trim().is_empty());
    let label = label.or_else(|| key.as_ref().map(AttributeKey::title));
    let label = label.and_then(|label| check.take(&format!("{path}.label"), FieldLabel::parse(&label)));
    let help = optional(check, &format!("{path}.help"), typed.help.as_deref(), FieldHelp::parse);
    let kind = typed.kind.as_deref().map_or("text", str::trim);
    let kind = check.take(&format!("{path}.type"), kind.parse::<FieldType>())?;
    let has_choices = matches!(kind, FieldType::Choice | FieldType::Choices);
    let has_bounds = !matches!(kind, FieldType::Choice | FieldType::Checkbox | FieldType::Url);
    for (name, is_wrong, what) in [
        ("choices", !has_choices && !typed.choices.is_empty(), "choices"),
        ("min", !has_bounds && typed.min.is_some(), "a minimum"),
        ("max", !has_bounds && typed.max.is_some(), "a maximum"),
        ("decimals", kind != FieldType::Number && typed.decimals.is_some(), "decimals"),
    ] {
        if is_wrong {
            check
                .add_error(&format!("{path}.{name}"), format!("A field of the type {kind} has not {what}. Remove it."));
        }
    }
    let (min, max) = (typed.min.as_ref(), typed.max.as_ref());
    let bounds = |check: &mut Check, most: usize| {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let bounds = pair(check, path, (min, max), |text| whole(text, 1, most));
        (bounds.0.unwrap_or(1), bounds.1.unwrap_or(most))
    };
    let kind = match kind {
        FieldType::Text => {
            let (min, max) = bounds(check, AttributeValue::MAX);
            FieldKind::Text { min, max }
        }
        FieldType::LongText => {
            let (min, max) = bounds(check, AttributeValue::MAX_ANSWER);
            FieldKind::LongText { min, max }
        }
        FieldType::Choice => FieldKind::Choice(choices(check, path, &typed.choices)),
        FieldType::Choices => {
            let choices = choices(check, path, &typed.choices);
            let (min, max) = bounds(check, choices.len().max(1));
            FieldKind::Choices { choices, min, max }
        }
        FieldType::Checkbox => FieldKind::Checkbox,
        FieldType::Number => {
            let (min, max) = pair(check, path, (min, max), Number::parse);
            let decimals = typed.decimals.map(|Scalar(text)| {
                check.take(
                    &format!("{path}.decimals"),
                    whole(&text, 0, u32::try_from(Number::MAX_DECIMALS).unwrap_or(0)),
                )
            });
            let decimals = decimals.flatten().and_then(|decimals| u8::try_from(decimals).ok()).unwrap_or(0);
            FieldKind::Number { min, max, decimals }
        }
        FieldType::Date => {
            let (min, max) = dates(check, path, (min, max));
            FieldKind::Date { min, max }
        }
        FieldType::Url => FieldKind::Url,
    };
    Some(Field { key: key?, label: label?, help, required: typed.required, kind })
}

/// A whole number of `least` to `most`.
fn whole(text: &str, least: u32, most: u32) -> Result<u32, ParseError> {
    let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| {
        let most = crate::text::thousands(most);
        ParseError(format!("Enter a whole number from {least} to {most}."))
    })
}

type Pair<T> = (Option<T>, Option<T>);

/// The least and the most of a field.
fn pair<T: PartialOrd>(
    check: &mut Check,
    path: &str,
    (min, max): Pair<&Scalar>,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Pair<T> {
    let min = optional(check, &format!("{path}.min"), min.map(|Scalar(text)| text.as_str()), &parse);
    let max = optional(check, &format!("{path}.max"), max.map(|Scalar(text)| text.as_str()), &parse);
    if matches!((&min, &max), (Some(min), Some(max)) if min > max) {
        check.add_error(&format!("{path}.max"), MAX_BELOW_MIN);
    }
    (min, max)
}

const MAX_BELOW_MIN: &str = "The maximum is below the minimum. Exchange them.";

/// The earliest and the latest date. Of two that move differently the order is not known.
fn dates(check: &mut Check, path: &str, bounds: Pair<&Scalar>) -> Pair<DateBound> {
    struct Ordered(DateBound);

    impl PartialEq for Ordered {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }

    impl PartialOrd for Ordered {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            match (self.0, other.0) {
                (DateBound::Day(day), DateBound::Day(other)) => Some(day.cmp(&other)),
                (DateBound::YearsAgo(years), DateBound::YearsAgo(other)) => Some(other.cmp(&years)),
                _ => None,
            }
        }
    }

    let (min, max) = pair(check, path, bounds, |text| DateBound::parse(text).map(Ordered));
    (min.map(|min| min.0), max.map(|max| max.0))
}

fn choices(check: &mut Check, path: &str, typed: &[ChoiceDocument]) -> Vec<Choice> {
    let path = format!("{path}.choices");
    at_most(check, &path, typed.len(), MAX_CHOICES, "choices");
    if typed.is_empty() {
        check.add_error(&path, "Enter the choices.");
    }
    let mut choices: Vec<Choice> = Vec::new();
    for (at, ChoiceDocument { value, label }) in typed.iter().enumerate() {
        let path = format!("{path}.{at}");
        let label = optional(check, &path, label.as_deref(), FieldLabel::parse);
        let Some(value) = check.take(&path, ChoiceValue::parse(value)) else { continue };
        if choices.iter().any(|other| other.value.as_str().eq_ignore_ascii_case(value.as_str())) {
            check.add_error(&path, "This choice is listed twice. Remove one.");
        }
        choices.push(Choice { value, label });
    }
    choices
}

fn rules(check: &mut Check, typed: Vec<RuleDocument>, steps: &[Step], known: &References) -> Vec<Rule> {
    at_most(check, "rules", typed.len(), MAX_RULES, "rules");
    let mut rules = Vec::new();
    let mut groups: Vec<GroupId> = Vec::new();
    for (at, RuleDocument { when, then }) in typed.into_iter().enumerate() {
        let path = format!("rules.{at}");
        let conditions_path = format!("{path}.when");
        at_most(check, &conditions_path, when.0.len(), MAX_CONDITIONS, "conditions");
        if when.0.is_empty() {
            check.add_error(&conditions_path, "Enter a condition.");
        }
        let is_one = when.0.len() == 1;
        let mut conditions = Vec::new();
        for (at, typed) in when.0.into_iter().enumerate() {
            // One that is not in a list has no number in its path.
            let path = if is_one { conditions_path.clone() } else { format!("{conditions_path}.{at}") };
            conditions.extend(condition(check, &path, typed, steps));
        }
        if let Some(outcome) = outcome(check, &format!("{path}.then"), then, known) {
            groups.extend(outcome.groups());
            rules.push(Rule { conditions, outcome });
        }
    }
    groups.sort_unstable();
    groups.dedup();
    at_most(check, "rules", groups.len(), MAX_GROUPS, "groups");
    rules
}

fn condition(check: &mut Check, path: &str, typed: ConditionDocument, steps: &[Step]) -> Option<Condition> {
    let find = |key: &AttributeKey| steps.iter().flat_map(|step| &step.fields).find(|field| field.key == *key);
    let (subject, field) = match (&typed.field, &typed.attribute) {
        (Some(key), None) => {
            let path = format!("{path}.field");
            let key = check.take(&path, AttributeKey::parse(key))?;
            let Some(field) = find(&key) else {
                check.add_error(&path, "The flow has no field with this key.");
                return None;
            };
            (Subject::Field(key), Some(field))
        }
        (None, Some(key)) => {
            let path = format!("{path}.attribute");
            let key = check.take(&path, AttributeKey::parse(key))?;
            if find(&key).is_some() {
                check.add_error(&path, "This is the key of a field. Use field instead of attribute.");
                return None;
            }
            (Subject::Attribute(key), None)
        }
        _ => {
            check.add_error(path, "A condition is about either a field or an attribute.");
            return None;
        }
    };
    let test = match (typed.is, typed.is_not, typed.at_least, typed.at_most, typed.answered) {
        (Some(values), None, None, None, None) => Test::Is(compared(check, &format!("{path}.is"), &values, field)?),
        (None, Some(values), None, None, None) => {
            Test::IsNot(compared(check, &format!("{path}.is_not"), &values, field)?)
        }
        (None, None, Some(text), None, None) => {
            Test::AtLeast(check.take(&format!("{path}.at_least"), bound(&text.0, field))?)
        }
        (None, None, None, Some(text), None) => {
            Test::AtMost(check.take(&format!("{path}.at_most"), bound(&text.0, field))?)
        }
        (None, None, None, None, Some(answered)) => Test::Answered(answered),
        _ => {
            check.add_error(path, "A condition has one of is, is_not, at_least, at_most and answered.");
            return None;
        }
    };
    Some(Condition { subject, test })
}

/// The values that an answer to a field is compared with.
fn compared(check: &mut Check, path: &str, typed: &Scalars, field: Option<&Field>) -> Option<Vec<AttributeValue>> {
    at_most(check, path, typed.0.len(), MAX_VALUES, "values");
    if typed.0.is_empty() {
        check.add_error(path, "Enter a value.");
        return None;
    }
    let values: Vec<_> = typed.0.iter().filter_map(|Scalar(text)| check.take(path, value(text, field))).collect();
    (values.len() == typed.0.len()).then_some(values)
}

fn value(text: &str, field: Option<&Field>) -> Result<AttributeValue, ParseError> {
    match field.map(|field| &field.kind) {
        // What can be answered at all: a rule may name what is answered wrongly only by a typing error.
        Some(FieldKind::Choice(choices) | FieldKind::Choices { choices, .. }) => {
            let is_it = |choice: &&Choice| choice.value.as_str().eq_ignore_ascii_case(text.trim());
            let found = choices.iter().find(is_it).map(|choice| AttributeValue::stored(choice.value.as_str()));
            found.ok_or_else(|| {
                ParseError(format!("\u{201C}{}\u{201D} is none of the choices of the field.", text.trim()))
            })
        }
        Some(FieldKind::Checkbox) => match text.trim() {
            "yes" | "true" => Ok(AttributeValue::stored(super::CHECKED)),
            "no" | "false" => Ok(AttributeValue::stored(super::UNCHECKED)),
            _ => Err(ParseError("Enter yes or no.".to_owned())),
        },
        Some(FieldKind::Number { .. }) => Number::parse(text).map(|number| AttributeValue::stored(number.to_string())),
        Some(FieldKind::Date { .. }) => super::Date::parse(text).map(|date| AttributeValue::stored(date.to_string())),
        Some(FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Url) | None => {
            AttributeValue::parse(text)
        }
    }
}

fn bound(text: &str, field: Option<&Field>) -> Result<Bound, ParseError> {
    let date = || DateBound::parse(text).map(Bound::Date);
    match field.map(|field| &field.kind) {
        Some(FieldKind::Number { .. }) => Number::parse(text).map(Bound::Number),
        Some(FieldKind::Date { .. }) => date(),
        Some(_) => Err(ParseError("Only numbers and dates can be compared like this. Use is.".to_owned())),
        None => Number::parse(text).map(Bound::Number).or_else(|_| date()),
    }
}

fn outcome(check: &mut Check, path: &str, typed: OutcomeDocument, known: &References) -> Option<Outcome> {
    let OutcomeDocument { approval, groups: names, after, refuse } = typed;
    let refuse = refuse.filter(|words| !words.trim().is_empty());
    let after = optional(check, &format!("{path}.after"), after.as_deref(), Destination::parse);
    let mut groups = Vec::new();
    for Scalar(name) in &names.0 {
        match known.group(name) {
            Some(id) if !groups.contains(&id) => groups.push(id),
            Some(_) => {}
            None => {
                let why = format!("There is no group \u{201C}{}\u{201D}. Create it, or choose another.", name.trim());
                check.add_error(&format!("{path}.groups"), why);
            }
        }
    }
    let gives = approval || !names.0.is_empty() || after.is_some();
    match refuse {
        Some(_) if gives => {
            check.add_error(&format!("{path}.refuse"), "A rule that refuses says nothing else. Make it two rules.");
            None
        }
        Some(words) => check.take(&format!("{path}.refuse"), RefusalText::parse(&words)).map(Outcome::Refuse),
        None if gives => Some(Outcome::Give { approval, groups, after }),
        None => {
            check.add_error(path, "Enter what the rule does: approval, groups, after or refuse.");
            None
        }
    }
}
