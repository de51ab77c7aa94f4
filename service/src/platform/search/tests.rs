use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use domain::accounts::{AccountFilter, AccountQuery, Email, Role, Username};
use domain::ids::AccountId;
use domain::invites::{CodeKind, InviteQuery, InviteSort, InviteStatus, Terms as InviteTerms};
use domain::overview::DailyCounts;
use domain::paging::{Limit, Order, Page, Paging};
use domain::redemptions::RedemptionQuery;
use domain::text::{DisplayName, Label};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{EntityTrait, IntoActiveModel, QueryFilter, QueryTrait};

use super::words::Word;
use super::*;
use crate::accounts::store::NewRow;
use crate::overview::counts;
use crate::platform::paging::Seek;
use crate::platform::tx;
use crate::testing::{START, TestApp, on_both_databases};
use crate::{Actor, Error, accounts, invites, members, redemptions};

/// Words of names and labels. One is in a third of them, so that searches for it find more than [`MANY`] rows.
const WORDS: [&str; 18] = [
    "Kiln",
    "Kilns",
    "Öffnung",
    "Offnung",
    "Zoë",
    "zoe-ann",
    "李小龍",
    "小林",
    "김서연",
    "नमस्ते",
    "Łukasz",
    "O’Brien",
    "2027",
    "20",
    "Straße",
    "محمد",
    "🎉",
    "a%b_c",
];

/// The same rows for both databases.
#[derive(Debug)]
struct Seed {
    names: Vec<String>,
    labels: Vec<String>,
}

const ACCOUNTS_SEEDED: usize = 1_400;
const INVITES_SEEDED: usize = 3_600;

fn phrase() -> impl Strategy<Value = String> {
    let word = prop_oneof![1 => Just("Kiln"), 2 => select(&WORDS[..])];
    proptest::collection::vec(word, 0..4).prop_map(|words| words.join(" "))
}

/// What people type, and what they do not: beginnings of words in another case, joined and apart.
fn query() -> impl Strategy<Value = String> {
    let beginning = (select(&WORDS[..]), 1..8_usize, any::<bool>()).prop_map(|(word, length, upper)| {
        let word: String = word.chars().take(length).collect();
        if upper { word.to_uppercase() } else { word }
    });
    let word = prop_oneof![
        12 => beginning,
        1 => any::<String>(),
        1 => select(&["%", "_", "\"*\"", "-", "a:b", "\0", "NOT", "person1", "person12@mill", "mill.example"][..])
            .prop_map(str::to_owned),
    ];
    let gap = select(&[" ", " ", "  ", "-", ""][..]);
    proptest::collection::vec((word, gap), 1..4)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

fn sample<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// What the search promises, in plain words: every term is found in the text.
fn is_found(q: &str, text: &str) -> bool {
    let text = words::words(text);
    let mut terms = q.split_whitespace().map(words::words).filter(|term| !term.is_empty()).peekable();
    terms.peek().is_some()
        && terms.all(|term| {
            text.windows(term.len()).any(|part| {
                let (last, before) = term.split_last().unwrap();
                part.starts_with(before) && part[before.len()].starts_with(last.as_str())
            })
        })
}

/// The rows of one database.
struct Rows {
    owner: Actor,
    invites: Vec<invites::entity::Model>,
    accounts: Vec<accounts::entity::Model>,
    redemptions: Vec<redemptions::entity::Model>,
}

fn id(table: u128, number: usize) -> Uuid {
    // In another order than that of creation.
    Uuid::from_u128((table << 120) | (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15) & 0xFFFF_FFFF_FFFF)
}

fn account_row(number: usize, name: &str) -> accounts::entity::Model {
    let username = format!("person{number}");
    let new = NewRow {
        id: id(1, number),
        email: Email::parse(&format!("{username}@{}.example", ["mill", "postbox", "zoe"][number % 3])).unwrap(),
        username: Username::parse(&username).unwrap(),
        name: DisplayName::parse(name).ok(),
        role: if number == 0 { Role::Owner } else { Role::User },
        password_hash: String::new(),
        approved: number % 5 != 4,
        ends_at: None,
        activate_by: None,
    };
    new.into_model(START.plus(Duration::from_micros(number as u64 / 3)))
}

fn invite_row(app: &TestApp, number: usize, label: &str) -> invites::entity::Model {
    let code = invites::random_code(&app.ctx, 12).unwrap();
    let terms = InviteTerms {
        label: Label::parse(label).ok(),
        expires_at: number.is_multiple_of(4).then(|| START.plus(Duration::from_secs(number as u64 / 8))),
        ..InviteTerms::default()
    };
    let made = START.plus(Duration::from_micros(number as u64 / 2));
    let author = AccountId(id(1, 0));
    let row = invites::store::new_row(&app.ctx, id(2, number), (CodeKind::Random, &code), terms, author, made).unwrap();
    let deleted = number.is_multiple_of(13);
    invites::entity::Model {
        used: i64::from(number.is_multiple_of(11)),
        paused_at: number.is_multiple_of(7).then_some(START.as_micros()),
        deleted_at: deleted.then_some(START.as_micros()),
        code_sealed: row.code_sealed.filter(|_| !deleted),
        ..row
    }
}

impl Seed {
    fn new(runner: &mut TestRunner) -> Self {
        let mut phrases = |count| (0..count).map(|_| sample(runner, &phrase())).collect();
        Self { names: phrases(ACCOUNTS_SEEDED), labels: phrases(INVITES_SEEDED) }
    }

    async fn insert(&self, app: &TestApp) -> Rows {
        let accounts: Vec<_> = self.names.iter().enumerate().map(|(number, name)| account_row(number, name)).collect();
        let invites: Vec<_> =
            self.labels.iter().enumerate().map(|(number, label)| invite_row(app, number, label)).collect();
        let redemptions: Vec<_> = (1..accounts.len())
            .map(|number| redemptions::entity::Model {
                id: id(3, number),
                invite_id: invites[number * number % 97].id,
                account_id: accounts[number].id,
                kind: "new".to_owned(),
                created_at: START.plus(Duration::from_micros(number as u64 / 2)).as_micros(),
                released_at: None,
            })
            .collect();
        let tx = tx::begin(&app.ctx).await.unwrap();
        for rows in accounts.chunks(200) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            accounts::entity::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
        }
        for rows in invites.chunks(200) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            invites::entity::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
        }
        for rows in redemptions.chunks(200) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            redemptions::entity::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
        }
        let counted = DailyCounts { accounts: accounts.len() as u64, redemptions: redemptions.len() as u64 };
        counts::add_days(&tx, &app.ctx, BTreeMap::from([(START.day(), counted)])).await.unwrap();
        tx.commit().await.unwrap();
        let owner = crate::operations::operator::act_as(&app.ctx, Some("person0")).await.unwrap();
        Rows { owner, invites, accounts, redemptions }
    }
}

/// The ids of all pages of a list, read forwards; and checks that reading backwards from the last page gives the same.
async fn pages<T>(
    limit: Limit,
    id: impl Fn(&T) -> Uuid,
    list: impl AsyncFn(Paging) -> Result<Page<T>, Error>,
) -> Vec<Uuid> {
    let (mut forwards, mut cursor) = (Vec::new(), None);
    let end = loop {
        let page = list(Paging { cursor, limit }).await.unwrap();
        forwards.extend(page.items.iter().map(&id));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break page,
        }
        assert_eq!(page.items.len(), usize::from(limit.get()), "a page in the middle is full");
    };
    let mut backwards: Vec<Uuid> = end.items.iter().map(&id).collect();
    let mut cursor = end.previous_cursor;
    while let Some(previous) = cursor {
        let page = list(Paging { cursor: Some(previous), limit }).await.unwrap();
        backwards.splice(0..0, page.items.iter().map(&id));
        cursor = page.previous_cursor;
    }
    assert_eq!(backwards, forwards);
    forwards
}

/// The ids of those rows that match, sorted as the list is.
fn expected<R>(
    rows: &[R],
    order: Order,
    position: impl Fn(&R) -> (i64, Uuid),
    matches: impl Fn(&R) -> bool,
) -> Vec<Uuid> {
    let mut found: Vec<_> = rows.iter().filter(|row| matches(row)).map(position).collect();
    found.sort_unstable();
    if order == Order::Descending {
        found.reverse();
    }
    found.into_iter().map(|(_, id)| id).collect()
}

impl Rows {
    async fn check_invites(&self, app: &TestApp, query: &InviteQuery) {
        let found = pages(
            query.paging.limit,
            |invite: &domain::invites::Invite| invite.id.0,
            async |paging| invites::list(&app.ctx, &self.owner, &InviteQuery { paging, ..query.clone() }).await,
        );
        let position = |row: &invites::entity::Model| (invites::store::sort_value(query.sort, row), row.id);
        let expected = expected(&self.invites, query.order, position, |row| {
            let status = invites::store::lifecycle(row).status(app.ctx.now());
            query.status.map_or(status != InviteStatus::Deleted, |asked| asked == status)
                && is_found(query.q.as_deref().unwrap(), row.label.as_deref().unwrap_or_default())
        });
        assert_eq!(found.await, expected, "{query:?}");
    }

    async fn check_accounts(&self, app: &TestApp, query: &AccountQuery) {
        let found = pages(
            query.paging.limit,
            |row: &domain::accounts::AccountRow| row.account.id.0,
            async |paging| members::list(&app.ctx, &self.owner, &AccountQuery { paging, ..query.clone() }).await,
        );
        let position = |row: &accounts::entity::Model| (row.created_at, row.id);
        let expected = expected(&self.accounts, Order::Descending, position, |row| {
            let status = accounts::store::account(row, app.ctx.now()).unwrap().status;
            query.filter.status.is_none_or(|asked| asked == status)
                && is_found(query.filter.q.as_deref().unwrap(), &texts(row))
        });
        assert_eq!(found.await, expected, "{query:?}");
    }

    async fn check_redemptions(&self, app: &TestApp, query: &RedemptionQuery) {
        let found = pages(
            query.paging.limit,
            |row: &domain::redemptions::Redemption| row.id.0,
            async |paging| redemptions::list(&app.ctx, &self.owner, &RedemptionQuery { paging, ..query.clone() }).await,
        );
        let accounts: HashMap<_, _> = self.accounts.iter().map(|row| (row.id, row)).collect();
        let invites: HashMap<_, _> = self.invites.iter().map(|row| (row.id, row)).collect();
        let position = |row: &redemptions::entity::Model| (row.created_at, row.id);
        let expected = expected(&self.redemptions, Order::Descending, position, |row| {
            let (account, invite) = (accounts[&row.account_id], invites[&row.invite_id]);
            let (account, label) = (texts(account), invite.label.as_deref().unwrap_or_default());
            let q = query.q.as_deref().unwrap();
            let mut terms = q.split_whitespace().filter(|term| !Terms::parse(term).is_empty()).peekable();
            query.invite.is_none_or(|asked| asked.0 == invite.id)
                && terms.peek().is_some()
                && terms.all(|term| is_found(term, &account) || is_found(term, label))
        });
        assert_eq!(found.await, expected, "{query:?}");
    }
}

fn texts(row: &accounts::entity::Model) -> String {
    format!("{} {} {}", row.name.as_deref().unwrap_or_default(), row.username, row.email)
}

/// Random searches in random rows find the same on both databases, and what the rules say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_find_what_the_rules_say() {
    let mut runner = TestRunner::default();
    let seed = Seed::new(&mut runner);
    let apps = [TestApp::sqlite().await, TestApp::postgres().await];
    let rows = [seed.insert(&apps[0]).await, seed.insert(&apps[1]).await];
    // So that some invites have expired.
    for app in &apps {
        app.advance(Duration::from_secs(200));
    }
    let limit = (60..=200_u64).prop_map(|limit| Paging { cursor: None, limit: Limit::try_from(limit).unwrap() });
    let sort = select(&[InviteSort::Created, InviteSort::Created, InviteSort::Expires, InviteSort::Used][..]);
    let order = select(&[Order::Ascending, Order::Descending][..]);
    let status = proptest::option::of(select(&InviteStatus::ALL[..]));
    let asked = (query(), limit, sort, order, status, proptest::option::weighted(0.2, 0..97_usize));
    for _ in 0..24 {
        let (q, paging, sort, order, status, invite) = sample(&mut runner, &asked);
        if q.trim().is_empty() {
            continue;
        }
        let q = Some(q);
        let status_of_account = status.map(|status| domain::accounts::AccountStatus::ALL[status as usize % 4]);
        for (app, rows) in apps.iter().zip(&rows) {
            rows.check_invites(app, &InviteQuery { q: q.clone(), status, sort, order, paging }).await;
            rows.check_accounts(
                app,
                &AccountQuery {
                    filter: AccountFilter { q: q.clone(), status: status_of_account, ..AccountFilter::default() },
                    paging,
                    ..AccountQuery::default()
                },
            )
            .await;
            let invite = invite.map(|number| rows.invites[number].id).map(domain::ids::InviteId);
            rows.check_redemptions(app, &RedemptionQuery { q: q.clone(), invite, account: None, paging }).await;
        }
    }
    for app in apps {
        app.finish().await;
    }
}

on_both_databases! {
    async fn an_index_that_is_wrong_or_old_is_noticed_and_rebuilt(app: &TestApp) {
        let db = &app.ctx.db().write;
        let mut runner = TestRunner::default();
        Seed::new(&mut runner).insert(app).await;
        assert_eq!(mismatches(db).await.unwrap(), 0);
        let entries = "SELECT (SELECT COUNT(*) FROM invite_words) + (SELECT COUNT(*) FROM account_words)";
        let complete = app.number(entries).await;

        for wrong in [
            "DELETE FROM invite_words WHERE word = 'kiln'",
            "UPDATE account_words SET word = 'someone' WHERE word = 'person7'",
            "UPDATE accounts SET words = ' else' WHERE username = 'person8'",
        ] {
            app.execute(wrong).await;
            assert_ne!(mismatches(db).await.unwrap(), 0, "{wrong}");
            update(db).await.unwrap();
            assert_ne!(mismatches(db).await.unwrap(), 0, "what has the right version is not computed again");
            forget(db).await.unwrap();
            update(db).await.unwrap();
            assert_eq!(mismatches(db).await.unwrap(), 0, "{wrong}");
        }

        app.execute("UPDATE accounts SET words = NULL WHERE username LIKE 'person1%'").await;
        assert_ne!(mismatches(db).await.unwrap(), 0);
        update(db).await.unwrap();
        assert_eq!(mismatches(db).await.unwrap(), 0, "rows without words are found without computing all");
        assert_eq!(app.number(entries).await, complete);
    }

    async fn deleting_a_row_deletes_its_entries(app: &TestApp) {
        app.account("mateo", Role::User).await;
        app.execute("DELETE FROM accounts").await;
        assert_eq!(app.number("SELECT COUNT(*) FROM account_words").await, 0);
        app.execute("DELETE FROM daily_counts").await;
    }
}

/// The plan of a query.
async fn plan(app: &TestApp, query: &impl QueryTrait) -> String {
    let query = query.build(sea_orm::DbBackend::Sqlite);
    let explain = sea_orm::Statement { sql: format!("EXPLAIN QUERY PLAN {}", query.sql), ..query };
    let rows = app.ctx.db().read.query_all_raw(explain).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
}

/// A search that finds many reads the first of them in the order of the list, and never all.
#[tokio::test]
async fn the_first_matches_are_read_in_order_from_an_index() {
    use invites::entity::{Column, Entity};
    let app = TestApp::sqlite().await;
    let terms = Terms::parse("kil");
    let by_age = ByAge { index: &INVITES, words: vec!["kiln".into(), "kilns".into()], also: None };
    let search = Candidates {
        ids: INVITES.ids(Word::Beginning("kil")),
        matches: INVITES.matches(&terms),
        many: true,
        by_age: Some(by_age),
    };
    let cursor = "n0000000000000000".to_owned() + &"0".repeat(32);
    for sort in [InviteSort::Created, InviteSort::Expires, InviteSort::Used] {
        let key = invites::store::sort_key(sort);
        let paging = Paging { cursor: Some(cursor.parse().unwrap()), limit: Limit::default() };
        let id = Expr::col((Entity, Column::Id));
        let seek = Seek { key, id, by_age: sort == InviteSort::Created, text: None, order: Order::Descending, paging };
        let list = Entity::find().filter(invites::store::with_status(None, app.ctx.now()));
        for first in seek.first_matches(&list, &search) {
            let plan = plan(&app, &first).await;
            if sort == InviteSort::Created {
                let in_order = "SEARCH invite_words USING PRIMARY KEY (word=? AND (created_at,id)<(?,?))";
                assert_eq!(plan.matches(in_order).count(), 2, "{plan}");
                assert!(plan.contains("SEARCH invites USING INDEX sqlite_autoindex_invites_1 (id=?)"), "{plan}");
                assert!(!plan.contains("SCAN invite"), "{plan}");
            } else {
                assert!(plan.contains("SEARCH invites USING INDEX invites_"), "{plan}");
            }
        }
        let all = seek.among(list, search.ids.clone(), search.matches.clone());
        let plan = plan(&app, &all).await;
        assert!(plan.contains("SEARCH invite_words USING PRIMARY KEY (word>? AND word<?)"), "{plan}");
        assert!(plan.contains("SEARCH invites USING INDEX sqlite_autoindex_invites_1 (id=?)"), "{plan}");
    }
    app.finish().await;
}
