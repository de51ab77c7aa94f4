//! Accounts that wait: what they may do, the links that they ask for, and their end.

use super::*;

async fn end_due(app: &TestApp) {
    endings::end_due(&app.ctx).await.unwrap();
}

async fn lapsed(app: &TestApp) -> i64 {
    events(app, "account.lapse").await
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

on_both_databases! {
    async fn an_account_that_waits_can_do_nothing_else(app: &TestApp) {
        let site = Site::new(app).await;
        site.sign_up(app, "mateo").await;
        let actor = app.sign_in("mateo").await.actor;
        let login = LoginChange { current: PASSWORD.to_owned(), username: "other".to_owned(), email: "mateo@postbox.example".to_owned() };
        let password = PasswordChange { current: PASSWORD.to_owned(), new: NEW.to_owned(), revoke_keys: true };
        let codes = [
            failure(me::rename(&app.ctx, &actor, None).await).code,
            failure(me::change_login(&app.ctx, &actor, &login).await).code,
            failure(me::change_password(&app.ctx, &actor, &password).await).code,
            failure(joining::join(&app.ctx, &actor, code(&site.invite)).await).code,
            failure(cancel_change(&app.ctx, &actor).await).code,
        ];
        assert_eq!(codes, [Code::EmailUnverified; 5]);
        let list = domain::accounts::AccountQuery::default();
        assert_eq!(failure(members::list(&app.ctx, &actor, &list).await).code, Code::Forbidden);
        sessions::sign_out(&app.ctx, &actor).await.unwrap();
    }

    async fn a_link_that_is_sent_again_replaces_the_one_before(app: &TestApp) {
        let site = Site::new(app).await;
        site.sign_up(app, "mateo").await;
        let actor = app.sign_in("mateo").await.actor;
        resend(&app.ctx, &actor).await.unwrap();
        let first = site.token(app).await;
        resend(&app.ctx, &actor).await.unwrap();
        assert!(preview(app, &first).await.is_ok(), "until the new one is sent");
        let second = site.token(app).await;
        assert_ne!(first, second);
        assert_eq!(failure(preview(app, &first).await).code, Code::ActivationLinkInvalid);
        open(app, &second, given(PASSWORD)).await.unwrap();
        assert_eq!(events(app, "account.resend_activation").await, 2);
    }

    async fn links_are_asked_for_a_few_times_only(app: &TestApp) {
        let site = Site::new(app).await;
        site.sign_up(app, "mateo").await;
        let actor = app.sign_in("mateo").await.actor;
        let outcomes = futures::future::join_all((0..8).map(|_| resend(&app.ctx, &actor))).await;
        let (sent, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(sent.len(), 5, "also at once");
        for refused in refused {
            assert_eq!(failure(refused).code, Code::RateLimited);
        }
        assert_eq!(failure(change_address(&app.ctx, &actor, email("mateo@other.example")).await).code, Code::RateLimited);
    }

    async fn an_account_that_waits_gets_another_address_that_its_invite_admits(app: &TestApp) {
        let site = Site::new(app).await;
        let invite = app.invite(&site.owner, serde_json::from_str(r#"{"email_domains":["postbox.example"]}"#).unwrap()).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let actor = app.sign_in("mateo").await.actor;
        let first = site.token(app).await;
        let refused = failure(change_address(&app.ctx, &actor, email("mateo@other.example")).await);
        assert!(refused.code == Code::Invalid && refused.field_error("email").is_some(), "{refused:?}");
        change_address(&app.ctx, &actor, email("m@postbox.example")).await.unwrap();
        assert_eq!(failure(preview(app, &first).await).code, Code::ActivationLinkInvalid);
        let [sent] = site.sent(app).await.try_into().unwrap();
        assert_eq!(sent.to, "m@postbox.example");
        let session = open(app, &token(&sent), given(PASSWORD)).await.unwrap();
        assert_eq!(signed(app, &session).await.unwrap().account.email.as_str(), "m@postbox.example");
        // The former address is free.
        assert!(accounts::find_by_login(&app.ctx.db().read, "mateo@postbox.example").await.unwrap().is_none());
    }

    async fn an_account_that_nobody_activates_lapses_once_and_gives_its_use_back(app: &TestApp) {
        let site = Site::new(app).await;
        let invite = app.invite(&site.owner, serde_json::from_str(r#"{"email":"mateo@postbox.example","max_uses":1}"#).unwrap()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        let token = site.token(app).await;
        assert_eq!(used(app, &site, invite.id).await, 1);
        app.advance(ACTIVATION_LASTS.saturating_sub(Duration::from_secs(1)));
        end_due(app).await;
        assert_eq!((lapsed(app).await, preview(app, &token).await.is_ok()), (0, true), "not yet");
        app.advance(Duration::from_secs(1));
        assert_eq!(failure(preview(app, &token).await).code, Code::ActivationLinkInvalid);
        // As several processes would.
        let outcomes = futures::future::join_all((0..4).map(|_| endings::end_due(&app.ctx))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!((lapsed(app).await, status(app, mateo.id).await), (1, None));
        assert_eq!(used(app, &site, invite.id).await, 0);
        app.assert_uses_match_redemptions().await;
        for (table, condition) in [
            ("activations", ""),
            ("sessions", ""),
            ("outbox", "WHERE payload LIKE '%mateo%'"),
            ("account_words", "WHERE word LIKE '%mateo%'"),
            ("accounts", "WHERE email LIKE '%mateo%' OR activate_by IS NOT NULL"),
        ] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table} {condition}")).await, 0, "{table}");
        }
        // The invite is for the one who has the address, and the username is free.
        app.sign_up(code(&invite), "mateo").await.unwrap();
    }

    async fn a_link_that_is_sent_postpones_the_end_but_not_for_ever(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let start = app.ctx.now();
        site.token(app).await;
        for day in 1..=6 {
            app.advance(Duration::from_hours(24));
            end_due(app).await;
            resend(&app.ctx, &app.sign_in("mateo").await.actor).await.unwrap();
            let token = site.token(app).await;
            let lapses_at = preview(app, &token).await.unwrap().lapses_at;
            let expected = app.ctx.now().plus(ACTIVATION_LASTS).min(start.plus(LONGEST_WAIT));
            assert_eq!(lapses_at, expected, "day {day}");
        }
        app.advance(Duration::from_hours(24));
        end_due(app).await;
        assert_eq!((lapsed(app).await, status(app, mateo.id).await), (1, None));
    }

    async fn activating_and_lapsing_at_once_one_of_the_two_happens(app: &TestApp) {
        let site = Site::new(app).await;
        for round in 0..4 {
            let username = format!("person{round}");
            let account = site.sign_up(app, &username).await;
            let token = site.token(app).await;
            // By the clock of a process that is ahead.
            let later = app.ctx.now().plus(ACTIVATION_LASTS);
            let (opened, lapse) = tokio::join!(open(app, &token, given(PASSWORD)), lapse(&app.ctx, account.id, later));
            lapse.unwrap();
            match status(app, account.id).await {
                Some(status) => assert!(status == AccountStatus::Active && opened.is_ok(), "{opened:?}"),
                None => assert_eq!(failure(opened).code, Code::ActivationLinkInvalid),
            }
        }
        let (activated, lapsed) = (events(app, "account.activate").await, lapsed(app).await);
        assert_eq!(activated + lapsed, 4);
        assert_eq!(used(app, &site, site.invite.id).await, u64::try_from(activated).unwrap());
        app.assert_uses_match_redemptions().await;
    }

    async fn staff_send_links_and_mark_addresses_as_verified(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let user = app.account("una", Role::User).await;
        let row = members::get(&app.ctx, &site.owner, mateo.id).await.unwrap().row;
        assert!(row.can_verify && !row.can_reset && !row.can_own);
        for refused in [resend_for(&app.ctx, &user, mateo.id).await, mark_verified(&app.ctx, &user, mateo.id).await] {
            assert_eq!(failure(refused).code, Code::Forbidden);
        }
        assert_eq!(failure(resend_for(&app.ctx, &site.owner, user.id()).await).code, Code::Forbidden, "it does not wait");
        assert_eq!(failure(mark_verified(&app.ctx, &site.owner, site.owner.id()).await).code, Code::Forbidden);
        let first = site.token(app).await;
        assert_eq!(resend_for(&app.ctx, &site.owner, mateo.id).await.unwrap(), AccountStatus::Unverified);
        let second = site.token(app).await;
        assert_ne!(first, second);
        assert_eq!(mark_verified(&app.ctx, &site.owner, mateo.id).await.unwrap(), AccountStatus::Active);
        assert_eq!(mark_verified(&app.ctx, &site.owner, mateo.id).await.unwrap(), AccountStatus::Active, "again");
        assert_eq!(events(app, "account.mark_verified").await, 1);
        assert_eq!(failure(preview(app, &second).await).code, Code::ActivationLinkInvalid);
        assert_eq!(members::get(&app.ctx, &site.owner, mateo.id).await.unwrap().row.account.email_verified_at, Some(app.ctx.now()));
        let other = site.claim(app, "other", "mateo@postbox.example").await.unwrap().account;
        let taken = failure(mark_verified(&app.ctx, &site.owner, other.id).await);
        assert_eq!(taken.code, Code::EmailTaken);
    }

    async fn an_account_that_waits_is_suspended_restored_and_deleted_as_others(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let token = site.token(app).await;
        assert_eq!(members::suspend(&app.ctx, &site.owner, mateo.id).await.unwrap(), AccountStatus::Suspended);
        assert_eq!(failure(preview(app, &token).await).code, Code::ActivationLinkInvalid);
        app.advance(ACTIVATION_LASTS * 2);
        end_due(app).await;
        assert_eq!(lapsed(app).await, 0, "staff decide about those that they suspended");
        assert_eq!(members::restore(&app.ctx, &site.owner, mateo.id).await.unwrap(), AccountStatus::Unverified);
        assert_eq!(failure(preview(app, &token).await).code, Code::ActivationLinkInvalid, "it does not come back");
        end_due(app).await;
        assert_eq!(lapsed(app).await, 0, "it waits for its new link");
        let token = site.token(app).await;
        assert_eq!(preview(app, &token).await.unwrap().lapses_at, app.ctx.now().plus(ACTIVATION_LASTS));
        members::delete(&app.ctx, &site.owner, mateo.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM activations").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE activate_by IS NOT NULL").await, 0);
    }

    async fn an_account_that_was_suspended_for_long_is_activated_once_it_is_restored(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        members::suspend(&app.ctx, &site.owner, mateo.id).await.unwrap();
        app.advance(LONGEST_WAIT * 2);
        members::restore(&app.ctx, &site.owner, mateo.id).await.unwrap();
        let token = site.token(app).await;
        open(app, &token, given(PASSWORD)).await.unwrap();
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Active));
    }

    async fn another_role_of_an_account_that_waits_comes_with_another_link(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let first = site.token(app).await;
        app.advance(Duration::from_hours(24));
        let draft: AccountDraft = serde_json::from_str(r#"{"role":"moderator"}"#).unwrap();
        let updated = members::update(&app.ctx, &site.owner, mateo.id, draft).await.unwrap();
        let expected = Some(app.ctx.now().plus(ACTIVATION_LASTS));
        assert_eq!((updated.status, updated.activate_by), (AccountStatus::Unverified, expected));
        assert_eq!(failure(preview(app, &first).await).code, Code::ActivationLinkInvalid);
        let second = site.token(app).await;
        open(app, &second, given(PASSWORD)).await.unwrap();
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Active));
    }

    async fn an_account_that_waits_for_approval_as_well_is_not_suspended(app: &TestApp) {
        let site = Site::new(app).await;
        let invite = app.invite(&site.owner, serde_json::from_str(r#"{"approval":true}"#).unwrap()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        assert_eq!(failure(members::suspend(&app.ctx, &site.owner, mateo.id).await).code, Code::Forbidden);
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Unverified));
    }

    async fn an_account_that_waits_gives_its_uses_back_when_it_is_deleted(app: &TestApp) {
        let site = Site::new(app).await;
        let draft = r#"{"email":"mateo@postbox.example","max_uses":1}"#;
        let invite = app.invite(&site.owner, serde_json::from_str(draft).unwrap()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        assert_eq!(used(app, &site, invite.id).await, 1);
        members::delete(&app.ctx, &site.owner, mateo.id).await.unwrap();
        assert_eq!(used(app, &site, invite.id).await, 0);
        app.assert_uses_match_redemptions().await;
        // It is for the one who has the address.
        app.sign_up(code(&invite), "mateo").await.unwrap();
    }

    async fn a_link_is_not_asked_for_once_the_time_has_passed(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let actor = app.sign_in("mateo").await.actor;
        site.token(app).await;
        app.advance(ACTIVATION_LASTS);
        assert_eq!(failure(resend(&app.ctx, &actor).await).code, Code::Forbidden);
        assert_eq!(failure(change_address(&app.ctx, &actor, email("m@postbox.example")).await).code, Code::Forbidden);
        assert_eq!(failure(resend_for(&app.ctx, &site.owner, mateo.id).await).code, Code::Forbidden);
    }

    async fn staff_correct_the_address_of_an_account_that_waits(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let first = site.token(app).await;
        let draft = AccountDraft { email: Patch::Set("right@postbox.example".to_owned()), ..AccountDraft::default() };
        let updated = members::update(&app.ctx, &site.owner, mateo.id, draft).await.unwrap();
        assert_eq!(updated.status, AccountStatus::Unverified);
        assert_eq!(failure(preview(app, &first).await).code, Code::ActivationLinkInvalid);
        let [sent] = site.sent(app).await.try_into().unwrap();
        assert_eq!(sent.to, "right@postbox.example");
        open(app, &token(&sent), given(PASSWORD)).await.unwrap();
    }
}
