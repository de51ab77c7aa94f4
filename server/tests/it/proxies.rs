//! Undeclared reverse proxies: they are reported, and valid API keys work behind them.

use reqwest::Method;

use crate::doctor::doctor;
use crate::harness::app::Setup;
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::{Database, Kind, PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_key_passes_whatever_else_was_tried_from_its_address() {
    let app = TestApp::start_as(Kind::Sqlite, Setup { rate_limits: true, ..Setup::default() }).await;
    let key = app.owner_key().await;
    let invites = "/api/v1/admin/invites";
    let mut limited = 0;
    for number in 0..120 {
        let answer = app.get(invites).bearer(&format!("lk_{number:043}")).send().await;
        if answer.status.as_u16() == 429 {
            limited += 1;
            answer.problem(429, "rate_limited");
        } else {
            answer.problem(401, "unauthenticated");
        }
    }
    assert_eq!(limited, 20);
    app.get(invites).bearer(&key).send().await.expect(200);
    app.get(invites).bearer("lk_wrong").send().await.problem(429, "rate_limited");
    app.close().await;
}

async fn forwarded(server: &Server, header: &str, value: &str) {
    server.caller().send(Method::GET, "/login", &[(header, value)], None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undeclared_proxy_is_reported() {
    let database = Database::fresh(Kind::Sqlite).await;
    owner_key(&database);
    let server = Server::start(&database).await;
    server.caller().send(Method::GET, "/login", &[], None).await.expect(200);
    assert!(!doctor(&database, &[]).1.contains_key("proxies"));
    forwarded(&server, "x-forwarded-for", "198.51.100.1").await;
    forwarded(&server, "x-forwarded-for", "198.51.100.2").await;
    forwarded(&server, "forwarded", "for=198.51.100.3").await;
    let (status, found) = doctor(&database, &[]);
    let (verdict, words) = &found["proxies"];
    assert_eq!((status, verdict.as_str()), (Some(0), "note"));
    assert!(words.contains("127.0.0.1") && words.contains("X-Forwarded-For"), "{words}");
    assert!(!doctor(&database, &["--trusted-proxies", "127.0.0.1"]).1.contains_key("proxies"), "it is declared now");

    let caller = server.caller();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("login", "ines"), ("password", PASSWORD)])
        .finish();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let signed = caller.send_text(Method::POST, "/login", &[kind], form).await;
    let cookie = signed.cookie("latchkey");
    let page = caller.send(Method::GET, "/admin/settings", &[("cookie", &cookie)], None).await.expect(200).text();
    assert!(page.contains("LATCHKEY_TRUSTED_PROXIES=127.0.0.1"), "{page}");
    let log = server.log_after_stopping();
    assert_eq!(log.matches("is not a trusted proxy").count(), 1, "{log}");

    // A trusted proxy is not reported.
    let mut command = latchkey(&database);
    command.env("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1");
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    forwarded(&server, "x-forwarded-for", "198.51.100.1").await;
    let page = server.caller().send(Method::GET, "/admin/settings", &[("cookie", &cookie)], None).await.text();
    assert!(!page.contains("LATCHKEY_TRUSTED_PROXIES"), "{page}");
    assert!(!server.log_after_stopping().contains("is not a trusted proxy"));
}
