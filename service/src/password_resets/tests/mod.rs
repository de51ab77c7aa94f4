use std::time::Duration;

use domain::access::Permission;
use domain::accounts::{AccountDraft, Password, PasswordChange, Role, Username};
use domain::keys::KeyScope;
use domain::password_resets::{LIFETIME, ResetLink};
use domain::sessions::SignInDraft;
use domain::text::KeyName;
use domain::{Code, Patch};

use super::{complete, look, make, purge_expired};
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases, until};
use crate::{Actor, Client, Error, keys, me, members, sessions};

mod mailed;

const NEW: &str = "four unrelated new words";

fn token(link: &ResetLink) -> &str {
    link.url.strip_prefix("https://bramble.example/reset/").unwrap()
}

async fn reset(app: &TestApp, link: &ResetLink, password: &str) -> Result<(), Error> {
    complete(&app.ctx, token(link), Password::parse(password).unwrap(), &Client::default()).await
}

async fn opened(app: &TestApp, link: &ResetLink) -> Result<Username, Error> {
    look(&app.ctx, token(link), &Client::default()).await
}

async fn can_sign_in(app: &TestApp, username: &str, password: &str) -> bool {
    let draft = SignInDraft { login: username.to_owned(), password: password.to_owned() };
    sessions::sign_in(&app.ctx, &draft, &Client::default()).await.is_ok()
}

/// A moderator who may reset passwords.
async fn moderator(app: &TestApp) -> Actor {
    app.account("mo", Role::Moderator).await;
    app.grant("mo", Permission::PasswordsReset.into()).await;
    operator::act_as(&app.ctx, Some("mo")).await.unwrap()
}

async fn set_role(app: &TestApp, by: &Actor, of: &Actor, role: &str) {
    let draft = AccountDraft { role: Patch::Set(role.to_owned()), ..AccountDraft::default() };
    members::update(&app.ctx, by, of.id(), draft).await.unwrap();
}

async fn logged(app: &TestApp, action: &str, condition: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}' AND {condition}")).await
}

/// The answer to each way of using a link is the same as to a link that never was.
async fn assert_useless(app: &TestApp, link: &ResetLink) {
    let unknown = failure(look(&app.ctx, "no-such-token", &Client::default()).await);
    assert_eq!(unknown.code, Code::ResetLinkInvalid);
    assert_eq!(failure(opened(app, link).await), unknown);
    assert_eq!(failure(reset(app, link, "nobody ever sets these words").await), unknown);
}

/// The link can't be opened. One guess, where [`assert_useless`] makes three: after twenty they are refused.
async fn assert_gone(app: &TestApp, link: &ResetLink) {
    assert_eq!(failure(opened(app, link).await).code, Code::ResetLinkInvalid);
}

on_both_databases! {
    async fn a_link_sets_the_password_once_and_ends_sessions_and_api_keys(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let signed = app.sign_in("mateo").await;
        let client = Client::default();
        let name = KeyName::parse("script").unwrap();
        let key = operator::create_key(&app.ctx, "mateo", name, KeyScope::Full, None).await.unwrap().secret;

        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_eq!(link.expires_at, app.ctx.now().plus(LIFETIME));
        // Opening it, any number of times, does not use it up.
        for _ in 0..3 {
            assert_eq!(opened(app, &link).await.unwrap().as_str(), "mateo");
        }
        assert!(can_sign_in(app, "mateo", PASSWORD).await);
        reset(app, &link, NEW).await.unwrap();

        assert!(can_sign_in(app, "mateo", NEW).await && !can_sign_in(app, "mateo", PASSWORD).await);
        assert_eq!(sessions::list(&app.ctx, &signed.actor).await.unwrap().len(), 1, "the one after the reset");
        assert_eq!(failure(keys::resolve(&app.ctx, &key, &client).await).code, Code::Unauthenticated);
        assert_useless(app, &link).await;
        assert!(can_sign_in(app, "mateo", NEW).await);
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
        assert_eq!(logged(app, "account.make_reset_link", "actor_kind = 'operator'").await, 1);
        assert_eq!(logged(app, "account.reset_password", "actor_kind = 'visitor'").await, 1);
    }

    async fn a_link_is_valid_for_an_hour_and_is_then_deleted(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        app.advance(LIFETIME.checked_sub(Duration::from_secs(1)).unwrap());
        purge_expired(&app.ctx).await.unwrap();
        opened(app, &link).await.unwrap();
        app.advance(Duration::from_secs(1));
        assert_useless(app, &link).await;
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
        assert!(can_sign_in(app, "mateo", PASSWORD).await);
    }

    async fn a_new_link_ends_the_one_before(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let first = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        let second = operator::make_reset_link(&app.ctx, "mateo").await.unwrap();
        assert_useless(app, &first).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 1);
        reset(app, &second, NEW).await.unwrap();
    }

    async fn links_are_made_for_accounts_below_and_those_of_owners_on_the_command_line_alone(app: &TestApp) {
        let owner = app.owner().await;
        let other_owner = app.account("olu", Role::Owner).await;
        let admin = app.account("tomasz", Role::Admin).await;
        let peer = app.account("sunniva", Role::Admin).await;
        let plain_moderator = app.account("mika", Role::Moderator).await;
        let moderator = moderator(app).await;
        let user = app.account("una", Role::User).await;
        for (actor, target) in [
            (&owner, &owner),
            (&owner, &other_owner),
            (&admin, &owner),
            (&admin, &peer),
            (&admin, &admin),
            (&moderator, &admin),
            (&plain_moderator, &user),
            (&user, &moderator),
            (&user, &user),
        ] {
            assert_eq!(failure(make(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
        }
        let reading = Actor { scope: KeyScope::READ, ..admin.clone() };
        assert_eq!(failure(make(&app.ctx, &reading, user.id()).await).code, Code::Forbidden);
        // A key gives nothing that its scope leaves out, not by signing in as somebody either.
        let key = Actor { scope: KeyScope::Only(Permission::PasswordsReset.into()), ..admin.clone() };
        assert_eq!(failure(make(&app.ctx, &key, plain_moderator.id()).await).code, Code::Forbidden);
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
        make(&app.ctx, &key, user.id()).await.unwrap();
        for (actor, target) in [(&owner, &admin), (&admin, &moderator), (&moderator, &user)] {
            make(&app.ctx, actor, target.id()).await.unwrap();
        }
        let link = operator::make_reset_link(&app.ctx, "ngozi").await.unwrap();
        reset(app, &link, NEW).await.unwrap();
        assert!(can_sign_in(app, "ngozi", NEW).await);
        assert_eq!(failure(operator::make_reset_link(&app.ctx, "nobody").await).code, Code::NotFound);
    }

    async fn accounts_that_are_not_active_get_no_link(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        for (change, advice) in [
            ("approved_at = NULL", "Approve it first."),
            ("suspended_at = 1", "approve it first."),
            ("approved_at = 1", "Restore it first."),
            ("suspended_at = NULL, ends_at = 1, ended_at = 1", "Move its end first."),
        ] {
            app.execute(&format!("UPDATE accounts SET {change} WHERE username = 'mateo'")).await;
            for refused in [
                failure(make(&app.ctx, &owner, mateo.id()).await),
                failure(operator::make_reset_link(&app.ctx, "mateo").await),
            ] {
                assert_eq!((refused.code, refused.message.ends_with(advice)), (Code::Forbidden, true), "{refused}");
            }
        }
        app.execute("UPDATE accounts SET ends_at = NULL, ended_at = NULL WHERE username = 'mateo'").await;
        make(&app.ctx, &owner, mateo.id()).await.unwrap();
        members::delete(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0, "erased with the account");
        assert_eq!(failure(make(&app.ctx, &owner, mateo.id()).await).code, Code::NotFound);
    }

    async fn a_link_is_of_no_use_once_its_account_has_changed(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let new_link = || make(&app.ctx, &owner, mateo.id());

        let link = new_link().await.unwrap();
        members::suspend(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_useless(app, &link).await;
        members::restore(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_useless(app, &link).await;

        let link = new_link().await.unwrap();
        set_role(app, &owner, &mateo, "admin").await;
        assert_useless(app, &link).await;
        set_role(app, &owner, &mateo, "user").await;

        let link = new_link().await.unwrap();
        let email = Patch::Set("mateo@elsewhere.example".to_owned());
        members::update(&app.ctx, &owner, mateo.id(), AccountDraft { email, ..AccountDraft::default() }).await.unwrap();
        assert_gone(app, &link).await;

        let link = new_link().await.unwrap();
        let signed = app.sign_in("mateo").await;
        let change = PasswordChange { current: PASSWORD.to_owned(), new: NEW.to_owned(), revoke_keys: true };
        me::change_password(&app.ctx, &signed.actor, &change).await.unwrap();
        assert_useless(app, &link).await;

        // Time ends it as well.
        let link = new_link().await.unwrap();
        let ends_at = app.ctx.now().plus(Duration::from_mins(1));
        app.execute(&format!("UPDATE accounts SET ends_at = {} WHERE username = 'mateo'", ends_at.as_micros())).await;
        opened(app, &link).await.unwrap();
        app.advance(Duration::from_mins(1));
        assert_useless(app, &link).await;
        assert!(!can_sign_in(app, "mateo", "nobody ever sets these words").await);
    }

    async fn a_link_is_of_no_use_once_its_maker_could_not_make_it_any_more(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = moderator(app).await;
        let mateo = app.account("mateo", Role::User).await;
        let new_link = || make(&app.ctx, &moderator, mateo.id());

        // A group gives the account more than the moderator has. The role is the same, and no session ends.
        let link = new_link().await.unwrap();
        app.grant("mateo", domain::access::grantable()).await;
        assert_useless(app, &link).await;
        app.execute("DELETE FROM memberships WHERE account_id = (SELECT id FROM accounts WHERE username = 'mateo')").await;
        opened(app, &link).await.unwrap();
        app.execute("DELETE FROM memberships").await;
        assert_gone(app, &link).await;
        app.execute("DELETE FROM groups").await;
        app.grant("mo", Permission::PasswordsReset.into()).await;
        opened(app, &link).await.unwrap();

        // Whatever takes access away takes the links that were made with it.
        set_role(app, &owner, &moderator, "user").await;
        set_role(app, &owner, &moderator, "moderator").await;
        assert_gone(app, &link).await;
        let link = new_link().await.unwrap();
        sessions::revoke_others(&app.ctx, &moderator).await.unwrap();
        assert_gone(app, &link).await;
        let name = KeyName::parse("script").unwrap();
        let key = operator::create_key(&app.ctx, "mo", name, KeyScope::Full, None).await.unwrap();
        let link = new_link().await.unwrap();
        operator::revoke_key(&app.ctx, &key.secret).await.unwrap();
        assert_gone(app, &link).await;
        let link = new_link().await.unwrap();
        members::suspend(&app.ctx, &owner, moderator.id()).await.unwrap();
        assert_useless(app, &link).await;
        members::delete(&app.ctx, &owner, moderator.id()).await.unwrap();
        assert_useless(app, &link).await;
    }

    async fn what_changes_while_the_password_is_hashed_counts(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = moderator(app).await;
        let mateo = app.account("mateo", Role::User).await;
        let link = make(&app.ctx, &moderator, mateo.id()).await.unwrap();
        let held = app.ctx.passwords().hold_sign_up().await;
        let waiting = {
            let (ctx, token) = (app.ctx.clone(), token(&link).to_owned());
            let password = Password::parse(NEW).unwrap();
            tokio::spawn(async move { complete(&ctx, &token, password, &Client::default()).await })
        };
        until("it waits for a permit", async || app.ctx.passwords().stats()[0].waiting == 1).await;
        set_role(app, &owner, &mateo, "admin").await;
        drop(held);
        assert_eq!(failure(waiting.await.unwrap()).code, Code::ResetLinkInvalid);
        assert!(can_sign_in(app, "mateo", PASSWORD).await);
    }

    async fn a_weak_password_is_refused_and_the_link_stays(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        for weak in ["password1234", "mateo@bramble.example"] {
            let refused = failure(reset(app, &link, weak).await);
            assert_eq!((refused.code, refused.field_error("password").is_some()), (Code::Invalid, true), "{weak}");
        }
        assert!(can_sign_in(app, "mateo", PASSWORD).await);
        reset(app, &link, NEW).await.unwrap();
        assert!(can_sign_in(app, "mateo", NEW).await);
    }

    async fn of_eight_uses_at_once_one_succeeds(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        let passwords: Vec<_> = (0..8).map(|number| format!("{number} unrelated new words of mine")).collect();
        let uses = passwords.iter().map(|password| {
            let (ctx, token) = (app.ctx.clone(), token(&link).to_owned());
            let password = Password::parse(password).unwrap();
            tokio::spawn(async move { complete(&ctx, &token, password, &Client::default()).await })
        });
        let mut succeeded = Vec::new();
        for (one, password) in uses.collect::<Vec<_>>().into_iter().zip(&passwords) {
            match one.await.unwrap() {
                Ok(()) => succeeded.push(password),
                refused => assert_eq!(failure(refused).code, Code::ResetLinkInvalid),
            }
        }
        assert_eq!(succeeded.len(), 1);
        assert!(can_sign_in(app, "mateo", succeeded[0]).await);
        assert_eq!(logged(app, "account.reset_password", "1 = 1").await, 1);
    }

    async fn guessing_tokens_is_limited_and_opening_a_link_is_not(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        let [guesser, person] = ["192.0.2.66", "192.0.2.1"]
            .map(|ip| Client { ip: Some(ip.parse().unwrap()), ..Client::default() });
        for _ in 0..30 {
            look(&app.ctx, token(&link), &guesser).await.unwrap();
        }
        for _ in 0..20 {
            assert_eq!(failure(look(&app.ctx, "guess", &guesser).await).code, Code::ResetLinkInvalid);
        }
        let password = || Password::parse(NEW).unwrap();
        let late = complete(&app.ctx, token(&link), password(), &guesser).await;
        assert_eq!(failure(late).code, Code::RateLimited);
        complete(&app.ctx, token(&link), password(), &person).await.unwrap();
    }
}
