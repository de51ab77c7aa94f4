use std::time::Duration;

use domain::Patch;
use domain::access::{Permission, Permissions};
use domain::accounts::{AccountDraft, AccountStatus, Role};
use domain::groups::{GroupDraft, MembersDraft, MembershipEndsDraft};
use domain::invites::{InviteDraft, InviteStatus};

use super::*;
use crate::testing::{TestApp, on_both_databases, plan};
use crate::{Actor, groups, members};

async fn group(app: &TestApp, owner: &Actor, permissions: Permissions) -> GroupId {
    let draft = GroupDraft {
        name: Patch::Set("Potters".into()),
        permissions: Patch::Set(permissions),
        ..GroupDraft::default()
    };
    groups::create(&app.ctx, owner, draft.parse().unwrap()).await.unwrap().id
}

/// A change of memberships that sets their end to some seconds from now.
fn until(app: &TestApp, names: &[&str], seconds: u64) -> MembersDraft {
    let ends_at = Patch::Set(app.ctx.now().plus(Duration::from_secs(seconds)).to_rfc3339());
    MembersDraft { accounts: names.iter().map(|&name| name.to_owned()).collect(), ends_at, ..MembersDraft::default() }
}

async fn end_account_in(app: &TestApp, owner: &Actor, of: &Actor, seconds: u64) {
    let ends_at = Patch::Set(app.ctx.now().plus(Duration::from_secs(seconds)).to_rfc3339());
    members::update(&app.ctx, owner, of.id(), AccountDraft { ends_at, ..AccountDraft::default() }).await.unwrap();
}

async fn logged(app: &TestApp, action: &str) -> i64 {
    let count = "SELECT COUNT(*) FROM audit_log WHERE actor_kind = 'system' AND action = ";
    app.number(&format!("{count}'{action}'")).await
}

on_both_databases! {
    async fn an_account_is_ended_once_and_again_after_its_end_was_moved(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let invite = app.invite(&admin, InviteDraft::default()).await;
        end_account_in(app, &owner, &admin, 60).await;
        end_due(&app.ctx).await.unwrap();
        assert_eq!(logged(app, "account.end").await, 0, "not yet");
        app.advance(Duration::from_mins(1));
        // As several processes would.
        let outcomes = futures::future::join_all((0..4).map(|_| end_due(&app.ctx))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(logged(app, "account.end").await, 1);
        assert_eq!(invites::get(&app.ctx, &owner, invite.id).await.unwrap().status, InviteStatus::Paused);
        assert_eq!(app.number("SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL").await, 0);
        end_account_in(app, &owner, &admin, 60).await;
        end_due(&app.ctx).await.unwrap();
        app.advance(Duration::from_mins(1));
        end_due(&app.ctx).await.unwrap();
        assert_eq!(logged(app, "account.end").await, 2);
    }

    async fn memberships_are_ended_once_and_what_they_allowed_stops(app: &TestApp) {
        let owner = app.owner().await;
        let id = group(app, &owner, Permission::InvitesCreate.into()).await;
        let (ada, grace) = (app.account("ada", Role::User).await, app.account("grace", Role::User).await);
        groups::add_members(&app.ctx, &owner, id, until(app, &["ada", "grace"], 60)).await.unwrap();
        let ada = crate::operations::operator::act_as(&app.ctx, Some(ada.account.username.as_ref().unwrap().as_str())).await.unwrap();
        let one = InviteDraft { max_uses: Patch::Set(1), ..InviteDraft::default() };
        let invite = app.invite(&ada, one).await;
        // Extended: a second call changes the end of a membership that there is.
        let longer = groups::add_members(&app.ctx, &owner, id, until(app, &["grace"], 3_600)).await.unwrap();
        assert_eq!((longer.changed, longer.unchanged), (1, 0));
        app.advance(Duration::from_mins(1));
        assert_eq!(groups::get(&app.ctx, &owner, id).await.unwrap().members.counted, 1, "before any worker");
        let outcomes = futures::future::join_all((0..4).map(|_| end_due(&app.ctx))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(logged(app, "group.end_membership").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 1);
        assert_eq!(invites::get(&app.ctx, &owner, invite.id).await.unwrap().status, InviteStatus::Paused);
        assert_eq!(members::get(&app.ctx, &owner, grace.id()).await.unwrap().groups.len(), 1);
    }

    async fn a_membership_that_ends_while_it_is_extended_ends_or_lasts(app: &TestApp) {
        let owner = app.owner().await;
        let id = group(app, &owner, Permissions::empty()).await;
        let names: Vec<String> = (0..20).map(|number| format!("person{number}")).collect();
        for name in &names {
            app.account(name, Role::User).await;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        groups::add_members(&app.ctx, &owner, id, until(app, &names, 60)).await.unwrap();
        app.advance(Duration::from_mins(1));
        let extend = async {
            for name in &names {
                groups::add_members(&app.ctx, &owner, id, until(app, &[name], 3_600)).await.unwrap();
            }
        };
        let end = async {
            for _ in 0..10 {
                end_due(&app.ctx).await.unwrap();
            }
        };
        tokio::join!(extend, end);
        end_due(&app.ctx).await.unwrap();
        assert_eq!(groups::get(&app.ctx, &owner, id).await.unwrap().members.counted, 20, "each was extended");
        assert!(logged(app, "group.end_membership").await <= 20);
    }

    async fn removing_a_manager_pauses_the_invites_for_the_group(app: &TestApp) {
        let owner = app.owner().await;
        let id = group(app, &owner, Permissions::empty()).await;
        app.account("ada", Role::User).await;
        let manager = MembersDraft { accounts: vec!["ada".into()], manager: Some(true), ..MembersDraft::default() };
        groups::add_members(&app.ctx, &owner, id, manager.clone()).await.unwrap();
        let ada = crate::operations::operator::act_as(&app.ctx, Some("ada")).await.unwrap();
        let draft = InviteDraft { groups: Patch::Set(vec![id.to_string()]), ..InviteDraft::default() };
        let invite = app.invite(&ada, draft).await;
        let removed = MembersDraft { accounts: vec!["ada".into()], ..MembersDraft::default() };
        groups::remove_members(&app.ctx, &owner, id, removed).await.unwrap();
        assert_eq!(invites::get(&app.ctx, &owner, invite.id).await.unwrap().status, InviteStatus::Paused);
        let logged = "SELECT COUNT(*) FROM audit_log WHERE action = 'group.remove_members' AND detail LIKE '%\"invites_paused\":1%'";
        assert_eq!(app.number(logged).await, 1);
    }

    /// Two workers have found the same things due before either has its turn, and one end is moved meanwhile. What is found due
    /// is passed on by hand, so that each reads its row again whatever the database does.
    async fn what_was_found_due_is_read_again(app: &TestApp) {
        let ctx = &app.ctx;
        let owner = app.owner().await;
        let id = group(app, &owner, Permissions::empty()).await;
        let (ada, grace) = (app.account("ada", Role::User).await, app.account("grace", Role::User).await);
        let ends = InviteDraft { expires_in_hours: Patch::Set(1), ..InviteDraft::default() };
        let (expires, extended) = (app.invite(&owner, ends.clone()).await, app.invite(&owner, ends).await);
        groups::add_members(ctx, &owner, id, until(app, &["ada", "grace"], 3_600)).await.unwrap();
        for of in [&ada, &grace] {
            end_account_in(app, &owner, of, 3_600).await;
        }
        app.advance(Duration::from_hours(1));
        let now = ctx.now();
        let accounts = [accounts_due(ctx, now).await.unwrap(), accounts_due(ctx, now).await.unwrap()].concat();
        let members = [memberships_due(ctx, now).await.unwrap(), memberships_due(ctx, now).await.unwrap()].concat();
        let invites = [invites_due(ctx, now).await.unwrap(), invites_due(ctx, now).await.unwrap()].concat();
        assert_eq!((accounts.len(), members.len(), invites.len()), (4, 4, 4));
        // `grace` and an invite are extended.
        end_account_in(app, &owner, &grace, 3_600).await;
        groups::add_members(ctx, &owner, id, until(app, &["grace"], 3_600)).await.unwrap();
        invites::extend_by_days(ctx, &owner, extended.id, 30).await.unwrap();
        for account in accounts {
            end_account(ctx, account, now).await.unwrap();
        }
        for (group, account) in members {
            end_membership(ctx, group, account, now).await.unwrap();
        }
        for invite in invites {
            end_invite(ctx, invite, now).await.unwrap();
        }
        for action in ["account.end", "group.end_membership", "invite.expire"] {
            assert_eq!(logged(app, action).await, 1, "{action}: once, and not of what was extended");
        }
        for (of, status, groups) in [(&ada, AccountStatus::Ended, 0), (&grace, AccountStatus::Active, 1)] {
            let member = members::get(ctx, &owner, of.id()).await.unwrap();
            assert_eq!((member.row.account.status, member.groups.len()), (status, groups));
        }
        let status = async |id| invites::get(ctx, &owner, id).await.unwrap().status;
        assert_eq!((status(expires.id).await, status(extended.id).await), (InviteStatus::Expired, InviteStatus::Active));
    }

    async fn an_end_that_is_near_is_told_once_and_again_after_it_was_moved(app: &TestApp) {
        const DAY: u64 = 24 * 3_600;
        let owner = app.owner().await;
        let id = group(app, &owner, Permissions::empty()).await;
        let ada = app.account("ada", Role::User).await;
        end_account_in(app, &owner, &ada, 8 * DAY).await;
        groups::add_members(&app.ctx, &owner, id, until(app, &["ada"], 9 * DAY)).await.unwrap();
        let told = async || (logged(app, "account.remind_of_end").await, logged(app, "group.remind_of_end").await);
        end_due(&app.ctx).await.unwrap();
        assert_eq!(told().await, (0, 0), "not yet");
        app.advance(Duration::from_secs(DAY));
        // As several processes would.
        let outcomes = futures::future::join_all((0..4).map(|_| end_due(&app.ctx))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(told().await, (1, 0));
        app.advance(Duration::from_secs(DAY));
        end_due(&app.ctx).await.unwrap();
        end_due(&app.ctx).await.unwrap();
        assert_eq!(told().await, (1, 1));
        // Moved: later, but near.
        end_account_in(app, &owner, &ada, 7 * DAY).await;
        let moved = MembershipEndsDraft { accounts: vec!["ada".into()], ends_at: until(app, &[], 6 * DAY).ends_at };
        groups::set_member_ends(&app.ctx, &owner, id, moved).await.unwrap();
        end_due(&app.ctx).await.unwrap();
        assert_eq!(told().await, (2, 2));
        // Moved out of sight, and nothing is told of what does not end, or of who is suspended.
        end_account_in(app, &owner, &ada, 30 * DAY).await;
        let never = MembershipEndsDraft { accounts: vec!["ada".into()], ends_at: Patch::Clear };
        groups::set_member_ends(&app.ctx, &owner, id, never).await.unwrap();
        app.advance(Duration::from_secs(25 * DAY));
        members::suspend(&app.ctx, &owner, ada.id()).await.unwrap();
        end_due(&app.ctx).await.unwrap();
        assert_eq!(told().await, (2, 2));
        members::restore(&app.ctx, &owner, ada.id()).await.unwrap();
        end_due(&app.ctx).await.unwrap();
        assert_eq!(told().await, (3, 2));
    }

    /// As [`what_was_found_due_is_read_again`], of reminders.
    async fn a_reminder_reads_its_row_again(app: &TestApp) {
        let ctx = &app.ctx;
        let owner = app.owner().await;
        let id = group(app, &owner, Permissions::empty()).await;
        let (ada, grace) = (app.account("ada", Role::User).await, app.account("grace", Role::User).await);
        groups::add_members(ctx, &owner, id, until(app, &["ada", "grace"], 3_600)).await.unwrap();
        for of in [&ada, &grace] {
            end_account_in(app, &owner, of, 3_600).await;
        }
        let now = ctx.now();
        // `grace` gets more time after both were found due, twice.
        end_account_in(app, &owner, &grace, 30 * 24 * 3_600).await;
        groups::add_members(ctx, &owner, id, until(app, &["grace"], 30 * 24 * 3_600)).await.unwrap();
        for of in [&ada, &grace, &ada, &grace] {
            reminders::remind_account(ctx, of.id(), now).await.unwrap();
            reminders::remind_membership(ctx, id, of.id(), now).await.unwrap();
        }
        assert_eq!((logged(app, "account.remind_of_end").await, logged(app, "group.remind_of_end").await), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_told_is_found_by_its_index() {
    let app = TestApp::sqlite().await;
    let now = app.ctx.now();
    for (index, plan) in [
        ("accounts_to_remind", plan(&app, reminders::accounts_due(now)).await),
        ("memberships_to_remind", plan(&app, reminders::memberships_due(now)).await),
    ] {
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
    }
    app.finish().await;
}
