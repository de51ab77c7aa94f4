use domain::Patch;
use domain::access::Permissions;
use domain::accounts::Role;
use domain::invites::InviteDraft;
use domain::text::ApplicationName;
use domain::web::WebUrl;

use super::*;
use crate::groups;
use crate::operations::operator;
use crate::testing::{TestApp, failure, on_both_databases};

fn draft(json: &str) -> ApplicationDraft {
    serde_json::from_str(json).unwrap()
}

async fn created(app: &TestApp, actor: &Actor, json: &str) -> ApplicationWithSecret {
    create(&app.ctx, actor, draft(json).parse().unwrap()).await.unwrap()
}

async fn opened_by(app: &TestApp, username: &str) -> Vec<String> {
    let actor = operator::act_as(&app.ctx, Some(username)).await.unwrap();
    own(&app.ctx, &actor).await.unwrap().into_iter().map(|link| link.name.to_string()).collect()
}

const OIDC: &str = r#""oidc":{"redirect_uris":["https://chat.example/cb"]}"#;

on_both_databases! {
    async fn an_application_is_created_changed_listed_and_deleted(app: &TestApp) {
        let owner = app.owner().await;
        let chat = created(app, &owner, &format!(r#"{{"name":"Chat","url":"https://chat.example",{OIDC}}}"#)).await;
        assert!(chat.secret.as_ref().unwrap().starts_with(&chat.application.secrets[0].hint));
        let id = chat.application.id;
        assert_eq!(get(&app.ctx, &owner, id).await.unwrap(), chat.application);
        let taken = create(&app.ctx, &owner, draft(r#"{"name":"CHAT"}"#).parse().unwrap()).await;
        assert_eq!(failure(taken).code, Code::ApplicationNameTaken);

        let changed = update(&app.ctx, &owner, id, draft(r#"{"name":"Talk","description":"Where we talk"}"#)).await.unwrap();
        assert_eq!((changed.application.terms.name.as_str(), changed.secret), ("Talk", None));
        assert_eq!(changed.application.terms.oidc, chat.application.terms.oidc);
        // One that can't keep a secret has none, and gets a new one if it can again.
        let public = update(&app.ctx, &owner, id, draft(r#"{"oidc":{"client_type":"public"}}"#)).await.unwrap();
        assert_eq!((public.application.secrets.len(), public.secret), (0, None));
        assert_eq!(failure(rotate_secret(&app.ctx, &owner, id).await).code, Code::Invalid);
        let again = update(&app.ctx, &owner, id, draft(r#"{"oidc":{"client_type":"confidential"}}"#)).await.unwrap();
        assert!(again.secret.is_some_and(|secret| Some(secret) != chat.secret));

        created(app, &owner, r#"{"name":"Wiki"}"#).await;
        let names = async |q: Option<&str>| {
            let query = ApplicationQuery { q: q.map(str::to_owned), ..ApplicationQuery::default() };
            let page = list(&app.ctx, &owner, &query).await.unwrap();
            page.items.into_iter().map(|of| of.terms.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(None).await, ["Talk", "Wiki"]);
        assert_eq!(names(Some("WIK")).await, ["Wiki"]);
        assert!(names(Some("%")).await.is_empty());
        delete(&app.ctx, &owner, id).await.unwrap();
        assert_eq!(failure(get(&app.ctx, &owner, id).await).code, Code::NotFound);
        assert_eq!(failure(delete(&app.ctx, &owner, id).await).code, Code::NotFound);
        assert_eq!(app.number("SELECT COUNT(*) FROM client_secrets").await, 0);
    }

    async fn the_secret_before_works_for_a_day(app: &TestApp) {
        let owner = app.owner().await;
        let chat = created(app, &owner, &format!(r#"{{"name":"Chat",{OIDC}}}"#)).await;
        let id = chat.application.id;
        let works = async |secret: &Option<String>| {
            secrets::is_of(&app.ctx.db().read, id, secret.as_deref().unwrap(), app.ctx.now()).await.unwrap()
        };
        let second = rotate_secret(&app.ctx, &owner, id).await.unwrap();
        assert_eq!(second.application.secrets.len(), 2);
        assert!(works(&chat.secret).await && works(&second.secret).await);
        // Of three only the newest two.
        let third = rotate_secret(&app.ctx, &owner, id).await.unwrap();
        assert!(!works(&chat.secret).await && works(&second.secret).await && works(&third.secret).await);
        app.advance(secrets::OVERLAP);
        assert!(!works(&second.secret).await && works(&third.secret).await);
        assert_eq!(get(&app.ctx, &owner, id).await.unwrap().secrets.len(), 1);
    }

    async fn members_open_what_is_for_everyone_and_for_their_groups(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        app.account("lena", Role::User).await;
        let potters = app.group(&owner, "Potters", &["mateo"]).await;
        created(app, &owner, r#"{"name":"Wiki","url":"https://wiki.example"}"#).await;
        created(app, &owner, r#"{"name":"Hidden"}"#).await;
        created(app, &owner, r#"{"name":"Nobody","url":"https://nobody.example","groups":[]}"#).await;
        let kiln = format!(r#"{{"name":"Kiln","url":"https://kiln.example","groups":["{potters}"]}}"#);
        let kiln = created(app, &owner, &kiln).await.application;
        assert_eq!(kiln.group_refs[0].name.as_str(), "Potters");
        assert_eq!(opened_by(app, "mateo").await, ["Kiln", "Wiki"]);
        assert_eq!(opened_by(app, "lena").await, ["Wiki"]);
        // Also the owner is admitted by groups alone.
        assert_eq!(opened_by(app, "ngozi").await, ["Wiki"]);

        app.execute("UPDATE memberships SET ends_at = 1").await;
        assert_eq!(opened_by(app, "mateo").await, ["Wiki"]);
        app.execute("UPDATE memberships SET ends_at = NULL").await;
        groups::delete(&app.ctx, &owner, potters).await.unwrap();
        assert_eq!(opened_by(app, "mateo").await, ["Wiki"], "whom a deleted group admitted is not admitted");
        assert_eq!(get(&app.ctx, &owner, kiln.id).await.unwrap().terms.groups, Some(Vec::new()));
        let missing = update(&app.ctx, &owner, kiln.id, draft(&format!(r#"{{"groups":["{potters}"]}}"#))).await;
        assert!(failure(missing).field_error("groups").is_some());
    }

    async fn an_invite_leads_into_an_application_that_its_author_may_open(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        app.grant("mateo", Permission::InvitesCreate | Permission::InvitesView).await;
        let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
        let kiln = r#"{"name":"Kiln","url":"https://kiln.example","groups":[]}"#;
        let kiln = created(app, &owner, kiln).await.application.id;
        let hidden = created(app, &owner, r#"{"name":"Hidden"}"#).await.application.id;
        let names = async |actor: &Actor| {
            let choices = choices(&app.ctx, actor).await.unwrap();
            choices.into_iter().map(|of| of.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!((names(&owner).await, names(&mateo).await), (vec!["Kiln".to_owned()], vec![]));
        let to = |id: ApplicationId| InviteDraft { after: Patch::Set(format!("/open/{id}")), ..InviteDraft::default() };
        let made = async |actor: &Actor, id| {
            crate::invites::create(&app.ctx, actor, to(id).parse(app.ctx.now()).unwrap()).await
        };
        let invite = made(&owner, kiln).await.unwrap();
        assert_eq!(invite.application.as_ref().map(ApplicationName::as_str), Some("Kiln"));
        for refused in [made(&owner, hidden).await, made(&mateo, kiln).await, made(&mateo, ApplicationId(invite.id.0)).await] {
            assert!(failure(refused).field_error("after").is_some());
        }
        let own = crate::invites::create(&app.ctx, &mateo, InviteDraft::default().parse(app.ctx.now()).unwrap()).await;
        let changed = crate::invites::update(&app.ctx, &mateo, own.unwrap().id, to(kiln)).await;
        assert!(failure(changed).field_error("after").is_some());

        let opened = async |id| open(&app.ctx, mateo.id(), id).await.unwrap();
        assert_eq!(opened(kiln).await, Opening::NotAdmitted(ApplicationName::stored("Kiln")));
        assert_eq!(opened(hidden).await, Opening::Missing);
        update(&app.ctx, &owner, kiln, draft(r#"{"groups":null}"#)).await.unwrap();
        assert_eq!(opened(kiln).await, Opening::At(WebUrl::parse("https://kiln.example").unwrap()));
        assert!(made(&mateo, kiln).await.is_ok());
        // An invite to an application that is deleted leads nowhere in particular.
        delete(&app.ctx, &owner, kiln).await.unwrap();
        assert_eq!(opened(kiln).await, Opening::Missing);
        assert_eq!(crate::invites::get(&app.ctx, &owner, invite.id).await.unwrap().application, None);
    }

    async fn a_site_belongs_to_one_application(app: &TestApp) {
        let owner = app.owner().await;
        let sites = |sites: &str| format!(r#""forward_auth":{{"sites":[{sites}]}}"#);
        let wiki = format!(r#"{{"name":"Wiki",{}}}"#, sites(r#""https://wiki.example","https://w.example""#));
        let wiki = created(app, &owner, &wiki).await.application;
        assert_eq!(get(&app.ctx, &owner, wiki.id).await.unwrap(), wiki);
        let other = format!(r#"{{"name":"Other",{}}}"#, sites(r#""https://o.example","http://WIKI.example""#));
        let taken = failure(create(&app.ctx, &owner, draft(&other).parse().unwrap()).await);
        assert_eq!(taken.code, Code::SiteTaken);
        assert!(taken.field_error("forward_auth.sites").is_some());
        // Sites are given up, kept and taken.
        let change = format!("{{{}}}", sites(r#""https://w.example","https://new.example""#));
        update(&app.ctx, &owner, wiki.id, draft(&change)).await.unwrap();
        created(app, &owner, &other).await;
        assert_eq!(failure(update(&app.ctx, &owner, wiki.id, draft(&format!("{{{}}}", sites(r#""https://o.example""#)))).await).code, Code::SiteTaken);
        update(&app.ctx, &owner, wiki.id, draft(r#"{"forward_auth":null}"#)).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM application_sites").await, 2);
        let own = format!(r#"{{"name":"Own",{}}}"#, sites(&format!("\"{}\"", app.ctx.public_url())));
        let own = failure(create(&app.ctx, &owner, draft(&own).parse().unwrap()).await);
        assert!(own.field_error("forward_auth.sites").is_some(), "{own:?}");
    }

    async fn only_who_may_manages_applications(app: &TestApp) {
        let owner = app.owner().await;
        let id = created(app, &owner, r#"{"name":"Wiki"}"#).await.application.id;
        app.account("lena", Role::User).await;
        app.grant("lena", Permissions::all() - Permission::ApplicationsManage - Permission::AdminsManage).await;
        let lena = operator::act_as(&app.ctx, Some("lena")).await.unwrap();
        let (ctx, terms) = (&app.ctx, draft(r#"{"name":"Chat"}"#).parse().unwrap());
        assert_eq!(failure(list(ctx, &lena, &ApplicationQuery::default()).await).code, Code::Forbidden);
        assert_eq!(failure(get(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(create(ctx, &lena, terms).await).code, Code::Forbidden);
        assert_eq!(failure(update(ctx, &lena, id, draft("{}")).await).code, Code::Forbidden);
        assert_eq!(failure(rotate_secret(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(delete(ctx, &lena, id).await).code, Code::Forbidden);
    }
}
