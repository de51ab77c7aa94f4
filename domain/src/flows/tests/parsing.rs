//! Documents, and what is wrong with them.

use serde_json::{Value, json};

use super::*;

fn wrong(json: &Value) -> Vec<String> {
    let failure = document(json.clone()).parse(&known()).unwrap_err();
    failure.fields.into_iter().map(|error| error.field).collect()
}

#[test]
fn a_document_reads_back() {
    let flow = workshop();
    let document = flow.document(&known());
    assert_eq!(document.terms[0].name, "Code of conduct");
    assert_eq!(document.rules[3].then.groups.0[0].0, "Wood");
    let json = serde_json::to_value(&document).unwrap();
    assert_eq!(
        json["steps"][0]["fields"][0]["choices"],
        json!(["solo", {"value": "team", "label": "A team of several"}])
    );
    assert_eq!(
        json["rules"][1],
        json!({"when": {"field": "plan", "is": "team"}, "then": {"approval": true, "after": "/teams"}})
    );
    assert_eq!(json["steps"][0]["fields"][1]["min"], json!(1));
    assert_eq!(self::document(json).parse(&known()).unwrap(), flow);
    let unnamed = flow.document(&References::default());
    assert_eq!(unnamed.rules[2].then.groups.0[0].0, group(1).to_string());
    assert_eq!(unnamed.parse(&known()).unwrap(), flow);
}

#[test]
fn the_shortest_document_asks_for_nothing() {
    let flow = flow(json!({"name": "Default"}));
    assert_eq!(flow, Flow::empty(flow.name.clone()));
    assert_eq!((flow.steps.len(), flow.last_step(), flow.fields().count()), (1, 0, 0));
}

#[test]
fn unknown_words_are_refused() {
    for bad in [
        json!({"name": "x", "colour": 1}),
        json!({"name": "x", "steps": [{"feilds": []}]}),
        json!({"name": "x", "steps": [{"fields": [{"key": "a", "lable": "A"}]}]}),
        json!({"name": "x", "steps": [{"fields": [{"key": "a", "choices": [{"value": "b", "text": "B"}]}]}]}),
        json!({"name": "x", "terms": [{"name": "b", "content": "B"}]}),
        json!({"name": "x", "rules": [{"when": {"feild": "a"}, "then": {}}]}),
        json!({"name": "x", "rules": [{"when": "a", "then": {}}]}),
        json!({"name": "x", "rules": [{"when": {"field": "a", "is": {}}, "then": {}}]}),
        json!({}),
    ] {
        assert!(serde_json::from_value::<FlowDocument>(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn every_error_has_the_path_of_what_is_wrong() {
    let steps = |fields: Value| json!({"name": "x", "steps": [{"fields": fields}]});
    let many = |count: usize| (0..count).map(|n| json!({"key": format!("k{n}")})).collect::<Vec<_>>();
    let rule = |rule: Value| {
        let fields =
            json!([{"key": "a"}, {"key": "n", "type": "number"}, {"key": "c", "type": "choice", "choices": ["x"]}]);
        json!({"name": "x", "steps": [{"fields": fields}], "rules": [rule]})
    };
    let then = json!({"approval": true});
    for (document, paths) in [
        (
            json!({"name": " ", "version": 2, "after": "x", "welcome_text": "\u{0}"}),
            vec!["version", "name", "welcome_text", "after"],
        ),
        (json!({"name": "x", "terms": ["Code of conduct", "Other"]}), vec!["terms.1"]),
        (json!({"name": "x", "terms": ["Code of conduct", {"name": "code of Conduct"}]}), vec!["terms.1"]),
        (json!({"name": "x", "steps": [{}, {}]}), vec!["steps.0.fields"]),
        (json!({"name": "x", "steps": [{"title": "x".repeat(81)}]}), vec!["steps.0.title"]),
        (json!({"name": "x", "steps": vec![json!({"fields": [{"key": "Wrong"}]}); 11]}), {
            let mut paths = vec!["steps"];
            paths.extend([
                "steps.0.fields.0.key",
                "steps.1.fields.0.key",
                "steps.2.fields.0.key",
                "steps.3.fields.0.key",
                "steps.4.fields.0.key",
                "steps.5.fields.0.key",
                "steps.6.fields.0.key",
                "steps.7.fields.0.key",
                "steps.8.fields.0.key",
                "steps.9.fields.0.key",
                "steps.10.fields.0.key",
            ]);
            paths
        }),
        (steps(json!(many(41))), vec!["steps"]),
        (steps(json!([{"key": "a"}, {"key": "a"}])), vec!["steps.0.fields.1.key"]),
        (
            steps(json!([{"key": "A b", "label": "\u{0}", "help": "x".repeat(301)}])),
            vec!["steps.0.fields.0.key", "steps.0.fields.0.label", "steps.0.fields.0.help"],
        ),
        (steps(json!([{"key": "a", "type": "colour"}])), vec!["steps.0.fields.0.type"]),
        (
            steps(json!([{"key": "a", "choices": ["x"], "decimals": 1}])),
            vec!["steps.0.fields.0.choices", "steps.0.fields.0.decimals"],
        ),
        (
            steps(json!([{"key": "a", "type": "url", "min": 1, "max": 2}])),
            vec!["steps.0.fields.0.min", "steps.0.fields.0.max"],
        ),
        (steps(json!([{"key": "a", "min": 0, "max": 501}])), vec!["steps.0.fields.0.min", "steps.0.fields.0.max"]),
        (steps(json!([{"key": "a", "min": 5, "max": 4}])), vec!["steps.0.fields.0.max"]),
        (steps(json!([{"key": "a", "type": "long_text", "max": 2_001}])), vec!["steps.0.fields.0.max"]),
        (
            steps(json!([{"key": "a", "type": "number", "min": "x", "decimals": 5}])),
            vec!["steps.0.fields.0.min", "steps.0.fields.0.decimals"],
        ),
        (steps(json!([{"key": "a", "type": "number", "min": 10, "max": 9.5}])), vec!["steps.0.fields.0.max"]),
        (
            steps(json!([{"key": "a", "type": "date", "min": "today", "max": "2 years ago"}])),
            vec!["steps.0.fields.0.max"],
        ),
        (steps(json!([{"key": "a", "type": "choice"}])), vec!["steps.0.fields.0.choices"]),
        (
            steps(json!([{"key": "a", "type": "choices", "choices": ["a", "A", "b,c"], "max": 3}])),
            vec!["steps.0.fields.0.choices.1", "steps.0.fields.0.choices.2", "steps.0.fields.0.max"],
        ),
        (
            steps(json!([{"key": "a", "type": "choice", "choices": (0..101).collect::<Vec<_>>()}])),
            vec!["steps.0.fields.0.choices"],
        ),
        (rule(json!({"when": {"field": "b", "is": "x"}, "then": then})), vec!["rules.0.when.field"]),
        (rule(json!({"when": {"attribute": "a", "is": "x"}, "then": then})), vec!["rules.0.when.attribute"]),
        (rule(json!({"when": {"is": "x"}, "then": then})), vec!["rules.0.when"]),
        (rule(json!({"when": {"field": "a", "attribute": "b", "is": "x"}, "then": then})), vec!["rules.0.when"]),
        (rule(json!({"when": {"field": "a"}, "then": then})), vec!["rules.0.when"]),
        (rule(json!({"when": {"field": "a", "is": "x", "is_not": "y"}, "then": then})), vec!["rules.0.when"]),
        (rule(json!({"when": [], "then": then})), vec!["rules.0.when"]),
        (rule(json!({"when": vec![json!({"field": "a", "is": "x"}); 6], "then": then})), vec!["rules.0.when"]),
        (
            rule(json!({"when": [{"field": "a", "is": "x"}, {"field": "c", "is": "y"}], "then": then})),
            vec!["rules.0.when.1.is"],
        ),
        (rule(json!({"when": {"field": "a", "is": []}, "then": then})), vec!["rules.0.when.is"]),
        (rule(json!({"when": {"field": "a", "at_least": 1}, "then": then})), vec!["rules.0.when.at_least"]),
        (rule(json!({"when": {"field": "n", "at_most": "today"}, "then": then})), vec!["rules.0.when.at_most"]),
        (rule(json!({"when": {"field": "a", "is": "x"}, "then": {}})), vec!["rules.0.then"]),
        (rule(json!({"when": {"field": "a", "is": "x"}, "then": {"groups": "Stone"}})), vec!["rules.0.then.groups"]),
        (
            rule(json!({"when": {"field": "a", "is": "x"}, "then": {"refuse": "No.", "approval": true}})),
            vec!["rules.0.then.refuse"],
        ),
        (
            rule(json!({"when": {"field": "a", "is": "x"}, "then": {"after": "nowhere"}})),
            vec!["rules.0.then.after", "rules.0.then"],
        ),
    ] {
        assert_eq!(wrong(&document), paths, "{document}");
    }
}

#[test]
fn terms_that_are_not_known_are_created_from_their_text() {
    let document = document(json!({"name": "x", "terms": [
        {"name": "Code of conduct", "text": "Other"}, {"name": "Privacy", "text": "We keep little."}, "Nothing",
    ]}));
    let new = document.new_terms(&known()).unwrap();
    assert_eq!(new.len(), 1, "what exists stays as it is");
    assert_eq!((new[0].name.as_str(), new[0].version.text.as_str()), ("Privacy", "We keep little."));
    let bad = self::document(json!({"name": "x", "terms": [{"name": "", "text": ""}]}));
    assert_eq!(fields_of(&bad.new_terms(&known()).unwrap_err()), ["terms.0.name", "terms.0.text"]);
}

#[test]
fn scalars_are_written_as_people_write_them() {
    for (text, json) in [
        ("12", json!(12)),
        ("-3", json!(-3)),
        ("1.5", json!(1.5)),
        ("007", json!("007")),
        ("1.50", json!("1.50")),
        ("1e3", json!("1e3")),
        ("NaN", json!("NaN")),
        ("-0", json!("-0")),
        ("yes", json!("yes")),
        ("", json!("")),
    ] {
        let scalar = Scalar(text.to_owned());
        assert_eq!(serde_json::to_value(&scalar).unwrap(), json);
        assert_eq!(serde_json::from_value::<Scalar>(json).unwrap(), scalar);
    }
    assert_eq!(serde_json::from_value::<Scalar>(json!(true)).unwrap(), Scalar("true".to_owned()));
}

#[test]
fn a_draft_says_which_version_was_edited() {
    let draft: FlowDraft = serde_json::from_value(json!({"flow": {"name": "x"}, "edited_version": 3})).unwrap();
    let change = draft.parse(&known()).unwrap();
    assert_eq!((change.flow.name.as_str(), change.edited_version, change.start_again), ("x", Some(3), false));
    assert_eq!(fields_of(&FlowDraft::default().parse(&known()).unwrap_err()), ["name"]);
}
