//! Password resets: the link that staff make or that is sent by e-mail, and the pages.

use domain::accounts::Role;
use serde_json::Value;

use crate::harness::app::Setup;
use crate::harness::{Answer, Kind, PASSWORD, Person, TestApp, on_both_databases};

const NEW: &str = "eleven dry umbrellas in Braga";

/// Makes a link by the REST API.
async fn make(app: &TestApp, key: &str, person: &Person) -> Answer {
    app.post(&format!("/api/v1/admin/accounts/{}/reset-link", person.id)).bearer(key).send().await
}

/// The path of the link in an answer.
#[track_caller]
fn path(app: &TestApp, answer: &Answer) -> String {
    let link: Value = answer.json();
    let url = link["url"].as_str().unwrap();
    url.strip_prefix(app.origin()).unwrap_or_else(|| panic!("{url}")).to_owned()
}

async fn sign_in(app: &TestApp, password: &str) -> Answer {
    app.post("/login").form(&[("login", "mateo"), ("password", password)]).send().await
}

on_both_databases! {
    async fn a_link_sets_a_new_password_without_scripts(app: &TestApp) {
        let key = app.owner_key().await;
        let mateo = app.person("mateo", Role::User).await;
        let session = app.cookie_of(&mateo).await;
        let made = make(app, &key, &mateo).await.expect(201);
        assert!(made.json()["expires_at"].is_string());
        let path = path(app, &made);

        // Opening it uses nothing up.
        for _ in 0..2 {
            let page = app.get(&path).send().await.expect(200);
            assert_eq!(page.header("referrer-policy"), Some("same-origin"));
            assert_eq!(page.header("cache-control"), Some("no-store"));
            let page = page.text();
            assert!(page.contains("value=\"mateo\"") && page.contains(&format!("action=\"{path}\"")), "{page}");
            assert!(!page.contains("<script") && page.contains("noindex") && !page.contains("href=\"http"), "{page}");
        }
        app.call("HEAD", &path).send().await.expect(200);

        for weak in ["short", "password123", "mateo@example.org"] {
            let form = [("username", "mateo"), ("password", weak)];
            let again = app.post(&path).form(&form).send().await.expect(422).text();
            assert!(again.contains("password-error") && again.contains("value=\"mateo\""), "{weak}: {again}");
            assert!(!again.contains(&format!("value=\"{weak}\"")), "{weak}");
        }
        app.get("/me").cookie(&session).send().await.expect(200);

        let done = app.post(&path).form(&[("username", "somebody"), ("password", NEW)]).send().await;
        assert_eq!(done.redirect(), "/login?changed=1");
        assert_eq!(done.set_cookie("latchkey"), None, "nobody is signed in by it");
        let after = app.get("/login?changed=1").cookie(&session).send().await.expect(200).text();
        assert!(after.contains("Your password has been changed. Sign in with the new password."), "{after}");
        assert!(!after.contains("Your session has ended"), "{after}");
        assert!(app.get("/me").cookie(&session).send().await.redirect().starts_with("/login"));
        sign_in(app, PASSWORD).await.expect(401);
        assert_eq!(sign_in(app, NEW).await.redirect(), "/");

        for used in [app.get(&path), app.post(&path).form(&[("password", "another password altogether")])] {
            assert!(used.send().await.expect(404).text().contains("This link is not valid"));
        }
        assert_eq!(sign_in(app, NEW).await.redirect(), "/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_that_cannot_be_used_has_the_same_page() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let mateo = app.person("mateo", Role::User).await;
    let replaced = path(&app, &make(&app, &key, &mateo).await.expect(201));
    let expired = path(&app, &make(&app, &key, &mateo).await.expect(201));
    app.database.execute("UPDATE reset_links SET expires_at = 1").await;
    let unknown = app.get("/reset/no-such-token").send().await.expect(404).text();
    assert!(!unknown.contains("name=\"password\"") && !unknown.contains("mateo"), "{unknown}");
    for path in ["/reset/%00", "/reset/%22%3E%3Cscript%3E", &replaced, &expired] {
        assert_eq!(app.get(path).send().await.expect(404).text(), unknown, "{path}");
        // Also of a form that is wrong in another way: without a link it says nothing.
        for password in [NEW, "short"] {
            let answer = app.post(path).form(&[("password", password)]).send().await;
            assert_eq!(answer.expect(404).text(), unknown, "{path}");
        }
    }
    sign_in(&app, PASSWORD).await.expect(303);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_sets_no_password() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let mateo = app.person("mateo", Role::User).await;
    let path = path(&app, &make(&app, &key, &mateo).await.expect(201));
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let forged = app.post(&path).form(&[("password", NEW)]).without("origin").without("sec-fetch-site");
        forged.header(name, value).send().await.expect(403);
    }
    sign_in(&app, PASSWORD).await.expect(303);
    app.get(&path).send().await.expect(200);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_makes_links_for_active_accounts_below_that_of_the_key_alone() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let owner_key = app.key_of(&owner).await;
    let admin = app.person("noor", Role::Admin).await;
    let admin_key = app.key_of(&admin).await;
    let mateo = app.person("mateo", Role::User).await;
    for (key, person) in [(&owner_key, &owner), (&admin_key, &owner), (&admin_key, &admin)] {
        make(&app, key, person).await.problem(403, "forbidden");
    }
    app.post(&format!("/api/v1/admin/accounts/{}/suspend", mateo.id)).bearer(&owner_key).send().await.expect(200);
    let refused = make(&app, &admin_key, &mateo).await.problem(403, "forbidden");
    assert!(refused["detail"].as_str().unwrap().contains("suspended"), "{refused}");
    assert_eq!(app.database.rows("reset_links").await, 0);
    make(&app, &owner_key, &admin).await.expect(201);
    app.close().await;
}

/// Asks for a link by e-mail.
async fn ask(app: &TestApp, login: &str) -> Answer {
    app.post("/forgot").form(&[("login", login)]).send().await
}

/// Status, headers and body of an answer, without the id of the request.
fn all_of(answer: &Answer) -> String {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    format!("{} {:?} {}", answer.status, headers.collect::<Vec<_>>(), answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_who_forgot_their_password_does_not_say_whether_there_is_an_account() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    app.person("mateo", Role::User).await;
    app.person("noor", Role::User).await;
    app.database.execute("UPDATE accounts SET suspended_at = 1 WHERE username = 'noor'").await;
    app.turn_mail_on().await;
    let page = app.get("/forgot").send().await.expect(200).text();
    assert!(page.contains("name=\"login\"") && page.contains("noindex") && !page.contains("<script"), "{page}");
    let known = ask(&app, "mateo").await;
    assert_eq!(known.redirect(), "/forgot?sent=1");
    for login in ["mateo", "mateo@example.org", " MATEO@example.org", "noor", "nobody", "nobody@example.org"] {
        assert_eq!(all_of(&ask(&app, login).await), all_of(&known), "{login}");
    }
    let sent = app.get("/forgot?sent=1").send().await.expect(200).text();
    assert!(sent.contains("If there is such an account, a message with a link is on its way"), "{sent}");

    for wrong in ["", "mateo@", "\"><b>"] {
        let again = ask(&app, wrong).await.expect(422).text();
        assert!(again.contains("login-error") && !again.contains("<b>"), "{wrong}: {again}");
        assert_eq!(again.contains("value=\"mateo@\""), wrong == "mateo@", "what was typed stays");
    }
    // Completes what runs.
    app.ctx.close().await;
    assert_eq!(app.database.number("SELECT count(*) FROM outbox WHERE event = 'password_reset'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_mail_says_how_to_get_a_link() {
    let app = TestApp::sqlite().await;
    let before = app.get("/forgot").send().await.expect(200).text();
    assert!(before.contains("This site is not set up yet"), "{before}");
    app.person("ines", Role::Owner).await;
    assert!(app.get("/login").send().await.expect(200).text().contains("href=\"/forgot\""));
    for path in ["/forgot", "/forgot?sent=1"] {
        let page = app.get(path).send().await.expect(200).text();
        assert!(page.contains("latchkey account reset-link") && !page.contains("<form"), "{path}: {page}");
    }
    for login in ["ines", "nobody", ""] {
        assert_eq!(ask(&app, login).await.redirect(), "/forgot");
    }
    assert_eq!(app.database.rows("outbox").await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_links_is_limited_and_no_other_site_asks() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    app.person("ines", Role::Owner).await;
    app.turn_mail_on().await;
    let forged = app.post("/forgot").form(&[("login", "ines")]).without("origin").without("sec-fetch-site");
    forged.header("origin", "https://evil.example").send().await.expect(403);
    for login in ["ines", "nobody"] {
        for _ in 0..5 {
            assert_eq!(ask(&app, login).await.redirect(), "/forgot?sent=1");
        }
        let late = ask(&app, login).await.expect(429);
        assert!(late.header("retry-after").is_some());
        let page = late.text();
        assert!(page.contains("Too many requests.") && page.contains(&format!("value=\"{login}\"")), "{page}");
    }
    app.close().await;
}
