//! Signing in and out, and the immediate end of sessions.

use std::sync::Arc;

use domain::accounts::Role;
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::app::Setup;
use crate::harness::{Kind, PASSWORD, TestApp};

const COOKIE: &str = "latchkey";

async fn is_signed_in(app: &TestApp, cookie: &str) -> bool {
    app.post("/_fn/me/viewer").cookie(cookie).json(&json!({})).send().await.status.is_success()
}

#[tokio::test(flavor = "multi_thread")]
async fn users_sign_in_with_email_or_username_in_any_case_and_sign_out() {
    let app = TestApp::sqlite().await;
    app.person("Ines", Role::Owner).await;
    for login in ["ines", "INES@example.org", "Ines"] {
        let answer = app.post("/login").form(&[("login", login), ("password", PASSWORD)]).send().await;
        assert_eq!(answer.redirect(), "/");
        let cookie = answer.cookie(COOKIE);
        assert!(is_signed_in(&app, &cookie).await);
        assert_eq!(app.get("/").cookie(&cookie).send().await.redirect(), "/admin");
        assert_eq!(app.get("/login").cookie(&cookie).send().await.redirect(), "/");

        let signed_out = app.post("/logout").cookie(&cookie).form(&[]).send().await;
        assert_eq!(signed_out.redirect(), "/login");
        assert!(signed_out.set_cookie(COOKIE).unwrap().contains("Max-Age=0"));
        assert!(!is_signed_in(&app, &cookie).await, "the old cookie is no longer valid");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limited_form_has_retry_after() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    app.person("ines", Role::Owner).await;
    let refused = loop {
        let form = [("login", "ines"), ("password", "not her password")];
        let answer = app.post("/login").form(&form).send().await;
        if answer.status.as_u16() == 429 {
            break answer;
        }
        answer.expect(401);
    };
    let seconds: u32 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=600).contains(&seconds), "{seconds}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_account_get_the_same_page() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    let mut pages = Vec::new();
    for (login, password) in
        [("ines", "not her password"), ("nobody", PASSWORD), ("ines", ""), ("", ""), ("i\u{0}", "not her password")]
    {
        let answer = app.post("/login").form(&[("login", login), ("password", password)]).send().await.expect(401);
        assert_eq!(answer.set_cookie(COOKIE), None);
        let page = answer.text();
        if !login.is_empty() && !login.contains('\u{0}') {
            assert!(page.contains(&format!("value=\"{login}\"")), "the input is kept");
            pages.push(page.replace(login, "…"));
        }
        assert!(password.is_empty() || !answer.text().contains(password));
    }
    assert_eq!(pages[0], pages[1]);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suspension_ends_sessions_and_api_keys_immediately() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let admin = app.person("noor", Role::Admin).await;
    let (cookie, key) = (app.cookie_of(&admin).await, app.key_of(&admin).await);
    let owners = app.cookie_of(&owner).await;
    app.get("/api/v1/admin/invites").bearer(&key).send().await.expect(200);
    assert!(is_signed_in(&app, &cookie).await);

    let act =
        |what: &str| app.post(&format!("/_fn/accounts/{what}")).cookie(&owners).json(&json!({ "id": admin.id })).send();
    act("suspend").await.expect(200);
    assert!(!is_signed_in(&app, &cookie).await);
    app.get("/api/v1/admin/invites").bearer(&key).send().await.problem(401, "unauthenticated");
    let again = app.post("/login").form(&[("login", "noor"), ("password", PASSWORD)]).send().await.expect(403);
    assert_eq!(again.set_cookie(COOKIE), None);

    act("restore").await.expect(200);
    let again = app.post("/login").form(&[("login", "noor"), ("password", PASSWORD)]).send().await;
    assert!(is_signed_in(&app, &again.cookie(COOKIE)).await);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_a_session_keeps_the_others() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let (here, there) = (app.cookie_of(&owner).await, app.cookie_of(&owner).await);
    let list = app.post("/_fn/sessions/list").cookie(&here).json(&json!({})).send().await.expect(200).json();
    let other = list.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let body = json!({ "id": other["id"] });
    app.post("/_fn/sessions/revoke").cookie(&here).json(&body).send().await.expect(200);
    assert!(is_signed_in(&app, &here).await);
    assert!(!is_signed_in(&app, &there).await);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_ends_the_other_sessions() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let (here, there) = (app.cookie_of(&owner).await, app.cookie_of(&owner).await);
    let change = |current: &str| {
        let body = json!({ "change": { "current": current, "new": "eleven dry umbrellas in Braga" } });
        app.post("/_fn/me/change-password").cookie(&here).json(&body).send()
    };
    let refused = change("not her password").await;
    assert!(refused.status.is_client_error());
    assert!(is_signed_in(&app, &there).await);
    change(PASSWORD).await.expect(200);
    assert!(is_signed_in(&app, &here).await);
    assert!(!is_signed_in(&app, &there).await);
    app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await.expect(401);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_api_key_is_rejected() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    let body = json!({ "name": "Backup", "scope": "full", "lifetime": "Month" });
    let made = app.post("/_fn/keys/create").cookie(&cookie).json(&body).send().await.expect(200).json();
    let secret = made["secret"].as_str().unwrap();
    app.get("/api/v1/admin/invites").bearer(secret).send().await.expect(200);
    let list = app.post("/_fn/keys/list").cookie(&cookie).json(&json!({})).send().await.expect(200);
    assert!(!list.text().contains(secret), "a key is shown once");
    let body = json!({ "id": made["key"]["id"] });
    app.post("/_fn/keys/revoke").cookie(&cookie).json(&body).send().await.expect(200);
    app.get("/api/v1/admin/invites").bearer(secret).send().await.problem(401, "unauthenticated");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_rejected() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    assert!(is_signed_in(&app, &cookie).await);
    app.database.execute(&format!("UPDATE sessions SET expires_at = {}", app.ctx.now().as_micros())).await;
    assert!(!is_signed_in(&app, &cookie).await);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_wrong_passwords_at_once_ten_are_tried() {
    let app = Arc::new(TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await);
    app.person("ines", Role::Owner).await;
    let mut guesses = JoinSet::new();
    for number in 0..200 {
        let (app, login) = (Arc::clone(&app), ["ines", "ines@example.org"][number % 2]);
        guesses.spawn(async move {
            let guess = app.post("/login").form(&[("login", login), ("password", "a guess")]).send().await;
            guess.status.as_u16()
        });
    }
    let answers = guesses.join_all().await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(401), count(429)), (10, 190));
    app.ctx.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_over_a_session_ends_it() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    app.person("noor", Role::Admin).await;
    let old = app.cookie_of(&owner).await;
    let form = [("login", "noor"), ("password", PASSWORD)];
    let answer = app.post("/login").form(&form).cookie(&old).send().await;
    let new = answer.cookie(COOKIE);
    assert!(!is_signed_in(&app, &old).await);
    assert!(is_signed_in(&app, &new).await);

    let key = app.key_of(&owner).await;
    let invite = app.invite(&key, &json!({})).await;
    let form = [
        ("attempt", "5f6b7c0a-1111-4222-8333-444455556666"),
        ("code", invite["code"].as_str().unwrap()),
        ("email", "mateo@example.org"),
        ("username", "mateo"),
        ("password", PASSWORD),
    ];
    let joined = app.post("/signup").form(&form).cookie(&new).send().await;
    assert!(!is_signed_in(&app, &new).await, "nor does signing up leave one behind");
    assert!(is_signed_in(&app, &joined.cookie(COOKIE)).await);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_form_that_is_sent_again_lets_nobody_guess_and_nobody_suspended_in() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    let owner = app.person("ines", Role::Owner).await;
    let owners = app.cookie_of(&owner).await;
    let key = app.key_of(&owner).await;
    let invite = app.invite(&key, &json!({})).await;
    let send = async |password: &str| {
        let form = [
            ("attempt", "5f6b7c0a-1111-4222-8333-444455556666"),
            ("code", invite["code"].as_str().unwrap()),
            ("email", "mateo@example.org"),
            ("username", "mateo"),
            ("password", password),
        ];
        app.post("/signup").form(&form).send().await
    };
    let joined = send(PASSWORD).await.cookie(COOKIE);
    let viewer = app.post("/_fn/me/viewer").cookie(&joined).json(&json!({})).send().await.expect(200).json();
    let account = json!({ "id": viewer["account"]["id"] });

    app.post("/_fn/accounts/suspend").cookie(&owners).json(&account).send().await.expect(200);
    let again = send(PASSWORD).await;
    assert_eq!((again.redirect(), again.set_cookie(COOKIE)), ("/login", None));
    app.post("/_fn/accounts/restore").cookie(&owners).json(&account).send().await.expect(200);
    assert_eq!(app.database.rows("sessions").await, 1, "the owner's");

    for guess in 0..10 {
        let answer = send(&format!("guess number {guess}")).await;
        assert_eq!((answer.redirect(), answer.set_cookie(COOKIE)), ("/login", None));
    }
    let limited = send(PASSWORD).await.expect(429);
    assert_eq!(limited.set_cookie(COOKIE), None);
    app.close().await;
}
