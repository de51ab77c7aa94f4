use domain::access::Permissions;
use domain::accounts::{Password, Role};
use domain::approvals::Decision;
use domain::keys::KeyScope;
use domain::sessions::SignInDraft;

use super::*;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Client, approvals};

fn sign_in(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
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

    async fn api_keys_end_with_the_password_unless_they_are_kept(app: &TestApp) {
        let owner = app.owner().await;
        let client = Client::default();
        let key = async || {
            let name = domain::text::KeyName::parse("script").unwrap();
            crate::operations::operator::create_key(&app.ctx, "ngozi", name, KeyScope::Full).await.unwrap().secret
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
