use std::collections::BTreeSet;

use domain::accounts::{AccountQuery, AccountStatus};
use domain::applications::ApplicationQuery;
use domain::invites::{InviteQuery, InviteStatus};
use domain::overview::AttentionReason;
use domain::paging::{Limit, Paging};
use domain::sessions::SignInDraft;

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Actor, Client, overview, sessions};

fn demo(accounts: usize, invites: usize) -> Demo {
    Demo {
        email: Email::parse("ngozi@brambleyard.example").unwrap(),
        username: Username::parse("ngozi").unwrap(),
        accounts,
        invites,
        seed: 1,
    }
}

async fn fill_as_owner(app: &TestApp, demo: Demo) -> (DemoSummary, Actor) {
    let summary = fill(&app.ctx, demo, Password::parse(PASSWORD).unwrap()).await.unwrap();
    (summary, operator::act_as(&app.ctx, None).await.unwrap())
}

fn all() -> Paging {
    Paging { cursor: None, limit: Limit::try_from(200).unwrap() }
}

on_both_databases! {
    async fn the_demo_data_has_every_status_and_reason(app: &TestApp) {
        let (summary, owner) = fill_as_owner(app, demo(Demo::ACCOUNTS, Demo::INVITES)).await;
        assert_eq!((summary.accounts, summary.invites), (60, 26));
        let overview = overview::get(&app.ctx, &owner).await.unwrap();
        assert_eq!((overview.accounts, overview.redemptions), (60, summary.redemptions as u64));
        assert!(overview.named && overview.total().accounts > 20 && overview.latest.len() == 6 && overview.live_invites.len() == 6);
        let why: BTreeSet<_> = overview.needs.iter().map(|need| need.why as u8).collect();
        assert_eq!(why.len(), 3, "{:?}", overview.needs);
        assert!(overview.needs.iter().any(|need| need.why == AttentionReason::Filled) && overview.pending.counted > 1);
        let near = [overview.accounts_end_soon, overview.memberships_end_soon].map(|count| count.counted);
        assert!(near.iter().all(|count| *count > 0), "{near:?}");
        app.assert_uses_match_redemptions().await;
        let groups = crate::groups::list(&app.ctx, &owner, &domain::groups::GroupQuery::default()).await.unwrap().items;
        assert_eq!(groups.len(), 5);
        assert!(groups.iter().all(|group| group.members.counted > 1 && group.can_change), "{groups:?}");
        assert!(app.number("SELECT COUNT(*) FROM memberships WHERE is_manager").await >= 4);
        assert!(app.number("SELECT COUNT(*) FROM memberships WHERE redemption_id IS NOT NULL").await > 0);

        let applications = crate::applications::list(&app.ctx, &owner, &ApplicationQuery::default()).await.unwrap().items;
        assert_eq!(applications.len(), 5);
        assert!(applications.iter().any(|application| !application.group_refs.is_empty()));

        let query = InviteQuery { paging: all(), ..InviteQuery::default() };
        let mut states = BTreeSet::new();
        for status in InviteStatus::ALL {
            let query = InviteQuery { status: Some(status), ..query.clone() };
            let page = crate::invites::list(&app.ctx, &owner, &query).await.unwrap();
            assert!(!page.items.is_empty(), "no invite is {status}");
            states.extend(page.items.into_iter().map(|invite| invite.id));
        }
        assert_eq!(states.len(), 26);
        for (what, invites) in [
            ("email IS NOT NULL AND role = 'admin' AND max_uses = 1", 1), ("email_domains <> '' AND approval", 1), ("access_of = 'account'", 1),
            ("access_of = 'groups'", 1), ("welcome_text IS NOT NULL", 1), ("after IS NOT NULL", 1), ("attributes IS NOT NULL", 2),
            ("NOT existing_members", 1), ("NOT show_uses_left", 1), ("without_code AND email_domains <> ''", 1), ("flow_id IS NOT NULL", 3),
        ] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM invites WHERE {what}")).await, invites, "{what}");
        }
        assert_eq!(crate::joining::newest(&app.ctx, &owner).await.unwrap().len(), 2, "requests to join wait");
        let students = "SELECT COUNT(*) FROM redemptions JOIN invites ON invites.id = invite_id WHERE NOT existing_members";
        assert_eq!(app.number("SELECT COUNT(*) FROM account_attributes").await, app.number(students).await);

        let query = AccountQuery { paging: all(), ..AccountQuery::default() };
        let accounts = crate::members::list(&app.ctx, &owner, &query).await.unwrap().items;
        // The demonstration sends no mail, so that no address is verified.
        for status in AccountStatus::ALL.into_iter().filter(|status| *status != AccountStatus::Unverified) {
            assert!(accounts.iter().any(|row| row.account.status == status), "no account is {status}");
        }

        // The owner and an active member can sign in.
        let member = accounts.iter().rev().find(|row| row.account.status == AccountStatus::Active).unwrap();
        for login in ["ngozi", member.account.username.as_str()] {
            let draft = SignInDraft { login: login.into(), password: PASSWORD.into() };
            sessions::sign_in(&app.ctx, &draft, &Client::default()).await.unwrap();
        }
    }

    async fn a_database_with_accounts_is_refused(app: &TestApp) {
        app.owner().await;
        let refused = failure(fill(&app.ctx, demo(10, 5), Password::parse(PASSWORD).unwrap()).await);
        assert!(refused.message.contains("empty database"));
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 0);
    }

    async fn more_rows_than_one_statement_holds_are_inserted(app: &TestApp) {
        let (summary, _) = fill_as_owner(app, demo(1_200, 700)).await;
        assert_eq!((summary.accounts, summary.invites), (1_200, 700));
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1_200);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 700);
        app.assert_uses_match_redemptions().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_data_with_other_codes() {
    let mut datasets = Vec::new();
    let mut codes = BTreeSet::new();
    for _ in 0..2 {
        let app = TestApp::sqlite().await;
        let (_, owner) = fill_as_owner(&app, demo(40, 26)).await;
        let accounts = AccountQuery { paging: all(), ..AccountQuery::default() };
        let accounts = crate::members::list(&app.ctx, &owner, &accounts).await.unwrap().items;
        let query = InviteQuery { paging: all(), ..InviteQuery::default() };
        let invites = crate::invites::list(&app.ctx, &owner, &query).await.unwrap().items;
        let members: Vec<_> = accounts.into_iter().map(|row| (row.account.username, row.account.created_at)).collect();
        let terms: Vec<_> =
            invites.iter().map(|invite| (invite.terms.label.clone(), invite.used, invite.terms.expires_at)).collect();
        codes.extend(invites.iter().filter_map(|invite| invite.code.as_ref()).map(|code| code.as_str().to_owned()));
        datasets.push((members, terms));
        app.finish().await;
    }
    assert_eq!(datasets[0], datasets[1]);
    // All codes except the own code differ; two of the invites are deleted.
    assert_eq!(codes.len(), 23 * 2 + 1);
}
