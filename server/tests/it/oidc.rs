//! The OpenID Connect provider over HTTP: what applications call, and what browsers are shown.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use domain::accounts::Role;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::harness::app::ORIGIN;
use crate::harness::{Answer, PASSWORD, TestApp, on_both_databases};

const REDIRECT: &str = "https://chat.example.org/oauth/oidc/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const FORM: &str = "application/x-www-form-urlencoded";

/// An application, as REST gives it.
async fn chat(app: &TestApp, key: &str, mut oidc: Value) -> Value {
    oidc["redirect_uris"] = json!([REDIRECT]);
    let draft = json!({ "name": "Chat & talk", "url": "https://chat.example.org", "oidc": oidc });
    app.post("/api/v1/admin/applications").bearer(key).json(&draft).send().await.expect(201).json()
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The request that an application sends a browser with.
fn authorize(chat: &Value, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("client_id", chat["id"].as_str().unwrap()),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid profile email groups roles"),
        ("state", "s t&1"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    pairs.extend(more);
    format!("/oidc/authorize?{}", encoded(&pairs))
}

/// The parameters with which the browser comes back to the application.
fn returned(to: &str) -> std::collections::BTreeMap<String, String> {
    let query = to.strip_prefix(REDIRECT).unwrap_or_else(|| panic!("{to}")).strip_prefix('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The address to which a page leads on after a form.
fn refresh(page: &Answer) -> String {
    assert_eq!(page.status.as_u16(), 200, "{}", page.text());
    page.header("refresh").unwrap().strip_prefix("0; url=").unwrap().to_owned()
}

async fn token(app: &TestApp, chat: &Value, fields: &[(&str, &str)]) -> Answer {
    let (id, secret) = (chat["id"].as_str().unwrap(), chat["client_secret"].as_str().unwrap());
    let basic = format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()));
    app.post("/oidc/token").header("authorization", &basic).body(FORM, encoded(fields)).send().await
}

async fn exchange(app: &TestApp, chat: &Value, code: &str) -> Answer {
    let fields =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    token(app, chat, &fields).await
}

fn claims(id_token: &Value) -> Value {
    let claims = id_token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap()).unwrap()
}

on_both_databases! {
    async fn a_browser_signs_in_and_an_application_learns_who_it_is(app: &TestApp) {
        let key = app.owner_key().await;
        let chat = chat(app, &key, json!({})).await;
        app.person("mateo", Role::User).await;
        let wanted = authorize(&chat, &[]);
        let login = app.get(&wanted).send().await;
        let login = login.redirect();
        assert!(login.starts_with("/login?next=%2Foidc%2Fauthorize%3F"), "{login}");
        let page = app.get(login).send().await.expect(200).text();
        for shown in ["To continue to Chat &amp; talk", "name=\"next\"", "/signup?next="] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("<script"), "it needs none");

        let next: String = form_urlencoded::parse(login.split_once('?').unwrap().1.as_bytes())
            .find(|(name, _)| name == "next").unwrap().1.into_owned();
        let fields = [("login", "mateo"), ("password", PASSWORD), ("next", next.as_str())];
        let signed_in = app.post("/login").form(&fields).send().await;
        let cookie = signed_in.cookie("latchkey");
        // Not a redirect: browsers would hold it to the addresses that forms may be sent to.
        let on = refresh(&signed_in);
        assert_eq!(on, next);
        let back = app.get(&on).cookie(&cookie).without("origin").header("sec-fetch-site", "cross-site").send().await;
        let back = returned(back.redirect());
        assert_eq!((back["state"].as_str(), back["iss"].as_str()), ("s t&1", ORIGIN));

        let tokens = exchange(app, &chat, &back["code"]).await.expect(200);
        assert_eq!(tokens.header("cache-control"), Some("no-store"));
        assert_eq!(tokens.header("access-control-allow-origin"), Some("*"));
        let tokens = tokens.json();
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3_600)));
        assert_eq!(tokens.get("refresh_token"), None, "offline_access was not asked for");
        let claims = claims(&tokens["id_token"]);
        assert_eq!((&claims["iss"], &claims["aud"], &claims["nonce"]), (&json!(ORIGIN), &chat["id"], &json!("n1")));
        assert_eq!((&claims["preferred_username"], &claims["roles"]), (&json!("mateo"), &json!(["user"])));
        let access = tokens["access_token"].as_str().unwrap();
        let info = app.get("/oidc/userinfo").bearer(access).send().await.expect(200).json();
        assert_eq!((&info["sub"], &info["email"]), (&claims["sub"], &json!("mateo@example.org")));

        assert_eq!(exchange(app, &chat, &back["code"]).await.expect(400).json()["error"], "invalid_grant");
        let refused = app.get("/oidc/userinfo").bearer(access).send().await.expect(401);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        assert_eq!(app.get("/oidc/userinfo").send().await.expect(401).header("www-authenticate"), Some("Bearer"));
    }
}

on_both_databases! {
    async fn an_invitation_leads_into_the_application(app: &TestApp) {
        let key = app.owner_key().await;
        let chat = chat(app, &key, json!({})).await;
        let invite = app.invite(&key, &json!({})).await;
        let code = invite["code"].as_str().unwrap();
        let page = app.get(&authorize(&chat, &[("prompt", "create")])).send().await;
        let page = page.redirect().to_owned();
        assert!(page.starts_with("/signup?next=%2Foidc%2Fauthorize%3F"), "{page}");
        let asked = app.get(&page).send().await.expect(200).text();
        assert!(asked.contains("name=\"next\"") && asked.contains("/login?next="), "{asked}");
        let form = app.get(&format!("{page}&inv={code}")).send().await.expect(200).text();
        assert!(form.contains("name=\"next\"") && form.contains("name=\"password\""), "{form}");
        let next: String = form_urlencoded::parse(page.split_once('?').unwrap().1.as_bytes()).next().unwrap().1.into_owned();
        let fields = [
            ("code", code), ("email", "lena@example.org"), ("username", "lena"), ("password", PASSWORD),
            ("attempt", "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77"), ("next", next.as_str()),
        ];
        let joined = app.post("/signup").form(&fields).send().await;
        let cookie = joined.cookie("latchkey");
        let back = app.get(&refresh(&joined)).cookie(&cookie).send().await;
        let tokens = exchange(app, &chat, &returned(back.redirect())["code"]).await.expect(200).json();
        assert_eq!(claims(&tokens["id_token"])["preferred_username"], "lena");
        // Another site is no way on.
        let evil = [("login", "lena"), ("password", PASSWORD), ("next", "//evil.example/oidc/authorize")];
        assert_eq!(app.post("/login").form(&evil).send().await.redirect(), "/");
    }
}

on_both_databases! {
    async fn an_application_of_others_asks_first(app: &TestApp) {
        let key = app.owner_key().await;
        let chat = chat(app, &key, json!({ "consent": true })).await;
        let mateo = app.person("mateo", Role::User).await;
        let cookie = app.cookie_of(&mateo).await;
        let wanted = authorize(&chat, &[]);
        let page = app.get(&wanted).cookie(&cookie).send().await.expect(200).text();
        for shown in ["Sign in to Chat &amp; talk?", "mateo@example.org", "The names of your groups", "chat.example.org", "Don’t allow"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let request = page.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let decide = async |decision: &str| {
            let fields = [("request", request.as_str()), ("decision", decision)];
            app.post("/oidc/authorize/decide").form(&fields).cookie(&cookie).send().await
        };
        let foreign = app.post("/oidc/authorize/decide").form(&[("request", &request), ("decision", "allow")]).cookie(&cookie);
        foreign.header("sec-fetch-site", "cross-site").send().await.expect(403);
        assert_eq!(returned(&refresh(&decide("deny").await))["error"], "access_denied");
        let on = refresh(&decide("allow").await);
        assert!(on.starts_with("/oidc/authorize?"), "{on}");
        let back = app.get(&on).cookie(&cookie).send().await;
        assert!(returned(back.redirect()).contains_key("code"));
        assert!(returned(app.get(&wanted).cookie(&cookie).send().await.redirect()).contains_key("code"), "it is asked once");
    }
}

on_both_databases! {
    async fn who_may_not_enter_sees_a_page_that_says_so(app: &TestApp) {
        let key = app.owner_key().await;
        let chat = chat(app, &key, json!({})).await;
        let path = format!("/api/v1/admin/applications/{}", chat["id"].as_str().unwrap());
        app.patch(&path).bearer(&key).json(&json!({ "groups": [] })).send().await.expect(200);
        let mateo = app.person("mateo", Role::User).await;
        let cookie = app.cookie_of(&mateo).await;
        let page = app.get(&authorize(&chat, &[])).cookie(&cookie).send().await.expect(403).text();
        assert!(page.contains("You can’t open Chat &amp; talk") && page.contains("action=\"/logout\""), "{page}");
        let silent = app.get(&authorize(&chat, &[("prompt", "none")])).cookie(&cookie).send().await;
        assert_eq!(returned(silent.redirect())["error"], "access_denied");
        app.database.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'mateo'").await;
        let page = app.get(&authorize(&chat, &[])).cookie(&cookie).send().await.expect(403).text();
        assert!(page.contains("pending approval"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_describes_itself() {
    let app = TestApp::sqlite().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let answer = app.get(path).send().await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let document = answer.json();
        assert_eq!(document["issuer"], ORIGIN);
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                let path = value.as_str().unwrap().strip_prefix(ORIGIN).unwrap();
                let status = app.get(path).send().await.status.as_u16();
                assert_ne!(status, 404, "{name}");
            }
        }
    }
    let keys = app.get("/oidc/jwks").send().await.expect(200).json();
    let algorithms: Vec<_> = keys["keys"].as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(algorithms.len(), 3, "{algorithms:?}");
    assert!(keys["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none() && key.get("p").is_none()));
    assert_eq!(app.get("/oidc/jwks").send().await.json(), keys, "they are created once");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_may_be_an_attack_stays_here() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let chat = chat(&app, &key, json!({})).await;
    let good = authorize(&chat, &[]);
    let evil = good.replace("chat.example.org", "evil.example");
    let unknown = good.replace(chat["id"].as_str().unwrap(), "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77");
    let twice = format!("{good}&redirect_uri=https%3A%2F%2Fevil.example");
    for bad in [&evil, &unknown, &twice, "/oidc/authorize", "/oidc/authorize?client_id=x"] {
        let page = app.get(bad).send().await.expect(400);
        assert_eq!((page.header("location"), page.header("refresh")), (None, None), "{bad}");
        assert!(page.text().contains("Tell the people who run it."), "{bad}");
    }
    // What is wrong otherwise is told to the application.
    let plain = good.replace("S256", "plain");
    assert_eq!(returned(app.get(&plain).send().await.redirect())["error"], "invalid_request");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_sites_become_links() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let chat = chat(&app, &key, json!({})).await;
    let wanted = authorize(&chat, &[]);
    for (path, query) in [wanted.split_once('?').unwrap(), ("/oidc/logout", "client_id=x&state=a+b")] {
        let post = app.post(path).header("origin", "https://chat.example.org").header("sec-fetch-site", "cross-site");
        let to = post.body(FORM, query).send().await;
        assert_eq!(to.redirect(), format!("{path}?{query}"));
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_refused_in_the_words_of_the_protocol() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let chat = chat(&app, &key, json!({})).await;
    let (id, secret) = (chat["id"].as_str().unwrap(), chat["client_secret"].as_str().unwrap());
    let post = async |path: &str, fields: &[(&str, &str)]| app.post(path).body(FORM, encoded(fields)).send().await;
    for fields in [
        &[("grant_type", "authorization_code"), ("client_id", id)][..],
        &[("grant_type", "authorization_code"), ("client_id", id), ("client_secret", "wrong")],
        &[("grant_type", "authorization_code")],
        &[("client_id", "x"), ("client_secret", secret)],
    ] {
        let refused = post("/oidc/token", fields).await.expect(401);
        assert_eq!(refused.json()["error"], "invalid_client");
        assert_eq!(refused.header("www-authenticate"), None);
    }
    let wrong = app.post("/oidc/token").header("authorization", "Basic eDp5").body(FORM, "grant_type=x").send().await;
    assert!(wrong.expect(401).header("www-authenticate").unwrap().starts_with("Basic "));
    let own = [("client_id", id), ("client_secret", secret)];
    let with = |more: &[(&'static str, &'static str)]| [&own[..], more].concat();
    for (fields, error) in [
        (with(&[]), "invalid_request"),
        (with(&[("grant_type", "password")]), "unsupported_grant_type"),
        (with(&[("grant_type", "authorization_code")]), "invalid_request"),
        (with(&[("grant_type", "refresh_token"), ("refresh_token", "x")]), "invalid_grant"),
        (with(&[("grant_type", "x"), ("grant_type", "y")]), "invalid_request"),
    ] {
        assert_eq!(post("/oidc/token", &fields).await.expect(400).json()["error"], error, "{fields:?}");
    }
    let json = app.post("/oidc/token").json(&json!({ "grant_type": "x" })).send().await;
    assert_eq!(json.expect(400).json()["error"], "invalid_request");
    assert_eq!(post("/oidc/revoke", &with(&[])).await.expect(400).json()["error"], "invalid_request");
    post("/oidc/revoke", &with(&[("token", "unknown")])).await.expect(200);
    let introspected = post("/oidc/introspect", &with(&[("token", "unknown")])).await.expect(200).json();
    assert_eq!(introspected, json!({ "active": false }));
    let preflight = app.call("OPTIONS", "/oidc/token").header("origin", "https://spa.example").send().await.expect(204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-allow-credentials"), None);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_asked_before_another_site_signs_them_out() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let oidc = json!({ "post_logout_redirect_uris": ["https://chat.example.org/"] });
    let chat = chat(&app, &key, oidc).await;
    let mateo = app.person("mateo", Role::User).await;
    let cookie = app.cookie_of(&mateo).await;
    let back = app.get(&authorize(&chat, &[])).cookie(&cookie).send().await;
    let tokens = exchange(&app, &chat, &returned(back.redirect())["code"]).await.json();
    let id = chat["id"].as_str().unwrap();
    let asks = app.get(&format!("/oidc/logout?client_id={id}")).cookie(&cookie).send().await.expect(200);
    assert!(asks.text().contains("Chat &amp; talk asks you to sign out") && asks.set_cookie("latchkey").is_none());
    let other = app.cookie_of(&mateo).await;
    let confirmed = app.post("/oidc/logout/confirm").form(&[("request", "")]).cookie(&other).send().await.expect(200);
    assert!(confirmed.text().contains("You are signed out") && confirmed.set_cookie("latchkey").is_some());
    // The application shows by its ID token that this is the session it belongs to.
    let hint = encoded(&[
        ("id_token_hint", tokens["id_token"].as_str().unwrap()),
        ("post_logout_redirect_uri", "https://chat.example.org/"),
    ]);
    let done = app.get(&format!("/oidc/logout?{hint}")).cookie(&cookie).send().await;
    assert_eq!(done.redirect(), "https://chat.example.org/");
    assert!(done.set_cookie("latchkey").unwrap().contains("Max-Age=0"));
    assert!(app.get("/me").cookie(&cookie).send().await.redirect().starts_with("/login"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_codes_nor_tokens_nor_secrets_are_stored() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let chat = chat(&app, &key, json!({})).await;
    let mateo = app.person("mateo", Role::User).await;
    let cookie = app.cookie_of(&mateo).await;
    let scope = authorize(&chat, &[]).replace("roles", "offline_access");
    let back = app.get(&scope).cookie(&cookie).send().await;
    let code = returned(back.redirect())["code"].clone();
    let tokens = exchange(&app, &chat, &code).await.expect(200).json();
    let secrets = [
        code.as_str(),
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        chat["client_secret"].as_str().unwrap(),
    ];
    let TestApp { ctx, database, router } = app;
    drop(router);
    ctx.close().await;
    let folder = database.key_file().parent().unwrap().to_owned();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for secret in secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{} has {}…", path.display(), &secret[..8]);
            }
        }
    }
}
