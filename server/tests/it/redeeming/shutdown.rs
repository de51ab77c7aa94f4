//! SIGTERM under load: running requests are completed and answered, so that no account is created without a response.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::load::start_load;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

async fn stop_under_load(kind: Kind) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let invite = server.caller().invite(&key, &json!({})).await;
    let mut load = start_load(&server, &invite["code"], "p");
    load.wait_for_successes(10).await;
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    let log = load.finish().await;
    let confirmed: BTreeSet<_> =
        log.iter().filter(|(_, outcome)| matches!(outcome, Some((201, _)))).map(|(name, _)| name.clone()).collect();
    let saved: BTreeSet<_> =
        database.texts("SELECT username FROM accounts WHERE role = 'user'").await.into_iter().collect();
    assert_eq!(confirmed, saved);
    for (name, outcome) in &log {
        assert!(!matches!(outcome, Some((500.., _))), "{name}: {outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    stop_under_load(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    stop_under_load(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_request_delays_the_stop_by_ten_seconds_at_most() {
    let database = Database::fresh(Kind::Sqlite).await;
    let server = Server::start(&database).await;
    let caller = server.caller();
    let mut stuck = TcpStream::connect(caller.address()).unwrap();
    stuck.write_all(b"POST /api/v1/signup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n").unwrap();
    caller.send(reqwest::Method::GET, "/healthz", &[], None).await.expect(200);
    let began = Instant::now();
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    // Twice the bound, because the machine may be busy. Without a bound the server would never stop.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
