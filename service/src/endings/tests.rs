use std::time::Duration;

use domain::Patch;
use domain::access::{Permission, Permissions};
use domain::accounts::{AccountDraft, Role};
use domain::groups::{GroupDraft, MembersDraft};
use domain::invites::{InviteDraft, InviteStatus};

use super::*;
use crate::testing::{TestApp, on_both_databases};
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
}
