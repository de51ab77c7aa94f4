//! Typed text is escaped in the head of every page, and every page has a title.

use domain::accounts::Role;
use domain::settings::RegistrationMode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::people::sign_up;
use crate::harness::{PASSWORD, TestApp};

/// Redirects the browser if it is not escaped. It fits into every kind of name.
const EVIL: &str = "</title><meta http-equiv=refresh content=\"0;url=//evil.example\">";
const AS_TEXT: &str = "&lt;/title&gt;&lt;meta http-equiv=refresh content=\"0;url=//evil.example\"&gt;";

/// The title of a page, as HTML.
#[track_caller]
fn title<'a>(path: &str, page: &'a str) -> &'a str {
    let head = page.split_once("</head>").unwrap_or_else(|| panic!("{path}: {page}")).0;
    // Icons and charts in the body have titles of their own.
    assert_eq!(head.matches("<title").count(), 1, "{path}: {head}");
    assert_eq!(head.matches("</title>").count(), 1, "{path}: {head}");
    let (_, rest) = head.split_once("<title>").unwrap_or_else(|| panic!("{path}: {head}"));
    let title = rest.split_once("</title>").unwrap().0;
    assert!(!title.trim().is_empty(), "{path}: a page without a title");
    assert!(!title.contains(['<', '>']), "{path}: {title}");
    title
}

/// The contents of the meta elements in a page's head.
fn metas(page: &str) -> Vec<&str> {
    let head = page.split_once("</head>").expect("a head").0;
    head.split("<meta ").skip(1).map(|rest| rest.split_once('>').expect("its end").0).collect()
}

#[track_caller]
fn check<'a>(path: &str, page: &'a str) -> &'a str {
    assert!(!page.contains(EVIL), "{path}: what was typed is markup");
    assert!(!page.contains("</title><meta http-equiv"), "{path}");
    for meta in metas(page) {
        assert!(!meta.contains("http-equiv=refresh") || meta.contains("content=\""), "{path}: {meta}");
        assert!(!meta.starts_with("http-equiv"), "{path}: {meta}");
    }
    title(path, page)
}

async fn call(app: &TestApp, cookie: &str, function: &str, body: Value) -> Value {
    app.post(&format!("/_fn/{function}")).cookie(cookie).json(&body).send().await.expect(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_text_never_becomes_markup_in_the_head_of_a_page() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
    call(&app, &cookie, "settings/update", json!({ "draft": { "site_name": EVIL } })).await;
    call(&app, &cookie, "me/rename", json!({ "name": EVIL })).await;
    call(&app, &cookie, "keys/create", json!({ "name": EVIL, "scope": "full", "lifetime": "Month" })).await;
    let invite = app.invite(&key, &json!({ "label": EVIL, "max_uses": 5 })).await;
    let paused = app.invite(&key, &json!({ "label": EVIL })).await;
    app.post(&format!("/api/v1/admin/invites/{}/pause", paused["id"].as_str().unwrap()))
        .bearer(&key)
        .send()
        .await
        .expect(200);
    let mut member = sign_up(&invite["code"], "mateo");
    member["name"] = json!(EVIL);
    app.sign_up(&member).await.expect(201);

    let detail = format!("/admin/invites/{}", invite["id"].as_str().unwrap());
    let nothing = format!("/admin/invites/{}", Uuid::from_u128(7));
    for (path, status, words) in [
        ("/admin", 200, "Overview · Latchkey"),
        ("/admin/invites", 200, "Invites · Latchkey"),
        (&format!("/admin/invites?q={}", "%3C%2Ftitle%3E"), 200, "Invites · Latchkey"),
        (&detail, 200, AS_TEXT),
        (&nothing, 404, "Invite · Latchkey"),
        ("/admin/invites/none", 404, "Invite · Latchkey"),
        ("/admin/redemptions", 200, "Redemptions · Latchkey"),
        ("/admin/members", 200, "Members · Latchkey"),
        ("/admin/settings", 200, "Settings · Latchkey"),
        ("/admin/mail", 200, "E-mail · Latchkey"),
        ("/admin/nowhere", 404, "Latchkey"),
        ("/me", 200, "Latchkey"),
        ("/me/account", 200, "Latchkey"),
        ("/me/nowhere", 404, "Latchkey"),
        // A public page for a signed-in user.
        ("/signup", 200, ""),
    ] {
        let page = app.get(path).cookie(&cookie).send().await.expect(status).text();
        let title = check(path, &page);
        assert!(title.contains(words), "{path}: {title}");
    }
    let form = [("code", "x"), ("email", "nobody"), ("username", "-"), ("name", EVIL), ("password", PASSWORD)];
    let wrong = app.post("/signup").form(&form).send().await.expect(422).text();
    assert!(check("a sign-up with wrong fields", &wrong).contains("&lt;/title&gt;"));
    let code = |invite: &Value| invite["code"].as_str().unwrap().to_owned();
    for mode in [RegistrationMode::InviteOnly, RegistrationMode::Open, RegistrationMode::Closed] {
        call(&app, &cookie, "settings/update", json!({ "draft": { "registration_mode": mode } })).await;
        for path in [
            "/login".to_owned(),
            "/signup".to_owned(),
            format!("/signup?inv={}", code(&invite)),
            format!("/signup?inv={}", code(&paused)),
            "/signup?inv=%3C%2Ftitle%3E%3Cmeta%20http-equiv%3Drefresh%3E".to_owned(),
            "/setup?token=%3C%2Ftitle%3E".to_owned(),
            "/nowhere".to_owned(),
            "/api/docs".to_owned(),
        ] {
            let page = app.get(&path).send().await.text();
            check(&path, &page);
        }
    }
    let page = app.get("/login").send().await.expect(200).text();
    assert!(title("/login", &page).contains("&lt;/title&gt;"), "a page that names the site names it in its title");
    app.close().await;
}
