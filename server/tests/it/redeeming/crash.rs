//! SIGKILL at any moment: whoever was told they are in is in, and nobody else took a place.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::load::{Told, attempt, begin};
use crate::harness::database::WRONG_COUNTERS;
use crate::harness::moments::Moments;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind};

/// How often the server is killed.
const KILLS: u64 = 20;
/// How many may come by each round's link; some rounds reach it before they are killed.
const PLACES: i64 = 12;
/// The latest moment of a kill after the load began.
const LATEST: Duration = Duration::from_millis(1_500);

async fn crash(kind: Kind) {
    let mut moments = Moments::of(&format!("sign-ups, {kind:?}"));
    let seed = moments.seed;
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let mut server = Server::start(&database).await;
    let (mut promised, mut unanswered) = (0, 0);
    for round in 0..KILLS {
        let invite = server.caller().invite(&key, &json!({ "max_uses": PLACES })).await;
        let load = begin(&server, &invite["code"], &format!("r{round}"));
        let moment = moments.next(LATEST);
        tokio::time::sleep(moment).await;
        server.kill();
        let log = load.finish().await;
        let context = format!("round {round}, killed after {moment:?}, seed {seed}, {kind:?}");
        check_consistency(&database, &context).await;
        check_promises(&database, &log, &context).await;

        // It starts again without anyone's help, and answers whoever was left without an answer.
        server = Server::start(&database).await;
        let caller = server.caller();
        for (name, told) in &log {
            match told {
                Some((201, account)) => {
                    let again = attempt(&caller, &invite["code"], name).await;
                    assert_eq!(again, Some((201, account.clone())), "{name}: {context}");
                    promised += 1;
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
        assert!(used <= PLACES, "{context}");
    }
    server.stop();
    eprintln!("{promised} were told 201, {unanswered} were told nothing ({kind:?})");
    assert!(promised > 0, "the kills fell before the load, and nothing was tried: seed {seed}");
}

/// What holds at every moment, whoever was told what.
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
            "invites whose count is not the ledger's",
            "SELECT count(*) FROM invites i
             WHERE used <> (SELECT count(*) FROM redemptions r WHERE r.invite_id = i.id)",
        ),
        ("days whose counters are not what their rows say", WRONG_COUNTERS),
        (
            "attempts without their account",
            "SELECT count(*) FROM attempts WHERE account_id NOT IN (SELECT id FROM accounts)",
        ),
    ] {
        assert_eq!(database.number(sql).await, 0, "{what}: {context}");
    }
}

/// Everyone who was told 201 is there.
pub async fn check_promises(database: &Database, log: &BTreeMap<String, Told>, context: &str) {
    let names = database.texts("SELECT username FROM accounts").await;
    for (name, told) in log {
        if let Some((201, _)) = told {
            assert!(names.contains(name), "{name} was told 201 and is lost: {context}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_loses_nobody() {
    crash(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_loses_nobody() {
    crash(Kind::Postgres).await;
}
