//! SIGKILL at random moments over everything that changes who is in what at once: sign-ups, joins, decisions, ends, a group
//! that is deleted, an author who is demoted, members who use up their quota. Uses stay equal to the ledger, and memberships
//! to what it says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::crash::check_consistency;
use super::ledger::check_memberships;
use super::load::attempt;
use super::sender::{Sender, text};
use crate::harness::process::{Server, owner_key, run};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Database, Kind};

/// Number of times the servers are killed at least.
const KILLS: usize = 6;
/// Number of times they are killed at most, until everything in [`HAPPENS`] has happened. On a busy machine a random moment is
/// often too early for that.
const MOST_KILLS: usize = 30;
/// What has to happen before a kill at least once, for the test to say anything about it.
const HAPPENS: [&str; 5] = [
    "SELECT count(*) FROM redemptions WHERE kind = 'joined'",
    "SELECT count(*) FROM redemptions WHERE released_at IS NOT NULL",
    "SELECT count(*) FROM invites WHERE counted_at IS NOT NULL",
    "SELECT count(*) FROM invites WHERE label = 'half' AND group_ids = ''",
    "SELECT count(*) FROM audit_log WHERE action = 'group.end_membership'",
];
/// Maximum time from the start of the load to the kill, of the first [`KILLS`]. On a machine that is too busy for everything to
/// happen in that time, later ones get more.
const MAX_DELAY: Duration = Duration::from_millis(1_500);
/// Members who join groups and invite people.
const MEMBERS: usize = 3;
/// Memberships at the most that are over in a round, and are extended while they are ended.
const TIMED: usize = 60;

/// What one round works on.
struct Round {
    number: usize,
    /// Grants the group that is kept.
    plain: Value,
    /// The same, to accounts that wait for approval.
    asking: Value,
    /// Grants the group that is deleted meanwhile.
    half: Value,
    kept: Value,
    doomed: Value,
    moderator: Value,
    /// The group in which everybody's membership is over, and who is in it.
    timed: (String, Vec<String>),
    /// Those of them whose membership was extended, as the answer said.
    extended: Arc<Mutex<Vec<String>>>,
}

async fn prepare(database: &Database, owner: &Sender, number: usize) -> Round {
    let group = async |name: &str| owner.group(&format!("{name} {number}")).await;
    let (kept, doomed) = (group("kept").await, group("doomed").await);
    let invite = async |body: Value| owner.create("/api/v1/admin/invites", &body).await;
    let staff = invite(json!({ "role": "moderator", "max_uses": 1 })).await;
    let made = attempt(&owner.caller, &staff["code"], &format!("mo-{number}")).await.expect("an answer");
    assert_eq!(made.0, 201, "{made:?}");
    let timed = text(&group("timed").await).to_owned();
    let active = "approved_at IS NOT NULL AND suspended_at IS NULL AND role <> 'owner'";
    let names = format!("SELECT username FROM accounts WHERE {active} ORDER BY created_at LIMIT {TIMED}");
    let names = database.texts(&names).await;
    let body = json!({ "accounts": names, "ends_at": "2090-01-01T00:00:00Z" });
    assert_eq!(owner.post(&members_of(&timed), &body).await, Some(200));
    let over = format!("UPDATE memberships SET ends_at = 1 WHERE {} = '{timed}'", database.id_text("group_id"));
    database.execute(&over).await;
    Round {
        number,
        timed: (timed, names),
        extended: Arc::default(),
        plain: invite(json!({ "groups": [kept], "max_uses": 40 })).await,
        asking: invite(json!({ "groups": [kept], "approval": true, "max_uses": 40 })).await,
        half: invite(json!({ "groups": [doomed], "label": "half" })).await,
        moderator: made.1["account"]["id"].clone(),
        kept,
        doomed,
    }
}

/// Everything at once, through all servers, until they are gone.
fn start(round: &Round, owners: &[Sender], members: &[String]) -> JoinSet<()> {
    let mut load = JoinSet::new();
    let number = round.number;
    for (at, owner) in owners.iter().enumerate() {
        for (what, invite) in [("p", &round.plain), ("h", &round.half)] {
            let (owner, code) = (owner.clone(), invite["code"].clone());
            load.spawn(async move {
                for person in 0.. {
                    let name = format!("{what}{number}-{at}-{person}");
                    if attempt(&owner.caller, &code, &name).await.is_none() {
                        return;
                    }
                }
            });
        }
        // An account that asks, and two decisions about it at once.
        let (owner, code) = (owner.clone(), round.asking["code"].clone());
        load.spawn(async move {
            for person in 0.. {
                let Some((status, made)) = attempt(&owner.caller, &code, &format!("a{number}-{at}-{person}")).await
                else {
                    return;
                };
                if status != 201 {
                    return;
                }
                let path = format!("/api/v1/admin/accounts/{}", text(&made["account"]["id"]));
                let (approve, decline) = (format!("{path}/approve"), format!("{path}/decline"));
                let nothing = json!({});
                // Of two at once one counts; of every second account there is a decline alone.
                let declined = owner.post(&decline, &nothing);
                let gone = if person % 2 == 0 {
                    declined.await.is_none()
                } else {
                    let both = tokio::join!(owner.post(&approve, &nothing), declined);
                    both.0.is_none() || both.1.is_none()
                };
                if gone {
                    return;
                }
            }
        });
    }
    for (at, key) in members.iter().enumerate() {
        let member = Sender { key: key.clone(), ..owners[at % owners.len()].clone() };
        let join = format!("/api/v1/invites/{}/join", text(&round.plain["code"]));
        load.spawn(async move {
            while member.post(&join, &json!({})).await.is_some() {
                if member.post("/api/v1/admin/invites", &json!({})).await.is_none() {
                    return;
                }
            }
        });
    }
    let (owner, other) = (owners[0].clone(), owners[owners.len() - 1].clone());
    let doomed = format!("/api/v1/admin/groups/{}", text(&round.doomed));
    load.spawn(async move {
        // After some have got it.
        for _ in 0..20 {
            if owner.send(Method::GET, &doomed, &json!({})).await.is_none() {
                return;
            }
        }
        owner.send(Method::DELETE, &doomed, &json!({})).await;
    });
    // From the other end than the worker of the process that starts meanwhile.
    let (extends, names, extended) = (owners[0].clone(), round.timed.1.clone(), round.extended.clone());
    let timed = members_of(&round.timed.0);
    load.spawn(async move {
        for name in names.into_iter().rev() {
            let body = json!({ "accounts": [name], "ends_at": "2091-01-01T00:00:00Z" });
            match extends.post(&timed, &body).await {
                Some(200) => extended.lock().unwrap().push(name),
                Some(_) => {}
                None => return,
            }
        }
    });
    let moderator = format!("/api/v1/admin/accounts/{}", text(&round.moderator));
    let kept = members_of(text(&round.kept));
    let id = round.moderator.clone();
    load.spawn(async move {
        // Their membership ends, and is extended meanwhile.
        let ends = [json!("2090-01-01T00:00:00Z"), Value::Null];
        for (turn, ends_at) in ends.iter().cycle().enumerate() {
            let body = json!({ "accounts": [id], "ends_at": ends_at });
            if other.post(&kept, &body).await.is_none()
                || other.post("/api/v1/admin/accounts/set-ends", &body).await.is_none()
            {
                return;
            }
            if turn == 6 && other.send(Method::PATCH, &moderator, &json!({ "role": "user" })).await.is_none() {
                return;
            }
        }
    });
    load
}

/// Checks that memberships are what the ledger says, and that nothing happened by half.
async fn check_everything(database: &Database, context: &str) {
    check_memberships(database, context).await;
    for (what, sql) in [
        (
            "members who joined more than once by one invite",
            "SELECT count(*) FROM (SELECT 1 FROM redemptions GROUP BY invite_id, account_id HAVING count(*) > 1) twice",
        ),
        (
            "invites that lost their group and can be used",
            "SELECT count(*) FROM invites WHERE label = 'half' AND group_ids = '' AND paused_at IS NULL",
        ),
        (
            "declined accounts that hold a use",
            "SELECT count(*) FROM redemptions r JOIN accounts a ON a.id = r.account_id
             WHERE r.released_at IS NULL AND a.approved_at IS NULL AND a.suspended_at IS NOT NULL",
        ),
        (
            "approved accounts that gave theirs back",
            "SELECT count(*) FROM redemptions r JOIN accounts a ON a.id = r.account_id
             WHERE r.released_at IS NOT NULL AND a.approved_at IS NOT NULL",
        ),
        (
            "invites of authors who were demoted and can be used",
            "SELECT count(*) FROM invites i JOIN accounts a ON a.id = i.created_by
             WHERE a.username LIKE 'mo-%' AND a.role = 'user' AND i.paused_at IS NULL",
        ),
        (
            "members with more invites than their quota",
            "SELECT count(*) FROM (SELECT 1 FROM invites WHERE counted_at IS NOT NULL
             GROUP BY created_by HAVING count(*) > 5) beyond",
        ),
    ] {
        assert_eq!(database.number(sql).await, 0, "{what}: {context}");
    }
}

/// The path at which members are added to a group.
fn members_of(group: &str) -> String {
    format!("/api/v1/admin/groups/{group}/members/add")
}

/// Checks that each membership lasts whose extension was answered.
async fn check_extended(database: &Database, round: &Round, context: &str) {
    let lasting = format!(
        "SELECT a.username FROM memberships m JOIN accounts a ON a.id = m.account_id
         WHERE m.ends_at > 1 AND {} = '{}'",
        database.id_text("m.group_id"),
        round.timed.0
    );
    let lasting = database.texts(&lasting).await;
    for name in round.extended.lock().unwrap().iter() {
        assert!(lasting.contains(name), "{name} was extended, and is not in the group: {context}");
    }
}

async fn mix(kind: Kind, processes: usize) {
    let mut delays = RandomDelays::new(&format!("mix, {kind:?}"));
    let seed = delays.seed;
    let database = Database::fresh(kind).await;
    let key = owner_key(&database);
    database.execute("UPDATE settings SET user_permissions = 'invites.create'").await;
    let mut servers = Server::start_many(&database, processes).await;
    let senders = |servers: &[Server]| Sender::through(servers, &key);
    let first = senders(&servers).remove(0);
    let invite = first.create("/api/v1/admin/invites", &json!({})).await;
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        let name = format!("member-{number}");
        assert_eq!(attempt(&first.caller, &invite["code"], &name).await.expect("an answer").0, 201);
        members.push(run(&database, &["key", "create", "--account", &name], ""));
    }
    let longer = (1_u32..).flat_map(|longer| std::iter::repeat_n(longer, KILLS));
    for (number, longer) in (0..MOST_KILLS).zip(longer) {
        if number >= KILLS && not_happened(&database).await.is_none() {
            break;
        }
        let owners = senders(&servers);
        let round = prepare(&database, &owners[0], number).await;
        let moderator = run(&database, &["key", "create", "--account", &format!("mo-{number}")], "");
        let moderator = Sender { key: moderator, ..owners[0].clone() };
        for _ in 0..3 {
            moderator.create("/api/v1/admin/invites", &json!({})).await;
        }
        let load = start(&round, &owners, &members);
        // Its worker ends what is over, as it starts.
        servers.push(Server::launch(&database));
        let delay = delays.next(MAX_DELAY * longer);
        tokio::time::sleep(delay).await;
        servers.into_iter().for_each(Server::kill);
        load.join_all().await;
        let context = format!("round {number}, killed after {delay:?}, seed {seed}, {kind:?}");
        check_consistency(&database, &context).await;
        check_everything(&database, &context).await;
        check_extended(&database, &round, &context).await;
        servers = Server::start_many(&database, processes).await;
    }
    servers.into_iter().for_each(Server::stop);
    let missed = not_happened(&database).await;
    assert_eq!(missed, None, "never happened before a kill, seed {seed}");
}

/// The first of [`HAPPENS`] that has not happened.
async fn not_happened(database: &Database) -> Option<&'static str> {
    for what in HAPPENS {
        if database.number(what).await == 0 {
            return Some(what);
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    mix(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    mix(Kind::Postgres, 3).await;
}
