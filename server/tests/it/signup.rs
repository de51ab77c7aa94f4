//! `POST /api/v1/signup`.

use domain::settings::RegistrationMode;
use serde_json::{Value, json};

use crate::harness::app::Setup;
use crate::harness::people::sign_up;
use crate::harness::{Kind, PASSWORD, TestApp, on_both_databases};

on_both_databases! {
    async fn a_sign_up_creates_an_account(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "role": "moderator", "max_uses": 2 })).await;
        let mut body = sign_up(&invite["code"], "mateo");
        body["email"] = json!(" Mateo.QH@Example.org ");
        body["name"] = json!("  Mateo Quispe Huamán ");
        let answer = app.sign_up(&body).await.expect(201);
        let account = &answer.json()["account"];
        for (member, value) in [
            ("email", "Mateo.QH@Example.org"), ("username", "mateo"), ("name", "Mateo Quispe Huamán"),
            ("role", "moderator"), ("status", "active"),
        ] {
            assert_eq!(account[member], value, "{member}");
        }
        assert_eq!(account.as_object().unwrap().len(), 7, "{account}");
        assert!(!answer.text().contains("umbrellas"));
        assert_eq!(app.database.used().await, 1);
        assert_eq!(app.database.rows("redemptions").await, 1);
    }
}

on_both_databases! {
    async fn all_invalid_fields_are_named(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({})).await;
        app.sign_up(&json!({})).await.invalid(&["code", "email", "username", "password"]);
        let code = &invite["code"];
        let wrong = json!({ "code": code, "email": "luz@example.org", "username": "a", "password": "password123" });
        app.sign_up(&wrong).await.invalid(&["username", "password"]);
        let reserved = app.sign_up(&sign_up(code, "Admin")).await;
        reserved.invalid(&["username"]);
        assert!(reserved.text().contains("This username is reserved. Choose another."));
        let with = |field: &str, value: Value| {
            let mut body = sign_up(code, "mateo");
            body[field] = value;
            body
        };
        for (body, field) in [
            (with("email", json!("nobody")), "email"),
            (with("email", json!("a\u{0}@example.org")), "email"),
            (with("email", json!(format!("{}@example.org", "x".repeat(300)))), "email"),
            (with("username", json!("-mateo")), "username"),
            (with("username", json!("x".repeat(33))), "username"),
            (with("username", json!("ma\u{202E}teo")), "username"),
            (with("name", json!("a\u{202E}b")), "name"),
            (with("name", json!("x".repeat(101))), "name"),
            (with("password", json!("short")), "password"),
            (with("password", json!("x".repeat(257))), "password"),
            (with("password", json!("password123")), "password"),
            (with("password", json!("mateo@example.org")), "password"),
            (with("email", Value::Null), "email"),
            (with("password", json!(1_234_567_890)), "password"),
            (with("role", json!("owner")), "role"),
        ] {
            app.sign_up(&body).await.invalid(&[field]);
        }
        assert_eq!(app.database.used().await, 0);
        assert_eq!(app.database.rows("accounts").await, 1);
    }
}

on_both_databases! {
    async fn a_taken_email_or_username_is_a_conflict_in_any_case(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({})).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        let mut body = sign_up(&invite["code"], "other");
        body["email"] = json!("MATEO@example.ORG");
        assert_eq!(app.sign_up(&body).await.problem(409, "email_taken")["fields"][0]["field"], "email");
        let mut body = sign_up(&invite["code"], "MATEO");
        body["email"] = json!("other@example.org");
        assert_eq!(app.sign_up(&body).await.problem(409, "username_taken")["fields"][0]["field"], "username");
        assert_eq!(app.database.used().await, 1);
    }
}

on_both_databases! {
    async fn a_repeated_idempotency_key_returns_the_same_account(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 1 })).await;
        let body = sign_up(&invite["code"], "mateo");
        let send = |body: &Value, key: &str| app.post("/api/v1/signup").json(body).header("idempotency-key", key).send();
        let first = send(&body, "attempt 1").await.expect(201).json();
        assert_eq!(send(&body, "attempt 1").await.expect(201).json(), first);
        // A different password is the same attempt, because passwords are not stored for comparison.
        let mut other = body.clone();
        other["password"] = json!("another bench by the window");
        assert_eq!(send(&other, "attempt 1").await.expect(201).json(), first);
        other["name"] = json!("Somebody Else");
        let reused = send(&other, "attempt 1").await;
        assert_eq!(reused.problem(422, "idempotency_key_reused")["fields"][0]["field"], "idempotency_key");
        send(&body, "attempt 2").await.problem(404, "invite_invalid");
        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (1, 2));
    }
}

on_both_databases! {
    async fn an_invalid_idempotency_key_is_an_invalid_field(app: &TestApp) {
        app.owner_key().await;
        let body = sign_up(&json!("0000000000AB"), "mateo");
        for bad in ["", &"x".repeat(256), "schlüssel"] {
            let answer = app.post("/api/v1/signup").json(&body).header("idempotency-key", bad).send().await;
            answer.invalid(&["idempotency_key"]);
        }
    }
}

async fn in_mode(mode: RegistrationMode) -> TestApp {
    let setup = Setup { registration_mode: Some(mode), ..Setup::default() };
    TestApp::start_as(Kind::Sqlite, setup).await
}

fn without_code(username: &str) -> Value {
    json!({ "email": format!("{username}@example.org"), "username": username, "password": PASSWORD })
}

#[tokio::test(flavor = "multi_thread")]
async fn if_registration_is_invite_only_the_code_is_required() {
    let app = in_mode(RegistrationMode::InviteOnly).await;
    app.owner_key().await;
    app.sign_up(&without_code("mateo")).await.invalid(&["code"]);
    let mut empty = without_code("mateo");
    empty["code"] = Value::Null;
    app.sign_up(&empty).await.invalid(&["code"]);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn if_registration_is_open_an_invalid_code_is_still_an_error() {
    let app = in_mode(RegistrationMode::Open).await;
    app.owner_key().await;
    app.sign_up(&sign_up(&json!("0000000000AB"), "mateo")).await.problem(404, "invite_invalid");
    let account = app.sign_up(&without_code("mateo")).await.expect(201).json();
    assert_eq!((&account["account"]["role"], &account["account"]["status"]), (&json!("user"), &json!("pending")));
    assert_eq!(app.database.rows("redemptions").await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn if_registration_is_closed_a_code_is_refused() {
    let app = in_mode(RegistrationMode::Closed).await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.problem(403, "registration_closed");
    app.sign_up(&sign_up(&json!("0000000000AB"), "mateo")).await.problem(403, "registration_closed");
    assert_eq!(app.database.used().await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_is_refused_before_there_is_an_owner() {
    let app = in_mode(RegistrationMode::Open).await;
    app.sign_up(&without_code("mateo")).await.problem(403, "registration_closed");
    assert_eq!(app.database.rows("accounts").await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_rate_limited_with_retry_after() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let good = format!("/api/v1/invites/{}", invite["code"].as_str().unwrap());
    let mut tries = 0;
    let answer = loop {
        let answer = app.get(&format!("/api/v1/invites/guess{tries}")).send().await;
        if answer.status.as_u16() != 404 {
            break answer;
        }
        tries += 1;
        assert!(tries < 1_000, "guesses are not limited");
    };
    answer.problem(429, "rate_limited");
    assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    // The limit is per IP address, for look-ups and sign-ups together.
    app.get(&good).send().await.problem(429, "rate_limited");
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.problem(429, "rate_limited");
    app.close().await;
}
