//! The sign-up page of a flow: its steps, and what it carries from one to the next.

use domain::accounts::Role;
use domain::flows::{SignUpState, Typed};
use serde_json::{Value, json};

use crate::harness::app::Setup;
use crate::harness::form::Form;
use crate::harness::{Kind, PASSWORD, TestApp, on_both_databases};

fn three_steps() -> Value {
    json!({
        "name": "Workshop",
        "welcome_text": "Bring an apron.",
        "steps": [
            { "title": "About you", "fields": [
                { "key": "plan", "label": "Plan", "type": "choice", "required": true, "choices": ["solo", { "value": "team", "label": "With others" }] },
                { "key": "days", "label": "Days", "type": "choices", "choices": ["Mon", "Tue", "Wed"], "max": 2 },
                { "key": "about", "label": "About", "type": "long_text", "max": 200 }
            ] },
            { "title": "Your things", "fields": [
                { "key": "size", "label": "Size", "type": "number", "min": 1, "max": 60 },
                { "key": "country", "label": "Country", "type": "choice", "choices": ["PT", "ES", "FR", "DE", "IT", "NO"] },
                { "key": "news", "label": "Send news", "type": "checkbox" }
            ] },
            { "title": "Account", "fields": [{ "key": "site", "label": "Page", "type": "url" }] }
        ],
        "rules": [{ "when": { "field": "plan", "is": "team" }, "then": { "refuse": "Teams write to us first." } }]
    })
}

async fn flow(app: &TestApp, key: &str, flow: &Value) -> String {
    let draft = json!({ "flow": flow });
    let made = app.post("/api/v1/admin/flows").bearer(key).json(&draft).send().await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn save(app: &TestApp, key: &str, id: &str, flow: &Value, start_again: bool) {
    let draft = json!({ "flow": flow, "start_again": start_again });
    app.call("PUT", &format!("/api/v1/admin/flows/{id}")).bearer(key).json(&draft).send().await.expect(200);
}

async fn open(app: &TestApp, invite: &Value) -> String {
    let code = invite["code"].as_str().unwrap();
    app.get(&format!("/signup?inv={code}")).send().await.expect(200).text()
}

const ACCOUNT: [(&str, &str); 3] = [("email", "mateo@example.org"), ("username", "mateo"), ("password", PASSWORD)];

on_both_databases! {
    async fn a_form_goes_forward_and_back_and_keeps_what_was_typed(app: &TestApp) {
        let key = app.owner_key().await;
        let id = flow(app, &key, &three_steps()).await;
        let invite = app.invite(&key, &json!({ "flow_id": id, "max_uses": 1 })).await;
        let first = open(app, &invite).await;
        assert!(first.contains("Step 1 of 3") && first.contains("About you") && first.contains("Bring an apron."));
        assert!(!first.contains("name=\"password\"") && !first.contains("help.js") && !first.contains("value=\"back\""));
        // What is wrong is said at its field, and the next step waits.
        let typed = [("attributes.plan", ""), ("attributes.about", "Two\nlines <b>"), ("attributes.days", "Mon")];
        let wrong = Form::of(&first).with(&typed).send(app).await.expect(422).text();
        assert!(wrong.contains("Step 1 of 3") && wrong.contains("id=\"attributes.plan-error\""), "{wrong}");
        let form = Form::of(&wrong);
        assert_eq!(form.value("attributes.about"), Some("Two\nlines <b>"));
        assert_eq!(form.value("attributes.days"), Some("Mon"));

        let mut form = form.with(&[("attributes.plan", "solo")]);
        form.fields.push(("attributes.days".to_owned(), "Tue".to_owned()));
        let second = form.send(app).await.expect(200).text();
        assert!(second.contains("Step 2 of 3") && second.contains("Your things"));
        assert!(!second.contains("help.js"), "the help is on the last step");
        // Back keeps what was typed here, right or wrong.
        let typed = [("attributes.size", "many"), ("attributes.country", "NO"), ("attributes.news", "yes"), ("go", "back")];
        let back = Form::of(&second).with(&typed).send(app).await.expect(200).text();
        let form = Form::of(&back);
        assert_eq!((form.value("attributes.plan"), form.value("attributes.about")), (Some("solo"), Some("Two\nlines <b>")));
        assert_eq!(form.fields.iter().filter(|(name, value)| name == "attributes.days" && !value.is_empty()).count(), 2);
        let second = form.send(app).await.expect(200).text();
        let form = Form::of(&second);
        assert_eq!((form.value("attributes.size"), form.value("attributes.country")), (Some("many"), Some("NO")));
        assert_eq!(form.value("attributes.news"), Some("yes"));
        let last = form.with(&[("attributes.size", "42")]).send(app).await.expect(200).text();
        assert!(last.contains("Step 3 of 3") && last.contains("name=\"password\"") && last.contains("help.js"));

        // From the last step as well; the password is not kept.
        let typed = [&ACCOUNT[..], &[("attributes.site", "not a page"), ("go", "back")]].concat();
        let back = Form::of(&last).with(&typed).send(app).await.expect(200).text();
        assert!(!back.contains(PASSWORD));
        let last = Form::of(&back).send(app).await.expect(200).text();
        let form = Form::of(&last);
        assert_eq!((form.value("email"), form.value("username")), (Some("mateo@example.org"), Some("mateo")));
        assert_eq!((form.value("password"), form.value("attributes.site")), (Some(""), Some("not a page")));
        let wrong = form.clone().with(&ACCOUNT).send(app).await.expect(422).text();
        assert!(wrong.contains("id=\"attributes.site-error\""), "{wrong}");
        assert_eq!(app.database.used().await, 0);

        let form = form.with(&ACCOUNT).with(&[("attributes.site", "https://mateo.example/")]);
        let done = form.send(app).await;
        assert_eq!(done.redirect(), "/me");
        // Sent twice, after the last use is taken.
        assert_eq!(form.send(app).await.redirect(), "/me");
        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (1, 2));
        let accounts = app.get("/api/v1/admin/accounts").bearer(&key).send().await.expect(200).json();
        let mateo = accounts["items"].as_array().unwrap().iter().find(|account| account["username"] == "mateo").unwrap();
        let path = format!("/api/v1/admin/accounts/{}", mateo["id"].as_str().unwrap());
        let account = app.get(&path).bearer(&key).send().await.expect(200).json();
        let text = account.to_string();
        for answer in ["\"solo\"", "Mon, Tue", "\"42\"", "\"NO\"", "\"yes\"", "https://mateo.example/"] {
            assert!(text.contains(answer), "{answer}: {text}");
        }
        // And the member sees them.
        let own = app.post("/_fn/me/answers").cookie(&done.cookie("latchkey")).json(&json!({})).send().await.expect(200).text();
        assert!(own.contains("Mon, Tue"), "{own}");
    }
}

on_both_databases! {
    async fn a_rule_refuses_at_the_step_that_it_is_about_and_takes_no_use(app: &TestApp) {
        let key = app.owner_key().await;
        let id = flow(app, &key, &three_steps()).await;
        let invite = app.invite(&key, &json!({ "flow_id": id, "max_uses": 1 })).await;
        let form = Form::of(&open(app, &invite).await).with(&[("attributes.plan", "team")]);
        let refused = form.send(app).await.expect(403).text();
        assert!(refused.contains("Teams write to us first.") && !refused.contains("Step "), "{refused}");
        assert!(!refused.contains("<script"));
        assert_eq!(app.database.used().await, 0);
        // One can answer otherwise.
        let again = Form::of(&refused).with(&[("go", "again")]).send(app).await.expect(200).text();
        let form = Form::of(&again);
        assert_eq!(form.value("attributes.plan"), Some("team"));
        let second = form.with(&[("attributes.plan", "solo")]).send(app).await.expect(200).text();
        assert!(second.contains("Step 2 of 3"));
        // So does a form without state, as programs send it.
        let code = invite["code"].as_str().unwrap();
        let all = [&ACCOUNT[..], &[("code", code), ("attributes.plan", "team")]].concat();
        app.post("/signup").form(&all).send().await.expect(403);
        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (0, 1));
    }
}

on_both_databases! {
    async fn the_proof_of_an_address_is_carried_by_every_step(app: &TestApp) {
        let key = app.owner_key().await;
        let id = flow(app, &key, &three_steps()).await;
        let invite = app.invite(&key, &json!({ "flow_id": id })).await;
        let proof = "p".repeat(43);
        let path = format!("/signup?inv={}&proof={proof}", invite["code"].as_str().unwrap());
        let carries = |page: &str| {
            let form = Form::of(page);
            assert_eq!(form.value("proof"), Some(proof.as_str()), "{page}");
            assert_eq!(page.matches(&proof).count(), 1, "it is in no link: {page}");
            form
        };
        let first = carries(&app.get(&path).send().await.expect(200).text());
        let refused = first.with(&[("attributes.plan", "team")]).send(app).await.expect(403).text();
        let again = carries(&refused).with(&[("go", "again")]).send(app).await.expect(200).text();
        let second = carries(&again).with(&[("attributes.plan", "solo")]).send(app).await.expect(200).text();
        let first = carries(&second).with(&[("go", "back")]).send(app).await.expect(200).text();
        let second = carries(&first).send(app).await.expect(200).text();
        let last = carries(&second).send(app).await.expect(200).text();
        let wrong = carries(&last).with(&ACCOUNT).with(&[("password", "short")]).send(app).await.expect(422).text();
        carries(&wrong);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_is_for_one_invite_one_flow_and_one_day() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let id = flow(&app, &key, &three_steps()).await;
    let invite = app.invite(&key, &json!({ "flow_id": id })).await;
    let other = app.invite(&key, &json!({ "flow_id": id })).await;
    let first = Form::of(&open(&app, &invite).await).with(&[("attributes.plan", "solo")]);
    let second = Form::of(&first.send(&app).await.expect(200).text());

    // Of another invite, broken, or cut off.
    let code = other["code"].as_str().unwrap();
    let sealed = second.value("state").unwrap().to_owned();
    let mut broken = sealed.clone();
    broken.replace_range(10..11, if &sealed[10..11] == "A" { "B" } else { "A" });
    for form in [
        second.clone().with(&[("code", code)]),
        second.clone().with(&[("state", &broken)]),
        second.clone().with(&[("state", &sealed[..sealed.len() / 2])]),
        second.clone().with(&[("state", "?")]),
    ] {
        let page = form.send(&app).await.expect(409).text();
        assert!(page.contains("Step 1 of 3") && page.contains("Fill it in again."), "{page}");
    }
    // Another code can be typed on the first step, if it asks for the same.
    let with_other = first.clone().with(&[("code", code)]).send(&app).await.expect(200).text();
    assert!(with_other.contains("Step 2 of 3"));
    let plain = app.invite(&key, &json!({})).await;
    let page = first.clone().with(&[("code", plain["code"].as_str().unwrap())]).send(&app).await.expect(409).text();
    assert!(page.contains("name=\"password\"") && !page.contains("Step "), "{page}");
    let unknown = first.clone().with(&[("code", "NoSuchCode23")]).send(&app).await.expect(404).text();
    assert_eq!(Form::of(&unknown).value("attributes.plan"), Some("solo"));

    let old = SignUpState {
        code: invite["code"].as_str().unwrap().to_owned(),
        flow: id.parse().unwrap(),
        version: 1,
        step: 1,
        typed: Typed::new(),
        opened_at: app.ctx.now().minus(std::time::Duration::from_hours(24)),
    };
    let sealed = service::signup::seal_form(&app.ctx, &old).unwrap();
    let page = second.with(&[("state", &sealed)]).send(&app).await.expect(409).text();
    assert!(page.contains("Step 1 of 3") && page.contains("more than a day ago"), "{page}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_begun_goes_on_unless_they_are_to_start_again() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let id = flow(&app, &key, &three_steps()).await;
    let invite = app.invite(&key, &json!({ "flow_id": id })).await;
    let first = Form::of(&open(&app, &invite).await).with(&[("attributes.plan", "solo"), ("attributes.about", "Me")]);
    let mut changed = three_steps();
    changed["steps"][1]["title"] = json!("Other things");
    save(&app, &key, &id, &changed, false).await;
    let second = first.send(&app).await.expect(200).text();
    assert!(second.contains("Your things"), "the version that was begun");
    assert!(open(&app, &invite).await.contains("About you"));
    save(&app, &key, &id, &changed, true).await;
    let again = first.send(&app).await.expect(409).text();
    assert!(again.contains("This form has changed") && again.contains("Step 1 of 3"), "{again}");
    let form = Form::of(&again);
    assert_eq!((form.value("attributes.plan"), form.value("attributes.about")), (Some("solo"), Some("Me")));
    assert!(form.send(&app).await.expect(200).text().contains("Other things"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_taken_by_the_last_step() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let id = flow(&app, &key, &three_steps()).await;
    let invite = app.invite(&key, &json!({ "flow_id": id, "max_uses": 1 })).await;
    let second = async || {
        let first = Form::of(&open(&app, &invite).await).with(&[("attributes.plan", "solo")]);
        Form::of(&first.send(&app).await.expect(200).text())
    };
    let (one, other) = (second().await, second().await);
    let last = Form::of(&one.send(&app).await.expect(200).text());
    assert_eq!(last.with(&ACCOUNT).send(&app).await.redirect(), "/me");
    let late = other.send(&app).await.expect(410).text();
    assert!(late.contains("is used up"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attributes_of_an_invite_fill_in_and_fix_fields() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let id = flow(&app, &key, &three_steps()).await;
    let attributes = json!([
        { "key": "plan", "value": "solo", "locked": true },
        { "key": "days", "value": "Tue, Wed" },
        { "key": "team", "value": "Clay" },
    ]);
    let invite = app.invite(&key, &json!({ "flow_id": id, "attributes": attributes })).await;
    let page = open(&app, &invite).await;
    assert!(page.contains("Set by your invite.") && page.contains("value=\"solo\" readonly"), "{page}");
    let first = Form::of(&page);
    assert_eq!(first.value("attributes.plan"), None);
    assert_eq!(first.fields.iter().filter(|(name, value)| name == "attributes.days" && !value.is_empty()).count(), 2);
    let forged = first.clone().with(&[("attributes.plan", "team")]).send(&app).await.expect(422).text();
    assert!(forged.contains("The invite sets this value."));
    let second = Form::of(&first.send(&app).await.expect(200).text());
    assert_eq!(second.value("attributes.team"), None);
    let last = Form::of(&second.send(&app).await.expect(200).text());
    assert_eq!(last.value("attributes.team"), Some("Clay"), "what is no field is on the last step");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_registration_asks_what_the_default_flow_asks() {
    use domain::settings::RegistrationMode::Open;
    let app = TestApp::start_as(Kind::Sqlite, Setup { registration_mode: Some(Open), ..Setup::default() }).await;
    let key = app.owner_key().await;
    let id = flow(&app, &key, &three_steps()).await;
    app.post(&format!("/api/v1/admin/flows/{id}/make-default")).bearer(&key).send().await.expect(200);
    let page = app.get("/signup").send().await.expect(200).text();
    assert!(page.contains("Bring an apron.") && page.contains("name=\"code\""));
    let second = Form::of(&page).with(&[("attributes.plan", "solo")]).send(&app).await.expect(200).text();
    let last = Form::of(&Form::of(&second).send(&app).await.expect(200).text());
    assert_eq!(last.with(&ACCOUNT).send(&app).await.redirect(), "/me");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_accepted_as_they_were_read_and_a_new_version_asks_at_sign_in() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let draft = json!({ "name": "House rules", "text": "Sweep **up** after yourself." });
    let terms = app.post("/api/v1/admin/terms").bearer(&key).json(&draft).send().await.expect(201).json();
    let terms = terms["id"].as_str().unwrap();
    let publish = async |text: &str| {
        let change = json!({ "text": text, "ask": "accepted" });
        app.patch(&format!("/api/v1/admin/terms/{terms}")).bearer(&key).json(&change).send().await.expect(200);
    };
    let id = flow(&app, &key, &json!({ "name": "Rules", "terms": ["House rules"] })).await;
    let invite = app.invite(&key, &json!({ "flow_id": id })).await;
    let page = open(&app, &invite).await;
    assert!(page.contains("Sweep <strong>up</strong> after yourself.") && !page.contains("Step "), "{page}");
    let form = Form::of(&page).with(&ACCOUNT);
    let name = format!("terms.{terms}");
    let missing = form.send(&app).await.expect(422).text();
    assert!(missing.contains("Accept these terms to go on."), "{missing}");
    // It was published after the page was opened.
    publish("Sweep twice.").await;
    let accepting = form.with(&[(&name, "1")]);
    let again = accepting.send(&app).await.expect(422).text();
    assert!(again.contains("Sweep twice.") && again.contains("These terms have changed"), "{again}");
    let form = Form::of(&again).with(&ACCOUNT);
    assert_eq!(form.value(&name), None);
    let done = form.with(&[(&name, "2")]).send(&app).await;
    assert_eq!(done.redirect(), "/me");
    app.get("/me/account").cookie(&done.cookie("latchkey")).send().await.expect(200);
    let mateo = app.get("/api/v1/admin/accounts?q=mateo").bearer(&key).send().await.expect(200).json();
    let accepted = format!("/api/v1/admin/accounts/{}/accepted-terms", mateo["items"][0]["id"].as_str().unwrap());
    let accepted = app.get(&accepted).bearer(&key).send().await.expect(200).json();
    assert_eq!((&accepted["items"][0]["name"], &accepted["items"][0]["version"]), (&json!("House rules"), &json!(2)));

    let sign_in = async || {
        let form = [("login", "mateo"), ("password", PASSWORD), ("next", "/me/account")];
        app.post("/login").form(&form).send().await
    };
    assert_eq!(sign_in().await.redirect(), "/me/account");
    publish("Sweep three times.").await;
    let asked = sign_in().await.expect(200);
    assert_eq!(asked.set_cookie("latchkey"), None, "there is no session yet");
    let page = asked.text();
    assert!(page.contains("Sweep three times.") && page.contains("action=\"/logout\""), "{page}");
    let form = Form::of(&page);
    assert_eq!(form.action, "/login/terms");
    let missing = form.send(&app).await.expect(422);
    assert_eq!(missing.set_cookie("latchkey"), None);
    assert!(missing.text().contains("Accept these terms to go on."));
    let forged = form.clone().with(&[("proof", "AAAA"), (&name, "3")]).send(&app).await.expect(401).text();
    assert!(forged.contains("name=\"login\""), "{forged}");
    let done = form.with(&[(&name, "3")]).send(&app).await;
    assert_eq!(done.redirect(), "/me/account");
    app.get("/me").cookie(&done.cookie("latchkey")).send().await.expect(200);
    assert_eq!(sign_in().await.redirect(), "/me/account");
    // Every version that somebody accepted is exported, the newest first.
    let path = format!("/admin/terms/{terms}/acceptances.csv");
    assert!(app.get(&path).send().await.redirect().starts_with("/login"));
    let moderator = app.cookie_of(&app.person("lena", Role::Moderator).await).await;
    app.get(&path).cookie(&moderator).send().await.expect(303);
    let owner = app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await.cookie("latchkey");
    let file = app.get(&path).cookie(&owner).send().await.expect(200);
    let text = file.text();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["account_id", "username", "name", "version", "accepted_at"]);
    let accepted: Vec<_> = rows[1..].iter().map(|row| (row[1], row[3])).collect();
    assert_eq!(accepted, [("mateo", "3"), ("mateo", "2")]);
    // The owner never accepted any.
    let owner = app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await;
    assert_eq!(owner.redirect(), "/");
    assert_eq!(app.get("/login/terms").send().await.redirect(), "/login");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terms_of_a_sign_in_are_of_this_site_alone() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    let forged = app.post("/login/terms").form(&[("proof", "AAAA")]).without("origin").without("sec-fetch-site");
    forged.header("origin", "https://evil.example").send().await.expect(403);
    app.close().await;
}
