//! What must not be told is not told by the time either.
//!
//! What would tell is work that one case does and another does not. A password that is hashed or not is a factor of
//! twenty and more; one query more, as for the author of a dead random code, is a third of a millisecond, and tells
//! nothing that the sign-up page does not say to who holds such a code. The bound is a factor of three between medians, and
//! two milliseconds for what takes less than that: far below a missing hash, far above what a busy machine does to the
//! median of interleaved runs.

use std::time::{Duration, Instant};

use domain::accounts::Role;
use serde_json::json;

use crate::harness::people::sign_up;
use crate::harness::{Answer, PASSWORD, TestApp};

const FACTOR: u32 = 3;
const SLACK: Duration = Duration::from_millis(2);

/// Runs every case in turns and asserts that their medians are alike.
async fn assert_alike(runs: usize, cases: &[&str], ask: impl AsyncFn(&str) -> Answer) {
    let mut times = vec![Vec::with_capacity(runs); cases.len()];
    // The first round fills caches and is not counted.
    for round in 0..=runs {
        for (case, times) in cases.iter().zip(&mut times) {
            let began = Instant::now();
            ask(case).await;
            let took = began.elapsed();
            if round > 0 {
                times.push(took);
            }
        }
    }
    let medians: Vec<Duration> = times
        .iter_mut()
        .map(|times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect();
    let (least, most) = (*medians.iter().min().unwrap(), *medians.iter().max().unwrap());
    eprintln!("{cases:?}: {medians:?}");
    assert!(most <= least * FACTOR + SLACK, "{cases:?} take {medians:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_code_takes_as_long_as_one_that_never_was() {
    let app = TestApp::sqlite().await;
    let key = app.owner_key().await;
    let (expired, paused) = (app.invite(&key, &json!({})).await, app.invite(&key, &json!({})).await);
    let id = |invite: &serde_json::Value| invite["id"].as_str().unwrap().replace('-', "");
    let end = |column: &str, invite| {
        format!("UPDATE invites SET {column} = created_at + 1 WHERE lower(hex(id)) = '{}'", id(invite))
    };
    app.database.execute(&end("expires_at", &expired)).await;
    app.database.execute(&end("paused_at", &paused)).await;
    let own = app.invite(&key, &json!({ "code": "summer-2099" })).await;
    app.database.execute(&end("paused_at", &own)).await;
    let codes = ["0000000000AB", expired["code"].as_str().unwrap(), paused["code"].as_str().unwrap(), "summer-2099"];
    assert_alike(60, &codes, async |code| {
        let answer = app.get(&format!("/api/v1/invites/{code}")).send().await;
        answer.problem(404, "invite_invalid");
        answer
    })
    .await;
    assert_alike(60, &codes, async |code| {
        let answer = app.sign_up(&sign_up(&json!(code), "mateo")).await;
        answer.problem(404, "invite_invalid");
        answer
    })
    .await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    let app = TestApp::sqlite().await;
    app.person("ines", Role::Owner).await;
    assert_alike(20, &["ines", "ines@example.org", "nobody", "nobody@example.org"], async |login| {
        let form = [("login", login), ("password", "eleven dry umbrellas in Braga")];
        app.post("/login").form(&form).send().await.expect(401)
    })
    .await;
    // The bound can be missed: with no password to hash it is over in no time.
    let began = Instant::now();
    app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await;
    assert!(began.elapsed() > SLACK, "hashing takes longer than what the bound forgives");
    app.close().await;
}
