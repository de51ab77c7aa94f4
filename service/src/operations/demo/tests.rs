use std::collections::BTreeSet;

use domain::accounts::{AccountQuery, AccountStatus};
use domain::invites::{InviteQuery, InviteStatus};
use domain::overview::Why;
use domain::paging::{Limit, Paging};
use domain::sessions::SignInDraft;

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Actor, Client, overview, sessions};

fn demo(accounts: usize, links: usize) -> Demo {
    Demo {
        email: Email::parse("ngozi@brambleyard.example").unwrap(),
        username: Username::parse("ngozi").unwrap(),
        accounts,
        links,
        seed: 1,
    }
}

async fn filled(app: &TestApp, demo: Demo) -> (Filled, Actor) {
    let filled = fill(&app.ctx, demo, Password::parse(PASSWORD).unwrap()).await.unwrap();
    (filled, operator::act_as(&app.ctx, None).await.unwrap())
}

fn all() -> Paging {
    Paging { cursor: None, limit: Limit::try_from(200).unwrap() }
}

on_both_databases! {
    async fn it_shows_a_place_with_everything_in_it(app: &TestApp) {
        let (filled, owner) = filled(app, demo(Demo::ACCOUNTS, Demo::LINKS)).await;
        assert_eq!((filled.accounts, filled.links), (60, 25));
        let seen = overview::get(&app.ctx, &owner).await.unwrap();
        assert_eq!((seen.accounts, seen.redemptions), (60, filled.redemptions as u64));
        assert!(seen.named && seen.sum().accounts > 20 && seen.latest.len() == 6 && seen.live_invites.len() == 6);
        let why: BTreeSet<_> = seen.needs.iter().map(|need| need.why as u8).collect();
        assert_eq!(why.len(), 3, "{:?}", seen.needs);
        assert!(seen.needs.iter().any(|need| need.why == Why::Filled) && seen.pending.counted > 1);
        app.assert_ledger_balances().await;

        let query = InviteQuery { paging: all(), ..InviteQuery::default() };
        let mut states = BTreeSet::new();
        for status in InviteStatus::ALL {
            let query = InviteQuery { status: Some(status), ..query.clone() };
            let page = crate::invites::list(&app.ctx, &owner, &query).await.unwrap();
            assert!(!page.items.is_empty(), "no link is {status}");
            states.extend(page.items.into_iter().map(|invite| invite.id));
        }
        assert_eq!(states.len(), 25);

        let query = AccountQuery { paging: all(), ..AccountQuery::default() };
        let people = crate::accounts::list(&app.ctx, &owner, &query).await.unwrap().items;
        for status in AccountStatus::ALL {
            assert!(people.iter().any(|row| row.account.status() == status), "nobody is {status}");
        }

        // The owner signs in, and so does anyone who may.
        let member = people.iter().rev().find(|row| row.account.status() == AccountStatus::Active).unwrap();
        for login in ["ngozi", member.account.username.as_str()] {
            let draft = SignInDraft { login: login.into(), password: PASSWORD.into() };
            sessions::sign_in(&app.ctx, &draft, &Client::default()).await.unwrap();
        }
    }

    async fn it_leaves_a_place_alone_where_someone_lives(app: &TestApp) {
        app.owner().await;
        let refused = failure(fill(&app.ctx, demo(10, 5), Password::parse(PASSWORD).unwrap()).await);
        assert!(refused.message.contains("empty database"));
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 0);
    }

    async fn there_can_be_more_than_one_statement_holds(app: &TestApp) {
        let (filled, _) = filled(app, demo(1_200, 700)).await;
        assert_eq!((filled.accounts, filled.links), (1_200, 700));
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 1_200);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 700);
        app.assert_ledger_balances().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_tells_the_same_story_with_other_codes() {
    let mut stories = Vec::new();
    let mut codes = BTreeSet::new();
    for _ in 0..2 {
        let app = TestApp::sqlite().await;
        let (_, owner) = filled(&app, demo(40, 25)).await;
        let accounts = AccountQuery { paging: all(), ..AccountQuery::default() };
        let accounts = crate::accounts::list(&app.ctx, &owner, &accounts).await.unwrap().items;
        let query = InviteQuery { paging: all(), ..InviteQuery::default() };
        let invites = crate::invites::list(&app.ctx, &owner, &query).await.unwrap().items;
        let people: Vec<_> = accounts.into_iter().map(|row| (row.account.username, row.account.created_at)).collect();
        let links: Vec<_> =
            invites.iter().map(|invite| (invite.terms.label.clone(), invite.used, invite.terms.expires_at)).collect();
        codes.extend(invites.iter().filter_map(|invite| invite.code.as_ref()).map(|code| code.as_str().to_owned()));
        stories.push((people, links));
        app.finish().await;
    }
    assert_eq!(stories[0], stories[1]);
    // All but the own code differ; two of the links are deleted.
    assert_eq!(codes.len(), 22 * 2 + 1);
}
