use std::time::Duration;

use domain::accounts::Role;
use domain::applications::{Application, ApplicationDraft, ApplicationWithSecret};
use futures::future::join_all;
use serde_json::{Map, Value};

use super::*;
use crate::sessions::Signed;
use crate::testing::{TestApp, on_both_databases};
use crate::{Actor, applications, members, sessions};

mod asking;
mod assertions;
mod backchannel;
mod claims;
mod devices;
mod ending;
mod pushing;

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
        let credentials =
            Credentials { id: self.application.id.to_string(), secret: self.secret.clone(), assertion: None };
        Client::authenticate(&app.ctx, &credentials, &[]).await.unwrap()
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
        let mateo = app.sign_in("mateo").await;
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
        let signed = app.sign_in("ngozi").await;
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
        // Anyone who has the code may have been there first: what was issued for it is revoked.
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
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        let outcomes = join_all((0..8).map(|_| chat.exchange(app, &code))).await;
        assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() <= 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_tokens WHERE kind = 'access'").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_grants WHERE revoked_at IS NOT NULL").await, 1);
    }

    async fn an_unknown_application_gets_no_answer(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
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
            let credentials = Credentials { id: id.to_owned(), secret: secret.map(str::to_owned), assertion: None };
            code_of(Client::authenticate(&app.ctx, &credentials, &[]).await)
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
        let signed = app.sign_in("ngozi").await;
        assert_eq!(answer(authorize(&app.ctx, Some(&signed), &plain, None).await)["error"], "invalid_request");
        let code = public.code(app, &signed).await;
        assert!(public.exchange(app, &code).await.is_ok());
    }

    async fn pairwise_identifiers_differ_by_application_and_stay(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","subject":"pairwise""#).await;
        let signed = app.sign_in("ngozi").await;
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
        let signed = app.sign_in("ngozi").await;
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
}
