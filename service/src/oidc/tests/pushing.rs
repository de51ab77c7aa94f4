use super::*;
use crate::Client as Visitor;

impl Chat {
    /// What a browser is sent with after a push.
    async fn pushed(&self, app: &TestApp, request: AuthorizationRequest) -> AuthorizationRequest {
        let pushed = push(&app.ctx, &self.client(app).await, request, &Visitor::default()).await.unwrap();
        assert_eq!(pushed.expires_in, 90);
        AuthorizationRequest {
            client_id: self.application.id.to_string(),
            request_uri: Some(pushed.request_uri),
            ..AuthorizationRequest::default()
        }
    }
}

#[track_caller]
fn is_refused(next: &Result<Next, AuthorizeError>) -> bool {
    matches!(next, Err(AuthorizeError::Refused(_)))
}

on_both_databases! {
    async fn a_pushed_request_counts_as_it_was_pushed_and_once(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let request = chat.pushed(app, chat.request()).await;
        let text = |text: &str| Some(text.to_owned());
        // What the browser adds is ignored (RFC 9101, section 6.3).
        let sent = AuthorizationRequest { scope: text("x"), state: text("y"), redirect_uri: "https://evil.example".into(), ..request.clone() };
        let answered = answer(authorize(&app.ctx, Some(&signed), &sent, None).await);
        assert_eq!(answered["state"], "a b&c");
        let tokens = chat.exchange(app, &answered["code"]).await.unwrap();
        assert_eq!(tokens.scopes.to_string(), chat.request().scope.unwrap());
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &request, None).await), "it was used");
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_pushed_requests").await, 0);
    }

    async fn a_pushed_request_belongs_to_its_client_and_expires(app: &TestApp) {
        let owner = app.owner().await;
        let (chat, other) = (Chat::create(app, &owner, "").await, Chat::create(app, &owner, "").await);
        let signed = app.sign_in("ngozi").await;
        let request = chat.pushed(app, chat.request()).await;
        let of_other = AuthorizationRequest { client_id: other.application.id.to_string(), ..request.clone() };
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &of_other, None).await));
        let guessed = AuthorizationRequest { request_uri: Some("urn:ietf:params:oauth:request_uri:x".into()), ..request.clone() };
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &guessed, None).await));
        app.advance(Duration::from_secs(90));
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &request, None).await));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_pushed_requests").await, 0);
    }

    async fn a_member_has_time_to_sign_in_and_to_agree(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","consent":true"#).await;
        let asked = AuthorizationRequest { login_hint: Some("ngozi".into()), ..chat.request() };
        let request = chat.pushed(app, asked).await;
        let Next::SignIn { proof, login_hint, .. } = authorize(&app.ctx, None, &request, None).await.unwrap() else {
            panic!("nobody is signed in")
        };
        assert_eq!(login_hint.as_deref(), Some("ngozi"));
        assert!(is_refused(&authorize(&app.ctx, None, &request, None).await), "somebody else opened it");
        let other = chat.pushed(app, chat.request()).await;
        app.advance(Duration::from_mins(10));
        let signed = app.sign_in("ngozi").await;
        let elsewhere = authorize(&app.ctx, Some(&signed), &other, Some(&proof)).await;
        assert!(is_refused(&elsewhere), "the proof is of another request");
        let Next::Consent { proof, redirect_uri, .. } = authorize(&app.ctx, Some(&signed), &request, Some(&proof)).await.unwrap() else {
            panic!("it asks")
        };
        assert_eq!(redirect_uri, REDIRECT);
        assert!(matches!(decide(&app.ctx, &signed, &request, None, true).await, Err(AuthorizeError::Refused(_))));
        assert_eq!(decide(&app.ctx, &signed, &request, Some(&proof), true).await.unwrap(), None);
        let answered = answer(authorize(&app.ctx, Some(&signed), &request, Some(&proof)).await);
        assert!(chat.exchange(app, &answered["code"]).await.is_ok());
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &request, Some(&proof)).await), "one code at most");
    }

    async fn of_many_browsers_with_one_request_one_gets_a_code(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let request = chat.pushed(app, chat.request()).await;
        let outcomes = join_all((0..8).map(|_| authorize(&app.ctx, Some(&signed), &request, None))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        // Nor do many who come back from the same page.
        let request = chat.pushed(app, chat.request()).await;
        let Next::SignIn { proof, .. } = authorize(&app.ctx, None, &request, None).await.unwrap() else {
            panic!("nobody is signed in")
        };
        let signed = app.sign_in("ngozi").await;
        join_all((0..8).map(|_| authorize(&app.ctx, Some(&signed), &request, Some(&proof)))).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_codes").await, 2);
    }

    async fn what_can_not_be_authorized_can_not_be_pushed(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let client = chat.client(app).await;
        let text = |text: &str| Some(text.to_owned());
        for (wrong, code) in [
            (AuthorizationRequest { redirect_uri: "https://evil.example/cb".into(), ..chat.request() }, OauthCode::InvalidRequest),
            (AuthorizationRequest { redirect_uri: String::new(), ..chat.request() }, OauthCode::InvalidRequest),
            (AuthorizationRequest { request_uri: text("urn:ietf:params:oauth:request_uri:x"), ..chat.request() }, OauthCode::InvalidRequest),
            (AuthorizationRequest { request: text("e30"), ..chat.request() }, OauthCode::RequestNotSupported),
            (AuthorizationRequest { code_challenge: None, ..chat.request() }, OauthCode::InvalidRequest),
            (AuthorizationRequest { scope: text("email"), ..chat.request() }, OauthCode::InvalidScope),
            (AuthorizationRequest { response_type: text("token"), ..chat.request() }, OauthCode::UnsupportedResponseType),
            (AuthorizationRequest { login_hint: Some("x".repeat(16 * 1024)), ..chat.request() }, OauthCode::InvalidRequest),
        ] {
            assert_eq!(code_of(push(&app.ctx, &client, wrong, &Visitor::default()).await), code);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_pushed_requests").await, 0);
        // An address that was taken away after the push gets no answer.
        let signed = app.sign_in("ngozi").await;
        let request = chat.pushed(app, chat.request()).await;
        let moved = serde_json::from_str(r#"{"oidc":{"redirect_uris":["https://chat.example/other"]}}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, moved).await.unwrap();
        assert!(is_refused(&authorize(&app.ctx, Some(&signed), &request, None).await));
    }

    async fn an_application_may_have_to_push(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","require_pushed_authorization_requests":true"#).await;
        let signed = app.sign_in("ngozi").await;
        assert_eq!(answer(authorize(&app.ctx, Some(&signed), &chat.request(), None).await)["error"], "invalid_request");
        let request = chat.pushed(app, chat.request()).await;
        assert!(answer(authorize(&app.ctx, Some(&signed), &request, None).await).contains_key("code"));
    }

    async fn a_hint_is_read_at_the_push_and_no_token_is_stored(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        let hint = chat.exchange(app, &code).await.unwrap().id_token;
        app.account("lena", Role::User).await;
        let lena = app.sign_in("lena").await;
        let request = chat.pushed(app, AuthorizationRequest { id_token_hint: Some(hint), ..chat.request() }).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_pushed_requests WHERE parameters LIKE '%eyJ%'").await, 0);
        let next = authorize(&app.ctx, Some(&lena), &request, None).await.unwrap();
        assert!(matches!(next, Next::SignIn { again: true, .. }), "the application expects somebody else");
    }

    async fn requests_that_anyone_can_push_are_limited(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","client_type":"public""#).await;
        let client = chat.client(app).await;
        let from = |last: u8| Visitor { ip: Some([192, 0, 2, last].into()), ..Visitor::default() };
        let push = async |visitor: &Visitor| push(&app.ctx, &client, chat.request(), visitor).await;
        for _ in 0..100 {
            push(&from(1)).await.unwrap();
        }
        assert!(matches!(push(&from(1)).await, Err(OauthError::Service(error)) if error.code() == domain::Code::RateLimited));
        assert!(push(&from(2)).await.is_ok(), "another network");
    }
}
