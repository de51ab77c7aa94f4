use domain::access::Permissions;
use domain::accounts::{AccountDraft, LoginChange, Password, Role};
use domain::approvals::Decision;
use domain::endings::ENDS_SOON;
use domain::groups::MembersDraft;
use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::sessions::SignInDraft;
use domain::{Patch, Timestamp};

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases};
use crate::{Client, approvals, groups, members};

fn sign_in(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

fn names(names: &[&str]) -> MembersDraft {
    MembersDraft { accounts: names.iter().map(|&name| name.to_owned()).collect(), ..MembersDraft::default() }
}

on_both_databases! {
    async fn the_welcome_is_for_members_and_the_pending_count_for_staff(app: &TestApp) {
        let owner = app.owner().await;
        let welcome = domain::settings::SettingsDraft { welcome_text: Some("Hello".into()), ..Default::default() };
        settings::update(&app.ctx, &owner, welcome.parse().unwrap()).await.unwrap();
        let mut user = app.account("una", Role::User).await;
        app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'una'").await;
        user.permissions = Permissions::empty();
        user.active = false;
        assert_eq!(viewer(&app.ctx, &user).await.unwrap().pending, None);
        assert_eq!(home(&app.ctx, &user).await.unwrap().welcome.text, None);
        approvals::decide(&app.ctx, &owner, user.id(), Decision::Approve, None).await.unwrap();
        user.active = true;
        assert_eq!(home(&app.ctx, &user).await.unwrap().welcome.text.unwrap().as_str(), "Hello");
        assert_eq!(viewer(&app.ctx, &owner).await.unwrap().pending.unwrap().counted, 0);
    }

    async fn who_waits_sees_who_invited_them_and_nothing_else(app: &TestApp) {
        let owner = app.owner().await;
        let welcome = domain::settings::SettingsDraft { welcome_text: Some("Hello".into()), ..Default::default() };
        settings::update(&app.ctx, &owner, welcome.parse().unwrap()).await.unwrap();
        let group = app.group(&owner, "Potters", &["ngozi"]).await;
        let draft = InviteDraft { groups: Patch::Set(vec![group.to_string()]), approval: Patch::Set(true), ..InviteDraft::default() };
        let invite = app.invite(&owner, draft).await;
        let id = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await.unwrap();
        let actor = async || sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap().actor;

        let waiting = home(&app.ctx, &actor().await).await.unwrap();
        assert_eq!(waiting, MemberHome { invited_by: Some("ngozi".to_owned()), ..MemberHome::default() });
        let seen = viewer(&app.ctx, &actor().await).await.unwrap();
        assert_eq!((seen.account.status, seen.permissions, seen.manages_groups), (AccountStatus::Pending, Permissions::empty(), false));
        app.advance(std::time::Duration::from_secs(1));
        approvals::decide(&app.ctx, &owner, id, Decision::Approve, None).await.unwrap();
        let approved = home(&app.ctx, &actor().await).await.unwrap();
        assert_eq!((approved.groups.len(), approved.invited_by), (1, None));
        assert!(approved.welcome.text.is_some());
    }

    async fn who_has_an_end_that_is_near_is_told_whom_to_ask(app: &TestApp) {
        let owner = app.owner().await;
        for name in ["ada", "grace", "linus"] {
            app.account(name, Role::User).await;
        }
        let potters = app.group(&owner, "Potters", &["ada", "grace", "linus"]).await;
        let choir = app.group(&owner, "Choir", &["ngozi"]).await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let id = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        let managers = MembersDraft { manager: Some(true), ..names(&["ada", "grace", "linus"]) };
        groups::add_members(&app.ctx, &owner, potters, managers).await.unwrap();
        let week = app.ctx.now().plus(ENDS_SOON);
        let until = |at: Timestamp| Patch::Set(at.to_rfc3339());
        for (group, at) in [(potters, week), (choir, week)] {
            let member = MembersDraft { ends_at: until(at), ..names(&["mateo"]) };
            groups::add_members(&app.ctx, &owner, group, member).await.unwrap();
        }
        let account = AccountDraft { ends_at: until(week), ..AccountDraft::default() };
        members::update(&app.ctx, &owner, id, account).await.unwrap();
        let ends = async || {
            let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
            let ends = home(&app.ctx, &mateo).await.unwrap().ends_soon;
            ends.into_iter().map(|end| (end.group.map(|group| group.name.to_string()), end.ask)).collect::<Vec<_>>()
        };
        let of = |group: &str, ask: &[&str]| {
            (Some(group.to_owned()).filter(|name| !name.is_empty()), ask.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(ends().await, [of("", &["ngozi"]), of("Choir", &[]), of("Potters", &["ada", "grace"])]);
        // A manager who is suspended is not asked, and an end that is moved is not near.
        app.execute("UPDATE accounts SET suspended_at = 1 WHERE username = 'ada'").await;
        let account = AccountDraft { ends_at: until(week.plus(ENDS_SOON)), ..AccountDraft::default() };
        members::update(&app.ctx, &owner, id, account).await.unwrap();
        assert_eq!(ends().await, [of("Choir", &[]), of("Potters", &["grace", "linus"])]);
        app.advance(ENDS_SOON);
        assert_eq!(ends().await, [of("", &["ngozi"])], "what has passed is not near");
        app.execute("UPDATE accounts SET suspended_at = 1 WHERE username = 'ngozi'").await;
        assert_eq!(ends().await, [of("", &[])], "an inviter who is suspended is not asked");
    }

    async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions(app: &TestApp) {
        app.owner().await;
        let client = Client::default();
        let (mine, other) = (
            sessions::sign_in(&app.ctx, &sign_in("ngozi", PASSWORD), &client).await.unwrap(),
            sessions::sign_in(&app.ctx, &sign_in("ngozi@bramble.example", PASSWORD), &client).await.unwrap(),
        );
        let actor = sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().unwrap().actor;
        let change = |current: &str, new: &str| PasswordChange {
            current: current.to_owned(),
            new: new.to_owned(),
            revoke_keys: true,
        };
        let wrong = change_password(&app.ctx, &actor, &change("not my password", "four unrelated new words")).await;
        assert!(failure(wrong).field_error("current").is_some());
        let weak = change_password(&app.ctx, &actor, &change(PASSWORD, "password123")).await;
        assert!(failure(weak).field_error("new").is_some());
        for (current, new) in [("", ""), ("not my password", "password123")] {
            let both = failure(change_password(&app.ctx, &actor, &change(current, new)).await);
            assert!(both.field_error("current").is_some() && both.field_error("new").is_some(), "{both:?}");
        }
        change_password(&app.ctx, &actor, &change(PASSWORD, "four unrelated new words")).await.unwrap();
        assert!(sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().is_some());
        assert!(sessions::resolve(&app.ctx, other.expose(), &client).await.unwrap().is_none());
        assert!(sessions::sign_in(&app.ctx, &sign_in("ngozi", PASSWORD), &client).await.is_err());
    }

    async fn new_names_need_the_password_and_end_the_other_sessions(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        let client = Client::default();
        let (mine, other) = (
            sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await.unwrap(),
            sessions::sign_in(&app.ctx, &sign_in("mateo@bramble.example", PASSWORD), &client).await.unwrap(),
        );
        let actor = async || sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().unwrap().actor;
        let change = async |current: &str, username: &str, email: &str| {
            let [current, username, email] = [current, username, email].map(str::to_owned);
            change_login(&app.ctx, &actor().await, &LoginChange { current, username, email }).await
        };
        let (name, address) = ("mateo", "mateo@bramble.example");
        let events = "SELECT COUNT(*) FROM audit_log WHERE action = 'account.change_login'";

        let wrong = failure(change("not my password", "mateo.q", "mateo@postbox.example").await);
        assert!(wrong.field_error("current").is_some(), "{wrong:?}");
        let wrong = failure(change("", "!", "x").await);
        assert_eq!(wrong.fields.len(), 3, "{wrong:?}");
        let both = failure(change(PASSWORD, "NGOZI", "Ngozi@Bramble.example").await);
        assert_eq!(both.code, Code::EmailTaken);
        assert!(both.field_error("username").is_some() && both.field_error("email").is_some(), "{both:?}");
        assert_eq!(failure(change(PASSWORD, "ngozi", address).await).code, Code::UsernameTaken);
        assert!(failure(change(PASSWORD, "admin", address).await).field_error("username").is_some(), "reserved");

        // What is the same changes nothing and signs nobody out.
        change(PASSWORD, name, address).await.unwrap();
        assert_eq!(app.number(events).await, 0);
        assert!(sessions::resolve(&app.ctx, other.expose(), &client).await.unwrap().is_some());

        let key = {
            let name = domain::text::KeyName::parse("script").unwrap();
            crate::operations::operator::create_key(&app.ctx, "mateo", name, KeyScope::Full, None).await.unwrap().secret
        };
        // Its own names in another case are not taken by another.
        let account = change(PASSWORD, "Mateo", "mateo@postbox.example").await.unwrap();
        assert_eq!((account.username.as_str(), account.email.as_str()), ("Mateo", "mateo@postbox.example"));
        assert_eq!(account.updated_at, app.ctx.now());
        assert_eq!(app.number(events).await, 1);
        assert!(sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().is_some());
        assert!(sessions::resolve(&app.ctx, other.expose(), &client).await.unwrap().is_none());
        assert!(crate::keys::resolve(&app.ctx, &key, &client).await.is_ok(), "API keys stay");
        assert!(sessions::sign_in(&app.ctx, &sign_in(address, PASSWORD), &client).await.is_err());
        sessions::sign_in(&app.ctx, &sign_in("mateo@postbox.example", PASSWORD), &client).await.unwrap();
        let query = domain::accounts::AccountQuery {
            filter: domain::accounts::AccountFilter { q: Some("postbox".to_owned()), ..Default::default() },
            ..Default::default()
        };
        assert_eq!(members::list(&app.ctx, &owner, &query).await.unwrap().items.len(), 1, "the search finds it");
    }

    async fn new_names_wait_in_the_queue_of_sign_ins_and_count_as_they_do(app: &TestApp) {
        app.account("mateo", Role::User).await;
        let client = Client::default();
        let mine = sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await.unwrap();
        let actor = sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().unwrap().actor;
        let change = |current: &str| LoginChange {
            current: current.to_owned(),
            username: "mateo.q".to_owned(),
            email: "mateo@bramble.example".to_owned(),
        };
        // The password is changed while it is verified.
        let held = app.ctx.passwords().hold_sign_in().await;
        let waiting = {
            let (ctx, actor, change) = (app.ctx.clone(), actor.clone(), change(PASSWORD));
            tokio::spawn(async move { change_login(&ctx, &actor, &change).await })
        };
        let verifying = async || app.ctx.passwords().stats()[1].waiting == 1;
        crate::testing::until("it waits for a permit", verifying).await;
        let password = Password::parse("four unrelated new words").unwrap();
        crate::operations::operator::set_password(&app.ctx, "mateo", password, false).await.unwrap();
        drop(held);
        assert!(failure(waiting.await.unwrap()).field_error("current").is_some());
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE username = 'mateo'").await, 1);
        // Wrong passwords are limited.
        let mut codes = Vec::new();
        for _ in 0..12 {
            codes.push(failure(change_login(&app.ctx, &actor, &change("wrong")).await).code);
        }
        assert_eq!((codes.first(), codes.last()), (Some(&Code::Invalid), Some(&Code::RateLimited)));
    }

    async fn api_keys_end_with_the_password_unless_they_are_kept(app: &TestApp) {
        let owner = app.owner().await;
        let client = Client::default();
        let key = async || {
            let name = domain::text::KeyName::parse("script").unwrap();
            crate::operations::operator::create_key(&app.ctx, "ngozi", name, KeyScope::Full, None).await.unwrap().secret
        };
        let works = async |key: &str| crate::keys::resolve(&app.ctx, key, &client).await.is_ok();
        let passwords = ["four unrelated new words", "five other unrelated words", "six more words nobody says"];
        let change = |current: &str, new: &str, revoke_keys| {
            let change = PasswordChange { current: current.to_owned(), new: new.to_owned(), revoke_keys };
            let (ctx, owner) = (app.ctx.clone(), owner.clone());
            async move { change_password(&ctx, &owner, &change).await.unwrap() }
        };
        let first = key().await;
        change(PASSWORD, passwords[0], false).await;
        assert!(works(&first).await, "kept on request");
        change(passwords[0], passwords[1], true).await;
        assert!(!works(&first).await);

        let operator = async |revoke_keys| {
            let password = Password::parse(passwords[2]).unwrap();
            crate::operations::operator::set_password(&app.ctx, "ngozi", password, revoke_keys).await.unwrap();
        };
        let second = key().await;
        operator(false).await;
        assert!(works(&second).await);
        operator(true).await;
        assert!(!works(&second).await);
        let unspecified: PasswordChange = serde_json::from_str(r#"{"current":"a","new":"b"}"#).unwrap();
        assert!(unspecified.revoke_keys, "a page of an earlier version revokes them");
    }
}
