//! One attempt, sent twenty times concurrently to several processes, creates one account and gets the same response
//! twenty times.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

const TIMES: usize = 20;

async fn repeat(kind: Kind, processes: usize) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let servers = Server::start_many(&database, processes).await;
    let callers: Vec<_> = servers.iter().map(Server::caller).collect();
    for (name, max_uses) in [("mateo", Value::Null), ("luz", json!(1))] {
        let invite = callers[0].invite(&key, &json!({ "max_uses": max_uses })).await;
        let before = (database.rows("accounts").await, database.rows("redemptions").await);
        let mut attempts = JoinSet::new();
        for number in 0..TIMES {
            let caller = callers[number % processes].clone();
            let body = sign_up(&invite["code"], name);
            attempts.spawn(async move {
                let headers = [("idempotency-key", body["username"].as_str().unwrap())];
                caller.send(Method::POST, "/api/v1/signup", &headers, Some(&body)).await
            });
        }
        let mut accounts = BTreeSet::new();
        while let Some(answer) = attempts.join_next().await {
            let account = answer.unwrap().expect(201).json();
            accounts.insert(account.to_string());
        }
        assert_eq!(accounts.len(), 1, "{accounts:?}");
        let after = (database.rows("accounts").await, database.rows("redemptions").await);
        assert_eq!(after, (before.0 + 1, before.1 + 1));
        assert_eq!(callers[0].read_invite(&key, &invite["id"]).await["used"], 1);
    }
    servers.into_iter().for_each(Server::stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    repeat(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    repeat(Kind::Postgres, 3).await;
}
