//! Concurrent attempts, through the use cases that are limited.

use std::future::Future;

use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::signup::Lookup;
use domain::text::KeyName;
use domain::{Code, Timestamp};
use tokio::task::JoinSet;

use super::{Limit, WINDOW, refusal, start};

use crate::testing::{START, TestApp, code, failure, on_both_databases, sign_up, until};
use crate::{Client, Clock, Ctx, Error, invites, keys, setup, signup};

/// More attempts than any limit allows.
const MANY: usize = 200;
/// A code that no invite has.
const UNKNOWN: &str = "7QmX2pVd9KtR";

fn client(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), user_agent: None }
}

/// Makes [`MANY`] attempts at once, by the processes in turn. Returns how many were made, and how many were refused
/// because the limit was reached. `made` asserts that an attempt failed as it should.
async fn at_once<T, F>(
    processes: &[&Ctx],
    attempt: impl Fn(Ctx) -> F,
    made: impl Fn(Result<T, Error>),
) -> (usize, usize)
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let mut attempts = JoinSet::new();
    for number in 0..MANY {
        attempts.spawn(attempt(processes[number % processes.len()].clone()));
    }
    let (mut tried, mut limited) = (0, 0);
    for outcome in attempts.join_all().await {
        match outcome {
            Err(error) if error.code() == Code::RateLimited => limited += 1,
            outcome => {
                made(outcome);
                tried += 1;
            }
        }
    }
    (tried, limited)
}

async fn look_up_at_once(processes: &[&Ctx], code: &'static str, from: &'static str) -> (usize, usize) {
    let look_up = |ctx: Ctx| async move { invites::lookup(&ctx, code, &client(from)).await };
    at_once(processes, look_up, |outcome| assert_eq!(outcome.unwrap(), Lookup::Unknown)).await
}

async fn use_keys_at_once(processes: &[&Ctx], from: &'static str) -> (usize, usize) {
    let resolve = |ctx: Ctx| async move { keys::resolve(&ctx, "lk_nonsense", &client(from)).await };
    at_once(processes, resolve, |outcome| assert_eq!(failure(outcome).code, Code::Unauthenticated)).await
}

/// Two more processes with the same database.
async fn two_others(app: &TestApp) -> [Ctx; 2] {
    let open = || Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), app.ctx.randomness().clone());
    [open().await.unwrap(), open().await.unwrap()]
}

on_both_databases! {
    async fn of_many_unknown_codes_at_once_a_hundred_are_looked_up(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        assert_eq!(look_up_at_once(&[&app.ctx], UNKNOWN, "192.0.2.66").await, (100, 100));
        let refused = invites::lookup(&app.ctx, code(&invite), &client("192.0.2.66")).await;
        assert_eq!(failure(refused).code, Code::RateLimited, "not even the right one");
        assert!(invites::lookup(&app.ctx, code(&invite), &client("192.0.2.1")).await.is_ok());
    }

    async fn sign_ups_with_unknown_codes_count_together_with_look_ups(app: &TestApp) {
        app.owner().await;
        for _ in 0..40 {
            invites::lookup(&app.ctx, UNKNOWN, &client("192.0.2.66")).await.unwrap();
        }
        let attempt = |ctx: Ctx| async move {
            signup::sign_up(&ctx, sign_up(UNKNOWN, "mateo"), None, &client("192.0.2.66")).await
        };
        let made = |outcome| assert_eq!(failure(outcome).code, Code::InviteInvalid);
        assert_eq!(at_once(&[&app.ctx], attempt, made).await, (60, 140));
    }

    async fn codes_that_exist_are_looked_up_however_many_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let look_up = |ctx: Ctx| {
            let code = code(&invite).to_owned();
            async move { invites::lookup(&ctx, &code, &client("192.0.2.66")).await }
        };
        let found = |outcome: Result<Lookup, Error>| assert!(matches!(outcome.unwrap(), Lookup::Open(_)));
        for _ in 0..3 {
            assert_eq!(at_once(&[&app.ctx], look_up, found).await, (MANY, 0));
        }
        assert_eq!(look_up_at_once(&[&app.ctx], UNKNOWN, "192.0.2.66").await, (100, 100), "none of them was counted");
    }

    async fn of_many_invalid_api_keys_at_once_a_hundred_are_answered_and_a_valid_one_passes(app: &TestApp) {
        let owner = app.owner().await;
        let key = keys::create(&app.ctx, &owner, KeyName::parse("script").unwrap(), KeyScope::Full, None).await.unwrap();
        assert_eq!(use_keys_at_once(&[&app.ctx], "192.0.2.66").await, (100, 100));
        let valid = |ctx: Ctx| {
            let secret = key.secret.clone();
            async move { keys::resolve(&ctx, &secret, &client("192.0.2.66")).await }
        };
        assert_eq!(at_once(&[&app.ctx], valid, |outcome| assert!(outcome.is_ok())).await, (MANY, 0));
    }

    async fn of_many_wrong_setup_tokens_at_once_twenty_are_tried(app: &TestApp) {
        let link = setup::link(&app.ctx).await.unwrap();
        let token = link.split_once("token=").unwrap().1.to_owned();
        let attempt = |ctx: Ctx| async move { setup::check(&ctx, "guess", &client("192.0.2.66")).await };
        let made = |outcome| assert_eq!(failure(outcome).code, Code::SetupLinkInvalid);
        assert_eq!(at_once(&[&app.ctx], attempt, made).await, (20, 180));
        assert_eq!(failure(setup::check(&app.ctx, &token, &client("192.0.2.66")).await).code, Code::RateLimited);
        setup::check(&app.ctx, &token, &client("192.0.2.1")).await.unwrap();
    }

    async fn a_window_ends(app: &TestApp) {
        app.owner().await;
        for _ in 0..2 {
            assert_eq!(look_up_at_once(&[&app.ctx], UNKNOWN, "192.0.2.66").await, (100, 100));
            app.advance(WINDOW);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_on_postgres_share_the_limits_of_concurrent_attempts() {
    let app = TestApp::postgres().await;
    app.owner().await;
    let others = two_others(&app).await;
    let processes = [&app.ctx, &others[0], &others[1]];
    for (tried, limited) in
        [look_up_at_once(&processes, UNKNOWN, "192.0.2.66").await, use_keys_at_once(&processes, "192.0.2.66").await]
    {
        // Each process may have taken up to nine that it did not need.
        assert!((73..=100).contains(&tried), "{tried} of a hundred");
        assert_eq!(tried + limited, MANY);
    }
    for process in others {
        process.close().await;
    }
    app.finish().await;
}

/// A process that looked up valid codes keeps no part of the allowance of their clients.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unused_attempts_are_given_back_to_the_other_processes() {
    let app = TestApp::postgres().await;
    let owner = app.owner().await;
    let invite = app.invite(&owner, InviteDraft::default()).await;
    let [other, third] = two_others(&app).await;
    for process in [&app.ctx, &third] {
        invites::lookup(process, code(&invite), &client("192.0.2.66")).await.unwrap();
    }
    third.close().await;
    let counted = "SELECT COALESCE(SUM(failures), 0)::BIGINT FROM rate_limits";
    until("the units are given back", async || app.number(counted).await == 0).await;
    assert_eq!(look_up_at_once(&[&other], UNKNOWN, "192.0.2.66").await, (100, 100));
    other.close().await;
    app.finish().await;
}

/// A request that is cancelled while it waits, because the client disconnected, is not counted, except for a password.
#[tokio::test]
async fn a_cancelled_attempt_counts_only_for_a_password() {
    let app = TestApp::sqlite().await;
    let (limits, here) = (app.ctx.limits(), client("192.0.2.66"));
    for (limit, subject) in [(Limit::Setup, ""), (Limit::SignInTo, "account")] {
        for _ in 0..limit.allowed() {
            drop(limits.reserve(&app.ctx, limit, &here, subject).await.unwrap());
        }
    }
    assert!(limits.reserve(&app.ctx, Limit::Setup, &here, "").await.is_ok());
    let refused = limits.reserve(&app.ctx, Limit::SignInTo, &here, "account").await;
    assert_eq!(failure(refused).code, Code::RateLimited);
    app.finish().await;
}

#[test]
fn the_time_to_wait_ends_with_the_window() {
    let now = Timestamp::from_micros(start(Timestamp::from_micros(1_800_000_123_456_789)) + 599_000_000);
    assert_eq!(refusal(Limit::Code, now).retry_after, Some(2));
}

#[tokio::test]
async fn without_limits_nothing_is_refused() {
    let app = TestApp::sqlite().await;
    app.owner().await;
    let options = crate::Options { rate_limits: false, ..app.options.clone() };
    let ctx = Ctx::open_with(options, Clock::manual(START), app.ctx.randomness().clone()).await.unwrap();
    assert_eq!(look_up_at_once(&[&ctx], UNKNOWN, "192.0.2.66").await, (MANY, 0));
    ctx.close().await;
    app.finish().await;
}
