//! The limits of the invites of members, and the list of one's own.

use domain::invites::{Allowance, MemberLimits, QuotaPeriod};
use domain::redemptions::Guest;
use sea_orm::{QueryOrder, Statement};

use super::*;
use crate::redemptions;

const WEEK: Duration = Duration::from_hours(24 * 7);

/// Lets members create invites, for many people too.
async fn members_invite(app: &TestApp, owner: &Actor, limits: &str) {
    let mut draft: SettingsDraft = serde_json::from_str(limits).unwrap();
    draft.user_permissions = Some(Permission::InvitesCreate | Permission::InvitesCreateMulti);
    settings::update(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
}

/// The caller with this username, with the permissions it has now.
async fn now(app: &TestApp, username: &str) -> Actor {
    operator::act_as(&app.ctx, Some(username)).await.unwrap()
}

/// The member `una`, who may invite.
async fn una(app: &TestApp, owner: &Actor, limits: &str) -> Actor {
    members_invite(app, owner, limits).await;
    app.account("una", Role::User).await
}

async fn made(app: &TestApp, actor: &Actor, json: &str) -> Result<Invite, Error> {
    create(&app.ctx, actor, typed(json).parse(app.ctx.now()).unwrap()).await
}

async fn allowed(app: &TestApp, actor: &Actor) -> Allowance {
    allowance(&app.ctx, actor).await.unwrap()
}

/// Makes an account the manager of a new group, which grants nothing. Returns the group.
async fn managing(app: &TestApp, username: &str) -> String {
    app.grant(username, Permissions::empty()).await;
    let manager = if app.ctx.db().is_postgres() { "TRUE" } else { "1" };
    app.execute(&format!("UPDATE memberships SET is_manager = {manager}")).await;
    let account = accounts::find_by_login(&app.ctx.db().read, username).await.unwrap().unwrap();
    let of = memberships::store::of_account(&app.ctx.db().read, AccountId(account.id), app.ctx.now()).await.unwrap();
    of[0].group.id.to_string()
}

on_both_databases! {
    async fn a_quota_is_never_exceeded_by_invites_that_are_created_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, "{}").await;
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (ctx, una) = (app.ctx.clone(), una.clone());
            asked.spawn(async move { create(&ctx, &una, InviteDraft::default().parse(START).unwrap()).await });
        }
        let (made, refused): (Vec<_>, Vec<_>) = asked.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (5, 15));
        for refusal in refused {
            let refusal = failure(refusal);
            assert_eq!((refusal.code, refusal.retry_after), (Code::QuotaReached, Some(604_801)), "{refusal}");
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 5);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'invite.create'").await, 5);
        let quota = allowed(app, &una).await.quota.unwrap();
        assert_eq!((quota.size, quota.left, quota.next_at), (5, 0, Some(START.plus(WEEK))));
    }

    async fn the_quota_slides_and_deleting_gives_nothing_back(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, r#"{"member_invite_quota":2,"member_invite_quota_period":"day"}"#).await;
        let first = made(app, &una, "{}").await.unwrap();
        app.advance(Duration::from_hours(10));
        made(app, &una, "{}").await.unwrap();
        delete(&app.ctx, &una, first.id).await.unwrap();
        app.advance(Duration::from_hours(13));
        let refused = failure(made(app, &una, "{}").await);
        assert_eq!((refused.code, refused.retry_after), (Code::QuotaReached, Some(3_601)), "{refused}");
        assert!(refused.message.contains("2 invites in the last 24 hours"), "{refused}");
        app.advance(Duration::from_hours(1));
        made(app, &una, "{}").await.unwrap();
        let quota = allowed(app, &una).await.quota.unwrap();
        assert_eq!((quota.period, quota.left), (QuotaPeriod::Day, 0));
        assert_eq!(quota.next_at, Some(START.plus(Duration::from_hours(34))), "when the second one was created");
        // Somebody else has a quota of their own; with another setting there is none.
        let lena = app.account("lena", Role::User).await;
        made(app, &lena, "{}").await.unwrap();
        members_invite(app, &owner, r#"{"member_invite_quota":null}"#).await;
        made(app, &una, "{}").await.unwrap();
        assert_eq!(allowed(app, &una).await.quota, None);
        // A lower quota is held against what was created before it.
        members_invite(app, &owner, r#"{"member_invite_quota":1}"#).await;
        assert_eq!(failure(made(app, &una, "{}").await).code, Code::QuotaReached);
    }

    async fn invites_of_members_stay_inside_the_ceilings_however_they_are_changed(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, r#"{"member_invite_quota":null}"#).await;
        let last = START.plus(Duration::from_hours(24 * 30));
        let invite = made(app, &una, "{}").await.unwrap();
        assert_eq!((invite.terms.max_uses, invite.terms.expires_at), (Some(5), Some(last)), "what is left out");
        let refused = made(app, &una, r#"{"max_uses":6,"expires_in_hours":721}"#).await;
        let refused = failure(refused);
        assert_eq!(refused.code, Code::Invalid);
        assert!(refused.field_error("max_uses").is_some() && refused.field_error("expires_at").is_some(), "{refused:?}");
        let own_code = failure(made(app, &una, r#"{"code":"open-evening"}"#).await);
        assert_eq!((own_code.code, own_code.field_error("code").is_some()), (Code::Forbidden, true));

        let small = made(app, &una, r#"{"max_uses":2,"expires_in_hours":1}"#).await.unwrap();
        let change = async |json: &str| update(&app.ctx, &una, small.id, typed(json)).await;
        assert!(failure(change(r#"{"max_uses":6}"#).await).field_error("max_uses").is_some());
        let late = last.plus(Duration::from_secs(1));
        let late = || format!(r#"{{"expires_at":"{late}"}}"#);
        assert!(failure(change(&late()).await).field_error("expires_at").is_some());
        let extended = extend(&app.ctx, &una, small.id, Some(last.plus(Duration::from_secs(1)))).await;
        assert!(failure(extended).field_error("expires_at").is_some());
        let cleared = change(r#"{"max_uses":null,"expires_at":null}"#).await.unwrap();
        assert_eq!((cleared.terms.max_uses, cleared.terms.expires_at), (Some(5), Some(last)));
        assert_eq!(extend(&app.ctx, &una, small.id, None).await.unwrap().terms.expires_at, Some(last));

        // The lifetime counts from its creation: one after the other, changes do not make it longer.
        app.advance(Duration::from_hours(24 * 29));
        assert!(failure(change(r#"{"expires_in_hours":48}"#).await).field_error("expires_at").is_some());
        app.advance(Duration::from_hours(48));
        for over in [r#"{"expires_at":null}"#, r#"{"expires_in_hours":1}"#] {
            assert!(failure(change(over).await).field_error("expires_at").unwrap().ends_with("Create another one."));
        }
        // What staff give stays, and a lowered ceiling does not stop other changes.
        update(&app.ctx, &owner, small.id, typed(r#"{"max_uses":50,"expires_in_hours":8000}"#)).await.unwrap();
        let given = change(r#"{"label":"Kiln"}"#).await.unwrap().terms;
        assert_eq!((given.max_uses, given.label.is_some()), (Some(50), true));
        assert_eq!(extend(&app.ctx, &una, small.id, None).await.unwrap().terms.expires_at, given.expires_at);
        assert!(failure(change(r#"{"max_uses":51}"#).await).field_error("max_uses").is_some());
        assert_eq!(change(r#"{"max_uses":3}"#).await.unwrap().terms.max_uses, Some(3));
        // The ceiling of every invite counts as well.
        members_invite(app, &owner, r#"{"member_invite_max_uses":null,"invite_link_max_redemptions_limit":4}"#).await;
        assert!(failure(change(r#"{"max_uses":5}"#).await).field_error("max_uses").is_some());
        members_invite(app, &owner, r#"{"member_invite_max_uses":9}"#).await;
        assert_eq!(change(r#"{"max_uses":null}"#).await.unwrap().terms.max_uses, Some(4));
    }

    async fn staff_are_not_bound(app: &TestApp) {
        let owner = app.owner().await;
        members_invite(app, &owner, r#"{"member_invite_quota":1,"member_invite_min_account_age":9}"#).await;
        let moderator = app.account("mo", Role::Moderator).await;
        let admin = app.account("adam", Role::Admin).await;
        for author in [&owner, &admin, &moderator] {
            for _ in 0..2 {
                let invite = made(app, author, "{}").await.unwrap();
                assert_eq!((invite.terms.max_uses, invite.terms.expires_at), (None, None));
            }
            let free = Allowance { may_create: true, own_codes: true, ..Allowance::default() };
            assert_eq!(allowed(app, author).await, free);
        }
    }

    async fn managers_are_not_bound_for_their_groups_and_are_again_without_them(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, r#"{"member_invite_quota":1,"member_invite_min_account_age":1}"#).await;
        let group = managing(app, "una").await;
        let for_group = format!(r#"{{"groups":["{group}"]}}"#);
        let many = made(app, &una, &for_group).await.unwrap();
        let more = made(app, &una, &for_group).await.unwrap();
        assert_eq!((many.terms.max_uses, many.terms.expires_at), (None, None));
        let without = async |id, json: &str| update(&app.ctx, &una, id, typed(json)).await;
        assert_eq!(failure(without(many.id, r#"{"groups":[]}"#).await).code, Code::AccountTooNew);
        app.advance(Duration::from_hours(24));
        assert_eq!(allowed(app, &una).await.quota.unwrap().left, 1, "those for the group do not count");
        let beyond = without(many.id, r#"{"groups":[],"max_uses":6}"#).await;
        assert!(failure(beyond).field_error("max_uses").is_some());
        let bound = without(many.id, r#"{"groups":[]}"#).await.unwrap();
        assert_eq!(bound.terms.max_uses, Some(5));
        assert_eq!(failure(without(more.id, r#"{"groups":[]}"#).await).code, Code::QuotaReached);
        assert_eq!(failure(made(app, &una, "{}").await).code, Code::QuotaReached);
        // To and fro it is still the one that was counted.
        without(many.id, &for_group).await.unwrap();
        without(many.id, r#"{"groups":[]}"#).await.unwrap();
        assert!(made(app, &una, &for_group).await.is_ok());
    }

    async fn without_its_groups_an_invite_is_for_as_many_as_its_author_may_invite(app: &TestApp) {
        let owner = app.owner().await;
        una(app, &owner, "{}").await;
        let group = managing(app, "una").await;
        let draft = SettingsDraft { user_permissions: Some(Permission::InvitesCreate.into()), ..SettingsDraft::default() };
        settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let una = now(app, "una").await;
        let many = made(app, &una, &format!(r#"{{"groups":["{group}"]}}"#)).await.unwrap();
        let some = made(app, &una, &format!(r#"{{"groups":["{group}"],"max_uses":3}}"#)).await.unwrap();
        let without = async |id| update(&app.ctx, &una, id, typed(r#"{"groups":[]}"#)).await;
        assert_eq!(without(many.id).await.unwrap().terms.max_uses, Some(1));
        assert!(failure(without(some.id).await).field_error("max_uses").is_some());
    }

    async fn what_was_not_bound_is_when_it_is_resumed_or_extended_with_others(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, r#"{"member_invite_quota":1,"member_invite_max_days":30}"#).await;
        let group = managing(app, "una").await;
        let unlimited = made(app, &una, &format!(r#"{{"groups":["{group}"]}}"#)).await.unwrap();
        let small = made(app, &una, &format!(r#"{{"groups":["{group}"],"max_uses":2,"expires_in_hours":24}}"#)).await.unwrap();
        crate::groups::delete(&app.ctx, &owner, group.parse().unwrap()).await.unwrap();
        let una = now(app, "una").await;
        assert_eq!(failure(resume(&app.ctx, &una, unlimited.id).await).code, Code::Forbidden);
        resume(&app.ctx, &una, small.id).await.unwrap();
        assert_eq!(failure(made(app, &una, "{}").await).code, Code::QuotaReached, "it counts now");

        app.grant("una", Permission::InvitesView.into()).await;
        let una = now(app, "una").await;
        let selection = || domain::invites::BulkSelection::Ids(vec![small.id]);
        let change = |act| domain::invites::BulkChange { act, selection: selection(), as_of: None };
        let extend = async |days| {
            let act = domain::invites::BulkAct::Extend(domain::invites::NewEnd::ByDays(days));
            change_all(&app.ctx, &una, change(act)).await.unwrap().changed
        };
        assert_eq!((extend(365).await, extend(7).await), (0, 1));
    }

    async fn those_who_manage_the_invites_of_everyone_are_bound_for_their_own(app: &TestApp) {
        let owner = app.owner().await;
        let others = app.invite(&owner, InviteDraft::default()).await;
        una(app, &owner, "{}").await;
        app.grant("una", Permission::InvitesManageAll.into()).await;
        let una = now(app, "una").await;
        let own = made(app, &una, "{}").await.unwrap();
        let raise = async |id| update(&app.ctx, &una, id, typed(r#"{"max_uses":50}"#)).await;
        assert!(failure(raise(own.id).await).field_error("max_uses").is_some());
        assert_eq!(raise(others.id).await.unwrap().terms.max_uses, Some(50));
    }

    async fn a_new_account_waits(app: &TestApp) {
        let owner = app.owner().await;
        let una = una(app, &owner, r#"{"member_invite_min_account_age":3}"#).await;
        let from = START.plus(Duration::from_hours(72));
        assert_eq!(allowed(app, &una).await.old_enough_at, Some(from));
        app.advance(Duration::from_hours(72) - Duration::from_micros(1));
        let refused = failure(made(app, &una, "{}").await);
        assert_eq!((refused.code, refused.retry_after), (Code::AccountTooNew, None));
        app.advance(Duration::from_micros(1));
        made(app, &una, "{}").await.unwrap();
        assert_eq!(allowed(app, &una).await.old_enough_at, None);
    }

    async fn members_see_their_own_invites_and_who_used_them_and_no_others(app: &TestApp) {
        let owner = app.owner().await;
        let others = app.invite(&owner, InviteDraft::default()).await;
        let una = una(app, &owner, "{}").await;
        let mut mine = Vec::new();
        for _ in 0..3 {
            app.advance(Duration::from_secs(1));
            mine.push(made(app, &una, "{}").await.unwrap().id);
        }
        let deleted = mine.pop().unwrap();
        delete(&app.ctx, &una, deleted).await.unwrap();
        let limit = Limit::try_from(1).unwrap();
        let first = list_own(&app.ctx, &una, Paging { cursor: None, limit }).await.unwrap();
        let second = list_own(&app.ctx, &una, Paging { cursor: first.next_cursor, limit }).await.unwrap();
        let listed: Vec<_> = first.items.iter().chain(&second.items).map(|invite| invite.id).collect();
        assert_eq!((listed, second.next_cursor), (vec![mine[1], mine[0]], None));
        assert!(first.items[0].url.is_some(), "its link");

        let invite = get(&app.ctx, &una, mine[0]).await.unwrap();
        app.sign_up(code(&invite), "mateo").await.unwrap();
        app.advance(Duration::from_secs(1));
        app.sign_up(code(&invite), "lena").await.unwrap();
        app.sign_up(code(&others), "noor").await.unwrap();
        let name = domain::text::DisplayName::parse("Lena Vos").unwrap();
        crate::me::rename(&app.ctx, &now(app, "lena").await, Some(name)).await.unwrap();
        let guests = async |actor: &Actor, id| redemptions::guests(&app.ctx, actor, id, Paging::default()).await;
        let names: Vec<_> = guests(&una, mine[0]).await.unwrap().items.into_iter().map(|Guest { name, .. }| name).collect();
        assert_eq!(names, ["Lena Vos", "mateo"]);
        app.execute("UPDATE redemptions SET released_at = 1 WHERE account_id = (SELECT id FROM accounts WHERE username = 'lena')").await;
        app.execute("UPDATE invites SET used = used - 1 WHERE used = 2").await;
        assert_eq!(guests(&una, mine[0]).await.unwrap().items.len(), 1, "a use that was given back is none");
        assert_eq!(guests(&una, mine[1]).await.unwrap().items, []);
        assert_eq!(failure(guests(&una, others.id).await).code, Code::NotFound);
        assert_eq!(failure(guests(&owner, mine[0]).await).code, Code::NotFound, "staff have the list of redemptions");

        // Who may not invite any more sees none of it.
        let draft = SettingsDraft { user_permissions: Some(Permissions::empty()), ..SettingsDraft::default() };
        settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let una = now(app, "una").await;
        for refused in [
            failure(crate::invites::own(&app.ctx, &una, Paging::default()).await),
            failure(allowance(&app.ctx, &una).await),
            failure(guests(&una, mine[0]).await),
        ] {
            assert_eq!(refused.code, Code::Forbidden);
        }
        // A manager has a list, with the links of the invites for its groups alone.
        managing(app, "una").await;
        let list = crate::invites::own(&app.ctx, &now(app, "una").await, Paging::default()).await.unwrap();
        assert_eq!((list.page.items.len(), list.allowance.may_create), (2, false));
        assert!(list.page.items.iter().all(|invite| invite.url.is_none() && invite.code.is_none()));
    }

    async fn the_limits_are_kept_changed_in_part_and_removed(app: &TestApp) {
        let owner = app.owner().await;
        let set = async |json: &str| {
            let draft: SettingsDraft = serde_json::from_str(json).unwrap();
            settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().member_limits
        };
        assert_eq!(set("{}").await, MemberLimits::default());
        let month = set(r#"{"member_invite_quota_period":"month"}"#).await;
        assert_eq!(month, MemberLimits { quota_period: QuotaPeriod::Month, ..MemberLimits::default() });
        let none = r#"{"member_invite_quota":null,"member_invite_max_uses":null,"member_invite_max_days":null,
            "member_invite_min_account_age":0}"#;
        let none = set(none).await;
        assert_eq!((none.quota, none.max_uses, none.max_days), (None, None, None));
        assert_eq!(settings::current(&app.ctx).await.unwrap().member_limits, none);
        for wrong in [
            "member_invite_quota = 0", "member_invite_quota_period = 'year'", "member_invite_max_uses = 0",
            "member_invite_max_days = 3651", "member_invite_min_account_age = -1",
        ] {
            let update = format!("UPDATE settings SET {wrong}");
            assert!(app.ctx.db().write.execute_unprepared(&update).await.is_err(), "{wrong}");
        }
    }
}

#[tokio::test]
async fn own_invites_and_the_quota_are_read_by_an_index() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let plan = async |select: sea_orm::Select<Entity>| {
        let built = StatementBuilder::build(&sea_orm::QueryTrait::into_query(select), &DbBackend::Sqlite);
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", built.sql), ..built };
        let rows = app.ctx.db().read.query_all_raw(explain).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
    };
    let listed = own::of_author(&owner, START).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    let listed = plan(listed).await;
    assert!(listed.contains("INDEX invites_own") && !listed.contains("TEMP B-TREE"), "{listed}");
    let counted = plan(crate::invites::limits::counted(owner.id(), START)).await;
    assert!(counted.contains("INDEX invites_counted") && !counted.contains("TEMP B-TREE"), "{counted}");
    app.finish().await;
}
