//! Claims of a request that are not trusted: forwarded IP addresses, referers, error messages in the URL.

use domain::accounts::Role;
use serde_json::json;

use crate::harness::app::Setup;
use crate::harness::{Kind, PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn forged_forwarding_headers_do_not_avoid_the_rate_limit() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    app.owner_key().await;
    let guess = async |number: usize| {
        let call = app.get(&format!("/api/v1/invites/guess{number}"));
        let call = call.header("x-forwarded-for", &format!("198.51.100.{number}, 203.0.113.{number}"));
        let forwarded = format!("for=192.0.2.{number}");
        call.header("forwarded", &forwarded).header("x-real-ip", "192.0.2.1").send().await
    };
    let mut limited = false;
    for number in 0..250 {
        limited = guess(number).await.status.as_u16() == 429;
        if limited {
            break;
        }
    }
    assert!(limited, "250 guesses with forged addresses were not limited");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_message_in_the_url_is_not_shown() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    let forged = r#"{"code":"internal","message":"Call-0800-evil"}"#;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("__path", "/_fn/invites/create")
        .append_pair("__err", forged)
        .finish();
    for page in ["/login", "/signup", "/setup", "/admin/invites", "/admin", "/me"] {
        let signed_in = page.starts_with("/admin") || page == "/me";
        let call = app.get(&format!("{page}?{query}"));
        let answer = if signed_in { call.cookie(&cookie) } else { call }.send().await;
        assert!(answer.status.as_u16() < 400, "{page}: {answer:?}");
        assert!(!answer.text().contains("Call-0800-evil"), "{page} shows the message of the URL");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_function_never_redirects_to_its_referer() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    for body in [r#"{"draft":{"max_uses":0}}"#, r#"{"draft":{}}"#, "{"] {
        let call = app.post("/_fn/invites/create").cookie(&cookie).body("application/json", body);
        let answer = call.header("accept", "text/html").header("referer", "https://evil.example/x").send().await;
        assert!(!answer.status.is_redirection(), "{answer:?}");
        assert_eq!(answer.header("location"), None);
        assert!(!answer.text().contains("evil.example"));
    }
    for path in ["/login", "/logout", "/signup", "/setup"] {
        let call = app.post(path).form(&[("login", "ines"), ("password", PASSWORD)]);
        let answer = call.header("referer", "https://evil.example/x").send().await;
        assert!(!answer.header("location").unwrap_or_default().contains("evil"), "{path}: {answer:?}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_parameter_redirects_to_another_site() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    for target in ["https://evil.example", "//evil.example", "/\\evil.example", "/%2F/evil.example"] {
        let names = ["next", "redirect", "return_to", "url", "key", "inv", ""];
        for name in names {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, target).finish();
            for path in ["/", "/login", "/logout", "/signup", "/setup", "/inv", "/admin", "/me"] {
                for call in [app.get(&format!("{path}?{query}")), app.get(&format!("{path}?{query}")).cookie(&cookie)] {
                    let answer = call.send().await;
                    let Some(location) = answer.header("location") else { continue };
                    let there = url::Url::parse(app.origin()).unwrap().join(location).unwrap();
                    let origin = there.origin().ascii_serialization();
                    assert_eq!(origin, app.origin(), "{path}?{query} redirects to {location}");
                }
            }
        }
    }
    // Nor does a path that a browser would read as a host.
    for path in ["//evil.example", "//evil.example/%2e%2e", "/inv//evil.example", "/admin//evil.example/"] {
        let answer = app.get(path).send().await;
        if let Some(location) = answer.header("location") {
            assert!(!location.starts_with("//") && !location.contains("://"), "{path} redirects to {location}");
        }
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_cannot_sign_in_or_sign_up() {
    // Signing a victim in to the attacker's account is also an attack, and needs no cookie.
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let sign_up = [
        ("code", invite["code"].as_str().unwrap()),
        ("email", "mateo@example.org"),
        ("username", "mateo"),
        ("password", PASSWORD),
    ];
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1:3001",
        "https://127.0.0.1:3000",
        "http://127.0.0.1:3000.evil.example",
        "http://127.0.0.1:3000/",
        "",
        "nonsense",
    ] {
        for (path, form) in [("/login", &[("login", "ines"), ("password", PASSWORD)][..]), ("/signup", &sign_up)] {
            let call = app.post(path).form(form).without("sec-fetch-site").header("origin", origin);
            let answer = call.send().await.expect(403);
            assert_eq!(answer.set_cookie("latchkey"), None, "{path} {origin}");
        }
    }
    assert_eq!((app.database.rows("accounts").await, app.database.rows("sessions").await), (1, 0));
    app.close().await;
}
