//! `/api/v1/admin/applications`, and `latchkey application`.

use serde_json::{Value, json};

use crate::harness::process::{Server, fail, latchkey, owner_key, run, value};
use crate::harness::scim::{ScimService, TOKEN};
use crate::harness::{Database, Kind, PASSWORD, on_both_databases, until};

const APPLICATIONS: &str = "/api/v1/admin/applications";

fn path(application: &Value) -> String {
    format!("{APPLICATIONS}/{}", application["id"].as_str().unwrap())
}

on_both_databases! {
    async fn an_application_is_created_changed_and_deleted(app: &TestApp) {
        let key = app.owner_key().await;
        let group = app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": "Potters" })).send().await.json();
        let draft = json!({
            "name": " Chat ", "url": "https://chat.example.org", "groups": [group["id"]],
            "oidc": { "redirect_uris": ["https://chat.example.org/cb"] },
        });
        let created = app.post(APPLICATIONS).bearer(&key).json(&draft).send().await.expect(201);
        let mut chat = created.json();
        assert_eq!(created.header("location"), Some(path(&chat).as_str()));
        assert_eq!((&chat["name"], &chat["oidc"]["signing"]), (&json!("Chat"), &json!("RS256")));
        assert_eq!(chat["groups"], json!([{ "id": group["id"], "name": "Potters" }]));
        let secret = chat.as_object_mut().unwrap().remove("client_secret").unwrap();
        assert!(secret.as_str().unwrap().starts_with("lks_"));
        let read = app.get(&path(&chat)).bearer(&key).send().await.expect(200);
        assert_eq!(read.json(), chat);
        assert!(!read.text().contains(secret.as_str().unwrap()), "the secret is shown once");

        app.post(APPLICATIONS).bearer(&key).json(&json!({ "name": "chat" })).send().await.problem(409, "application_name_taken");
        let wrong = json!({ "name": "", "url": "chat", "oidc": { "redirect_uris": ["http://chat.example.org"], "signing": "none" } });
        app.post(APPLICATIONS).bearer(&key).json(&wrong).send().await
            .invalid(&["name", "url", "oidc.redirect_uris", "oidc.signing"]);
        let change = json!({ "groups": null, "oidc": { "consent": true } });
        let changed = app.patch(&path(&chat)).bearer(&key).json(&change).send().await.expect(200).json();
        assert_eq!((&changed["groups"], &changed["oidc"]["consent"], &changed["client_secret"]), (&json!(null), &json!(true), &json!(null)));
        assert_eq!(changed["oidc"]["redirect_uris"], chat["oidc"]["redirect_uris"]);
        let rotated = app.post(&format!("{}/secret", path(&chat))).bearer(&key).send().await.expect(200).json();
        assert!(rotated["client_secret"].is_string() && rotated["client_secret"] != secret);
        assert_eq!(rotated["secrets"].as_array().unwrap().len(), 2);

        let listed = app.get(&format!("{APPLICATIONS}?q=HAT")).bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        app.delete(&path(&chat)).bearer(&key).send().await.expect(204);
        app.delete(&path(&chat)).bearer(&key).send().await.problem(404, "not_found");
        app.get(&path(&chat)).bearer(&key).send().await.problem(404, "not_found");
    }
}

on_both_databases! {
    async fn an_invite_leads_into_an_application(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "name": "Chat & talk", "url": "https://chat.example.org/login?sso=1", "groups": [] });
        let chat = app.post(APPLICATIONS).bearer(&key).json(&draft).send().await.expect(201).json();
        let open = format!("/open/{}", chat["id"].as_str().unwrap());
        let invite = app.invite(&key, &json!({ "after": open })).await;
        let code = invite["code"].as_str().unwrap();
        let allowed = app.get(&format!("/api/v1/invites/{code}")).send().await.expect(200).json();
        assert_eq!(allowed["application"], "Chat & talk");
        let page = app.get(&format!("/signup?inv={code}")).send().await.expect(200).text();
        assert!(page.contains("Afterwards you continue to") && page.contains("Chat &amp; talk"), "{page}");

        let fields = [
            ("code", code), ("email", "lena@example.org"), ("username", "lena"), ("password", PASSWORD),
            ("attempt", "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77"),
        ];
        let joined = app.post("/signup").form(&fields).send().await.expect(200);
        // Not a redirect: browsers would hold it to the addresses that forms may be sent to.
        assert_eq!(joined.header("refresh"), Some(format!("0; url={open}").as_str()));
        let cookie = joined.cookie("latchkey");
        let refused = app.get(&open).cookie(&cookie).send().await.expect(403).text();
        assert!(refused.contains("You can’t open Chat &amp; talk"), "{refused}");
        app.patch(&path(&chat)).bearer(&key).json(&json!({ "groups": null })).send().await.expect(200);
        assert_eq!(app.get(&open).cookie(&cookie).send().await.redirect(), "https://chat.example.org/login?sso=1");

        let login = app.get(&open).send().await;
        assert_eq!(login.redirect(), format!("/login?next={}", open.replace('/', "%2F")));
        let login = app.get(login.redirect()).send().await.expect(200).text();
        assert!(login.contains("To continue to Chat &amp; talk"), "{login}");
        let fields = [("login", "lena"), ("password", PASSWORD), ("next", open.as_str())];
        let signed_in = app.post("/login").form(&fields).send().await.expect(200);
        assert_eq!(signed_in.header("refresh"), Some(format!("0; url={open}").as_str()));
        app.delete(&path(&chat)).bearer(&key).send().await.expect(204);
        for gone in [open.as_str(), "/open/chat"] {
            assert_eq!(app.get(gone).cookie(&cookie).send().await.redirect(), "/me");
        }
    }
}

on_both_databases! {
    async fn who_waits_for_approval_is_told_so_on_the_way_to_an_application(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "name": "Chat", "url": "https://chat.example.org" });
        let chat = app.post(APPLICATIONS).bearer(&key).json(&draft).send().await.expect(201).json();
        let open = format!("/open/{}", chat["id"].as_str().unwrap());
        let invite = app.invite(&key, &json!({ "after": open, "approval": true })).await;
        let fields = [
            ("code", invite["code"].as_str().unwrap()), ("email", "lena@example.org"), ("username", "lena"),
            ("password", PASSWORD), ("attempt", "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77"),
        ];
        let cookie = app.post("/signup").form(&fields).send().await.expect(200).cookie("latchkey");
        let page = app.get(&open).cookie(&cookie).send().await.expect(403).text();
        assert!(page.contains("Your account is pending approval"), "{page}");
    }
}

on_both_databases! {
    async fn an_application_is_connected_by_scim_and_the_token_is_not_shown(app: &TestApp) {
        let (key, there) = (app.owner_key().await, ScimService::start().await);
        let draft = json!({ "name": "Chat", "scim": there.draft() });
        let created = app.post(APPLICATIONS).bearer(&key).json(&draft).send().await.expect(201);
        let chat = created.json();
        assert_eq!(
            chat["scim"],
            json!({ "url": there.url(), "user_name": "username", "create": true, "groups": true, "on_removal": "deactivate", "adopt": false })
        );
        assert!(!created.text().contains(TOKEN));
        let scim = format!("{}/scim", path(&chat));
        let state = app.get(&scim).bearer(&key).send().await.expect(200).json();
        assert_eq!((&state["waiting"], &state["token_hint"], &state["last_error"]), (&json!(1), &json!("tion"), &json!(null)));
        let compared = app.post(&format!("{scim}/compare")).bearer(&key).send().await.expect(200).json();
        assert_eq!((&compared["equal"], &compared["complete"]), (&json!(0), &json!(true)));
        let differences: Vec<_> = compared["differences"].as_array().unwrap().iter().map(|one| &one["difference"]).collect();
        assert_eq!(differences, ["missing_there"]);
        app.post(&format!("{scim}/synchronise")).bearer(&key).send().await.expect(200);
        let deliveries = app.get(&format!("{scim}/deliveries?status=pending")).bearer(&key).send().await.expect(200).json();
        let about: Vec<_> = deliveries["items"].as_array().unwrap().iter().map(|one| &one["about"]).collect();
        assert_eq!(about, ["accounts", "accounts"]);
        let retry = format!("/api/v1/admin/scim-deliveries/{}/retry", deliveries["items"][0]["id"].as_str().unwrap());
        app.post(&retry).bearer(&key).send().await.problem(422, "invalid");

        for (scim_draft, field) in [
            (json!({ "url": "https://elsewhere.example.org/scim" }), "scim.token"),
            (json!({ "url": "chat" }), "scim.url"),
            (json!({ "on_removal": "ignore" }), "scim.on_removal"),
        ] {
            app.patch(&path(&chat)).bearer(&key).json(&json!({ "scim": scim_draft })).send().await.invalid(&[field]);
        }
        let wrong = json!({ "scim": { "token": "another" } });
        app.patch(&path(&chat)).bearer(&key).json(&wrong).send().await.expect(200);
        app.post(&format!("{scim}/compare")).bearer(&key).send().await.problem(422, "invalid");
        app.patch(&path(&chat)).bearer(&key).json(&json!({ "scim": null })).send().await.expect(200);
        app.get(&scim).bearer(&key).send().await.problem(404, "not_found");
    }
}

/// Who is suspended here is inactive there within seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_member_is_inactive_in_an_application_within_seconds() {
    let database = Database::fresh(Kind::Sqlite).await;
    let key = owner_key(&database);
    let there = ScimService::start().await;
    let mut command = latchkey(&database);
    command.env("LATCHKEY_WEBHOOKS_TO_PRIVATE_NETWORKS", "1");
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    let caller = server.caller();
    let bearer = format!("Bearer {key}");
    let draft =
        json!({ "email": "mateo@example.org", "username": "mateo", "password": "eleven dry umbrellas in Braga" });
    let headers = [("authorization", bearer.as_str())];
    let accounts = "/api/v1/admin/accounts";
    let chat = json!({ "name": "Chat", "scim": { "url": there.url(), "token": TOKEN, "user_name": "email" } });
    caller.send(reqwest::Method::POST, APPLICATIONS, &headers, Some(&chat)).await.expect(201);
    let mateo = caller.send(reqwest::Method::POST, accounts, &headers, Some(&draft)).await.expect(201).json();
    let is_active = |expected: bool| there.user("mateo@example.org").is_some_and(|user| user["active"] == expected);
    until("the account is there", async || is_active(true)).await;
    let suspend = format!("{accounts}/{}/suspend", mateo["id"].as_str().unwrap());
    caller.send(reqwest::Method::POST, &suspend, &headers, None).await.expect(200);
    let suspended = tokio::time::Instant::now();
    until("it is inactive", async || is_active(false)).await;
    assert!(suspended.elapsed() < std::time::Duration::from_secs(10), "{:?}", suspended.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn applications_are_connected_on_the_command_line() {
    let database = Database::fresh(Kind::Sqlite).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    run(&database, &["group", "create", "Potters"], "");
    let create = ["application", "create", "Chat", "--url", "https://chat.example.org", "--group", "potters"];
    let shown = run(&database, &[&create[..], &["--redirect-uri", "https://chat.example.org/cb"]].concat(), "");
    let secret = value(&shown, "client_secret");
    assert!(secret.starts_with("lks_") && value(&shown, "issuer").starts_with("http"), "{shown}");
    let listed = run(&database, &["application", "list"], "");
    assert_eq!(listed, format!("{}\tChat\thttps://chat.example.org", value(&shown, "client_id")));
    assert_ne!(value(&run(&database, &["application", "secret", "chat"], ""), "client_secret"), secret);
    let invite = ["invite", "create", "--application", "chat"];
    assert!(run(&database, &invite, "").contains("/inv/"));
    assert!(fail(&database, &[&invite[..3], &["Forum"]].concat(), "").contains("No application"));
    let wiki = run(&database, &["application", "create", "Wiki", "--url", "https://wiki.example.org"], "");
    assert!(!wiki.contains("secret"), "{wiki}");
    let scim = ["--scim-url", "https://team.example.org/scim/v2", "--scim-token-stdin", "--scim-user-name", "email"];
    let team = run(&database, &[&["application", "create", "Team"][..], &scim].concat(), &format!("{TOKEN}\n"));
    assert!(!team.contains(TOKEN), "{team}");
    let refused = fail(&database, &[&["application", "create", "Forum"][..], &scim].concat(), "\n");
    assert!(refused.contains("Enter the token"), "{refused}");
    run(&database, &["application", "delete", "Team"], "");
    for (args, why) in [
        (&["application", "create", "Chat"][..], "has this name"),
        (&["application", "create", "Forum", "--redirect-uri", "http://forum.example.org"], "can't be used"),
        (&["application", "create", "Forum", "--group", "nobody"], "No group"),
        (&["application", "secret", "Wiki"], "keep a secret"),
        (&["application", "delete", "Forum"], "No application"),
    ] {
        let refused = fail(&database, args, "");
        assert!(refused.contains(why), "{args:?}: {refused}");
    }
    run(&database, &["application", "delete", "Chat"], "");
    assert!(!run(&database, &["application", "list"], "").contains("Chat"));
}
