//! Joining the groups of an invite with an account that one has: `/signup`, `/join` and `/join/ask`, by REST, and the answers of
//! the dashboard.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp, on_both_databases};

const POTTERS: &str = "Potters & friends";

fn code(invite: &Value) -> &str {
    invite["code"].as_str().unwrap()
}

fn page_of(invite: &Value) -> String {
    format!("/signup?inv={}", code(invite))
}

/// The ids of the requests for an invite that wait for an answer.
async fn waiting(app: &TestApp, key: &str, invite: &Value) -> Vec<Value> {
    let path = format!("/api/v1/admin/invites/{}/join-requests", invite["id"].as_str().unwrap());
    app.get(&path).bearer(key).send().await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// An invite for a new group, with further terms.
async fn invite_to(app: &TestApp, key: &str, mut draft: Value) -> Value {
    let name = format!("{POTTERS} {}", app.database.rows("groups").await);
    let group = app.post("/api/v1/admin/groups").bearer(key).json(&json!({ "name": name })).send().await.expect(201);
    draft["groups"] = json!([group.json()["id"]]);
    app.invite(key, &draft).await
}

/// The cookie of a new member.
async fn member(app: &TestApp, username: &str) -> String {
    app.person(username, Role::User).await;
    sign_in(app, username).await
}

async fn sign_in(app: &TestApp, username: &str) -> String {
    app.post("/login").form(&[("login", username), ("password", PASSWORD)]).send().await.cookie("latchkey")
}

on_both_databases! {
    async fn a_member_joins_by_one_form_and_is_counted_once(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = invite_to(app, &key, json!({ "max_uses": 1, "label": "secret label", "ends": { "of": "groups", "after_days": 30 } })).await;
        let cookie = member(app, "una").await;
        app.get(&format!("/inv/{}", code(&invite))).send().await.expect(303);
        let page = app.get(&page_of(&invite)).cookie(&cookie).send().await.expect(200).text();
        for shown in ["Potters &amp; friends", "ines", "una", "action=\"/join\"", "Until", "Use another account", "action=\"/logout\""] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        for never in ["name=\"password\"", "secret label", "<script", "action=\"/signup\""] {
            assert!(!page.contains(never), "{never}");
        }
        assert_eq!(app.database.used().await, 0, "looking uses nothing");

        let join = || app.post("/join").form(&[("code", code(&invite))]);
        // Anyone who is not signed in signs in first, and comes back; a form of another site does nothing.
        assert_eq!(join().send().await.redirect(), format!("/login?next=%2Fsignup%3Finv%3D{}", code(&invite)));
        join().cookie(&cookie).header("sec-fetch-site", "cross-site").send().await.expect(403);
        app.get("/join").cookie(&cookie).send().await.expect(405);
        assert_eq!(app.database.used().await, 0);
        for _ in 0..3 {
            assert_eq!(join().cookie(&cookie).send().await.redirect(), page_of(&invite));
        }
        assert_eq!(app.database.used().await, 1);
        let after = app.get(&page_of(&invite)).cookie(&cookie).send().await.expect(200).text();
        assert!(after.contains("You are in this group") && !after.contains("action=\"/join\""), "{after}");
        let me = app.get("/me").cookie(&cookie).send().await.expect(200).text();
        assert!(me.contains("Potters &amp; friends"), "their start page shows it");

        let uses = app.get("/api/v1/admin/redemptions").bearer(&key).send().await.expect(200).json();
        assert_eq!((&uses["items"][0]["kind"], &uses["items"][0]["account"]["username"]), (&json!("joined"), &json!("una")));
        let owner = sign_in(app, "ines").await;
        let csv = app.get("/admin/redemptions.csv").cookie(&owner).send().await.expect(200).text();
        assert!(csv.contains(",joined,"), "{csv}");
        for path in ["/admin/redemptions", &format!("/admin/invites/{}", invite["id"].as_str().unwrap()), "/admin"] {
            assert!(app.get(path).cookie(&owner).send().await.expect(200).text().contains("Joined groups"), "{path}");
        }
        // Others find it used up, with no way to sign up beside their account.
        let other = member(app, "ben").await;
        let over = app.get(&page_of(&invite)).cookie(&other).send().await.expect(410).text();
        assert!(over.contains("used up") && !over.contains("/login"), "{over}");
        let refused = app.post("/join").form(&[("code", code(&invite))]).cookie(&other).send().await.expect(410).text();
        assert!(refused.contains("used up"));
        let unknown = app.post("/join").form(&[("code", "no-such-code")]).cookie(&other).send().await.expect(404).text();
        assert!(unknown.contains("doesn’t work"), "{unknown}");
    }
}

on_both_databases! {
    async fn who_is_not_admitted_asks_and_the_author_adds_them(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = invite_to(app, &key, json!({ "existing_members": false, "label": "Summer course" })).await;
        let una = member(app, "una").await;
        let ben = member(app, "ben").await;
        let show = async |cookie: &str| app.get(&page_of(&invite)).cookie(cookie).send().await.expect(200).text();
        let page = show(&una).await;
        assert!(page.contains("new members only") && page.contains("action=\"/join/ask\"") && !page.contains("action=\"/join\""), "{page}");
        let refused = app.post("/join").form(&[("code", code(&invite))]).cookie(&una).send().await.expect(403).text();
        assert!(refused.contains("role=\"alert\"") && refused.contains("action=\"/join/ask\""), "{refused}");
        let ask = |cookie: &str| app.post("/join/ask").form(&[("code", code(&invite))]).cookie(cookie).send();
        for cookie in [&una, &una, &ben] {
            assert_eq!(ask(cookie).await.redirect(), page_of(&invite));
        }
        let asked = show(&una).await;
        assert!(asked.contains("Request sent") && !asked.contains("action=\"/join/ask\""), "{asked}");

        let requests = waiting(app, &key, &invite).await;
        assert_eq!(requests.len(), 2);
        assert_eq!((&requests[0]["account"]["username"], &requests[0]["status"]), (&json!("ben"), &json!("open")));
        assert_eq!(requests[0]["invite"]["label"], "Summer course");
        let owner = sign_in(app, "ines").await;
        // What the overview and the page of the invite show.
        for (function, arguments) in [("newest", json!({})), ("list", json!({ "invite": invite["id"] }))] {
            let call = app.post(&format!("/_fn/requests/{function}")).cookie(&owner).json(&arguments);
            let shown = call.send().await.expect(200).json();
            let names = |at: usize| &shown["items"][at]["join"]["groups"][0]["name"];
            assert!(shown["items"].as_array().unwrap().iter().any(|shown| shown["join"]["id"] == requests[0]["id"]), "{shown}");
            assert_eq!(names(0), "Potters & friends 0", "{shown}");
        }
        let answer = |request: &Value, what: &str, cookie: &str| {
            let path = format!("/join-requests/{}/{what}", request["id"].as_str().unwrap());
            app.post(&path).form(&[("next", "/admin")]).cookie(cookie).send()
        };
        answer(&requests[1], "grant", &ben).await.expect(403);
        let elsewhere = format!("/join-requests/{}/dismiss", requests[1]["id"].as_str().unwrap());
        let without = app.post(&elsewhere).form(&[("next", "https://evil.example")]).send().await.redirect().to_owned();
        assert_eq!(without, "/login?next=%2F");
        assert_eq!(waiting(app, &key, &invite).await.len(), 2);
        assert_eq!(answer(&requests[1], "grant", &owner).await.redirect(), "/admin");
        assert_eq!(answer(&requests[0], "dismiss", &owner).await.redirect(), "/admin");
        assert!(waiting(app, &key, &invite).await.is_empty());
        assert!(show(&una).await.contains("You are in this group"));
        assert!(show(&ben).await.contains("was dismissed"));
        ask(&ben).await.expect(403);
        assert_eq!((app.database.used().await, app.database.rows("redemptions").await), (0, 0), "the author added them");
        let nobody = json!({ "id": "0199f0a7-8a43-7d0e-9d6a-3f0e6c1b2a77" });
        answer(&nobody, "grant", &owner).await.expect(404);
        answer(&json!({ "id": "x" }), "grant", &owner).await.expect(404);
    }
}

on_both_databases! {
    async fn the_page_leads_to_sign_in_and_back(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = invite_to(app, &key, json!({})).await;
        app.person("una", Role::User).await;
        let page = app.get(&page_of(&invite)).send().await.expect(200).text();
        let sign_in = format!("/login?next=%2Fsignup%3Finv%3D{}", code(&invite));
        assert!(page.contains(&format!("href=\"{sign_in}\"")), "{page}");
        let form = app.get(&sign_in).send().await.expect(200).text();
        let next = page_of(&invite);
        assert!(form.contains(&format!("value=\"{next}\"")), "{form}");
        let signed_in = app.post("/login").form(&[("login", "una"), ("password", PASSWORD), ("next", &next)]).send().await;
        assert_eq!(signed_in.redirect(), next);
        let cookie = signed_in.cookie("latchkey");
        assert!(app.get(&next).cookie(&cookie).send().await.expect(200).text().contains("action=\"/join\""));
        // Another account: signed out, and back at the invite.
        let left = app.post("/logout").form(&[("next", &next)]).cookie(&cookie).send().await;
        assert_eq!(left.redirect(), next);
        assert!(app.get(&next).send().await.expect(200).text().contains("name=\"password\""));
        // Nothing leads elsewhere with the code in the address.
        for header in ["referrer-policy", "cache-control"] {
            assert!(["same-origin", "no-store"].contains(&app.get(&next).cookie(&cookie).send().await.header(header).unwrap()));
        }
    }
}

on_both_databases! {
    async fn a_program_joins_and_asks_by_rest(app: &TestApp) {
        let key = app.owner_key().await;
        let open = invite_to(app, &key, json!({})).await;
        let closed = invite_to(app, &key, json!({ "existing_members": false })).await;
        let bare = app.invite(&key, &json!({})).await;
        let una = app.person("una", Role::User).await;
        let una = app.key_of(&una).await;
        let join = |invite: &Value, key: &str| app.post(&format!("/api/v1/invites/{}/join", code(invite))).bearer(key).send();
        let ask = |invite: &Value| app.post(&format!("/api/v1/invites/{}/ask", code(invite))).bearer(&una).send();
        for used in [true, false] {
            let joined = join(&open, &una).await.expect(200).json();
            assert_eq!(joined, json!({ "groups": open["groups"], "used": used }));
        }
        join(&closed, &una).await.problem(403, "not_admitted");
        join(&bare, &una).await.problem(403, "forbidden");
        join(&json!({ "code": "no-such-code" }), &una).await.problem(404, "invite_invalid");
        join(&json!({ "code": "%00" }), &una).await.problem(404, "invite_invalid");
        ask(&open).await.problem(403, "forbidden");
        ask(&closed).await.expect(204);
        ask(&closed).await.expect(204);
        let requests = waiting(app, &key, &closed).await;
        assert_eq!((requests.len(), &requests[0]["groups"]), (1, &closed["groups"]));
        let path = |what: &str| format!("/api/v1/admin/join-requests/{}/{what}", requests[0]["id"].as_str().unwrap());
        app.post(&path("grant")).bearer(&una).send().await.problem(403, "forbidden");
        for what in ["grant", "grant", "dismiss"] {
            let answered = app.post(&path(what)).bearer(&key).send().await.expect(200).json();
            assert_eq!(answered["status"], "granted");
        }
        assert_eq!(join(&closed, &una).await.expect(200).json()["used"], false);
        app.post("/api/v1/admin/join-requests/x/grant").bearer(&key).send().await.problem(404, "not_found");
        let page = format!("/api/v1/admin/invites/{}/join-requests?limit=0", closed["id"].as_str().unwrap());
        app.get(&page).bearer(&key).send().await.invalid(&["limit"]);
    }
}
