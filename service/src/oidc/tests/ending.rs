//! What ends tokens, keys and sessions.

use super::*;

on_both_databases! {
    async fn a_refresh_token_is_used_once(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        let first = chat.exchange(app, &code).await.unwrap();
        let second = chat.refresh(app, first.refresh_token.as_deref().unwrap()).await.unwrap();
        assert!(!verified(app, &second.id_token).await.contains_key("nonce"));
        let third = chat.refresh(app, second.refresh_token.as_deref().unwrap()).await.unwrap();
        assert!(user_info(&app.ctx, &third.access_token).await.is_ok());
        assert_eq!(code_of(chat.refresh(app, first.refresh_token.as_deref().unwrap()).await), OauthCode::InvalidGrant);
        assert_eq!(code_of(chat.refresh(app, third.refresh_token.as_deref().unwrap()).await), OauthCode::InvalidGrant);
        assert_eq!(code_of(user_info(&app.ctx, &third.access_token).await), OauthCode::InvalidToken);

        // At the same time: one of them, and then none.
        let code = chat.code(app, &signed).await;
        let tokens = chat.exchange(app, &code).await.unwrap();
        let refresh = tokens.refresh_token.unwrap();
        let outcomes = join_all((0..6).map(|_| chat.refresh(app, &refresh))).await;
        assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() <= 1);
        assert_eq!(code_of(user_info(&app.ctx, &tokens.access_token).await), OauthCode::InvalidToken);
    }

    async fn whatever_ends_an_account_ends_its_tokens(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        for username in ["suspended", "demoted", "deleted", "expelled"] {
            app.account(username, Role::Moderator).await;
        }
        let tokens = async |username: &str| {
            let signed = app.sign_in(username).await;
            let code = chat.code(app, &signed).await;
            (signed.account.id, chat.exchange(app, &code).await.unwrap())
        };
        let refused = async |tokens: &Tokens| {
            assert_eq!(code_of(user_info(&app.ctx, &tokens.access_token).await), OauthCode::InvalidToken);
            assert_eq!(code_of(chat.refresh(app, tokens.refresh_token.as_deref().unwrap()).await), OauthCode::InvalidGrant);
        };
        let (id, of_suspended) = tokens("suspended").await;
        members::suspend(&app.ctx, &owner, id).await.unwrap();
        refused(&of_suspended).await;
        members::restore(&app.ctx, &owner, id).await.unwrap();
        refused(&of_suspended).await;

        let (id, of_demoted) = tokens("demoted").await;
        let change = serde_json::from_str(r#"{"role":"user"}"#).unwrap();
        members::update(&app.ctx, &owner, id, change).await.unwrap();
        refused(&of_demoted).await;

        let (id, of_deleted) = tokens("deleted").await;
        members::delete(&app.ctx, &owner, id).await.unwrap();
        refused(&of_deleted).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_grants").await, 2, "those of a deleted account are gone");

        let (_, of_expelled) = tokens("expelled").await;
        let nobody = serde_json::from_str(r#"{"groups":[]}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, nobody).await.unwrap();
        refused(&of_expelled).await;
        applications::delete(&app.ctx, &owner, chat.application.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_tokens").await, 0);
    }

    async fn what_a_session_gave_ends_when_it_is_ended_from_another(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let tokens = async |signed: &Signed| {
            let code = chat.code(app, signed).await;
            chat.exchange(app, &code).await.unwrap()
        };
        let alive = async |tokens: &Tokens| user_info(&app.ctx, &tokens.access_token).await.is_ok();
        let [first, second, third] = [app.sign_in("ngozi").await, app.sign_in("ngozi").await, app.sign_in("ngozi").await];
        let (of_first, of_second, of_third) = (tokens(&first).await, tokens(&second).await, tokens(&third).await);
        let crate::Via::Session(id) = first.actor.via else { panic!() };
        sessions::revoke(&app.ctx, &second.actor, id).await.unwrap();
        assert!(!alive(&of_first).await && alive(&of_second).await);
        // Signing out leaves what has offline access.
        sessions::sign_out(&app.ctx, &third.actor).await.unwrap();
        sessions::sign_out(&app.ctx, &third.actor).await.unwrap();
        assert!(alive(&of_third).await);
        sessions::revoke_others(&app.ctx, &second.actor).await.unwrap();
        assert!(alive(&of_second).await && !alive(&of_third).await);
        // Nor is there a way back by connecting again.
        for change in [r#"{"oidc":null}"#, r#"{"oidc":{"redirect_uris":["https://chat.example/cb"]}}"#] {
            applications::update(&app.ctx, &owner, chat.application.id, serde_json::from_str(change).unwrap()).await.unwrap();
        }
        assert!(!alive(&of_second).await);
    }

    async fn refreshing_does_not_go_on_for_ever(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        let mut refresh = chat.exchange(app, &code).await.unwrap().refresh_token.unwrap();
        let mut days = 0;
        loop {
            app.advance(Duration::from_hours(29 * 24));
            match chat.refresh(app, &refresh).await {
                Ok(tokens) => refresh = tokens.refresh_token.unwrap(),
                Err(_) => break,
            }
            days += 29;
        }
        assert_eq!(days, 6 * 29, "180 days after the sign-in");
    }

    async fn keys_are_replaced_without_a_gap(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","signing":"ES256""#).await;
        let signed = app.sign_in("ngozi").await;
        let token = async || {
            let code = chat.code(app, &signed).await;
            chat.exchange(app, &code).await.unwrap().id_token
        };
        let kid = |token: &str| super::jose::Unverified::parse(token).unwrap().kid;
        let es256 = async || {
            let keys = key_set(&app.ctx).await.unwrap();
            keys["keys"].as_array().unwrap().iter().filter(|key| key["alg"] == "ES256").count()
        };
        let first = token().await;
        keys::rotate(&app.ctx).await.unwrap();
        assert_eq!(es256().await, 1);
        app.execute(&format!("UPDATE signing_keys SET active_at = active_at - {}", 90_i64 * 24 * 3_600 * 1_000_000)).await;
        keys::rotate(&app.ctx).await.unwrap();
        keys::rotate(&app.ctx).await.unwrap();
        assert_eq!(es256().await, 2, "the next one is published before it signs");
        assert_eq!(kid(&token().await), kid(&first));
        app.advance(Duration::from_hours(24));
        let second = token().await;
        assert_ne!(kid(&second), kid(&first));
        verified(app, &first).await;
        app.advance(Duration::from_hours(24));
        keys::rotate(&app.ctx).await.unwrap();
        assert_eq!(es256().await, 1, "what the replaced key signed has expired");
        // As a hint it still counts.
        verified(app, &first).await;
        app.advance(Duration::from_hours(30 * 24));
        keys::rotate(&app.ctx).await.unwrap();
        assert_eq!(keys::verify(&app.ctx, &first).await.unwrap(), None);
        verified(app, &second).await;
    }

    async fn applications_sign_members_out(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        let hint = Some(chat.exchange(app, &code).await.unwrap().id_token);
        let logout = Logout {
            id_token_hint: hint,
            post_logout_redirect_uri: Some("https://chat.example/bye".into()),
            state: Some("x y".into()),
            ..Logout::default()
        };
        let other = app.sign_in("ngozi").await;
        // The hint is for another session, and another site could have sent the browser.
        for (wrong, signed) in [(&logout, &other), (&Logout::default(), &signed)] {
            assert!(matches!(end_session(&app.ctx, Some(signed), wrong, false).await.unwrap(), AfterLogout::Ask { .. }));
        }
        let evil = Logout { post_logout_redirect_uri: Some("https://evil.example".into()), ..logout.clone() };
        assert_eq!(end_session(&app.ctx, None, &evil, false).await.unwrap(), AfterLogout::Done(None));
        let done = end_session(&app.ctx, Some(&signed), &logout, false).await.unwrap();
        assert_eq!(done, AfterLogout::Done(Some("https://chat.example/bye?state=x+y".into())));
        assert!(matches!(end_session(&app.ctx, Some(&other), &logout, true).await.unwrap(), AfterLogout::Done(Some(_))));
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    }

    async fn tokens_are_revoked_by_their_client(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let tokens = async || {
            let code = chat.code(app, &signed).await;
            chat.exchange(app, &code).await.unwrap()
        };
        let client = chat.client(app).await;
        let first = tokens().await;
        revoke(&app.ctx, &client, "unknown").await.unwrap();
        revoke(&app.ctx, &client, &first.access_token).await.unwrap();
        assert_eq!(code_of(user_info(&app.ctx, &first.access_token).await), OauthCode::InvalidToken);
        let refresh = first.refresh_token.as_deref().unwrap();
        let second = chat.refresh(app, refresh).await.unwrap();
        revoke(&app.ctx, &client, second.refresh_token.as_deref().unwrap()).await.unwrap();
        assert_eq!(code_of(user_info(&app.ctx, &second.access_token).await), OauthCode::InvalidToken);
        let kept = tokens().await;
        let draft: ApplicationDraft = serde_json::from_str(r#"{"name":"Wiki","oidc":{"redirect_uris":["https://w.example/cb"]}}"#).unwrap();
        let other = applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let other = Chat { application: other.application, secret: other.secret };
        revoke(&app.ctx, &other.client(app).await, &kept.access_token).await.unwrap();
        assert!(user_info(&app.ctx, &kept.access_token).await.is_ok());
        let known = introspect(&app.ctx, &other.client(app).await, &kept.access_token).await.unwrap();
        assert_eq!(known.into_json(), serde_json::json!({ "active": false }));
    }

    async fn what_has_expired_is_deleted(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        chat.exchange(app, &code).await.unwrap();
        chat.code(app, &signed).await;
        maintain(&app.ctx).await.unwrap();
        let rows = async || {
            [app.number("SELECT COUNT(*) FROM oidc_grants").await, app.number("SELECT COUNT(*) FROM oidc_codes").await,
             app.number("SELECT COUNT(*) FROM oidc_tokens").await]
        };
        assert_eq!(rows().await, [2, 2, 2]);
        app.advance(Duration::from_hours(2));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(rows().await, [1, 0, 1], "the refresh token lasts");
        app.advance(Duration::from_hours(30 * 24));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(rows().await, [0, 0, 0]);
    }
}
