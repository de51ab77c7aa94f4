//! Answers, what invites fill in, and the steps.

use serde_json::json;

use super::*;
use crate::accounts::Email;
use crate::failure::Code;
use crate::invites::Terms;

fn email() -> Email {
    Email::parse("ada@example.org").unwrap()
}

#[test]
fn each_type_takes_its_answers() {
    let two = json!(["red", {"value": "blue", "label": "Sky, by day"}, "yes"]);
    for (field_json, typed, answer) in [
        (json!({"key": "a"}), " Ada ", Ok(Some("Ada"))),
        (json!({"key": "a"}), " ", Ok(None)),
        (json!({"key": "a", "required": true}), "", Err("Enter an answer.")),
        (json!({"key": "a"}), "a\nb", Err("Invisible and control characters can't be used here.")),
        (json!({"key": "a", "min": 3}), "ab", Err("At least 3 characters; these are 2.")),
        (json!({"key": "a", "max": 3}), "äbcd", Err("At most 3 characters; these are 4.")),
        (json!({"key": "a", "type": "long_text"}), " a\r\nb ", Ok(Some("a\nb"))),
        (json!({"key": "a", "type": "long_text", "max": 2}), "a\nb", Err("At most 2 characters; these are 3.")),
        (json!({"key": "a", "type": "choice", "choices": two}), " RED", Ok(Some("red"))),
        (json!({"key": "a", "type": "choice", "choices": two}), "\nblue", Ok(Some("blue"))),
        (json!({"key": "a", "type": "choice", "choices": two}), "green", Err("Choose one of these.")),
        (json!({"key": "a", "type": "choice", "choices": two, "required": true}), "", Err("Choose one of these.")),
        (json!({"key": "a", "type": "choices", "choices": two}), "\nblue\nred\nBlue", Ok(Some("red, blue"))),
        (json!({"key": "a", "type": "choices", "choices": two}), "blue, red", Ok(Some("red, blue"))),
        (json!({"key": "a", "type": "choices", "choices": two}), "", Ok(None)),
        (json!({"key": "a", "type": "choices", "choices": two}), ",", Err("Choose at least 1 of these.")),
        (json!({"key": "a", "type": "choices", "choices": two, "min": 2}), "red", Err("Choose at least 2 of these.")),
        (
            json!({"key": "a", "type": "choices", "choices": two, "max": 1}),
            "red,blue",
            Err("Choose at most 1 of these."),
        ),
        (json!({"key": "a", "type": "checkbox"}), "\nyes", Ok(Some("yes"))),
        (json!({"key": "a", "type": "checkbox"}), "on", Ok(Some("yes"))),
        (json!({"key": "a", "type": "checkbox"}), "", Ok(Some("no"))),
        (json!({"key": "a", "type": "checkbox", "required": true}), "no", Err("Check this box to sign up.")),
        (json!({"key": "a", "type": "checkbox"}), "maybe", Err("Answer yes or no.")),
        (json!({"key": "a", "type": "number"}), "007", Ok(Some("7"))),
        (json!({"key": "a", "type": "number"}), "1.5", Err("Enter a whole number.")),
        (json!({"key": "a", "type": "number", "decimals": 2}), "1.50", Ok(Some("1.5"))),
        (json!({"key": "a", "type": "number", "decimals": 2}), "1.505", Err("Enter at most 2 digits after the point.")),
        (json!({"key": "a", "type": "number", "min": 1, "max": 2.5}), "3", Err("Enter a number from 1 to 2.5.")),
        (json!({"key": "a", "type": "number", "min": 1}), "-1", Err("Enter a number of at least 1.")),
        (json!({"key": "a", "type": "number", "max": 1}), "2", Err("Enter a number of at most 1.")),
        (json!({"key": "a", "type": "date"}), "2027-02-28", Ok(Some("2027-02-28"))),
        (json!({"key": "a", "type": "date"}), "28.02.2027", Err("Enter a date like 2027-03-31.")),
        (json!({"key": "a", "type": "date", "max": "today"}), "2028-01-01", Err("Enter a date on or before today.")),
        (
            json!({"key": "a", "type": "date", "max": "18 years ago"}),
            "2020-01-01",
            Err("Enter a date on or before 2009-01-15."),
        ),
        (
            json!({"key": "a", "type": "date", "min": "2027-01-01"}),
            "2026-12-31",
            Err("Enter a date on or after 2027-01-01."),
        ),
        (json!({"key": "a", "type": "url"}), "https://example.org/a", Ok(Some("https://example.org/a"))),
        (
            json!({"key": "a", "type": "url"}),
            "javascript:alert(1)",
            Err("Enter an address that begins with https:// or http://, such as https://chat.example.org."),
        ),
    ] {
        let field = field(&field_json);
        let answered = field.answer(typed, NOW);
        let found = answered.as_ref().map(|answer| answer.as_ref().map(AttributeValue::as_str));
        assert_eq!(found.map_err(|error| error.0.as_str()), answer, "{field_json} {typed:?}");
        if let Ok(Some(answer)) = answered {
            assert_eq!(field.answer(answer.as_str(), NOW), Ok(Some(answer)), "an answer answers again");
        }
    }
}

#[test]
fn choices_are_shown_by_their_labels() {
    let colours = json!({"key": "a", "type": "choices", "choices": ["red", {"value": "blue", "label": "Sky, by day"}]});
    let shown = |text: &str| field(&colours).shown(&AttributeValue::stored(text));
    assert_eq!(shown("red, blue"), "red, Sky, by day");
    assert_eq!(shown("red, green"), "red, green", "one that is no choice any more");
    let flow = workshop();
    assert_eq!(flow.labelled(&attribute("plan", "team")), ("Plan".to_owned(), "A team of several".to_owned()));
    assert_eq!(flow.labelled(&attribute("old_key", "x")), ("Old key".to_owned(), "x".to_owned()));
}

#[test]
fn an_invite_fills_in_and_fixes() {
    let flow = workshop();
    let attributes = [given("plan", "Team", true), given("size", "12", false), given("campus", "North", true)];
    let form = flow.form(0, &Typed::new(), &attributes, NOW);
    let shown: Vec<_> = form.iter().map(|field| (field.name(), field.value.as_str(), field.locked)).collect();
    assert_eq!(shown, [("attributes.plan".to_owned(), "team", true), ("attributes.size".to_owned(), "12", false)]);
    let form = flow.form(0, &typed(&[("plan", "solo"), ("size", "x")]), &attributes, NOW);
    assert_eq!(form[0].value, "team", "what is fixed");
    assert_eq!(form[1].value, "x", "as typed, right or wrong");
    assert_eq!(flow.form(3, &Typed::new(), &attributes, NOW), []);

    let answer = |pairs| flow.answer_step(0, &typed(pairs), &attributes, NOW);
    let answers = answer(&[]).unwrap();
    assert_eq!((answers[&key("plan")].as_str(), answers[&key("size")].as_str()), ("team", "12"));
    assert!(answer(&[("plan", "TEAM")]).is_ok());
    assert_eq!(
        fields_of(&answer(&[("plan", "solo"), ("size", "99")]).unwrap_err()),
        ["attributes.plan", "attributes.size"]
    );
    assert!(!answer(&[("size", "")]).unwrap().contains_key(&key("size")), "emptied");
    let odd = [given("plan", "gold", true)];
    let answers = flow.answer_step(0, &Typed::new(), &odd, NOW).unwrap();
    assert_eq!(answers[&key("plan")].as_str(), "gold", "staff want it, whatever the flow says by now");
    let why = flow.check_attributes(&odd, NOW).unwrap_err();
    assert!(why.field_error("attributes").unwrap().starts_with("Attribute “plan”: Choose one of these."));
    assert!(flow.check_attributes(&attributes, NOW).is_ok());
}

#[test]
fn answers_become_attributes_together_with_those_of_the_invite() {
    let flow = workshop();
    let attributes = vec![given("campus", "North", true), given("desk", "7", false), given("plan", "solo", true)];
    let invite = Terms { attributes, ..Terms::default() };
    let answered = |pairs| flow.answered(&typed(pairs), &invite, &email(), NOW);
    let Answered { answers, attributes } = answered(&[("materials", "wood"), ("desk", "")]).unwrap();
    assert_eq!(answers.keys().map(AttributeKey::as_str).collect::<Vec<_>>(), ["materials", "news", "plan"]);
    let all = [
        attribute("campus", "North"),
        attribute("materials", "wood"),
        attribute("news", "no"),
        attribute("plan", "solo"),
    ];
    assert_eq!(attributes, all, "by key");
    let failure = answered(&[("campus", "South"), ("other", "x"), ("size", "x"), ("desk", "a\nb")]).unwrap_err();
    assert_eq!(fields_of(&failure), ["attributes.size", "attributes.other", "attributes.campus", "attributes.desk"]);
    assert_eq!(flow.first_wrong_step(&failure), Some(0));
    assert_eq!(flow.first_wrong_step(&Failure::email_taken()), None);
    let locked = Terms { email: Some(Email::parse("other@example.org").unwrap()), ..invite.clone() };
    assert_eq!(fields_of(&flow.answered(&Typed::new(), &locked, &email(), NOW).unwrap_err()), ["email"]);
}

#[test]
fn steps_keep_what_was_typed() {
    let flow = workshop();
    let id = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2c01".parse().unwrap();
    let state = SignUpState::open("HELLO-WORLD".to_owned(), id, 3, NOW);
    let next = |state: SignUpState, pairs: &[(&str, &str)]| state.with(&flow, typed(pairs))?.next(&flow, &[], NOW);
    assert_eq!(fields_of(&next(state.clone(), &[("size", "99")]).unwrap_err()), ["attributes.plan", "attributes.size"]);
    let state = next(state, &[("plan", "solo"), ("news", "yes")]).unwrap();
    assert_eq!((state.step, state.typed.len()), (1, 1), "only what the step asks for");
    // Back, with something that does not fit, and forth again.
    let back = state.clone().with(&flow, typed(&[("born", "soon")])).unwrap().back();
    assert_eq!((back.step, back.typed[&key("born")].as_str()), (0, "soon"));
    assert_eq!(next(back.clone().back(), &[]).unwrap().step, 1);
    assert_eq!(fields_of(&next(state.clone(), &[("born", "soon")]).unwrap_err()), ["attributes.born"]);
    let young = next(state.clone(), &[("born", "2020-01-01")]).unwrap_err();
    assert_eq!((young.code, young.message.as_str()), (Code::SignUpRefused, "Ask your parents to sign up."));
    let last = next(state, &[("born", "2000-01-01")]).unwrap();
    let last = next(last, &[("desk", "7"), ("plan", "team")]).unwrap();
    assert_eq!(last.step, 2, "the last");
    assert_eq!(last.typed[&key("plan")], "solo", "an earlier step is changed by going back");
    assert_eq!(last.typed[&key("desk")], "7", "an attribute of the invite, which the last step shows");
    let json = serde_json::to_string(&last).unwrap();
    assert_eq!(serde_json::from_str::<SignUpState>(&json).unwrap(), last);
    assert_eq!(format!("{last:?}"), "SignUpState(…)");
}

#[test]
fn a_state_is_bounded_and_expires() {
    let flow = workshop();
    let id = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2c01".parse().unwrap();
    let state = SignUpState::open(String::new(), id, 1, NOW);
    assert!(!state.has_expired(NOW) && state.has_expired(NOW.plus(STEPS_LAST)));
    let long = |bytes| state.clone().with(&flow, typed(&[("plan", &"x".repeat(bytes))]));
    assert!(long(MAX_TYPED_BYTES - 4).is_ok());
    assert_eq!(long(MAX_TYPED_BYTES - 3).unwrap_err().code, Code::Invalid);
}

#[test]
fn what_a_sign_up_has_sent_is_parsed_by_the_flow() {
    let sent = [(key("plan"), Some(AttributeValue::stored("solo"))), (key("size"), None)].into();
    assert_eq!(Answered::typed(&sent), typed(&[("plan", "solo"), ("size", "")]));
}
