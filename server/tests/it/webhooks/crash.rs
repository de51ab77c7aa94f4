//! SIGKILL at random moments while messages are written and sent: each arrives at least once, in the order of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::WEBHOOKS;
use super::receiver::{Arrived, Receiver};
use crate::harness::caller::Caller;
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Database, Kind};
use crate::redeeming::load::attempt;

/// Number of times the servers are killed.
const KILLS: usize = 5;
/// Maximum time from the start of the load to the kill.
const MAX_DELAY: Duration = Duration::from_millis(2_500);
/// The webhooks.
const TARGETS: [&str; 3] = ["chat", "wiki", "forge"];
/// Maximum time until everything has arrived, which includes the lease of a process that was killed.
const PATIENCE: Duration = Duration::from_mins(4);

async fn start(database: &Database, count: usize) -> Vec<Server> {
    let mut servers = Vec::new();
    for _ in 0..count {
        let mut command = latchkey(database);
        command.env("LATCHKEY_WEBHOOKS_TO_PRIVATE_NETWORKS", "1");
        servers.push(Server::launch_by(command, database));
    }
    for server in &mut servers {
        server.wait_until_it_serves().await;
    }
    servers
}

/// Sends one request; `None` if the server is gone.
async fn send(caller: &Caller, key: &str, method: Method, path: &str, body: &Value) -> Option<Value> {
    let bearer = format!("Bearer {key}");
    let answer = caller.try_send(method, path, &[("authorization", &bearer)], Some(body)).await?;
    assert!(answer.status.is_success() || answer.status.as_u16() == 503, "{path}: {}", answer.text());
    if answer.body.is_empty() || !answer.status.is_success() { Some(Value::Null) } else { Some(answer.json()) }
}

/// Creates, pauses, resumes and uses invites through each server, until it is gone.
fn load(servers: &[Server], key: &str, round: usize) -> JoinSet<()> {
    let mut load = JoinSet::new();
    for (at, server) in servers.iter().enumerate() {
        for worker in 0..2 {
            let (caller, key) = (server.caller(), key.to_owned());
            load.spawn(async move {
                'next: for number in 0.. {
                    let draft = json!({ "max_uses": 1 });
                    let path = "/api/v1/admin/invites";
                    let Some(invite) = send(&caller, &key, Method::POST, path, &draft).await else { return };
                    let Some(id) = invite["id"].as_str() else { continue };
                    let path = format!("/api/v1/admin/invites/{id}");
                    for act in ["pause", "resume"] {
                        let acted = send(&caller, &key, Method::POST, &format!("{path}/{act}"), &json!({})).await;
                        match acted {
                            None => return,
                            // The server was busy.
                            Some(Value::Null) => continue 'next,
                            Some(_) => {}
                        }
                    }
                    let name = format!("m{round}-{at}-{worker}-{number}");
                    if attempt(&caller, &invite["code"], &name).await.is_none() {
                        return;
                    }
                }
            });
        }
    }
    load
}

/// What has to arrive at each webhook, by what the audit log says: the event, and the id of what it is about.
async fn expected(database: &Database) -> BTreeSet<(String, String)> {
    let subject = match database.kind {
        Kind::Sqlite => "lower(hex(subject_id))",
        Kind::Postgres => "replace(CAST(subject_id AS text), '-', '')",
    };
    let mut expected = BTreeSet::new();
    for (action, events) in [
        ("invite.create", &["invite.created"][..]),
        ("invite.pause", &["invite.paused"]),
        ("invite.resume", &["invite.resumed"]),
        ("account.sign_up", &["account.created", "invite.redeemed"]),
    ] {
        let rows = database.texts(&format!("SELECT {subject} FROM audit_log WHERE action = '{action}'")).await;
        for id in rows {
            expected.extend(events.iter().map(|event| ((*event).to_owned(), id.clone())));
        }
    }
    expected
}

/// The event, and the id of what it is about.
fn about(arrived: &Arrived) -> (String, String) {
    let event = arrived.body["type"].as_str().unwrap();
    let data = &arrived.body["data"];
    let of = if event.starts_with("invite.") && event != "invite.redeemed" { "invite" } else { "account" };
    (event.to_owned(), data[of]["id"].as_str().unwrap().replace('-', ""))
}

/// What arrived, each message once. Whatever is sent again is sent before the next.
fn without_repeats(arrived: &[Arrived], context: &str) -> Vec<Arrived> {
    let mut once: Vec<Arrived> = Vec::new();
    let mut seen = BTreeSet::new();
    for one in arrived {
        if once.last().is_some_and(|last| last.id == one.id) {
            continue;
        }
        assert!(seen.insert(one.id.clone()), "{} was sent again after others: {context}", one.id);
        once.push(one.clone());
    }
    once
}

async fn crash(kind: Kind, processes: usize) {
    let mut delays = RandomDelays::new(&format!("webhooks, {kind:?}"));
    let seed = delays.seed;
    let context = format!("seed {seed}, {kind:?}");
    let (database, receiver) = (Database::fresh(kind).await, Receiver::start(true).await);
    let key = owner_key(&database);
    let mut servers = start(&database, processes).await;
    for target in TARGETS {
        let draft = json!({ "name": target, "url": receiver.url(target) });
        let created = send(&servers[0].caller(), &key, Method::POST, WEBHOOKS, &draft).await.unwrap();
        assert!(created["id"].is_string());
    }
    for round in 0..KILLS {
        let load = load(&servers, &key, round);
        tokio::time::sleep(delays.next(MAX_DELAY)).await;
        if round + 1 < KILLS {
            servers.drain(..).for_each(Server::kill);
            load.join_all().await;
            // As after the minute of a lease.
            database.execute("UPDATE outbox_targets SET lease_until = 0").await;
            servers = start(&database, processes).await;
        } else {
            // The others go on, and take over what it was sending when its lease is over.
            servers.remove(0).kill();
            tokio::time::sleep(Duration::from_millis(500)).await;
            drop(load);
        }
    }
    let waiting = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL";
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while database.number(waiting).await > 0 {
        assert!(tokio::time::Instant::now() < deadline, "{} messages wait: {context}", database.number(waiting).await);
        // As after the time until the next attempt.
        database.execute("UPDATE outbox_targets SET due_at = 1 WHERE failures > 0").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let expected = expected(&database).await;
    servers.into_iter().for_each(Server::stop);
    assert!(expected.len() > 40, "only {} events happened: {context}", expected.len());
    for target in TARGETS {
        let all = receiver.arrived(target);
        let arrived = without_repeats(&all, &context);
        eprintln!("{target}: {} messages, {} repeated ({kind:?})", arrived.len(), all.len() - arrived.len());
        let found: BTreeSet<_> = arrived.iter().map(about).filter(|(event, _)| event != "invite.used_up").collect();
        let lost: Vec<_> = expected.difference(&found).collect();
        assert!(lost.is_empty(), "{target} was not told of {lost:?}: {context}");
        let wrong: Vec<_> = found.difference(&expected).collect();
        assert!(wrong.is_empty(), "{target} was told of what did not happen, {wrong:?}: {context}");
        let mut by_invite: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in &arrived {
            if let Some(invite) = one.body["data"]["invite"]["id"].as_str() {
                let event = one.body["type"].as_str().unwrap().to_owned();
                by_invite.entry(invite.to_owned()).or_default().push(event);
            }
        }
        let order = [
            "invite.created",
            "invite.paused",
            "invite.resumed",
            "account.created",
            "invite.redeemed",
            "invite.used_up",
        ];
        for (invite, events) in by_invite {
            assert_eq!(events, order[..events.len()], "{invite}: {context}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    crash(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    crash(Kind::Postgres, 3).await;
}
