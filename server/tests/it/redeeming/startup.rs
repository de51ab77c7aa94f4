//! Several servers start concurrently on an empty database: it is migrated once, and they use the same data key.

use reqwest::Method;
use serde_json::json;

use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

async fn start(kind: Kind) {
    let database = Database::empty(kind).await;
    let servers = Server::start_many(&database, 3).await;
    let callers: Vec<_> = servers.iter().map(Server::caller).collect();
    for caller in &callers {
        caller.send(Method::GET, "/readyz", &[], None).await.expect(200);
    }
    let versions = database.texts("SELECT version FROM seaql_migrations ORDER BY version").await;
    let mut once = versions.clone();
    once.dedup();
    assert_eq!(versions, once);
    assert!(versions.len() >= 11, "{versions:?}");
    assert_eq!(database.rows("data_keys").await, 1);
    assert_eq!(database.rows("settings").await, 1);

    // Each server can decrypt the codes of the others, and accepts the API key created on the command line.
    let key = owner_key(&database);
    let invite = callers[0].invite(&key, &json!({ "max_uses": 3 })).await;
    for (number, caller) in callers.iter().enumerate() {
        assert_eq!(caller.read_invite(&key, &invite["id"]).await["code"], invite["code"]);
        caller.sign_up(&sign_up(&invite["code"], &format!("person{number}"))).await.expect(201);
    }
    servers.into_iter().for_each(Server::stop);

    // A second start changes nothing.
    let servers = Server::start_many(&database, 3).await;
    assert_eq!(database.texts("SELECT version FROM seaql_migrations ORDER BY version").await, versions);
    assert_eq!(servers[2].caller().read_invite(&key, &invite["id"]).await["used"], 3);
    servers.into_iter().for_each(Server::stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    start(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    start(Kind::Postgres).await;
}
