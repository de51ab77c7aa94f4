//! What members are asked, and when again.

use super::*;

on_both_databases! {
    async fn who_may_not_enter_is_told_so(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let silent = AuthorizationRequest { prompt: Some("none".into()), ..chat.request() };
        assert!(matches!(authorize(&app.ctx, None, &chat.request(), None).await.unwrap(), Next::SignIn { again: false, .. }));
        assert_eq!(answer(authorize(&app.ctx, None, &silent, None).await)["error"], "login_required");
        let create = AuthorizationRequest { prompt: Some("create".into()), ..chat.request() };
        assert!(matches!(authorize(&app.ctx, None, &create, None).await.unwrap(), Next::SignUp { .. }));

        let mateo = app.sign_in("mateo").await;
        let nobody = serde_json::from_str(r#"{"groups":[]}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, nobody).await.unwrap();
        let next = authorize(&app.ctx, Some(&mateo), &chat.request(), None).await.unwrap();
        assert!(matches!(next, Next::NotAdmitted { .. }));
        assert_eq!(answer(authorize(&app.ctx, Some(&mateo), &silent, None).await)["error"], "access_denied");

        app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'mateo'").await;
        let pending = app.sign_in("mateo").await;
        assert!(matches!(authorize(&app.ctx, Some(&pending), &chat.request(), None).await.unwrap(), Next::Pending { .. }));
        assert_eq!(answer(authorize(&app.ctx, Some(&pending), &silent, None).await)["error"], "interaction_required");
    }

    async fn members_agree_once_and_again_when_asked(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","consent":true"#).await;
        let signed = app.sign_in("ngozi").await;
        let ask = async |request: &AuthorizationRequest, proof: Option<&str>| {
            authorize(&app.ctx, Some(&signed), request, proof).await.unwrap()
        };
        let less = AuthorizationRequest { scope: Some("openid".into()), ..chat.request() };
        assert!(matches!(ask(&less, None).await, Next::Consent { .. }));
        let silent = AuthorizationRequest { prompt: Some("none".into()), ..less.clone() };
        assert_eq!(answer(Ok(ask(&silent, None).await))["error"], "consent_required");
        let denied = decide(&app.ctx, &signed, &less, None, false).await.unwrap().unwrap();
        assert_eq!(answer(Ok(denied))["error"], "access_denied");
        assert!(matches!(ask(&less, None).await, Next::Consent { .. }));
        assert_eq!(decide(&app.ctx, &signed, &less, None, true).await.unwrap(), None);
        assert!(answer(Ok(ask(&less, None).await)).contains_key("code"));
        assert!(answer(Ok(ask(&silent, None).await)).contains_key("code"));
        // More than was agreed to.
        assert!(matches!(ask(&chat.request(), None).await, Next::Consent { .. }));

        let again = AuthorizationRequest { prompt: Some("consent".into()), ..less };
        app.advance(Duration::from_secs(1));
        let Next::Consent { proof, .. } = ask(&again, None).await else { panic!("it is asked again") };
        assert!(matches!(ask(&again, Some(&proof)).await, Next::Consent { .. }));
        app.advance(Duration::from_secs(1));
        decide(&app.ctx, &signed, &again, None, true).await.unwrap();
        assert!(answer(Ok(ask(&again, Some(&proof)).await)).contains_key("code"));
        assert!(matches!(ask(&again, None).await, Next::Consent { .. }), "without the proof it is a new question");
        let forged = format!("{}{}", &proof[..proof.len() - 1], if proof.ends_with('A') { 'B' } else { 'A' });
        assert!(matches!(ask(&again, Some(&forged)).await, Next::Consent { .. }));
    }

    async fn a_member_signs_in_again_when_asked(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        app.advance(Duration::from_mins(10));
        let text = |text: &str| Some(text.to_owned());
        for request in [
            AuthorizationRequest { prompt: text("login"), ..chat.request() },
            AuthorizationRequest { max_age: text("60"), ..chat.request() },
            AuthorizationRequest { max_age: text("0"), ..chat.request() },
        ] {
            let Next::SignIn { again: true, proof, .. } =
                authorize(&app.ctx, Some(&signed), &request, None).await.unwrap() else { panic!("{request:?}") };
            app.advance(Duration::from_secs(1));
            let anew = app.sign_in("ngozi").await;
            app.advance(Duration::from_secs(1));
            let next = authorize(&app.ctx, Some(&anew), &request, Some(&proof)).await;
            assert!(answer(next).contains_key("code"), "{request:?}");
            // Nor does the proof count for another request, or later.
            let other = AuthorizationRequest { state: text("another"), ..request.clone() };
            assert!(matches!(
                authorize(&app.ctx, Some(&signed), &other, Some(&proof)).await.unwrap(),
                Next::SignIn { again: true, .. }
            ));
            // The session from before is none that was begun since.
            assert!(matches!(
                authorize(&app.ctx, Some(&signed), &request, Some(&proof)).await.unwrap(),
                Next::SignIn { again: true, .. }
            ));
        }
        let young = AuthorizationRequest { max_age: text("3600"), ..chat.request() };
        assert!(answer(authorize(&app.ctx, Some(&signed), &young, None).await).contains_key("code"));
    }

    async fn a_hint_names_the_account(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let (ngozi, mateo) = (app.sign_in("ngozi").await, app.sign_in("mateo").await);
        let code = chat.code(app, &ngozi).await;
        let hint = Some(chat.exchange(app, &code).await.unwrap().id_token);
        let request = AuthorizationRequest { id_token_hint: hint, prompt: Some("none".into()), ..chat.request() };
        assert!(answer(authorize(&app.ctx, Some(&ngozi), &request, None).await).contains_key("code"));
        assert_eq!(answer(authorize(&app.ctx, Some(&mateo), &request, None).await)["error"], "login_required");
    }

    async fn what_another_account_signed_in_with_is_no_way_in(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let ngozi = app.sign_in("ngozi").await;
        let code = chat.code(app, &ngozi).await;
        let hint = Some(chat.exchange(app, &code).await.unwrap().id_token);
        let request = AuthorizationRequest { id_token_hint: hint, ..chat.request() };
        let mateo = app.sign_in("mateo").await;
        app.advance(Duration::from_secs(1));
        let Next::SignIn { again: true, proof, .. } =
            authorize(&app.ctx, Some(&mateo), &request, None).await.unwrap() else { panic!("somebody else") };
        app.advance(Duration::from_secs(1));
        let again = app.sign_in("mateo").await;
        assert_eq!(answer(authorize(&app.ctx, Some(&again), &request, Some(&proof)).await)["error"], "login_required");
        // What another application got says nothing.
        let other = Chat::create(app, &owner, "").await;
        let request = AuthorizationRequest { id_token_hint: request.id_token_hint, ..other.request() };
        assert!(answer(authorize(&app.ctx, Some(&again), &request, None).await).contains_key("code"));
    }

    async fn a_program_without_an_address_of_its_own_asks_each_time(app: &TestApp) {
        let owner = app.owner().await;
        let uris = r#","client_type":"public","redirect_uris":["http://127.0.0.1/cb"]"#;
        let json = format!(r#"{{"name":"Tool","oidc":{{{}}}}}"#, uris.trim_start_matches(','));
        let draft: ApplicationDraft = serde_json::from_str(&json).unwrap();
        let tool = applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let tool = Chat { application: tool.application, secret: None };
        let request = AuthorizationRequest { redirect_uri: "http://127.0.0.1:51004/cb".into(), ..tool.request() };
        let signed = app.sign_in("ngozi").await;
        for _ in 0..2 {
            let Next::Consent { proof, .. } = authorize(&app.ctx, Some(&signed), &request, None).await.unwrap() else {
                panic!("it asks")
            };
            app.advance(Duration::from_secs(1));
            decide(&app.ctx, &signed, &request, None, true).await.unwrap();
            let Next::Return(url) = authorize(&app.ctx, Some(&signed), &request, Some(&proof)).await.unwrap() else {
                panic!("it was answered")
            };
            assert!(url.starts_with("http://127.0.0.1:51004/cb?code="), "{url}");
            app.advance(Duration::from_secs(1));
        }
        let silent = AuthorizationRequest { prompt: Some("none".into()), ..request };
        let Next::Return(url) = authorize(&app.ctx, Some(&signed), &silent, None).await.unwrap() else { panic!() };
        assert!(url.contains("error=consent_required"), "{url}");
    }
}
