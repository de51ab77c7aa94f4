//! Response times reveal no secrets.
//!
//! A difference arises if one case does work that another does not. Hashing a password or not is a factor of at least
//! twenty. One additional query, as for the author of an unavailable random code, takes a third of a millisecond, and
//! reveals nothing that the sign-up page does not show to someone with that code. The bound is a factor of three
//! between medians plus two milliseconds: far below the time of a hash, and far above the effect of a busy machine on
//! the median of interleaved runs.

use std::time::{Duration, Instant};

use domain::accounts::Role;
use serde_json::json;

use crate::harness::people::sign_up;
use crate::harness::{Answer, PASSWORD, TestApp};

const FACTOR: u32 = 3;
const SLACK: Duration = Duration::from_millis(2);

/// Runs the cases in turns and asserts that their median times are similar.
async fn assert_similar(runs: usize, cases: &[&str], ask: impl AsyncFn(&str) -> Answer) {
    let mut times = vec![Vec::with_capacity(runs); cases.len()];
    // The first round fills caches and does not count.
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
async fn an_unavailable_code_takes_as_long_as_an_unknown_one() {
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
    assert_similar(60, &codes, async |code| {
        let answer = app.get(&format!("/api/v1/invites/{code}")).send().await;
        answer.problem(404, "invite_invalid");
        answer
    })
    .await;
    assert_similar(60, &codes, async |code| {
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
    assert_similar(20, &["ines", "ines@example.org", "nobody", "nobody@example.org"], async |login| {
        let form = [("login", login), ("password", "eleven dry umbrellas in Braga")];
        app.post("/login").form(&form).send().await.expect(401)
    })
    .await;
    // Verifies that the test can fail: a response without hashing would be faster than the bound.
    let began = Instant::now();
    app.post("/login").form(&[("login", "ines"), ("password", PASSWORD)]).send().await;
    assert!(began.elapsed() > SLACK, "hashing takes longer than the tolerance");
    app.close().await;
}
