//! `/metrics`: access, counters, the text format, and no secrets or unbounded labels.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use serde_json::json;
use server::config::MetricsToken;

use crate::harness::app::Setup;
use crate::harness::people::sign_up;
use crate::harness::{Kind, TestApp};

const TOKEN: &str = "qV7-metrics-token-of-this-test";

async fn with_token() -> TestApp {
    let token = MetricsToken::from(TOKEN.to_owned()).check().unwrap();
    TestApp::start_as(Kind::Sqlite, Setup { metrics_token: Some(token), ..Setup::default() }).await
}

fn peer(address: &str) -> ConnectInfo<SocketAddr> {
    ConnectInfo(address.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_this_machine_has_access() {
    let app = TestApp::sqlite().await;
    let answer = app.get("/metrics").send().await.expect(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for (from, host) in [("[::1]:9", "[::1]:3000"), ("[::ffff:127.0.0.1]:9", "localhost"), ("127.9.9.9:9", "127.0.0.1")]
    {
        app.get("/metrics").from(peer(from)).header("host", host).send().await.expect(200);
    }
    for from in ["203.0.113.9:9", "10.0.0.1:9", "[2001:db8::1]:9"] {
        app.get("/metrics").from(peer(from)).send().await.expect(404);
    }
    for header in ["x-forwarded-for", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"] {
        for value in ["127.0.0.1", ""] {
            app.get("/metrics").header(header, value).send().await.expect(404);
        }
    }
    // DNS rebinding, and a proxy that adds no header.
    for host in ["evil.example", "join.example.org", "127.0.0.1.evil.example:3000"] {
        app.get("/metrics").header("host", host).send().await.expect(404);
    }
    app.get("/metrics").without("host").send().await.expect(404);
    // No token is valid.
    app.get("/metrics").from(peer("203.0.113.9:9")).bearer("").send().await.expect(404);
    app.post("/metrics").send().await.expect(405);
    app.close().await;

    let trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    let proxied = TestApp::start_as(Kind::Sqlite, Setup { trusted_proxies, ..Setup::default() }).await;
    proxied.get("/metrics").send().await.expect(404);
    proxied.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_any_client_that_sends_it_has_access() {
    let app = with_token().await;
    app.get("/metrics").bearer(TOKEN).send().await.expect(200);
    // From any address, with any host, through any proxy.
    let remote = app.get("/metrics").from(peer("203.0.113.9:9")).header("host", "latchkey-2:3000");
    remote.header("x-forwarded-for", "198.51.100.1").bearer(TOKEN).send().await.expect(200);
    app.get("/metrics").header("authorization", &format!("bearer {TOKEN}")).send().await.expect(200);

    let answer = app.get("/metrics").send().await.expect(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"latchkey metrics\""));
    let (shorter, longer, other) = (&TOKEN[1..], format!("{TOKEN}x"), TOKEN.to_uppercase());
    for wrong in ["", shorter, &longer, &other] {
        app.get("/metrics").bearer(wrong).send().await.expect(401);
    }
    app.get("/metrics").header("authorization", &format!("Basic {TOKEN}")).send().await.expect(401);
    app.get(&format!("/metrics?token={TOKEN}")).send().await.expect(401);
    app.close().await;
}

/// One sample: name, labels, value.
type Sample = (String, BTreeMap<String, String>, f64);

/// Parses the text format, version 0.0.4, as strictly as `promtool check metrics`; panics on an error.
fn parse(text: &str) -> Vec<Sample> {
    let is_name = |name: &str| {
        name.bytes().enumerate().all(|(at, b)| b == b'_' || b.is_ascii_lowercase() || (at > 0 && b.is_ascii_digit()))
    };
    assert!(text.ends_with('\n'));
    let (mut kinds, mut seen, mut samples) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    let mut helped = BTreeSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').expect(line);
            assert!(helped.insert(name) && !text.is_empty(), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert!(helped.contains(name) && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(name.starts_with("latchkey_") && is_name(name), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(kinds.insert(name, kind).is_none(), "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect(line);
            assert!(seen.insert(series), "duplicate: {series}");
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
            let histogram = base.is_some_and(|base| kinds.get(base) == Some(&"histogram"));
            assert!(histogram || kinds.contains_key(name), "no type: {line}");
            let labels = labels.strip_suffix('}').expect(line);
            // No label value contains a quotation mark or a backslash, which would have to be escaped.
            assert!(!labels.contains('\\'), "{line}");
            let labels = labels.split_terminator("\",").filter(|label| !label.is_empty()).map(|label| {
                let (name, value) = label.trim_end_matches('"').split_once("=\"").expect(line);
                assert!(is_name(name) && !value.contains('"'), "{line}");
                (name.to_owned(), value.to_owned())
            });
            samples.push((name.to_owned(), labels.collect(), value.parse().expect(line)));
        }
    }
    samples
}

/// The sum of the samples with this name and at least these labels.
fn value(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> f64 {
    let found = samples.iter().filter(|(of, has, _)| {
        of == name && labels.iter().all(|(label, value)| has.get(*label).is_some_and(|has| has == value))
    });
    found.map(|(.., value)| value).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_sign_ups_are_counted_without_personal_data() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let code = app.invite(&key, &json!({ "code": "open-evening-2026" })).await["code"].clone();
    let (before, text) = metrics(&app).await;
    assert!(!text.contains("open-evening"), "{text}");

    app.sign_up(&sign_up(&code, "tomasz")).await.expect(201);
    app.sign_up(&sign_up(&code, "tomasz")).await.problem(409, "email_taken");
    app.sign_up(&sign_up(&json!("NoSuchCode2345"), "nobody")).await.problem(404, "invite_invalid");
    for path in ["/inv/open-evening-2026", "/no/such/NoSuchPath2345", "/api/v1/NoSuchPath2345", "/api/NoSuchPath2345"] {
        app.get(path).send().await;
    }
    app.get("/admin/NoSuchPath2345").send().await;
    app.call("BREW2345", "/login").send().await.expect(405);

    let (after, text) = metrics(&app).await;
    let assert_increase = |name: &str, labels: &[(&str, &str)], expected: f64| {
        let increase = value(&after, name, labels) - value(&before, name, labels);
        assert!((increase - expected).abs() < f64::EPSILON, "{name} {labels:?} increased by {increase}");
    };
    assert_increase("latchkey_sign_ups_completed_total", &[], 1.0);
    assert_increase("latchkey_sign_ups_refused_total", &[("code", "email_taken")], 1.0);
    assert_increase("latchkey_sign_ups_refused_total", &[("code", "invite_invalid")], 1.0);
    assert_increase("latchkey_sign_ups_refused_total", &[], 2.0);
    let sign_ups = [("method", "POST"), ("route", "/api/v1/signup")];
    assert_increase("latchkey_http_requests_total", &[&sign_ups[..], &[("status", "2xx")]].concat(), 1.0);
    assert_increase("latchkey_http_requests_total", &[&sign_ups[..], &[("status", "4xx")]].concat(), 2.0);
    assert_increase("latchkey_http_request_duration_seconds_count", &sign_ups, 3.0);
    assert_increase("latchkey_http_requests_total", &[("route", "/inv/{key}"), ("status", "3xx")], 1.0);
    assert_increase("latchkey_http_requests_total", &[("method", "other"), ("status", "4xx")], 1.0);
    assert_increase("latchkey_password_hashes_total", &[("lane", "sign_up")], 1.0);
    assert!(value(&after, "latchkey_password_hashing_seconds_total", &[("lane", "sign_up")]) > 0.0);
    assert!(value(&after, "latchkey_password_permits", &[("lane", "sign_in")]) >= 1.0);
    assert!(value(&after, "latchkey_password_waiting", &[]) < 1.0, "no request waits");
    assert!(value(&after, "latchkey_database_connections", &[("pool", "write")]) >= 1.0);
    assert!(value(&after, "latchkey_database_connections_max", &[("pool", "read")]) >= 4.0);
    assert_increase("latchkey_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 0.0);
    assert!(value(&after, "latchkey_build_info", &[]) > 0.0);

    for forbidden in ["open-evening", "2345", "tomasz", "ines", "example.org", "127.0.0.1", key.as_str()] {
        assert!(!text.contains(forbidden), "{forbidden} is in the metrics: {text}");
    }
    app.close().await;
}

async fn metrics(app: &TestApp) -> (Vec<Sample>, String) {
    let text = app.get("/metrics").send().await.expect(200).text();
    (parse(&text), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_histogram_is_consistent() {
    let app = TestApp::sqlite().await;
    for _ in 0..3 {
        app.get("/login").send().await.expect(200);
    }
    let (samples, _) = metrics(&app).await;
    let of = [("method", "GET"), ("route", "/login")];
    let buckets: Vec<_> = samples
        .iter()
        .filter(|(name, labels, _)| {
            name == "latchkey_http_request_duration_seconds_bucket" && labels["route"] == "/login"
        })
        .map(|(_, labels, count)| (labels["le"].as_str(), *count))
        .collect();
    assert!(buckets.is_sorted_by(|(_, less), (_, more)| less <= more), "{buckets:?}");
    assert_eq!(buckets.last(), Some(&("+Inf", 3.0)));
    let count = value(&samples, "latchkey_http_request_duration_seconds_count", &of);
    assert!((count - 3.0).abs() < f64::EPSILON);
    assert!(value(&samples, "latchkey_http_request_duration_seconds_sum", &of) > 0.0);
    app.close().await;
}
