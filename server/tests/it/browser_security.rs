//! Protection against hostile pages, link previews and forged requests.

use domain::accounts::Role;
use serde_json::json;

use crate::harness::app::Setup;
use crate::harness::people::sign_up;
use crate::harness::{Kind, PASSWORD, TestApp};

const EVIL: &str = "https://evil.example";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_public_host_is_accepted() {
    let app = TestApp::sqlite().await;
    for host in ["evil.example", "127.0.0.1.evil.example:3000", "localhost.evil.example"] {
        app.get("/login").header("host", host).send().await.expect(421);
        app.get("/api/v1/openapi.json").header("host", host).send().await.problem(421, "misdirected");
        app.post("/login").header("host", host).form(&[]).send().await.expect(421);
        // Health probes use the address of the machine, not the host name of the site.
        app.get("/healthz").header("host", host).send().await.expect(200);
        app.get("/readyz").header("host", host).send().await.expect(200);
    }
    app.get("/login").without("host").send().await.expect(421);
    app.get("/api/v1/openapi.json").header("host", "localhost:9").send().await.expect(200);
    // `X-Forwarded-Host` is ignored.
    app.get("/api/v1/openapi.json").header("x-forwarded-host", "evil.example").send().await.expect(200);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_two_host_headers_is_refused() {
    let app = TestApp::sqlite().await;
    for second in [app.host(), "evil.example"] {
        for path in ["/login", "/healthz"] {
            app.get(path).also("host", second).send().await.expect(400);
        }
        app.get("/api/v1/openapi.json").also("host", second).send().await.problem(400, "malformed");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn server_functions_accept_json_only() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let cookie = app.cookie_of(&owner).await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""]
    {
        let answer = app.post("/_fn/me/viewer").cookie(&cookie).body(kind, "{}").send().await.expect(415);
        assert_eq!(answer.json()["code"], "unsupported_media_type", "{kind}");
    }
    app.post("/_fn/me/viewer").cookie(&cookie).send().await.expect(415);
    app.post("/_fn/me/viewer").cookie(&cookie).body("application/json; charset=utf-8", "{}").send().await.expect(200);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_from_another_site_change_nothing() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let key = app.key_of(&owner).await;
    let cookie = app.cookie_of(&owner).await;
    let invite = app.invite(&key, &json!({})).await;
    let code = invite["code"].as_str().unwrap();
    let form = [
        ("code", code),
        ("email", "mateo@example.org"),
        ("username", "mateo"),
        ("password", PASSWORD),
        ("login", "ines"),
        ("next", "/"),
        ("token", "x"),
    ];
    for (name, value) in
        [("origin", EVIL), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let forged = |path: &str| {
            app.post(path).form(&form).without("origin").without("sec-fetch-site").header("cookie", &cookie)
        };
        for path in ["/signup", "/signup/check", "/login", "/logout", "/forgot", "/setup"] {
            let answer = forged(path).header(name, value).send().await.expect(403);
            assert_eq!(answer.set_cookie("latchkey"), None, "{path}");
        }
        for content_type in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
            let body = json!({ "id": invite["id"] }).to_string();
            let call = app.post("/_fn/invites/delete").header("cookie", &cookie).body(content_type, body);
            let answer = call.header(name, value).send().await.expect(403);
            assert_eq!(answer.json()["code"], "cross_origin");
        }
    }
    let viewer = app.post("/_fn/me/viewer").cookie(&cookie).json(&json!({})).send().await;
    viewer.expect(200);
    assert_eq!(app.database.rows("accounts").await, 1);
    assert_eq!(app.database.number("SELECT count(*) FROM invites WHERE deleted_at IS NULL").await, 1);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_can_read_a_response() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    for path in ["/api/v1/admin/invites", "/api/v1/openapi.json", "/login", "/api/v1/invites/0000000000AB"] {
        let answer = app.get(path).bearer(&key).header("origin", EVIL).send().await;
        for header in ["access-control-allow-origin", "access-control-allow-credentials"] {
            assert_eq!(answer.header(header), None, "{path}");
        }
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_inaccessible_to_scripts_and_other_sites() {
    for (origin, name) in [("http://127.0.0.1:3000", "latchkey"), ("https://join.example.org", "__Host-latchkey")] {
        let app = TestApp::start_as(Kind::Sqlite, Setup { origin, ..Setup::default() }).await;
        app.person("ines", Role::Owner).await;
        let answer = app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await;
        let cookie = answer.set_cookie(name).unwrap_or_else(|| panic!("{name}: {answer:?}"));
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        let https = origin.starts_with("https");
        assert_eq!(cookie.contains("Secure"), https, "{cookie}");
        assert_eq!(answer.header("strict-transport-security").is_some(), https);
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_stays_known_by_a_cookie_of_its_own() {
    for (origin, name) in
        [("http://127.0.0.1:3000", "latchkey-known"), ("https://join.example.org", "__Host-latchkey-known")]
    {
        let app = TestApp::start_as(Kind::Sqlite, Setup { origin, ..Setup::default() }).await;
        app.person("ines", Role::Owner).await;
        app.person("mateo", Role::User).await;
        app.turn_mail_on().await;
        let sign_in = async |login: &str, cookie: &str| {
            let form = [("login", login), ("password", PASSWORD)];
            app.post("/login").form(&form).cookie(cookie).send().await
        };
        let alerts = async || app.database.rows("outbox").await;
        let refused = app.post("/login").form(&[("login", "ines"), ("password", "a wrong one")]).send().await;
        assert_eq!(refused.set_cookie(name), None);
        let first = sign_in("ines", "x=y").await;
        let cookie = first.set_cookie(name).unwrap_or_else(|| panic!("{name}: {first:?}"));
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_eq!(cookie.contains("Secure"), origin.starts_with("https"), "{cookie}");

        let known = first.cookie(name);
        let out = app.post("/logout").cookie(&known).form(&[]).send().await;
        assert_eq!(out.set_cookie(name), None, "it outlives the session");
        assert_eq!(sign_in("ines", &known).await.cookie(name), known);
        assert_eq!(alerts().await, 0);
        let planted = format!("{name}=planted");
        assert_ne!(sign_in("ines", &planted).await.cookie(name), planted, "what has another form is replaced");
        assert_eq!(alerts().await, 1);
        sign_in("mateo", "x=y").await;
        sign_in("mateo", &known).await;
        assert_eq!(alerts().await, 2, "it is new to another account");
        assert!(
            app.get("/me").cookie(&known).send().await.redirect().starts_with("/login"),
            "nobody is signed in by it"
        );
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_set_by_an_attacker_is_replaced() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let earlier = app.cookie_of(&owner).await;
    for planted in ["latchkey=planted-by-someone-else", &earlier] {
        let form = [("login", "ines"), ("password", PASSWORD)];
        let answer = app.post("/login").form(&form).header("cookie", planted).send().await;
        assert_ne!(answer.cookie("latchkey"), planted);
    }
    let planted = app.post("/_fn/me/viewer").cookie("latchkey=planted-by-someone-else").json(&json!({})).send().await;
    planted.expect(401);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_redirects_only_to_pages_of_this_site() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    for (next, target) in [
        ("/admin/invites?status=paused", "/admin/invites?status=paused"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("admin", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
    ] {
        let form = [("login", "ines"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.post("/login").form(&form).send().await.redirect(), target, "{next:?}");
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = app.get(&format!("/login?{query}")).send().await.expect(200).text();
        assert!(!page.contains("evil.example") && !page.contains("javascript:"), "{next:?}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_has_the_security_headers() {
    let app = TestApp::sqlite().await;
    let owner = app.person("ines", Role::Owner).await;
    let key = app.key_of(&owner).await;
    let cookie = app.cookie_of(&owner).await;
    let invite = app.invite(&key, &json!({})).await;
    let sign_up = format!("/signup?inv={}", invite["code"].as_str().unwrap());
    let link = service::operations::operator::make_reset_link(&app.ctx, "ines").await.unwrap();
    let reset = link.url.strip_prefix(app.origin()).unwrap();
    for path in [
        "/login",
        reset,
        "/reset/unknown-token",
        &sign_up,
        "/signup?inv=unknown-key",
        "/setup",
        "/admin/invites",
        "/me",
        "/nothing",
        "/api/v1/openapi.json",
    ] {
        let signed_in = path.starts_with("/admin") || path.starts_with("/me");
        let call = app.get(path);
        let answer = if signed_in { call.cookie(&cookie) } else { call }.send().await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{path}"));
        for needed in ["default-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(needed), "{path}: {policy}");
        }
        for never in ["'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"] {
            assert!(!policy.contains(never), "{path}: {policy}");
        }
        // The form of the sign-up page has the script of its help.
        let has_script = signed_in || path == sign_up;
        assert_eq!(policy.contains("'nonce-"), has_script, "{path}: {policy}");
        if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let page = answer.text();
            assert!(!page.contains(" style="), "{path} has an inline style, which the policy forbids");
            assert!(!page.contains(" onclick=") && !page.contains("javascript:"), "{path}");
            for script in page.split("<script").skip(1) {
                assert!(has_script, "{path} loads a script");
                assert!(script.split('>').next().unwrap().contains("nonce="), "{path}: <script{script:.80}");
            }
        }
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn input_is_never_rendered_as_markup() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({ "label": "<b>secret label</b>" })).await;
    let code = invite["code"].as_str().unwrap();
    let attack = "\"><script>alert(1)</script>";
    let form = [("code", code), ("email", attack), ("username", attack), ("name", attack), ("password", attack)];
    let page = app.post("/signup").form(&form).send().await.expect(422).text();
    let scripts: Vec<_> = page.split("<script").skip(1).collect();
    assert!(scripts.len() == 1 && scripts[0].contains("/help.js"), "{scripts:?}");
    assert!(!page.contains("<script>") && !page.contains(attack));
    let page = app.post("/login").form(&[("login", attack), ("password", "x")]).send().await.expect(401).text();
    assert!(!page.contains("<script") && !page.contains(attack));
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("inv", attack).finish();
    let page = app.get(&format!("/signup?{query}")).send().await.expect(404).text();
    assert!(!page.contains("<script") && !page.contains(attack));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_unavailable_invite_reveals_neither_label_nor_accounts() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({ "label": "secret label", "max_uses": 1 })).await;
    app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
    let page = app.get(&format!("/signup?inv={}", invite["code"].as_str().unwrap())).send().await.expect(410).text();
    assert!(!page.contains("secret label") && !page.contains("mateo"));
    app.close().await;
}
