use domain::accounts::Role;
use domain::mail::MailDraft;
use domain::sessions::SignInDraft;
use domain::settings::SettingsDraft;

use super::*;
use crate::sessions::{NewSession, purge_expired, resolve, revoke_others, sign_in_again};
use crate::testing::{PASSWORD, TestApp, on_both_databases};
use crate::{Actor, members, signup};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";

fn client(user_agent: &str) -> Client {
    Client { ip: Some("192.0.2.7".parse().unwrap()), user_agent: Some(user_agent.to_owned()) }
}

/// An owner, and a mail server. Nothing is sent in tests, so that what is written waits.
async fn owner_with_mail(app: &TestApp) -> Actor {
    let owner = app.owner().await;
    let draft = MailDraft {
        host: "localhost".to_owned(),
        encryption: "none".to_owned(),
        from: "post@bramble.example".to_owned(),
        ..MailDraft::default()
    };
    mail::configure(&app.ctx, &owner, draft).await.unwrap();
    owner
}

/// Signs in with a browser that has this token, or none.
async fn begin(app: &TestApp, username: &str, token: Option<&BrowserToken>) -> NewSession {
    let draft = SignInDraft { login: username.to_owned(), password: PASSWORD.to_owned() };
    let browser = Browser { session: None, token: token.cloned() };
    sign_in_again(&app.ctx, &draft, &client(FIREFOX), &browser).await.unwrap()
}

/// What the browser is known by after a sign-in.
async fn sign_in_with(app: &TestApp, username: &str, token: Option<&BrowserToken>) -> BrowserToken {
    begin(app, username, token).await.browser
}

/// The number of messages that tell of a new browser.
async fn alerts(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM outbox WHERE event = 'new_sign_in'").await
}

async fn known(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM known_browsers").await
}

on_both_databases! {
    async fn the_first_browser_is_not_told_a_second_one_is_and_a_known_one_is_not(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let first = sign_in_with(app, "una", None).await;
        assert_eq!((alerts(app).await, known(app).await), (0, 1));
        assert_eq!(sign_in_with(app, "una", Some(&first)).await, first, "it keeps what it has");
        assert_eq!((alerts(app).await, known(app).await), (0, 1));
        let second = sign_in_with(app, "una", None).await;
        assert_ne!(first, second);
        assert_eq!((alerts(app).await, known(app).await), (1, 2));
        for token in [&second, &first] {
            sign_in_with(app, "una", Some(token)).await;
        }
        assert_eq!((alerts(app).await, known(app).await), (1, 2));
        let says = "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%una@bramble.example%'
            AND payload LIKE '%Firefox on Linux%' AND payload LIKE '%192.0.2.7%' AND payload NOT LIKE '%Gecko%'";
        assert_eq!(app.number(says).await, 1);
    }

    async fn a_browser_that_another_account_is_signed_in_with_is_new(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        app.account("mateo", Role::User).await;
        let of_una = sign_in_with(app, "una", None).await;
        sign_in_with(app, "mateo", None).await;
        assert_eq!(sign_in_with(app, "mateo", Some(&of_una)).await, of_una);
        assert_eq!(alerts(app).await, 1);
        sign_in_with(app, "mateo", Some(&of_una)).await;
        sign_in_with(app, "una", Some(&of_una)).await;
        assert_eq!(alerts(app).await, 1, "both know it now");
    }

    async fn who_signs_up_is_not_told_of_the_browser(app: &TestApp) {
        let owner = owner_with_mail(app).await;
        let invite = app.invite(&owner, domain::invites::InviteDraft::default()).await;
        let sign_up = crate::testing::sign_up(crate::testing::code(&invite), "lena");
        let here = client(FIREFOX);
        let begun = signup::sign_up_and_in(&app.ctx, sign_up, None, &here, &Browser::default()).await.unwrap().1;
        let browser = begun.unwrap().browser;
        sign_in_with(app, "lena", Some(&browser)).await;
        assert_eq!(alerts(app).await, 0);
    }

    async fn nobody_is_told_where_it_is_turned_off_and_browsers_are_known_all_the_same(app: &TestApp) {
        let owner = owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let turn = async |on| {
            let draft = SettingsDraft { sign_in_alerts: Some(on), ..SettingsDraft::default() };
            settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        };
        turn(false).await;
        let tokens = [sign_in_with(app, "una", None).await, sign_in_with(app, "una", None).await];
        turn(true).await;
        for token in &tokens {
            sign_in_with(app, "una", Some(token)).await;
        }
        assert_eq!((alerts(app).await, known(app).await), (0, 2));
        sign_in_with(app, "una", None).await;
        assert_eq!(alerts(app).await, 1);
    }

    async fn an_account_has_twenty_browsers_and_a_program_without_cookies_does_not_fill_the_inbox(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let first = sign_in_with(app, "una", None).await;
        app.advance(Duration::from_mins(1));
        let second = sign_in_with(app, "una", None).await;
        app.advance(Duration::from_mins(1));
        sign_in_with(app, "una", Some(&first)).await;
        for _ in 0..19 {
            app.advance(Duration::from_mins(1));
            sign_in_with(app, "una", None).await;
        }
        assert_eq!((alerts(app).await, known(app).await), (19, 20), "not of the first, nor of the twenty-first");
        sign_in_with(app, "una", Some(&first)).await;
        assert_eq!(alerts(app).await, 19, "used since the second, whose place was taken");
        app.advance(FLOOD);
        sign_in_with(app, "una", Some(&second)).await;
        assert_eq!((alerts(app).await, known(app).await), (20, 20));
    }

    async fn after_signing_out_everywhere_every_browser_is_new(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let begun = begin(app, "una", None).await;
        let signed = resolve(&app.ctx, begun.token.expose(), &client(FIREFOX)).await.unwrap().unwrap();
        revoke_others(&app.ctx, &signed.actor).await.unwrap();
        assert_eq!(known(app).await, 1, "one that no browser is");
        sign_in_with(app, "una", Some(&begun.browser)).await;
        assert_eq!((alerts(app).await, known(app).await), (1, 2));
    }

    async fn a_deleted_account_knows_no_browsers(app: &TestApp) {
        let owner = app.owner().await;
        let una = app.account("una", Role::User).await;
        sign_in_with(app, "una", None).await;
        members::delete(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(known(app).await, 0);
    }

    async fn browsers_are_forgotten_after_four_hundred_days_except_the_last(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let old = sign_in_with(app, "una", None).await;
        app.advance(Duration::from_hours(1));
        let last = sign_in_with(app, "una", None).await;
        app.advance(BROWSER_LIFETIME.checked_sub(Duration::from_mins(30)).unwrap());
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!(known(app).await, 1);
        app.advance(BROWSER_LIFETIME);
        purge_expired(&app.ctx).await.unwrap();
        assert_eq!((alerts(app).await, known(app).await), (1, 1));
        sign_in_with(app, "una", Some(&old)).await;
        assert_eq!(alerts(app).await, 2, "who comes back after years is told");
        sign_in_with(app, "una", Some(&last)).await;
        assert_eq!(alerts(app).await, 2);
    }

    async fn of_many_sign_ins_at_once_one_is_the_first(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("una", Role::User).await;
        let mut sign_ins = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let ctx = app.ctx.clone();
            sign_ins.spawn(async move {
                let draft = SignInDraft { login: "una".to_owned(), password: PASSWORD.to_owned() };
                sign_in_again(&ctx, &draft, &client(FIREFOX), &Browser::default()).await.unwrap();
            });
        }
        sign_ins.join_all().await;
        assert_eq!((alerts(app).await, known(app).await), (7, 8));
    }
}

#[test]
fn a_token_has_the_form_in_which_it_is_given_out_and_is_never_shown() {
    let token = "abcDEF0123456789-_abcDEF0123456789-_abcDEF0";
    assert_eq!(BrowserToken::parse(token).unwrap().expose(), token);
    for wrong in ["", "short", &token[1..], &format!("{token}a"), &token.replace('-', "é"), &token.replace('-', " ")] {
        assert_eq!(BrowserToken::parse(wrong), None, "{wrong:?}");
    }
    assert_eq!(format!("{:?}", BrowserToken::parse(token)), "Some(BrowserToken(…))");
}
