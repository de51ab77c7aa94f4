//! `/api/v1/admin/accounts`.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::{PASSWORD, on_both_databases};

const ACCOUNTS: &str = "/api/v1/admin/accounts";

on_both_databases! {
    async fn an_account_is_created_changed_suspended_and_restored(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "email": "grace@example.org", "username": "grace", "name": "Grace Ito", "password": PASSWORD });
        let created = app.post(ACCOUNTS).bearer(&key).json(&draft).send().await.expect(201);
        let account = created.json();
        let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());
        assert_eq!(created.header("location"), Some(path.as_str()));
        assert_eq!((&account["role"], &account["status"], &account["last_active_at"]), (&json!("user"), &json!("active"), &Value::Null));
        let read = app.get(&path).bearer(&key).send().await.expect(200).json();
        assert_eq!((&read["username"], &read["invite"]), (&json!("grace"), &Value::Null));
        app.post(ACCOUNTS).bearer(&key).json(&draft).send().await.problem(409, "email_taken");
        let other = json!({ "email": "g2@example.org", "username": "GRACE", "password": PASSWORD });
        app.post(ACCOUNTS).bearer(&key).json(&other).send().await.problem(409, "username_taken");
        let wrong = json!({ "email": "x", "username": "!", "role": "owner", "password": "short" });
        app.post(ACCOUNTS).bearer(&key).json(&wrong).send().await.invalid(&["email", "password", "role", "username"]);
        let weak = json!({ "email": "g2@example.org", "username": "g2", "password": "password123" });
        app.post(ACCOUNTS).bearer(&key).json(&weak).send().await.invalid(&["password"]);

        let change = json!({ "name": null, "role": "moderator" });
        let changed = app.patch(&path).bearer(&key).json(&change).send().await.expect(200).json();
        assert_eq!((&changed["name"], &changed["role"]), (&Value::Null, &json!("moderator")));
        app.patch(&path).bearer(&key).json(&json!({ "email": null })).send().await.invalid(&["email"]);
        let team = json!([{ "key": "team", "value": "Clay" }]);
        app.patch(&path).bearer(&key).json(&json!({ "attributes": team })).send().await.expect(200);
        assert_eq!(app.get(&path).bearer(&key).send().await.expect(200).json()["attributes"], team);
        app.patch(&path).bearer(&key).json(&json!({ "attributes": [{ "key": "Te am", "value": "" }] })).send().await.invalid(&["attributes"]);
        let suspended = app.post(&format!("{path}/suspend")).bearer(&key).send().await.expect(200).json();
        assert_eq!(suspended, json!({ "status": "suspended" }));
        let restored = app.post(&format!("{path}/restore")).bearer(&key).send().await.expect(200).json();
        assert_eq!(restored, json!({ "status": "active" }));
        let nobody = format!("{ACCOUNTS}/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77");
        app.get(&nobody).bearer(&key).send().await.problem(404, "not_found");
        app.patch(&nobody).bearer(&key).json(&json!({})).send().await.problem(404, "not_found");
    }
}

on_both_databases! {
    async fn an_account_is_created_with_groups_attributes_and_an_end(app: &TestApp) {
        let key = app.owner_key().await;
        let group = app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": "Potters" })).send().await.expect(201).json();
        let draft = |more: Value| {
            let mut draft = json!({ "email": "grace@example.org", "username": "grace", "password": PASSWORD });
            draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            draft
        };
        let create = async |more: Value| app.post(ACCOUNTS).bearer(&key).json(&draft(more)).send().await;
        let wrong = json!({ "groups": ["potters"], "attributes": [{ "key": "Te am", "value": "" }], "ends_at": "2020-01-01T00:00:00Z" });
        create(wrong).await.invalid(&["attributes", "ends_at", "groups"]);
        create(json!({ "groups": ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"] })).await.invalid(&["groups"]);
        let team = json!([{ "key": "team", "value": "Clay" }]);
        let more = json!({ "groups": [group["id"]], "attributes": team, "ends_at": "2099-01-01T00:00:00Z" });
        let account = create(more).await.expect(201).json();
        assert_eq!(account["ends_at"], "2099-01-01T00:00:00Z");
        let path = format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap());
        assert_eq!(app.get(&path).bearer(&key).send().await.expect(200).json()["attributes"], team);
        let groups = app.get(&format!("{path}/groups")).bearer(&key).send().await.expect(200).json();
        assert_eq!(groups["items"][0]["group"]["name"], "Potters");
        let nothing = json!({ "username": "linus", "email": "linus@example.org", "groups": null, "attributes": null, "ends_at": null });
        create(nothing).await.expect(201);
    }
}

on_both_databases! {
    async fn accounts_are_listed_with_their_invite_and_filtered(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        for name in ["aina", "bru", "cai"] {
            app.sign_up(&sign_up(&invite["code"], name)).await.expect(201);
        }
        app.person("tomasz", Role::Admin).await;
        let list = async |query: &str| {
            let list = app.get(&format!("{ACCOUNTS}{query}")).bearer(&key).send().await.expect(200).json();
            let names = list["items"].as_array().unwrap().iter().map(|account| account["username"].as_str().unwrap().to_owned());
            (names.collect::<Vec<_>>(), list["next_cursor"].clone(), list["items"][0]["invite"]["label"].clone())
        };
        assert_eq!(list("?q=bru").await, (vec!["bru".to_owned()], Value::Null, json!("Course")));
        let (first, next, _) = list("?limit=2").await;
        assert_eq!(first, ["tomasz", "cai"]);
        assert_eq!(list(&format!("?limit=3&cursor={}", next.as_str().unwrap())).await.0, ["bru", "aina", "ines"]);
        assert!(list("?status=suspended").await.0.is_empty());
        app.get(&format!("{ACCOUNTS}?status=gone&limit=0")).bearer(&key).send().await.invalid(&["limit", "status"]);
    }
}

on_both_databases! {
    async fn an_account_is_deleted_and_the_ledger_shows_that_it_was(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        let account = app.sign_up(&sign_up(&invite["code"], "bru")).await.expect(201).json();
        let path = format!("{ACCOUNTS}/{}", account["account"]["id"].as_str().or(account["id"].as_str()).unwrap());
        app.delete(&path).bearer(&key).send().await.expect(204);
        app.delete(&path).bearer(&key).send().await.problem(404, "not_found");
        app.get(&path).bearer(&key).send().await.problem(404, "not_found");
        let ledger = app.get("/api/v1/admin/redemptions").bearer(&key).send().await.expect(200).json();
        assert_eq!((&ledger["items"][0]["account"]["username"], &ledger["items"][0]["account"]["name"]), (&Value::Null, &Value::Null));
        app.sign_up(&sign_up(&invite["code"], "bru")).await.expect(201);
    }
}

on_both_databases! {
    async fn an_end_is_set_moved_and_removed(app: &TestApp) {
        let key = app.owner_key().await;
        let person = app.person("bru", Role::User).await;
        let path = format!("{ACCOUNTS}/{}", person.id);
        let change = async |ends_at: Value| app.patch(&path).bearer(&key).json(&json!({ "ends_at": ends_at })).send().await;
        let set = change(json!("2099-01-01T00:00:00+02:00")).await.expect(200).json();
        assert_eq!((&set["ends_at"], &set["status"]), (&json!("2098-12-31T22:00:00Z"), &json!("active")));
        for wrong in ["2020-01-01T00:00:00Z", "soon"] {
            change(json!(wrong)).await.invalid(&["ends_at"]);
        }
        assert_eq!(change(Value::Null).await.expect(200).json()["ends_at"], Value::Null);
    }
}

on_both_databases! {
    async fn accounts_are_sorted_and_filtered_by_role_group_and_inviter(app: &TestApp) {
        let key = app.owner_key().await;
        let tomasz = app.person("tomasz", Role::Admin).await;
        let invite = app.invite(&app.key_of(&tomasz).await, &json!({})).await;
        for name in ["cai", "aina"] {
            app.sign_up(&sign_up(&invite["code"], name)).await.expect(201);
        }
        let group = app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": "Course" })).send().await.expect(201).json();
        let id = group["id"].as_str().unwrap();
        let add = json!({ "accounts": ["tomasz", "cai"] });
        app.post(&format!("/api/v1/admin/groups/{id}/members/add")).bearer(&key).json(&add).send().await.expect(200);
        let list = async |query: &str| {
            let list = app.get(&format!("{ACCOUNTS}?{query}")).bearer(&key).send().await.expect(200).json();
            list["items"].as_array().unwrap().iter().map(|account| account["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("sort=name&order=asc").await, ["aina", "cai", "ines", "tomasz"]);
        assert_eq!(list("sort=last_active").await.len(), 4);
        assert_eq!(list("role=admin").await, ["tomasz"]);
        assert_eq!(list(&format!("group={id}")).await, ["cai", "tomasz"]);
        assert_eq!(list(&format!("inviter={}&sort=name&order=asc", tomasz.id)).await, ["aina", "cai"]);
        let wrong = app.get(&format!("{ACCOUNTS}?role=x&group=x&inviter=x&sort=x&order=x")).bearer(&key).send().await;
        wrong.invalid(&["group", "inviter", "order", "role", "sort"]);
    }
}

on_both_databases! {
    async fn the_members_are_downloaded_as_csv_as_the_list_is_filtered(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
        for number in 0..3 {
            app.person(&format!("person{number}"), Role::User).await;
        }
        app.database.execute("UPDATE accounts SET name = '=HYPERLINK(\"x\")' WHERE username = 'person1'").await;
        for name in ["Course", "-Early"] {
            let group = app.post("/api/v1/admin/groups").bearer(&key).json(&json!({ "name": name })).send().await.expect(201).json();
            let path = format!("/api/v1/admin/groups/{}/members/add", group["id"].as_str().unwrap());
            app.post(&path).bearer(&key).json(&json!({ "accounts": ["person1"] })).send().await.expect(200);
        }
        let ids = app.get(&format!("{ACCOUNTS}?q=person2")).bearer(&key).send().await.expect(200).json();
        let person = format!("{ACCOUNTS}/{}", ids["items"][0]["id"].as_str().unwrap());
        let plan = json!({ "attributes": [{ "key": "plan", "value": "team, \"quoted\"" }] });
        app.patch(&person).bearer(&key).json(&plan).send().await.expect(200);
        let download = async |query: &str| app.get(&format!("/admin/members.csv{query}")).cookie(&cookie).send().await;
        let all = download("?sort=name&order=asc").await.expect(200);
        assert_eq!(all.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(all.header("content-disposition").unwrap().starts_with("attachment; filename=\"latchkey-members-2"));
        let text = all.text();
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines[0], "id,name,username,email,role,status,groups,invite,created_at,last_active_at,ends_at,attributes");
        assert_eq!(lines.len(), 6);
        let formula = lines.iter().find(|line| line.contains("person1")).unwrap();
        assert!(formula.contains(",\"'=HYPERLINK(\"\"x\"\")\",person1,"), "{formula}");
        assert!(formula.contains(",user,active,'-Early; Course,"), "{formula}");
        let one = download("?q=person2").await.expect(200).text();
        let row = csv::Reader::from_reader(one.as_bytes()).records().next().unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&row[11]).unwrap(), json!({ "plan": "team, \"quoted\"" }));
        assert_eq!(download("?role=owner").await.expect(200).text().lines().count(), 2);
        download("?group=nonsense").await.expect(422);
        let member = app.cookie_of(&app.person("otto", Role::User).await).await;
        assert_eq!(app.get("/admin/members.csv").cookie(&member).send().await.redirect(), "/me");

        let export = async |query: &str| app.get(&format!("{ACCOUNTS}.csv{query}")).bearer(&key).send().await;
        let same = export("?sort=name&order=asc").await.expect(200);
        assert_eq!((same.text(), same.header("content-type")), (download("?sort=name&order=asc").await.text(), all.header("content-type")));
        assert_eq!(same.header("cache-control"), Some("no-store"));
        assert_eq!(export("?q=person1").await.expect(200).text().lines().count(), 2);
        export("?group=nonsense&limit=3").await.invalid(&["limit"]);
        export("?group=nonsense&sort=age").await.invalid(&["group", "sort"]);
    }
}

on_both_databases! {
    async fn several_accounts_are_decided_about_at_once(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "approval": true, "max_uses": 2 })).await;
        let mut accounts = Vec::new();
        for username in ["bru", "cai"] {
            accounts.push(app.sign_up(&sign_up(&invite["code"], username)).await.expect(201).json()["account"]["id"].clone());
        }
        let nobody = json!("0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77");
        let decide = async |body: Value| app.post(&format!("{ACCOUNTS}/decide")).bearer(&key).json(&body).send().await;
        let approved = decide(json!({ "accounts": accounts, "decision": "approve", "note": "Welcome!" })).await;
        assert_eq!(approved.expect(200).json(), json!({ "changed": 2, "unchanged": 0, "refused": 0, "decided_before": [] }));
        let repeated = decide(json!({ "accounts": accounts, "decision": "approve" })).await.expect(200).json();
        assert_eq!((&repeated["unchanged"], &repeated["decided_before"]), (&json!(2), &json!([])), "the same by the same");
        let late = decide(json!({ "accounts": [accounts[0]], "decision": "decline" })).await.expect(200).json();
        let before = &late["decided_before"][0];
        assert_eq!((&late["changed"], &before["account"]["username"]), (&json!(0), &json!("bru")));
        assert_eq!((&before["status"], &before["by"]["username"]), (&json!("active"), &json!("ines")));
        let missing = decide(json!({ "accounts": [nobody], "decision": "decline" })).await;
        assert_eq!(missing.expect(200).json(), json!({ "changed": 0, "unchanged": 0, "refused": 1, "decided_before": [] }));
        let active = app.get(&format!("{ACCOUNTS}?status=active&role=user")).bearer(&key).send().await.expect(200).json();
        assert_eq!(active["items"].as_array().unwrap().len(), 2);
        decide(json!({ "accounts": [], "decision": "approve" })).await.invalid(&["accounts"]);
        decide(json!({ "accounts": accounts, "decision": "maybe" })).await.invalid(&["decision"]);
        decide(json!({ "accounts": accounts })).await.invalid(&["decision"]);
        decide(json!({ "accounts": accounts, "decision": "approve", "note": "x".repeat(501) })).await.invalid(&["note"]);
    }
}

on_both_databases! {
    async fn the_ends_of_several_accounts_are_set_at_once(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({})).await;
        let mut accounts = Vec::new();
        for username in ["bru", "cai"] {
            accounts.push(app.sign_up(&sign_up(&invite["code"], username)).await.expect(201).json()["account"]["id"].clone());
        }
        let owner = app.get(&format!("{ACCOUNTS}?role=owner")).bearer(&key).send().await.expect(200).json();
        let set = async |body: Value| app.post(&format!("{ACCOUNTS}/set-ends")).bearer(&key).json(&body).send().await;
        let all = json!({ "accounts": [accounts[0], accounts[1], owner["items"][0]["id"]], "ends_at": "2090-01-01T00:00:00Z" });
        assert_eq!(set(all.clone()).await.expect(200).json(), json!({ "changed": 2, "unchanged": 0, "refused": 1 }));
        assert_eq!(set(all).await.expect(200).json(), json!({ "changed": 0, "unchanged": 2, "refused": 1 }));
        let never = json!({ "accounts": [accounts[0]], "ends_at": null });
        assert_eq!(set(never).await.expect(200).json()["changed"], 1);
        let ends_at = async |id: &Value| {
            let path = format!("{ACCOUNTS}/{}", id.as_str().unwrap());
            app.get(&path).bearer(&key).send().await.expect(200).json()["ends_at"].clone()
        };
        assert_eq!(ends_at(&accounts[0]).await, Value::Null);
        assert_eq!(ends_at(&accounts[1]).await, "2090-01-01T00:00:00Z");
        set(json!({ "accounts": [] })).await.invalid(&["accounts"]);
        set(json!({ "accounts": [accounts[1]] })).await.invalid(&["ends_at"]);
        set(json!({ "accounts": [accounts[0]], "ends_at": "2001-01-01T00:00:00Z" })).await.invalid(&["ends_at"]);
    }
}

on_both_databases! {
    async fn an_account_is_approved_or_declined_with_a_message(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 1 })).await;
        let account = app.sign_up(&sign_up(&invite["code"], "bru")).await.expect(201).json();
        app.database.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'bru'").await;
        let path = format!("{ACCOUNTS}/{}", account["account"]["id"].as_str().or(account["id"].as_str()).unwrap());
        let decide = async |verb: &str, body: Value| app.post(&format!("{path}/{verb}")).bearer(&key).json(&body).send().await;
        decide("decline", json!({ "note": "x".repeat(501) })).await.invalid(&["note"]);
        let declined = decide("decline", json!({ "note": "We are full." })).await.expect(200).json();
        assert_eq!(declined, json!({ "status": "declined" }));
        let login = app.post("/login").form(&[("login", "bru"), ("password", "x")]).send().await;
        assert!(!login.text().contains("We are full."), "only for those who know the password");
        app.sign_up(&sign_up(&invite["code"], "cai")).await.expect(201);
        // A decision stays until it is taken back; the same again by the same account is no error.
        assert_eq!(decide("decline", json!({})).await.expect(200).json(), json!({ "status": "declined" }));
        let told = decide("approve", json!({})).await.problem(409, "already_decided");
        assert!(told["detail"].as_str().unwrap().starts_with("You have declined this account already."), "{told}");
        let other = app.key_of(&app.person("tomasz", Role::Admin).await).await;
        let told = app.post(&format!("{path}/approve")).bearer(&other).json(&json!({})).send().await;
        let told = told.problem(409, "already_decided");
        assert!(told["detail"].as_str().unwrap().starts_with("ines has declined this account already."), "{told}");
        let restore = async || app.post(&format!("{path}/restore")).bearer(&key).send().await;
        restore().await.problem(409, "invite_used_up");
        app.patch(&format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap())).bearer(&key).json(&json!({ "max_uses": 2 })).send().await.expect(200);
        assert_eq!(restore().await.expect(200).json(), json!({ "status": "pending" }));
        let listed = app.get(&format!("{ACCOUNTS}?status=pending")).bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["items"][0]["inviter"]["username"], "ines", "{listed}");
        assert_eq!(decide("approve", json!({})).await.expect(200).json(), json!({ "status": "active" }));
        decide("decline", json!({})).await.problem(409, "already_decided");
    }
}
