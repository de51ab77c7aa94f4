//! What is said of a form while it is typed.

use domain::accounts::Strength;
use domain::signup::Checked;
use futures::future::{join, join_all};

use super::*;
use crate::platform::network::Network;

fn client(ip: &str) -> Client {
    Client { ip: ip.parse().ok(), ..Client::default() }
}

fn typed(code: &str, username: &str, password: &str) -> SignUpDraft {
    SignUpDraft {
        code: code.to_owned(),
        email: format!("{username}@postbox.example"),
        username: username.to_owned(),
        password: password.to_owned(),
        ..SignUpDraft::default()
    }
}

async fn check(app: &TestApp, draft: &SignUpDraft) -> Checked {
    signup::check(&app.ctx, draft, &Client::default()).await.unwrap()
}

/// The wrong fields with what is said of them, sorted.
fn said(fields: Vec<domain::FieldError>) -> Vec<(String, String)> {
    let mut said: Vec<_> = fields.into_iter().map(|wrong| (wrong.field, wrong.message)).collect();
    said.sort();
    said
}

on_both_databases! {
    async fn a_check_says_what_a_sign_up_would(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 2).await;
        let locked = serde_json::from_str(r#"{"email_domains":["example.org"]}"#).unwrap();
        let locked = app.invite(&owner, locked).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        for draft in [
            typed(code(&invite), "mateo", "password123"),
            typed(code(&invite), "MATEO", "short"),
            typed(code(&invite), "no spaces", "password123"),
            typed(code(&locked), "mateo", PASSWORD),
            typed("7QmX2pVd9KtR", "mateo", "short"),
            typed("7QmX2pVd9KtR", "mateo", "password123"),
            typed("?", "mateo", PASSWORD),
            typed("", "mateo", PASSWORD),
        ] {
            let checked = check(app, &draft).await;
            let refused = match draft.parse() {
                Ok(sign_up) => failure(signup::sign_up(&app.ctx, sign_up, None, &Client::default()).await),
                Err(why) => failure(Err::<(), _>(signup::refuse(&app.ctx, &draft, why, &Client::default()).await)),
            };
            // An address that the invite does not admit is refused before anything else is looked at.
            let of_sign_up = said(refused.fields);
            let of_check = said(checked.wrong);
            assert!(of_sign_up.iter().all(|one| of_check.contains(one)), "{of_sign_up:?} {of_check:?}");
            if code(&locked) != draft.code {
                assert_eq!(of_check, of_sign_up);
            }
        }
        assert_eq!(check(app, &typed(code(&invite), "lena", PASSWORD)).await.wrong, []);
    }

    async fn a_check_writes_nothing_and_uses_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let audited = app.number("SELECT COUNT(*) FROM audit_log").await;
        for _ in 0..5 {
            assert_eq!(check(app, &typed(code(&invite), "mateo", PASSWORD)).await.wrong, []);
        }
        assert_eq!(used(app).await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log").await, audited);
        app.sign_up(code(&invite), "mateo").await.unwrap();
    }

    async fn without_a_code_that_can_be_used_nothing_is_said_of_others_or_of_the_password(app: &TestApp) {
        let owner = app.owner().await;
        let paused = invite_for(app, &owner, 1).await;
        let invite = invite_for(app, &owner, 2).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        invites::pause(&app.ctx, &owner, paused.id).await.unwrap();
        for code in [code(&paused), "7QmX2pVd9KtR", "?", ""] {
            let of = async |username: &str| check(app, &typed(code, username, "password123")).await;
            let taken = of("mateo").await;
            assert_eq!(taken, of("nobody").await, "{code}");
            assert_eq!(taken.wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), ["code"], "{code}");
            assert_eq!(taken.strength, None);
        }
        // Where sign-up is open it says what is taken, and so does a check.
        let open = SettingsDraft { registration_mode: Some("open".into()), ..SettingsDraft::default() };
        set(app, &owner, open).await;
        let fields: Vec<_> = check(app, &typed("", "mateo", PASSWORD)).await.wrong.into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["email", "username"]);
        let closed = SettingsDraft { registration_mode: Some("closed".into()), ..SettingsDraft::default() };
        set(app, &owner, closed).await;
        let refused = signup::check(&app.ctx, &typed(code(&invite), "mateo", PASSWORD), &Client::default()).await;
        assert_eq!(failure(refused).code, Code::RegistrationClosed);
    }

    async fn the_strength_is_that_of_which_a_sign_up_thinks(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let of = async |password: &str| check(app, &typed(code(&invite), "mateo.quispe", password)).await;
        assert_eq!(of("password123").await.strength, Some(Strength::VeryWeak));
        assert_eq!(of(PASSWORD).await.strength, Some(Strength::VeryStrong));
        assert!(of("mateo.quispe").await.strength < Some(Strength::NEEDED), "it is the username");
        for wrong_in_itself in ["", "short"] {
            assert_eq!(of(wrong_in_itself).await.strength, None);
        }
    }

    async fn checks_do_not_use_up_what_a_sign_up_needs(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 9).await;
        let here = client("192.0.2.66");
        let check = async |code: &str| signup::check(&app.ctx, &typed(code, "mateo", PASSWORD), &here).await;
        let unknown = typed("7QmX2pVd9KtR", "mateo", PASSWORD);
        let outcomes = join_all((0..200).map(|_| signup::check(&app.ctx, &unknown, &here))).await;
        let answered = outcomes.into_iter().flatten().count();
        assert_eq!(answered, 50, "codes that cannot be used are limited");
        assert_eq!(failure(check(code(&invite)).await).code, Code::RateLimited, "also for the right one");
        // All the attempts of a sign-up are there, and another network may check.
        for _ in 0..100 {
            let sign_up = sign_up("7QmX2pVd9KtR", "mateo");
            let refused = signup::sign_up(&app.ctx, sign_up, None, &here).await;
            assert_eq!(failure(refused).code, Code::InviteInvalid);
        }
        let elsewhere = client("192.0.2.1");
        signup::check(&app.ctx, &typed(code(&invite), "mateo", PASSWORD), &elsewhere).await.unwrap();
    }

    async fn a_network_that_may_try_no_more_codes_is_not_answered_by_checks(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 9).await;
        let here = client("192.0.2.66");
        for _ in 0..100 {
            let refused = signup::sign_up(&app.ctx, sign_up("7QmX2pVd9KtR", "mateo"), None, &here).await;
            assert_eq!(failure(refused).code, Code::InviteInvalid);
        }
        let check = signup::check(&app.ctx, &typed(code(&invite), "mateo", PASSWORD), &here).await;
        assert_eq!(failure(check).code, Code::RateLimited);
    }
}

#[tokio::test]
async fn a_thousand_checks_of_a_network_are_answered_and_sign_ups_go_on() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let invite = invite_for(&app, &owner, 9).await;
    let here = client("192.0.2.66");
    let draft = typed(code(&invite), "mateo", "");
    let mut answered = 0;
    for _ in 0..1_001 {
        match signup::check(&app.ctx, &draft, &here).await {
            Ok(_) => answered += 1,
            Err(error) => assert_eq!(error.code(), Code::RateLimited),
        }
    }
    assert_eq!(answered, 1_000);
    signup::sign_up(&app.ctx, sign_up(code(&invite), "mateo"), None, &here).await.unwrap();
}

#[tokio::test]
async fn while_many_passwords_are_judged_sign_ups_of_the_network_are_not_refused() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let invite = invite_for(&app, &owner, 9).await;
    let network = Network::Unknown;
    let judged = join_all((0..500).map(|_| app.ctx.passwords().judge_typed(network, PASSWORD, Vec::new())));
    let signed_up = app.sign_up(code(&invite), "mateo");
    let (judged, signed_up) = join(judged, signed_up).await;
    signed_up.unwrap();
    let judged = judged.iter().filter(|judged| judged.is_some()).count();
    assert!((1..500).contains(&judged), "{judged}: the others were not judged");
}
