//! Memberships against the ledger, both ways: none is missing that was given, and there is none that nobody gave.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use serde_json::Value;

use crate::harness::Database;

/// The ids of a group and of an account.
type InGroup = (String, String);

/// Checks that memberships are what the redemptions and the audit log say. For databases in which no one was in the same group
/// until an end twice, and nobody was removed from one.
pub async fn check_memberships(database: &Database, context: &str) {
    for (what, sql) in [
        (
            "redemptions that count without the membership they gave",
            "SELECT count(*) FROM redemptions r JOIN invite_groups g ON g.invite_id = r.invite_id
             WHERE r.released_at IS NULL AND NOT EXISTS
                (SELECT 1 FROM memberships m WHERE m.group_id = g.group_id AND m.account_id = r.account_id)",
        ),
        (
            "memberships by a redemption whose invite does not give them",
            "SELECT count(*) FROM memberships m JOIN redemptions r ON r.id = m.redemption_id WHERE NOT EXISTS
                (SELECT 1 FROM invite_groups g WHERE g.invite_id = r.invite_id AND g.group_id = m.group_id)",
        ),
        (
            "memberships by the redemption of somebody else",
            "SELECT count(*) FROM memberships m JOIN redemptions r ON r.id = m.redemption_id
             WHERE r.account_id <> m.account_id",
        ),
    ] {
        assert_eq!(database.number(sql).await, 0, "{what}: {context}");
    }
    let (given, ended) = (given_by_staff(database).await, ended(database).await);
    let (present, by_staff) = (members(database, "").await, members(database, "WHERE redemption_id IS NULL").await);
    let groups: BTreeSet<_> =
        database.texts(&format!("SELECT {} FROM groups", database.id_text("id"))).await.into_iter().collect();
    let surplus: Vec<_> = by_staff.difference(&given).collect();
    check_none("memberships that nobody gave", &surplus, context);
    let missing: Vec<_> = given
        .difference(&present)
        .filter(|member| groups.contains(&member.0) && !ended.contains_key(*member))
        .collect();
    check_none("memberships that were given and not ended, and are missing", &missing, context);
    check_ended_once(&ended, context);
}

/// How often each membership was ended by its end.
pub async fn ended(database: &Database) -> BTreeMap<InGroup, usize> {
    let mut ended = BTreeMap::new();
    for (group, detail) in events(database, "group.end_membership").await {
        let account = detail["account"].as_str().expect("an id").to_owned();
        *ended.entry((group, account)).or_default() += 1;
    }
    ended
}

/// Checks that each was ended once.
pub fn check_ended_once(ended: &BTreeMap<InGroup, usize>, context: &str) {
    let twice: Vec<_> = ended.iter().filter(|(_, count)| **count > 1).collect();
    check_none("memberships that were ended more than once", &twice, context);
}

/// Checks that there are none of what is wrong; the message has the first.
fn check_none<T: Debug>(what: &str, wrong: &[T], context: &str) {
    assert!(wrong.is_empty(), "{} {what}, such as {:?}: {context}", wrong.len(), wrong[0]);
}

async fn given_by_staff(database: &Database) -> BTreeSet<InGroup> {
    let mut given = BTreeSet::new();
    for (group, detail) in events(database, "group.add_members").await {
        let accounts = detail["accounts"].as_array().expect("accounts").iter();
        given.extend(accounts.map(|account| (group.clone(), account.as_str().expect("an id").to_owned())));
    }
    given
}

async fn members(database: &Database, such: &str) -> BTreeSet<InGroup> {
    let [group, account] = ["group_id", "account_id"].map(|id| database.id_text(id));
    let rows = database.texts(&format!("SELECT {group} || ' ' || {account} FROM memberships {such}")).await;
    rows.iter().filter_map(|row| row.split_once(' ')).map(|(group, account)| (group.into(), account.into())).collect()
}

/// The groups that such events are about, and what is recorded of each.
async fn events(database: &Database, action: &str) -> Vec<(String, Value)> {
    let group = database.id_text("subject_id");
    let sql = format!("SELECT {group} || ' ' || detail FROM audit_log WHERE action = '{action}'");
    let rows = database.texts(&sql).await;
    let event = |(group, detail): (&str, &str)| (group.to_owned(), serde_json::from_str(detail).expect("JSON"));
    rows.iter().filter_map(|row| row.split_once(' ')).map(event).collect()
}
