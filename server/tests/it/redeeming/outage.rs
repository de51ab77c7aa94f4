//! PostgreSQL is unreachable: at startup, while the server runs, or for a single connection. No sign-up is lost or
//! doubled, and the server recovers by itself.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use super::crash::{check_confirmed, check_consistency};
use super::load::{Outcome, attempt, start_load};
use crate::harness::cluster::Cluster;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Answer, Database, Kind, until};

/// Terminates all other connections to this database and counts them.
const TERMINATE: &str = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()) AS ended";
/// Number of connections that wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'latchkey' AND wait_event_type = 'Lock'";

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    let seconds = answer.header("retry-after").unwrap_or_else(|| panic!("no Retry-After: {answer:?}"));
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds >= 1), "{seconds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_waits_for_the_database_and_reconnects() {
    let cluster = Cluster::start();
    let database = Database::fresh_in(&cluster).await;
    let key = owner_key(&database);
    let bearer = format!("Bearer {key}");

    // At startup: the server reports that it waits, and serves once the database is reachable.
    cluster.down();
    let mut server = Server::launch(&database);
    until("the server reports that it waits", async || server.log().contains("waiting up to")).await;
    // A server that is stopped does not wait any longer.
    let stopped = Server::launch(&database);
    until("another server waits", async || stopped.log().contains("waiting up to")).await;
    let asked = Instant::now();
    tokio::task::spawn_blocking(|| stopped.stop()).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    cluster.up();
    server.wait_until_it_serves().await;
    let caller = server.caller();
    let get = async |path: &str| caller.send(Method::GET, path, &[("authorization", &bearer)], None).await;
    let invite = caller.invite(&key, &json!({ "max_uses": 5 })).await;
    let public = format!("/api/v1/invites/{}", invite["code"].as_str().unwrap());
    let page = format!("/signup?inv={}", invite["code"].as_str().unwrap());
    let (mateo, luz) = (sign_up(&invite["code"], "mateo"), sign_up(&invite["code"], "luz"));
    let send = async |body: &Value| {
        let headers = [("idempotency-key", body["username"].as_str().unwrap())];
        caller.send(Method::POST, "/api/v1/signup", &headers, Some(body)).await
    };
    send(&mateo).await.expect(201);

    // While the server runs: every request is answered with 503, as JSON or as a page.
    cluster.down();
    let (ready, healthy, lookup, list, signing_up, signup, login) = tokio::join!(
        get("/readyz"),
        get("/healthz"),
        get(&public),
        get("/api/v1/admin/invites"),
        send(&luz),
        get(&page),
        get("/login"),
    );
    ready.expect(503);
    healthy.expect(200);
    for answer in [&lookup, &list, &signing_up] {
        assert_unavailable(answer);
        answer.problem(503, "unavailable");
    }
    for answer in [&signup, &login] {
        assert_unavailable(answer);
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{answer:?}");
    }

    // The cause is logged once, with the request id.
    let id = list.header("x-request-id").expect("an id");
    let log = server.log();
    let logged = log.lines().filter(|line| line.contains("the database is not available") && line.contains(id));
    assert_eq!(logged.count(), 1, "{log}");

    // The same process recovers.
    cluster.up();
    until("the server is ready again", async || get("/readyz").await.status.is_success()).await;
    get(&public).await.expect(200);
    get("/login").await.expect(200);
    send(&mateo).await.expect(201);
    send(&luz).await.expect(201);
    assert_eq!((database.used().await, database.rows("accounts").await), (2, 3));
    check_consistency(&database, "after the outage").await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_database_password_is_reported_immediately() {
    let mut database = Database::fresh(Kind::Postgres).await;
    let (user, host) = database.url.rsplit_once('@').unwrap();
    let (scheme, _) = user.rsplit_once(':').unwrap();
    database.url = format!("{scheme}:nobody-knows-this@{host}");
    let message = crate::harness::process::fail(&database, &["serve", "--addr", "127.0.0.1:0"], "");
    assert!(message.contains("--database-url"), "{message}");
    assert!(!message.contains("nobody-knows-this") && !message.contains("waiting"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_killed_during_a_transaction_does_not_use_the_invite() {
    let database = Database::fresh(Kind::Postgres).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let invite = caller.invite(&key, &json!({ "max_uses": 2 })).await;
    let before = database.rows("audit_log").await;

    // A sign-up waits for this lock, after it has claimed its attempt.
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT 1 FROM invites FOR UPDATE").execute(&mut other).await.unwrap();
    let attempted = tokio::spawn({
        let (caller, code) = (caller.clone(), invite["code"].clone());
        async move { attempt(&caller, &code, "mateo").await }
    });
    until("a sign-up is in its transaction", async || database.number(WAITING).await == 1).await;
    let killed = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') AS ended";
    assert_eq!(database.number(killed).await, 1);
    let outcome = attempted.await.unwrap().expect("a response");
    assert_eq!((outcome.0, &outcome.1["code"]), (503, &json!("unavailable")), "{outcome:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();

    assert_eq!((database.used().await, database.rows("accounts").await), (0, 1));
    assert_eq!((database.rows("attempts").await, database.rows("audit_log").await), (0, before));
    let again = attempt(&caller, &invite["code"], "mateo").await;
    assert!(matches!(again, Some((201, _))), "{again:?}");
    assert_eq!((database.used().await, database.rows("accounts").await), (1, 2));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn repeatedly_killed_connections_lose_no_sign_up() {
    let database = Database::fresh(Kind::Postgres).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let invite = caller.invite(&key, &json!({})).await;
    let mut load = start_load(&server, &invite["code"], "p");
    let mut killed = 0;
    for _ in 0..15 {
        load.wait_for_successes(4).await;
        killed += database.number(TERMINATE).await;
    }
    load.wait_for_successes(4).await;
    assert!(killed >= 15, "{killed}");
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    let log: BTreeMap<String, Outcome> = load.finish().await;
    check_consistency(&database, "after the kills").await;
    check_confirmed(&database, &log, "after the kills").await;

    // Sign-ups that were answered with 503 are repeated and create one account each.
    let server = Server::start(&database).await;
    let mut repeated = 0;
    for (name, outcome) in &log {
        match outcome {
            Some((201, _)) | None => {}
            Some((503, problem)) => {
                assert_eq!(problem["code"], "unavailable", "{name}: {problem}");
                let again = attempt(&server.caller(), &invite["code"], name).await;
                assert!(matches!(again, Some((201, _))), "{name}: {again:?}");
                repeated += 1;
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    eprintln!("{killed} connections were killed, {repeated} sign-ups were repeated");
    check_consistency(&database, "after the repeated sign-ups").await;
    server.stop();
}
