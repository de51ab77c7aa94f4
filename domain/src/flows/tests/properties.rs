//! Property tests: a flow and its document are the same, and no input causes a panic.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::text::{FieldHelp, FieldLabel, FlowName, RefusalText, StepTitle, WelcomeText};
use crate::web::Destination;

/// A line that a parser leaves as it is.
fn line() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-zé0-9][A-Za-zé0-9 .!-]{0,15}[A-Za-zé0-9.!]", "(yes|no|true|null|12|1\\.5|007|1e3|0x10|~|today)"]
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    vec((line(), option::of(line())), 1..6).prop_map(|typed| {
        let choice = |(n, (value, label)): (usize, (String, Option<String>))| Choice {
            value: ChoiceValue::parse(&if n == 0 { value } else { format!("{value}{n}") }).unwrap(),
            label: label.map(|label| FieldLabel::parse(&label).unwrap()),
        };
        let mut choices: Vec<_> = typed.into_iter().enumerate().map(choice).collect();
        let mut seen = Vec::new();
        choices.retain(|choice| {
            let value = choice.value.as_str().to_ascii_lowercase();
            let is_new = !seen.contains(&value);
            seen.push(value);
            is_new
        });
        choices
    })
}

fn number() -> impl Strategy<Value = Number> {
    "-?[0-9]{1,11}(\\.[0-9]{1,4})?".prop_map(|text| Number::parse(&text).unwrap())
}

fn date_bound() -> impl Strategy<Value = DateBound> {
    prop_oneof![
        (0..=DateBound::MAX_YEARS).prop_map(DateBound::YearsAgo),
        (1_000..=9_999, 1..=12, 1..=28)
            .prop_map(|(y, m, d)| DateBound::parse(&format!("{y:04}-{m:02}-{d:02}")).unwrap()),
    ]
}

fn kind() -> impl Strategy<Value = FieldKind> {
    prop_oneof![
        (1..=250_u32, 250..=500_u32).prop_map(|(min, max)| FieldKind::Text { min, max }),
        (1..=250_u32, 250..=2_000_u32).prop_map(|(min, max)| FieldKind::LongText { min, max }),
        choices().prop_map(FieldKind::Choice),
        (choices(), any::<bool>()).prop_map(|(choices, all)| {
            let max = u32::try_from(choices.len()).unwrap();
            FieldKind::Choices { choices, min: if all { max } else { 1 }, max }
        }),
        Just(FieldKind::Checkbox),
        (option::of(number()), option::of(number()), 0..=4_u8).prop_map(|(one, other, decimals)| {
            let (min, max) = if one <= other || other.is_none() { (one, other) } else { (other, one) };
            FieldKind::Number { min, max, decimals }
        }),
        option::of(date_bound()).prop_map(|min| FieldKind::Date { min, max: None }),
        option::of(date_bound()).prop_map(|max| FieldKind::Date { min: None, max }),
        Just(FieldKind::Url),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let field = (line(), option::of(line()), any::<bool>(), kind());
    let step = (option::of(line()), vec(field, 1..4));
    (vec(step, 1..5), any::<bool>()).prop_map(|(steps, is_last_empty)| {
        let mut keys = 0..;
        let mut steps: Vec<_> = steps
            .into_iter()
            .map(|(title, fields)| Step {
                title: title.map(|title| StepTitle::parse(&title).unwrap()),
                fields: fields
                    .into_iter()
                    .map(|(label, help, required, kind)| Field {
                        key: key(&format!("k{}", keys.next().unwrap())),
                        label: FieldLabel::parse(&label).unwrap(),
                        help: help.map(|help| FieldHelp::parse(&help).unwrap()),
                        required,
                        kind,
                    })
                    .collect(),
            })
            .collect();
        if is_last_empty {
            steps.push(Step::default());
        }
        steps
    })
}

/// A condition that suits a field, or an attribute.
fn condition(steps: &[Step], (at, how, answered): (prop::sample::Index, u8, bool), line: &str) -> Condition {
    let fields: Vec<_> = steps.iter().flat_map(|step| &step.fields).collect();
    let field = at.get(&fields);
    let of_number = Bound::Number(Number::parse("-2.5").unwrap());
    let of_date = Bound::Date(DateBound::YearsAgo(18));
    let text = AttributeValue::parse(line).unwrap();
    let (subject, value, bound) = if how >= 6 {
        (Subject::Attribute(key("other")), text, Some(of_number))
    } else {
        let (value, bound) = match &field.kind {
            FieldKind::Choice(choices) | FieldKind::Choices { choices, .. } => {
                (choices[0].value.as_str().to_owned(), None)
            }
            FieldKind::Checkbox => (CHECKED.to_owned(), None),
            FieldKind::Number { .. } => ("12".to_owned(), Some(of_number)),
            FieldKind::Date { .. } => ("2027-01-01".to_owned(), Some(of_date)),
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Url => (text.to_string(), None),
        };
        (Subject::Field(field.key.clone()), AttributeValue::stored(value), bound)
    };
    let tested = match (how % 6, bound) {
        (0 | 1, _) => Test::Is(vec![value]),
        (2, _) => Test::IsNot(vec![value]),
        (3, Some(bound)) => Test::AtLeast(bound),
        (4, Some(bound)) => Test::AtMost(bound),
        _ => Test::Answered(answered),
    };
    Condition { subject, test: tested }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        line().prop_map(|words| Outcome::Refuse(RefusalText::parse(&words).unwrap())),
        (any::<bool>(), prop::sample::subsequence(vec![group(1), group(2)], 0..=2), any::<bool>()).prop_map(
            |(approval, groups, leads)| {
                let approval = approval || (groups.is_empty() && !leads);
                Outcome::Give { approval, groups, after: leads.then(|| Destination::parse("/me").unwrap()) }
            }
        ),
    ]
}

fn flows() -> impl Strategy<Value = Flow> {
    let condition_seed = ((any::<prop::sample::Index>(), 0..12_u8, any::<bool>()), line());
    let rules = vec((vec(condition_seed, 1..=5), outcome()), 0..6);
    let texts = (line(), option::of(line()), any::<bool>(), any::<bool>(), any::<bool>());
    (texts, steps(), rules).prop_map(|((name, welcome, verify_email, approval, with_terms), steps, rules)| {
        let rules = rules.into_iter().map(|(conditions, outcome)| {
            let condition = |(seed, text): ((prop::sample::Index, u8, bool), String)| condition(&steps, seed, &text);
            Rule { conditions: conditions.into_iter().map(condition).collect(), outcome }
        });
        Flow {
            name: FlowName::parse(&name).unwrap(),
            verify_email,
            approval,
            welcome_text: welcome.map(|text| WelcomeText::parse(&text).unwrap()),
            after: with_terms.then(|| Destination::parse("https://example.org/start").unwrap()),
            terms: if with_terms { vec![terms(1)] } else { Vec::new() },
            rules: rules.collect(),
            steps,
        }
    })
}

proptest! {
    #[test]
    fn a_flow_is_its_document(flow in flows()) {
        for references in [known(), References::default()] {
            let document = flow.document(&references);
            let json = serde_json::to_string(&document).unwrap();
            prop_assert_eq!(&serde_json::from_str::<FlowDocument>(&json).unwrap(), &document);
            prop_assert_eq!(document.parse(&known()), Ok(flow.clone()));
        }
        let stored = serde_json::to_string(&flow).unwrap();
        prop_assert_eq!(serde_json::from_str::<Flow>(&stored).unwrap(), flow);
    }

    #[test]
    fn whatever_is_typed_an_answer_fits_and_is_decided(
        flow in flows(), texts in vec(prop_oneof![line(), ".{0,40}".prop_map(String::from), "[0-9-]{1,10}"], 1..20),
        locked in any::<bool>(), value in line(),
    ) {
        let typed: Typed = flow.fields().map(|field| field.key.clone()).zip(texts.iter().cloned().cycle()).collect();
        let attributes = [given("k0", &value, locked), given("other", &value, true)];
        for step in 0..=flow.steps.len() {
            for field in flow.form(step, &typed, &attributes, NOW) {
                prop_assert!(field.locked == (locked && field.field.key.as_str() == "k0"));
            }
            if let Err(failure) = flow.answer_step(step, &typed, &attributes, NOW) {
                prop_assert_eq!(flow.first_wrong_step(&failure), Some(step));
            }
        }
        let mut answers = Answers::new();
        for field in flow.fields() {
            if let Ok(Some(answer)) = field.answer(typed[&field.key].as_str(), NOW) {
                prop_assert!(AttributeValue::answer(answer.as_str()).as_ref() == Ok(&answer), "an account can have it");
                prop_assert_eq!(field.answer(answer.as_str(), NOW), Ok(Some(answer.clone())));
                answers.insert(field.key.clone(), answer);
            }
        }
        let given = [attribute("other", &value)];
        let last = flow.refusal(flow.last_step(), &answers, &given, NOW);
        match flow.decide(&answers, &given, NOW) {
            Decision::Refused(words) => prop_assert_eq!(last, Some(&words)),
            Decision::Admitted(admitted) => {
                prop_assert!(last.is_none() && admitted.groups.iter().all(|group| flow.groups().contains(group)));
                prop_assert!(admitted.approval || !flow.approval);
            }
        }
    }

    #[test]
    fn no_document_makes_the_parser_panic(
        texts in vec(prop_oneof![".{0,60}".prop_map(String::from), line(), Just("k0".to_owned()), Just("number".to_owned())], 8),
        answered in option::of(any::<bool>()), refuses in any::<bool>(),
    ) {
        let text = |at: usize| texts[at].clone();
        let scalar = |at: usize| Some(Scalar(text(at)));
        let field = FieldDocument {
            key: text(0), label: Some(text(1)), help: Some(text(2)), kind: Some(text(3)), required: true,
            min: scalar(4), max: scalar(5), decimals: scalar(6),
            choices: vec![ChoiceDocument { value: text(4), label: Some(text(7)) }],
        };
        let condition = ConditionDocument {
            field: Some(text(0)), is: answered.is_none().then(|| Scalars(vec![Scalar(text(4))])), answered,
            ..ConditionDocument::default()
        };
        let then = OutcomeDocument {
            groups: Scalars(vec![Scalar(text(6))]), after: Some(text(7)), refuse: refuses.then(|| text(1)), approval: !refuses,
        };
        let document = FlowDocument {
            name: text(2), welcome_text: Some(text(3)), after: Some(text(5)),
            terms: vec![TermsDocument { name: text(6), text: Some(text(7)) }],
            steps: vec![StepDocument { title: Some(text(1)), fields: vec![field] }],
            rules: vec![RuleDocument { when: Conditions(vec![condition]), then }],
            ..FlowDocument::default()
        };
        let _ = document.new_terms(&known());
        match document.parse(&known()) {
            Ok(flow) => prop_assert_eq!(flow.document(&known()).parse(&known()), Ok(flow)),
            Err(failure) => prop_assert!(failure.fields.iter().all(|error| !error.message.is_empty())),
        }
    }
}
