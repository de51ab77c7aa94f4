//! More concurrent sign-ups than the invite allows, through several processes.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::database::WRONG_COUNTERS;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

const SIGN_UPS: usize = 300;
const MAX_USES: i64 = 10;

async fn race(kind: Kind, processes: usize) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let servers = Server::start_many(&database, processes).await;
    let callers: Vec<_> = servers.iter().map(Server::caller).collect();
    let invite = callers[0].invite(&key, &json!({ "max_uses": MAX_USES })).await;

    let mut attempts = JoinSet::new();
    for number in 0..SIGN_UPS {
        let caller = callers[number % processes].clone();
        let body = sign_up(&invite["code"], &format!("person{number}"));
        attempts.spawn(async move { caller.sign_up(&body).await });
    }
    let mut answers = BTreeMap::<String, i64>::new();
    while let Some(answer) = attempts.join_next().await {
        let answer = answer.unwrap();
        let outcome = match answer.status.as_u16() {
            201 => "201".to_owned(),
            status => format!("{status} {}", answer.json()["code"].as_str().unwrap_or_default()),
        };
        *answers.entry(outcome).or_default() += 1;
    }
    let sign_ups = i64::try_from(SIGN_UPS).unwrap();
    let expected =
        BTreeMap::from([("201".to_owned(), MAX_USES), ("404 invite_invalid".to_owned(), sign_ups - MAX_USES)]);
    assert_eq!(answers, expected);

    // Plus the owner's account.
    assert_eq!(database.rows("accounts").await, MAX_USES + 1);
    assert_eq!(database.rows("redemptions").await, MAX_USES);
    assert_eq!(database.used().await, MAX_USES);
    assert_eq!(database.number(WRONG_COUNTERS).await, 0);
    for caller in &callers {
        let read = caller.read_invite(&key, &invite["id"]).await;
        assert_eq!((&read["used"], &read["status"]), (&json!(MAX_USES), &json!("used_up")));
    }
    servers.into_iter().for_each(Server::stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    race(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    race(Kind::Postgres, 3).await;
}
