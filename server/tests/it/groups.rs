//! `/api/v1/admin/groups`, the groups of invites and accounts, and `latchkey group`.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::process::{fail, owner_key, run};
use crate::harness::{Database, Kind, on_both_databases};

const GROUPS: &str = "/api/v1/admin/groups";

fn path(group: &Value) -> String {
    format!("{GROUPS}/{}", group["id"].as_str().unwrap())
}

fn usernames(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|member| member["account"]["username"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_group_is_created_changed_and_deleted(app: &TestApp) {
        let key = app.owner_key().await;
        let draft = json!({ "name": "Potters", "description": "Clay", "permissions": ["invites.view", "invites.create"] });
        let created = app.post(GROUPS).bearer(&key).json(&draft).send().await.expect(201);
        let group = created.json();
        assert_eq!(created.header("location"), Some(path(&group).as_str()));
        assert_eq!(group["permissions"], json!(["invites.create", "invites.view"]));
        assert_eq!((&group["name"], &group["members"]), (&json!("Potters"), &json!(0)));
        assert_eq!(app.get(&path(&group)).bearer(&key).send().await.expect(200).json(), group);
        let again = app.post(GROUPS).bearer(&key).json(&json!({ "name": "POTTERS" })).send().await;
        again.problem(409, "group_name_taken");
        for (wrong, field) in [
            (json!({}), "name"),
            (json!({ "name": " " }), "name"),
            (json!({ "name": "x".repeat(81) }), "name"),
            (json!({ "name": "Kiln", "description": "x".repeat(301) }), "description"),
            (json!({ "name": "Kiln", "permissions": ["admins.manage"] }), "permissions"),
            (json!({ "name": "Kiln", "permissions": ["secrets.read"] }), "permissions[0]"),
            (json!({ "name": "Kiln", "colour": "red" }), "colour"),
        ] {
            app.post(GROUPS).bearer(&key).json(&wrong).send().await.invalid(&[field]);
        }
        let change = json!({ "description": null, "permissions": [] });
        let changed = app.patch(&path(&group)).bearer(&key).json(&change).send().await.expect(200).json();
        assert_eq!((&changed["name"], &changed["description"]), (&json!("Potters"), &Value::Null));
        let list = app.get(&format!("{GROUPS}?q=pot")).bearer(&key).send().await.expect(200).json();
        assert_eq!(list["items"], json!([changed]));
        app.delete(&path(&group)).bearer(&key).send().await.expect(204);
        app.delete(&path(&group)).bearer(&key).send().await.problem(404, "not_found");
        app.get(&format!("{GROUPS}/x")).bearer(&key).send().await.problem(404, "not_found");
    }
}

on_both_databases! {
    async fn members_are_added_by_name_and_by_invite(app: &TestApp) {
        let key = app.owner_key().await;
        let group = app.post(GROUPS).bearer(&key).json(&json!({ "name": "Potters" })).send().await.expect(201).json();
        let draft = json!({ "label": "Course", "groups": [group["id"]] });
        let invite = app.invite(&key, &draft).await;
        assert_eq!(invite["groups"], json!([{ "id": group["id"], "name": "Potters" }]));
        let shown = app.get(&format!("/api/v1/invites/{}", invite["code"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(shown.json()["groups"], json!(["Potters"]));
        let mateo = app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201).json()["account"]["id"].clone();
        let ada = app.person("ada", Role::User).await;
        let add = json!({ "accounts": ["ADA", "nobody"], "manager": true });
        let added = app.post(&format!("{}/members/add", path(&group))).bearer(&key).json(&add).send().await.expect(200);
        assert_eq!(added.json(), json!({ "changed": 1, "unchanged": 0, "not_found": ["nobody"] }));

        let members = format!("{}/members", path(&group));
        let list = app.get(&members).bearer(&key).send().await.expect(200).json();
        assert_eq!(usernames(&list), ["ada", "mateo"]);
        assert_eq!((&list["items"][0]["is_manager"], &list["items"][1]["is_manager"]), (&json!(true), &json!(false)));
        let found = app.get(&format!("{members}?q=mat")).bearer(&key).send().await.expect(200).json();
        assert_eq!(usernames(&found), ["mateo"]);
        let of = app.get(&format!("/api/v1/admin/accounts/{}/groups", mateo.as_str().unwrap())).bearer(&key);
        assert_eq!(of.send().await.expect(200).json()["items"][0]["group"], invite["groups"][0]);
        let nobody = "/api/v1/admin/accounts/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77/groups";
        app.get(nobody).bearer(&key).send().await.problem(404, "not_found");

        let set_ends = async |body: Value| {
            app.post(&format!("{members}/set-ends")).bearer(&key).json(&body).send().await
        };
        let until = json!({ "accounts": ["mateo", "ines", "nobody"], "ends_at": "2090-01-01T00:00:00Z" });
        let done = set_ends(until).await.expect(200).json();
        assert_eq!(done, json!({ "changed": 1, "unchanged": 1, "not_found": ["nobody"] }), "ines is no member");
        let ends_at = async || {
            app.get(&format!("{members}?q=mat")).bearer(&key).send().await.expect(200).json()["items"][0]["ends_at"].clone()
        };
        assert_eq!(ends_at().await, "2090-01-01T00:00:00Z");
        assert_eq!(set_ends(json!({ "accounts": ["mateo"], "ends_at": null })).await.expect(200).json()["changed"], 1);
        assert_eq!(ends_at().await, Value::Null);
        set_ends(json!({ "accounts": [] })).await.invalid(&["ends_at", "accounts"]);
        set_ends(json!({ "accounts": ["mateo"], "ends_at": "2001-01-01T00:00:00Z" })).await.invalid(&["ends_at"]);

        let remove = json!({ "accounts": [ada.id, "mateo"] });
        let removed = app.post(&format!("{members}/remove")).bearer(&key).json(&remove).send().await.expect(200);
        assert_eq!(removed.json()["changed"], 2);
        app.post(&format!("{members}/add")).bearer(&key).json(&json!({ "accounts": [] })).send().await.invalid(&["accounts"]);
        let cleared = app.patch(&format!("/api/v1/admin/invites/{}", invite["id"].as_str().unwrap()));
        assert_eq!(cleared.bearer(&key).json(&json!({ "groups": null })).send().await.expect(200).json()["groups"], json!([]));
    }
}

on_both_databases! {
    async fn the_invites_that_a_deletion_pauses_are_listed(app: &TestApp) {
        let key = app.owner_key().await;
        let group = app.post(GROUPS).bearer(&key).json(&json!({ "name": "Potters" })).send().await.expect(201).json();
        let invites = format!("{}/invites", path(&group));
        let list = async |query: &str| app.get(&format!("{invites}{query}")).bearer(&key).send().await;
        assert_eq!(list("").await.expect(200).json()["items"], json!([]));
        let granting = async |label: &str| app.invite(&key, &json!({ "label": label, "groups": [group["id"]] })).await;
        let (first, second) = (granting("First").await, granting("Second").await);
        app.invite(&key, &json!({ "label": "Other" })).await;
        let named = |invite: &Value| json!({ "id": invite["id"], "label": invite["label"], "code": invite["code"] });
        assert_eq!(list("").await.expect(200).json()["items"], json!([named(&second), named(&first)]));
        let page = list("?limit=1").await.expect(200).json();
        let next = page["next_cursor"].as_str().unwrap();
        assert_eq!(list(&format!("?limit=1&cursor={next}")).await.expect(200).json()["items"], json!([named(&first)]));
        list("?limit=0").await.invalid(&["limit"]);
        app.delete(&path(&group)).bearer(&key).send().await.expect(204);
        list("").await.problem(404, "not_found");
        let invite = format!("/api/v1/admin/invites/{}", first["id"].as_str().unwrap());
        let left = app.get(&invite).bearer(&key).send().await.expect(200).json();
        assert_eq!((&left["status"], &left["groups"]), (&json!("paused"), &json!([])));
    }
}

/// The same on the command line.
async fn script(kind: Kind) {
    let database = Database::fresh(kind).await;
    run(&database, &["migrate"], "");
    owner_key(&database);
    let id = run(&database, &["group", "create", "Potters", "--permission", "invites.view"], "");
    assert!(run(&database, &["group", "list"], "").ends_with("\t0\tPotters"));
    let url = run(&database, &["invite", "create", "--group", "potters"], "");
    assert!(url.contains("/inv/"), "{url}");
    assert!(fail(&database, &["invite", "create", "--group", "kiln"], "").contains("kiln"));
    assert_eq!(run(&database, &["group", "add", &id, "ines@example.org", "--manager"], ""), "", "nothing is printed");
    assert_eq!(run(&database, &["group", "members", "Potters"], ""), "ines\tmanager");
    run(&database, &["group", "set-ends", "potters", "ines", "--ends-at", "2090-01-01T00:00:00Z"], "");
    assert_eq!(run(&database, &["group", "members", "Potters"], ""), "ines\tmanager\t2090-01-01T00:00:00Z");
    let refused = fail(&database, &["group", "set-ends", "potters", "ines", "--ends-at", "2001-01-01T00:00:00Z"], "");
    assert!(refused.contains("passed"), "{refused}");
    run(&database, &["group", "set-ends", "potters", "ines", "--ends-at", ""], "");
    assert!(fail(&database, &["group", "add", "potters", "nobody"], "").contains("nobody"));
    run(&database, &["group", "remove", "potters", "ines"], "");
    for _ in 0..2 {
        run(&database, &["invite", "join", &url, "--account", "ines"], "");
        assert_eq!(run(&database, &["group", "members", "Potters"], ""), "ines\tmember");
        assert_eq!(database.number("SELECT used FROM invites").await, 1, "one use, however often");
    }
    assert!(fail(&database, &["invite", "join", &url, "--account", "nobody"], "").contains("nobody"));
    run(&database, &["group", "remove", "potters", "ines"], "");
    assert_eq!(run(&database, &["group", "members", "Potters"], ""), "");
    let edit = |args: &[&str]| run(&database, &[&["group", "edit"], args].concat(), "");
    assert_eq!(edit(&["potters", "--name", "Kiln", "--description", "Clay", "--permission", "invites.create"]), "");
    let stored = async || {
        let name = "name || '|' || COALESCE(description, '') || '|' || permissions";
        database.texts(&format!("SELECT {name} FROM groups")).await
    };
    assert_eq!(stored().await, ["Kiln|Clay|invites.create"]);
    edit(&["kiln", "--description", ""]);
    assert_eq!(stored().await, ["Kiln||invites.create"], "what is not given stays");
    edit(&[&id, "--no-permissions"]);
    assert_eq!(stored().await, ["Kiln||"]);
    assert!(fail(&database, &["group", "edit", "kiln", "--name", ""], "").contains("name"));
    // The invite from above grants it.
    run(&database, &["invite", "edit", &url, "--label", "Course"], "");
    let refused = fail(&database, &["group", "delete", &id], "");
    assert!(refused.contains("--yes"), "{refused}");
    assert!(run(&database, &["group", "list"], "").ends_with("\tKiln"), "it is not deleted");
    assert!(run(&database, &["group", "delete", &id, "--yes"], "").ends_with("\tCourse"));
    assert_eq!(run(&database, &["group", "create", "Wheel"], "").len(), id.len());
    assert_eq!(run(&database, &["group", "delete", "wheel"], ""), "", "no invite grants it");
    assert_eq!(run(&database, &["group", "list"], ""), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_command_line() {
    script(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_command_line() {
    script(Kind::Postgres).await;
}
