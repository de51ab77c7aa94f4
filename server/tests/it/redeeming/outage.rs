//! PostgreSQL is away: at the start, in the middle, or for one connection alone. Nobody is lost, nobody is in twice, and
//! it goes on by itself.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use super::crash::{check_consistency, check_promises};
use super::load::{Told, attempt, begin};
use crate::harness::cluster::Cluster;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Answer, Database, Kind, until};

/// Ends every connection to this database but the one that asks, and says how many.
const TERMINATE: &str = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()) AS ended";
/// How many wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'latchkey' AND wait_event_type = 'Lock'";

fn come_back_later(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    let seconds = answer.header("retry-after").unwrap_or_else(|| panic!("no Retry-After: {answer:?}"));
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds >= 1), "{seconds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_waited_for_and_come_back_to() {
    let cluster = Cluster::start();
    let database = Database::fresh_in(&cluster).await;
    let key = owner_key(&database);
    let bearer = format!("Bearer {key}");

    // At the start: the server says that it waits, and serves once the database is there.
    cluster.down();
    let mut server = Server::launch(&database);
    until("the server says that it waits", async || server.log().contains("waiting up to")).await;
    // One that is asked to stop does not wait any longer.
    let impatient = Server::launch(&database);
    until("another one waits", async || impatient.log().contains("waiting up to")).await;
    let asked = Instant::now();
    tokio::task::spawn_blocking(|| impatient.stop()).await.unwrap();
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

    // In the middle: everyone is told to come back, programs in their form and people in theirs.
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
        come_back_later(answer);
        answer.problem(503, "unavailable");
    }
    for answer in [&signup, &login] {
        come_back_later(answer);
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{answer:?}");
    }

    // And back: the same process goes on by itself.
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
async fn a_wrong_password_for_the_database_is_said_at_once() {
    let mut database = Database::fresh(Kind::Postgres).await;
    let (user, place) = database.url.rsplit_once('@').unwrap();
    let (scheme, _) = user.rsplit_once(':').unwrap();
    database.url = format!("{scheme}:nobody-knows-this@{place}");
    let said = crate::harness::process::fail(&database, &["serve", "--addr", "127.0.0.1:0"], "");
    assert!(said.contains("--database-url"), "{said}");
    assert!(!said.contains("nobody-knows-this") && !said.contains("waiting"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_killed_in_mid_transaction_costs_no_place() {
    let database = Database::fresh(Kind::Postgres).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let invite = caller.invite(&key, &json!({ "max_uses": 2 })).await;
    let before = database.rows("audit_log").await;

    // Whoever takes a place waits here, with the attempt claimed already.
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
    let told = attempted.await.unwrap().expect("an answer");
    assert_eq!((told.0, &told.1["code"]), (503, &json!("unavailable")), "{told:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();

    assert_eq!((database.used().await, database.rows("accounts").await), (0, 1));
    assert_eq!((database.rows("attempts").await, database.rows("audit_log").await), (0, before));
    let again = attempt(&caller, &invite["code"], "mateo").await;
    assert!(matches!(again, Some((201, _))), "{again:?}");
    assert_eq!((database.used().await, database.rows("accounts").await), (1, 2));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_killed_again_and_again_lose_nobody() {
    let database = Database::fresh(Kind::Postgres).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let caller = server.caller();
    let invite = caller.invite(&key, &json!({})).await;
    let mut load = begin(&server, &invite["code"], "p");
    let mut killed = 0;
    for _ in 0..15 {
        load.until_told(4).await;
        killed += database.number(TERMINATE).await;
    }
    load.until_told(4).await;
    assert!(killed >= 15, "{killed}");
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    let log: BTreeMap<String, Told> = load.finish().await;
    check_consistency(&database, "after the kills").await;
    check_promises(&database, &log, "after the kills").await;

    // Whoever was told to come back does so, and is in once.
    let server = Server::start(&database).await;
    let mut later = 0;
    for (name, told) in &log {
        match told {
            Some((201, _)) | None => {}
            Some((503, problem)) => {
                assert_eq!(problem["code"], "unavailable", "{name}: {problem}");
                let again = attempt(&server.caller(), &invite["code"], name).await;
                assert!(matches!(again, Some((201, _))), "{name}: {again:?}");
                later += 1;
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    eprintln!("{killed} connections were killed, {later} people were told to come back");
    check_consistency(&database, "after all came back").await;
    server.stop();
}
