//! SIGKILL at random moments: every confirmed sign-up is saved, and no other one used the invite.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::load::{Outcome, attempt, start_load};
use crate::harness::database::WRONG_COUNTERS;
use crate::harness::process::{Server, owner_key};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Database, Kind};

/// Number of times the server is killed.
const KILLS: u64 = 20;
/// Maximum uses of the invite of each round; some rounds reach it before the server is killed.
const MAX_USES: i64 = 12;
/// Maximum time from the start of the load to the kill.
const MAX_DELAY: Duration = Duration::from_millis(1_500);

async fn crash(kind: Kind) {
    let mut delays = RandomDelays::new(&format!("sign-ups, {kind:?}"));
    let seed = delays.seed;
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let mut server = Server::start(&database).await;
    let (mut confirmed, mut unanswered) = (0, 0);
    for round in 0..KILLS {
        let invite = server.caller().invite(&key, &json!({ "max_uses": MAX_USES })).await;
        let load = start_load(&server, &invite["code"], &format!("r{round}"));
        let delay = delays.next(MAX_DELAY);
        tokio::time::sleep(delay).await;
        server.kill();
        let log = load.finish().await;
        let context = format!("round {round}, killed after {delay:?}, seed {seed}, {kind:?}");
        check_consistency(&database, &context).await;
        check_confirmed(&database, &log, &context).await;

        // The server starts again without intervention. Attempts without a response are repeated.
        server = Server::start(&database).await;
        let caller = server.caller();
        for (name, outcome) in &log {
            match outcome {
                Some((201, account)) => {
                    let again = attempt(&caller, &invite["code"], name).await;
                    assert_eq!(again, Some((201, account.clone())), "{name}: {context}");
                    confirmed += 1;
                }
                Some((status, problem)) => assert_eq!(*status, 404, "{name}: {problem}: {context}"),
                None => {
                    let again = attempt(&caller, &invite["code"], name).await;
                    assert!(matches!(again, Some((201 | 404, _))), "{name}: {again:?}: {context}");
                    unanswered += 1;
                }
            }
        }
        check_consistency(&database, &context).await;
        let used = caller.read_invite(&key, &invite["id"]).await["used"].as_i64().unwrap();
        assert!(used <= MAX_USES, "{context}");
    }
    server.stop();
    eprintln!("{confirmed} were answered with 201, {unanswered} had no response ({kind:?})");
    assert!(confirmed > 0, "every kill came before the first sign-up: seed {seed}");
}

/// Checks the invariants of the database, which hold at every moment.
pub async fn check_consistency(database: &Database, context: &str) {
    for (what, sql) in [
        (
            "accounts without a redemption",
            "SELECT count(*) FROM accounts WHERE role <> 'owner' AND id NOT IN (SELECT account_id FROM redemptions)",
        ),
        (
            "redemptions without an account",
            "SELECT count(*) FROM redemptions WHERE account_id NOT IN (SELECT id FROM accounts)",
        ),
        ("invites over their limit", "SELECT count(*) FROM invites WHERE used > max_uses"),
        (
            "invites whose count differs from their redemptions",
            "SELECT count(*) FROM invites i
             WHERE used <> (SELECT count(*) FROM redemptions r WHERE r.invite_id = i.id AND r.released_at IS NULL)",
        ),
        ("days whose counters differ from their rows", WRONG_COUNTERS),
        (
            "attempts without their account",
            "SELECT count(*) FROM attempts WHERE account_id NOT IN (SELECT id FROM accounts)",
        ),
    ] {
        assert_eq!(database.number(sql).await, 0, "{what}: {context}");
    }
}

/// Checks that every sign-up that was answered with 201 is saved.
pub async fn check_confirmed(database: &Database, log: &BTreeMap<String, Outcome>, context: &str) {
    let names = database.texts("SELECT username FROM accounts").await;
    for (name, outcome) in log {
        if let Some((201, _)) = outcome {
            assert!(names.contains(name), "{name} was answered with 201 and is lost: {context}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_loses_no_sign_up() {
    crash(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_loses_no_sign_up() {
    crash(Kind::Postgres).await;
}
