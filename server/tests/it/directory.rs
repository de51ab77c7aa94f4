//! The SCIM service over HTTP: what directories send, as Microsoft Entra and Okta document it, and what they are answered.

use domain::accounts::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, TestApp, on_both_databases};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";

/// Sends a request of a directory.
async fn send(app: &TestApp, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    app.call(method, path).bearer(key).body("application/scim+json; charset=utf-8", body.to_string()).send().await
}

/// The text with spaces and quotes of a filter, in a query.
fn filtered(path: &str, filter: &str) -> String {
    format!("{path}?filter={}", url::form_urlencoded::byte_serialize(filter.as_bytes()).collect::<String>())
}

/// A SCIM error with this type.
#[track_caller]
fn refused(answer: &Answer, status: u16, scim_type: Option<&str>) -> String {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status.as_u16(), status, "{text}");
    assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{text}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{text}");
    let error = answer.json();
    assert_eq!(error["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(error["status"], status.to_string());
    assert_eq!(error["scimType"].as_str(), scim_type, "{text}");
    error["detail"].as_str().unwrap().to_owned()
}

/// What Microsoft Entra sends to create a person.
fn entra_user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": format!("entra-{name}"),
        "userName": format!("{name}@corp.example"),
        "active": true,
        "displayName": format!("{name} Quispe"),
        "emails": [{ "primary": true, "type": "work", "value": format!("{name}@mail.example") }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "Ignored", "familyName": "Quispe", "givenName": name },
        "title": "Potter",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Clay" },
    })
}

/// What Okta sends to create a person.
fn okta_user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("{name}@corp.example"),
        "name": { "givenName": "Grace", "familyName": "Ito" },
        "emails": [{ "primary": true, "value": format!("{name}@corp.example"), "type": "work" }],
        "displayName": "Grace Ito",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": PASSWORD,
        "active": true,
    })
}

on_both_databases! {
    async fn an_account_lives_as_microsoft_entra_wants_it(app: &TestApp) {
        let key = app.owner_key().await;
        let find = filtered(USERS, r#"userName eq "mateo@corp.example""#);
        let none = app.get(&find).bearer(&key).send().await.expect(200).json();
        assert_eq!((&none["totalResults"], &none["Resources"], &none["startIndex"]), (&json!(0), &json!([]), &json!(1)));

        let created = send(app, &key, "POST", USERS, &entra_user("mateo")).await.expect(201);
        assert_eq!(created.header("content-type"), Some("application/scim+json"));
        let user = created.json();
        let id = user["id"].as_str().unwrap();
        let location = format!("{}{USERS}/{id}", app.origin());
        assert_eq!(created.header("location"), Some(location.as_str()));
        assert_eq!(user["meta"]["location"], location);
        assert_eq!(user["meta"]["resourceType"], "User");
        assert_eq!(user["userName"], "mateo@corp.example");
        assert_eq!(user["externalId"], "entra-mateo");
        assert_eq!(user["displayName"], "mateo Quispe");
        assert_eq!(user["emails"], json!([{ "value": "mateo@mail.example", "type": "work", "primary": true }]));
        assert_eq!(user["active"], true);
        refused(&send(app, &key, "POST", USERS, &entra_user("mateo")).await, 409, Some("uniqueness"));

        let path = format!("{USERS}/{id}");
        let change = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Replace", "path": "displayName", "value": "Mateo Q" },
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@mail.example" },
                { "op": "Add", "path": "name.familyName", "value": "Q" },
                { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "Glaze" },
            ],
        });
        let changed = send(app, &key, "PATCH", &path, &change).await.expect(200).json();
        assert_eq!((&changed["displayName"], &changed["emails"][0]["value"]), (&json!("Mateo Q"), &json!("new@mail.example")));
        let disable = json!({ "Operations": [{ "op": "Replace", "path": "active", "value": "False" }] });
        assert_eq!(send(app, &key, "PATCH", &path, &disable).await.expect(200).json()["active"], false);
        let enable = json!({ "Operations": [{ "op": "Replace", "value": { "active": "True" } }] });
        assert_eq!(send(app, &key, "PATCH", &path, &enable).await.expect(200).json()["active"], true);

        let found = app.get(&find).bearer(&key).send().await.expect(200).json();
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &user["id"]));
        app.delete(&path).bearer(&key).send().await.expect(204);
        refused(&app.get(&path).bearer(&key).send().await, 404, None);
        refused(&app.delete(&path).bearer(&key).send().await, 404, None);
        send(app, &key, "POST", USERS, &entra_user("mateo")).await.expect(201);
    }
}

on_both_databases! {
    async fn an_account_lives_as_okta_wants_it(app: &TestApp) {
        let key = app.owner_key().await;
        let user = send(app, &key, "POST", USERS, &okta_user("grace")).await.expect(201).json();
        assert_eq!(user["password"], Value::Null);
        let path = format!("{USERS}/{}", user["id"].as_str().unwrap());
        // The password works.
        let sign_in = [("login", "grace"), ("password", PASSWORD)];
        assert!(app.post("/login").form(&sign_in).send().await.set_cookie("latchkey").is_some());

        let mut whole = user.clone();
        whole["displayName"] = json!("Grace M. Ito");
        whole["active"] = json!(false);
        let replaced = send(app, &key, "PUT", &path, &whole).await.expect(200).json();
        assert_eq!((&replaced["displayName"], &replaced["active"]), (&json!("Grace M. Ito"), &json!(false)));
        assert_eq!(replaced["externalId"], user["externalId"]);
        let activate = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "value": { "active": true } }],
        });
        assert_eq!(send(app, &key, "PATCH", &path, &activate).await.expect(200).json()["active"], true);
        whole["password"] = json!("another bench by the window");
        refused(&send(app, &key, "PUT", &path, &whole).await, 400, Some("mutability"));

        let group = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Potters", "members": [] });
        let group = send(app, &key, "POST", GROUPS, &group).await.expect(201).json();
        let group_path = format!("{GROUPS}/{}", group["id"].as_str().unwrap());
        let fill = json!({ "Operations": [
            { "op": "replace", "value": { "id": group["id"], "displayName": "Potters of the yard" } },
            { "op": "add", "path": "members", "value": [{ "value": user["id"], "display": "grace" }] },
        ] });
        send(app, &key, "PATCH", &group_path, &fill).await.expect(204);
        let filled = app.get(&group_path).bearer(&key).send().await.expect(200).json();
        assert_eq!(filled["displayName"], "Potters of the yard");
        assert_eq!(filled["members"][0]["value"], user["id"]);
        assert_eq!(filled["members"][0]["display"], Value::Null);
        let named = format!("{group_path}?attributes=members.display");
        let named = app.get(&named).bearer(&key).send().await.expect(200).json();
        assert_eq!(named["members"], json!([{ "display": "Grace M. Ito" }]));
        let in_groups = app.get(&path).bearer(&key).send().await.expect(200).json();
        assert_eq!(in_groups["groups"][0]["value"], group["id"]);
    }
}

on_both_databases! {
    async fn a_group_lives_as_microsoft_entra_wants_it(app: &TestApp) {
        let key = app.owner_key().await;
        let mut ids = Vec::new();
        for name in ["ada", "mateo"] {
            ids.push(send(app, &key, "POST", USERS, &entra_user(name)).await.expect(201).json()["id"].clone());
        }
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Weavers",
            "meta": { "resourceType": "Group" },
        });
        let group = send(app, &key, "POST", GROUPS, &group).await.expect(201).json();
        let (id, path) = (group["id"].as_str().unwrap(), format!("{GROUPS}/{}", group["id"].as_str().unwrap()));
        let lean = app.get(&format!("{path}?excludedAttributes=members")).bearer(&key).send().await.expect(200).json();
        assert_eq!((&lean["displayName"], &lean["members"]), (&json!("Weavers"), &Value::Null));
        let by_name = format!("{}&excludedAttributes=members", filtered(GROUPS, r#"displayName eq "weavers""#));
        assert_eq!(app.get(&by_name).bearer(&key).send().await.expect(200).json()["totalResults"], 1);

        let members = async |op: &str, members: &[&Value]| {
            let value: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
            let change = json!({ "Operations": [{ "op": op, "path": "members", "value": value }] });
            send(app, &key, "PATCH", &path, &change).await.expect(204);
        };
        members("Add", &[&ids[0], &ids[1]]).await;
        let is_in = async |member: &Value| {
            let filter = format!(r#"id eq "{id}" and members eq "{}""#, member.as_str().unwrap());
            let path = format!("{}&attributes=id", filtered(GROUPS, &filter));
            app.get(&path).bearer(&key).send().await.expect(200).json()["totalResults"] == json!(1)
        };
        assert!(is_in(&ids[0]).await && is_in(&ids[1]).await);
        members("Remove", &[&ids[0]]).await;
        assert!(!is_in(&ids[0]).await && is_in(&ids[1]).await);
        let remove = json!({ "Operations": [{ "op": "Remove", "path": format!("members[value eq \"{}\"]", ids[1].as_str().unwrap()) }] });
        send(app, &key, "PATCH", &path, &remove).await.expect(204);
        assert!(!is_in(&ids[1]).await);
        let rename = json!({ "Operations": [{ "op": "Replace", "path": "displayName", "value": "Spinners" }] });
        let renamed = send(app, &key, "PATCH", &format!("{path}?attributes=displayName"), &rename).await.expect(200).json();
        assert_eq!(renamed, json!({ "schemas": renamed["schemas"], "id": id, "displayName": "Spinners" }));
        app.delete(&path).bearer(&key).send().await.expect(204);
        refused(&app.get(&path).bearer(&key).send().await, 404, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_those_of_scim() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    for (path, status, scim_type) in [
        (filtered(USERS, "userName xx"), 400, Some("invalidFilter")),
        (filtered(USERS, r#"userName co "a""#), 400, Some("invalidFilter")),
        (filtered(USERS, r#"title eq "a""#), 400, Some("invalidFilter")),
        (filtered(GROUPS, r#"displayName eq "a" or id pr"#), 400, Some("invalidFilter")),
        (format!("{USERS}?startIndex=x"), 400, Some("invalidValue")),
        (format!("{USERS}?cursor=x"), 400, Some("invalidCursor")),
        (format!("{USERS}?attributes=id&excludedAttributes=id"), 400, Some("invalidValue")),
        (format!("{USERS}/nobody"), 404, None),
        (format!("{GROUPS}/0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"), 404, None),
        ("/scim/v2/Printers".to_owned(), 404, None),
        ("/scim/v2/Me".to_owned(), 501, None),
        ("/scim/v2/Schemas/x".to_owned(), 404, None),
        ("/scim/v2/Schemas?filter=id+pr".to_owned(), 403, None),
    ] {
        refused(&app.get(&path).bearer(&key).send().await, status, scim_type);
    }
    refused(&app.call("PUT", USERS).bearer(&key).send().await, 405, None);
    for (body, scim_type) in [
        (json!([]), "invalidSyntax"),
        (json!({ "userName": "ada" }), "invalidValue"),
        (json!({ "userName": 1 }), "invalidValue"),
        (json!({ "userName": "ada", "emails": [{ "value": "x" }] }), "invalidValue"),
        (json!({ "userName": "ada@corp.example", "active": "perhaps" }), "invalidValue"),
    ] {
        refused(&send(&app, &key, "POST", USERS, &body).await, 400, Some(scim_type));
    }
    let detail = refused(
        &send(&app, &key, "POST", USERS, &json!({ "userName": "", "displayName": "\u{202E}" })).await,
        400,
        Some("invalidValue"),
    );
    assert!(detail.contains("userName") && detail.contains("emails") && detail.contains("displayName"), "{detail}");
    refused(&app.post(USERS).bearer(&key).body("text/plain", "{}").send().await, 415, None);
    refused(&app.post(USERS).bearer(&key).body("application/json", "{").send().await, 400, Some("invalidSyntax"));
    let user = send(&app, &key, "POST", USERS, &entra_user("ada")).await.expect(201).json();
    let path = format!("{USERS}/{}", user["id"].as_str().unwrap());
    for (operation, scim_type) in [
        (json!({ "op": "replace", "path": "colour", "value": "red" }), "invalidPath"),
        (json!({ "op": "replace", "path": "a b", "value": "red" }), "invalidPath"),
        (json!({ "op": "remove" }), "noTarget"),
        (json!({ "op": "replace", "path": "id", "value": "x" }), "mutability"),
        (json!({ "op": "remove", "path": "userName" }), "invalidValue"),
        (json!({ "op": "jump", "path": "active" }), "invalidSyntax"),
    ] {
        let body = json!({ "Operations": [operation] });
        refused(&send(&app, &key, "PATCH", &path, &body).await, 400, Some(scim_type));
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nothing_is_read_and_keys_are_told_what_is_wrong() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let none = app.get(USERS).send().await;
    refused(&none, 401, None);
    assert!(none.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Bearer")));
    refused(&app.get(USERS).bearer("lk_unknown").send().await, 401, None);
    refused(&app.get(USERS).cookie(&app.cookie_of(&owner).await).send().await, 401, None);
    // A request for another host.
    refused(&app.get(USERS).header("host", "elsewhere.example").send().await, 421, None);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_two_mebibytes_at_most_and_ten_thousand_members() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let group = |members: usize, padding: usize| {
        let member = json!({ "value": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77", "display": "x".repeat(padding) });
        json!({ "displayName": "Large", "members": vec![member; members] })
    };
    refused(&send(&app, &key, "POST", GROUPS, &group(10_001, 0)).await, 413, Some("tooMany"));
    refused(&send(&app, &key, "POST", GROUPS, &group(100, 30_000)).await, 413, Some("tooMany"));
    // What is refused elsewhere, at 64 KiB, is read here.
    let unknown = send(&app, &key, "POST", GROUPS, &group(2_000, 10)).await;
    assert!(refused(&unknown, 400, Some("invalidValue")).contains("members"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_by_start_and_by_cursor() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    for name in ["ada", "grace", "mateo"] {
        send(&app, &key, "POST", USERS, &entra_user(name)).await.expect(201);
    }
    let get = async |query: &str| app.get(&format!("{USERS}?{query}")).bearer(&key).send().await.expect(200).json();
    let page = get("startIndex=2&count=2&attributes=userName").await;
    assert_eq!((&page["totalResults"], &page["itemsPerPage"], &page["startIndex"]), (&json!(4), &json!(2), &json!(2)));
    assert!(page["Resources"][0]["emails"].is_null());
    let first = get("cursor=&count=3").await;
    let next = first["nextCursor"].as_str().unwrap();
    let second = get(&format!("count=3&cursor={next}")).await;
    assert_eq!((second["Resources"].as_array().unwrap().len(), &second["nextCursor"]), (1, &Value::Null));
    assert_eq!(get("count=0").await["Resources"], json!([]));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_says_what_it_can_do() {
    let app = TestApp::sqlite().await;
    let config = app.get("/scim/v2/ServiceProviderConfig").send().await.expect(200).json();
    assert_eq!((&config["patch"]["supported"], &config["bulk"]["supported"]), (&json!(true), &json!(false)));
    assert_eq!(config["filter"]["maxResults"], 200);
    let types = app.get("/scim/v2/ResourceTypes").send().await.expect(200).json();
    assert_eq!(types["totalResults"], 2);
    for kind in types["Resources"].as_array().unwrap() {
        let path = format!("/scim/v2/ResourceTypes/{}", kind["id"].as_str().unwrap());
        assert_eq!(&app.get(&path).send().await.expect(200).json(), kind);
        let path = format!("/scim/v2/Schemas/{}", kind["schema"].as_str().unwrap());
        assert_eq!(app.get(&path).send().await.expect(200).json()["name"], kind["name"]);
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_has_a_route_and_every_route_is_an_operation() {
    let app = TestApp::sqlite().await;
    let operations = server::directory::OPERATIONS;
    for operation in operations {
        let path = format!("{}{}", server::directory::PREFIX, operation.path.replace("{id}", "x"));
        let answer = app.call("TRACE", &path).send().await.expect(405);
        let mut allowed: Vec<_> =
            answer.header("allow").unwrap().split(',').map(|method| method.trim().to_lowercase()).collect();
        allowed.retain(|method| method != "head");
        let known = operations.iter().filter(|other| other.path == operation.path).map(|other| other.method.to_owned());
        let mut known: Vec<_> = known.collect();
        allowed.sort_unstable();
        known.sort_unstable();
        assert_eq!(allowed, known, "{path}");
    }
    app.close().await;
}
