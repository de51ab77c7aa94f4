use std::time::Duration;

use domain::Code;
use domain::accounts::{AccountDraft, Role};
use domain::groups::MembershipEndsDraft;
use domain::invites::{Invite, InviteDraft};
use domain::overview::{AttentionReason, DailyCounts};
use domain::{Patch, Timestamp};
use sea_orm::EntityTrait;

use super::*;
use crate::operations::operator;
use crate::testing::{START, TestApp, code, failure, on_both_databases, plan};

const DAY: Duration = Duration::from_hours(24);

fn draft(label: &str) -> InviteDraft {
    InviteDraft { label: Patch::Set(label.to_owned()), ..InviteDraft::default() }
}

fn ending(label: &str, hours: i64) -> InviteDraft {
    InviteDraft { expires_in_hours: Patch::Set(hours), ..draft(label) }
}

fn named(overview: &Overview) -> Vec<(AttentionReason, &str)> {
    overview.needs.iter().map(|need| (need.why, need.invite.title())).collect()
}

on_both_databases! {
    async fn statistics_count_the_rows(app: &TestApp) {
        let owner = app.owner().await;
        let used_up = app.invite(&owner, InviteDraft { max_uses: Patch::Set(1), ..ending("One", 24) }).await;
        app.invite(&owner, ending("Other", 24)).await;
        app.invite(&owner, InviteDraft::default()).await;
        app.sign_up(code(&used_up), "mateo").await.unwrap();
        let overview = get(&app.ctx, &owner).await.unwrap();
        assert_eq!((overview.accounts, overview.redemptions, overview.redemptions_this_week), (2, 1, 1));
        assert_eq!([overview.live, overview.ending_soon, overview.pending].map(|count| count.counted), [2, 1, 0]);
        assert_eq!((overview.live_invites.len(), overview.latest.len()), (2, 1));
        assert!(!overview.named);
    }

    async fn days_are_in_utc_and_move_with_time(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        // The last microsecond of a day, then the first of the next.
        let midnight = Timestamp::from_day(START.day() + 1);
        app.advance(Duration::from_micros((midnight.as_micros() - START.as_micros() - 1).try_into().unwrap()));
        app.sign_up(code(&invite), "mateo").await.unwrap();
        app.advance(Duration::from_micros(1));
        for name in ["lena", "amir"] {
            app.sign_up(code(&invite), name).await.unwrap();
        }
        app.account("mo", Role::User).await;

        let overview = get(&app.ctx, &owner).await.unwrap();
        assert_eq!((overview.days.len(), overview.day_start(29)), (30, midnight));
        let counts = [DailyCounts { accounts: 2, redemptions: 1 }, DailyCounts { accounts: 3, redemptions: 2 }];
        assert_eq!(overview.days[28..], counts);
        assert_eq!(overview.total(), DailyCounts { accounts: 5, redemptions: 3 });

        app.advance(6 * DAY);
        let later = get(&app.ctx, &owner).await.unwrap();
        assert_eq!((later.days[22..24].to_vec(), later.redemptions_this_week), (counts.to_vec(), 2));
        app.advance(30 * DAY);
        let long_after = get(&app.ctx, &owner).await.unwrap();
        assert_eq!((long_after.total(), long_after.accounts, long_after.redemptions), (DailyCounts::default(), 5, 3));
    }

    async fn invites_that_expire_soon_are_used_up_or_unused_need_attention(app: &TestApp) {
        let owner = app.owner().await;
        let busy = app.invite(&owner, InviteDraft { max_uses: Patch::Set(2), ..draft("Busy") }).await;
        let single = app.invite(&owner, InviteDraft { max_uses: Patch::Set(1), ..draft("Single") }).await;
        let used = app.invite(&owner, draft("Used")).await;
        app.invite(&owner, ending("Ends in three days", 72)).await;
        app.invite(&owner, ending("Gone by then", 60)).await;
        app.invite(&owner, draft("Nobody yet")).await;
        let paused = app.invite(&owner, ending("Paused", 80)).await;
        crate::invites::pause(&app.ctx, &owner, paused.id).await.unwrap();
        for (invite, name) in [(&busy, "mateo"), (&single, "lena"), (&used, "amir")] {
            app.sign_up(code(invite), name).await.unwrap();
        }
        let overview = get(&app.ctx, &owner).await.unwrap();
        assert!(named(&overview).is_empty(), "every invite is new: {:?}", named(&overview));

        app.advance(Duration::from_hours(71));
        app.sign_up(code(&busy), "yuki").await.unwrap();
        let overview = get(&app.ctx, &owner).await.unwrap();
        let ends_and_full = [(AttentionReason::EndsSoon, "Ends in three days"), (AttentionReason::Filled, "Busy")];
        assert_eq!(named(&overview), ends_and_full);
        app.advance(Duration::from_hours(2));
        let overview = get(&app.ctx, &owner).await.unwrap();
        assert_eq!(named(&overview), [(AttentionReason::Filled, "Busy"), (AttentionReason::Unused, "Nobody yet")]);

        // A higher limit, or a limit that was lowered on purpose, ends the need for attention.
        let more = InviteDraft { max_uses: Patch::Set(3), ..InviteDraft::default() };
        crate::invites::update(&app.ctx, &owner, busy.id, more).await.unwrap();
        let overview = get(&app.ctx, &owner).await.unwrap();
        assert_eq!(named(&overview), [(AttentionReason::Unused, "Nobody yet")]);
        let closed = InviteDraft { max_uses: Patch::Set(2), ..InviteDraft::default() };
        crate::invites::update(&app.ctx, &owner, busy.id, closed).await.unwrap();
        app.advance(7 * DAY);
        let overview = get(&app.ctx, &owner).await.unwrap();
        assert_eq!(named(&overview), [(AttentionReason::Unused, "Nobody yet")]);
    }

    async fn few_invites_are_shown_and_none_twice(app: &TestApp) {
        let owner = app.owner().await;
        for number in 0..9 {
            app.invite(&owner, ending(&format!("Week {number}"), 4 * 24)).await;
        }
        app.advance(3 * DAY);
        let overview = get(&app.ctx, &owner).await.unwrap();
        let mut titles: Vec<_> = named(&overview).into_iter().map(|(_, title)| title).collect();
        assert_eq!((titles.len(), overview.live_invites.len()), (4, 6));
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), 4);
    }

    async fn active_invites_are_found_after_many_expired_ones(app: &TestApp) {
        let owner = app.owner().await;
        app.invite(&owner, draft("The old one")).await;
        for _ in 0..SCAN_LIMIT {
            app.invite(&owner, ending("Short", 1)).await;
        }
        app.advance(Duration::from_hours(2));
        let overview = get(&app.ctx, &owner).await.unwrap();
        let titles: Vec<_> = overview.live_invites.iter().map(Invite::title).collect();
        assert_eq!((titles, overview.live.counted), (vec!["The old one"], 1));
    }

    async fn the_overview_has_what_the_viewer_may_see(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let una = app.account("una", Role::User).await;
        assert_eq!(failure(get(&app.ctx, &una).await).code, Code::Forbidden);
        app.grant("una", Permission::RedemptionsView.into()).await;
        let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();
        let seen = get(&app.ctx, &una).await.unwrap();
        assert!(seen.live_invites.is_empty() && seen.needs.is_empty(), "no invites");
        assert!(seen.latest.iter().all(|redemption| redemption.invite.code.is_none()) && seen.latest.len() == 1);
        let seen = get(&app.ctx, &owner).await.unwrap();
        assert!(seen.live_invites[0].code.is_some() && seen.latest[0].invite.code.is_some());
    }

    async fn what_ends_within_seven_days_is_counted_for_those_who_may_see_whose(app: &TestApp) {
        let owner = app.owner().await;
        for (username, days) in [("una", 8), ("vera", 7), ("wim", 1)] {
            let account = app.account(username, Role::User).await;
            let ends_at = Patch::Set(app.ctx.now().plus(days * DAY).to_rfc3339());
            let group = app.group(&owner, username, &[username]).await;
            let ends = MembershipEndsDraft { accounts: vec![username.to_owned()], ends_at: ends_at.clone() };
            crate::groups::set_member_ends(&app.ctx, &owner, group, ends).await.unwrap();
            let draft = AccountDraft { ends_at, ..AccountDraft::default() };
            crate::members::update(&app.ctx, &owner, account.id(), draft).await.unwrap();
        }
        let counted = |overview: Overview| {
            [overview.accounts_end_soon, overview.memberships_end_soon].map(|count| count.counted)
        };
        assert_eq!(counted(get(&app.ctx, &owner).await.unwrap()), [2, 2]);
        app.advance(DAY);
        assert_eq!(counted(get(&app.ctx, &owner).await.unwrap()), [2, 2], "una's are near, and wim's have passed");
        app.account("xi", Role::User).await;
        app.grant("xi", Permission::RedemptionsView.into()).await;
        let xi = operator::act_as(&app.ctx, Some("xi")).await.unwrap();
        assert_eq!(counted(get(&app.ctx, &xi).await.unwrap()), [0, 0]);
    }

    /// The counters that the migration computes from the rows equal the counters that were kept.
    async fn the_migration_fills_the_counters_from_existing_rows(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        for name in ["mateo", "lena", "amir"] {
            app.sign_up(code(&invite), name).await.unwrap();
            app.advance(DAY);
        }
        let counted = get(&app.ctx, &owner).await.unwrap();
        let last_used = app.number("SELECT last_used_at FROM invites").await;
        for undo in [
            "DROP INDEX invites_live",
            "DROP INDEX invites_filled", "DROP INDEX invites_unused", "ALTER TABLE invites DROP COLUMN last_used_at",
            "DROP TABLE daily_counts", "DELETE FROM seaql_migrations WHERE version = 'm0012_overview'",
        ] {
            app.execute(undo).await;
        }
        let randomness = crate::Randomness::from_system().unwrap();
        let again = Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), randomness).await.unwrap();
        // A later migration, which is not repeated.
        let number = if app.ctx.db().is_postgres() { "BIGINT" } else { "INTEGER" };
        app.execute(&format!("ALTER TABLE daily_counts ADD COLUMN deleted {number} NOT NULL DEFAULT 0")).await;
        assert_eq!(get(&again, &owner).await.unwrap(), counted);
        again.close().await;
        assert_eq!(app.number("SELECT last_used_at FROM invites").await, last_used);
        app.sign_up(code(&invite), "yuki").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_uses_its_index_without_sorting() {
    let app = TestApp::sqlite().await;
    let now = app.ctx.now();
    for (index, query) in [
        ("invites_open", attention::ends_soon(now)),
        ("invites_filled", attention::used_up(now)),
        ("invites_unused", attention::unused(now)),
    ] {
        let plan = plan(&app, query).await;
        assert!(plan.contains(&format!("SEARCH invites USING INDEX {index}")), "{index}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{index}: {plan}");
    }
    let accounts = accounts::entity::Entity::find().filter(accounts::store::ends_soon(now));
    let found = plan(&app, accounts.select_only().expr(Expr::val(1))).await;
    assert!(found.contains("USING INDEX accounts_ends"), "{found}");
    let memberships = memberships::entity::Entity::find().filter(memberships::store::ends_soon(now));
    let found = plan(&app, memberships.select_only().expr(Expr::val(1))).await;
    assert!(found.contains("INDEX memberships_ends"), "{found}");
    let live = invite_rows::Entity::find().filter(invites::with_status(Some(InviteStatus::Active), now));
    let plan = plan(&app, live.select_only().expr(Expr::val(1)).limit(10)).await;
    assert!(plan.contains("USING INDEX invites_live"), "counting reads only the index: {plan}");
    app.finish().await;
}
