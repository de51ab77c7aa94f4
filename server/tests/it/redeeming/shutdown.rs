//! SIGTERM in the middle of a load: what was begun is finished and answered, so that nobody is in without knowing.

use std::collections::BTreeSet;

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
