use domain::Code;
use domain::accounts::{Password, PasswordChange, Role};
use tokio::task::JoinSet;

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases, until};

fn draft(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

fn client(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), user_agent: Some("x".repeat(1_000)) }
}

/// Another password that passes.
const OTHER: &str = "four unrelated new words";

/// Tries wrong passwords, all at once, in turns by each of `logins` and in each of `processes`; returns how many were
/// told that they are wrong, and how many that they were too many.
async fn guess_at_once(processes: &[&Ctx], logins: &[&str], times: usize) -> (usize, usize) {
    let mut guesses = JoinSet::new();
    for time in 0..times {
        let (ctx, login) = (processes[time % processes.len()].clone(), logins[time % logins.len()].to_owned());
        guesses.spawn(async move { sign_in(&ctx, &draft(&login, "guess"), &client("192.0.2.66")).await });
    }
    let codes: Vec<Code> = guesses.join_all().await.into_iter().map(|guess| failure(guess).code).collect();
    let count = |code| codes.iter().filter(|other| **other == code).count();
    (count(Code::SignInFailed), count(Code::RateLimited))
}

/// The number of passwords verified in this process.
fn verified(ctx: &Ctx) -> u64 {
    ctx.passwords().stats()[1].done
}

/// Waits until `count` requests wait for their password to be verified.
async fn until_waiting(app: &TestApp, count: usize) {
    until("they wait for a permit", async || app.ctx.passwords().stats()[1].waiting == count).await;
}

/// Sends ten sign-ins with the correct password, makes `change` while they wait to be verified, and returns their results.
async fn sign_in_during(app: &TestApp, change: impl Future<Output = ()>) -> Vec<Result<SessionToken, Error>> {
    let held = app.ctx.passwords().hold_sign_in().await;
    let mut sign_ins = JoinSet::new();
    for _ in 0..10 {
        let ctx = app.ctx.clone();
        sign_ins.spawn(async move { sign_in(&ctx, &draft("tomasz", PASSWORD), &client("192.0.2.1")).await });
    }
    until_waiting(app, 10).await;
    change.await;
    drop(held);
    sign_ins.join_all().await
}

on_both_databases! {
    async fn signing_in_makes_an_account_active(app: &TestApp) {
        app.owner().await;
        let active = || async { app.number("SELECT COALESCE(MAX(last_active_at), 0) FROM accounts").await };
        assert_eq!(active().await, 0);
        sign_in(&app.ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await.unwrap();
        assert_eq!(active().await, app.ctx.now().as_micros());
        app.advance(Duration::from_secs(90));
        sign_in(&app.ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await.unwrap();
        assert_eq!(active().await, app.ctx.now().as_micros(), "at each sign-in");
    }

    async fn who_uses_a_session_is_online_all_the_time_and_for_five_minutes_after(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.1");
        let token = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let id = resolve(&app.ctx, token.expose(), &here).await.unwrap().unwrap().account.id;
        let online = async || {
            let row = accounts::find(&app.ctx.db().read, id).await.unwrap().unwrap();
            accounts::account(&row, app.ctx.now()).unwrap().presence().is_online(app.ctx.now())
        };
        for _ in 0..40 {
            app.advance(Duration::from_secs(50));
            assert!(online().await);
            resolve(&app.ctx, token.expose(), &here).await.unwrap().unwrap();
        }
        app.advance(Duration::from_mins(4));
        assert!(online().await, "the time is accurate to a minute");
        app.advance(Duration::from_mins(1));
        assert!(!online().await);
        resolve(&app.ctx, token.expose(), &here).await.unwrap().unwrap();
        assert!(online().await);
        app.execute("UPDATE accounts SET suspended_at = 1").await;
        assert!(!online().await, "who may not sign in is not here");
    }

    async fn the_response_does_not_say_whether_the_login_or_the_password_is_wrong(app: &TestApp) {
        app.owner().await;
        let here = Client::default();
        let password = failure(sign_in(&app.ctx, &draft("ngozi", "not the password"), &here).await);
        let account = failure(sign_in(&app.ctx, &draft("nobody", PASSWORD), &here).await);
        assert_eq!(password, account);
        assert_eq!(password.code, Code::SignInFailed);
        let long = failure(sign_in(&app.ctx, &draft("ngozi", &"x".repeat(10_000)), &here).await);
        assert_eq!(long, account);
        let hidden = failure(sign_in(&app.ctx, &draft("ngo\0zi", PASSWORD), &here).await);
        assert_eq!(hidden, account);
    }

    async fn a_session_ends_when_unused_and_when_old(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.1");
        let begin = async || sign_in(&app.ctx, &draft("NGOZI", PASSWORD), &here).await;
        let unused = begin().await.unwrap();
        app.advance(IDLE_LIFETIME.checked_sub(Duration::from_secs(1)).unwrap());
        assert!(resolve(&app.ctx, unused.expose(), &here).await.unwrap().is_some());
        app.advance(IDLE_LIFETIME);
        assert!(resolve(&app.ctx, unused.expose(), &here).await.unwrap().is_none());

        let old = begin().await.unwrap();
        for _ in 0..29 {
            app.advance(Duration::from_hours(24));
            assert!(resolve(&app.ctx, old.expose(), &here).await.unwrap().is_some());
        }
        app.advance(Duration::from_hours(24));
        assert!(resolve(&app.ctx, old.expose(), &here).await.unwrap().is_none());
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions WHERE user_agent IS NOT NULL").await, 0);
    }

    async fn each_sign_in_starts_its_own_session(app: &TestApp) {
        app.owner().await;
        app.account("una", Role::User).await;
        let here = client("192.0.2.1");
        let one = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let other = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        assert_ne!(one, other);
        let actor = resolve(&app.ctx, one.expose(), &here).await.unwrap().unwrap().actor;
        let sessions = list(&app.ctx, &actor).await.unwrap();
        assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
        assert_eq!(sessions[0].user_agent.as_ref().unwrap().len(), 200);

        let foreign = sign_in(&app.ctx, &draft("una", PASSWORD), &here).await.unwrap();
        let foreign = resolve(&app.ctx, foreign.expose(), &here).await.unwrap().unwrap().actor;
        assert_eq!(failure(revoke(&app.ctx, &foreign, sessions[0].id).await).code, Code::NotFound);

        assert_eq!(revoke_others(&app.ctx, &actor).await.unwrap(), 1);
        assert!(resolve(&app.ctx, other.expose(), &here).await.unwrap().is_none());
        sign_out(&app.ctx, &actor).await.unwrap();
        assert!(resolve(&app.ctx, one.expose(), &here).await.unwrap().is_none());
    }

    async fn guessing_a_password_is_limited_for_the_guesser_only(app: &TestApp) {
        app.owner().await;
        let guesser = client("192.0.2.66");
        for _ in 0..10 {
            assert_eq!(failure(sign_in(&app.ctx, &draft("ngozi", "guess"), &guesser).await).code, Code::SignInFailed);
        }
        assert_eq!(failure(sign_in(&app.ctx, &draft("ngozi", PASSWORD), &guesser).await).code, Code::RateLimited);
        assert!(sign_in(&app.ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await.is_ok());
    }

    async fn of_many_concurrent_wrong_passwords_ten_are_tried(app: &TestApp) {
        app.owner().await;
        let before = verified(&app.ctx);
        assert_eq!(guess_at_once(&[&app.ctx], &["ngozi"], 200).await, (10, 190));
        assert_eq!(verified(&app.ctx) - before, 10);
        assert_eq!(guess_at_once(&[&app.ctx], &["nobody"], 200).await, (10, 190), "as with an account");
        let elsewhere = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await;
        assert!(elsewhere.is_ok(), "the account is not locked");
    }

    async fn an_address_and_a_username_share_one_limit(app: &TestApp) {
        app.owner().await;
        let names = ["ngozi", "ngozi@bramble.example", "NGOZI", " Ngozi@Bramble.Example "];
        assert_eq!(guess_at_once(&[&app.ctx], &names, 200).await, (10, 190));
    }

    async fn a_correct_password_neither_counts_nor_resets_the_count(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.66");
        let try_one = async |password: &str| sign_in(&app.ctx, &draft("ngozi", password), &here).await;
        for _ in 0..9 {
            assert_eq!(failure(try_one("guess").await).code, Code::SignInFailed);
        }
        for _ in 0..15 {
            assert!(try_one(PASSWORD).await.is_ok());
        }
        assert_eq!(failure(try_one("guess").await).code, Code::SignInFailed);
        assert_eq!(failure(try_one(PASSWORD).await).code, Code::RateLimited);
        app.advance(Duration::from_mins(10));
        assert!(try_one(PASSWORD).await.is_ok());
    }

    async fn guessing_the_current_password_shares_the_limit_of_sign_ins(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.66");
        let token = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let actor = resolve(&app.ctx, token.expose(), &here).await.unwrap().unwrap().actor;
        let before = verified(&app.ctx);
        let mut guesses = JoinSet::new();
        for _ in 0..100 {
            let (ctx, actor) = (app.ctx.clone(), actor.clone());
            let change = PasswordChange { current: "guess".into(), new: OTHER.into(), revoke_keys: true };
            guesses.spawn(async move { crate::me::change_password(&ctx, &actor, &change).await });
        }
        let codes: Vec<Code> = guesses.join_all().await.into_iter().map(|guess| failure(guess).code).collect();
        assert_eq!(codes.iter().filter(|code| **code == Code::Invalid).count(), 10);
        assert_eq!(codes.iter().filter(|code| **code == Code::RateLimited).count(), 90);
        assert_eq!(verified(&app.ctx) - before, 10);
        let refused = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await;
        assert_eq!(failure(refused).code, Code::RateLimited, "both count together");
    }

    async fn the_waiting_sign_ins_of_one_address_are_limited(app: &TestApp) {
        app.owner().await;
        let held = app.ctx.passwords().hold_sign_in().await;
        let mut sign_ups = JoinSet::new();
        for number in 0..300 {
            let ctx = app.ctx.clone();
            sign_ups.spawn(async move { sign_in(&ctx, &draft(&format!("n{number}"), "guess"), &client("192.0.2.66")).await });
        }
        for _ in 0..300 - 64 {
            assert_eq!(failure(sign_ups.join_next().await.unwrap().unwrap()).code, Code::RateLimited);
        }
        until_waiting(app, 64).await;
        let other = {
            let ctx = app.ctx.clone();
            tokio::spawn(async move { sign_in(&ctx, &draft("ngozi", PASSWORD), &client("192.0.2.1")).await })
        };
        until_waiting(app, 65).await;
        drop(held);
        other.await.unwrap().unwrap();
        for guess in sign_ups.join_all().await {
            assert_eq!(failure(guess).code, Code::SignInFailed);
        }
    }

    async fn a_sign_in_in_progress_does_not_survive_a_change_of_password(app: &TestApp) {
        app.owner().await;
        app.account("tomasz", Role::Admin).await;
        let changed = Box::pin(operator::set_password(&app.ctx, "tomasz", Password::parse(OTHER).unwrap(), true));
        let outcomes = sign_in_during(app, async { changed.await.map(drop).unwrap() }).await;
        for outcome in outcomes {
            assert_eq!(failure(outcome).code, Code::SignInFailed);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert!(sign_in(&app.ctx, &draft("tomasz", OTHER), &client("192.0.2.1")).await.is_ok());
    }

    async fn a_sign_in_in_progress_does_not_survive_a_suspension(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let outcomes = sign_in_during(app, async {
            crate::members::suspend(&app.ctx, &owner, admin.id()).await.unwrap();
        })
        .await;
        assert!(outcomes.into_iter().all(|outcome| outcome.is_err()));
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    }

    async fn a_sign_in_in_progress_does_not_survive_a_restoration(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let outcomes = sign_in_during(app, async {
            Box::pin(crate::members::suspend(&app.ctx, &owner, admin.id())).await.unwrap();
            Box::pin(crate::members::restore(&app.ctx, &owner, admin.id())).await.unwrap();
        })
        .await;
        for outcome in outcomes {
            assert_eq!(failure(outcome).code, Code::SignInFailed);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert!(sign_in(&app.ctx, &draft("tomasz", PASSWORD), &client("192.0.2.1")).await.is_ok());
    }

    async fn a_change_of_password_in_progress_does_not_undo_another(app: &TestApp) {
        app.owner().await;
        let here = client("192.0.2.1");
        let token = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let actor = resolve(&app.ctx, token.expose(), &here).await.unwrap().unwrap().actor;
        let held = app.ctx.passwords().hold_sign_in().await;
        let ours = app.ctx.clone();
        let change = PasswordChange { current: PASSWORD.into(), new: "another new password".into(), revoke_keys: true };
        let change_in_progress = tokio::spawn(async move { crate::me::change_password(&ours, &actor, &change).await });
        until_waiting(app, 1).await;
        operator::set_password(&app.ctx, "ngozi", Password::parse(OTHER).unwrap(), true).await.unwrap();
        drop(held);
        assert!(failure(change_in_progress.await.unwrap()).field_error("current").is_some());
        assert!(sign_in(&app.ctx, &draft("ngozi", OTHER), &here).await.is_ok());
    }

    async fn signing_in_over_a_session_ends_it(app: &TestApp) {
        app.owner().await;
        app.account("una", Role::User).await;
        let here = client("192.0.2.1");
        let session = async |token: &SessionToken| match resolve(&app.ctx, token.expose(), &here).await.unwrap() {
            Some(Signed { actor: Actor { via: Via::Session(session), .. }, .. }) => Some(session),
            _ => None,
        };
        let first = sign_in(&app.ctx, &draft("ngozi", PASSWORD), &here).await.unwrap();
        let old = session(&first).await;
        assert!(old.is_some());
        let browser = Browser { session: old, token: None };
        let refused = sign_in_again(&app.ctx, &draft("una", "guess"), &here, &browser).await;
        assert_eq!(failure(refused).code, Code::SignInFailed);
        assert!(session(&first).await.is_some(), "a failure ends nothing");
        let second = sign_in_again(&app.ctx, &draft("una", PASSWORD), &here, &browser).await.unwrap().token;
        assert_eq!(session(&first).await, None);
        assert!(session(&second).await.is_some());
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
    }

    async fn the_least_recently_used_of_more_than_fifty_sessions_ends(app: &TestApp) {
        app.owner().await;
        app.account("una", Role::User).await;
        let here = client("192.0.2.1");
        let begin = async |login: &str| {
            app.advance(Duration::from_mins(6));
            sign_in(&app.ctx, &draft(login, PASSWORD), &here).await.unwrap()
        };
        let lives = async |token: &SessionToken| resolve(&app.ctx, token.expose(), &here).await.unwrap().is_some();
        let other = begin("una").await;
        let (oldest, second) = (begin("ngozi").await, begin("ngozi").await);
        for _ in 2..50 {
            begin("ngozi").await;
        }
        assert!(lives(&oldest).await, "used just now");
        begin("ngozi").await;
        assert!(lives(&oldest).await && !lives(&second).await);
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 51);
        assert!(lives(&other).await, "each account has its own");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_on_postgres_try_ten_of_many_concurrent_wrong_passwords() {
    let app = TestApp::postgres().await;
    app.owner().await;
    let open = || Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), app.ctx.randomness().clone());
    let (second, third) = (open().await.unwrap(), open().await.unwrap());
    let processes = [&app.ctx, &second, &third];
    let names = ["ngozi", "ngozi@bramble.example"];
    assert_eq!(guess_at_once(&processes, &names, 200).await, (10, 190));
    assert_eq!(processes.map(verified).iter().sum::<u64>(), 10);
    second.close().await;
    third.close().await;
    app.finish().await;
}

#[tokio::test]
async fn processes_on_postgres_count_failed_sign_ins_together() {
    let app = TestApp::postgres().await;
    app.owner().await;
    let other =
        Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), app.ctx.randomness().clone()).await.unwrap();
    let guesser = client("192.0.2.66");
    for guess in 0..10 {
        let ctx = if guess % 2 == 0 { &app.ctx } else { &other };
        assert_eq!(failure(sign_in(ctx, &draft("ngozi", "guess"), &guesser).await).code, Code::SignInFailed);
    }
    for ctx in [&app.ctx, &other] {
        assert_eq!(failure(sign_in(ctx, &draft("ngozi", PASSWORD), &guesser).await).code, Code::RateLimited);
    }
    other.close().await;
    app.finish().await;
}
