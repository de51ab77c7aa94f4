//! Invalid input in every form and interface: refused with a message, for the field where there is one, never a 500.

use domain::accounts::{Role, Username};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::process::Server;
use crate::harness::{Answer, Database, Kind, TestApp, on_both_databases};

const FORMS: [&str; 4] = ["/signup", "/login", "/forgot", "/setup"];

/// Texts that are invisible, invalid or too long.
fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "\u{0}",
        "a\u{0}b",
        "\u{202E}evil",
        "a\u{2066}b\u{2069}",
        "\u{200B}",
        "\u{FEFF}",
        "\u{1b}[31m",
        "a\r\nb",
        "\u{E0001}",
        "\u{FFFF}",
        "\u{10FFFF}",
        "%00",
        "..",
        "\\",
        "'; --",
        "\"",
        "<script>",
        "🦀",
        "-1",
        "1e400",
        "99999999999999999999999999",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(60_000));
    texts.push("é".repeat(20_000));
    texts
}

#[track_caller]
fn assert_refused(answer: &Answer, context: &str) {
    let status = answer.status.as_u16();
    assert!((400..500).contains(&status), "{context:.80}: {status} {:.300}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_form_is_refused_with_a_page() {
    let app = TestApp::sqlite().await;
    app.owner_key().await;
    app.turn_mail_on().await;
    for path in FORMS {
        for (kind, body) in [
            ("application/json", "{}"),
            ("application/json", "{"),
            ("text/plain", "login=a"),
            ("multipart/form-data; boundary=x", "--x--"),
            ("application/x-www-form-urlencoded", "login=a&login=b&code=a&code=b&token=a&token=b"),
            ("", "login=a"),
        ] {
            let answer = app.post(path).form(&[]).body(kind, body).send().await;
            assert_refused(&answer, &format!("{path} {kind} {body}"));
            assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{path} {kind}");
        }
        // Invalid escapes and bytes that are not UTF-8 are unknown values, or not a form.
        for body in
            [&b"login=%FF%FE&password=%zz&code=%&token=%0"[..], b"login=\xff\xfe&password=\xff", b"&&&=&=", b"\0"]
        {
            let answer = app.post(path).form(&[]).body("application/x-www-form-urlencoded", body).send().await;
            assert_refused(&answer, path);
        }
        let huge = "x".repeat(64 * 1024);
        app.post(path).form(&[("login", &huge)]).send().await.expect(413);
    }
    assert_eq!((app.database.rows("accounts").await, app.database.rows("sessions").await), (1, 0));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_refuses_invalid_accounts() {
    let app = TestApp::sqlite().await;
    let link = service::setup::link(&app.ctx).await.unwrap();
    let token = link.split_once("token=").unwrap().1;
    for text in hostile_texts() {
        for field in ["email", "username"] {
            let mut form = vec![("token", token), ("site_name", "Place"), ("password", crate::harness::PASSWORD)];
            for (name, value) in [("email", "ines@example.org"), ("username", "ines")] {
                form.push((name, if name == field { &text } else { value }));
            }
            if field == "username" && Username::parse(&text).is_ok() {
                continue;
            }
            let answer = app.post("/setup").form(&form).send().await;
            assert_refused(&answer, &format!("{field} {text:?}"));
        }
    }
    assert_eq!(app.database.rows("accounts").await, 0);
    app.close().await;
}

on_both_databases! {
    async fn a_server_function_names_invalid_fields(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let cookie = app.cookie_of(&owner).await;
        let call = async |function: &str, body: &[u8]| {
            app.post(&format!("/_fn/{function}")).cookie(&cookie).body("application/json", body).send().await
        };
        for body in [
            &b""[..], b"{", b"[]", b"null", b"7", b"\"draft\"", b"{}", b"\xff\xfe", b"{\"draft\":7}", b"{\"draft\":{\"max_uses\":\"7\"}}",
            b"{\"draft\":{\"max_uses\":1e400}}", b"{\"draft\":{\"max_uses\":99999999999999999999}}",
            b"{\"draft\":{\"label\":\"\xff\"}}", b"{\"draft\":{\"label\":{}}}",
        ] {
            let answer = call("invites/create", body).await;
            assert_refused(&answer, &String::from_utf8_lossy(body));
            assert!(answer.json()["code"].is_string(), "{answer:?}");
        }
        for (draft, field) in [
            (json!({ "label": "\u{0}" }), "label"),
            (json!({ "label": "a\u{202E}b" }), "label"),
            (json!({ "code": "a\u{0}bcdef" }), "code"),
            (json!({ "code": "a\u{2066}bcdef" }), "code"),
            (json!({ "role": "owner\u{0}" }), "role"),
            (json!({ "max_uses": 0 }), "max_uses"),
            (json!({ "max_uses": i64::MIN }), "max_uses"),
            (json!({ "max_uses": i64::MAX }), "max_uses"),
            (json!({ "expires_in_hours": i64::MAX }), "expires_in_hours"),
            (json!({ "expires_in_hours": -1 }), "expires_in_hours"),
            (json!({ "expires_at": "2001-01-01T00:00:00Z" }), "expires_at"),
            (json!({ "expires_at": "\u{0}" }), "expires_at"),
            (json!({ "expires_at": "9999999-01-01T00:00:00Z" }), "expires_at"),
        ] {
            let answer = call("invites/create", json!({ "draft": draft }).to_string().as_bytes()).await.expect(422);
            let fields: Vec<Value> = answer.json()["fields"].as_array().unwrap().clone();
            assert_eq!(fields.iter().map(|wrong| wrong["field"].as_str().unwrap()).collect::<Vec<_>>(), [field], "{draft}");
        }
        for name in ["a\u{202E}b", "\u{0}", &"x".repeat(101)] {
            let answer = call("me/rename", json!({ "name": name }).to_string().as_bytes()).await;
            assert_refused(&answer, name);
            assert_eq!(answer.json()["fields"][0]["field"], "name");
        }
        let huge = json!({ "draft": { "label": "x".repeat(64 * 1024) } }).to_string();
        call("invites/create", huge.as_bytes()).await.expect(413);
        assert_eq!(app.database.rows("invites").await, 0);
    }
}

on_both_databases! {
    async fn no_url_causes_an_internal_error(app: &TestApp) {
        let owner = app.person("ines", Role::Owner).await;
        let (key, cookie) = (app.key_of(&owner).await, app.cookie_of(&owner).await);
        let mut broken: Vec<String> = ["%00", "%FF", "%E2%80%AE", "%", "%zz", "%F4%90%80%80", "n00", "n%00", "p-1"].map(str::to_owned).to_vec();
        for text in hostile_texts() {
            let short: String = text.chars().take(2_000).collect();
            broken.push(url::form_urlencoded::byte_serialize(short.as_bytes()).collect());
        }
        for (number, text) in broken.iter().enumerate() {
            for path in [format!("/api/v1/invites/{text}"), format!("/api/v1/admin/invites/{text}")] {
                let answer = app.get(&path).bearer(&key).send().await;
                assert_refused(&answer, &path);
            }
            for list in ["invites", "redemptions"] {
                for name in ["cursor", "limit", "sort"] {
                    let path = format!("/api/v1/admin/{list}?{name}={text}");
                    app.get(&path).bearer(&key).send().await.invalid(&[name]);
                }
            }
            app.get(&format!("/api/v1/admin/invites?q={text}")).bearer(&key).send().await.expect(200);
            for path in [
                format!("/inv/{text}"), format!("/inv?key={text}"), format!("/signup?inv={text}"), format!("/login?next={text}"),
                format!("/setup?token={text}"), format!("/{text}"),
            ] {
                let answer = app.get(&path).send().await;
                assert!(answer.status.as_u16() < 500, "{path:.80}: {}", answer.status);
            }
            // Dashboard pages render slowly in a debug build, so only every third text is used.
            if number % 3 != 0 {
                continue;
            }
            for path in [
                format!("/admin/invites?q={text}"), format!("/admin/invites?cursor={text}"), format!("/admin/invites?status={text}"),
                format!("/admin/invites/{text}"), format!("/admin/members?q={text}&cursor={text}"),
                format!("/admin/redemptions?cursor={text}"), format!("/admin/redemptions?invite={text}"),
                format!("/admin/redemptions.csv?invite={text}"),
            ] {
                let answer = app.get(&path).cookie(&cookie).send().await;
                assert!(answer.status.as_u16() < 500, "{path:.80}: {}", answer.status);
            }
        }
    }
}

/// Over the network: if the server responded and closed while the client was still sending, the client would see a
/// broken pipe.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_far_too_large_is_answered_with_413() {
    let database = Database::fresh(Kind::Sqlite).await;
    let server = Server::start(&database).await;
    let caller = server.caller();
    for bytes in [64 * 1024 + 1, 1024 * 1024, 3 * 1024 * 1024] {
        for _ in 0..5 {
            let json = [("content-type", "application/json")];
            let answer = caller.send_text(Method::POST, "/api/v1/signup", &json, "x".repeat(bytes)).await;
            answer.problem(413, "payload_too_large");
        }
    }
    server.stop();
}
