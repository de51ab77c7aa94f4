use std::time::Duration;

use domain::access::{Permission, Permissions};
use domain::accounts::Role;
use domain::audit::{AuditDetail, AuditEntry, AuditFilter, AuditQuery, OriginatorKind};
use domain::events::{Action, SubjectKind};
use domain::ids::AccountId;
use domain::invites::InviteDraft;
use domain::paging::{Limit, Paging};
use domain::{Code, Patch, Timestamp};
use sea_orm::{ConnectionTrait, QueryTrait, Statement};
use uuid::Uuid;

use super::*;
use crate::testing::{START, TestApp, code, failure, on_both_databases};
use crate::{Client, Via, groups, invites, keys, members, sessions};

/// The actions that a filter lists, on pages of two, newest first; and the same read backwards from the end.
async fn actions(app: &TestApp, actor: &Actor, filter: &AuditFilter) -> Vec<String> {
    let limit = Limit::try_from(2).unwrap();
    let read = async |cursor| {
        let query = AuditQuery { filter: filter.clone(), paging: Paging { cursor, limit } };
        list(&app.ctx, actor, &query).await.unwrap()
    };
    let mut pages = vec![read(None).await];
    while let Some(next) = pages.last().unwrap().next_cursor {
        pages.push(read(Some(next)).await);
    }
    let mut last = pages.last().unwrap().clone();
    for page in pages.iter().rev().skip(1) {
        last = read(last.previous_cursor).await;
        assert_eq!(last.items, page.items, "the page before is the one that was read before");
    }
    pages.into_iter().flat_map(|page| page.items).map(|entry| entry.action).collect()
}

async fn entries(app: &TestApp, actor: &Actor, filter: AuditFilter) -> Vec<AuditEntry> {
    list(&app.ctx, actor, &AuditQuery { filter, ..AuditQuery::default() }).await.unwrap().items
}

fn of_kind(kind: SubjectKind) -> AuditFilter {
    AuditFilter { kind: Some(kind), ..AuditFilter::default() }
}

/// A member whose group grants the audit log and `besides`.
async fn reader(app: &TestApp, username: &str, besides: Permissions) -> Actor {
    app.account(username, Role::User).await;
    app.grant(username, besides | Permission::AuditView).await;
    crate::operations::operator::act_as(&app.ctx, Some(username)).await.unwrap()
}

on_both_databases! {
    async fn the_log_is_for_those_who_may_see_it(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("ines", Role::Admin).await;
        let moderator = app.account("mo", Role::Moderator).await;
        let query = AuditQuery::default();
        assert_eq!(list(&app.ctx, &owner, &query).await.unwrap().items.len(), 3);
        assert_eq!(list(&app.ctx, &admin, &query).await.unwrap().items.len(), 3);
        assert_eq!(failure(list(&app.ctx, &moderator, &query).await).code, Code::Forbidden);
    }

    async fn each_filter_lists_what_it_says_and_pages_both_ways(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("ines", Role::Admin).await;
        let invite = app.invite(&owner, InviteDraft::default()).await.id;
        app.advance(Duration::from_hours(1));
        let later = app.ctx.now();
        invites::pause(&app.ctx, &admin, invite).await.unwrap();
        let other = app.invite(&admin, InviteDraft::default()).await.id;
        invites::resume(&app.ctx, &owner, invite).await.unwrap();
        app.group(&owner, "Potters", &["ines"]).await;
        app.advance(Duration::from_hours(1));
        invites::delete(&app.ctx, &admin, other).await.unwrap();

        let all = ["invite.delete", "group.add_members", "group.create", "invite.resume", "invite.create", "invite.pause",
            "invite.create", "account.create", "account.create"];
        let none = AuditFilter::default;
        let by_admin = AuditFilter { actor: Some(admin.id()), ..none() };
        let [created, paused] = [Action::InviteCreated, Action::InvitePaused];
        for (filter, expected) in [
            (none(), &all[..]),
            (by_admin.clone(), &["invite.delete", "invite.create", "invite.pause"]),
            (AuditFilter { subject: Some(invite.0), ..none() }, &["invite.resume", "invite.pause", "invite.create"]),
            (AuditFilter { actions: vec![created], ..none() }, &["invite.create", "invite.create"]),
            (AuditFilter { actions: vec![created, paused], ..none() }, &["invite.create", "invite.pause", "invite.create"]),
            (of_kind(SubjectKind::Group), &["group.add_members", "group.create"]),
            (of_kind(SubjectKind::Invite), &["invite.delete", "invite.resume", "invite.create", "invite.pause", "invite.create"]),
            (AuditFilter { actions: vec![created], ..of_kind(SubjectKind::Group) }, &[]),
            (AuditFilter { actions: vec![created, paused], ..by_admin.clone() }, &["invite.create", "invite.pause"]),
            (AuditFilter { kind: Some(SubjectKind::Invite), ..by_admin.clone() }, &["invite.delete", "invite.create", "invite.pause"]),
            (AuditFilter { from: Some(later), ..by_admin.clone() }, &["invite.delete", "invite.create", "invite.pause"]),
            (AuditFilter { until: Some(later), ..none() }, &all[6..]),
            (AuditFilter { from: Some(later), until: Some(app.ctx.now()), ..none() }, &all[1..6]),
            (AuditFilter { from: Some(later), ..of_kind(SubjectKind::Account) }, &[]),
            (AuditFilter { actor: Some(AccountId(Uuid::nil())), ..none() }, &[]),
        ] {
            let found = actions(app, &owner, &filter).await;
            // Of several at one instant, the ids decide.
            let sorted = |mut of: Vec<String>| { of.sort(); of };
            assert_eq!(sorted(found), sorted(expected.iter().map(|&action| action.to_owned()).collect()), "{filter:?}");
        }
        let times: Vec<_> = entries(app, &owner, none()).await.iter().map(|entry| entry.created_at).collect();
        assert!(times.is_sorted_by(|one, next| one >= next), "newest first");
    }

    async fn an_entry_says_who_did_what_from_where_to_what(app: &TestApp) {
        let owner = app.owner().await;
        let label = InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() };
        let client = Client { ip: Some("203.0.113.77".parse().unwrap()), user_agent: None };
        let with_key = Actor { via: Via::ApiKey(domain::ids::KeyId(Uuid::nil())), client, ..owner.clone() };
        let invite = app.invite(&with_key, label).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        let group = app.group(&owner, "Potters", &["mateo"]).await;

        let of_invite = entries(app, &owner, AuditFilter { subject: Some(invite.id.0), ..AuditFilter::default() }).await;
        let [created] = &of_invite[..] else { panic!("an invite that was created has one entry") };
        assert_eq!((created.action.as_str(), created.subject.label.as_deref()), ("invite.create", Some("Open evening")));
        assert_eq!((created.originator.kind, created.client_ip.as_deref()), (OriginatorKind::ApiKey, Some("203.0.113.77")));
        assert_eq!(created.originator.account.as_ref().unwrap().id, owner.id());
        assert_eq!(created.detail.fields().unwrap()["label"], "Open evening");
        assert!(!created.detail.fields().unwrap().contains_key("invite"), "the subject has a field of its own");

        let signed_up = AuditFilter { actions: vec![Action::AccountSignedUp], ..AuditFilter::default() };
        let sign_ups = entries(app, &owner, signed_up).await;
        let [signed_up] = &sign_ups[..] else { panic!("one sign-up") };
        assert_eq!((signed_up.originator.kind, &signed_up.originator.account), (OriginatorKind::Visitor, &None));
        assert_eq!(signed_up.subject.label.as_deref(), Some("mateo"));
        assert_eq!(signed_up.names[&invite.id.0], "Open evening");

        let added = AuditFilter { actions: vec![Action::GroupMembersAdded], ..AuditFilter::default() };
        let additions = entries(app, &owner, added).await;
        let [added] = &additions[..] else { panic!("one addition") };
        assert_eq!((added.originator.kind, added.subject.label.as_deref()), (OriginatorKind::Operator, Some("Potters")));
        assert_eq!(added.names[&mateo.0], "mateo");
        groups::delete(&app.ctx, &owner, group).await.unwrap();
        let gone = entries(app, &owner, AuditFilter { subject: Some(group.0), ..AuditFilter::default() }).await;
        assert!(gone.iter().all(|entry| entry.subject.label.is_none()), "a group that no longer exists has no name");
    }

    async fn an_event_is_shown_to_those_who_may_see_what_it_is_about(app: &TestApp) {
        let owner = app.owner().await;
        let label = InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() };
        let invite = app.invite(&owner, label).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        app.group(&owner, "Potters", &["mateo"]).await;
        let name = domain::text::KeyName::parse("script").unwrap();
        keys::create(&app.ctx, &owner, name, domain::keys::KeyScope::Full, None).await.unwrap();

        let nothing_else = reader(app, "lena", Permissions::empty()).await;
        let of = AuditFilter { until: Some(app.ctx.now().plus(Duration::from_secs(1))), ..AuditFilter::default() };
        for entry in entries(app, &nothing_else, of.clone()).await {
            assert!(entry.originator.account.is_none_or(|account| account.username.is_some()), "who is always said");
            match entry.subject.kind.as_str() {
                "api_key" => assert_eq!(entry.detail.fields().map(serde_json::Map::len), Some(0)),
                "account" => assert_eq!((&entry.detail, entry.subject.label.is_some()), (&AuditDetail::Hidden, true)),
                _ => assert_eq!((entry.detail, entry.subject.label), (AuditDetail::Hidden, None), "{}", entry.action),
            }
            assert!(entry.names.is_empty());
        }
        let with_invites = reader(app, "ida", Permission::InvitesView.into()).await;
        let shown = |entries: Vec<AuditEntry>| -> Vec<String> {
            let shown = entries.into_iter().filter(|entry| entry.detail.fields().is_some());
            shown.filter(|entry| entry.subject.kind != "api_key").map(|entry| entry.subject.kind).collect()
        };
        assert_eq!(shown(entries(app, &with_invites, of.clone()).await), ["invite"]);
        let with_accounts = reader(app, "olga", Permission::AccountsView.into()).await;
        let seen = entries(app, &with_accounts, of).await;
        let sign_up = seen.iter().find(|entry| entry.action == "account.sign_up").unwrap();
        assert!(!sign_up.names.contains_key(&invite.id.0), "the name of the invite is not for those who see accounts alone");
        assert!(!shown(seen).contains(&"invite".to_owned()));
    }

    async fn an_entry_has_no_invite_code(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let log = entries(app, &owner, AuditFilter::default()).await;
        assert!(!format!("{log:?}").contains(code(&invite)), "an invite without a name is not named by its code");
    }

    async fn nothing_personal_of_a_deleted_account_is_left(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        let client = Client { ip: Some("203.0.113.77".parse().unwrap()), user_agent: None };
        let draft = domain::sessions::SignInDraft { login: "mateo".into(), password: crate::testing::PASSWORD.into() };
        let token = sessions::sign_in(&app.ctx, &draft, &client).await.unwrap();
        let session = sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap();
        crate::me::rename(&app.ctx, &session.actor, domain::text::DisplayName::parse("Mateo Quispe").ok()).await.unwrap();
        let before = entries(app, &owner, AuditFilter { actor: Some(mateo), ..AuditFilter::default() }).await;
        assert!(format!("{before:?}").contains("Mateo Quispe") && format!("{before:?}").contains("203.0.113.77"));
        members::delete(&app.ctx, &owner, mateo).await.unwrap();
        for filter in [
            AuditFilter { actor: Some(mateo), ..AuditFilter::default() },
            AuditFilter { subject: Some(mateo.0), ..AuditFilter::default() },
        ] {
            let log = entries(app, &owner, filter).await;
            assert!(!log.is_empty(), "what was done stays");
            let text = format!("{log:?}");
            assert!(!text.contains("ateo") && !text.contains("203.0.113.77"), "{text}");
        }
    }

    async fn a_row_that_is_no_event_is_shown_by_its_action(app: &TestApp) {
        let owner = app.owner().await;
        let id = Uuid::from_u128(7);
        let row = Model {
            id,
            created_at: START.as_micros() + 1,
            actor_kind: "system".to_owned(),
            actor_id: None,
            action: "door.open".to_owned(),
            subject_kind: "door".to_owned(),
            subject_id: Some(id),
            client_ip: None,
            detail: r#"{"key":"1234"}"#.to_owned(),
        };
        let invite = Model { id: Uuid::from_u128(8), action: "invite.delete".into(), subject_kind: "invite".into(), ..row.clone() };
        for row in [row, invite] {
            use sea_orm::{EntityTrait, IntoActiveModel};
            let insert = audit::entity::Entity::insert(row.into_active_model());
            insert.exec_without_returning(&app.ctx.db().write).await.unwrap();
        }
        let log = entries(app, &owner, AuditFilter::default()).await;
        let [invite, door, _] = &log[..] else { panic!("{log:?}") };
        assert_eq!((door.action.as_str(), door.subject.kind.as_str()), ("door.open", "door"));
        assert_eq!((&door.detail, &door.subject.label), (&AuditDetail::Unreadable, &None), "what it has may be anything");
        assert_eq!((invite.action.as_str(), &invite.detail), ("invite.delete", &AuditDetail::Unreadable));
        app.execute("DELETE FROM audit_log WHERE actor_kind = 'system'").await;
    }
}

/// A log of this many entries in which nothing is as frequent as anything else.
async fn fill(app: &TestApp, rows: u32) {
    let actions: Vec<_> = Action::ALL.iter().map(|action| format!("'{action}'")).collect();
    let (uuid, pick, series) = match app.ctx.db().write.get_database_backend() {
        sea_orm::DbBackend::Postgres => (
            "lpad(to_hex(N), 32, '0')::uuid",
            format!("(ARRAY[{}])[1 + n % {}]", actions.join(","), actions.len()),
            format!("generate_series(1, {rows}) AS s (n)"),
        ),
        _ => (
            "unhex(printf('%032x', N))",
            format!(
                "json_extract('[{}]', '$[' || (n % {}) || ']')",
                actions.join(",").replace('\'', "\""),
                actions.len()
            ),
            format!(
                "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) SELECT n FROM s)"
            ),
        ),
    };
    let id = |of: &str| uuid.replace('N', of);
    app.execute(&format!(
        "INSERT INTO audit_log (id, created_at, actor_kind, actor_id, action, subject_kind, subject_id, client_ip, detail)
         SELECT {}, {} + n, 'session', {}, {pick}, 'invite', {}, '203.0.113.77', '{{}}' FROM {series}",
        id("(n + 1000000)"), START.as_micros(), id("(n % 11)"), id("(n % 13)"),
    ))
    .await;
    app.execute("ANALYZE").await;
}

on_both_databases! {
    async fn each_filter_is_a_range_of_an_index(app: &TestApp) {
        fill(app, 20_000).await;
        let db = &app.ctx.db().read;
        let backend = db.get_database_backend();
        let plan = async |query: &AuditQuery| {
            let query = store::select(query).unwrap().build(backend);
            let sqlite = backend == sea_orm::DbBackend::Sqlite;
            let how = if sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
            let explain = Statement { sql: format!("{how} {}", query.sql), ..query };
            let rows = db.query_all_raw(explain).await.unwrap();
            let line = |row: &sea_orm::QueryResult| row.try_get_by_index::<String>(if sqlite { 3 } else { 0 }).unwrap();
            rows.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        let none = AuditFilter::default;
        let (account, thing) = (AccountId(Uuid::from_u128(5)), Some(Uuid::from_u128(6)));
        let [created, paused] = [Action::InviteCreated, Action::InvitePaused];
        let days = (Some(START), Some(START.plus(Duration::from_hours(1))));
        for (filter, index) in [
            (none(), "audit_log_created"),
            (AuditFilter { actor: Some(account), ..none() }, "audit_log_actor"),
            (AuditFilter { subject: thing, ..none() }, "audit_log_subject"),
            (AuditFilter { actions: vec![created], ..none() }, "audit_log_action"),
            (AuditFilter { actions: vec![created, paused], ..none() }, "audit_log_action"),
            (of_kind(SubjectKind::Account), "audit_log_action"),
        ] {
            let (from, until) = days;
            for filter in [filter.clone(), AuditFilter { from, until, ..filter }] {
                let first = AuditQuery { filter: filter.clone(), ..AuditQuery::default() };
                let at = Timestamp::from_micros(START.as_micros() + 10_000);
                let cursor = domain::paging::Cursor {
                    direction: domain::paging::Direction::Next,
                    key: at.as_micros(),
                    id: Uuid::from_u128(10_000),
                };
                let next = AuditQuery { filter, paging: Paging { cursor: Some(cursor), limit: Limit::MAX } };
                for query in [first, next] {
                    let plan = plan(&query).await;
                    let several = query.filter.listed().filter(|actions| actions.len() > 1);
                    if backend == sea_orm::DbBackend::Postgres {
                        // Which index is cheaper depends on how many rows there are of each value.
                        assert!(!plan.contains("Seq Scan"), "{query:?}: {plan}");
                        continue;
                    }
                    assert!(plan.contains(index), "{query:?}: {plan}");
                    // Only the first rows of each of several actions are sorted.
                    let sorts = format!("{plan}\n").contains("SCAN audit_log\n") || plan.contains("TEMP B-TREE");
                    assert!(several.is_some() || !sorts, "{query:?}: {plan}");
                    let ranges = plan.matches("audit_log_action").count();
                    assert!(ranges >= several.map_or(0, |actions| actions.len()), "each action has its range: {plan}");
                }
            }
        }
        app.execute("DELETE FROM audit_log").await;
    }
}
