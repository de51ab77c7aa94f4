//! SIGTERM in the middle of a load: what was begun is finished and answered, so that nobody is in without knowing.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::load::begin;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

async fn stop_under_load(kind: Kind) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let invite = server.caller().invite(&key, &json!({})).await;
    let mut load = begin(&server, &invite["code"], "p");
    load.until_told(10).await;
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    let log = load.finish().await;
    let told: BTreeSet<_> =
        log.iter().filter(|(_, told)| matches!(told, Some((201, _)))).map(|(name, _)| name.clone()).collect();
    let there: BTreeSet<_> =
        database.texts("SELECT username FROM accounts WHERE role = 'user'").await.into_iter().collect();
    assert_eq!(told, there);
    for (name, told) in &log {
        assert!(!matches!(told, Some((500.., _))), "{name}: {told:?}");
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
async fn a_request_that_never_ends_holds_it_up_for_ten_seconds_at_most() {
    let database = Database::fresh(Kind::Sqlite).await;
    let server = Server::start(&database).await;
    let caller = server.caller();
    let mut stuck = TcpStream::connect(caller.address()).unwrap();
    stuck.write_all(b"POST /api/v1/signup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n").unwrap();
    caller.send(reqwest::Method::GET, "/healthz", &[], None).await.expect(200);
    let began = Instant::now();
    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    // The bound, and as much again for a machine that is busy. Without a bound it would never stop.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
