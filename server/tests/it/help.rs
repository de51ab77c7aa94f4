//! The help on the sign-up page: the script of the page, and what it asks while one types.

use domain::settings::RegistrationMode;
use serde_json::{Value, json};

use crate::harness::app::Setup;
use crate::harness::people::sign_up;
use crate::harness::{Answer, Kind, PASSWORD, TestApp, on_both_databases};

/// Asks what is wrong with a form, as the help does.
async fn ask(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    app.post("/signup/check").form(fields).send().await
}

/// The wrong fields of an answer, in their order.
fn wrong(answer: &Value) -> Vec<&str> {
    answer["wrong"].as_array().unwrap().iter().map(|wrong| wrong["field"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_check_says_what_is_wrong_in_the_words_of_the_page_and_writes_nothing(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 2 })).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        let code = invite["code"].as_str().unwrap();
        let audited = app.database.rows("audit_log").await;

        let typed = [("code", code), ("email", "mateo@example.org"), ("username", "mateo"), ("password", "password123")];
        let answer = ask(app, &typed).await.expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(!answer.text().contains("password123"));
        let told = answer.json();
        assert_eq!(wrong(&told), ["email", "username", "password"]);
        assert_eq!(told["wrong"][0]["sign_in"], true, "{told}");
        assert_eq!(told["strength"]["score"], 0, "{told}");
        assert_eq!(told["strength"]["words"], "Very easy to guess");

        // The page that is shown for the same form says the same.
        let page = app.post("/signup").form(&typed).send().await.expect(422).text();
        for wrong in told["wrong"].as_array().unwrap() {
            assert!(page.contains(wrong["message"].as_str().unwrap()), "{wrong}");
        }

        // A pasted link is a code.
        let link = format!("https://join.example.org/inv/{code}");
        let fine = [("code", link.as_str()), ("email", "lena@example.org"), ("username", "lena"), ("password", PASSWORD)];
        let told = ask(app, &fine).await.expect(200).json();
        assert_eq!(wrong(&told), [""; 0], "{told}");
        assert_eq!(told["strength"]["words"], "Very hard to guess");

        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (1, 2));
        assert_eq!(app.database.rows("audit_log").await, audited);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_code_a_check_does_not_say_who_has_an_account() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let own = app.invite(&key, &json!({ "code": "summer-2099" })).await;
    let pause = format!("/api/v1/admin/invites/{}/pause", own["id"].as_str().unwrap());
    app.post(&pause).bearer(&key).send().await.expect(200);
    let mut answers = Vec::new();
    for code in ["0000000000AB", "summer-2099", "?"] {
        for username in ["ines", "nobody"] {
            let email = format!("{username}@example.org");
            let typed = [("code", code), ("email", &email), ("username", username), ("password", "password123")];
            answers.push(ask(&app, &typed).await.expect(200).json());
        }
    }
    assert_eq!(wrong(&answers[0]), ["code"]);
    assert!(answers[0]["strength"].is_null());
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_sign_up_nothing_is_checked() {
    let setup = Setup { registration_mode: Some(RegistrationMode::Closed), ..Setup::default() };
    let app = TestApp::start_as(Kind::Sqlite, setup).await;
    app.owner_key().await;
    let refused = ask(&app, &[("username", "ines"), ("password", PASSWORD)]).await.expect(403);
    assert_eq!(refused.json()["code"], "registration_closed");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_has_anything_checked() {
    let app = TestApp::sqlite().await;
    app.owner_key().await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let forged =
            app.post("/signup/check").form(&[("username", "ines")]).without("origin").without("sec-fetch-site");
        let refused = forged.header(name, value).send().await.expect(403);
        assert_eq!(refused.json()["code"], "cross_origin", "{name}: {value}");
    }
    app.get("/signup/check").send().await.expect(405);
    let json = app.post("/signup/check").json(&json!({ "username": "ines" })).send().await;
    json.expect(415);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_by_checks_is_limited_and_sign_ups_go_on() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let mut answered = 0;
    let refused = loop {
        let answer = ask(&app, &[("code", "0000000000AB"), ("username", "mateo")]).await;
        if answer.status.as_u16() != 200 {
            break answer;
        }
        answered += 1;
        assert!(answered <= 100, "guessing is not limited");
    };
    assert_eq!(refused.status.as_u16(), 429);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.json()["code"], "rate_limited");
    assert_eq!(answered, 50);
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_alone_runs_one_script_which_its_policy_names() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let code = invite["code"].as_str().unwrap();
    let shown = app.get(&format!("/signup?inv={code}")).send().await.expect(200);
    let refused = app.post("/signup").form(&[("code", code), ("username", "no spaces")]).send().await.expect(422);
    let mut nonces = Vec::new();
    for answer in [shown, refused] {
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        let script_src = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
        let nonce = script_src.split_once("'nonce-").unwrap().1.split('\'').next().unwrap().to_owned();
        assert_eq!(script_src, format!("script-src 'nonce-{nonce}' 'wasm-unsafe-eval'"));
        let page = answer.text();
        let scripts: Vec<_> = page.split("<script").skip(1).collect();
        assert_eq!(scripts.len(), 1, "{page}");
        let (tag, rest) = scripts[0].split_once('>').unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")) && tag.contains("type=\"module\""), "{tag}");
        assert!(tag.contains("src=\"/pkg/") && tag.contains("/help.js\""), "{tag}");
        assert!(rest.starts_with("</script>"), "{rest:.40}");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    // Pages without the form have none.
    let unknown = app.get("/signup?inv=0000000000AB").send().await.expect(404);
    assert!(!unknown.header("content-security-policy").unwrap().contains("script-src"));
    assert!(!unknown.text().contains("<script"));
    app.close().await;
}
