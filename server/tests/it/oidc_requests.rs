//! Ways to ask and to answer: pushed requests, answers by POST, clients with keys.

use data_encoding::BASE64;
use domain::accounts::Role;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::harness::{Answer, TestApp, on_both_databases};

const REDIRECT: &str = "https://chat.example.org/oauth/oidc/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const FORM: &str = "application/x-www-form-urlencoded";

async fn chat(app: &TestApp, key: &str, mut oidc: Value) -> Value {
    oidc["redirect_uris"] = json!([REDIRECT]);
    let draft = json!({ "name": "Chat", "oidc": oidc });
    app.post("/api/v1/admin/applications").bearer(key).json(&draft).send().await.expect(201).json()
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn parameters<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "s \"1\""),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    pairs.extend(more);
    pairs
}

async fn post(app: &TestApp, path: &str, chat: &Value, fields: &[(&str, &str)]) -> Answer {
    let (id, secret) = (chat["id"].as_str().unwrap(), chat["client_secret"].as_str().unwrap());
    let basic = format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()));
    app.post(path).header("authorization", &basic).body(FORM, encoded(fields)).send().await
}

async fn exchange(app: &TestApp, chat: &Value, code: &str) -> Answer {
    let fields =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    post(app, "/oidc/token", chat, &fields).await
}

fn returned(to: &str) -> std::collections::BTreeMap<String, String> {
    let query = to.strip_prefix(REDIRECT).unwrap_or_else(|| panic!("{to}")).strip_prefix('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The value of a hidden field of a page.
fn field(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
    value.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&")
}

on_both_databases! {
    async fn a_pushed_request_is_opened_by_one_browser(app: &TestApp) {
        let key = app.owner_key().await;
        let chat = chat(app, &key, json!({ "require_pushed_authorization_requests": true, "consent": true })).await;
        let id = chat["id"].as_str().unwrap();
        let pushed = post(app, "/oidc/par", &chat, &parameters(&[("login_hint", "mateo@example.org")])).await.expect(201);
        assert_eq!(pushed.header("cache-control"), Some("no-store"));
        let pushed = pushed.json();
        assert_eq!(pushed["expires_in"], 90);
        let uri = pushed["request_uri"].as_str().unwrap();
        assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
        let wanted = format!("/oidc/authorize?{}", encoded(&[("client_id", id), ("request_uri", uri)]));
        let login = app.get(&wanted).send().await;
        let login = login.redirect().to_owned();
        let page = app.get(&login).send().await.expect(200).text();
        assert!(page.contains("To continue to Chat") && page.contains("value=\"mateo@example.org\""), "{page}");
        let other = app.get(&wanted).send().await.expect(400).text();
        assert!(other.contains("This sign-in has expired, or was completed already."), "{other}");

        let mateo = app.person("mateo", Role::User).await;
        let cookie = app.cookie_of(&mateo).await;
        let next: String = form_urlencoded::parse(login.split_once('?').unwrap().1.as_bytes()).next().unwrap().1.into_owned();
        assert!(!next.contains("code_challenge"), "what was pushed is not in an address: {next}");
        let asks = app.get(&next).cookie(&cookie).send().await.expect(200).text();
        let decision = [("request", &*field(&asks, "request")), ("decision", "allow")];
        let decided = app.post("/oidc/authorize/decide").form(&decision).cookie(&cookie).send().await;
        let on = decided.header("refresh").unwrap().strip_prefix("0; url=").unwrap().to_owned();
        let back = app.get(&on).cookie(&cookie).send().await;
        let back = returned(back.redirect());
        assert_eq!(back["state"], "s \"1\"");
        exchange(app, &chat, &back["code"]).await.expect(200);
        app.get(&on).cookie(&cookie).send().await.expect(400);

        // Without a push it is told so.
        let plain = parameters(&[("client_id", id)]);
        let refused = app.get(&format!("/oidc/authorize?{}", encoded(&plain))).cookie(&cookie).send().await;
        assert_eq!(returned(refused.redirect())["error"], "invalid_request");
        let wrong = parameters(&[("redirect_uri", "https://evil.example")]);
        assert_eq!(post(app, "/oidc/par", &chat, &wrong).await.expect(400).json()["error"], "invalid_request");
        let unknown = app.post("/oidc/par").body(FORM, encoded(&parameters(&[("client_id", id)]))).send().await;
        assert_eq!(unknown.expect(401).json()["error"], "invalid_client");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_can_be_posted() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let chat = chat(&app, &key, json!({})).await;
    let id = chat["id"].as_str().unwrap();
    let mateo = app.person("mateo", Role::User).await;
    let cookie = app.cookie_of(&mateo).await;
    let wanted = |more: &[(&str, &str)]| {
        let mut pairs = parameters(&[("client_id", id), ("response_mode", "form_post")]);
        pairs.extend(more);
        format!("/oidc/authorize?{}", encoded(&pairs))
    };
    let page = app.get(&wanted(&[])).cookie(&cookie).send().await.expect(200);
    assert_eq!((page.header("location"), page.header("refresh")), (None, None));
    let policy = page.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("form-action *") && policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), (Some("origin"), Some("no-store")));
    let page = page.text();
    assert!(page.contains(&format!("method=\"post\" action=\"{REDIRECT}\"")), "{page}");
    assert!(page.contains("<script>document.forms[0].submit()</script>") && page.contains("</button>"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(
        (field(&page, "state").as_str(), field(&page, "iss").as_str()),
        ("s \"1\"", crate::harness::app::ORIGIN)
    );
    exchange(&app, &chat, &field(&page, "code")).await.expect(200);
    // Refusals, too; an unknown mode is refused in the address.
    let refused = app.get(&wanted(&[("prompt", "none")])).send().await.expect(200).text();
    assert_eq!(field(&refused, "error"), "login_required");
    let unknown = wanted(&[]).replace("form_post", "web_message");
    assert_eq!(returned(app.get(&unknown).cookie(&cookie).send().await.redirect())["error"], "invalid_request");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_a_connection_are_kept_changed_and_checked() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let jwk =
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "2026", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let chat = chat(
        &app,
        &key,
        json!({
            "require_pushed_authorization_requests": true,
            "backchannel_logout_uri": "https://chat.example.org/logout",
            "jwks": { "keys": [jwk] },
            "device_flow": true,
            "claims": { "department": "dept" },
        }),
    )
    .await;
    assert_eq!((&chat["client_secret"], &chat["secrets"]), (&json!(null), &json!([])));
    let path = format!("/api/v1/admin/applications/{}", chat["id"].as_str().unwrap());
    let read = app.get(&path).bearer(&key).send().await.expect(200).json();
    assert_eq!(read["oidc"], chat["oidc"]);
    assert_eq!(
        (&read["oidc"]["jwks"], &read["oidc"]["claims"]),
        (&json!({ "keys": [jwk] }), &json!({ "department": "dept" }))
    );
    // What the dashboard sends has none of these.
    let renamed = app.patch(&path).bearer(&key).json(&json!({ "name": "Talk", "oidc": { "consent": true } }));
    let renamed = renamed.send().await.expect(200).json();
    assert_eq!(renamed["oidc"]["backchannel_logout_uri"], "https://chat.example.org/logout");
    assert_eq!(renamed["oidc"]["jwks"], json!({ "keys": [jwk] }));
    let cleared =
        json!({ "oidc": { "backchannel_logout_uri": null, "jwks": null, "claims": {}, "device_flow": false } });
    let cleared = app.patch(&path).bearer(&key).json(&cleared).send().await.expect(200).json();
    assert_eq!((&cleared["oidc"]["jwks"], &cleared["oidc"]["claims"]), (&json!(null), &json!({})));
    assert!(cleared["client_secret"].is_string(), "it has a secret again");
    let mut private = jwk.clone();
    private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let wrong = json!({ "oidc": {
        "backchannel_logout_uri": "chat.example.org/logout",
        "jwks": { "keys": [private] },
        "claims": { "sub": "dept" },
    } });
    app.patch(&path).bearer(&key).json(&wrong).send().await.invalid(&[
        "oidc.backchannel_logout_uri",
        "oidc.claims",
        "oidc.jwks",
    ]);
    app.close().await;
}
