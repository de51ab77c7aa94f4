use domain::Code;
use domain::accounts::Role;

use super::*;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};

fn draft(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

fn client(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), user_agent: Some("x".repeat(1_000)) }
}

on_both_databases! {
    async fn who_is_wrong_is_not_said(app: &TestApp) {
        app.owner().await;
        let here = Client::default();
        let password = failure(sign_in(&app.ctx, &draft("ngozi", "not the password"), &here).await);
        let account = failure(sign_in(&app.ctx, &draft("nobody", PASSWORD), &here).await);
        assert_eq!(password, account);
        assert_eq!(password.code, Code::SignInFailed);
        let long = failure(sign_in(&app.ctx, &draft("ngozi", &"x".repeat(10_000)), &here).await);
        assert_eq!(long, account);
        let hidden = failure(sign_in(&app.ctx, &draft("ngo\0zi", PASSWORD), &here).await);
        assert_eq!(hidden, account);
    }

    async fn a_session_ends_by_neglect_and_by_age(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.1");
        let begin = async || sign_in(&app.ctx, &draft("NGOZI", PASSWORD), &here).await;
        let neglected = begin().await.unwrap();
        app.advance(IDLE_LIFETIME.checked_sub(Duration::from_secs(1)).unwrap());
        assert!(resolve(&app.ctx, neglected.expose(), &here).await.unwrap().is_some());
        app.advance(IDLE_LIFETIME);
        assert!(resolve(&app.ctx, neglected.expose(), &here).await.unwrap().is_none());

        let old = begin().await.unwrap();
        for _ in 0..29 {
            app.advance(Duration::from_hours(24));
            assert!(resolve(&app.ctx, old.expose(), &here).await.unwrap().is_some());
        }
        app.advance(Duration::from_hours(24));
        assert!(resolve(&app.ctx, old.expose(), &here).await.unwrap().is_none());
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions WHERE user_agent IS NOT NULL").await, 0);
    }

    async fn each_signing_in_begins_a_session_of_its_own(app: &TestApp) {
        app.owner().await;
        app.account("una", Role::User).await;
        let here = client("192.0.2.1");
        let one = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let other = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        assert_ne!(one, other);
        let actor = resolve(&app.ctx, one.expose(), &here).await.unwrap().unwrap().actor;
        let sessions = list(&app.ctx, &actor).await.unwrap();
        assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
        assert_eq!(sessions[0].user_agent.as_ref().unwrap().len(), 200);

        let foreign = sign_in(&app.ctx, &draft("una", PASSWORD), &here).await.unwrap();
        let foreign = resolve(&app.ctx, foreign.expose(), &here).await.unwrap().unwrap().actor;
        assert_eq!(failure(revoke(&app.ctx, &foreign, sessions[0].id).await).code, Code::NotFound);

        assert_eq!(revoke_others(&app.ctx, &actor).await.unwrap(), 1);
        assert!(resolve(&app.ctx, other.expose(), &here).await.unwrap().is_none());
        sign_out(&app.ctx, &actor).await.unwrap();
        assert!(resolve(&app.ctx, one.expose(), &here).await.unwrap().is_none());
    }

    async fn guessing_a_password_is_slowed_down_for_the_guesser_alone(app: &TestApp) {
        app.owner().await;
        let guesser = client("192.0.2.66");
        for _ in 0..10 {
            assert_eq!(failure(sign_in(&app.ctx, &draft("ngozi", "guess"), &guesser).await).code, Code::SignInFailed);
        }
        assert_eq!(failure(sign_in(&app.ctx, &draft("ngozi", PASSWORD), &guesser).await).code, Code::RateLimited);
        assert!(sign_in(&app.ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await.is_ok());
    }
}

#[tokio::test]
async fn processes_on_postgres_count_failed_sign_ins_together() {
    let app = TestApp::postgres().await;
    app.owner().await;
    let other =
        Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), app.ctx.randomness().clone()).await.unwrap();
    let guesser = client("192.0.2.66");
    for guess in 0..10 {
        let ctx = if guess % 2 == 0 { &app.ctx } else { &other };
        assert_eq!(failure(sign_in(ctx, &draft("ngozi", "guess"), &guesser).await).code, Code::SignInFailed);
    }
    for ctx in [&app.ctx, &other] {
        assert_eq!(failure(sign_in(ctx, &draft("ngozi", PASSWORD), &guesser).await).code, Code::RateLimited);
    }
    other.close().await;
    app.finish().await;
}
