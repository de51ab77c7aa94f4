//! What an application is told beside what every application is.

use serde_json::json;

use super::*;
use crate::pictures::tests::png;
use crate::pictures::{self, Of};

async fn told(app: &TestApp, chat: &Chat, signed: &Signed, scope: &str) -> (Map<String, Value>, Map<String, Value>) {
    let request = AuthorizationRequest { scope: Some(scope.to_owned()), ..chat.request() };
    let answered = answer(authorize(&app.ctx, Some(signed), &request, None).await);
    let tokens = chat.exchange(app, &answered["code"]).await.unwrap();
    (verified(app, &tokens.id_token).await, user_info(&app.ctx, &tokens.access_token).await.unwrap())
}

async fn set_picture(app: &TestApp, signed: &Signed) {
    let upload = pictures::admit(&app.ctx, &signed.actor, Of::Own).unwrap();
    pictures::set(&app.ctx, &signed.actor, Of::Own, png(7), upload).await.unwrap();
}

/// What is found at an address.
async fn fetched(app: &TestApp, address: &str) -> Result<pictures::Picture, Error> {
    let parts: Vec<_> = address.strip_prefix("https://bramble.example/oidc/pictures/").unwrap().split('/').collect();
    picture(&app.ctx, parts.try_into().unwrap()).await
}

on_both_databases! {
    async fn attributes_become_claims_of_the_profile(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, r#","consent":true,"claims":{"department":"dept","https://a.example/year":"year","desk":"desk"}"#).await;
        let other = Chat::create(app, &owner, "").await;
        let id = app.account("mateo", Role::User).await.id();
        let change = serde_json::from_str(r#"{"attributes":[{"key":"dept","value":"Glazes"},{"key":"year","value":"2026"}]}"#).unwrap();
        members::update(&app.ctx, &owner, id, change).await.unwrap();
        let mateo = app.sign_in("mateo").await;
        let Next::Consent { attributes, .. } = authorize(&app.ctx, Some(&mateo), &chat.request(), None).await.unwrap() else {
            panic!("it asks")
        };
        let titles: Vec<_> = attributes.iter().map(domain::attributes::AttributeKey::title).collect();
        assert_eq!(titles, ["Dept", "Desk", "Year"]);
        decide(&app.ctx, &mateo, &chat.request(), None, true).await.unwrap();
        let (id_token, info) = told(app, &chat, &mateo, "openid profile").await;
        for claims in [id_token, info] {
            assert_eq!((&claims["department"], &claims["https://a.example/year"]), (&json!("Glazes"), &json!("2026")));
            assert!(!claims.contains_key("desk"), "mateo has none");
        }
        let (id_token, info) = told(app, &chat, &mateo, "openid email").await;
        assert!(!id_token.contains_key("department") && !info.contains_key("department"), "without the scope");
        assert!(!told(app, &other, &mateo, "openid profile").await.1.contains_key("department"), "another application");
    }

    async fn a_picture_has_an_address_that_ends(app: &TestApp) {
        let owner = app.owner().await;
        let (chat, other) = (Chat::create(app, &owner, "").await, Chat::create(app, &owner, "").await);
        let pairwise = Chat::create(app, &owner, r#","subject":"pairwise""#).await;
        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        assert!(!told(app, &chat, &mateo, "openid profile").await.1.contains_key("picture"));
        set_picture(app, &mateo).await;
        let address = async |chat: &Chat| {
            let (id_token, info) = told(app, chat, &mateo, "openid profile").await;
            assert_eq!(id_token.get("picture"), info.get("picture"));
            info.get("picture").map(|address| address.as_str().unwrap().to_owned())
        };
        let first = address(&chat).await.unwrap();
        assert!(fetched(app, &first).await.unwrap().media_type.starts_with("image/"));
        assert_ne!(address(&other).await.unwrap(), first);
        assert_eq!(address(&pairwise).await, None, "it would be known by it elsewhere");
        assert!(!told(app, &chat, &mateo, "openid email").await.1.contains_key("picture"));

        let missing = async |address: &str| {
            assert_eq!(crate::testing::failure(fetched(app, address).await).code, domain::Code::NotFound, "{address}");
        };
        missing(&first.replace(&chat.application.id.to_string(), &other.application.id.to_string())).await;
        let (start, proof) = first.rsplit_once('/').unwrap();
        missing(&format!("{start}/{}", if proof.starts_with('A') { proof.replacen('A', "B", 1) } else { format!("A{}", &proof[1..]) })).await;
        missing(&format!("{start}/")).await;
        app.advance(Duration::from_secs(1));
        set_picture(app, &mateo).await;
        missing(&first).await;
        let second = address(&chat).await.unwrap();
        assert!(fetched(app, &second).await.is_ok());
        members::suspend(&app.ctx, &owner, mateo.account.id).await.unwrap();
        missing(&second).await;
        members::restore(&app.ctx, &owner, mateo.account.id).await.unwrap();
        assert!(fetched(app, &second).await.is_ok());
        let nobody = serde_json::from_str(r#"{"groups":[]}"#).unwrap();
        applications::update(&app.ctx, &owner, chat.application.id, nobody).await.unwrap();
        missing(&second).await;
    }

    async fn an_answer_is_posted_if_the_application_wants_it(app: &TestApp) {
        let owner = app.owner().await;
        let chat = Chat::create(app, &owner, "").await;
        let signed = app.sign_in("ngozi").await;
        let request = AuthorizationRequest { response_mode: Some("form_post".into()), ..chat.request() };
        let Next::Post { action, fields } = authorize(&app.ctx, Some(&signed), &request, None).await.unwrap() else {
            panic!("it is posted")
        };
        let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((action.as_str(), names.as_slice()), (REDIRECT, &["code", "state", "iss"][..]));
        assert!(chat.exchange(app, &fields[0].1).await.is_ok());
        let wrong = AuthorizationRequest { scope: None, ..request };
        assert!(matches!(authorize(&app.ctx, Some(&signed), &wrong, None).await.unwrap(), Next::Post { .. }));
    }
}
