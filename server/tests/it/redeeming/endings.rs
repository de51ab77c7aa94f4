//! The worker that ends what is over, in several processes: each end happens once, and never what was extended meanwhile.
//!
//! The worker looks for what is over when its process starts, and every minute.

use serde_json::{Value, json};

use super::ledger::{check_ended_once, check_memberships, ended};
use super::load::attempt;
use super::sender::Sender;
use crate::harness::process::{Server, owner_key};
use crate::harness::{Database, Kind, until};

const MEMBERS: usize = 4;
/// Groups, each with all members. More memberships than the worker reads at a time.
const GROUPS: usize = 40;
const MEMBERSHIPS: i64 = 160;
/// Rounds at the most until the worker and the extensions have met often enough.
const MOST_ROUNDS: usize = 12;
/// What is over: 2001-09-09.
const PAST: i64 = 1_000_000_000_000_000;

/// New groups with the members, whose memberships end in 2090.
async fn groups(owner: &Sender, members: &[String], round: usize) -> Vec<String> {
    let mut groups = Vec::new();
    for number in 0..GROUPS {
        let group = owner.group(&format!("Course {round}-{number}")).await;
        let add = format!("/api/v1/admin/groups/{}/members/add", super::sender::text(&group));
        let body = json!({ "accounts": members, "ends_at": "2090-01-01T00:00:00Z" });
        assert_eq!(owner.post(&add, &body).await, Some(200));
        groups.push(add);
    }
    groups
}

async fn sign_up_members(owner: &Sender) -> Vec<String> {
    let invite = owner.create("/api/v1/admin/invites", &json!({})).await;
    let names: Vec<_> = (0..MEMBERS).map(|number| format!("member-{number}")).collect();
    for name in &names {
        let made = attempt(&owner.caller, &invite["code"], name).await.expect("an answer");
        assert_eq!(made.0, 201, "{made:?}");
    }
    names
}

/// Makes each end take a while. Otherwise a worker on SQLite is done before another process has found anything due, and what
/// would be done twice is never seen.
async fn slow_down(database: &Database) {
    for (table, change, bytes) in [("memberships", "DELETE", 400_000), ("accounts", "UPDATE OF ended_at", 8_000_000)] {
        let slow = format!("BEGIN SELECT length(hex(zeroblob({bytes}))); END");
        database.execute(&format!("CREATE TRIGGER slow_{table} AFTER {change} ON {table} {slow}")).await;
    }
}

async fn each_ends_once(kind: Kind, processes: usize) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let server = Server::start(&database).await;
    let owner = Sender::through(std::slice::from_ref(&server), &key).remove(0);
    let members = sign_up_members(&owner).await;
    groups(&owner, &members, 0).await;
    server.stop();
    for table in ["memberships", "accounts", "invites"] {
        let (column, such) = match table {
            "memberships" => ("ends_at", "TRUE"),
            "accounts" => ("ends_at", "username LIKE 'member-%'"),
            _ => ("expires_at", "TRUE"),
        };
        database.execute(&format!("UPDATE {table} SET {column} = {PAST} WHERE {such}")).await;
    }
    if kind == Kind::Sqlite {
        slow_down(&database).await;
    }
    let servers = Server::start_many(&database, processes).await;
    let logged = |action: &str| format!("SELECT count(*) FROM audit_log WHERE action = '{action}'");
    let invites_ended = logged("invite.expire");
    // Invites come last.
    until("everything has ended", async || database.number(&invites_ended).await > 0).await;
    servers.into_iter().for_each(Server::stop);

    check_ended_once(&ended(&database).await, "at the start of every process");
    assert_eq!(database.rows("memberships").await, 0);
    assert_eq!(database.number(&logged("group.end_membership")).await, MEMBERSHIPS);
    assert_eq!(database.number(&logged("account.end")).await, i64::try_from(MEMBERS).unwrap());
    assert_eq!(database.number(&invites_ended).await, 1);
}

/// Until workers and extensions have met `meetings` times. On SQLite, where a worker is done soon, not every time says something.
async fn what_is_extended_stays(kind: Kind, processes: usize, meetings: usize) {
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    let servers = Server::start_many(&database, processes).await;
    let owners = Sender::through(&servers, &key);
    let members = sign_up_members(&owners[0]).await;
    let (mut ended_before, mut met) = (0, 0);
    for round in 0.. {
        assert!(round < MOST_ROUNDS, "{kind:?}: workers met extensions {met} times");
        let groups = groups(&owners[0], &members, round).await;
        let of_round = format!("SELECT id FROM groups WHERE name LIKE 'Course {round}-%'");
        database.execute(&format!("UPDATE memberships SET ends_at = {PAST} WHERE group_id IN ({of_round})")).await;
        let late = [Server::launch(&database), Server::launch(&database)];
        let any_ended = async || ended(&database).await.len() > ended_before;
        until("the workers have begun", any_ended).await;
        // From the other end, so that they meet.
        let body: Value = json!({ "accounts": members, "ends_at": "2091-01-01T00:00:00Z" });
        for (number, add) in groups.iter().rev().enumerate() {
            assert_eq!(owners[number % processes].post(add, &body).await, Some(200));
        }
        for mut server in late {
            server.wait_until_it_serves().await;
            server.stop();
        }
        let context = format!("{kind:?}, round {round}");
        check_memberships(&database, &context).await;
        let lasting = format!("SELECT count(*) FROM memberships WHERE ends_at > {PAST} AND group_id IN ({of_round})");
        assert_eq!(database.number(&lasting).await, MEMBERSHIPS, "{context}: each was answered with 200");
        let ended = ended(&database).await.len();
        met += usize::from(ended - ended_before < GROUPS * MEMBERS);
        ended_before = ended;
        if met == meetings {
            break;
        }
    }
    servers.into_iter().for_each(Server::stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes_ends_each_once() {
    each_ends_once(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes_ends_each_once() {
    each_ends_once(Kind::Postgres, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes_keeps_what_is_extended() {
    what_is_extended_stays(Kind::Sqlite, 2, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes_keeps_what_is_extended() {
    what_is_extended_stays(Kind::Postgres, 3, 1).await;
}
