//! Forward-auth over HTTP: what a reverse proxy is answered, and what browsers are shown.

use domain::accounts::Role;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::harness::app::ORIGIN;
use crate::harness::{Answer, PASSWORD, TestApp, on_both_databases};

const SITE: &str = "wiki.example.org";

async fn connect(app: &TestApp, key: &str, more: Value) -> Value {
    let mut draft = json!({ "name": "Wiki", "forward_auth": { "sites": [format!("https://{SITE}")] } });
    for (field, value) in more.as_object().unwrap() {
        draft[field] = value.clone();
    }
    app.post("/api/v1/admin/applications").bearer(key).json(&draft).send().await.expect(201).json()
}

/// What a proxy asks when a browser opens a page.
async fn ask(app: &TestApp, endpoint: &str, target: &str, cookie: Option<&str>) -> Answer {
    let call = app
        .get(endpoint)
        .without("origin")
        .header("host", "latchkey:3000")
        .header("accept", "text/html")
        .header("x-forwarded-method", "GET")
        .header("x-forwarded-host", SITE)
        .header("x-forwarded-uri", target);
    match cookie {
        Some(cookie) => call.header("cookie", cookie).send().await,
        None => call.send().await,
    }
}

/// The path of an address on this site.
fn here(url: &str) -> &str {
    url.strip_prefix(ORIGIN).unwrap_or_else(|| panic!("{url} is elsewhere"))
}

fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).unwrap().1.into_owned()
}

/// The cookie of an answer as a browser sends it back.
fn kept(answer: &Answer, name: &str) -> String {
    let cookie = answer.set_cookie(name).unwrap_or_else(|| panic!("no {name}"));
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

on_both_databases! {
    async fn a_browser_is_led_through_the_sign_in_page_and_back(app: &TestApp) {
        let key = app.owner_key().await;
        connect(app, &key, json!({})).await;
        app.person("mateo", Role::User).await;
        let begun = ask(app, "/forward-auth", "/page?a=b&c", None).await;
        assert_eq!(begun.header("cache-control"), Some("no-store"));
        assert_eq!(begun.header("strict-transport-security"), None, "that is for the site to say");
        let entrance = here(begun.redirect()).to_owned();
        assert_eq!(parameter(&entrance, "to"), "/page?a=b&c");
        let browser = kept(&begun, "__Host-latchkey-browser");

        let login = app.get(&entrance).send().await;
        let login = login.redirect();
        let page = app.get(login).send().await.expect(200).text();
        for shown in ["To continue to Wiki", "/signup?next="] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let fields = [("login", "mateo"), ("password", PASSWORD), ("next", &parameter(login, "next"))];
        let signed_in = app.post("/login").form(&fields).send().await.expect(200);
        // Not a redirect: browsers would hold it to the addresses that forms may be sent to.
        assert_eq!(signed_in.header("refresh"), Some(format!("0; url={entrance}").as_str()));
        let back = app.get(&entrance).cookie(&signed_in.cookie("latchkey")).send().await;
        let arrival = back.redirect().strip_prefix("https://wiki.example.org").unwrap().to_owned();

        let arrived = ask(app, "/forward-auth", &arrival, Some(&browser)).await;
        assert_eq!(arrived.redirect(), "https://wiki.example.org/page?a=b&c");
        let token = kept(&arrived, "__Host-latchkey-site");
        let entered = ask(app, "/forward-auth", "/page?a=b&c", Some(&token)).await.expect(200);
        assert_eq!((entered.header("remote-user"), entered.header("remote-groups")), (Some("mateo"), Some("")));
        assert_eq!(entered.header("remote-email"), Some("mateo@example.org"));
        // The code is spent, and nobody else could have used it.
        let lost = ask(app, "/forward-auth", &arrival, Some(&browser)).await.expect(403);
        assert!(lost.text().contains("The sign-in was not completed"), "{}", lost.text());
        assert_eq!(app.get("/forward-auth").header("cookie", &token).send().await.status.as_u16(), 400);
    }
}

on_both_databases! {
    async fn nginx_is_told_where_to_redirect(app: &TestApp) {
        let key = app.owner_key().await;
        connect(app, &key, json!({})).await;
        let begun = ask(app, "/forward-auth/nginx", "/", None).await.expect(401);
        assert!(here(begun.header("location").unwrap()).starts_with("/forward-auth/enter?"));
        kept(&begun, "__Host-latchkey-browser");
        let picture = app.get("/forward-auth/nginx").header("x-forwarded-host", SITE).header("x-forwarded-uri", "/a.png");
        let picture = picture.header("accept", "image/*").send().await.expect(401);
        assert_eq!((picture.header("location"), picture.set_cookie("__Host-latchkey-browser")), (None, None));
    }
}

on_both_databases! {
    async fn who_may_not_enter_is_told_so(app: &TestApp) {
        let key = app.owner_key().await;
        let wiki = connect(app, &key, json!({})).await;
        let mateo = app.person("mateo", Role::User).await;
        let mateo = app.cookie_of(&mateo).await;
        let begun = ask(app, "/forward-auth", "/", None).await;
        let browser = kept(&begun, "__Host-latchkey-browser");
        let entrance = here(begun.redirect()).to_owned();
        let back = app.get(&entrance).cookie(&mateo).send().await;
        let arrival = back.redirect().strip_prefix("https://wiki.example.org").unwrap().to_owned();
        let token = kept(&ask(app, "/forward-auth", &arrival, Some(&browser)).await, "__Host-latchkey-site");

        let path = format!("/api/v1/admin/applications/{}", wiki["id"].as_str().unwrap());
        app.patch(&path).bearer(&key).json(&json!({ "groups": [] })).send().await.expect(200);
        let refused = ask(app, "/forward-auth", "/", Some(&token)).await.expect(403);
        assert!(refused.text().contains("You can’t open Wiki"), "{}", refused.text());
        let policy = refused.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'; style-src 'sha256-"), "{policy}");
        let page = app.get(&entrance).cookie(&mateo).send().await.expect(403).text();
        assert!(page.contains("Use another account"), "{page}");
    }
}

on_both_databases! {
    async fn a_site_that_nobody_connected_is_refused_with_words(app: &TestApp) {
        app.owner_key().await;
        let unknown = ask(app, "/forward-auth", "/", None).await.expect(403);
        assert!(unknown.text().contains("No application in Latchkey has the site wiki.example.org"), "{}", unknown.text());
        let page = app.get("/forward-auth/enter?site=wiki.example.org&to=%2F&browser=x").send().await.expect(404);
        assert!(page.text().contains("No application here has the site"), "{}", page.text());
    }
}

on_both_databases! {
    async fn a_site_is_told_what_its_application_chose(app: &TestApp) {
        let key = app.owner_key().await;
        let headers = json!({ "X-Webauth-User": "id" });
        let more = json!({ "forward_auth": { "sites": [format!("https://{SITE}"), "http://10.0.0.5:8080"], "headers": headers } });
        let wiki = connect(app, &key, more).await;
        assert_eq!(wiki["forward_auth"]["headers"], headers);
        assert_eq!(wiki["forward_auth"]["sites"], json!(["https://wiki.example.org", "http://10.0.0.5:8080"]));
        let draft = json!({ "name": "Other", "forward_auth": { "sites": ["https://wiki.example.org"] } });
        app.post("/api/v1/admin/applications").bearer(&key).json(&draft).send().await.problem(409, "site_taken");
        let draft = json!({ "name": "Other", "forward_auth": { "sites": [], "headers": { "Cookie": "id" } } });
        let wrong = app.post("/api/v1/admin/applications").bearer(&key).json(&draft).send().await;
        wrong.invalid(&["forward_auth.headers", "forward_auth.sites"]);
    }
}
