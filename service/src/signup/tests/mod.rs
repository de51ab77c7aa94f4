use std::collections::BTreeSet;
use std::time::Duration;

use domain::accounts::{AccountStatus, Role, Username};
use domain::invites::{Invite, InviteDraft};
use domain::settings::SettingsDraft;
use domain::signup::{AttemptKey, Lookup, SignUpDraft};
use domain::{Code, Patch};

use super::*;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases, sign_up, until};
use crate::{Actor, settings, signup};

mod checking;
mod flows;
mod rules;
mod terms;

async fn invite_for(app: &TestApp, owner: &Actor, uses: i64) -> Invite {
    app.invite(owner, InviteDraft { max_uses: Patch::Set(uses), ..InviteDraft::default() }).await
}

async fn used(app: &TestApp) -> i64 {
    app.number("SELECT used FROM invites").await
}

/// The row of someone with this address, named by what stands before the `@`.
fn new_row(app: &TestApp, email: &str) -> NewRow {
    NewRow {
        id: app.ctx.randomness().uuid(app.ctx.now()),
        email: Email::parse(email).unwrap(),
        username: Username::parse(email.split('@').next().unwrap()).unwrap(),
        name: None,
        role: Role::User,
        password_hash: String::new(),
        approved: true,
        ends_at: None,
        activate_by: None,
    }
}

fn key(key: &str) -> AttemptKey {
    AttemptKey::parse(key).unwrap()
}

async fn set(app: &TestApp, owner: &Actor, draft: SettingsDraft) {
    settings::update(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
}

on_both_databases! {
    async fn an_invite_creates_an_account_with_its_role(app: &TestApp) {
        let owner = app.owner().await;
        let draft = InviteDraft { role: Patch::Set("moderator".into()), ..InviteDraft::default() };
        let invite = app.invite(&owner, draft).await;
        let made = app.sign_up(code(&invite), "mateo").await.unwrap();
        assert_eq!((made.account.role, made.account.status), (Role::Moderator, AccountStatus::Active));
        assert!(!made.replayed);
        assert_eq!(used(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'account.sign_up'").await, 1);
        app.assert_uses_match_redemptions().await;
    }

    async fn concurrent_sign_ups_do_not_exceed_the_maximum_uses(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 5).await;
        let mut attempts = tokio::task::JoinSet::new();
        for person in 0..40 {
            let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
            attempts.spawn(async move {
                signup::sign_up(&ctx, sign_up(&code, &format!("p{person}x")), None, &Client::default()).await
            });
        }
        let (mut signed_up, mut refused) = (0, 0);
        for outcome in attempts.join_all().await {
            match outcome {
                Ok(_) => signed_up += 1,
                Err(Error::Failure(failure)) if failure == Failure::invite_invalid() => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((signed_up, refused), (5, 35));
        assert_eq!(used(app).await, 5);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 6);
        app.assert_uses_match_redemptions().await;
    }

    async fn one_attempt_sent_many_times_creates_one_account(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let mut sends = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
            sends.spawn(async move {
                signup::sign_up(&ctx, sign_up(&code, "mateo"), Some(key("one attempt")), &Client::default()).await
            });
        }
        let made: Vec<_> = sends.join_all().await.into_iter().map(Result::unwrap).collect();
        let ids: BTreeSet<_> = made.iter().map(|made| made.account.id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(made.iter().filter(|made| !made.replayed).count(), 1);
        assert_eq!(used(app).await, 1);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_key_with_a_different_request_is_refused(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 9).await;
        let client = Client::default();
        signup::sign_up(&app.ctx, sign_up(code(&invite), "mateo"), Some(key("k")), &client).await.unwrap();
        let other = signup::sign_up(&app.ctx, sign_up(code(&invite), "lena"), Some(key("k")), &client).await;
        assert_eq!(failure(other).code, Code::IdempotencyKeyReused);
        assert_eq!(used(app).await, 1);
        app.advance(Duration::from_hours(24));
        signup::sign_up(&app.ctx, sign_up(code(&invite), "lena"), Some(key("k")), &client).await.unwrap();
        assert_eq!(used(app).await, 2);
    }

    async fn a_failed_attempt_can_be_sent_again_with_its_key(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let client = Client::default();
        let mut weak = sign_up(code(&invite), "mateo");
        weak.password = domain::accounts::Password::parse("password123").unwrap();
        let refused = signup::sign_up(&app.ctx, weak, Some(key("k")), &client).await;
        assert!(failure(refused).field_error("password").is_some());
        signup::sign_up(&app.ctx, sign_up(code(&invite), "mateo"), Some(key("k")), &client).await.unwrap();
    }

    async fn a_failed_sign_up_uses_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 2).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();

        assert_eq!(failure(app.sign_up(code(&invite), "mateo").await).code, Code::EmailTaken);
        let mut taken = sign_up(code(&invite), "MATEO");
        taken.email = domain::accounts::Email::parse("other@postbox.example").unwrap();
        let taken = signup::sign_up(&app.ctx, taken, None, &Client::default()).await;
        assert_eq!(failure(taken).code, Code::UsernameTaken);

        reject_redemptions(app).await;
        assert!(matches!(app.sign_up(code(&invite), "lena").await, Err(Error::Internal(_))));

        assert_eq!(used(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts").await, 2, "the failed sign-up created no account");
        assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1, "and stored no attempt");
        app.assert_uses_match_redemptions().await;
    }

    async fn everything_that_is_wrong_is_reported_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 2).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let draft = |code: &str, username: &str, password: &str| SignUpDraft {
            code: code.to_owned(),
            email: "mateo@postbox.example".to_owned(),
            username: username.to_owned(),
            name: String::new(),
            password: password.to_owned(),
            ..SignUpDraft::default()
        };
        let fields = |failure: Failure| failure.fields.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>();

        // All fields are valid in themselves.
        let weak = draft(code(&invite), "mateo", "password123").parse().unwrap();
        let refused = failure(signup::sign_up(&app.ctx, weak, None, &Client::default()).await);
        assert_eq!(refused.code, Code::Invalid);
        assert_eq!(fields(refused), ["email", "username", "password"]);

        // One is not.
        let refuse = async |code: &str, username: &str, password: &str| {
            let draft = draft(code, username, password);
            let wrong = draft.parse().unwrap_err();
            let refused = signup::refuse(&app.ctx, &draft, wrong, &Client::default()).await;
            fields(failure(Err::<(), _>(refused)))
        };
        assert_eq!(refuse(code(&invite), "mateo", "short").await, ["password", "email", "username"]);
        assert_eq!(refuse(code(&invite), "no spaces", "password123").await, ["username", "email", "password"]);
        // Anyone who has no code is not told what is taken.
        for code in ["7QmX2pVd9KtR", "?", ""] {
            assert_eq!(refuse(code, "mateo", "short").await, ["password", "code"], "{code}");
        }
        assert_eq!(used(app).await, 1);
    }

    async fn every_code_that_cannot_be_used_gets_the_same_answer(app: &TestApp) {
        let owner = app.owner().await;
        let paused = invite_for(app, &owner, 1).await;
        invites::pause(&app.ctx, &owner, paused.id).await.unwrap();
        let deleted = invite_for(app, &owner, 1).await;
        invites::delete(&app.ctx, &owner, deleted.id).await.unwrap();
        let ended = InviteDraft { expires_in_hours: Patch::Set(1), ..InviteDraft::default() };
        let ended = app.invite(&owner, ended).await;
        let later = InviteDraft { starts_at: Patch::Set("2099-01-01T00:00:00Z".into()), ..InviteDraft::default() };
        let later = app.invite(&owner, later).await;
        let full = invite_for(app, &owner, 1).await;
        app.sign_up(code(&full), "first").await.unwrap();
        app.advance(Duration::from_hours(1));
        for code in [code(&paused), code(&deleted), code(&ended), code(&later), code(&full), "7QmX2pVd9KtR", "?"] {
            assert_eq!(failure(app.sign_up(code, "mateo").await), Failure::invite_invalid());
        }
        app.assert_uses_match_redemptions().await;
    }

    async fn the_registration_mode_decides(app: &TestApp) {
        let no_owner = failure(app.sign_up("7QmX2pVd9KtR", "mateo").await);
        assert_eq!(no_owner.code, Code::RegistrationClosed, "nobody can sign up until there is an owner");

        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 5).await;
        let without_code = || signup::sign_up(&app.ctx, SignUp { code: None, ..sign_up("x", "lena") }, None, &Client { ip: None, user_agent: None });
        assert!(failure(without_code().await).field_error("code").is_some());

        set(app, &owner, SettingsDraft { registration_mode: Some("open".into()), ..SettingsDraft::default() }).await;
        let made = without_code().await.unwrap();
        assert_eq!(made.account.status, AccountStatus::Pending, "the default asks for approval");
        let unknown_code = app.sign_up("7QmX2pVd9KtR", "mateo").await;
        assert_eq!(failure(unknown_code).code, Code::InviteInvalid, "an unknown code is an error in open mode too");

        set(app, &owner, SettingsDraft { registration_mode: Some("closed".into()), ..SettingsDraft::default() }).await;
        assert_eq!(failure(app.sign_up(code(&invite), "mateo").await).code, Code::RegistrationClosed);
    }

    async fn invites_of_a_suspended_author_cannot_be_used(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let invite = app.invite(&admin, InviteDraft::default()).await;
        crate::members::suspend(&app.ctx, &owner, admin.id()).await.unwrap();
        assert_eq!(failure(app.sign_up(code(&invite), "mateo").await), Failure::invite_invalid());
        let resumed = invites::resume(&app.ctx, &owner, invite.id).await;
        assert_eq!(failure(resumed).code, Code::Forbidden, "and nobody else can resume them");
    }

    async fn a_look_up_uses_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        for _ in 0..20 {
            let looked = invites::lookup(&app.ctx, code(&invite), &Client::default()).await.unwrap();
            assert!(matches!(looked, Lookup::Open(ref open) if open.uses_left == Some(1)), "{looked:?}");
        }
        assert_eq!(used(app).await, 0);
    }

    async fn a_replay_signs_in_only_with_the_password(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let client = Client::default();
        let send = |password: &str| {
            let mut sign_up = sign_up(code(&invite), "mateo");
            sign_up.password = domain::accounts::Password::parse(password).unwrap();
            let (ctx, client) = (&app.ctx, &client);
            async move { sign_up_and_in(ctx, sign_up, Some(key("k")), client, &Browser::default()).await }
        };
        assert!(send(PASSWORD).await.unwrap().1.is_some());
        let active = format!("SELECT COUNT(*) FROM accounts WHERE last_active_at = {}", app.ctx.now().as_micros());
        assert_eq!(app.number(&active).await, 1, "who signs up with a session is active");
        assert!(send(PASSWORD).await.unwrap().1.is_some());
        let (made, session) = send("another bench by the door").await.unwrap();
        assert!(made.replayed && session.is_none());
    }

    async fn a_replay_is_limited_like_a_sign_in(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let here = Client { ip: Some("192.0.2.66".parse().unwrap()), user_agent: None };
        let send = async |password: &str| {
            let mut sign_up = sign_up(code(&invite), "mateo");
            sign_up.password = domain::accounts::Password::parse(password).unwrap();
            sign_up_and_in(&app.ctx, sign_up, Some(key("k")), &here, &Browser::default()).await
        };
        assert!(send(PASSWORD).await.unwrap().1.is_some());
        for guess in 0..10 {
            assert!(send(&format!("guess number {guess}")).await.unwrap().1.is_none());
        }
        assert_eq!(failure(send(PASSWORD).await).code, Code::RateLimited);
        let draft = domain::sessions::SignInDraft { login: "mateo".into(), password: PASSWORD.into() };
        assert_eq!(failure(sessions::sign_in(&app.ctx, &draft, &here).await).code, Code::RateLimited);
    }

    async fn a_replay_gives_a_suspended_account_no_session(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let send = async || {
            let sign_up = sign_up(code(&invite), "mateo");
            sign_up_and_in(&app.ctx, sign_up, Some(key("k")), &Client::default(), &Browser::default()).await.unwrap()
        };
        let (made, session) = send().await;
        assert!(session.is_some());
        crate::members::suspend(&app.ctx, &owner, made.account.id).await.unwrap();
        let (made, session) = send().await;
        assert!(made.replayed && session.is_none());
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0, "none that could outlive the restoration");
        crate::members::restore(&app.ctx, &owner, made.account.id).await.unwrap();
        assert!(send().await.1.is_some());
    }

    async fn a_replay_in_progress_does_not_survive_a_change_of_password(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 1).await;
        let send = || {
            let (ctx, sign_up) = (app.ctx.clone(), sign_up(code(&invite), "mateo"));
            async move {
                let (client, browser) = (Client::default(), Browser::default());
                sign_up_and_in(&ctx, sign_up, Some(key("k")), &client, &browser).await.unwrap().1
            }
        };
        assert!(send().await.is_some());
        let held = app.ctx.passwords().hold_sign_in().await;
        let replay = tokio::spawn(send());
        until("it waits for a permit", async || app.ctx.passwords().stats()[1].waiting == 1).await;
        let password = domain::accounts::Password::parse("four unrelated new words").unwrap();
        crate::operations::operator::set_password(&app.ctx, "mateo", password, true).await.unwrap();
        drop(held);
        assert!(replay.await.unwrap().is_none());
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 0);
    }

    async fn the_waiting_sign_ups_of_one_address_are_limited(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 200).await;
        let held = app.ctx.passwords().hold_sign_up().await;
        let client = |last: u8| Client { ip: Some(std::net::Ipv4Addr::new(192, 0, 2, last).into()), user_agent: None };
        let mut sign_ups = tokio::task::JoinSet::new();
        for person in 0..150 {
            let (ctx, sign_up) = (app.ctx.clone(), sign_up(code(&invite), &format!("p{person}x")));
            sign_ups.spawn(async move { signup::sign_up(&ctx, sign_up, None, &client(66)).await });
        }
        for _ in 0..150 - 64 {
            assert_eq!(failure(sign_ups.join_next().await.unwrap().unwrap()).code, Code::RateLimited);
        }
        let other = {
            let (ctx, sign_up) = (app.ctx.clone(), sign_up(code(&invite), "lena"));
            tokio::spawn(async move { signup::sign_up(&ctx, sign_up, None, &client(1)).await })
        };
        until("they wait for a permit", async || app.ctx.passwords().stats()[0].waiting == 65).await;
        drop(held);
        other.await.unwrap().unwrap();
        sign_ups.join_all().await.into_iter().for_each(|made| assert!(made.is_ok()));
    }

    async fn a_password_that_waited_long_is_not_hashed_for_an_invite_that_was_paused_meanwhile(app: &TestApp) {
        let owner = app.owner().await;
        let invite = invite_for(app, &owner, 2).await;
        let hashed = || app.ctx.passwords().stats()[0].done;
        for (waited, hashes) in [(Duration::ZERO, 1), (Duration::from_secs(1), 0)] {
            invites::resume(&app.ctx, &owner, invite.id).await.unwrap();
            let (before, held) = (hashed(), app.ctx.passwords().hold_sign_up().await);
            let (ctx, sign_up) = (app.ctx.clone(), sign_up(code(&invite), "mateo"));
            let waiting = tokio::spawn(async move { signup::sign_up(&ctx, sign_up, None, &Client::default()).await });
            until("it waits for a permit", async || app.ctx.passwords().stats()[0].waiting == 1).await;
            invites::pause(&app.ctx, &owner, invite.id).await.unwrap();
            app.advance(waited);
            drop(held);
            assert_eq!(failure(waiting.await.unwrap()).code, Code::InviteInvalid);
            assert_eq!(hashed() - before, hashes);
        }
        assert_eq!(app.number("SELECT used FROM invites").await, 0);
    }

    async fn an_unusable_own_code_is_limited_like_an_unknown_one(app: &TestApp) {
        let owner = app.owner().await;
        let own = InviteDraft { code: domain::Patch::Set("SUMMER-2026".into()), ..InviteDraft::default() };
        let own = app.invite(&owner, own).await;
        invites::pause(&app.ctx, &owner, own.id).await.unwrap();
        for (last, tried) in [(1, "SUMMER-2026"), (2, "WINTER-2026")] {
            let guesser = Client { ip: Some(std::net::Ipv4Addr::new(192, 0, 2, last).into()), user_agent: None };
            for _ in 0..50 {
                assert_eq!(invites::lookup(&app.ctx, tried, &guesser).await.unwrap(), Lookup::Unknown);
                let refused = signup::sign_up(&app.ctx, sign_up(tried, "mateo"), None, &guesser).await;
                assert_eq!(failure(refused), Failure::invite_invalid());
            }
            let refused = invites::lookup(&app.ctx, tried, &guesser).await;
            assert_eq!(failure(refused).code, Code::RateLimited, "{tried}");
            let refused = signup::sign_up(&app.ctx, sign_up(tried, "mateo"), None, &guesser).await;
            assert_eq!(failure(refused).code, Code::RateLimited, "{tried}");
        }
    }

    async fn guessing_codes_is_limited(app: &TestApp) {
        app.owner().await;
        let guesser = Client { ip: Some("192.0.2.7".parse().unwrap()), user_agent: None };
        for _ in 0..100 {
            assert_eq!(invites::lookup(&app.ctx, "7QmX2pVd9KtR", &guesser).await.unwrap(), Lookup::Unknown);
        }
        let refused = failure(invites::lookup(&app.ctx, "7QmX2pVd9KtR", &guesser).await);
        assert_eq!(refused.code, Code::RateLimited);
        assert!(refused.retry_after.is_some());
        let other = Client { ip: Some("192.0.2.8".parse().unwrap()), user_agent: None };
        assert_eq!(invites::lookup(&app.ctx, "7QmX2pVd9KtR", &other).await.unwrap(), Lookup::Unknown);
        app.advance(Duration::from_mins(10));
        assert_eq!(invites::lookup(&app.ctx, "7QmX2pVd9KtR", &guesser).await.unwrap(), Lookup::Unknown);
    }
}

/// Makes the database reject every redemption.
async fn reject_redemptions(app: &TestApp) {
    if app.ctx.db().is_postgres() {
        app.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        )
        .await;
        app.execute("CREATE TRIGGER refuse BEFORE INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION refuse()").await;
    } else {
        app.execute("CREATE TRIGGER refuse BEFORE INSERT ON redemptions BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    }
}

/// There may be hundreds that wait until their password can be hashed.
#[tokio::test]
async fn what_waits_takes_little_memory() {
    let app = TestApp::sqlite().await;
    let client = Client::default();
    let attempt = Attempt::new(&app.ctx, None, &sign_up("ABCDEFGHJKLM", "mateo"));
    let whole = size_of_val(&replay_or_sign_up(&app.ctx, sign_up("ABCDEFGHJKLM", "mateo"), &attempt, &client));
    let admission = (Admission::Open { approved: true }, app.ctx.now());
    let waiting = size_of_val(&prepare(&app.ctx, admission, sign_up("ABCDEFGHJKLM", "mateo"), false, &client));
    assert!(whole < 4_096 && waiting < 4_096, "{whole} and {waiting} bytes");
    app.close().await;
}
