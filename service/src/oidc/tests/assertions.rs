//! Clients that prove by a key who they are.

use domain::applications::SigningAlgorithm;
use serde_json::json;

use super::super::jose::{PrivateKey, generate};
use super::*;

const TOKEN: &str = "/oidc/token";
const ISSUER: &str = "https://bramble.example";

/// An application with a key.
struct Keyed {
    chat: Chat,
    key: PrivateKey,
    algorithm: SigningAlgorithm,
}

impl Keyed {
    async fn create(app: &TestApp, owner: &Actor, algorithm: SigningAlgorithm) -> Self {
        let key = PrivateKey::from_pkcs8(algorithm, &generate(algorithm, app.ctx.randomness()).unwrap()).unwrap();
        let mut jwk = key.public_jwk();
        jwk["kid"] = "k1".into();
        let chat = Chat::create(app, owner, &format!(r#","jwks":{{"keys":[{jwk}]}}"#)).await;
        Self { chat, key, algorithm }
    }

    fn id(&self) -> String {
        self.chat.application.id.to_string()
    }

    /// The claims of an assertion.
    fn claims(&self, app: &TestApp) -> Map<String, Value> {
        let now = app.ctx.now().as_micros() / 1_000_000;
        let id = app.ctx.randomness().token();
        let claims =
            json!({ "iss": self.id(), "sub": self.id(), "aud": ISSUER, "jti": id, "iat": now, "exp": now + 60 });
        claims.as_object().unwrap().clone()
    }

    fn signed(&self, claims: &Map<String, Value>) -> String {
        self.key.sign(self.algorithm, "k1", "JWT", claims).unwrap()
    }

    async fn authenticate(&self, app: &TestApp, assertion: String) -> Result<Client, OauthError> {
        let credentials = Credentials { id: self.id(), secret: None, assertion: Some(assertion) };
        Client::authenticate(&app.ctx, &credentials, &[TOKEN]).await
    }
}

on_both_databases! {
    async fn an_application_proves_by_its_key_who_it_is(app: &TestApp) {
        let owner = app.owner().await;
        for algorithm in SigningAlgorithm::ALL {
            let keyed = Keyed::create(app, &owner, algorithm).await;
            assert_eq!((keyed.chat.secret.as_ref(), keyed.chat.application.secrets.len()), (None, 0));
            for audience in [json!(ISSUER), json!(format!("{ISSUER}{TOKEN}")), json!([ISSUER])] {
                let mut claims = keyed.claims(app);
                claims.insert("aud".into(), audience);
                let assertion = keyed.signed(&claims);
                assert_eq!(Credentials::by_assertion(assertion.clone()).unwrap().id, keyed.id());
                let client = keyed.authenticate(app, assertion).await.unwrap();
                assert_eq!(client.id(), keyed.chat.application.id, "{algorithm}");
            }
        }
    }

    async fn an_assertion_is_used_once(app: &TestApp) {
        let owner = app.owner().await;
        let keyed = Keyed::create(app, &owner, SigningAlgorithm::Es256).await;
        let other = Keyed::create(app, &owner, SigningAlgorithm::Es256).await;
        let claims = keyed.claims(app);
        let assertion = keyed.signed(&claims);
        let outcomes = join_all((0..8).map(|_| keyed.authenticate(app, assertion.clone()))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        // Nor another token with its id. The same id of another application is another one.
        let mut again = claims.clone();
        again.insert("exp".into(), (claims["exp"].as_i64().unwrap() + 1).into());
        assert_eq!(code_of(keyed.authenticate(app, keyed.signed(&again)).await), OauthCode::InvalidClient);
        let mut of_other = other.claims(app);
        of_other.insert("jti".into(), claims["jti"].clone());
        assert!(other.authenticate(app, other.signed(&of_other)).await.is_ok());
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_assertions").await, 2);
        // It is known for as long as it could come again.
        let mut long = keyed.claims(app);
        long.insert("exp".into(), (app.ctx.now().as_micros() / 1_000_000 + 660).into());
        let long = keyed.signed(&long);
        assert!(keyed.authenticate(app, long.clone()).await.is_ok());
        app.advance(Duration::from_secs(659));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(code_of(keyed.authenticate(app, long).await), OauthCode::InvalidClient);
        app.advance(Duration::from_secs(2));
        maintain(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_assertions").await, 0);
    }

    async fn an_assertion_says_who_it_is_for_and_for_how_long(app: &TestApp) {
        let owner = app.owner().await;
        let keyed = Keyed::create(app, &owner, SigningAlgorithm::EdDsa).await;
        let other = Keyed::create(app, &owner, SigningAlgorithm::EdDsa).await;
        let now = app.ctx.now().as_micros() / 1_000_000;
        for (name, wrong) in [
            ("iss", json!(other.id())),
            ("iss", json!(null)),
            ("sub", json!(other.id())),
            ("aud", json!("https://evil.example")),
            ("aud", json!(format!("{ISSUER}/"))),
            ("aud", json!(format!("{ISSUER}/oidc/userinfo"))),
            ("aud", json!([ISSUER, "https://evil.example"])),
            ("aud", json!([])),
            ("aud", json!(null)),
            ("exp", json!(now)),
            ("exp", json!(now - 60)),
            ("exp", json!(now + 3_600)),
            ("exp", json!("soon")),
            ("exp", json!(null)),
            ("nbf", json!(now + 120)),
            ("iat", json!(now + 120)),
            ("iat", json!("x")),
            ("jti", json!("")),
            ("jti", json!("x".repeat(256))),
            ("jti", json!(7)),
            ("jti", json!(null)),
        ] {
            let mut claims = keyed.claims(app);
            // `null` stands for left out.
            if wrong.is_null() { claims.remove(name); } else { claims.insert(name.into(), wrong.clone()); }
            let refused = keyed.authenticate(app, keyed.signed(&claims)).await;
            assert_eq!(code_of(refused), OauthCode::InvalidClient, "{name}: {wrong}");
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_assertions").await, 0);
    }

    async fn only_the_key_of_the_application_counts(app: &TestApp) {
        let owner = app.owner().await;
        let keyed = Keyed::create(app, &owner, SigningAlgorithm::Es256).await;
        let other = Keyed::create(app, &owner, SigningAlgorithm::Es256).await;
        let claims = keyed.claims(app);
        let refused = async |assertion: String| code_of(keyed.authenticate(app, assertion).await);
        assert_eq!(refused(other.signed(&claims)).await, OauthCode::InvalidClient);
        let named = keyed.key.sign(SigningAlgorithm::Es256, "k2", "JWT", &claims).unwrap();
        assert_eq!(refused(named).await, OauthCode::InvalidClient, "a key of another id");
        let encode = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
        let body = encode(&Value::from(claims.clone()).to_string());
        let key = encode(&keyed.key.public_jwk().to_string());
        for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256","kid":"k1"}"#, r#"{"alg":"RS256","kid":"k1"}"#, r#"{"alg":"es256"}"#] {
            for signature in ["", &key] {
                assert_eq!(refused(format!("{}.{body}.{signature}", encode(header))).await, OauthCode::InvalidClient, "{header}");
            }
        }
        // An ID token of this site is none, although this site signed it.
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let code = chat.code(app, &signed).await;
        assert_eq!(refused(chat.exchange(app, &code).await.unwrap().id_token).await, OauthCode::InvalidClient);
        assert!(keyed.authenticate(app, keyed.signed(&claims)).await.is_ok(), "none of these used it up");
    }

    async fn an_application_has_keys_or_a_secret(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let key = PrivateKey::from_pkcs8(SigningAlgorithm::EdDsa, &generate(SigningAlgorithm::EdDsa, app.ctx.randomness()).unwrap()).unwrap();
        let change = |json: String| serde_json::from_str::<ApplicationDraft>(&json).unwrap();
        let id = chat.application.id;
        let jwks = format!(r#"{{"oidc":{{"jwks":{{"keys":[{}]}}}}}}"#, key.public_jwk());
        let keyed = applications::update(&app.ctx, &owner, id, change(jwks)).await.unwrap();
        assert_eq!((keyed.application.secrets.len(), keyed.secret), (0, None));
        assert_eq!(applications::get(&app.ctx, &owner, id).await.unwrap(), keyed.application);
        let with = |secret: Option<String>| Credentials { id: id.to_string(), secret, assertion: None };
        for credentials in [with(chat.secret.clone()), with(None)] {
            assert_eq!(code_of(Client::authenticate(&app.ctx, &credentials, &[TOKEN]).await), OauthCode::InvalidClient);
        }
        assert_eq!(crate::testing::failure(applications::rotate_secret(&app.ctx, &owner, id).await).code, domain::Code::Invalid);
        let public = applications::update(&app.ctx, &owner, id, change(r#"{"oidc":{"client_type":"public"}}"#.into())).await;
        assert!(crate::testing::failure(public).field_error("oidc.jwks").is_some());
        let keyed = Keyed { chat: Chat { application: keyed.application, secret: None }, key, algorithm: SigningAlgorithm::EdDsa };
        assert!(keyed.authenticate(app, keyed.signed(&keyed.claims(app))).await.is_ok());
        let again = applications::update(&app.ctx, &owner, id, change(r#"{"oidc":{"jwks":null}}"#.into())).await.unwrap();
        assert!(again.secret.is_some());
        assert_eq!(code_of(keyed.authenticate(app, keyed.signed(&keyed.claims(app))).await), OauthCode::InvalidClient);
        assert!(Client::authenticate(&app.ctx, &with(again.secret), &[TOKEN]).await.is_ok());
    }
}
