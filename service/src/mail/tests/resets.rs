//! Links that reset passwords: they are made when their mail is sent.

use domain::accounts::{AccountDraft, Password};

use super::*;
use crate::password_resets::{complete, look};
use crate::{Client, password_resets};

/// The token of a link.
fn token(link: &str) -> &str {
    link.rsplit_once('/').unwrap().1
}

async fn opened(app: &TestApp, link: &str) -> Result<domain::accounts::Username, Error> {
    look(&app.ctx, token(link), &Client::default()).await
}

async fn reset(app: &TestApp, link: &str) -> Result<(), Error> {
    let password = Password::parse("seven quiet tables outside").unwrap();
    complete(&app.ctx, token(link), password, &Client::default()).await
}

/// Those with this subject: whose password was changed may be told so as well.
fn of(arrived: Vec<Arrived>, subject: &str) -> Vec<Arrived> {
    arrived.into_iter().filter(|one| one.header("Subject").ends_with(subject)).collect()
}

const SUBJECT: &str = "reset your password";

on_both_databases! {
    async fn the_link_of_a_mail_works_and_nothing_secret_is_stored(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.server.let_in("latchkey", SECRET);
        fixture.configure(app, "latchkey", Patch::Set(SECRET.to_owned())).await.unwrap();
        let ada = app.account("ada", Role::User).await;
        queue_to(app, &ada, Contents::PasswordReset).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0, "it is made when it is sent");
        send(app).await;
        let link = fixture.server.take().remove(0).link();
        assert_eq!(opened(app, &link).await.unwrap().as_str(), "ada");
        let rows = crate::outbox::entity::Entity::find().all(&app.ctx.db().read).await.unwrap();
        let texts = format!("{rows:?} {:?} {:?}", fixture.mails(app).await, fixture.view(app).await);
        assert!(!texts.contains(token(&link)) && !texts.contains(SECRET), "{texts}");
        let server = settings::server(&app.ctx, &app.ctx.db().read).await.unwrap();
        assert!(!format!("{server:?}").contains(SECRET));
        reset(app, &link).await.unwrap();
        assert_eq!(failure(opened(app, &link).await).code, Code::ResetLinkInvalid);
    }

    async fn every_attempt_sends_the_same_link_and_its_hour_begins_with_the_last(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let ada = app.account("ada", Role::User).await;
        queue_to(app, &ada, Contents::PasswordReset).await;
        // Accepted, but this process does not learn it.
        fixture.server.fail_at_data(DataFault::CloseAfter);
        send(app).await;
        let first = fixture.server.take().remove(0);
        opened(app, &first.link()).await.unwrap();
        app.advance(Duration::from_hours(2));
        assert_eq!(failure(opened(app, &first.link()).await).code, Code::ResetLinkInvalid);
        send(app).await;
        let second = fixture.server.take().remove(0);
        assert_eq!(first.link(), second.link());
        assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
        app.advance(Duration::from_mins(59));
        reset(app, &second.link()).await.unwrap();
    }

    async fn a_link_that_was_used_is_not_made_again(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let ada = app.account("ada", Role::User).await;
        queue_to(app, &ada, Contents::PasswordReset).await;
        fixture.server.fail_at_data(DataFault::CloseAfter);
        send(app).await;
        let link = fixture.server.take().remove(0).link();
        reset(app, &link).await.unwrap();
        fixture.send_all(app).await;
        assert!(of(fixture.server.take(), SUBJECT).is_empty());
        assert_eq!(failure(opened(app, &link).await).code, Code::ResetLinkInvalid);
    }

    async fn a_mail_is_not_sent_to_an_account_that_changed_meanwhile(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let (ada, bob) = (app.account("ada", Role::User).await, app.account("bob", Role::User).await);
        for account in [&ada, &bob] {
            queue_to(app, account, Contents::PasswordReset).await;
        }
        members::suspend(&app.ctx, &fixture.owner, ada.id()).await.unwrap();
        // As by a version that does not cancel what waits.
        app.execute("UPDATE accounts SET auth_epoch = auth_epoch + 1 WHERE username = 'bob'").await;
        send(app).await;
        assert!(fixture.server.take().is_empty());
        let dropped = fixture.mail_to(app, "bob").await;
        assert_eq!((dropped.status, dropped.last_status), (MailStatus::Failed, None));
        assert!(dropped.last_answer.unwrap().starts_with("Not sent: "));
        assert_eq!(waiting(app).await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
        app.execute("UPDATE outbox SET dead_at = NULL").await;
        for (account, epoch) in [(ada.id(), 1), (bob.id(), 0), (AccountId(Uuid::from_u128(2)), 0)] {
            assert_eq!(password_resets::arm(&app.ctx, account, epoch, dropped.id).await.unwrap(), None);
        }
        assert!(password_resets::arm(&app.ctx, bob.id(), 1, dropped.id).await.unwrap().is_some());
    }

    async fn no_link_goes_to_an_address_that_the_account_had_before(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let ada = app.account("ada", Role::User).await;
        queue_to(app, &ada, Contents::PasswordReset).await;
        send(app).await;
        let link = fixture.server.take().remove(0).link();
        let sent = fixture.mail_to(app, "ada").await;
        let email = Patch::Set("ada@elsewhere.example".to_owned());
        let draft = AccountDraft { email, ..AccountDraft::default() };
        members::update(&app.ctx, &fixture.owner, ada.id(), draft).await.unwrap();
        assert_eq!(failure(opened(app, &link).await).code, Code::ResetLinkInvalid);
        let again = resend(&app.ctx, &fixture.owner, sent.id).await.unwrap();
        send(app).await;
        assert!(of(fixture.server.take(), SUBJECT).is_empty());
        let again = get(&app.ctx, &fixture.owner, again.id).await.unwrap();
        assert_eq!(again.status, MailStatus::Failed);
        assert!(again.last_answer.unwrap().starts_with("Not sent: "));
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
    }

    async fn a_mail_that_is_cancelled_on_its_way_does_not_end_the_link_of_staff(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let ada = app.account("ada", Role::User).await;
        queue_to(app, &ada, Contents::PasswordReset).await;
        let mail = fixture.mail_to(app, "ada").await;
        let link = password_resets::make(&app.ctx, &fixture.owner, ada.id()).await.unwrap();
        // As by a process that has read the mail before.
        let epoch = accounts::find(&app.ctx.db().read, ada.id()).await.unwrap().unwrap().auth_epoch;
        assert_eq!(password_resets::arm(&app.ctx, ada.id(), epoch, mail.id).await.unwrap(), None);
        opened(app, &link.url).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_and_mails_that_wait_survive_a_rotation_of_the_data_key() {
    let app = TestApp::sqlite().await;
    let fixture = Fixture::new(&app).await;
    fixture.server.let_in("latchkey", SECRET);
    fixture.configure(&app, "latchkey", Patch::Set(SECRET.to_owned())).await.unwrap();
    let ada = app.account("ada", Role::User).await;
    queue_to(&app, &ada, Contents::PasswordReset).await;
    app.ctx.close().await;
    crate::operations::rotation::rotate(&app.options).await.unwrap();
    let ctx = other(&app, app.options.clone()).await;
    run_once(&ctx, &Senders::default()).await;
    let arrived = fixture.server.take().remove(0);
    assert_eq!(arrived.login, Some(("latchkey".to_owned(), SECRET.to_owned())));
    let client = Client::default();
    assert_eq!(look(&ctx, token(&arrived.link()), &client).await.unwrap().as_str(), "ada");
    ctx.close().await;
}
