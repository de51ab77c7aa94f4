//! Requests for a new link: the form on the page of an invite that lets no one in, the answers of the dashboard, REST, and the
//! command line.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Answer, Database, Kind, TestApp, on_both_databases, until};

fn code(invite: &Value) -> &str {
    invite["code"].as_str().unwrap()
}

fn page_of(invite: &Value) -> String {
    format!("/signup?inv={}", code(invite))
}

fn path_of(invite: &Value) -> String {
    format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap())
}

/// A paused invite with these terms.
async fn paused(app: &TestApp, key: &str, draft: Value) -> Value {
    let invite = app.invite(key, &draft).await;
    app.post(&format!("{}/pause", path_of(&invite))).bearer(key).send().await.expect(200);
    invite
}

async fn ask(app: &TestApp, code: &str, email: &str) -> Answer {
    app.post("/signup/ask").form(&[("code", code), ("email", email), ("note", "Mine is over.")]).send().await
}

/// All requests, as soon as there are so many: they are stored after the answer.
async fn stored(app: &TestApp, key: &str, number: usize) -> Vec<Value> {
    until("the requests are stored", async || requests(app, key, "").await.len() >= number).await;
    requests(app, key, "").await
}

async fn requests(app: &TestApp, key: &str, query: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/admin/invite-requests{query}")).bearer(key).send().await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn everyone_who_asks_gets_the_same_answer(app: &TestApp) {
        let key = app.owner_key().await;
        let over = paused(app, &key, json!({ "label": "secret label" })).await;
        let deleted = paused(app, &key, json!({})).await;
        app.delete(&path_of(&deleted)).bearer(&key).send().await.expect(204);
        let own = paused(app, &key, json!({ "code": "open-evening" })).await;
        let active = app.invite(&key, &json!({})).await;

        let page = app.get(&page_of(&over)).send().await.expect(410).text();
        for shown in ["action=\"/signup/ask\"", "Ask ines for a new link", "name=\"note\"", &format!("value=\"{}\"", code(&over))] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("<script") && !page.contains("secret label"), "{page}");
        // A code that is deleted, custom or unknown offers nothing that would say whether it exists.
        app.get(&page_of(&deleted)).send().await.expect(410);
        for path in [page_of(&deleted), page_of(&own), "/signup?inv=NoSuchCode23".to_owned(), page_of(&active)] {
            let other = app.get(&path).send().await.text();
            assert!(!other.contains("/signup/ask"), "{path}: {other}");
        }

        let first = ask(app, code(&over), "mateo@postbox.example").await;
        assert_eq!(first.redirect(), "/signup/asked");
        stored(app, &key, 1).await;
        for (code, email) in [
            (code(&over), "mateo@postbox.example"),
            (code(&over), "ines@example.org"),
            (code(&deleted), "mateo@postbox.example"),
            ("NoSuchCode23", "mateo@postbox.example"),
            ("open-evening", "mateo@postbox.example"),
            ("", "mateo@postbox.example"),
            ("?", "ines@example.org"),
            (code(&active), "mateo@postbox.example"),
        ] {
            let answer = ask(app, code, email).await;
            assert_eq!((answer.redirect(), answer.text()), ("/signup/asked", first.text()), "{code} {email}");
            assert_eq!(answer.set_cookie("latchkey"), None);
        }
        let after = app.get("/signup/asked").send().await.expect(200).text();
        assert!(after.contains("Request sent"), "{after}");
        let stored = stored(app, &key, 2).await;
        let emails: Vec<_> = stored.iter().map(|request| request["email"].as_str().unwrap()).collect();
        assert_eq!(emails, ["ines@example.org", "mateo@postbox.example"]);
        assert_eq!((&stored[1]["note"], &stored[1]["status"]), (&json!("Mine is over."), &json!("open")));

        // What cannot be read comes back with what was typed, where there is a form.
        let wrong = ask(app, code(&over), "mateo").await.expect(422).text();
        for shown in ["email-error", "value=\"mateo\"", "value=\"Mine is over.\"", "action=\"/signup/ask\""] {
            assert!(wrong.contains(shown), "{shown}: {wrong}");
        }
        assert_eq!(ask(app, "NoSuchCode23", "mateo").await.redirect(), "/signup?inv=NoSuchCode23");
        assert_eq!(ask(app, code(&deleted), "mateo").await.redirect(), page_of(&deleted));
        app.post("/signup/ask").form(&[("code", code(&over)), ("email", "a@b.example")]).header("sec-fetch-site", "cross-site").send().await.expect(403);
        app.get("/signup/ask").send().await.expect(405);
        assert_eq!(requests(app, &key, "").await.len(), 2);
    }
}

on_both_databases! {
    async fn the_dashboard_grants_in_one_click_and_leads_to_the_link(app: &TestApp) {
        let key = app.owner_key().await;
        let owner = app.post("/login").form(&[("login", "ines"), ("password", crate::harness::PASSWORD)]).send().await.cookie("latchkey");
        let admin = app.person("tomasz", Role::Admin).await;
        let member = app.person("una", Role::User).await;
        let (admin, member) = (app.cookie_of(&admin).await, app.cookie_of(&member).await);
        let over = paused(app, &key, json!({ "label": "Summer course" })).await;
        for (email, number) in [("mateo@postbox.example", 1), ("lena@postbox.example", 2)] {
            ask(app, code(&over), email).await.expect(303);
            stored(app, &key, number).await;
        }
        let waiting = requests(app, &key, "?open=true").await;
        let answer = |request: &Value, what: &str, cookie: &str| {
            let path = format!("/invite-requests/{}/{what}", request["id"].as_str().unwrap());
            app.post(&path).form(&[("next", "/admin")]).cookie(cookie).send()
        };
        for what in ["grant", "dismiss"] {
            answer(&waiting[0], what, &member).await.expect(403);
            let path = format!("/invite-requests/{}/{what}", waiting[0]["id"].as_str().unwrap());
            let signed_out = app.post(&path).form(&[("next", "//evil.example")]).send().await;
            assert_eq!(signed_out.redirect(), "/login?next=%2F");
            let elsewhere = app.post(&path).form(&[("next", "/admin")]).cookie(&owner).header("sec-fetch-site", "cross-site");
            elsewhere.send().await.expect(403);
            answer(&json!({ "id": "x" }), what, &owner).await.expect(404);
            answer(&json!({ "id": "0199f0a7-8a43-7d0e-9d6a-3f0e6c1b2a77" }), what, &owner).await.expect(404);
        }
        let granted = answer(&waiting[1], "grant", &owner).await.redirect().to_owned();
        let id = granted.strip_prefix("/admin/invites/").unwrap_or_else(|| panic!("{granted}"));
        let fresh = app.get(&format!("/api/v1/admin/invites/{id}")).bearer(&key).send().await.expect(200).json();
        assert_eq!((&fresh["email"], &fresh["max_uses"]), (&json!("mateo@postbox.example"), &json!(1)));
        let page = app.get(&granted).cookie(&owner).send().await.expect(200).text();
        assert!(page.contains(fresh["url"].as_str().unwrap()), "the link to copy: {page}");
        assert!(app.get(&page_of(&fresh)).send().await.expect(200).text().contains("mateo@postbox.example"));
        // Again it leads there; somebody else is told.
        assert_eq!(answer(&waiting[1], "grant", &owner).await.redirect(), granted);
        assert!(answer(&waiting[1], "grant", &admin).await.expect(409).text().contains("already"));
        assert_eq!(answer(&waiting[0], "dismiss", &owner).await.redirect(), "/admin");
        assert!(requests(app, &key, "?open=true").await.is_empty());
        assert_eq!(requests(app, &key, "?open=false").await.len(), 2);
        assert_eq!(app.database.rows("invites").await, 2);
    }
}

on_both_databases! {
    async fn a_program_lists_and_answers_by_rest(app: &TestApp) {
        let key = app.owner_key().await;
        let over = paused(app, &key, json!({})).await;
        for number in 0..3 {
            ask(app, code(&over), &format!("a{number}@postbox.example")).await.expect(303);
        }
        stored(app, &key, 3).await;
        let first = app.get("/api/v1/admin/invite-requests?open=true&limit=2").bearer(&key).send().await.expect(200).json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = requests(app, &key, &format!("?open=true&limit=2&cursor={cursor}")).await;
        assert_eq!((first["items"].as_array().unwrap().len(), second.len()), (2, 1));
        let path = |what: &str| format!("/api/v1/admin/invite-requests/{}/{what}", second[0]["id"].as_str().unwrap());
        let granted = app.post(&path("grant")).bearer(&key).send().await.expect(200).json();
        assert_eq!((&granted["request"]["status"], &granted["invite"]["email"]), (&json!("granted"), &second[0]["email"]));
        assert_eq!(granted["request"]["granted_invite"], granted["invite"]["id"]);
        app.post(&path("dismiss")).bearer(&key).send().await.problem(409, "already_decided");
        let admin = app.person("tomasz", Role::Admin).await;
        app.post(&path("grant")).bearer(&app.key_of(&admin).await).send().await.problem(409, "already_decided");
        app.post("/api/v1/admin/invite-requests/x/grant").bearer(&key).send().await.problem(404, "not_found");
        app.get("/api/v1/admin/invite-requests?open=maybe&limit=0").bearer(&key).send().await.invalid(&["open", "limit"]);
        app.delete(&path_of(&over)).bearer(&key).send().await.expect(204);
        assert!(requests(app, &key, "").await.is_empty(), "deleted with the invite");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    owner_key(&database);
    let list = |all: &[&str]| run(&database, &[&["invite", "requests", "list"], all].concat(), "");
    assert_eq!(list(&[]), "");
    let url = run(&database, &["invite", "create", "--label", "Course"], "").trim().to_owned();
    run(&database, &["invite", "pause", &url], "");
    for (id, email) in [("01", "mateo@postbox.example"), ("02", "lena@postbox.example")] {
        let row = format!(
            "INSERT INTO invite_requests (id, invite_id, author_id, email, email_folded, note, created_at)
             SELECT x'0000000000000000000000000000{id}00', id, created_by, '{email}', '{email}', 'Mine is over.', 0 FROM invites"
        );
        database.execute(&row).await;
    }
    let [mateo, lena] = ["01", "02"].map(|id| format!("00000000-0000-0000-0000-00000000{id}00"));
    let waiting = list(&[]);
    assert!(waiting.contains(&mateo) && waiting.contains("\tmateo@postbox.example\t"), "{waiting}");
    assert!(waiting.lines().all(|line| line.split('\t').count() == 6 && line.ends_with("Mine is over.")), "{waiting}");
    let fresh = run(&database, &["invite", "requests", "grant", &mateo], "").trim().to_owned();
    let shown: Value = serde_json::from_str(&run(&database, &["invite", "show", &fresh], "")).unwrap();
    assert_eq!((&shown["email"], &shown["label"]), (&json!("mateo@postbox.example"), &json!("Course (new link)")));
    run(&database, &["invite", "requests", "dismiss", &lena], "");
    assert_eq!(list(&[]), "");
    assert_eq!(list(&["--all"]).lines().count(), 2);
    assert!(fail(&database, &["invite", "requests", "grant", &lena], "").contains("already"));
}
