use super::*;

const INVALID_CODE: &str = "This invite code doesn't work.";
const CODE: &str = "7QmX2pVd9KtR";
const PASSWORD: &str = "a bench by the window";

fn form(touched: &[&str]) -> Form {
    let domains = ["example.org", "postbox.example"].map(|domain| EmailDomain::parse(domain).unwrap());
    let rules = Rules { code: CODE.to_owned(), email_domains: domains.into(), invalid_code: INVALID_CODE.to_owned() };
    let mut form = Form::new(rules);
    for field in touched {
        form.touch(field);
    }
    form
}

fn draft(code: &str, email: &str, username: &str, password: &str) -> SignUpDraft {
    SignUpDraft {
        code: code.to_owned(),
        email: email.to_owned(),
        username: username.to_owned(),
        password: password.to_owned(),
        ..SignUpDraft::default()
    }
}

fn good() -> SignUpDraft {
    draft(CODE, "mateo@example.org", "mateo", PASSWORD)
}

fn wrong(field: &str, text: &str) -> Message {
    Message { field: field.to_owned(), text: text.to_owned(), sign_in: false }
}

fn text_of(said: Say) -> Option<String> {
    match said {
        Say::Wrong(message) => Some(message.text),
        Say::Keep | Say::Nothing => None,
    }
}

#[test]
fn what_needs_no_server_is_said_in_the_words_of_the_server() {
    let form = form(&[]);
    for bad in [
        draft(CODE, "nobody", "no spaces", "short"),
        draft(CODE, "", "admin", &"x".repeat(300)),
        SignUpDraft {
            name: "a\u{202E}b".to_owned(),
            attributes: [("team".to_owned(), "x".repeat(501))].into(),
            ..draft("", "a@example.org", "", "")
        },
    ] {
        for error in bad.parse().unwrap_err().fields {
            let said = text_of(form.say(&bad, &error.field, false));
            assert_eq!(said.as_deref(), Some(error.message.as_str()), "{}", error.field);
        }
    }
    for field in ["code", "email", "username", "name", "attributes.team", "password"] {
        assert_eq!(form.say(&good(), field, false), Say::Nothing, "{field}");
    }
}

#[test]
fn a_text_that_is_no_code_gets_the_answer_of_an_unknown_one_and_a_link_is_one() {
    let form = form(&[]);
    let said = |code: &str| text_of(form.say(&draft(code, "", "", ""), "code", false));
    assert_eq!(said("?").as_deref(), Some(INVALID_CODE));
    for code in ["", " ", "7QmX2pVd9KtR", " 7QmX2pVd9KtR ", "https://join.example.org/inv/7QmX2pVd9KtR"] {
        assert_eq!(said(code), None, "{code}");
    }
}

#[test]
fn addresses_of_other_domains_are_refused_as_by_the_server() {
    let form = form(&[]);
    let with = |code: &str, email: &str| text_of(form.say(&draft(code, email, "", ""), "email", false));
    let of = |email: &str| with(CODE, email);
    let why = of("mateo@other.example").unwrap();
    assert_eq!(why, "This invite is for addresses of example.org, postbox.example. Enter one of those.");
    assert_eq!(of("mateo@EXAMPLE.org"), None);
    assert_eq!(with("another-code", "mateo@other.example"), None, "what another invite admits, the page does not know");
    assert_eq!(text_of(Form::default().say(&good(), "email", false)), None, "without domains any may");
}

#[test]
fn the_server_is_asked_of_what_was_typed_and_is_right_in_itself() {
    let mut untouched = form(&["name"]);
    assert_eq!(untouched.question(&good()), None, "nothing that it knows was typed");

    let mut form = form(&["username"]);
    let typed = draft(CODE, "nobody", "mateo", PASSWORD);
    let question = form.question(&typed).unwrap();
    assert_eq!(question, draft(CODE, "", "mateo", ""), "neither the wrong address nor the password");
    assert_eq!(form.question(&typed), None, "it was asked");
    assert_eq!(form.question(&draft(CODE, "nobod", "mateo", PASSWORD)), None, "nothing has changed for it");
    assert_eq!(form.question(&draft(CODE, "nobody", "no spaces", PASSWORD)), None);

    form.touch("password");
    assert_eq!(form.question(&good()).unwrap().password, PASSWORD);
    let short = draft(CODE, "mateo@example.org", "mateo", "short");
    assert_eq!(form.question(&short).unwrap().password, "");
}

#[test]
fn without_a_code_that_can_be_used_the_server_is_not_asked() {
    let mut form = form(&["code", "username"]);
    assert_eq!(form.question(&draft("?", "mateo@example.org", "mateo", "")), None);

    let typed = draft("7QmX2pVd9KtS", "mateo@example.org", "mateo", "");
    let question = form.question(&typed).unwrap();
    form.answer(question, Answer { wrong: vec![wrong("code", INVALID_CODE)], strength: None });
    assert_eq!(text_of(form.say(&typed, "code", false)).as_deref(), Some(INVALID_CODE));
    let other_name = draft("7QmX2pVd9KtS", "mateo@example.org", "mateo.q", "");
    assert_eq!(form.question(&other_name), None, "the code is still wrong");
    assert!(form.question(&draft(CODE, "mateo@example.org", "mateo.q", "")).is_some());
}

#[test]
fn an_answer_counts_while_its_field_and_the_code_stay() {
    let mut form = form(&["username", "password"]);
    let question = form.question(&good()).unwrap();
    let strength = Strength { score: 1, words: "Easy to guess".to_owned() };
    let taken = vec![wrong("username", "Taken."), wrong("password", "Weak.")];
    form.answer(question, Answer { wrong: taken, strength: Some(strength.clone()) });
    assert_eq!(text_of(form.say(&good(), "username", false)).as_deref(), Some("Taken."));
    assert_eq!(form.strength(&good(), false), Some(&strength));

    let other = SignUpDraft { username: "mateo.q".to_owned(), ..good() };
    assert_eq!(form.say(&other, "username", true), Say::Keep, "until the server has answered");
    assert_eq!(form.say(&other, "username", false), Say::Nothing, "it does not answer");
    assert_eq!(text_of(form.say(&other, "password", false)).as_deref(), Some("Weak."), "it is the same");
    let no_spaces = SignUpDraft { username: "no spaces".to_owned(), ..good() };
    assert!(
        text_of(form.say(&no_spaces, "username", true)).unwrap().contains("2 to 32"),
        "what is known is said at once"
    );
    let by_another_code = SignUpDraft { code: "7QmX2pVd9KtS".to_owned(), ..good() };
    assert_eq!(form.say(&by_another_code, "username", false), Say::Nothing);

    let longer = SignUpDraft { password: format!("{PASSWORD}!"), ..good() };
    assert_eq!(form.strength(&longer, true), Some(&strength), "the bar stays until there is another");
    assert_eq!(form.strength(&longer, false), None);
    for password in ["", "short"] {
        assert_eq!(form.strength(&SignUpDraft { password: password.to_owned(), ..good() }, true), None);
    }
}

#[test]
fn once_the_server_refuses_to_answer_it_is_left_alone() {
    let mut form = form(&["username"]);
    form.stop();
    assert_eq!(form.question(&good()), None);
    assert!(text_of(form.say(&draft("", "", "no spaces", ""), "username", false)).is_some());
}
