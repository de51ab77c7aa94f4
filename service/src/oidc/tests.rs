use std::time::Duration;

use domain::accounts::Role;
use domain::applications::{Application, ApplicationDraft, ApplicationWithSecret};
use domain::sessions::SignInDraft;
use futures::future::join_all;
use serde_json::{Map, Value};

use super::*;
use crate::sessions::Signed;
use crate::testing::{PASSWORD, TestApp, on_both_databases};
use crate::{Actor, applications, members, sessions};

const REDIRECT: &str = "https://chat.example/cb";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application, with its secret.
struct Chat {
    application: Application,
    secret: Option<String>,
}

impl Chat {
    async fn create(app: &TestApp, owner: &Actor, more: &str) -> Self {
        let name = app.ctx.randomness().uuid(app.ctx.now());
        let json = format!(
            r#"{{"name":"Chat {name}","oidc":{{"redirect_uris":["{REDIRECT}"],
            "post_logout_redirect_uris":["https://chat.example/bye"]{more}}}}}"#
        );
        let draft: ApplicationDraft = serde_json::from_str(&json).unwrap();
        let ApplicationWithSecret { application, secret } =
            applications::create(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
        Self { application, secret }
    }

    async fn client(&self, app: &TestApp) -> Client {
        let credentials = Credentials { id: self.application.id.to_string(), secret: self.secret.clone() };
        Client::authenticate(&app.ctx, &credentials).await.unwrap()
    }

    fn request(&self) -> AuthorizationRequest {
        let text = |text: &str| Some(text.to_owned());
        AuthorizationRequest {
            client_id: self.application.id.to_string(),
            redirect_uri: REDIRECT.to_owned(),
            response_type: text("code"),
            scope: text("openid profile email groups roles offline_access"),
            state: text("a b&c"),
            nonce: text("n-0S6_WzA2Mj"),
            code_challenge: text(CHALLENGE),
            code_challenge_method: text("S256"),
            ..AuthorizationRequest::default()
        }
    }

    /// The code that an authorization gives.
    async fn code(&self, app: &TestApp, signed: &Signed) -> String {
        answer(authorize(&app.ctx, Some(signed), &self.request(), None).await)["code"].clone()
    }

    async fn exchange(&self, app: &TestApp, code: &str) -> Result<Tokens, OauthError> {
        exchange(&app.ctx, &self.client(app).await, &with_code(code)).await
    }

    async fn refresh(&self, app: &TestApp, token: &str) -> Result<Tokens, OauthError> {
        let request = TokenRequest {
            grant_type: "refresh_token".into(),
            refresh_token: Some(token.to_owned()),
            ..TokenRequest::default()
        };
        exchange(&app.ctx, &self.client(app).await, &request).await
    }
}

fn with_code(code: &str) -> TokenRequest {
    TokenRequest {
        grant_type: "authorization_code".into(),
        code: Some(code.to_owned()),
        redirect_uri: Some(REDIRECT.into()),
        code_verifier: Some(VERIFIER.into()),
        ..TokenRequest::default()
    }
}

async fn sign_in(app: &TestApp, username: &str) -> Signed {
    let draft = SignInDraft { login: username.to_owned(), password: PASSWORD.to_owned() };
    let client = crate::Client::default();
    let token = sessions::sign_in(&app.ctx, &draft, &client).await.unwrap();
    sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap()
}

/// The parameters with which the browser returns to the application.
#[track_caller]
fn answer(next: Result<Next, AuthorizeError>) -> std::collections::BTreeMap<String, String> {
    let Next::Return(url) = next.unwrap() else { panic!("it does not return") };
    let query = url.strip_prefix(REDIRECT).unwrap().strip_prefix('?').unwrap();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[track_caller]
fn code_of<T>(outcome: Result<T, OauthError>) -> OauthCode {
    match outcome {
        Ok(_) => panic!("it succeeded"),
        Err(OauthError::Protocol { code, .. }) => code,
        Err(OauthError::Service(error)) => panic!("{error:?}"),
    }
}

/// The claims of an ID token that one of the published keys signed.
async fn verified(app: &TestApp, token: &str) -> Map<String, Value> {
    keys::verify(&app.ctx, token).await.unwrap().expect("a signature of a published key")
}

on_both_databases! {
    async fn a_member_signs_in_to_an_application(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        app.account("mateo", Role::Moderator).await;
        app.grant("mateo", domain::access::Permissions::empty()).await;
        let mateo = sign_in(app, "mateo").await;
        let answered = answer(authorize(&app.ctx, Some(&mateo), &chat.request(), None).await);
        assert_eq!((answered["state"].as_str(), answered["iss"].as_str()), ("a b&c", "https://bramble.example"));

        let tokens = chat.exchange(app, &answered["code"]).await.unwrap();
        assert_eq!((tokens.expires_in, tokens.scopes.to_string().as_str()), (3_600, "openid profile email groups roles offline_access"));
        let claims = verified(app, &tokens.id_token).await;
        let id = mateo.account.id.to_string();
        for (name, value) in [
            ("iss", "https://bramble.example"),
            ("sub", id.as_str()),
            ("aud", chat.application.id.to_string().as_str()),
            ("nonce", "n-0S6_WzA2Mj"),
            ("preferred_username", "mateo"),
            ("email", "mateo@bramble.example"),
        ] {
            assert_eq!(claims[name], value, "{name}");
        }
        assert_eq!((&claims["groups"], &claims["roles"]), (&serde_json::json!(["mateo"]), &serde_json::json!(["moderator"])));
        assert_eq!(claims["email_verified"], false);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3_600);

        let info = user_info(&app.ctx, &tokens.access_token).await.unwrap();
        assert_eq!((&info["sub"], &info["groups"]), (&claims["sub"], &claims["groups"]));
        assert!(!info.contains_key("nonce"));
        let client = chat.client(app).await;
        let known = introspect(&app.ctx, &client, &tokens.access_token).await.unwrap().into_json();
        assert_eq!((&known["active"], &known["username"]), (&true.into(), &"mateo".into()));
        let refresh = tokens.refresh_token.as_deref().unwrap();
        assert_eq!(introspect(&app.ctx, &client, refresh).await.unwrap().into_json()["active"], false);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'application.sign_in'").await, 1);
        // Neither codes nor tokens are stored.
        app.advance(Duration::from_hours(1));
        assert_eq!(code_of(user_info(&app.ctx, &tokens.access_token).await), OauthCode::InvalidToken);
    }

    async fn a_code_is_used_once_by_whom_it_was_made_for(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
        let code = chat.code(app, &signed).await;
        let client = chat.client(app).await;
        let text = |text: &str| Some(text.to_owned());
        for wrong in [
            TokenRequest { code_verifier: text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"), ..with_code(&code) },
            TokenRequest { code_verifier: None, ..with_code(&code) },
            TokenRequest { redirect_uri: text("https://chat.example/cb2"), ..with_code(&code) },
            with_code("unknown"),
        ] {
            assert_eq!(code_of(exchange(&app.ctx, &client, &wrong).await), OauthCode::InvalidGrant);
        }
        let draft = ApplicationDraft { name: domain::Patch::Set("Wiki".into()), ..serde_json::from_str(
            r#"{"oidc":{"redirect_uris":["https://chat.example/cb"]}}"#).unwrap() };
        let other = applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let other = Chat { application: other.application, secret: other.secret };
        assert_eq!(code_of(other.exchange(app, &code).await), OauthCode::InvalidGrant);

        let tokens = chat.exchange(app, &code).await.unwrap();
        assert!(user_info(&app.ctx, &tokens.access_token).await.is_ok());
        assert_eq!(code_of(chat.exchange(app, &code).await), OauthCode::InvalidGrant);
        // Whoever has the code may have been there first: what was issued for it is revoked.
        assert_eq!(code_of(user_info(&app.ctx, &tokens.access_token).await), OauthCode::InvalidToken);
        let refresh = tokens.refresh_token.unwrap();
        assert_eq!(code_of(chat.refresh(app, &refresh).await), OauthCode::InvalidGrant);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'application.revoke_tokens'").await, 1);

        let late = chat.code(app, &signed).await;
        app.advance(Duration::from_mins(1));
        assert_eq!(code_of(chat.exchange(app, &late).await), OauthCode::InvalidGrant);
    }

    async fn of_many_exchanges_of_one_code_one_succeeds(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
        let code = chat.code(app, &signed).await;
        let outcomes = join_all((0..8).map(|_| chat.exchange(app, &code))).await;
        assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() <= 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_tokens WHERE kind = 'access'").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_grants WHERE revoked_at IS NOT NULL").await, 1);
    }

    async fn a_refresh_token_is_used_once(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
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
            let signed = sign_in(app, username).await;
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

    async fn who_may_not_enter_is_told_so(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let silent = AuthorizationRequest { prompt: Some("none".into()), ..chat.request() };
        assert!(matches!(authorize(&app.ctx, None, &chat.request(), None).await.unwrap(), Next::SignIn { again: false, .. }));
        assert_eq!(answer(authorize(&app.ctx, None, &silent, None).await)["error"], "login_required");
        let create = AuthorizationRequest { prompt: Some("create".into()), ..chat.request() };
        assert_eq!(authorize(&app.ctx, None, &create, None).await.unwrap(), Next::SignUp);

        let mateo = sign_in(app, "mateo").await;
        let nobody = serde_json::from_str(r#"{"groups":[]}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, nobody).await.unwrap();
        let next = authorize(&app.ctx, Some(&mateo), &chat.request(), None).await.unwrap();
        assert!(matches!(next, Next::NotAdmitted { .. }));
        assert_eq!(answer(authorize(&app.ctx, Some(&mateo), &silent, None).await)["error"], "access_denied");

        app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'mateo'").await;
        let pending = sign_in(app, "mateo").await;
        assert_eq!(authorize(&app.ctx, Some(&pending), &chat.request(), None).await.unwrap(), Next::Pending);
        assert_eq!(answer(authorize(&app.ctx, Some(&pending), &silent, None).await)["error"], "interaction_required");
    }

    async fn an_unknown_application_gets_no_answer(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
        for wrong in [
            AuthorizationRequest { client_id: "x".into(), ..chat.request() },
            AuthorizationRequest { client_id: uuid::Uuid::nil().to_string(), ..chat.request() },
            AuthorizationRequest { redirect_uri: String::new(), ..chat.request() },
            AuthorizationRequest { redirect_uri: "https://evil.example/cb".into(), ..chat.request() },
            AuthorizationRequest { redirect_uri: format!("{REDIRECT}/"), ..chat.request() },
        ] {
            let outcome = authorize(&app.ctx, Some(&signed), &wrong, None).await;
            assert!(matches!(outcome, Err(AuthorizeError::Refused(_))), "{wrong:?}: {outcome:?}");
        }
        let wrong = AuthorizationRequest { response_type: Some("token".into()), ..chat.request() };
        assert_eq!(answer(authorize(&app.ctx, Some(&signed), &wrong, None).await)["error"], "unsupported_response_type");
        // A link without a connection is no client.
        let unconnected = serde_json::from_str(r#"{"oidc":null}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, unconnected).await.unwrap();
        assert!(authorize(&app.ctx, Some(&signed), &chat.request(), None).await.is_err());
    }

    async fn clients_prove_who_they_are(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let id = chat.application.id.to_string();
        let refused = async |id: &str, secret: Option<&str>| {
            let credentials = Credentials { id: id.to_owned(), secret: secret.map(str::to_owned) };
            code_of(Client::authenticate(&app.ctx, &credentials).await)
        };
        for (id, secret) in [(id.as_str(), None), (&id, Some("wrong")), (&id, Some("")), ("x", chat.secret.as_deref())] {
            assert_eq!(refused(id, secret).await, OauthCode::InvalidClient);
        }
        let public = serde_json::from_str(r#"{"oidc":{"client_type":"public"}}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, public).await.unwrap();
        assert_eq!(refused(&id, chat.secret.as_deref()).await, OauthCode::InvalidClient);
        let public = Chat { secret: None, ..chat };
        let client = public.client(app).await;
        assert_eq!(code_of(introspect(&app.ctx, &client, "x").await), OauthCode::UnauthorizedClient);
        let plain = AuthorizationRequest { code_challenge: None, code_challenge_method: None, ..public.request() };
        let signed = sign_in(app, "ngozi").await;
        assert_eq!(answer(authorize(&app.ctx, Some(&signed), &plain, None).await)["error"], "invalid_request");
        let code = public.code(app, &signed).await;
        assert!(public.exchange(app, &code).await.is_ok());
    }

    async fn members_agree_once_and_again_when_asked(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","consent":true"#).await;
        let signed = sign_in(app, "ngozi").await;
        let ask = async |request: &AuthorizationRequest, proof: Option<&str>| {
            authorize(&app.ctx, Some(&signed), request, proof).await.unwrap()
        };
        let less = AuthorizationRequest { scope: Some("openid".into()), ..chat.request() };
        assert!(matches!(ask(&less, None).await, Next::Consent { .. }));
        let silent = AuthorizationRequest { prompt: Some("none".into()), ..less.clone() };
        assert_eq!(answer(Ok(ask(&silent, None).await))["error"], "consent_required");
        let denied = decide(&app.ctx, &signed, &less, false).await.unwrap().unwrap();
        assert_eq!(answer(Ok(denied))["error"], "access_denied");
        assert!(matches!(ask(&less, None).await, Next::Consent { .. }));
        assert_eq!(decide(&app.ctx, &signed, &less, true).await.unwrap(), None);
        assert!(answer(Ok(ask(&less, None).await)).contains_key("code"));
        assert!(answer(Ok(ask(&silent, None).await)).contains_key("code"));
        // More than was agreed to.
        assert!(matches!(ask(&chat.request(), None).await, Next::Consent { .. }));

        let again = AuthorizationRequest { prompt: Some("consent".into()), ..less };
        app.advance(Duration::from_secs(1));
        let Next::Consent { proof, .. } = ask(&again, None).await else { panic!("it is asked again") };
        assert!(matches!(ask(&again, Some(&proof)).await, Next::Consent { .. }));
        app.advance(Duration::from_secs(1));
        decide(&app.ctx, &signed, &again, true).await.unwrap();
        assert!(answer(Ok(ask(&again, Some(&proof)).await)).contains_key("code"));
        assert!(matches!(ask(&again, None).await, Next::Consent { .. }), "without the proof it is a new question");
        let forged = format!("{}{}", &proof[..proof.len() - 1], if proof.ends_with('A') { 'B' } else { 'A' });
        assert!(matches!(ask(&again, Some(&forged)).await, Next::Consent { .. }));
    }

    async fn a_member_signs_in_again_when_asked(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
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
            let anew = sign_in(app, "ngozi").await;
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
        let (ngozi, mateo) = (sign_in(app, "ngozi").await, sign_in(app, "mateo").await);
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
        let ngozi = sign_in(app, "ngozi").await;
        let code = chat.code(app, &ngozi).await;
        let hint = Some(chat.exchange(app, &code).await.unwrap().id_token);
        let request = AuthorizationRequest { id_token_hint: hint, ..chat.request() };
        let mateo = sign_in(app, "mateo").await;
        app.advance(Duration::from_secs(1));
        let Next::SignIn { again: true, proof, .. } =
            authorize(&app.ctx, Some(&mateo), &request, None).await.unwrap() else { panic!("somebody else") };
        app.advance(Duration::from_secs(1));
        let again = sign_in(app, "mateo").await;
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
        let signed = sign_in(app, "ngozi").await;
        for _ in 0..2 {
            let Next::Consent { proof, .. } = authorize(&app.ctx, Some(&signed), &request, None).await.unwrap() else {
                panic!("it asks")
            };
            app.advance(Duration::from_secs(1));
            decide(&app.ctx, &signed, &request, true).await.unwrap();
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

    async fn what_a_session_gave_ends_when_it_is_ended_from_another(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let tokens = async |signed: &Signed| {
            let code = chat.code(app, signed).await;
            chat.exchange(app, &code).await.unwrap()
        };
        let alive = async |tokens: &Tokens| user_info(&app.ctx, &tokens.access_token).await.is_ok();
        let [first, second, third] = [sign_in(app, "ngozi").await, sign_in(app, "ngozi").await, sign_in(app, "ngozi").await];
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
        let signed = sign_in(app, "ngozi").await;
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

    async fn pairwise_identifiers_differ_by_application_and_stay(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","subject":"pairwise""#).await;
        let signed = sign_in(app, "ngozi").await;
        let subject = async |chat: &Chat| {
            let code = chat.code(app, &signed).await;
            verified(app, &chat.exchange(app, &code).await.unwrap().id_token).await["sub"].as_str().unwrap().to_owned()
        };
        let first = subject(&chat).await;
        assert_ne!(first, signed.account.id.to_string());
        let renamed = serde_json::from_str(r#"{"name":"Talk"}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, renamed).await.unwrap();
        assert_eq!(subject(&chat).await, first);
        let other = Chat::create(app, &owner, r#","subject":"pairwise""#).await;
        assert_ne!(subject(&other).await, first);
    }

    async fn each_algorithm_signs(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = sign_in(app, "ngozi").await;
        for algorithm in ["ES256", "EdDSA", "RS256"] {
            let change = serde_json::from_str(&format!(r#"{{"oidc":{{"signing":"{algorithm}"}}}}"#)).unwrap();
            applications::update(&app.ctx, &owner, chat.application.id, change).await.unwrap();
            let code = chat.code(app, &signed).await;
            let tokens = chat.exchange(app, &code).await.unwrap();
            assert_eq!(verified(app, &tokens.id_token).await["sub"], signed.account.id.to_string(), "{algorithm}");
        }
        let keys = key_set(&app.ctx).await.unwrap();
        let keys = keys["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 3);
        for key in keys {
            assert!(key.get("d").is_none() && key["use"] == "sig" && key["kid"].is_string(), "{key}");
        }
    }

    async fn keys_are_replaced_without_a_gap(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","signing":"ES256""#).await;
        let signed = sign_in(app, "ngozi").await;
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
        let signed = sign_in(app, "ngozi").await;
        let code = chat.code(app, &signed).await;
        let hint = Some(chat.exchange(app, &code).await.unwrap().id_token);
        let logout = Logout {
            id_token_hint: hint,
            post_logout_redirect_uri: Some("https://chat.example/bye".into()),
            state: Some("x y".into()),
            ..Logout::default()
        };
        let other = sign_in(app, "ngozi").await;
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
        let signed = sign_in(app, "ngozi").await;
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
        let signed = sign_in(app, "ngozi").await;
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
