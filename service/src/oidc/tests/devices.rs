//! The device flow.

use super::*;
use crate::Client as Visitor;

const ALLOWED: &str = r#","device_flow":true"#;

impl Chat {
    async fn device(&self, app: &TestApp) -> DeviceAuthorization {
        let client = self.client(app).await;
        begin_device(&app.ctx, &client, Some("openid email offline_access"), &Visitor::default()).await.unwrap()
    }

    async fn poll(&self, app: &TestApp, device_code: &str) -> Result<Tokens, OauthError> {
        let request = TokenRequest {
            grant_type: DEVICE_CODE.into(),
            device_code: Some(device_code.to_owned()),
            ..TokenRequest::default()
        };
        exchange(&app.ctx, &self.client(app).await, &request).await
    }
}

/// What is wrong with a code, in words.
#[track_caller]
fn wrong<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    crate::testing::failure(outcome).field_error("user_code").unwrap().to_owned()
}

on_both_databases! {
    async fn a_member_signs_a_device_in(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        let begun = tv.device(app).await;
        assert_eq!((begun.expires_in, begun.interval), (600, 5));
        assert_eq!(begun.verification_uri, "https://bramble.example/device");
        assert_eq!(begun.verification_uri_complete, format!("https://bramble.example/device?user_code={}", begun.user_code));
        assert_eq!(code_of(tv.poll(app, &begun.device_code).await), OauthCode::AuthorizationPending);

        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        let typed = begun.user_code.replace('-', " ").to_lowercase();
        let page = look_up_device(&app.ctx, &mateo, &typed).await.unwrap();
        let DevicePage::Ask { application, scopes, .. } = page else { panic!("{page:?}") };
        assert_eq!((&application, scopes.to_string().as_str()), (&tv.application.terms.name, "openid email offline_access"));
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_grants").await, 0, "looking changes nothing");
        assert_eq!(decide_device(&app.ctx, &mateo, &typed, true).await.unwrap(), DeviceDecision::Allowed { application });

        let tokens = tv.poll(app, &begun.device_code).await.unwrap();
        let claims = verified(app, &tokens.id_token).await;
        assert_eq!(claims["sub"], mateo.account.id.to_string());
        assert!(claims.contains_key("auth_time") && claims.contains_key("email") && !claims.contains_key("name"));
        assert!(user_info(&app.ctx, &tokens.access_token).await.is_ok());
        let refreshed = tv.refresh(app, tokens.refresh_token.as_deref().unwrap()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'application.sign_in'").await, 1);
        // Anyone who asks again with the same code may have stolen it.
        assert_eq!(code_of(tv.poll(app, &begun.device_code).await), OauthCode::InvalidGrant);
        assert_eq!(code_of(user_info(&app.ctx, &refreshed.access_token).await), OauthCode::InvalidToken);
    }

    async fn a_member_refuses_and_a_code_expires(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        let signed = app.sign_in("ngozi").await;
        let refused = tv.device(app).await;
        assert_eq!(decide_device(&app.ctx, &signed, &refused.user_code, false).await.unwrap(), DeviceDecision::Refused);
        assert_eq!(code_of(tv.poll(app, &refused.device_code).await), OauthCode::AccessDenied);
        let unknown = wrong(look_up_device(&app.ctx, &signed, "BCDF-GHJK").await);
        assert_eq!(wrong(look_up_device(&app.ctx, &signed, &refused.user_code).await), unknown, "it was decided");
        let late = tv.device(app).await;
        app.advance(Duration::from_mins(10));
        assert_eq!(wrong(look_up_device(&app.ctx, &signed, &late.user_code).await), unknown);
        assert_eq!(wrong(decide_device(&app.ctx, &signed, &late.user_code, true).await), unknown);
        assert_eq!(code_of(tv.poll(app, &late.device_code).await), OauthCode::ExpiredToken);
        app.advance(Duration::from_hours(1));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(code_of(tv.poll(app, &late.device_code).await), OauthCode::InvalidGrant);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_device_codes").await, 0);
    }

    async fn a_device_that_asks_too_often_waits_longer(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        let begun = tv.device(app).await;
        let poll = async || code_of(tv.poll(app, &begun.device_code).await);
        assert_eq!(poll().await, OauthCode::AuthorizationPending);
        app.advance(Duration::from_secs(5));
        assert_eq!(poll().await, OauthCode::AuthorizationPending);
        app.advance(Duration::from_secs(3));
        assert_eq!(poll().await, OauthCode::SlowDown);
        app.advance(Duration::from_secs(5));
        assert_eq!(poll().await, OauthCode::SlowDown, "ten seconds now");
        app.advance(Duration::from_secs(15));
        assert_eq!(poll().await, OauthCode::AuthorizationPending);
    }

    async fn of_many_at_once_one_decides_and_one_gets_tokens(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        app.account("mateo", Role::User).await;
        let (ngozi, mateo) = (app.sign_in("ngozi").await, app.sign_in("mateo").await);
        let begun = tv.device(app).await;
        let by = |signed| decide_device(&app.ctx, signed, &begun.user_code, true);
        let decided = join_all((0..8).map(|at| by(if at % 2 == 0 { &ngozi } else { &mateo }))).await;
        assert_eq!(decided.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_grants").await, 1);
        let polled = join_all((0..8).map(|_| tv.poll(app, &begun.device_code))).await;
        assert!(polled.iter().filter(|outcome| outcome.is_ok()).count() <= 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_tokens WHERE kind = 'access'").await, 1);
    }

    async fn only_an_application_that_may_and_only_its_own_codes(app: &TestApp) {
        let owner = app.owner().await;
        let (chat, tv) = (Chat::create(app, &owner, "").await, Chat::create(app, &owner, ALLOWED).await);
        let other = Chat::create(app, &owner, ALLOWED).await;
        let client = chat.client(app).await;
        let begun = begin_device(&app.ctx, &client, Some("openid"), &Visitor::default()).await;
        assert!(matches!(begun, Err(OauthError::Protocol { code: OauthCode::UnauthorizedClient, .. })));
        assert_eq!(code_of(chat.poll(app, "x").await), OauthCode::UnauthorizedClient);
        let client = tv.client(app).await;
        for scope in [None, Some("email")] {
            let begun = begin_device(&app.ctx, &client, scope, &Visitor::default()).await;
            assert!(matches!(begun, Err(OauthError::Protocol { code: OauthCode::InvalidScope, .. })));
        }
        let signed = app.sign_in("ngozi").await;
        let begun = tv.device(app).await;
        decide_device(&app.ctx, &signed, &begun.user_code, true).await.unwrap();
        assert_eq!(code_of(other.poll(app, &begun.device_code).await), OauthCode::InvalidGrant);
        assert!(tv.poll(app, &begun.device_code).await.is_ok(), "that did not use it up");
        // An application that may no longer.
        let waits = tv.device(app).await;
        let off = serde_json::from_str(r#"{"oidc":{"device_flow":false}}"#).unwrap();
        applications::update(&app.ctx, &owner, tv.application.id, off).await.unwrap();
        assert_eq!(code_of(tv.poll(app, &waits.device_code).await), OauthCode::UnauthorizedClient);
        wrong(look_up_device(&app.ctx, &signed, &waits.user_code).await);
    }

    async fn only_who_may_enter_signs_a_device_in(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        let begun = tv.device(app).await;
        let nobody = serde_json::from_str(r#"{"groups":[]}"#).unwrap();
        applications::update(&app.ctx, &owner, tv.application.id, nobody).await.unwrap();
        assert!(matches!(look_up_device(&app.ctx, &mateo, &begun.user_code).await.unwrap(), DevicePage::NotAdmitted { .. }));
        let decided = decide_device(&app.ctx, &mateo, &begun.user_code, true).await.unwrap();
        assert!(matches!(decided, DeviceDecision::Page(DevicePage::NotAdmitted { .. })));
        assert_eq!(code_of(tv.poll(app, &begun.device_code).await), OauthCode::AuthorizationPending);
        let everybody = serde_json::from_str(r#"{"groups":null}"#).unwrap();
        applications::update(&app.ctx, &owner, tv.application.id, everybody).await.unwrap();
        decide_device(&app.ctx, &mateo, &begun.user_code, true).await.unwrap();
        members::suspend(&app.ctx, &owner, mateo.account.id).await.unwrap();
        assert_eq!(code_of(tv.poll(app, &begun.device_code).await), OauthCode::InvalidGrant, "suspended meanwhile");
        let other = tv.device(app).await;
        assert_eq!(crate::testing::failure(decide_device(&app.ctx, &mateo, &other.user_code, true).await).code, domain::Code::Unauthenticated);
    }

    async fn codes_are_not_guessed(app: &TestApp) {
        let owner = app.owner().await;
        let tv = Chat::create(app, &owner, ALLOWED).await;
        let begun = tv.device(app).await;
        let mut signed = app.sign_in("ngozi").await;
        signed.actor.client.ip = Some([192, 0, 2, 1].into());
        let guesses: Vec<_> = (0..30).map(|_| app.ctx.randomness().user_code().unwrap().grouped()).collect();
        let outcomes = join_all(guesses.iter().map(|guess| look_up_device(&app.ctx, &signed, guess))).await;
        let limited = |outcome: &Result<DevicePage, Error>| outcome.as_ref().is_err_and(|error| error.code() == domain::Code::RateLimited);
        assert_eq!(outcomes.iter().filter(|outcome| limited(outcome)).count(), 10);
        // The right one neither, from there.
        assert!(limited(&look_up_device(&app.ctx, &signed, &begun.user_code).await));
        assert_eq!(crate::testing::failure(decide_device(&app.ctx, &signed, &begun.user_code, true).await).code, domain::Code::RateLimited);
        signed.actor.client.ip = Some([192, 0, 2, 2].into());
        assert!(look_up_device(&app.ctx, &signed, &begun.user_code).await.is_ok());
        // Neither code is stored.
        let stored = app.number(&format!("SELECT COUNT(*) FROM oidc_device_codes WHERE scope LIKE '%{}%'", begun.device_code)).await;
        assert_eq!(stored, 0);
    }
}
