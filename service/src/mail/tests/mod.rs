mod resets;
pub(crate) mod server;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Patch;
use domain::accounts::Role;

use self::server::{Arrived, DataFault, FROM, MailServer};
use super::*;
use crate::operations::operator;
use crate::outbox::run_once;
use crate::senders::Senders;
use crate::testing::{TestApp, failure, on_both_databases};
use crate::{Options, Randomness, Smtp, members};

/// A password that nothing may show.
const SECRET: &str = "eleven dry umbrellas";

/// An owner, and a mail server that is set up.
struct Fixture {
    owner: Actor,
    server: MailServer,
}

impl Fixture {
    async fn new(app: &TestApp) -> Self {
        let (owner, server) = (app.owner().await, MailServer::start().await);
        configure(&app.ctx, &owner, server.draft()).await.unwrap();
        Self { owner, server }
    }

    async fn configure(&self, app: &TestApp, username: &str, password: Patch<String>) -> Result<MailView, Error> {
        configure(&app.ctx, &self.owner, MailDraft { username: username.to_owned(), password, ..self.server.draft() })
            .await
    }

    /// The mails, newest first.
    async fn mails(&self, app: &TestApp) -> Vec<Mail> {
        list(&app.ctx, &self.owner, &MailQuery::default()).await.unwrap().items
    }

    /// The mail to an account of this username.
    async fn mail_to(&self, app: &TestApp, username: &str) -> Mail {
        let address = address(username);
        let found = self.mails(app).await.into_iter().find(|mail| mail.recipient.as_str() == address);
        found.unwrap_or_else(|| panic!("{address}"))
    }

    async fn view(&self, app: &TestApp) -> MailView {
        view(&app.ctx, &self.owner).await.unwrap()
    }

    /// Lets time pass, and sends what can be sent, until nothing waits.
    async fn send_all(&self, app: &TestApp) {
        for _ in 0..200 {
            send(app).await;
            if waiting(app).await == 0 {
                return;
            }
            app.advance(Duration::from_secs(30));
        }
        panic!("{} mails wait", waiting(app).await);
    }
}

fn address(username: &str) -> String {
    format!("{username}@bramble.example")
}

async fn send(app: &TestApp) {
    run_once(&app.ctx, &Senders::default()).await;
}

async fn waiting(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL AND dead_at IS NULL").await
}

/// Queues a mail to an account.
async fn queue_to(app: &TestApp, account: &Actor, contents: Contents) {
    let username = account.account.username.as_ref().unwrap().as_str();
    let mail = NewMail { to: Email::parse(&address(username)).unwrap(), account: Some(account.id()), contents };
    let tx = tx::begin(&app.ctx).await.unwrap();
    queue(&tx, &app.ctx, vec![mail], app.ctx.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Accounts to each of which a mail is queued.
async fn queue_many(app: &TestApp, usernames: &[&str]) -> Vec<Actor> {
    let mut accounts = Vec::new();
    for username in usernames {
        let account = app.account(username, Role::User).await;
        queue_to(app, &account, Contents::PasswordChanged { at: app.ctx.now() }).await;
        accounts.push(account);
    }
    accounts
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

async fn other(app: &TestApp, options: Options) -> Ctx {
    Ctx::open_with(options, app.ctx.clock().clone(), Randomness::from_system().unwrap()).await.unwrap()
}

on_both_databases! {
    async fn a_mail_is_delivered_with_its_headers_and_both_parts(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let queued = send_test(&app.ctx, &fixture.owner).await.unwrap();
        assert_eq!((queued.status, queued.kind, queued.attempts), (MailStatus::Queued, MailKind::Test, 0));
        assert_eq!((queued.recipient.as_str(), queued.account), ("ngozi@bramble.example", Some(fixture.owner.id())));
        assert!(queued.next_at.is_some());
        assert!(fixture.server.take().is_empty(), "nothing is sent by what queues it");
        send(app).await;
        let [arrived] = fixture.server.take().try_into().unwrap();
        let addresses = (arrived.from.as_str(), arrived.to.as_str());
        assert_eq!((addresses, &arrived.login), ((FROM, "ngozi@bramble.example"), &None));
        let message_id = format!("<{}@bramble.example>", queued.id);
        for (header, value) in [
            ("To", "ngozi@bramble.example"),
            ("Date", "Fri, 15 Jan 2027 08:00:00 +0000"),
            ("Auto-Submitted", "auto-generated"),
            ("Message-ID", message_id.as_str()),
            ("MIME-Version", "1.0"),
        ] {
            assert_eq!(arrived.header(header), value);
        }
        let site = crate::settings::public(&app.ctx).await.unwrap().site_name;
        assert_eq!(arrived.header("Subject"), format!("{site}: test message"));
        let from = arrived.header("From");
        assert!(from.contains(&format!("<{FROM}>")) && from.contains(site.as_str()), "{from}");
        assert!(arrived.header("Content-Type").starts_with("multipart/alternative"));
        for part in ["text/plain", "text/html"] {
            assert_eq!(arrived.text.matches(&format!("Content-Type: {part}")).count(), 1, "{part}");
        }
        assert_eq!(arrived.text.matches("E-mail works").count(), 2, "in both parts");
        let sent = get(&app.ctx, &fixture.owner, queued.id).await.unwrap();
        assert_eq!((sent.status, sent.attempts, sent.last_status), (MailStatus::Sent, 1, Some(250)));
        assert_eq!((sent.sent_at, sent.next_at), (Some(app.ctx.now()), None));
        assert_eq!(sent.last_answer.as_deref(), Some("250 2.0.0 Ok: queued as 4bX"));
        assert_eq!(fixture.mails(app).await, [sent]);

        send_test(&app.ctx, &fixture.owner).await.unwrap();
        send(app).await;
        assert_eq!(fixture.server.take()[0].connection, 0, "the connection is kept");
        for status in MailStatus::ALL {
            let query = MailQuery { status: Some(status), ..MailQuery::default() };
            let found = list(&app.ctx, &fixture.owner, &query).await.unwrap().items;
            assert_eq!(found.len(), if status == MailStatus::Sent { 2 } else { 0 }, "{status}");
        }
    }

    async fn a_connection_that_was_closed_meanwhile_costs_no_attempt(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send_test(&app.ctx, &fixture.owner).await.unwrap();
        send(app).await;
        fixture.server.stop().await;
        fixture.server.start_again().await;
        let second = send_test(&app.ctx, &fixture.owner).await.unwrap();
        send(app).await;
        assert_eq!(get(&app.ctx, &fixture.owner, second.id).await.unwrap().attempts, 1);
        assert_eq!(fixture.server.take().len(), 2);
    }

    async fn greylisted_mails_are_tried_again_and_hold_up_no_others(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        queue_many(app, &["ada", "bob", "eve"]).await;
        for username in ["ada", "bob"] {
            fixture.server.refuse(&address(username), "450 4.2.0 Greylisted, come back later");
        }
        send(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("eve")]);
        let deferred = fixture.mail_to(app, "ada").await;
        assert_eq!((deferred.status, deferred.attempts, deferred.last_status), (MailStatus::Deferred, 1, Some(450)));
        assert_eq!(deferred.last_answer.as_deref(), Some("450 4.2.0 Greylisted, come back later"));
        assert!(deferred.next_at.unwrap() > app.ctx.now());
        assert_eq!(fixture.view(app).await.failures, 0, "the mail server is well");
        send(app).await;
        assert!(fixture.server.take().is_empty(), "not at once");
        app.advance(Duration::from_secs(11));
        send(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("ada"), address("bob")]);
        assert_eq!(fixture.server.connections(), 1, "no connection is lost by a refusal");
    }

    async fn what_a_recipient_refuses_is_given_up_at_once_and_can_be_sent_again(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        queue_many(app, &["ada", "bob"]).await;
        fixture.server.refuse(&address("ada"), "550 5.1.1 No such user");
        send(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("bob")]);
        let failed = fixture.mail_to(app, "ada").await;
        assert_eq!((failed.status, failed.attempts, failed.last_status), (MailStatus::Failed, 1, Some(550)));
        assert_eq!(failed.last_answer.as_deref(), Some("550 5.1.1 No such user"));
        assert_eq!(failed.failed_at, Some(app.ctx.now()));

        let again = resend(&app.ctx, &fixture.owner, failed.id).await.unwrap();
        assert_eq!((again.id, again.status, again.attempts), (failed.id, MailStatus::Queued, 0));
        assert_eq!(failure(resend(&app.ctx, &fixture.owner, failed.id).await).code, Code::Invalid);
        send(app).await;
        let first = fixture.server.take().remove(0);
        let copy = resend(&app.ctx, &fixture.owner, failed.id).await.unwrap();
        assert_eq!((copy.id == failed.id, copy.status, copy.recipient), (false, MailStatus::Queued, failed.recipient));
        send(app).await;
        let second = fixture.server.take().remove(0);
        assert_ne!(first.header("Message-ID"), second.header("Message-ID"));
        assert_eq!(first.header("Subject"), second.header("Subject"));
        assert_eq!(events(app, "mail.resend").await, 2);
        let missing = DeliveryId(Uuid::from_u128(1));
        assert_eq!(failure(resend(&app.ctx, &fixture.owner, missing).await).code, Code::NotFound);
        assert_eq!(failure(get(&app.ctx, &fixture.owner, missing).await).code, Code::NotFound);
    }

    async fn an_outage_burns_few_attempts_and_everything_arrives_afterwards(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let usernames: Vec<_> = (0..12).map(|number| format!("person{number:02}")).collect();
        queue_many(app, &usernames.iter().map(String::as_str).collect::<Vec<_>>()).await;
        fixture.server.stop().await;
        for _ in 0..60 {
            send(app).await;
            app.advance(Duration::from_secs(10));
        }
        let most = fixture.mails(app).await.iter().map(|mail| mail.attempts).max().unwrap();
        assert!((1..=6).contains(&most), "{most} attempts in ten minutes");
        assert_eq!(waiting(app).await, 12);
        let seen = fixture.view(app).await;
        assert!(seen.failures > 0 && seen.last_answer.as_ref().unwrap().starts_with("No answer: "), "{seen:?}");
        fixture.server.start_again().await;
        fixture.send_all(app).await;
        let arrived = fixture.server.take_recipients();
        assert_eq!(arrived, usernames.iter().map(|name| address(name)).collect::<Vec<_>>());
        let seen = fixture.view(app).await;
        assert_eq!((seen.failures, seen.last_answer), (0, None));
    }

    async fn a_mail_server_that_hangs_times_out(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.server.hang(true);
        let mail = send_test(&app.ctx, &fixture.owner).await.unwrap();
        let begun = tokio::time::Instant::now();
        send(app).await;
        assert!(begun.elapsed() < crate::outbox::ATTEMPT_TIMEOUT, "{:?}", begun.elapsed());
        let mail = get(&app.ctx, &fixture.owner, mail.id).await.unwrap();
        assert_eq!((mail.status, mail.last_status), (MailStatus::Deferred, None));
        assert_eq!(mail.last_answer.as_deref(), Some("No answer within 10 seconds."));
        fixture.server.hang(false);
        fixture.send_all(app).await;
        assert_eq!(fixture.server.take().len(), 1);
    }

    async fn a_wrong_password_pauses_and_keeps_everything(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.server.let_in("latchkey", SECRET);
        fixture.configure(app, "latchkey", Patch::Set("wrong but secret".to_owned())).await.unwrap();
        queue_many(app, &["ada", "bob", "eve"]).await;
        send(app).await;
        app.advance(Duration::from_mins(4));
        send(app).await;
        assert_eq!(fixture.server.connections(), 1, "who tries again and again is locked out");
        assert_eq!((waiting(app).await, fixture.view(app).await.failures), (3, 1));
        let answer = fixture.view(app).await.last_answer.unwrap();
        assert_eq!(answer, "535 5.7.8 Wrong password");
        let seen = fixture.configure(app, "latchkey", Patch::Set(SECRET.to_owned())).await.unwrap();
        assert_eq!((seen.failures, seen.has_password), (0, true));
        send(app).await;
        let arrived = fixture.server.take();
        assert_eq!(arrived.len(), 3, "at once");
        assert_eq!(arrived[0].login, Some(("latchkey".to_owned(), SECRET.to_owned())));
    }

    async fn what_failed_often_is_tried_at_once_with_other_settings(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        queue_many(app, &["ada"]).await;
        fixture.server.stop().await;
        for _ in 0..30 {
            send(app).await;
            app.advance(Duration::from_secs(30));
        }
        assert!(fixture.mail_to(app, "ada").await.attempts >= 4);
        fixture.server.start_again().await;
        send(app).await;
        assert!(fixture.server.take().is_empty(), "it waits for minutes");
        configure(&app.ctx, &fixture.owner, fixture.server.draft()).await.unwrap();
        let again = fixture.mail_to(app, "ada").await;
        assert_eq!((again.status, again.attempts, again.next_at), (MailStatus::Queued, 0, Some(app.ctx.now())));
        send(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("ada")]);
    }

    async fn a_mail_server_that_refuses_all_keeps_everything(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        queue_many(app, &["ada", "bob"]).await;
        fixture.server.greet_with(Some("554 5.7.1 No service for you"));
        send(app).await;
        app.advance(Duration::from_mins(6));
        fixture.server.greet_with(None);
        fixture.server.refuse_sender(Some("553 5.7.1 Not your address"));
        send(app).await;
        app.advance(Duration::from_mins(6));
        let seen = fixture.view(app).await;
        assert_eq!((waiting(app).await, seen.failures), (2, 2));
        assert_eq!(seen.last_answer.as_deref(), Some("553 5.7.1 Not your address"));
        fixture.server.refuse_sender(None);
        fixture.send_all(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("ada"), address("bob")]);
    }

    async fn what_breaks_off_in_the_middle_is_sent_again(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        queue_many(app, &["ada"]).await;
        fixture.server.fail_at_data(DataFault::CloseInTheMiddle);
        send(app).await;
        assert!(fixture.server.take().is_empty());
        let deferred = fixture.mail_to(app, "ada").await;
        assert_eq!((deferred.status, deferred.last_status), (MailStatus::Deferred, None));
        assert!(deferred.last_answer.is_some());
        fixture.send_all(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("ada")]);
    }

    async fn mail_that_is_off_holds_what_waits_and_writes_nothing_more(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let ada = queue_many(app, &["ada"]).await.remove(0);
        let off = turn_off(&app.ctx, &fixture.owner).await.unwrap();
        assert_eq!((off.terms, off.has_password, off.fixed), (None, false, false));
        turn_off(&app.ctx, &fixture.owner).await.unwrap();
        assert!(!is_on(&app.ctx, &app.ctx.db().read).await.unwrap());
        queue_to(app, &ada, Contents::PasswordReset).await;
        app.advance(Duration::from_hours(1));
        send(app).await;
        assert!(fixture.server.take().is_empty());
        assert_eq!(waiting(app).await, 1);
        let held = fixture.mail_to(app, "ada").await;
        assert_eq!((held.status, held.next_at), (MailStatus::Queued, None));
        assert_eq!(failure(send_test(&app.ctx, &fixture.owner).await).code, Code::MailOff);
        assert_eq!(failure(resend(&app.ctx, &fixture.owner, held.id).await).code, Code::MailOff);
        configure(&app.ctx, &fixture.owner, fixture.server.draft()).await.unwrap();
        send(app).await;
        assert_eq!(fixture.server.take_recipients(), [address("ada")]);
        assert_eq!((events(app, "mail.configure").await, events(app, "mail.turn_off").await), (2, 1));
    }

    async fn a_password_is_kept_for_the_same_host_and_user_name_alone(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let none = failure(fixture.configure(app, "latchkey", Patch::Keep).await);
        assert_eq!(none.field_error("password"), Some("Enter the password."));
        fixture.configure(app, "latchkey", Patch::Set(SECRET.to_owned())).await.unwrap();
        let row = entity::Entity::find().one(&app.ctx.db().read).await.unwrap().unwrap();
        let sealed = row.password_sealed.clone().unwrap();
        assert!(!sealed.windows(6).any(|part| part == &SECRET.as_bytes()[..6]));
        let kept = fixture.configure(app, "latchkey", Patch::Keep).await.unwrap();
        assert!(kept.has_password && !format!("{kept:?}").contains(SECRET));
        let (host, username) = ("localhost".to_owned(), "latchkey".to_owned());
        let other_host = MailDraft { host, username, ..fixture.server.draft() };
        for refused in [
            fixture.configure(app, "another", Patch::Keep).await,
            configure(&app.ctx, &fixture.owner, other_host).await,
        ] {
            assert_eq!(failure(refused).field_error("password"), Some("Enter the password again."));
        }
        // Nor does it open for another host once somebody has changed the row.
        app.execute("UPDATE mail_settings SET host = 'mail.example.org'").await;
        assert!(settings::server(&app.ctx, &app.ctx.db().read).await.is_err());
        let without = fixture.configure(app, "", Patch::Keep).await.unwrap();
        assert!(!without.has_password);
        let encrypted = MailDraft {
            host: "mail.example.org".to_owned(),
            encryption: "starttls".to_owned(),
            username: "latchkey".to_owned(),
            password: Patch::Set(SECRET.to_owned()),
            ..fixture.server.draft()
        };
        configure(&app.ctx, &fixture.owner, encrypted).await.unwrap();
        assert!(settings::server(&app.ctx, &app.ctx.db().read).await.unwrap().is_some());
        app.execute("UPDATE mail_settings SET encryption = 'none'").await;
        assert!(settings::server(&app.ctx, &app.ctx.db().read).await.is_err());
    }

    async fn what_the_environment_fixes_cannot_be_changed_and_is_used(app: &TestApp) {
        let (owner, server) = (app.owner().await, MailServer::start().await);
        let (terms, _) = server.draft().parse().unwrap();
        let from_name = Some(domain::text::SenderName::parse("The yard").unwrap());
        let smtp = Some(Smtp { terms: MailTerms { from_name, ..terms.clone() }, password: None });
        let fixed = other(app, Options { smtp, ..app.options.clone() }).await;
        start(&fixed).await.unwrap();
        let seen = view(&fixed, &owner).await.unwrap();
        assert_eq!((seen.fixed, seen.has_password), (true, false));
        assert_eq!(seen.terms.unwrap().host, terms.host);
        for refused in [configure(&fixed, &owner, server.draft()).await, turn_off(&fixed, &owner).await] {
            assert!(failure(refused).field_error("host").is_some());
        }
        send_test(&fixed, &owner).await.unwrap();
        run_once(&fixed, &Senders::default()).await;
        let arrived = server.take().remove(0);
        assert!(arrived.header("From").contains("The yard"), "{}", arrived.text);

        // Started without it, what waits is held, and costs no attempts.
        send_test(&fixed, &owner).await.unwrap();
        fixed.close().await;
        send(app).await;
        start(&app.ctx).await.unwrap();
        send(app).await;
        assert!(server.take().is_empty());
        let waiting = list(&app.ctx, &owner, &MailQuery::default()).await.unwrap().items.remove(0);
        assert_eq!((waiting.status, waiting.next_at), (MailStatus::Queued, None));
        assert_eq!(failure(send_test(&app.ctx, &owner).await).code, Code::MailOff);
    }

    async fn many_processes_send_each_mail_once(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let (second, third) = (other(app, app.options.clone()).await, other(app, app.options.clone()).await);
        let accounts = queue_many(app, &["ada", "bob", "eve"]).await;
        for account in &accounts {
            for _ in 0..9 {
                queue_to(app, account, Contents::Test).await;
            }
        }
        let senders = Senders::default();
        while waiting(app).await > 0 {
            tokio::join!(run_once(&app.ctx, &senders), run_once(&second, &senders), run_once(&third, &senders));
        }
        let arrived = fixture.server.take();
        let ids: BTreeSet<_> = arrived.iter().map(|one| one.header("Message-ID").to_owned()).collect();
        assert_eq!((arrived.len(), ids.len()), (30, 30));
        assert_eq!(fixture.server.most_at_once(), 1);
        second.close().await;
        third.close().await;
    }

    async fn what_waits_for_an_account_can_be_cancelled_and_goes_with_it(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let [ada, bob] = queue_many(app, &["ada", "bob"]).await.try_into().unwrap();
        let (at, browser) = (app.ctx.now(), "Firefox on Linux".to_owned());
        queue_to(app, &ada, Contents::NewSignIn { at, browser, ip: Some("192.0.2.7".to_owned()) }).await;
        let db = &app.ctx.db().write;
        assert!(waits(db, ada.id(), MailKind::NewSignIn).await.unwrap());
        cancel(db, ada.id(), MailKind::PasswordChanged).await.unwrap();
        assert!(!waits(db, ada.id(), MailKind::PasswordChanged).await.unwrap());
        members::delete(&app.ctx, &fixture.owner, bob.id()).await.unwrap();
        send(app).await;
        let [arrived] = fixture.server.take().try_into().unwrap();
        assert_eq!(arrived.to, address("ada"));
        assert!(arrived.text.contains("Firefox on Linux") && arrived.text.contains("192.0.2.7"), "{}", arrived.text);
        members::delete(&app.ctx, &fixture.owner, ada.id()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 0);
    }

    async fn what_went_to_an_address_is_forgotten_however_it_was_typed(app: &TestApp) {
        Fixture::new(app).await;
        let db = &app.ctx.db().write;
        for (invite, to) in [(1, "Ünal@postbox.example"), (2, "unal@postbox.example")] {
            let contents = Contents::LinkGranted { invite: domain::ids::InviteId(Uuid::from_u128(invite)), by: None };
            let mail = NewMail { to: Email::stored(to), account: None, contents };
            queue(db, &app.ctx, vec![mail], app.ctx.now()).await.unwrap();
        }
        forget_address(db, &Email::stored("ünal@postbox.example")).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%unal%'").await, 1);
    }

    async fn only_who_may_read_and_change_settings_does_anything_with_mail(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let mail = send_test(&app.ctx, &fixture.owner).await.unwrap();
        let (ctx, una) = (&app.ctx, app.account("una", Role::User).await);
        assert_eq!(failure(view(ctx, &una).await).code, Code::Forbidden);
        assert_eq!(failure(list(ctx, &una, &MailQuery::default()).await).code, Code::Forbidden);
        assert_eq!(failure(get(ctx, &una, mail.id).await).code, Code::Forbidden);
        app.grant("una", Permission::SettingsView.into()).await;
        let una = operator::act_as(ctx, Some("una")).await.unwrap();
        let seen = get(ctx, &una, mail.id).await.unwrap();
        assert_eq!(seen.recipient.as_str(), "n…@b….example", "who may not read accounts");
        assert_eq!(list(ctx, &una, &MailQuery::default()).await.unwrap().items, [seen]);
        assert_eq!(get(ctx, &fixture.owner, mail.id).await.unwrap(), mail);
        assert_eq!(failure(configure(ctx, &una, fixture.server.draft()).await).code, Code::Forbidden);
        assert_eq!(failure(turn_off(ctx, &una).await).code, Code::Forbidden);
        assert_eq!(failure(send_test(ctx, &una).await).code, Code::Forbidden);
        assert_eq!(failure(resend(ctx, &una, mail.id).await).code, Code::Forbidden);
    }

    async fn only_owners_choose_the_mail_server(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let admin = app.account("noor", Role::Admin).await;
        for refused in [configure(&app.ctx, &admin, fixture.server.draft()).await, turn_off(&app.ctx, &admin).await] {
            assert_eq!(failure(refused).code, Code::Forbidden);
        }
        send_test(&app.ctx, &admin).await.unwrap();
    }
}
