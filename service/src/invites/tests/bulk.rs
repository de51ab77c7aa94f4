//! The same act on several invites.

use domain::access::grantable;
use domain::accounts::AccountDraft;
use domain::groups::{GroupDraft, MembersDraft};
use domain::invites::{BulkAct, BulkChange, BulkDraft, BulkOutcome, BulkRefusal, BulkSelection, NewEnd};
use domain::text::Label;

use super::*;
use crate::platform::inserts::Inserts;
use crate::{groups, members};

fn named(act: BulkAct, ids: &[InviteId]) -> BulkChange {
    BulkChange { act, selection: BulkSelection::Ids(ids.to_vec()), as_of: None }
}

fn matching(act: BulkAct, q: Option<&str>, status: Option<InviteStatus>) -> BulkChange {
    let query = InviteQuery { q: q.map(str::to_owned), status, ..InviteQuery::default() };
    BulkChange { act, selection: BulkSelection::Matching(query), as_of: None }
}

/// Does it, after asserting that the count before says the same and changes nothing.
async fn act(app: &TestApp, actor: &Actor, change: BulkChange) -> BulkOutcome {
    let log = "SELECT COUNT(*) FROM audit_log";
    let before = app.number(log).await;
    let counted = count_changes(&app.ctx, actor, change.clone()).await.unwrap();
    assert_eq!(app.number(log).await, before);
    let outcome = change_all(&app.ctx, actor, change).await.unwrap();
    assert_eq!(counted, outcome);
    assert_eq!(app.number(log).await - before, i64::from(outcome.changed), "one line for each that changed");
    outcome
}

/// How many were changed, were so already, and were refused.
fn numbers(outcome: &BulkOutcome) -> (u32, u32, Vec<(Code, u32)>) {
    let mut refused: Vec<_> = outcome.refused.iter().map(|BulkRefusal { code, count }| (*code, *count)).collect();
    refused.sort_by_key(|(code, _)| code.as_str());
    (outcome.changed, outcome.unchanged, refused)
}

async fn labelled(app: &TestApp, actor: &Actor, label: &str) -> InviteId {
    app.invite(actor, InviteDraft { label: Patch::Set(label.to_owned()), ..InviteDraft::default() }).await.id
}

async fn status(app: &TestApp, actor: &Actor, id: InviteId) -> InviteStatus {
    get(&app.ctx, actor, id).await.unwrap().status
}

/// Inserts invites of an author, which are older by a second each.
async fn seed(app: &TestApp, author: &Actor, count: u64) {
    let mut rows = Vec::new();
    for number in 0..count {
        let code = random_code(&app.ctx, 12).unwrap();
        let id = app.ctx.randomness().uuid(START);
        let label = if number % 2 == 0 { "Kiln" } else { "Wheel" };
        let terms = Terms { label: Some(Label::stored(label)), ..Terms::default() };
        let made = START.minus(Duration::from_secs(number));
        rows.push(store::new_row(&app.ctx, id, (CodeKind::Random, &code), terms, author.id(), made).unwrap());
    }
    for rows in rows.chunks(500) {
        let mut inserts = Inserts::default();
        store::add(&mut inserts, rows.to_vec(), &[]);
        inserts.exec(&app.ctx.db().write).await.unwrap();
    }
}

on_both_databases! {
    async fn several_are_changed_as_one_would_be(app: &TestApp) {
        let owner = app.owner().await;
        let draft = || InviteDraft { expires_in_hours: Patch::Set(24), ..InviteDraft::default() };
        let (alone, other, forever) = (
            app.invite(&owner, draft()).await.id,
            app.invite(&owner, draft()).await.id,
            app.invite(&owner, InviteDraft::default()).await.id,
        );
        app.advance(Duration::from_secs(1));
        // Each act on one invite alone, and on another together with further ones: both are the same afterwards.
        let same = async |act: &str| {
            let mut both = Vec::new();
            for id in [alone, other] {
                let invite = get(&app.ctx, &owner, id).await.unwrap();
                let gone = invite.code.is_none();
                both.push((invite.terms, invite.status, invite.paused_at, invite.deleted_at, gone));
            }
            assert_eq!(both[0], both[1], "{act}");
            let updated = app.number("SELECT COUNT(DISTINCT updated_at) FROM invites WHERE expires_at IS NOT NULL").await;
            assert_eq!(updated, 1, "{act}");
        };
        pause(&app.ctx, &owner, alone).await.unwrap();
        pause(&app.ctx, &owner, forever).await.unwrap();
        let outcome = act(app, &owner, named(BulkAct::Pause, &[other, forever])).await;
        assert_eq!(numbers(&outcome), (1, 1, vec![]));
        same("pause").await;
        app.advance(Duration::from_secs(1));
        resume(&app.ctx, &owner, alone).await.unwrap();
        assert_eq!(numbers(&act(app, &owner, named(BulkAct::Resume, &[other, forever])).await), (2, 0, vec![]));
        same("resume").await;

        let end = app.ctx.now().plus(Duration::from_hours(48));
        extend(&app.ctx, &owner, alone, Some(end)).await.unwrap();
        let to = BulkAct::Extend(NewEnd::At(end));
        assert_eq!(numbers(&act(app, &owner, named(to, &[other, forever])).await), (1, 1, vec![]), "one never ends");
        same("extend to").await;
        let sooner = BulkAct::Extend(NewEnd::At(app.ctx.now().plus(Duration::from_hours(1))));
        assert_eq!(numbers(&act(app, &owner, named(sooner, &[other, forever])).await), (0, 2, vec![]), "never shortened");
        app.advance(Duration::from_secs(1));
        extend(&app.ctx, &owner, alone, Some(end.plus(Duration::from_hours(72)))).await.unwrap();
        let by_days = BulkAct::Extend(NewEnd::ByDays(3));
        assert_eq!(numbers(&act(app, &owner, named(by_days, &[other, forever])).await), (1, 1, vec![]));
        same("extend by").await;
        // Of an end that has passed, days count from now.
        app.advance(Duration::from_hours(400));
        assert_eq!(status(app, &owner, other).await, InviteStatus::Expired);
        extend(&app.ctx, &owner, alone, Some(app.ctx.now().plus(Duration::from_hours(72)))).await.unwrap();
        assert_eq!(act(app, &owner, named(by_days, &[other])).await.changed, 1);
        same("extend an expired one by").await;

        delete(&app.ctx, &owner, alone).await.unwrap();
        assert_eq!(numbers(&act(app, &owner, named(BulkAct::Delete, &[alone, other])).await), (1, 1, vec![]));
        same("delete").await;
        assert_eq!(status(app, &owner, forever).await, InviteStatus::Active, "it was not named");
    }

    async fn what_cannot_be_changed_is_counted_by_reason_and_leaves_the_others(app: &TestApp) {
        let owner = app.owner().await;
        let (of_owner, gone) = (labelled(app, &owner, "Theirs").await, labelled(app, &owner, "Gone").await);
        delete(&app.ctx, &owner, gone).await.unwrap();
        let nothing = InviteId(app.ctx.randomness().uuid(START));
        let sees = SettingsDraft {
            moderator_permissions: Some(
                Permission::InvitesView | Permission::InvitesCreate | Permission::InvitesCreateMulti,
            ),
            ..SettingsDraft::default()
        };
        settings::update(&app.ctx, &owner, sees.parse().unwrap()).await.unwrap();
        let moderator = app.account("mo", Role::Moderator).await;
        let own = labelled(app, &moderator, "Own").await;

        let all = [of_owner, gone, nothing, own];
        let by_moderator = act(app, &moderator, named(BulkAct::Pause, &all)).await;
        assert_eq!(numbers(&by_moderator), (1, 0, vec![(Code::Forbidden, 3)]), "nothing is said of those of others");
        let by_owner = act(app, &owner, named(BulkAct::Pause, &all)).await;
        assert_eq!(numbers(&by_owner), (1, 1, vec![(Code::InviteDeleted, 1), (Code::NotFound, 1)]));
        assert_eq!(numbers(&act(app, &moderator, matching(BulkAct::Delete, None, None)).await), (1, 0, vec![(Code::Forbidden, 1)]));
        assert_eq!((status(app, &owner, of_owner).await, status(app, &owner, own).await), (InviteStatus::Paused, InviteStatus::Deleted));

        let member = app.account("una", Role::User).await;
        for refused in [
            change_all(&app.ctx, &member, named(BulkAct::Pause, &all)).await,
            count_changes(&app.ctx, &member, matching(BulkAct::Pause, None, None)).await,
        ] {
            assert_eq!(failure(refused).code, Code::Forbidden);
        }
    }

    async fn access_that_ends_earlier_is_not_outlasted(app: &TestApp) {
        let owner = app.owner().await;
        let with = |json: &str| app.invite(&owner, typed(json));
        let short = with(r#"{"expires_in_hours":24,"ends":{"of":"account","at":"2027-01-17T00:00:00Z"}}"#).await.id;
        let other = with(r#"{"expires_in_hours":24}"#).await.id;
        let change = || named(BulkAct::Extend(NewEnd::ByDays(30)), &[short, other]);
        assert_eq!(numbers(&act(app, &owner, change()).await), (1, 0, vec![(Code::Invalid, 1)]));
    }

    async fn a_list_is_changed_as_it_was_counted(app: &TestApp) {
        let owner = app.owner().await;
        let (first, second) = (labelled(app, &owner, "Open evening 1").await, labelled(app, &owner, "Open evening 2").await);
        let other = labelled(app, &owner, "Course").await;
        let paused = labelled(app, &owner, "Open evening 3").await;
        pause(&app.ctx, &owner, paused).await.unwrap();
        let active = Some(InviteStatus::Active);
        let counted = count_changes(&app.ctx, &owner, matching(BulkAct::Pause, Some("open"), active)).await.unwrap();
        assert_eq!((numbers(&counted), counted.more), ((2, 0, vec![]), false));
        app.advance(Duration::from_secs(1));
        let late = labelled(app, &owner, "Open evening 4").await;
        let change = BulkChange { as_of: Some(counted.as_of), ..matching(BulkAct::Pause, Some("open"), active) };
        assert_eq!(numbers(&act(app, &owner, change).await), (2, 0, vec![]));
        for (id, is) in [
            (first, InviteStatus::Paused),
            (second, InviteStatus::Paused),
            (other, InviteStatus::Active),
            (late, InviteStatus::Active),
        ] {
            assert_eq!(status(app, &owner, id).await, is);
        }
        // A code finds its invite, a search without a match none, and an instant to come is the present.
        let found = get(&app.ctx, &owner, other).await.unwrap();
        assert_eq!(act(app, &owner, matching(BulkAct::Pause, Some(code(&found)), None)).await.changed, 1);
        assert_eq!(act(app, &owner, matching(BulkAct::Delete, Some("nothing has this"), None)).await.total(), 0);
        let to_come = BulkChange { as_of: Timestamp::parse("2099-01-01T00:00:00Z"), ..matching(BulkAct::Pause, None, active) };
        let outcome = act(app, &owner, to_come).await;
        assert_eq!((outcome.changed, outcome.as_of), (1, app.ctx.now()));
    }

    async fn an_extension_by_days_that_is_repeated_extends_once(app: &TestApp) {
        let owner = app.owner().await;
        let id = app.invite(&owner, InviteDraft { expires_in_hours: Patch::Set(24), ..InviteDraft::default() }).await.id;
        let as_of = Some(app.ctx.now());
        app.advance(Duration::from_secs(1));
        for (changed, unchanged) in [(1, 0), (0, 1)] {
            let change = BulkChange { as_of, ..matching(BulkAct::Extend(NewEnd::ByDays(1)), None, None) };
            assert_eq!(numbers(&act(app, &owner, change).await), (changed, unchanged, vec![]));
        }
        let expires_at = get(&app.ctx, &owner, id).await.unwrap().terms.expires_at;
        assert_eq!(expires_at, Some(START.plus(Duration::from_hours(48))));
    }

    /// Everything that decides whether an author may still grant: each invite is resumed, or refused, as it is alone.
    async fn resuming_several_asks_of_each_author_what_resuming_one_does(app: &TestApp) {
        let owner = app.owner().await;
        let group = async |name: &str, permissions: Permissions| {
            let draft = GroupDraft {
                name: Patch::Set(name.to_owned()),
                permissions: Patch::Set(permissions),
                ..GroupDraft::default()
            };
            groups::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().id
        };
        let manage = async |group, names: &[&str], manager| {
            let accounts = names.iter().map(|&name| name.to_owned()).collect();
            let draft = MembersDraft { accounts, manager: Some(manager), ..MembersDraft::default() };
            groups::add_members(&app.ctx, &owner, group, draft).await.unwrap();
        };
        let (plain, strong) = (group("Plain", Permissions::empty()).await, group("Strong", Permission::AccountsView.into()).await);
        let mut ids = Vec::new();
        for (name, role) in
            [("mo", Role::Moderator), ("ada", Role::Admin), ("eva", Role::Admin), ("una", Role::User), ("otto", Role::User)]
        {
            app.account(name, role).await;
            if role == Role::User {
                manage(plain, &[name], true).await;
            }
            let author = operator::act_as(&app.ctx, Some(name)).await.unwrap();
            for draft in [
                "{}".to_owned(),
                r#"{"role":"moderator"}"#.to_owned(),
                format!(r#"{{"groups":["{plain}"]}}"#),
                format!(r#"{{"groups":["{plain}","{strong}"]}}"#),
                format!(r#"{{"max_uses":1,"groups":["{plain}"]}}"#),
            ] {
                if let Ok(invite) = create(&app.ctx, &author, typed(&draft).parse(START).unwrap()).await {
                    ids.push(invite.id);
                }
            }
        }
        assert!(ids.len() > 10, "{}", ids.len());
        let admin = r#"{"role":"admin","max_uses":1,"email":"new@postbox.example"}"#;
        ids.push(app.invite(&owner, typed(admin)).await.id);
        assert_eq!(act(app, &owner, matching(BulkAct::Pause, None, None)).await.changed, u32::try_from(ids.len()).unwrap());
        // What has changed since: one is suspended, one has another role, one manages nothing.
        let of = async |name: &str| operator::act_as(&app.ctx, Some(name)).await.unwrap().id();
        members::suspend(&app.ctx, &owner, of("eva").await).await.unwrap();
        let lower = AccountDraft { role: Patch::Set("user".to_owned()), ..AccountDraft::default() };
        members::update(&app.ctx, &owner, of("mo").await, lower).await.unwrap();
        manage(plain, &["otto"], false).await;

        let by_admin = operator::act_as(&app.ctx, Some("ada")).await.unwrap();
        for actor in [by_admin, owner.clone()] {
            let outcome = act(app, &actor, named(BulkAct::Resume, &ids)).await;
            let resumed = async |id: InviteId| get(&app.ctx, &owner, id).await.unwrap().paused_at.is_none();
            let mut together = Vec::new();
            for id in &ids {
                together.push(resumed(*id).await);
            }
            let count = together.iter().filter(|resumed| **resumed).count();
            assert_eq!((outcome.changed + outcome.unchanged) as usize, count);
            assert!(count > 3 && count < ids.len(), "{count} of {}", ids.len());
            app.execute("UPDATE invites SET paused_at = created_at").await;
            for (id, together) in ids.iter().zip(together) {
                let alone = resume(&app.ctx, &actor, *id).await;
                assert_eq!(alone.is_ok(), together, "{id}: {alone:?}");
            }
            app.execute("UPDATE invites SET paused_at = created_at").await;
        }
    }

    async fn thousands_are_changed_in_few_statements(app: &TestApp) {
        let owner = app.owner().await;
        seed(app, &owner, 2_100).await;
        let is_postgres = app.ctx.db().write.get_database_backend() == DbBackend::Postgres;
        if is_postgres {
            app.execute(
                "CREATE TABLE statements (name TEXT);
                 CREATE FUNCTION count_statement() RETURNS trigger AS
                 $$ BEGIN INSERT INTO statements VALUES (TG_TABLE_NAME); RETURN NULL; END $$ LANGUAGE plpgsql;
                 CREATE TRIGGER count_updates AFTER UPDATE ON invites FOR EACH STATEMENT EXECUTE FUNCTION count_statement();
                 CREATE TRIGGER count_inserts AFTER INSERT ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION count_statement()",
            )
            .await;
        }
        let all = || matching(BulkAct::Pause, None, Some(InviteStatus::Active));
        let counted = count_changes(&app.ctx, &owner, all()).await.unwrap();
        assert_eq!((counted.changed, counted.more), (1_000, true), "counted up to a bound");
        let outcome = change_all(&app.ctx, &owner, all()).await.unwrap();
        assert_eq!((numbers(&outcome), outcome.more), ((2_100, 0, vec![]), false));
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE paused_at IS NULL").await, 0);
        assert_eq!(app.number("SELECT COUNT(DISTINCT subject_id) FROM audit_log WHERE action = 'invite.pause'").await, 2_100);
        if is_postgres {
            assert_eq!(app.number("SELECT COUNT(*) FROM statements WHERE name = 'invites'").await, 5);
            assert_eq!(app.number("SELECT COUNT(*) FROM statements WHERE name = 'audit_log'").await, 5);
        }
        // A search with more matches than are sorted at once.
        let resumed = change_all(&app.ctx, &owner, matching(BulkAct::Resume, Some("kiln"), None)).await.unwrap();
        assert_eq!(numbers(&resumed), (1_050, 0, vec![]));
        let label = "SELECT COUNT(*) FROM invites WHERE paused_at IS NULL AND label = 'Kiln'";
        assert_eq!(app.number(label).await, 1_050);
        let extended = change_all(&app.ctx, &owner, matching(BulkAct::Extend(NewEnd::ByDays(1)), None, None)).await.unwrap();
        assert_eq!(numbers(&extended), (0, 2_100, vec![]), "they never end");
        let deleted = change_all(&app.ctx, &owner, matching(BulkAct::Delete, None, None)).await.unwrap();
        assert_eq!(deleted.changed, 2_100);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE code_sealed IS NOT NULL").await, 0);
    }

    async fn of_two_at_once_each_invite_is_changed_by_one(app: &TestApp) {
        let owner = app.owner().await;
        seed(app, &owner, 600).await;
        let ids: Vec<InviteId> = list(&app.ctx, &owner, &InviteQuery::default()).await.unwrap().items.iter().map(|invite| invite.id).collect();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..6 {
            let (ctx, owner, ids) = (app.ctx.clone(), owner.clone(), ids.clone());
            let change = match number % 3 {
                0 => named(BulkAct::Pause, &ids),
                1 => matching(BulkAct::Pause, Some("kiln"), None),
                _ => matching(BulkAct::Pause, None, Some(InviteStatus::Active)),
            };
            tasks.spawn(async move { change_all(&ctx, &owner, change).await });
        }
        let changed: u32 = tasks.join_all().await.into_iter().map(|outcome| outcome.unwrap().changed).sum();
        assert_eq!(changed, 600);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'invite.pause'").await, 600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_permissions_but_that_to_see_the_list_are_not_enough() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let id = labelled(&app, &owner, "Theirs").await;
    app.account("una", Role::User).await;
    app.grant("una", grantable() - Permission::InvitesView).await;
    let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();
    let draft: BulkDraft = serde_json::from_str(&format!(r#"{{"action":"delete","ids":["{id}"]}}"#)).unwrap();
    let refused = change_all(&app.ctx, &una, draft.parse(START).unwrap()).await;
    assert_eq!(failure(refused).code, Code::Forbidden);
    app.finish().await;
}
