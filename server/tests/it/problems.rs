//! Problem documents: invalid requests are never answered with 500, and every error has the same format.

use domain::accounts::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind, PASSWORD, TestApp, on_both_databases};

const INVITES: &str = "/api/v1/admin/invites";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_json_is_malformed() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let deep = format!("{{\"label\":{}", "[".repeat(60_000));
    for body in [
        "",
        " ",
        "{",
        "}",
        "nonsense",
        "{\"label\":}",
        "{\"label\":\"x\"} trailing",
        "{'label':'x'}",
        "{\"label\":\"x\"",
        "\u{FEFF}{}",
        "{\"label\":\"\\ud800\"}",
        "{\"max_uses\":0x10}",
        "{\"max_uses\":01}",
        "{\"label\":\"\t\"}",
        &deep,
    ] {
        let answer = app.post(INVITES).bearer(&key).body("application/json", body).send().await;
        answer.problem(400, "malformed");
    }
    let not_utf8 = b"{\"label\":\"\xFF\xFE\"}".to_vec();
    app.post(INVITES).bearer(&key).body("application/json", not_utf8).send().await.problem(400, "malformed");
    assert_eq!(app.database.rows("invites").await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_error_names_the_field() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    for (body, fields) in [
        (r#"{"max_uses":"7"}"#, &["max_uses"][..]),
        (r#"{"max_uses":1.5}"#, &["max_uses"]),
        (r#"{"max_uses":1e3}"#, &["max_uses"]),
        (r#"{"max_uses":1e400}"#, &["max_uses"]),
        (r#"{"max_uses":-1e400}"#, &["max_uses"]),
        (r#"{"max_uses":9223372036854775808}"#, &["max_uses"]),
        (r#"{"max_uses":99999999999999999999999999999999999}"#, &["max_uses"]),
        (r#"{"max_uses":true}"#, &["max_uses"]),
        (r#"{"expires_in_hours":[1]}"#, &["expires_in_hours"]),
        (r#"{"label":7}"#, &["label"]),
        (r#"{"label":{"a":1}}"#, &["label"]),
        (r#"{"expires_at":1893456000}"#, &["expires_at"]),
        (r#"{"role":["user"]}"#, &["role"]),
        (r#"{"colour":"red"}"#, &["colour"]),
        (r#"{"label":"a","label":"b"}"#, &["label"]),
        (r#"{"Label":"a"}"#, &["Label"]),
        (r#"{"":1}"#, &[""]),
        ("[]", &[]),
        (r#"["Course", null, 3]"#, &[]),
        ("null", &[]),
        ("true", &[]),
        ("\"{}\"", &[]),
    ] {
        let answer = app.post(INVITES).bearer(&key).body("application/json", body).send().await;
        answer.invalid(fields);
    }
    // A very long name is truncated in the response.
    let long = format!("{{\"{}\":1}}", "x".repeat(60_000));
    let answer = app.post(INVITES).bearer(&key).body("application/json", long).send().await;
    assert!(answer.problem(422, "invalid").to_string().len() < 1_000);
    assert_eq!(app.database.rows("invites").await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_not_quoted_in_an_error() {
    let app = TestApp::sqlite().await;
    app.owner_key().await;
    for body in [
        json!({ "email": { "password": PASSWORD } }),
        json!({ "email": [PASSWORD] }),
        json!({ "password": PASSWORD, "email": "x", "username": "y" }),
    ] {
        let answer = app.sign_up(&body).await;
        answer.problem(422, "invalid");
        assert!(!answer.text().contains("umbrellas"));
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invisible_and_invalid_characters_are_refused() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    for text in
        ["\u{0}", "a\u{0}b", "\u{202E}", "a\u{2066}b", "\u{200B}", "a\nb", "\u{1b}[31m", "\u{FEFF}x", "\u{E0001}"]
    {
        for field in ["label", "code", "role", "expires_at", "starts_at"] {
            let answer = app.post(INVITES).bearer(&key).json(&json!({ field: text })).send().await;
            answer.invalid(&[field]);
        }
        for field in ["email", "username", "name"] {
            let mut body = sign_up(&invite["code"], "mateo");
            body[field] = json!(format!("x{text}y"));
            app.sign_up(&body).await.invalid(&[field]);
        }
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_maximum_body_size_is_64_kibibytes() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let body = |bytes: usize| format!("{{{}}}", " ".repeat(bytes - 2));
    let send = |body: String| app.post(INVITES).bearer(&key).body("application/json", body).send();
    send(body(64 * 1024)).await.expect(201);
    send(body(64 * 1024 + 1)).await.problem(413, "payload_too_large");
    // The same without a Content-Length header.
    let chunked = app.post(INVITES).bearer(&key).body("application/json", body(64 * 1024 + 1));
    chunked.without("content-length").send().await.problem(413, "payload_too_large");
    let sign_up = app.post("/api/v1/signup").body("application/json", body(1024 * 1024));
    sign_up.send().await.problem(413, "payload_too_large");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_is_accepted() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let send = |kind: &str| app.post(INVITES).bearer(&key).body(kind, "{}").send();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""] {
        send(kind).await.problem(415, "unsupported_media_type");
    }
    app.post(INVITES).bearer(&key).send().await.problem(415, "unsupported_media_type");
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        send(kind).await.expect(201);
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_an_api_key_gets_a_challenge() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let bare = app.get(INVITES).send().await;
    bare.problem(401, "unauthenticated");
    assert_eq!(bare.header("www-authenticate"), Some("Bearer realm=\"latchkey\""));
    let wrong_last = format!("{key}x");
    for value in [
        "Bearer lk_nonsense",
        &format!("Bearer {wrong_last}"),
        "Bearer \u{fc}",
        &format!("Bearer {}", "x".repeat(10_000)),
    ] {
        let answer = app.get(INVITES).header("authorization", value).send().await;
        answer.problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
    }
    for value in [&format!("Basic {key}"), &key, "Bearer", "Bearer "] {
        app.get(INVITES).header("authorization", value).send().await.problem(401, "unauthenticated");
    }
    app.get(INVITES).header("authorization", &format!("bearer {key}")).send().await.expect(200);
    // The API key is checked before the body and the query.
    app.post(INVITES).body("application/json", "{").send().await.problem(401, "unauthenticated");
    app.get(&format!("{INVITES}?limit=0")).send().await.problem(401, "unauthenticated");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_get_problem_documents() {
    let app = TestApp::sqlite().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/signup",
        "/api/v1/nothing",
        "/api/v1/invites",
        "/api/v1/invites/",
    ] {
        app.get(path).send().await.problem(404, "not_found");
    }
    for (method, path, allowed) in [
        ("GET", "/api/v1/signup", "POST"),
        ("PUT", INVITES, "GET,HEAD,POST"),
        ("DELETE", INVITES, "GET,HEAD,POST"),
        ("POST", "/api/v1/invites/0000000000AB", "GET,HEAD"),
    ] {
        let answer = app.call(method, path).send().await;
        answer.problem(405, "method_not_allowed");
        let allow = answer.header("allow").expect("Allow");
        let sorted = |list: &str| {
            let mut methods: Vec<_> = list.split(',').map(|method| method.trim().to_owned()).collect();
            methods.sort_unstable();
            methods
        };
        assert_eq!(sorted(allow), sorted(allowed), "{method} {path}");
    }
    let options =
        app.call("OPTIONS", "/api/v1/signup").header("origin", "https://evil.example").send().await.expect(204);
    assert_eq!(options.header("allow"), Some("POST"));
    assert_eq!(options.header("access-control-allow-origin"), None);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_error_reveals_only_the_request_id() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    app.database.execute("DROP TABLE redemptions").await;
    let answer = app.get("/api/v1/admin/redemptions").bearer(&key).send().await;
    let problem: Value = answer.problem(500, "internal");
    let id = problem["request_id"].as_str().unwrap();
    assert_eq!(problem["detail"], format!("Something went wrong on our side (request {id})."));
    assert!(!answer.text().contains("redemptions"));
    app.close().await;
}

/// Tested for REST, a page and a server function.
#[tokio::test(flavor = "multi_thread")]
async fn an_internal_error_is_logged_once_with_its_causes_and_the_request_id() {
    let database = Database::fresh(Kind::Sqlite).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("login", "ines"), ("password", PASSWORD)])
        .finish();
    let cookie = caller.send_text(Method::POST, "/login", &[kind], form).await.cookie("latchkey");
    database.execute("DROP TABLE redemptions").await;
    let bearer = format!("Bearer {key}");
    let query = json!({ "query": {} });
    let mut told = Vec::new();
    for (method, path, header, body) in [
        (Method::GET, "/api/v1/admin/redemptions", ("authorization", bearer.as_str()), None),
        (Method::GET, "/admin/redemptions.csv", ("cookie", cookie.as_str()), None),
        (Method::POST, "/_fn/redemptions/list", ("cookie", cookie.as_str()), Some(&query)),
    ] {
        let answer = caller.send(method, path, &[header], body).await.expect(500);
        let id = answer.header("x-request-id").expect("an id").to_owned();
        assert!(answer.text().contains(&format!("Something went wrong on our side (request {id}).")), "{path}");
        told.push(id);
    }
    let log = server.log_after_stopping();
    let failed: Vec<&str> = log.lines().filter(|line| line.contains("a request failed")).collect();
    assert_eq!(failed.len(), told.len(), "{log}");
    for (line, id) in failed.iter().zip(&told) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["request"], id.as_str(), "{line}");
        assert!(line["error"].as_str().unwrap().contains("redemptions"), "{line}");
    }
}

on_both_databases! {
    async fn a_search_accepts_any_text(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let cookie = app.cookie_of(&owner).await;
        for text in ["\u{0}", "a\u{0}b", "\u{202E}", "%", "_", "\\", "'; DROP TABLE accounts; --", "\u{10FFFF}", "\" OR *", "a:b NEAR -c", &"x".repeat(10_000), &"x ".repeat(5_000)] {
            for function in ["invites/list", "accounts/list", "redemptions/list"] {
                let body = json!({ "query": { "q": text } });
                let answer = app.post(&format!("/_fn/{function}")).cookie(&cookie).json(&body).send().await;
                assert_eq!(answer.status.as_u16(), 200, "{function} {text:.9?}: {}", answer.text());
            }
            let form = [("login", text), ("password", text)];
            app.post("/login").form(&form).send().await.expect(401);
            app.post("/setup").form(&[("token", text)]).send().await.expect(409);
            let form = [("code", text), ("email", text), ("username", text), ("name", text), ("password", text)];
            app.post("/signup").form(&form).send().await.expect(422);
        }
        assert_eq!(app.database.rows("accounts").await, 1);
    }
}
