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
