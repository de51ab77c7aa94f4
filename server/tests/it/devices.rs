//! The device flow over HTTP: what a device calls, and the page at which members enter its code.

use domain::accounts::Role;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::harness::app::ORIGIN;
use crate::harness::{TestApp, on_both_databases};

const FORM: &str = "application/x-www-form-urlencoded";

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// An application on devices alone.
async fn tv(app: &TestApp, key: &str) -> Value {
    let draft = json!({ "name": "Films & more", "oidc": { "client_type": "public", "device_flow": true } });
    app.post("/api/v1/admin/applications").bearer(key).json(&draft).send().await.expect(201).json()
}

async fn begin(app: &TestApp, id: &str) -> Value {
    let begun =
        app.post("/oidc/device").body(FORM, encoded(&[("client_id", id), ("scope", "openid profile")])).send().await;
    let begun = begun.expect(200);
    assert_eq!(begun.header("cache-control"), Some("no-store"));
    begun.json()
}

on_both_databases! {
    async fn a_member_enters_a_code_and_decides(app: &TestApp) {
        let key = app.owner_key().await;
        let tv = tv(app, &key).await;
        let id = tv["id"].as_str().unwrap();
        let begun = begin(app, id).await;
        assert_eq!((&begun["verification_uri"], &begun["interval"]), (&json!(format!("{ORIGIN}/device")), &json!(5)));
        let code = begun["user_code"].as_str().unwrap();
        let device_code = begun["device_code"].as_str().unwrap();
        let poll = async || {
            let fields = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device_code), ("client_id", id)];
            app.post("/oidc/token").body(FORM, encoded(&fields)).send().await
        };
        assert_eq!(poll().await.expect(400).json()["error"], "authorization_pending");
        assert_eq!(poll().await.expect(400).json()["error"], "slow_down");

        let link = begun["verification_uri_complete"].as_str().unwrap().strip_prefix(ORIGIN).unwrap();
        let login = app.get(link).send().await;
        assert_eq!(login.redirect(), format!("/login?next=%2Fdevice%3Fuser_code%3D{code}"));
        assert_eq!(app.get("/device?user_code=%2F%2Fevil").send().await.redirect(), "/login?next=%2Fdevice");
        let mateo = app.person("mateo", Role::User).await;
        let cookie = app.cookie_of(&mateo).await;
        let entry = app.get("/device").cookie(&cookie).send().await.expect(200).text();
        assert!(entry.contains("Enter the code that the device shows.") && !entry.contains("<script"), "{entry}");
        let wrong = app.get("/device?user_code=BCDF-GHJK").cookie(&cookie).send().await.expect(422).text();
        assert!(wrong.contains("This code is not valid, or has expired.") && wrong.contains("BCDF-GHJK"), "{wrong}");
        let asked = app.get(link).cookie(&cookie).send().await.expect(200).text();
        for shown in ["Sign in to Films &amp; more on a device?", code, "Your name", "If somebody sent you the code"] {
            assert!(asked.contains(shown), "{shown}: {asked}");
        }
        // The link alone decides nothing, and another site can't.
        assert_eq!(poll().await.expect(400).json()["error"], "slow_down");
        let fields = [("user_code", code), ("decision", "allow")];
        let foreign = app.post("/device").form(&fields).cookie(&cookie).header("sec-fetch-site", "cross-site");
        foreign.send().await.expect(403);
        let unsigned = app.post("/device").form(&fields).send().await;
        assert!(unsigned.redirect().starts_with("/login?next=%2Fdevice"), "{}", unsigned.redirect());
        assert_eq!(poll().await.expect(400).json()["error"], "slow_down");

        let done = app.post("/device").form(&fields).cookie(&cookie).send().await.expect(200).text();
        assert!(done.contains("The device is signed in"), "{done}");
        let again = app.post("/device").form(&fields).cookie(&cookie).send().await.expect(422).text();
        assert!(again.contains("This code is not valid"), "{again}");
        let tokens = poll().await.expect(200).json();
        let info = app.get("/oidc/userinfo").bearer(tokens["access_token"].as_str().unwrap()).send().await.expect(200).json();
        assert_eq!(info["preferred_username"], "mateo");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_can_refuse_and_who_may_not_enter_is_told_so() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let tv = tv(&app, &key).await;
    let id = tv["id"].as_str().unwrap();
    let mateo = app.person("mateo", Role::User).await;
    let cookie = app.cookie_of(&mateo).await;
    let begun = begin(&app, id).await;
    let code = begun["user_code"].as_str().unwrap();
    let decide = async |decision: &str| {
        app.post("/device").form(&[("user_code", code), ("decision", decision)]).cookie(&cookie).send().await
    };
    let path = format!("/api/v1/admin/applications/{id}");
    app.patch(&path).bearer(&key).json(&json!({ "groups": [] })).send().await.expect(200);
    for page in [app.get(&format!("/device?user_code={code}")).cookie(&cookie).send().await, decide("allow").await] {
        let page = page.expect(403).text();
        assert!(page.contains("You can’t open") && page.contains("action=\"/logout\""), "{page}");
    }
    let refused = decide("deny").await.expect(200).text();
    assert!(refused.contains("The device is not signed in"), "{refused}");
    let device_code = begun["device_code"].as_str().unwrap();
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", device_code),
        ("client_id", id),
    ];
    let polled = app.post("/oidc/token").body(FORM, encoded(&fields)).send().await;
    assert_eq!(polled.expect(400).json()["error"], "access_denied");
    let other = app.post("/api/v1/admin/applications").bearer(&key);
    let other = other.json(&json!({ "name": "Chat", "oidc": { "client_type": "public", "redirect_uris": ["https://chat.example.org/cb"] } }));
    let other = other.send().await.expect(201).json();
    let begun = app
        .post("/oidc/device")
        .body(FORM, encoded(&[("client_id", other["id"].as_str().unwrap()), ("scope", "openid")]));
    assert_eq!(begun.send().await.expect(400).json()["error"], "unauthorized_client");
    app.close().await;
}
