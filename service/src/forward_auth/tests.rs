use std::time::Duration;

use domain::accounts::Role;
use domain::applications::ApplicationDraft;
use futures::future::join_all;

use super::answers::KEPT;
use super::*;
use crate::testing::{TestApp, failure, on_both_databases};
use crate::{Actor, applications as apps, groups, members};

const WIKI: &str = "wiki.example";

async fn connect(app: &TestApp, owner: &Actor, name: &str, host: &str, more: &str) -> ApplicationId {
    let json = format!(r#"{{"name":"{name}","forward_auth":{{"sites":["https://{host}"]{more}}}}}"#);
    let draft: ApplicationDraft = serde_json::from_str(&json).unwrap();
    apps::create(&app.ctx, owner, draft.parse().unwrap()).await.unwrap().application.id
}

/// What a browser keeps, in a cookie that is bound to its host.
fn bound(token: &SiteToken) -> Kept<'_> {
    Kept { value: token.expose(), is_bound: true }
}

const fn page<'a>(authority: &'a str, target: &'a str) -> Asked<'a> {
    Asked { authority, target, is_page: true, token: None, browser: None }
}

/// The parameters with which a browser is sent here, and what it keeps.
struct Begun {
    site: String,
    to: String,
    browser: String,
    kept: SiteToken,
}

async fn begin(app: &TestApp, asked: Asked<'_>) -> Begun {
    let Answer::Begin { url, browser: kept, site } = check(&app.ctx, &asked).await.unwrap() else { panic!("no start") };
    assert_eq!(site.authority(), asked.authority);
    let query = url.strip_prefix(app.ctx.public_url()).unwrap().strip_prefix(ENTER).unwrap().strip_prefix('?').unwrap();
    let parameter =
        |name: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).unwrap().1.into_owned();
    assert!(!url.contains(kept.expose()), "the address has only its hash");
    Begun { site: parameter("site"), to: parameter("to"), browser: parameter("browser"), kept }
}

impl Begun {
    async fn enter(&self, app: &TestApp, signed: Option<&Signed>) -> Next {
        enter(&app.ctx, signed, &self.site, &self.to, &self.browser).await.unwrap()
    }

    /// The path with the code.
    async fn code(&self, app: &TestApp, signed: &Signed) -> String {
        let Next::Return(url) = self.enter(app, Some(signed)).await else { panic!("no code") };
        let path = url.strip_prefix("https://").unwrap().strip_prefix(self.site.as_str()).unwrap();
        assert!(path.starts_with(ARRIVE));
        path.to_owned()
    }

    async fn arrive(&self, app: &TestApp, path: &str) -> Answer {
        let asked = Asked { browser: Some(bound(&self.kept)), ..page(&self.site, path) };
        check(&app.ctx, &asked).await.unwrap()
    }
}

/// Signs an account in on a site; what its browser keeps then.
async fn sign_in(app: &TestApp, signed: &Signed, authority: &str) -> SiteToken {
    let begun = begin(app, page(authority, "/start")).await;
    let code = begun.code(app, signed).await;
    match begun.arrive(app, &code).await {
        Answer::Arrived { url, token, .. } => {
            assert_eq!(url, format!("https://{authority}/start"));
            token
        }
        other => panic!("{other:?}"),
    }
}

async fn with_token(app: &TestApp, authority: &str, token: &SiteToken) -> Answer {
    check(&app.ctx, &Asked { token: Some(bound(token)), ..page(authority, "/") }).await.unwrap()
}

fn headers(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Enter(headers) => headers.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_member_enters_a_site_and_it_is_told_who(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        app.group(&owner, "Potters", &["mateo"]).await;
        app.group(&owner, "Saws, lathes", &["mateo"]).await;
        connect(app, &owner, "Wiki", WIKI, "").await;
        let begun = begin(app, page(WIKI, "/a?b=c d".replace(' ', "%20").as_str())).await;
        assert_eq!(begun.to, "/a?b=c%20d");
        assert_eq!(begun.enter(app, None).await, Next::SignIn);
        let mateo = app.sign_in("mateo").await;
        let code = begun.code(app, &mateo).await;
        let Answer::Arrived { url, token, .. } = begun.arrive(app, &code).await else { panic!("not signed in") };
        assert_eq!(url, "https://wiki.example/a?b=c%20d");
        assert_eq!(
            headers(&with_token(app, WIKI, &token).await),
            [
                "Remote-Email: mateo@bramble.example",
                "Remote-Groups: Potters,Saws%2C lathes",
                "Remote-Name: mateo",
                "Remote-User: mateo",
            ]
        );
    }

    async fn headers_are_those_that_the_application_chose_and_all_of_them(app: &TestApp) {
        let owner = app.owner().await;
        let more = r#","headers":{"X-Webauth-Role":"role","X-Id":"id","X-Year":"attribute:year"}"#;
        connect(app, &owner, "Wiki", WIKI, more).await;
        let ngozi = app.sign_in("ngozi").await;
        let token = sign_in(app, &ngozi, WIKI).await;
        let id = format!("X-Id: {}", ngozi.account.id);
        assert_eq!(headers(&with_token(app, WIKI, &token).await), [id.as_str(), "X-Webauth-Role: owner", "X-Year: "]);
    }

    async fn a_code_is_used_once_in_time_and_by_the_browser_that_asked(app: &TestApp) {
        let owner = app.owner().await;
        connect(app, &owner, "Wiki", WIKI, "").await;
        connect(app, &owner, "Chat", "chat.example", "").await;
        let ngozi = app.sign_in("ngozi").await;
        let begun = begin(app, page(WIKI, "/")).await;
        let lost = |answer: &Answer| matches!(answer, Answer::Lost { .. });

        let code = begun.code(app, &ngozi).await;
        let other = begin(app, page(WIKI, "/")).await;
        assert!(lost(&other.arrive(app, &code).await), "another browser");
        assert!(lost(&check(&app.ctx, &page(WIKI, &code)).await.unwrap()), "a browser that did not ask");
        let elsewhere = Asked { browser: Some(bound(&begun.kept)), ..page("chat.example", &code) };
        assert!(lost(&check(&app.ctx, &elsewhere).await.unwrap()), "another site");
        let at_once = join_all((0..8).map(|_| begun.arrive(app, &code))).await;
        let arrived = at_once.iter().filter(|answer| matches!(answer, Answer::Arrived { .. })).count();
        assert_eq!((arrived, at_once.iter().filter(|answer| lost(answer)).count()), (1, 7));

        let late = begun.code(app, &ngozi).await;
        app.advance(Duration::from_secs(30));
        assert!(lost(&begun.arrive(app, &late).await), "too late");
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM site_codes").await, 0);

        // Anyone who has the application open in two tabs begins twice, as one browser.
        let twice = begin(app, Asked { browser: Some(bound(&begun.kept)), ..page(WIKI, "/2") }).await;
        assert_eq!(twice.browser, begun.browser);
    }

    async fn a_token_is_of_one_site_and_ends_with_the_session(app: &TestApp) {
        let owner = app.owner().await;
        connect(app, &owner, "Wiki", WIKI, "").await;
        connect(app, &owner, "Chat", "chat.example", "").await;
        let account = app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        let token = sign_in(app, &mateo, WIKI).await;
        assert!(matches!(with_token(app, WIKI, &token).await, Answer::Enter(_)));
        assert!(matches!(with_token(app, "chat.example", &token).await, Answer::Begin { .. }), "another application");

        let signs_out = async |end: &str| {
            let token = sign_in(app, &app.sign_in("mateo").await, WIKI).await;
            assert!(matches!(with_token(app, WIKI, &token).await, Answer::Enter(_)));
            match end {
                "suspended" => {
                    members::suspend(&app.ctx, &owner, account.id()).await.unwrap();
                }
                _ => {
                    app.execute("DELETE FROM sessions").await;
                }
            }
            app.advance(KEPT);
            assert!(matches!(with_token(app, WIKI, &token).await, Answer::Begin { .. }), "{end}");
        };
        signs_out("session ended").await;
        signs_out("suspended").await;
        assert_eq!(app.number("SELECT COUNT(*) FROM site_tokens").await, 0);
    }

    async fn what_another_host_of_the_domain_could_set_does_not_count_over_tls(app: &TestApp) {
        let owner = app.owner().await;
        connect(app, &owner, "Wiki", WIKI, "").await;
        let ngozi = app.sign_in("ngozi").await;
        let token = sign_in(app, &ngozi, WIKI).await;
        let loose = |token| Some(Kept { value: SiteToken::expose(token), is_bound: false });
        for _ in 0..2 {
            let asked = Asked { token: loose(&token), ..page(WIKI, "/") };
            assert!(matches!(check(&app.ctx, &asked).await.unwrap(), Answer::Begin { .. }));
            assert!(matches!(with_token(app, WIKI, &token).await, Answer::Enter(_)), "also after it was kept");
        }
        let begun = begin(app, page(WIKI, "/")).await;
        let code = begun.code(app, &ngozi).await;
        let arrive = Asked { browser: loose(&begun.kept), ..page(WIKI, &code) };
        assert!(matches!(check(&app.ctx, &arrive).await.unwrap(), Answer::Lost { .. }));
        let again = begin(app, Asked { browser: loose(&begun.kept), ..page(WIKI, "/") }).await;
        assert!(again.kept != begun.kept, "nobody chooses what a browser keeps");
        assert!(matches!(begun.arrive(app, &code).await, Answer::Arrived { .. }));
    }

    async fn an_address_that_is_too_long_to_come_back_leads_to_the_start(app: &TestApp) {
        let owner = app.owner().await;
        connect(app, &owner, "Wiki", WIKI, "").await;
        let long = |length| format!("/?q={}", "%20".repeat(length));
        assert_eq!(begin(app, page(WIKI, &long(1_000))).await.to, long(1_000));
        assert_eq!(begin(app, page(WIKI, &long(2_700))).await.to, "/");
    }

    async fn only_who_is_admitted_enters(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        let potters = app.group(&owner, "Potters", &["mateo"]).await;
        let wiki = connect(app, &owner, "Wiki", WIKI, "").await;
        let admit = serde_json::from_str(&format!(r#"{{"groups":["{potters}"]}}"#)).unwrap();
        apps::update(&app.ctx, &owner, wiki, admit).await.unwrap();
        let ngozi = app.sign_in("ngozi").await;
        let begun = begin(app, page(WIKI, "/")).await;
        assert!(matches!(begun.enter(app, Some(&ngozi)).await, Next::NotAdmitted(name) if name.as_str() == "Wiki"));

        let mateo = app.sign_in("mateo").await;
        let token = sign_in(app, &mateo, WIKI).await;
        assert!(matches!(with_token(app, WIKI, &token).await, Answer::Enter(_)));
        groups::delete(&app.ctx, &owner, potters).await.unwrap();
        app.advance(KEPT);
        let answer = with_token(app, WIKI, &token).await;
        assert!(matches!(&answer, Answer::NotAdmitted { application, .. } if application.as_str() == "Wiki"), "{answer:?}");
        app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'mateo'").await;
        let pending = app.sign_in("mateo").await;
        assert_eq!(begin(app, page(WIKI, "/")).await.enter(app, Some(&pending)).await, Next::Pending);
    }

    async fn what_asks_for_no_page_is_not_sent_anywhere(app: &TestApp) {
        let owner = app.owner().await;
        let wiki = connect(app, &owner, "Wiki", WIKI, "").await;
        let picture = Asked { is_page: false, ..page(WIKI, "/logo.png") };
        assert!(matches!(check(&app.ctx, &picture).await.unwrap(), Answer::SignIn));
        for unknown in ["other.example", "wiki.example:8443", "", "a\0b"] {
            assert!(matches!(check(&app.ctx, &page(unknown, "/")).await.unwrap(), Answer::Unknown), "{unknown:?}");
        }
        assert_eq!(begin(app, page(WIKI, "//evil.example")).await.to, "/", "a path that is none leads to the start");
        let ngozi = app.sign_in("ngozi").await;
        let refused = |site, browser| enter(&app.ctx, Some(&ngozi), site, "/", browser);
        assert_eq!(failure(refused("other.example", "x").await).code, Code::NotFound);
        assert_eq!(failure(refused(WIKI, "x").await).code, Code::Malformed);
        // Without the connection nobody is there any more.
        let token = sign_in(app, &ngozi, WIKI).await;
        apps::update(&app.ctx, &owner, wiki, serde_json::from_str(r#"{"forward_auth":null}"#).unwrap()).await.unwrap();
        assert!(matches!(with_token(app, WIKI, &token).await, Answer::Unknown));
        assert_eq!(app.number("SELECT COUNT(*) FROM site_tokens").await, 0);
    }
}
