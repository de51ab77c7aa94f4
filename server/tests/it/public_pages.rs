//! The public pages, which work without JavaScript.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::app::Setup;
use crate::harness::people::sign_up;
use crate::harness::{Kind, PASSWORD, TestApp, on_both_databases};

/// The value of the input called `name`.
fn value_of(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\"");
    let tag = page.split("<input").find(|tag| tag.contains(&marker)).unwrap_or_else(|| panic!("no {name}"));
    let tag = tag.split('>').next().unwrap();
    tag.split_once(" value=\"").map_or_else(String::new, |(_, rest)| rest.split('"').next().unwrap().to_owned())
}

fn page_of(invite: &Value) -> String {
    format!("/signup?inv={}", invite["code"].as_str().unwrap())
}

on_both_databases! {
    async fn the_setup_link_creates_the_owner_once(app: &TestApp) {
        assert_eq!(app.get("/").send().await.redirect(), "/setup");
        assert_eq!(app.get("/signup").send().await.redirect(), "/setup");
        let without = app.get("/setup").send().await.expect(200).text();
        assert!(without.contains("latchkey setup-link") && !without.contains("<form"));
        app.get("/setup?token=wrong").send().await.expect(404);

        let link = service::setup::link(&app.ctx).await.unwrap();
        let path = link.strip_prefix(app.origin()).unwrap().to_owned();
        let page = app.get(&path).send().await.expect(200).text();
        assert!(!page.contains("<script"));
        let token = value_of(&page, "token");
        let fields = |email: &'static str| [
            ("token", token.clone()), ("site_name", "The Reading Room".to_owned()), ("email", email.to_owned()),
            ("username", "ines".to_owned()), ("name", String::new()), ("password", PASSWORD.to_owned()),
        ];
        let post = async |email: &'static str| {
            let fields = fields(email);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            app.post("/setup").form(&fields).send().await
        };
        let again = post("nobody").await.expect(422).text();
        assert_eq!(value_of(&again, "site_name"), "The Reading Room");
        assert_eq!((value_of(&again, "email"), value_of(&again, "password")), ("nobody".to_owned(), String::new()));
        assert_eq!(app.database.rows("accounts").await, 0);
        let wrong = [
            ("token", token.as_str()), ("site_name", "The Reading Room"), ("email", "ines@example.org"),
            ("username", "no spaces"), ("password", "password123"),
        ];
        let wrong = app.post("/setup").form(&wrong).send().await.expect(422).text();
        assert!(wrong.contains("username-error") && wrong.contains("password-error"), "all at once: {wrong}");

        let done = post("ines@example.org").await;
        assert_eq!(done.redirect(), "/admin");
        app.get("/admin").cookie(&done.cookie("latchkey")).send().await.expect(200);
        post("other@example.org").await.expect(409);
        app.get(&path).send().await.expect(409);
        assert_eq!(app.database.rows("accounts").await, 1);
        assert_eq!(app.get("/setup").send().await.redirect(), "/login");
        assert!(app.get("/login").send().await.expect(200).text().contains("The Reading Room"));
    }
}

on_both_databases! {
    async fn the_sign_up_page_shows_the_invite_and_creates_an_account(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "label": "secret label", "role": "moderator", "max_uses": 7, "expires_in_hours": 48 });
        let invite = app.invite(&key, &draft).await;
        let page = app.get(&page_of(&invite)).send().await.expect(200).text();
        for known in ["ines", "moderator", "7 uses"] {
            assert!(page.contains(known), "{known}");
        }
        assert!(!page.contains("secret label"));
        assert_eq!(value_of(&page, "code"), invite["code"]);
        let attempt = value_of(&page, "attempt");
        let post = |password: &'static str, email: &'static str, attempt: String| {
            app.post("/signup").form(&[
                ("attempt", &attempt), ("code", invite["code"].as_str().unwrap()), ("email", email),
                ("username", "mateo"), ("name", "Mateo Quispe"), ("password", password),
            ]).send()
        };
        let wrong = post("short", "nobody", attempt.clone()).await.expect(422).text();
        for (name, typed) in [
            ("email", "nobody"), ("username", "mateo"), ("name", "Mateo Quispe"), ("attempt", &attempt), ("password", ""),
        ] {
            assert_eq!(value_of(&wrong, name), typed, "{name}");
        }
        assert!(wrong.contains("aria-invalid"));
        post(PASSWORD, "ines@example.org", attempt.clone()).await.expect(409);
        assert_eq!(app.database.used().await, 0);

        let done = post(PASSWORD, "mateo@example.org", attempt.clone()).await;
        assert_eq!(done.redirect(), "/me");
        let cookie = done.cookie("latchkey");
        assert!(app.get("/me").cookie(&cookie).send().await.expect(200).text().contains("Mateo"));
        // The form is submitted twice, or the page is reloaded.
        assert_eq!(post(PASSWORD, "mateo@example.org", attempt.clone()).await.redirect(), "/me");
        // The attempt id without the password does not start a session.
        let stranger = post("another password altogether", "mateo@example.org", attempt).await;
        assert_eq!((stranger.redirect(), stranger.set_cookie("latchkey")), ("/login", None));
        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (1, 2));
        let again = app.get(&page_of(&invite)).cookie(&cookie).send().await.expect(200).text();
        assert!(!again.contains("name=\"password\""), "a signed-in user gets no form");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_unavailable_invite_shows_the_reason_for_random_codes_only() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let act = |invite: &Value, what: &str| {
        app.post(&format!("/api/v1/admin/invites/{}/{what}", invite["id"].as_str().unwrap())).bearer(&key).send()
    };
    for own in [false, true] {
        let code = |name: &str| if own { json!(format!("own-{name}")) } else { Value::Null };
        let paused = app.invite(&key, &json!({ "code": code("paused") })).await;
        act(&paused, "pause").await.expect(200);
        let scheduled = json!({ "code": code("scheduled"), "starts_at": "2098-01-01T00:00:00Z" });
        let scheduled = app.invite(&key, &scheduled).await;
        let full = app.invite(&key, &json!({ "code": code("full"), "max_uses": 1 })).await;
        app.sign_up(&sign_up(&full["code"], if own { "luz" } else { "mateo" })).await.expect(201);
        let expired =
            app.invite(&key, &json!({ "code": code("expired"), "expires_in_hours": 1, "label": "Expired" })).await;
        app.database.execute("UPDATE invites SET expires_at = 1 WHERE label = 'Expired'").await;
        for (invite, words) in
            [(&paused, "is paused"), (&scheduled, "not started"), (&full, "is used up"), (&expired, "has expired")]
        {
            let page = app.get(&page_of(invite)).send().await;
            if own {
                // Custom codes can be guessed, so the page reveals nothing.
                let unknown = app.get("/signup?inv=unknown-key").send().await.expect(404).text();
                let text = page.expect(404).text();
                assert_eq!(text.replace(invite["code"].as_str().unwrap(), "unknown-key"), unknown);
            } else {
                let text = page.expect(410).text();
                assert!(text.contains(words) && text.contains("ines"), "{words}: {text}");
            }
        }
    }
    for unknown in ["unknown-key", "x", "%00", "%FF", "%E2%80%AE", &"x".repeat(300)] {
        let page = app.get(&format!("/signup?inv={unknown}")).send().await.expect(404).text();
        assert!(page.contains("This invite code doesn’t work") && page.contains("aria-invalid"), "{unknown}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn input_is_kept_if_the_code_becomes_invalid() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    app.invite(&key, &json!({ "code": "own-code-7", "max_uses": 1 })).await;
    app.sign_up(&sign_up(&json!("own-code-7"), "luz")).await.expect(201);
    let form = [("code", "own-code-7"), ("email", "mateo@example.org"), ("username", "mateo"), ("password", PASSWORD)];
    let page = app.post("/signup").form(&form).send().await.expect(404).text();
    assert!(page.contains("This invite code doesn’t work. It may be mistyped, expired, used up"));
    assert_eq!((value_of(&page, "email"), value_of(&page, "username")), ("mateo@example.org".into(), "mateo".into()));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_is_said_of_both_fields_with_a_link_to_sign_in() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
    let code = invite["code"].as_str().unwrap();
    let form = [("code", code), ("email", "ines@example.org"), ("username", "MATEO"), ("password", PASSWORD)];
    let page = app.post("/signup").form(&form).send().await.expect(409).text();
    assert_eq!(page.matches("aria-invalid").count(), 2, "{page}");
    assert!(
        page.contains("This e-mail address already has an account.")
            && page.contains("\u{201C}MATEO\u{201D} is taken. Choose another.")
    );
    let sign_in = format!("<a href=\"/login?next=%2Fsignup%3Finv%3D{code}\">Sign in with it instead<");
    assert!(page.contains(&sign_in), "{page}");
    assert!(page.contains("Enter it again: passwords are not kept."));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_page_says_what_one_can_do() {
    use domain::settings::RegistrationMode::{Closed, InviteOnly, Open};
    for (mode, words) in
        [(InviteOnly, "Have an invite code?"), (Open, "No account yet?"), (Closed, "Registration is closed.")]
    {
        let app = TestApp::start_as(Kind::Sqlite, Setup { registration_mode: Some(mode), ..Setup::default() }).await;
        let before = app.get("/login").send().await.expect(200).text();
        assert!(before.contains("This site is not set up yet") && !before.contains("name=\"password\""));
        app.person("ines", Role::Owner).await;
        let page = app.get("/login").send().await.expect(200).text();
        assert!(page.contains(words) && page.contains("href=\"/forgot\""), "{mode}: {page}");
        assert_eq!(page.contains("href=\"/signup\""), mode != Closed, "{mode}");
        assert!(!page.contains("Your session has ended"));
        let ended = app.get("/login?next=%2Fadmin").cookie("latchkey=over").send().await.expect(200).text();
        assert!(ended.contains("Your session has ended. Sign in again."), "{mode}");
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_registration_says_beforehand_that_approval_is_needed() {
    use domain::settings::RegistrationMode::Open;
    let app = TestApp::start_as(Kind::Sqlite, Setup { registration_mode: Some(Open), ..Setup::default() }).await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let note = "an admin may have to approve your account";
    assert!(app.get("/signup").send().await.expect(200).text().contains(note));
    assert!(!app.get(&page_of(&invite)).send().await.expect(200).text().contains(note), "by an invite it is not");
    app.database.execute("UPDATE settings SET default_role = 'user'").await;
    assert!(!app.get("/signup").send().await.expect(200).text().contains(note));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_an_invite_link_redirects_to_the_sign_up_page() {
    let app = TestApp::sqlite().await;
    app.owner_key().await;
    for path in ["/inv/7QmX2pVd9KtR", "/inv?=7QmX2pVd9KtR", "/inv?key=7QmX2pVd9KtR"] {
        assert_eq!(app.get(path).send().await.redirect(), "/signup?inv=7QmX2pVd9KtR", "{path}");
    }
    for (path, target) in
        [("/inv", "/signup"), ("/inv?key=", "/signup"), ("/inv/%2F%2Fevil.example", "/signup?inv=%2F%2Fevil.example")]
    {
        assert_eq!(app.get(path).send().await.redirect(), target, "{path}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_code_the_page_depends_on_the_registration_mode() {
    use domain::settings::RegistrationMode::{Closed, InviteOnly, Open};
    for (mode, status, form) in [(InviteOnly, 200, false), (Open, 200, true), (Closed, 403, false)] {
        let setup = Setup { registration_mode: Some(mode), ..Setup::default() };
        let app = TestApp::start_as(Kind::Sqlite, setup).await;
        app.person("ines", Role::Owner).await;
        let page = app.get("/signup").send().await.expect(status).text();
        assert_eq!(page.contains("name=\"password\""), form, "{mode}");
        app.close().await;
    }
}
