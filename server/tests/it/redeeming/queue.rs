//! More sign-ups than can wait for their password to be hashed.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::people::sign_up;
use crate::harness::{Answer, TestApp};

/// More than may wait: 2,048, and those that are done meanwhile.
const PEOPLE: usize = 3_500;
/// How long it may take to stop with the queue full. Hashing all of it would take a multiple on any machine.
const STOP: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_503_and_does_not_hold_the_process_up() {
    let app = std::sync::Arc::new(TestApp::sqlite().await);
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let mut people = JoinSet::new();
    for number in 0..PEOPLE {
        let (app, body) = (app.clone(), sign_up(&invite["code"], &format!("p{number}")));
        people.spawn(async move { app.sign_up(&body).await });
    }
    let mut arrived = 0;
    let mut note = |answer: Answer| {
        if answer.status.as_u16() == 201 {
            arrived += 1;
            return false;
        }
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
        true
    };
    loop {
        let answer = people.join_next().await.expect("the queue has an end").unwrap();
        if note(answer) {
            break;
        }
    }
    let began = Instant::now();
    app.ctx.close().await;
    let took = began.elapsed();
    while let Some(answer) = people.join_next().await {
        note(answer.unwrap());
    }
    assert!(took < STOP, "it took {took:?} to stop");
    assert_eq!(app.database.rows("accounts").await, arrived + 1, "who was told 201 is in, and nobody else");
}
