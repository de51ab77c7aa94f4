//! What the page of a flow leads to: the preview of what is edited, and the file.

use app::flows::Typed;
use domain::accounts::Role;
use domain::flows::FlowDocument;
use serde_json::{Value, json};

use crate::harness::form::Form;
use crate::harness::{TestApp, on_both_databases};

const PREVIEW: &str = "/admin/flows/preview";

fn edited() -> Value {
    json!({
        "name": "",
        "welcome_text": "Bring an **apron**.",
        "verify_email": true,
        "steps": [
            { "title": "About you", "fields": [
                { "key": "plan", "label": "Plan", "type": "choice", "required": true, "choices": ["solo", "team", "crowd"] }
            ] },
            { "fields": [{ "key": "size", "label": "Size", "type": "number", "min": 1, "max": 60 }] }
        ],
        "rules": [
            { "when": { "field": "plan", "is": "crowd" }, "then": { "refuse": "Crowds write to us first." } },
            { "when": { "field": "plan", "is": "team" }, "then": { "approval": true, "groups": ["Clay"], "after": "/me/invites" } }
        ]
    })
}

/// What the editor sends.
fn typed(flow: &Value) -> String {
    let document: FlowDocument = serde_json::from_value(flow.clone()).unwrap();
    serde_json::to_string(&Typed::from(&document)).unwrap()
}

async fn preview(app: &TestApp, cookie: &str, flow: &Value) -> crate::harness::Answer {
    app.post(PREVIEW).cookie(cookie).form(&[("document", &typed(flow))]).send().await
}

on_both_databases! {
    async fn a_preview_is_the_page_itself_and_stores_nothing(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
        app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": "Clay" })).send().await.expect(201);
        let accounts = async || app.get("/api/v1/admin/accounts").bearer(&key).send().await.expect(200).json();
        let flows = async || app.get("/api/v1/admin/flows").bearer(&key).send().await.expect(200).json();
        let before = (accounts().await, flows().await);

        let page = preview(app, &cookie, &edited()).await.expect(200).text();
        assert!(page.contains("This is a preview.") && page.contains("Step 1 of 2") && page.contains("<strong>apron</strong>"));
        let first = Form::of(&page);
        assert_eq!(first.action, PREVIEW);
        let missing = first.send_as(app, &cookie).await.expect(422).text();
        assert!(missing.contains("id=\"attributes.plan-error\"") && missing.contains("Step 1 of 2"), "{missing}");

        let refused = first.clone().with(&[("attributes.plan", "crowd")]).send_as(app, &cookie).await.expect(403).text();
        assert!(refused.contains("Crowds write to us first.") && refused.contains("This is a preview."), "{refused}");
        let again = Form::of(&refused).with(&[("go", "again")]).send_as(app, &cookie).await.expect(200).text();
        assert_eq!(Form::of(&again).value("attributes.plan"), Some("crowd"));

        let last = first.with(&[("attributes.plan", "team")]).send_as(app, &cookie).await.expect(200).text();
        assert!(last.contains("Step 2 of 2") && last.contains("name=\"password\"") && !last.contains("help.js"), "{last}");
        let last = Form::of(&last).with(&[("attributes.size", "61")]);
        let wrong = last.send_as(app, &cookie).await.expect(422).text();
        assert!(wrong.contains("id=\"attributes.size-error\""), "{wrong}");
        let back = last.clone().with(&[("go", "back")]).send_as(app, &cookie).await.expect(200).text();
        assert!(back.contains("Step 1 of 2"));
        assert_eq!(Form::of(&back).value("attributes.plan"), Some("team"));
        let end = last.with(&[("attributes.size", "40")]).send_as(app, &cookie).await.expect(200).text();
        for said in ["End of the preview", "pending approval", "has to be verified", "Clay", "/me/invites"] {
            assert!(end.contains(said), "{said}: {end}");
        }
        // What it seals begins no sign-up.
        let sealed = Form::of(&end).value("state").unwrap().to_owned();
        let stolen = [("state", sealed.as_str()), ("code", "PREVIEW"), ("opened", "PREVIEW"), ("email", "mateo@example.org")];
        let refused = app.post("/signup").form(&stolen).send().await;
        assert!(refused.status.is_client_error(), "{}", refused.status);
        let again = Form::of(&end).with(&[("go", "again")]).send_as(app, &cookie).await.expect(200).text();
        assert_eq!(Form::of(&again).value("attributes.size"), Some("40"));
        assert_eq!((accounts().await, flows().await), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_is_wrong_with_the_flow() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    let field = json!({ "key": "plan", "label": "Plan", "type": "choice" });
    let wrong = json!({ "name": "", "steps": [{ "fields": [field, field] }] });
    let page = preview(&app, &cookie, &wrong).await.expect(422).text();
    let errors =
        ["Step 1, field 1: Enter the choices.", "Step 1, field 2: Enter the choices.", "open the preview again"];
    assert!(errors.iter().all(|error| page.contains(error)), "each, and where it is: {page}");
    for document in ["", "{", "{}"] {
        app.post(PREVIEW).cookie(&cookie).form(&[("document", document)]).send().await.expect(400);
    }
    assert_eq!(app.get(PREVIEW).cookie(&cookie).send().await.redirect(), "/admin/flows");
    // What REST takes as JSON fits when it is escaped in a form.
    let text = "\"".repeat(30_000);
    let page = preview(&app, &cookie, &json!({ "name": "Long", "welcome_text": text })).await.expect(422).text();
    assert!(page.contains("At most 2,000 characters"), "{page}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_for_those_who_see_settings() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    app.post(PREVIEW).form(&[("document", &typed(&edited()))]).send().await.expect(401);
    let moderator = app.person("mateo", Role::Moderator).await;
    let cookie = app.cookie_of(&moderator).await;
    let refused = preview(&app, &cookie, &edited()).await.expect(403).text();
    assert!(!refused.contains("apron"));
    let forged =
        app.post(PREVIEW).cookie(&cookie).form(&[("document", "[]")]).without("origin").without("sec-fetch-site");
    forged.header("origin", "https://evil.example").send().await.expect(403);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_flow_is_downloaded_by_those_who_see_settings() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
    let draft = json!({ "flow": { "name": "Workshop", "welcome_text": "Bring an apron." } });
    let made = app.post("/api/v1/admin/flows").bearer(&key).json(&draft).send().await.expect(201).json();
    let path = format!("/admin/flows/{}/export", made["id"].as_str().unwrap());
    let file = app.get(&path).cookie(&cookie).send().await.expect(200);
    assert_eq!(file.header("content-type"), Some("application/yaml"));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
    assert!(file.text().contains("Bring an apron."), "{}", file.text());
    assert!(app.get(&path).send().await.redirect().starts_with("/login"));
    let moderator = app.person("mateo", Role::Moderator).await;
    app.get(&path).cookie(&app.cookie_of(&moderator).await).send().await.expect(303);
    app.get("/admin/flows/0/export").cookie(&cookie).send().await.expect(404);
    app.close().await;
}
