//! Rules, and what wins.

use serde_json::json;

use super::*;
use crate::invites::Terms;
use crate::text::WelcomeText;
use crate::web::{Destination, HttpsOrigin};

fn answers(flow: &Flow, pairs: &[(&str, &str)]) -> Answers {
    let answer = |(name, text): &(&str, &str)| {
        let answer = flow.field(&key(name)).unwrap().answer(text, NOW).unwrap();
        answer.map(|answer| (key(name), answer))
    };
    pairs.iter().filter_map(answer).collect()
}

fn admitted(flow: &Flow, pairs: &[(&str, &str)], attributes: &[Attribute]) -> Admitted {
    match flow.decide(&answers(flow, pairs), attributes, NOW) {
        Decision::Admitted(admitted) => admitted,
        Decision::Refused(words) => panic!("{words}"),
    }
}

#[test]
fn all_rules_count_and_the_first_place_wins() {
    let flow = workshop();
    let plain = admitted(&flow, &[("plan", "solo")], &[]);
    assert_eq!((plain.approval, plain.groups, plain.after), (false, vec![], Destination::parse("/me").ok()));
    let team = admitted(&flow, &[("plan", "team"), ("materials", "glass,wood")], &[]);
    assert_eq!((team.approval, team.groups), (true, vec![group(1), group(2)]));
    assert_eq!(team.after, Destination::parse("/teams").ok());
    let north = admitted(&flow, &[("materials", "wood")], &[attribute("campus", "NORTH")]);
    assert_eq!(north.groups, []);
    let approved = Flow { approval: true, ..Flow::empty(flow.name.clone()) };
    assert!(admitted(&approved, &[], &[]).approval);
}

#[test]
fn a_refusal_ends_it() {
    let flow = workshop();
    let born = |date| flow.decide(&answers(&flow, &[("plan", "team"), ("born", date)]), &[], NOW);
    assert!(matches!(born("2012-01-01"), Decision::Refused(words) if words.as_str().starts_with("Ask your parents")));
    assert!(matches!(born("2010-12-31"), Decision::Admitted(_)));
    // What a later step asks for is not known yet.
    let early = |step, pairs: &[(&str, &str)]| flow.refusal(step, &answers(&flow, pairs), &[], NOW).is_some();
    assert!(!early(0, &[("born", "2012-01-01")]) && early(1, &[("born", "2012-01-01")]));
    let flow = self::flow(json!({
        "name": "x",
        "steps": [{"fields": [{"key": "a"}]}, {"fields": [{"key": "b"}]}],
        "rules": [{"when": {"field": "b", "is_not": "x"}, "then": {"refuse": "No."}}],
    }));
    assert!(
        flow.refusal(0, &Answers::new(), &[], NOW).is_none() && flow.refusal(1, &Answers::new(), &[], NOW).is_some()
    );
}

#[test]
fn tests_of_each_type() {
    for (field, when, typed, holds) in [
        (json!({"key": "a"}), json!({"is": ["x", "ÄB"]}), "äb", true),
        (json!({"key": "a"}), json!({"is": "x"}), "", false),
        (json!({"key": "a"}), json!({"is_not": "x"}), "", true),
        (json!({"key": "a"}), json!({"is_not": ["x", "y"]}), "y", false),
        (json!({"key": "a"}), json!({"answered": true}), "y", true),
        (json!({"key": "a"}), json!({"answered": false}), "", true),
        (json!({"key": "a", "type": "checkbox"}), json!({"is": true}), "on", true),
        (json!({"key": "a", "type": "checkbox"}), json!({"is": false}), "", true),
        (json!({"key": "a", "type": "checkbox"}), json!({"answered": true}), "", false),
        (json!({"key": "a", "type": "number"}), json!({"is": 5}), "5", true),
        (json!({"key": "a", "type": "number"}), json!({"at_least": 10}), "9", false),
        (json!({"key": "a", "type": "number"}), json!({"at_least": 9}), "10", true),
        (json!({"key": "a", "type": "number"}), json!({"at_most": 9.5}), "9", true),
        (json!({"key": "a", "type": "number"}), json!({"at_most": 9}), "", false),
        (json!({"key": "a", "type": "date"}), json!({"at_most": "18 years ago"}), "2009-01-15", true),
        (json!({"key": "a", "type": "date"}), json!({"at_most": "18 years ago"}), "2009-01-16", false),
        (json!({"key": "a", "type": "date"}), json!({"at_least": "2027-01-01"}), "2026-12-31", false),
        (json!({"key": "a", "type": "choices", "choices": ["x", "y"]}), json!({"is": "y"}), "x,y", true),
        (json!({"key": "a", "type": "choices", "choices": ["x", "y"]}), json!({"is_not": "y"}), "x", true),
    ] {
        let mut condition = when.clone();
        condition["field"] = json!("a");
        let flow = flow(json!({
            "name": "x", "steps": [{"fields": [field.clone()]}],
            "rules": [{"when": condition, "then": {"approval": true}}],
        }));
        assert_eq!(admitted(&flow, &[("a", typed)], &[]).approval, holds, "{field} {when} {typed}");
    }
}

#[test]
fn rules_see_attributes_of_the_invite_that_are_no_fields() {
    let flow = flow(json!({
        "name": "x",
        "rules": [
            {"when": {"attribute": "seats", "at_least": 5}, "then": {"approval": true}},
            {"when": {"attribute": "until", "at_most": "2027-01-01"}, "then": {"groups": ["clay"]}},
        ],
    }));
    assert!(admitted(&flow, &[], &[attribute("seats", "12")]).approval);
    assert!(!admitted(&flow, &[], &[attribute("seats", "many")]).approval);
    assert_eq!(admitted(&flow, &[], &[attribute("until", "2026-05-01")]).groups, [group(1)]);
    assert_eq!(flow.groups(), [group(1)]);
}

#[test]
fn the_stricter_of_flow_and_invite_holds_and_the_invite_leads() {
    let flow = workshop();
    let origins = [HttpsOrigin::parse("https://forum.example.org").unwrap()];
    let of_flow = || admitted(&flow, &[("materials", "clay")], &[]);
    let plain = of_flow().by(&Terms::default(), &origins);
    assert_eq!((plain.approval, plain.after), (false, Destination::parse("/clay").ok()));
    let after = |text: &str| Destination::parse(text).ok();
    let invite = Terms {
        approval: true,
        groups: vec![group(2), group(1)],
        after: after("https://forum.example.org"),
        ..Terms::default()
    };
    let both = of_flow().by(&invite, &origins);
    assert_eq!((both.approval, both.groups), (true, vec![group(1), group(2)]));
    assert_eq!(both.after, after("https://forum.example.org"));
    assert_eq!(of_flow().by(&invite, &[]).after, after("/clay"), "the settings allow it no more");

    assert!(flow.verifies(&Terms::default(), false));
    let plain = Flow::empty(flow.name.clone());
    assert!(!plain.verifies(&Terms::default(), false) && plain.verifies(&Terms::default(), true));
    assert!(plain.verifies(&Terms { verify_email: true, ..Terms::default() }, false));
    let hello = Terms { welcome_text: Some(WelcomeText::stored("Hello")), ..Terms::default() };
    assert_eq!(flow.welcome_text(&hello).map(WelcomeText::as_str), Some("Hello"));
    assert_eq!(flow.welcome_text(&Terms::default()).map(WelcomeText::as_str), Some("Welcome to the workshop."));
    assert!(flow.is_selective() && !plain.is_selective() && Flow { approval: true, ..plain }.is_selective());
    assert!(flow.is_allowed(&[]) && flow.destinations().count() == 3);
}

#[test]
fn groups_that_may_not_be_given_make_it_wait() {
    let flow = workshop();
    let both = admitted(&flow, &[("materials", "clay,wood")], &[]);
    let kept = both.clone().withholding(|_| true);
    assert_eq!((kept.approval, kept.withheld), (false, vec![]));
    let held = both.withholding(|id| id == group(1));
    assert_eq!((held.approval, held.groups, held.withheld), (true, vec![group(1)], vec![group(2)]));
}
