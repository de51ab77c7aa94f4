//! More sign-ups than the queue for password hashing accepts.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::people::sign_up;
use crate::harness::{Answer, TestApp};

/// More than the queue accepts: 2,048, plus those that are completed meanwhile.
const SIGN_UPS: usize = 3_500;
/// Maximum time to stop with a full queue. Hashing all queued passwords would take several times as long.
const STOP: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_answered_with_503_and_does_not_delay_the_stop() {
    let app = std::sync::Arc::new(TestApp::sqlite().await);
    let key = app.owner_key().await;
    let invite = app.invite(&key, &json!({})).await;
    let mut requests = JoinSet::new();
    for number in 0..SIGN_UPS {
        let (app, body) = (app.clone(), sign_up(&invite["code"], &format!("p{number}")));
        requests.spawn(async move { app.sign_up(&body).await });
    }
    let mut confirmed = 0;
    let mut is_refused = |answer: Answer| {
        if answer.status.as_u16() == 201 {
            confirmed += 1;
            return false;
        }
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
        true
    };
    loop {
        let answer = requests.join_next().await.expect("the queue has an end").unwrap();
        if is_refused(answer) {
            break;
        }
    }
    let start = Instant::now();
    app.ctx.close().await;
    let took = start.elapsed();
    while let Some(answer) = requests.join_next().await {
        is_refused(answer.unwrap());
    }
    assert!(took < STOP, "it took {took:?} to stop");
    assert_eq!(app.database.rows("accounts").await, confirmed + 1, "exactly the sign-ups answered with 201 are saved");
}
