//! SIGKILL at random moments while what is due is done: accounts that nobody verified lapse, while some of them are verified,
//! and reminders are recorded and queued. Each happens once, by one of several processes, or not at all.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::mail::MailSink;
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::random_delays::RandomDelays;
use crate::harness::{Database, Kind};
use crate::redeeming::crash::check_consistency;
use crate::redeeming::load::attempt;
use crate::redeeming::sender::{Sender, text};

/// Number of times the servers are killed.
const KILLS: usize = 6;
/// What becomes due in each round, and in one more at the end: accounts that lapse, accounts and memberships whose end is near,
/// and invitations with a reminder.
const EACH: usize = 16;
/// Maximum time from when the servers were started to the kill, in every second round. They look for what is due as they start.
const MAX_DELAY: Duration = Duration::from_millis(1_200);
/// The same in the other rounds, from when they have begun.
const MAX_DELAY_AMID: Duration = Duration::from_millis(120);
/// Maximum time until everything is done.
const PATIENCE: Duration = Duration::from_mins(2);
/// The accounts that have lapsed.
const FROM_LAPSED: &str = "FROM audit_log WHERE action = 'account.lapse'";

/// The site, with everything that becomes due later.
struct Site {
    database: Database,
    sink: MailSink,
    key: String,
    /// The ids of the accounts that lapse, by username.
    lapsing: BTreeMap<String, String>,
}

impl Site {
    async fn set_up(kind: Kind) -> Self {
        let (database, sink) = (Database::fresh(kind).await, MailSink::start().await);
        let key = owner_key(&database);
        let mut site = Self { database, sink, key, lapsing: BTreeMap::new() };
        let server = site.start(1).await.remove(0);
        let owner = Sender { caller: server.caller(), key: site.key.clone() };
        let group = owner.group("Pottery").await;
        let invite = async |body: Value| owner.create("/api/v1/admin/invites", &body).await["code"].clone();
        let verified = invite(json!({ "verify_email": true })).await;
        let plain = invite(json!({ "groups": [group] })).await;
        for round in 0..=KILLS {
            for number in 0..EACH {
                let name = format!("l{round}-{number}");
                let (status, made) = attempt(&owner.caller, &verified, &name).await.expect("an answer");
                assert_eq!(status, 201, "{made}");
                site.lapsing.insert(name, text(&made["account"]["id"]).to_owned());
                let stays = attempt(&owner.caller, &plain, &format!("s{round}-{number}")).await;
                assert_eq!(stays.expect("an answer").0, 201);
            }
        }
        let emails =
            (0..=KILLS).flat_map(|round| (0..EACH).map(move |number| format!("r{round}-{number}@postbox.example")));
        let recipients: Vec<_> = emails.map(|email| json!({ "email": email })).collect();
        let new = json!({ "terms": { "expires_in_hours": 168 }, "recipients": recipients, "reminder": true });
        owner.create("/api/v1/admin/invitations", &new).await;
        let unsent = "SELECT count(*) FROM invitations WHERE sent_at IS NULL";
        site.until("all invitations are sent", unsent, 0).await;
        server.stop();
        site
    }

    async fn start(&self, count: usize) -> Vec<Server> {
        let mut servers: Vec<_> = (0..count).map(|_| self.launch()).collect();
        for server in &mut servers {
            server.wait_until_it_serves().await;
        }
        servers
    }

    fn launch(&self) -> Server {
        let mut command = latchkey(&self.database);
        command.env("LATCHKEY_SMTP_URL", self.sink.url("")).env("LATCHKEY_MAIL_FROM", "noreply@example.org");
        Server::launch_by(command, &self.database)
    }

    async fn until(&self, what: &str, sql: &str, number: i64) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let is = self.database.number(sql).await;
            if is == number {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{what}: {is} instead of {number}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Lets what belongs to a round be due.
    async fn make_due(&self, round: usize) {
        let soon = "CAST(strftime('%s', 'now') AS INTEGER) * 1000000 + 86400000000";
        let soon_on_postgres = "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT) + 86400000000";
        let accounts = format!("SELECT id FROM accounts WHERE username LIKE 's{round}-%'");
        let invited = format!("SELECT invite_id FROM invitations WHERE email LIKE 'r{round}-%'");
        self.database.execute(&format!("UPDATE accounts SET activate_by = 1 WHERE username LIKE 'l{round}-%'")).await;
        for (what, which) in [
            ("accounts SET ends_at", format!("id IN ({accounts})")),
            ("memberships SET ends_at", format!("account_id IN ({accounts})")),
            ("invites SET expires_at", format!("id IN ({invited})")),
        ] {
            let update = |soon: &str| format!("UPDATE {what} = {soon} WHERE {which}");
            self.database.execute_either(&update(soon), &update(soon_on_postgres)).await;
        }
        self.database.execute(&format!("UPDATE invitations SET remind_at = 1 WHERE email LIKE 'r{round}-%'")).await;
    }

    /// Verifies every second account of a round by another process than those that let them lapse, until it is gone. Returns those
    /// that it said were verified.
    fn verify(&self, round: usize, through: &Server) -> JoinSet<Vec<String>> {
        let owner = Sender { caller: through.caller(), key: self.key.clone() };
        let of_round = self.lapsing.iter().filter(|(name, _)| name.starts_with(&format!("l{round}-")));
        let of_round: Vec<_> = of_round.step_by(2).map(|(name, id)| (name.clone(), id.clone())).collect();
        let mut load = JoinSet::new();
        load.spawn(async move {
            let mut verified = Vec::new();
            for (name, id) in of_round.into_iter().rev() {
                let path = format!("/api/v1/admin/accounts/{id}/verify");
                match owner.send(Method::POST, &path, &json!({})).await {
                    Some(200) => verified.push(name),
                    Some(_) => {}
                    None => break,
                }
            }
            verified
        });
        load
    }

    /// Checks what holds at every moment.
    async fn check(&self, verified: &[String], context: &str) {
        check_consistency(&self.database, context).await;
        for (what, sql) in [
            (
                "accounts that lapsed or were verified twice",
                "SELECT count(*) FROM (SELECT 1 FROM audit_log WHERE action IN ('account.lapse', 'account.mark_verified')
                 GROUP BY subject_id HAVING count(*) > 1) twice",
            ),
            (
                "lapsed accounts that hold a use",
                "SELECT count(*) FROM redemptions r JOIN accounts a ON a.id = r.account_id
                 WHERE a.deleted_at IS NOT NULL AND r.released_at IS NULL",
            ),
            (
                "others that gave theirs back",
                "SELECT count(*) FROM redemptions r JOIN accounts a ON a.id = r.account_id
                 WHERE a.deleted_at IS NULL AND r.released_at IS NOT NULL",
            ),
            (
                "ends that were recorded twice",
                "SELECT count(*) FROM (SELECT 1 FROM audit_log
                 WHERE action IN ('account.remind_of_end', 'group.remind_of_end')
                 GROUP BY action, subject_id, detail HAVING count(*) > 1) twice",
            ),
            (
                "reminders that were queued twice",
                "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE payload LIKE '%invitation_reminder%'
                 GROUP BY payload HAVING count(*) > 1) twice",
            ),
            (
                "invitations whose reminder was recorded and not queued, or the other way round",
                "SELECT (SELECT count(*) FROM invitations WHERE reminded_at IS NOT NULL)
                 - (SELECT count(*) FROM outbox WHERE payload LIKE '%invitation_reminder%')",
            ),
        ] {
            assert_eq!(self.database.number(sql).await, 0, "{what}: {context}");
        }
        let active = self.database.texts("SELECT username FROM accounts WHERE activate_by IS NULL").await;
        for name in verified {
            assert!(active.contains(name), "{name} was verified, and is not there: {context}");
        }
    }
}

async fn crash(kind: Kind, processes: usize) {
    let mut delays = RandomDelays::new(&format!("what is due, {kind:?}"));
    let site = Site::set_up(kind).await;
    let lapsed = &format!("SELECT count(*) {FROM_LAPSED}");
    let (mut verified, mut midway) = (Vec::new(), 0);
    for round in 0..=KILLS {
        let is_last = round == KILLS;
        // If it has looked before anything is due, it looks again in a minute.
        let mut other = site.start(1).await;
        let before = site.database.number(lapsed).await;
        site.make_due(round).await;
        let load = site.verify(round, &other[0]);
        let mut servers: Vec<_> = (0..processes).map(|_| site.launch()).collect();
        let amid = round % 2 == 1;
        let delay = delays.next(if amid { MAX_DELAY_AMID } else { MAX_DELAY });
        if is_last {
            for server in &mut servers {
                server.wait_until_it_serves().await;
            }
            verified.extend(load.join_all().await.into_iter().flatten());
            let waiting = "SELECT count(*) FROM accounts WHERE activate_by IS NOT NULL AND deleted_at IS NULL";
            site.until("all accounts lapse", waiting, 0).await;
            site.until("all are reminded", "SELECT count(*) FROM invitations WHERE remind_at IS NOT NULL", 0).await;
            let all = i64::try_from(2 * EACH * (KILLS + 1)).expect("few");
            let recorded =
                "SELECT count(*) FROM audit_log WHERE action IN ('account.remind_of_end', 'group.remind_of_end')";
            site.until("all ends are recorded", recorded, all).await;
            servers.into_iter().chain(other).for_each(Server::stop);
        } else {
            if amid {
                let begun = format!(
                    "SELECT CASE WHEN count(*) > {before} THEN CAST(1 AS bigint) ELSE CAST(0 AS bigint) END {FROM_LAPSED}"
                );
                site.until("an account lapses", &begun, 1).await;
            }
            tokio::time::sleep(delay).await;
            servers.into_iter().chain(other.drain(..)).for_each(Server::kill);
            verified.extend(load.join_all().await.into_iter().flatten());
            let done = site.database.number(lapsed).await - before;
            midway += usize::from(done > 0);
        }
        let context = format!("round {round}, killed after {delay:?}, seed {}, {kind:?}", delays.seed);
        site.check(&verified, &context).await;
    }
    let reminders = site.database.number("SELECT count(*) FROM invitations WHERE reminded_at IS NOT NULL").await;
    assert_eq!(reminders, i64::try_from(EACH * (KILLS + 1)).expect("few"), "seed {}", delays.seed);
    let all = site.lapsing.len();
    let done = usize::try_from(site.database.number(lapsed).await).expect("a count");
    eprintln!(
        "{done} of {all} lapsed, {} were verified; some lapsed before {midway} of {KILLS} kills ({kind:?})",
        verified.len()
    );
    assert!(done + verified.len() <= all && midway > 0, "seed {}", delays.seed);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_with_two_processes() {
    crash(Kind::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    crash(Kind::Postgres, 3).await;
}
