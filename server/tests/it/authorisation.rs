//! Authorisation: every REST operation and every server function is listed in a table here and called by every kind of
//! user. One that is missing from the tables fails the test, so that nothing new is accessible by accident.

use std::collections::BTreeSet;

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::{PASSWORD, Person, TestApp};
use crate::openapi::{fill, operations};

/// Operations without authentication.
const PUBLIC_OPERATIONS: [&str; 3] = ["lookup_invite", "openapi", "sign_up"];

/// Operations that need the API key of an admin or owner.
const STAFF_OPERATIONS: [&str; 8] = [
    "create_invite",
    "delete_invite",
    "get_invite",
    "list_invites",
    "list_redemptions",
    "pause_invite",
    "resume_invite",
    "update_invite",
];

/// Server functions for admins and owners.
const STAFF_FUNCTIONS: [&str; 23] = [
    "accounts/approve",
    "accounts/decline",
    "accounts/get",
    "accounts/list",
    "accounts/restore",
    "accounts/suspend",
    "accounts/undo-approval",
    "invites/counts",
    "invites/create",
    "invites/delete",
    "invites/extend",
    "invites/get",
    "invites/list",
    "invites/pause",
    "invites/resume",
    "invites/update",
    "keys/create",
    "overview/get",
    "redemptions/invites",
    "redemptions/list",
    "settings/get",
    "settings/reopen",
    "settings/update",
];

/// Server functions that every signed-in user may call, for their own data; with the status for a member who names an
/// object of another account.
const OWN_FUNCTIONS: [(&str, u16); 8] = [
    ("keys/list", 200),
    ("keys/revoke", 404),
    ("me/change-password", 200),
    ("me/rename", 200),
    ("me/viewer", 200),
    ("sessions/list", 200),
    ("sessions/revoke", 404),
    ("sessions/revoke-others", 200),
];

/// An account of each kind, and objects to act on.
struct Fixture {
    app: TestApp,
    owner: Person,
    /// API keys and cookies of accounts without permission: a member and a moderator.
    unprivileged: Vec<(String, String)>,
    invite: Value,
    somebody: Person,
}

impl Fixture {
    async fn create() -> Self {
        let app = TestApp::sqlite().await;
        let owner = app.person("ines", Role::Owner).await;
        let key = app.key_of(&owner).await;
        let invite = app.invite(&key, &json!({ "label": "Course" })).await;
        let somebody = app.person("somebody", Role::User).await;
        let mut unprivileged = Vec::new();
        for role in ["user", "moderator"] {
            // They were admins when they created the key: a key has the current rights of its account.
            let person = app.person(role, Role::Admin).await;
            let key = app.key_of(&person).await;
            app.database.execute(&format!("UPDATE accounts SET role = '{role}' WHERE username = '{role}'")).await;
            unprivileged.push((key, app.cookie_of(&person).await));
        }
        Self { app, owner, unprivileged, invite, somebody }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rest_operation_refuses_unauthorised_callers() {
    let fixture = Fixture::create().await;
    let document = serde_json::to_value(server::api::openapi()).unwrap();
    let operations = operations(&document);
    let known: BTreeSet<&str> = PUBLIC_OPERATIONS.into_iter().chain(STAFF_OPERATIONS).collect();
    let found: BTreeSet<&str> = operations.iter().map(|(.., about)| about["operationId"].as_str().unwrap()).collect();
    assert_eq!(found, known, "every operation is in exactly one table");

    for (path, method, about) in &operations {
        let id = about["operationId"].as_str().unwrap();
        let value = if id == "lookup_invite" { &fixture.invite["code"] } else { &fixture.invite["id"] };
        let path = fill(path, value.as_str().unwrap());
        let call = |key: Option<&str>| {
            let mut call = fixture.app.call(method, &path);
            if let Some(key) = key {
                call = call.bearer(key);
            }
            if id == "sign_up" {
                call = call.json(&sign_up(&fixture.invite["code"], "mateo"));
            } else if about["requestBody"].is_object() {
                call = call.json(&example_of_body(&document, about));
            }
            call.send()
        };
        if PUBLIC_OPERATIONS.contains(&id) {
            assert!(call(None).await.status.is_success(), "{id} is for everyone");
            assert!(!about["security"].to_string().contains("bearer"), "{id}");
            continue;
        }
        assert!(about["security"].to_string().contains("bearer"), "{id}");
        call(None).await.problem(401, "unauthenticated");
        for (key, cookie) in &fixture.unprivileged {
            call(Some(key)).await.problem(403, "forbidden");
            // A session cookie is not an API key.
            fixture.app.call(method, &path).cookie(cookie).send().await.problem(401, "unauthenticated");
        }
    }
    assert_eq!(fixture.app.database.rows("invites").await, 1);
    assert_eq!(fixture.app.database.number("SELECT count(*) FROM invites WHERE deleted_at IS NULL").await, 1);
    fixture.app.close().await;
}

fn example_of_body(document: &Value, about: &Value) -> Value {
    let schema = about["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().unwrap();
    document.pointer(schema.strip_prefix('#').unwrap()).unwrap()["example"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_may_call_every_operation() {
    let fixture = Fixture::create().await;
    let key = fixture.app.key_of(&fixture.owner).await;
    let document = serde_json::to_value(server::api::openapi()).unwrap();
    for (path, method, about) in operations(&document) {
        let id = about["operationId"].as_str().unwrap();
        if id == "delete_invite" || PUBLIC_OPERATIONS.contains(&id) {
            continue;
        }
        let mut call = fixture.app.call(&method, &fill(&path, fixture.invite["id"].as_str().unwrap())).bearer(&key);
        if about["requestBody"].is_object() {
            call = call.json(&example_of_body(&document, &about));
        }
        let answer = call.send().await;
        assert!(answer.status.is_success(), "{id}: {}", answer.text());
    }
    fixture.app.close().await;
}

/// Arguments of a server function that are valid except for the permission.
fn arguments(function: &str, fixture: &Fixture) -> Value {
    let (invite, account) = (&fixture.invite["id"], json!(fixture.somebody.id));
    match function {
        "accounts/list" | "invites/list" | "redemptions/list" => json!({ "query": {} }),
        "accounts/approve"
        | "accounts/decline"
        | "accounts/get"
        | "accounts/restore"
        | "accounts/suspend"
        | "accounts/undo-approval"
        | "keys/revoke"
        | "sessions/revoke" => json!({ "id": account }),
        "invites/create" | "settings/update" => json!({ "draft": {} }),
        "invites/delete" | "invites/get" | "invites/pause" | "invites/resume" => json!({ "id": invite }),
        "invites/extend" => json!({ "id": invite, "expires_at": "2099-01-01T00:00:00Z" }),
        "invites/update" => json!({ "id": invite, "draft": { "label": "Course", "max_uses": null } }),
        "keys/create" => json!({ "name": "Backup", "scope": "full", "lifetime": "Month" }),
        "me/change-password" => json!({ "change": { "current": PASSWORD, "new": "eleven dry umbrellas in Braga" } }),
        "me/rename" => json!({ "name": "Somebody" }),
        "redemptions/invites" => json!({ "chosen": invite }),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_refuses_unauthorised_callers() {
    let fixture = Fixture::create().await;
    let known: BTreeSet<String> = STAFF_FUNCTIONS
        .into_iter()
        .chain(OWN_FUNCTIONS.map(|(function, _)| function))
        .map(|function| format!("/_fn/{function}"))
        .collect();
    let registered: BTreeSet<String> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(registered, known, "every server function is in exactly one table");
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, "POST", "{path}: a link on another site could call a GET");
    }

    let call = |function: &str, cookie: Option<&str>| {
        let mut call = fixture.app.post(&format!("/_fn/{function}")).json(&arguments(function, &fixture));
        if let Some(cookie) = cookie {
            call = call.cookie(cookie);
        }
        call.send()
    };
    for function in STAFF_FUNCTIONS {
        let refused = call(function, None).await.expect(401).json();
        assert_eq!(refused["code"], "unauthenticated", "{function}");
        for (_, cookie) in &fixture.unprivileged {
            let refused = call(function, Some(cookie)).await;
            assert_eq!(refused.status.as_u16(), 403, "{function}: {}", refused.text());
            assert_eq!(refused.json()["code"], "forbidden", "{function}");
        }
    }
    for (function, status) in OWN_FUNCTIONS {
        assert_eq!(call(function, None).await.expect(401).json()["code"], "unauthenticated", "{function}");
        let member = fixture.app.person(&function.replace('/', "-"), Role::User).await;
        let cookie = fixture.app.cookie_of(&member).await;
        let answer = call(function, Some(&cookie)).await;
        assert_eq!(answer.status.as_u16(), status, "{function}: {}", answer.text());
    }
    let cookie = fixture.app.cookie_of(&fixture.owner).await;
    for function in STAFF_FUNCTIONS {
        let answer = call(function, Some(&cookie)).await;
        let status = answer.status.as_u16();
        // `invites/…` run after `invites/delete` and find the invite deleted.
        assert!(status == 200 || status == 409, "{function}: {status} {}", answer.text());
    }
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_not_accepted_by_server_functions_and_pages() {
    let fixture = Fixture::create().await;
    let key = fixture.app.key_of(&fixture.owner).await;
    fixture.app.post("/_fn/invites/list").bearer(&key).json(&json!({ "query": {} })).send().await.expect(401);
    let page = fixture.app.get("/admin/invites").bearer(&key).send().await;
    assert_eq!(page.redirect(), "/login?next=%2Fadmin%2Finvites");
    fixture.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_redirect_unauthorised_visitors() {
    let fixture = Fixture::create().await;
    let invite = format!("/admin/invites/{}", fixture.invite["id"].as_str().unwrap());
    let member = format!("/admin/members/{}", fixture.somebody.id);
    for path in [
        "/admin",
        "/admin/invites",
        &invite,
        "/admin/redemptions",
        "/admin/members",
        "/admin/accounts",
        &member,
        "/admin/settings",
        "/admin/redemptions.csv",
    ] {
        let visitor = fixture.app.get(path).send().await;
        assert!(visitor.redirect().starts_with("/login?next=%2Fadmin"), "{path}");
        for (_, cookie) in &fixture.unprivileged {
            assert_eq!(fixture.app.get(path).cookie(cookie).send().await.redirect(), "/me", "{path}");
        }
    }
    for path in ["/me", "/me/account"] {
        assert!(fixture.app.get(path).send().await.redirect().starts_with("/login?next=%2Fme"), "{path}");
        for (_, cookie) in &fixture.unprivileged {
            let page = fixture.app.get(path).cookie(cookie).send().await.expect(200);
            assert!(!page.text().contains(fixture.invite["code"].as_str().unwrap()), "{path}");
        }
    }
    let owner = fixture.app.cookie_of(&fixture.owner).await;
    for path in [
        "/admin",
        "/admin/invites",
        &invite,
        "/admin/redemptions",
        "/admin/members",
        "/admin/accounts",
        &member,
        "/admin/settings",
    ] {
        fixture.app.get(path).cookie(&owner).send().await.expect(200);
    }
    fixture.app.close().await;
}
