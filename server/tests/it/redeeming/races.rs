//! More people than places, all at once, through several processes.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::database::WRONG_COUNTERS;
use crate::harness::people::sign_up;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

const PEOPLE: usize = 300;
const PLACES: i64 = 10;

async fn race(kind: Kind, processes: usize) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let servers = Server::start_many(&database, processes).await;
    let callers: Vec<_> = servers.iter().map(Server::caller).collect();
    let invite = callers[0].invite(&key, &json!({ "max_uses": PLACES })).await;

    let mut attempts = JoinSet::new();
    for number in 0..PEOPLE {
        let caller = callers[number % processes].clone();
        let body = sign_up(&invite["code"], &format!("person{number}"));
        attempts.spawn(async move { caller.sign_up(&body).await });
    }
    let mut answers = BTreeMap::<String, i64>::new();
    while let Some(answer) = attempts.join_next().await {
        let answer = answer.unwrap();
        let said = match answer.status.as_u16() {
            201 => "201".to_owned(),
            status => format!("{status} {}", answer.json()["code"].as_str().unwrap_or_default()),
        };
        *answers.entry(said).or_default() += 1;
    }
    let people = i64::try_from(PEOPLE).unwrap();
    let expected = BTreeMap::from([("201".to_owned(), PLACES), ("404 invite_invalid".to_owned(), people - PLACES)]);
    assert_eq!(answers, expected);

    // The owner is an account too.
    assert_eq!(database.rows("accounts").await, PLACES + 1);
    assert_eq!(database.rows("redemptions").await, PLACES);
    assert_eq!(database.used().await, PLACES);
    assert_eq!(database.number(WRONG_COUNTERS).await, 0);
    for caller in &callers {
        let read = caller.read_invite(&key, &invite["id"]).await;
        assert_eq!((&read["used"], &read["status"]), (&json!(PLACES), &json!("used_up")));
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
