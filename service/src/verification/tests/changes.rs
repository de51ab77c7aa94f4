//! Another address of an account that has one.

use super::*;

const OLD: &str = "ada@bramble.example";
const OTHER: &str = "ada@elsewhere.example";

async fn change(app: &TestApp, actor: &Actor, username: &str, email: &str) -> Result<Account, Error> {
    let [current, username, email] = [PASSWORD, username, email].map(str::to_owned);
    me::change_login(&app.ctx, actor, &LoginChange { current, username, email }).await
}

async fn shown(app: &TestApp, token: &str) -> Result<domain::verification::EmailChangePreview, Error> {
    look_change(&app.ctx, token, &Client::default()).await
}

async fn confirm(app: &TestApp, actor: &Actor, token: &str) -> Result<(), Error> {
    confirm_change(&app.ctx, actor, token).await
}

async fn pending(app: &TestApp, actor: &Actor) -> Option<String> {
    me::viewer(&app.ctx, actor).await.unwrap().pending_email.map(|email| email.to_string())
}

async fn address(app: &TestApp, actor: &Actor) -> (String, bool) {
    let row = accounts::find(&app.ctx.db().write, actor.id()).await.unwrap().unwrap();
    (row.email, row.email_verified_at.is_some())
}

on_both_databases! {
    async fn a_new_address_counts_once_its_link_is_opened_and_the_old_one_is_told(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        let ada = app.sign_in("ada").await.actor;
        let after = change(app, &ada, "ada", OTHER).await.unwrap();
        assert_eq!((after.email.as_str(), pending(app, &ada).await.as_deref()), (OLD, Some(OTHER)));
        let [sent] = site.sent(app).await.try_into().unwrap();
        assert!(sent.to == OTHER && sent.link().contains("/confirm-email/"), "{}", sent.link());
        let token = token(&sent);
        for _ in 0..2 {
            let shown = shown(app, &token).await.unwrap();
            assert_eq!((shown.email.as_str(), shown.username.as_str()), (OTHER, "ada"));
        }
        assert_eq!(address(app, &ada).await, (OLD.to_owned(), false));
        confirm(app, &ada, &token).await.unwrap();
        assert_eq!(address(app, &ada).await, (OTHER.to_owned(), true));
        assert_eq!(failure(me::rename(&app.ctx, &ada, None).await).code, Code::Unauthenticated, "sessions end");
        assert_eq!(failure(confirm(app, &ada, &token).await).code, Code::ActivationLinkInvalid);
        let [told] = site.sent(app).await.try_into().unwrap();
        assert_eq!(told.to, OLD);
        assert!(told.header("Subject").ends_with("your e-mail address was changed"));
        assert_eq!(app.sign_in(OTHER).await.account.id, ada.id());
        assert_eq!((events(app, "account.request_email_change").await, events(app, "account.confirm_email").await), (1, 1));
    }

    async fn only_the_account_itself_confirms_its_new_address(app: &TestApp) {
        let site = Site::new(app).await;
        let (ada, bob) = (app.account("ada", Role::User).await, app.account("bob", Role::User).await);
        change(app, &ada, "ada", OTHER).await.unwrap();
        let token = site.token(app).await;
        let (other, wrong) = (failure(confirm(app, &bob, &token).await), failure(confirm(app, &bob, "guess").await));
        assert_eq!((other.code, &other.message), (Code::ActivationLinkInvalid, &wrong.message));
        assert_eq!(address(app, &ada).await, (OLD.to_owned(), false));
        assert_eq!(pending(app, &ada).await.as_deref(), Some(OTHER), "the link stays");
        confirm(app, &ada, &token).await.unwrap();
        assert_eq!(address(app, &ada).await, (OTHER.to_owned(), true));
        assert_eq!(address(app, &bob).await.0, "bob@bramble.example");
    }

    async fn a_change_to_an_address_that_is_taken_waits_as_long_as_any_other(app: &TestApp) {
        let site = Site::new(app).await;
        let ada = app.account("ada", Role::User).await;
        app.account("bob", Role::User).await;
        let mut ends = Vec::new();
        for email in [OTHER, "bob@bramble.example"] {
            change(app, &ada, "ada", email).await.unwrap();
            app.advance(Duration::from_hours(1));
            site.sent(app).await;
            ends.push(app.number("SELECT expires_at FROM email_changes").await - app.ctx.now().as_micros());
        }
        assert_eq!(ends[0], ends[1]);
        assert_eq!(app.number("SELECT COUNT(*) FROM email_changes WHERE token_hash IS NOT NULL").await, 0);
    }

    async fn an_address_that_has_an_account_is_told_and_nobody_else(app: &TestApp) {
        let site = Site::new(app).await;
        let ada = app.account("ada", Role::User).await;
        app.account("bob", Role::User).await;
        let after = change(app, &ada, "ada", "bob@bramble.example").await.unwrap();
        assert_eq!((after.email.as_str(), pending(app, &ada).await.as_deref()), (OLD, Some("bob@bramble.example")));
        let [told] = site.sent(app).await.try_into().unwrap();
        assert_eq!(told.to, "bob@bramble.example");
        assert!(told.header("Subject").ends_with("you have an account already"));
        // One that is taken while the link is on its way.
        change(app, &ada, "ada", "carla@bramble.example").await.unwrap();
        let token = site.token(app).await;
        app.account("carla", Role::User).await;
        assert_eq!(failure(confirm(app, &ada, &token).await).code, Code::EmailTaken);
    }

    async fn a_change_is_taken_back_replaced_and_forgotten(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        let ada = app.sign_in("ada").await.actor;
        change(app, &ada, "ada", OTHER).await.unwrap();
        let first = site.token(app).await;
        shown(app, &first).await.unwrap();
        change(app, &ada, "ada", "ada@third.example").await.unwrap();
        assert_eq!(failure(shown(app, &first).await).code, Code::ActivationLinkInvalid);
        let second = site.token(app).await;
        shown(app, &second).await.unwrap();
        cancel_change(&app.ctx, &ada).await.unwrap();
        cancel_change(&app.ctx, &ada).await.unwrap();
        assert_eq!((pending(app, &ada).await, events(app, "account.cancel_email_change").await), (None, 1));
        assert_eq!(failure(shown(app, &second).await).code, Code::ActivationLinkInvalid);
        // What changes the password ends what somebody else may have asked for.
        change(app, &ada, "ada", OTHER).await.unwrap();
        let third = site.token(app).await;
        shown(app, &third).await.unwrap();
        let password = PasswordChange { current: PASSWORD.to_owned(), new: NEW.to_owned(), revoke_keys: false };
        me::change_password(&app.ctx, &ada, &password).await.unwrap();
        assert_eq!(failure(confirm(app, &ada, &third).await).code, Code::ActivationLinkInvalid);
        assert_eq!(app.number("SELECT COUNT(*) FROM email_changes").await, 0);
    }

    async fn a_change_that_nobody_confirms_ends(app: &TestApp) {
        let site = Site::new(app).await;
        let ada = app.account("ada", Role::User).await;
        change(app, &ada, "ada", OTHER).await.unwrap();
        let token = site.token(app).await;
        shown(app, &token).await.unwrap();
        app.advance(domain::verification::CHANGE_LASTS);
        assert_eq!(failure(confirm(app, &ada, &token).await).code, Code::ActivationLinkInvalid);
        assert_eq!(pending(app, &ada).await, None);
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM email_changes").await, 0);
    }

    async fn the_username_changes_at_once_and_so_does_the_case_of_an_address(app: &TestApp) {
        let site = Site::new(app).await;
        app.account("ada", Role::User).await;
        let ada = app.sign_in("ada").await.actor;
        let after = change(app, &ada, "countess", OTHER).await.unwrap();
        assert_eq!((after.username.as_str(), after.email.as_str()), ("countess", OLD));
        let token = site.token(app).await;
        let ada = app.sign_in("countess").await.actor;
        confirm(app, &ada, &token).await.unwrap();
        let ada = app.sign_in("countess").await.actor;
        let after = change(app, &ada, "countess", "Ada@Elsewhere.example").await.unwrap();
        assert_eq!((after.email.as_str(), after.email_verified_at), ("Ada@Elsewhere.example", Some(app.ctx.now())));
    }

    async fn staff_change_an_address_at_once_and_the_old_one_is_told(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        let link = site.token(app).await;
        open(app, &link, given(PASSWORD)).await.unwrap();
        let actor = app.sign_in("mateo").await.actor;
        site.sent(app).await;
        change(app, &actor, "mateo", OTHER).await.unwrap();
        let wanted = site.token(app).await;
        shown(app, &wanted).await.unwrap();
        let draft = AccountDraft { email: Patch::Set("mateo@third.example".to_owned()), ..AccountDraft::default() };
        let updated = members::update(&app.ctx, &site.owner, mateo.id, draft).await.unwrap();
        assert_eq!((updated.email.as_str(), updated.email_verified_at), ("mateo@third.example", None));
        let [told] = site.sent(app).await.try_into().unwrap();
        assert_eq!(told.to, "mateo@postbox.example");
        assert_eq!(failure(confirm(app, &actor, &wanted).await).code, Code::ActivationLinkInvalid);
    }

    async fn without_mail_an_address_changes_at_once_and_is_not_verified(app: &TestApp) {
        app.owner().await;
        let ada = app.account("ada", Role::User).await;
        app.execute("UPDATE accounts SET email_verified_at = 1 WHERE username = 'ada'").await;
        let after = change(app, &ada, "ada", OTHER).await.unwrap();
        assert_eq!((after.email.as_str(), after.email_verified_at), (OTHER, None));
        assert_eq!(app.number("SELECT COUNT(*) FROM email_changes").await, 0);
    }

    async fn who_confirms_an_address_ends_what_others_claim(app: &TestApp) {
        let site = Site::new(app).await;
        let squatter = site.claim(app, "squatter", OTHER).await.unwrap().account;
        site.sent(app).await;
        let ada = app.account("ada", Role::User).await;
        change(app, &ada, "ada", OTHER).await.unwrap();
        let token = site.token(app).await;
        confirm(app, &ada, &token).await.unwrap();
        endings::end_due(&app.ctx).await.unwrap();
        assert_eq!(status(app, squatter.id).await, None);
    }
}
