use domain::accounts::Role;
use domain::flows::{FlowDraft, TypedTerms};
use domain::sessions::SignInDraft;

use super::*;
use crate::sessions::{self, Browser, SignedIn};
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Client, flows as service_flows, members};

fn draft(name: Option<&str>, text: Option<&str>, ask: Option<&str>) -> TermsDraft {
    let [name, text, ask] = [name, text, ask].map(|text| text.map(str::to_owned));
    TermsDraft { name, text, ask }
}

async fn sign_in(app: &TestApp, username: &str) -> SignedIn {
    let draft = SignInDraft { login: username.to_owned(), password: PASSWORD.to_owned() };
    sessions::sign_in_or_ask(&app.ctx, &draft, &Client::default(), &Browser::default()).await.unwrap()
}

on_both_databases! {
    async fn another_text_is_a_new_version(app: &TestApp) {
        let owner = app.owner().await;
        let terms = create(&app.ctx, &owner, draft(Some("Conduct"), Some("Be kind."), None)).await.unwrap();
        let id = terms.summary.terms.id;
        assert_eq!(failure(create(&app.ctx, &owner, draft(Some("CONDUCT"), Some("x"), None)).await).code, Code::TermsNameTaken);
        let renamed = update(&app.ctx, &owner, id, draft(Some("Rules"), Some("Be kind."), None)).await.unwrap();
        assert_eq!((renamed.summary.terms.name.as_str(), renamed.summary.version), ("Rules", 1));
        let changed = update(&app.ctx, &owner, id, draft(None, Some("Be kinder."), Some("all"))).await.unwrap();
        assert_eq!((changed.text.as_str(), changed.summary.version), ("Be kinder.", 2));
        let history = versions(&app.ctx, &owner, id).await.unwrap();
        assert_eq!(history.iter().map(|one| (one.number, one.ask)).collect::<Vec<_>>(), [
            (2, AskedMembers::All),
            (1, AskedMembers::Nobody),
        ]);
        assert_eq!(history[1].text.as_str(), "Be kind.");
        delete(&app.ctx, &owner, id).await.unwrap();
        assert_eq!(list(&app.ctx, &owner).await.unwrap(), []);
        assert_eq!(failure(get(&app.ctx, &owner, id).await).code, Code::NotFound);
    }

    async fn terms_that_flows_ask_for_are_not_deleted(app: &TestApp) {
        let owner = app.owner().await;
        let terms = create(&app.ctx, &owner, draft(Some("Conduct"), Some("Be kind."), None)).await.unwrap();
        let flow = serde_json::from_str(r#"{"name": "Students", "terms": ["Conduct"]}"#).unwrap();
        let flow = FlowDraft { flow, ..FlowDraft::default() };
        let flow = service_flows::create(&app.ctx, &owner, flow).await.unwrap().summary;
        let id = terms.summary.terms.id;
        assert_eq!(failure(delete(&app.ctx, &owner, id).await).code, Code::TermsInUse);
        assert_eq!(list(&app.ctx, &owner).await.unwrap()[0].used_by[0].id, flow.id);
        service_flows::delete(&app.ctx, &owner, flow.id, None).await.unwrap();
        delete(&app.ctx, &owner, id).await.unwrap();
    }

    async fn members_are_asked_at_their_next_sign_in(app: &TestApp) {
        let owner = app.owner().await;
        let una = app.account("una", Role::User).await;
        let terms = create(&app.ctx, &owner, draft(Some("Conduct"), Some("Be kind."), Some("accepted"))).await.unwrap();
        let id = terms.summary.terms.id;
        assert!(matches!(sign_in(app, "una").await, SignedIn::Session(_)), "nobody has accepted them");
        update(&app.ctx, &owner, id, draft(None, Some("Be kinder."), Some("all"))).await.unwrap();
        let SignedIn::Asked(asked) = sign_in(app, "una").await else { panic!("not asked") };
        assert_eq!((asked.terms.len(), asked.terms[0].version), (1, 2));
        assert_eq!(sessions::asked(&app.ctx, &asked.proof).await.unwrap().terms, asked.terms);
        let accept = async |proof: &str, version: &str| {
            let typed = TypedTerms::from([(id.to_string(), version.to_owned())]);
            sessions::accept_and_sign_in(&app.ctx, proof, &typed, &Client::default(), &Browser::default()).await
        };
        assert!(failure(accept(&asked.proof, "1").await).field_error(&format!("terms.{id}")).is_some());
        accept(&asked.proof, "2").await.unwrap();
        assert!(matches!(sign_in(app, "una").await, SignedIn::Session(_)), "once");
        let accepted = accepted(&app.ctx, &una, una.id()).await.unwrap();
        assert_eq!((accepted.len(), accepted[0].version), (1, 2));
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'account.accept_terms'").await, 1);
        // A new version that asks nobody.
        update(&app.ctx, &owner, id, draft(None, Some("Be kindest."), None)).await.unwrap();
        assert!(matches!(sign_in(app, "una").await, SignedIn::Session(_)));
    }

    async fn a_proof_of_a_sign_in_does_not_last(app: &TestApp) {
        let owner = app.owner().await;
        let una = app.account("una", Role::User).await;
        create(&app.ctx, &owner, draft(Some("Conduct"), Some("Be kind."), Some("all"))).await.unwrap();
        let SignedIn::Asked(asked) = sign_in(app, "una").await else { panic!("not asked") };
        let refused = async |proof: &str| failure(sessions::asked(&app.ctx, proof).await).code;
        assert_eq!(refused("").await, Code::SignInFailed);
        let broken = format!("A{}", &asked.proof[1..]);
        assert!(broken == asked.proof || refused(&broken).await == Code::SignInFailed);
        members::suspend(&app.ctx, &owner, una.id()).await.unwrap();
        members::restore(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(refused(&asked.proof).await, Code::SignInFailed, "the account has changed");
        let SignedIn::Asked(asked) = sign_in(app, "una").await else { panic!("not asked") };
        app.advance(std::time::Duration::from_mins(10));
        assert_eq!(refused(&asked.proof).await, Code::SignInFailed, "too late");
    }
}
