//! The operations of the SCIM service.

use std::collections::BTreeSet;

use domain::access::Permission;
use serde_json::{Value, json};

use super::{Fixture, Needs, SEES_GROUPS, by_needs};
use crate::openapi::fill;

/// Operations of the SCIM service without authentication: what it can do.
const PUBLIC_SCIM_OPERATIONS: [&str; 5] =
    ["scim_resource_type", "scim_resource_types", "scim_schema", "scim_schemas", "scim_service"];

/// Operations of the SCIM service that need an API key, and the permission that each needs.
const SCIM_OPERATIONS: [(&str, Needs); 12] = [
    ("scim_change_group", &[Permission::GroupsManage]),
    ("scim_change_user", &[Permission::AccountsManage]),
    ("scim_create_group", &[Permission::GroupsManage]),
    ("scim_create_user", &[Permission::AccountsManage]),
    ("scim_delete_group", &[Permission::GroupsManage]),
    ("scim_delete_user", &[Permission::AccountsManage]),
    ("scim_get_group", SEES_GROUPS),
    ("scim_get_user", &[Permission::AccountsView]),
    ("scim_list_groups", SEES_GROUPS),
    ("scim_list_users", &[Permission::AccountsView]),
    ("scim_replace_group", &[Permission::GroupsManage]),
    ("scim_replace_user", &[Permission::AccountsManage]),
];

/// The body of an operation of the SCIM service.
fn scim_body(operation: &str) -> Option<Value> {
    Some(match operation {
        "scim_create_user" => json!({ "userName": "lena@corp.example" }),
        "scim_replace_user" => json!({ "userName": "somebody" }),
        "scim_change_user" => json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "S" }] }),
        "scim_create_group" => json!({ "displayName": "Potters" }),
        "scim_replace_group" => json!({ "displayName": "Course" }),
        "scim_change_group" => json!({ "Operations": [{ "op": "add", "path": "members", "value": [] }] }),
        _ => return None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scim_operation_needs_its_permission_and_no_other() {
    let fixture = Fixture::create().await;
    let operations = server::directory::OPERATIONS;
    let known: BTreeSet<&str> =
        SCIM_OPERATIONS.into_iter().map(|(name, _)| name).chain(PUBLIC_SCIM_OPERATIONS).collect();
    let found: BTreeSet<&str> = operations.iter().map(|operation| operation.name).collect();
    assert_eq!((found, operations.len()), (known.clone(), known.len()), "every operation is in exactly one table");

    let call = |name: &str, key: Option<&str>, cookie: Option<&str>| {
        let operation = operations.iter().find(|operation| operation.name == name).unwrap();
        let id = match name {
            "scim_schema" => "urn:ietf:params:scim:schemas:core:2.0:User".to_owned(),
            "scim_resource_type" => "User".to_owned(),
            name if name.ends_with("group") => fixture.group["id"].as_str().unwrap().to_owned(),
            _ => fixture.somebody.id.to_string(),
        };
        let path = format!("{}{}", server::directory::PREFIX, fill(operation.path, &id));
        let mut call = fixture.app.call(&operation.method.to_uppercase(), &path);
        if let Some(key) = key {
            call = call.bearer(key);
        }
        if let Some(cookie) = cookie {
            call = call.cookie(cookie);
        }
        if let Some(body) = scim_body(name) {
            call = call.json(&body);
        }
        call.send()
    };
    for name in PUBLIC_SCIM_OPERATIONS {
        call(name, None, None).await.expect(200);
    }
    for (part, needs, names) in by_needs(&SCIM_OPERATIONS) {
        let (without, only) = fixture.without_and_with_only(needs, part).await;
        let without = fixture.app.key_of(&without).await;
        for name in &names {
            call(name, None, None).await.expect(401);
            let refused = call(name, Some(&without), None).await.expect(403).json();
            assert_eq!(refused["status"], "403", "{name}");
        }
        for (permission, person) in only {
            let (key, cookie) = (fixture.app.key_of(&person).await, fixture.app.cookie_of(&person).await);
            for name in &names {
                call(name, None, Some(&cookie)).await.expect(401);
                let allowed = call(name, Some(&key), None).await;
                assert!(allowed.status.is_success(), "{name} with {permission}: {}", allowed.text());
            }
        }
    }
    fixture.app.close().await;
}
