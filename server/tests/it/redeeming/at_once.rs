//! The same at once, through several processes: what may happen once happens once, and the others are told.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::load::attempt;
use super::sender::{Sender, text};
use crate::harness::people::PASSWORD;
use crate::harness::process::{Server, owner_key, run};
use crate::harness::{Answer, Database, Kind};

/// Requests at once.
const AT_ONCE: usize = 20;
const INVITES: &str = "/api/v1/admin/invites";

/// Several processes on one database.
struct Site {
    database: Database,
    servers: Vec<Server>,
    owner_key: String,
}

impl Site {
    async fn start(kind: Kind, processes: usize) -> Self {
        let database = Database::fresh(kind).await;
        let owner_key = owner_key(&database);
        let servers = Server::start_many(&database, processes).await;
        Self { database, servers, owner_key }
    }

    /// The owner, through each process.
    fn owners(&self) -> Vec<Sender> {
        Sender::through(&self.servers, &self.owner_key)
    }

    /// A new member, through each process.
    async fn member(&self, name: &str) -> Vec<Sender> {
        let invite = self.owners()[0].create(INVITES, &json!({})).await;
        let made = attempt(&self.servers[0].caller(), &invite["code"], name).await.expect("an answer");
        assert_eq!(made.0, 201, "{made:?}");
        let key = run(&self.database, &["key", "create", "--account", name], "");
        Sender::through(&self.servers, &key)
    }

    fn stop(self) {
        self.servers.into_iter().for_each(Server::stop);
    }
}

/// The answers to the same POST, sent [`AT_ONCE`] times by one account, to each process in turn.
async fn post_at_once(senders: &[Sender], path: &str, body: &Value) -> Vec<Answer> {
    let mut posts = JoinSet::new();
    for sender in senders.iter().cycle().take(AT_ONCE) {
        let (sender, path, body) = (sender.clone(), path.to_owned(), body.clone());
        posts.spawn(async move { sender.answer(Method::POST, &path, &body).await.expect("an answer") });
    }
    posts.join_all().await
}

/// Answers by status and, of problems, code.
fn counted<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for answer in answers {
        let outcome = match answer.status.as_u16() {
            status @ 200..300 => status.to_string(),
            status => format!("{status} {}", answer.json()["code"].as_str().unwrap_or_default()),
        };
        *counted.entry(outcome).or_default() += 1;
    }
    counted
}

async fn one_member_joins_at_once(kind: Kind, processes: usize) {
    let site = Site::start(kind, processes).await;
    let (owners, ada) = (site.owners(), site.member("ada").await);
    // Without a limit nothing else stops a second use; the last use is that of a click before.
    for max_uses in [Value::Null, json!(1)] {
        let group = owners[0].group(&format!("Potters, {max_uses}")).await;
        let draft = json!({ "groups": [group], "max_uses": max_uses });
        let invite = owners[0].create(INVITES, &draft).await;
        let path = format!("/api/v1/invites/{}/join", text(&invite["code"]));
        let answers = post_at_once(&ada, &path, &json!({})).await;
        assert_eq!(counted(&answers), BTreeMap::from([("200".to_owned(), AT_ONCE)]), "{kind:?}, {max_uses}");
        let counting = answers.iter().filter(|answer| answer.json()["used"] == true).count();
        assert_eq!(counting, 1, "{kind:?}, {max_uses}: who is told that the invite was used");
        let read = owners[0].caller.read_invite(&owners[0].key, &invite["id"]).await;
        assert_eq!(read["used"], 1, "{kind:?}, {max_uses}");
    }
    assert_eq!(site.database.number("SELECT count(*) FROM redemptions WHERE kind = 'joined'").await, 2);
    assert_eq!(site.database.rows("memberships").await, 2);
    assert_eq!(site.database.number("SELECT count(*) FROM audit_log WHERE action = 'account.join'").await, 2);
    site.stop();
}

async fn a_quota_holds(kind: Kind, processes: usize) {
    const QUOTA: usize = 3;
    let site = Site::start(kind, processes).await;
    let settings = format!(
        "UPDATE settings SET user_permissions = 'invites.create invites.create_multi', member_invite_quota = {QUOTA}"
    );
    site.database.execute(&settings).await;
    for name in ["ada", "grace"] {
        let member = site.member(name).await;
        let answers = post_at_once(&member, INVITES, &json!({})).await;
        let expected =
            [("201".to_owned(), QUOTA), ("429 quota_reached".to_owned(), AT_ONCE - QUOTA)].into_iter().collect();
        assert_eq!(counted(&answers), expected, "{kind:?}");
    }
    let counted = site.database.number("SELECT count(*) FROM invites WHERE counted_at IS NOT NULL").await;
    assert_eq!(usize::try_from(counted), Ok(2 * QUOTA));
    site.stop();
}

async fn one_of_two_decisions_counts(kind: Kind, processes: usize) {
    let site = Site::start(kind, processes).await;
    let create = ["account", "create", "--email", "tomasz@example.org", "--username", "tomasz", "--role", "admin"];
    run(&site.database, &[&create[..], &["--password-stdin"]].concat(), PASSWORD);
    let key = run(&site.database, &["key", "create", "--account", "tomasz"], "");
    let (owners, admins) = (site.owners(), Sender::through(&site.servers, &key));
    let invite = owners[0].create(INVITES, &json!({ "approval": true, "max_uses": AT_ONCE })).await;
    let mut waiting = Vec::new();
    for number in 0..AT_ONCE {
        let caller = &owners[number % processes].caller;
        let (status, made) = attempt(caller, &invite["code"], &format!("person{number}")).await.expect("an answer");
        assert_eq!(status, 201, "{made}");
        waiting.push(text(&made["account"]["id"]).to_owned());
    }
    let mut decisions = JoinSet::new();
    for (number, id) in waiting.into_iter().enumerate() {
        let (owner, admin) = (owners[number % processes].clone(), admins[(number + 1) % processes].clone());
        decisions.spawn(async move {
            let path = format!("/api/v1/admin/accounts/{id}");
            let (approve, decline) = (format!("{path}/approve"), format!("{path}/decline"));
            let nothing = json!({});
            let (approved, declined) = tokio::join!(
                owner.answer(Method::POST, &approve, &nothing),
                admin.answer(Method::POST, &decline, &nothing)
            );
            let now = owner.answer(Method::GET, &path, &nothing).await.expect("an answer").expect(200).json();
            (approved.expect("an answer"), declined.expect("an answer"), now)
        });
    }
    let mut declines = 0;
    for (approved, declined, now) in decisions.join_all().await {
        let both = counted([&approved, &declined]);
        let one_each = [("200".to_owned(), 1), ("409 already_decided".to_owned(), 1)].into_iter().collect();
        assert_eq!(both, one_each, "{kind:?}, {now}");
        let (status, refused, told) = if approved.status == 200 {
            ("active", declined, "ines has approved this account already.")
        } else {
            declines += 1;
            ("declined", approved, "tomasz has declined this account already.")
        };
        assert_eq!(now["status"], status);
        assert!(text(&refused.json()["detail"]).starts_with(told), "{}", refused.text());
    }
    let used = owners[0].caller.read_invite(&owners[0].key, &invite["id"]).await["used"].clone();
    assert_eq!(used, json!(AT_ONCE - declines), "{kind:?}: a decline gives the use back");
    let logged = "SELECT count(*) FROM audit_log WHERE action IN ('account.approve', 'account.decline')";
    assert_eq!(usize::try_from(site.database.number(logged).await), Ok(AT_ONCE));
    site.stop();
}

mod sqlite_with_two_processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_member_joins_once() {
        one_member_joins_at_once(Kind::Sqlite, 2).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_member_creates_no_more_invites_than_the_quota() {
        a_quota_holds(Kind::Sqlite, 2).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_approval_and_a_decline() {
        one_of_two_decisions_counts(Kind::Sqlite, 2).await;
    }
}

mod postgres_with_three_processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_member_joins_once() {
        one_member_joins_at_once(Kind::Postgres, 3).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_member_creates_no_more_invites_than_the_quota() {
        a_quota_holds(Kind::Postgres, 3).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_approval_and_a_decline() {
        one_of_two_decisions_counts(Kind::Postgres, 3).await;
    }
}
