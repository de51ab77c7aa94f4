//! What becomes of a link that was granted, and whose mail is given up.

use domain::outbox::MAX_AGE;

use super::*;
use crate::Randomness;
use crate::accounts::store as accounts;
use crate::outbox::purge;

/// Grants a request of this address, and returns the new invite.
async fn granted(app: &TestApp, actor: &Actor, email: &str) -> Invite {
    let invite = paused(app, actor, "{}").await;
    ask_for(app, code(&invite), email, 1).await.unwrap();
    let request = open(app, actor).await.into_iter().find(|one| one.email.as_str() == email).unwrap();
    grant(&app.ctx, actor, request.id).await.unwrap().invite
}

/// A mail server that is set up. Nothing waits in it.
async fn mail_server(app: &TestApp, owner: &Actor) -> MailServer {
    let server = MailServer::start().await;
    mail::configure(&app.ctx, owner, server.draft()).await.unwrap();
    server
}

async fn send(app: &TestApp) {
    run_once(&app.ctx, &Senders::default()).await;
}

/// Sends that the author was asked, and forgets it.
async fn drop_questions(app: &TestApp, server: &MailServer) {
    send(app).await;
    server.take();
}

/// The number of notices of failures that were written.
async fn notices(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM outbox WHERE event = 'mail_failed'").await
}

async fn undelivered(app: &TestApp, actor: &Actor, invite: &Invite) -> Option<domain::mail::Undelivered> {
    crate::requests::of_invite(&app.ctx, actor, invite.id).await.unwrap().undelivered
}

on_both_databases! {
    async fn who_granted_a_link_that_is_refused_is_told_with_why(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        let invite = granted(app, &owner, MATEO).await;
        assert_eq!(undelivered(app, &owner, &invite).await, None, "it waits");
        server.refuse(MATEO, "550 5.1.1 No such user");
        send(app).await;
        send(app).await;
        let told = server.take();
        assert_eq!((told.len(), told[0].to.as_str(), notices(app).await), (1, "ngozi@bramble.example", 1));
        assert_eq!(told[0].header("Auto-Submitted"), "auto-generated");
        let page = format!("https://bramble.example/me/invites/{}", invite.id);
        for said in [MATEO, "The answer was: 550 5.1.1 No such user", &page] {
            assert!(told[0].text.replace('\n', " ").contains(said), "{said}: {}", told[0].text);
        }
        assert!(!told[0].text.contains(code(&invite)), "it has no code");
        let shown = undelivered(app, &owner, &invite).await.unwrap();
        assert_eq!((shown.recipient.as_str(), shown.answer.as_deref()), (MATEO, Some("550 5.1.1 No such user")));
        let other = app.account("ada", Role::User).await;
        assert!(crate::requests::of_invite(&app.ctx, &other, invite.id).await.is_err());

        // Once it is sent after all, or the invite is of no use any more, there is nothing to do.
        let failed = domain::ids::DeliveryId(invite.id.0);
        mail::resend(&app.ctx, &owner, failed).await.unwrap();
        assert_eq!(undelivered(app, &owner, &invite).await, None);
        server.refuse(MATEO, "550 5.1.1 Still no such user");
        send(app).await;
        assert_eq!(notices(app).await, 2, "it was given up again");
        assert!(undelivered(app, &owner, &invite).await.is_some());
        invites::pause(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!(undelivered(app, &owner, &invite).await, None);
    }

    async fn what_waited_too_long_is_told_unless_it_is_of_no_use_any_more(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        let invite = granted(app, &owner, MATEO).await;
        app.advance(MAX_AGE.saturating_sub(Duration::from_secs(1)));
        purge(&app.ctx, &Senders::default()).await.unwrap();
        assert_eq!(notices(app).await, 0);
        app.advance(Duration::from_secs(1));
        for _ in 0..2 {
            purge(&app.ctx, &Senders::default()).await.unwrap();
            assert_eq!(notices(app).await, 1);
        }
        // The link has ended by now.
        assert_eq!(undelivered(app, &owner, &invite).await, None);
        send(app).await;
        assert!(server.take().is_empty());
    }

    async fn a_notice_that_fails_tells_nobody_and_nobody_is_told_of_their_own_address(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        granted(app, &owner, MATEO).await;
        drop_questions(app, &server).await;
        granted(app, &owner, "lena@postbox.example").await;
        server.refuse("lena@postbox.example", "550 5.1.1 No such user");
        server.refuse("ngozi@bramble.example", "550 5.1.1 No such user");
        for _ in 0..5 {
            send(app).await;
        }
        assert_eq!(notices(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE event = 'mail_failed' AND dead_at IS NULL").await, 0);

        // What other mails become tells nobody.
        mail::send_test(&app.ctx, &owner).await.unwrap();
        server.refuse("ngozi@bramble.example", "550 5.1.1 No such user");
        granted(app, &owner, "NGOZI@bramble.example").await;
        server.refuse("NGOZI@bramble.example", "550 5.1.1 No such user");
        for _ in 0..5 {
            send(app).await;
        }
        assert_eq!(notices(app).await, 1);
    }

    async fn one_who_left_meanwhile_is_not_told(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        let admin = app.account("ada", Role::Admin).await;
        granted(app, &admin, MATEO).await;
        members::suspend(&app.ctx, &owner, admin.id()).await.unwrap();
        server.refuse(MATEO, "550 5.1.1 No such user");
        send(app).await;
        assert_eq!(notices(app).await, 0);
        assert!(accounts::find(&app.ctx.db().read, admin.id()).await.unwrap().is_some());

        // Nothing is left of one who was told.
        let told = app.account("bob", Role::Admin).await;
        granted(app, &told, "lena@postbox.example").await;
        server.refuse("lena@postbox.example", "550 5.1.1 No such user");
        send(app).await;
        assert_eq!(notices(app).await, 1);
        members::delete(&app.ctx, &owner, told.id()).await.unwrap();
        assert_eq!(notices(app).await, 0);
    }

    async fn several_processes_tell_of_each_failure_once(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        let mut processes = vec![app.ctx.clone()];
        for _ in 0..2 {
            let randomness = Randomness::from_system().unwrap();
            processes.push(crate::Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), randomness).await.unwrap());
        }
        let addresses: Vec<_> = (0..12).map(|number| format!("guest{number}@postbox.example")).collect();
        for address in &addresses {
            granted(app, &owner, address).await;
            server.refuse(address, "550 5.1.1 No such user");
            app.advance(DAY);
        }
        // Some are refused while the others are too old to be tried: both give them up.
        app.advance(MAX_AGE.saturating_sub(Duration::from_hours(6 * 24)));
        for _ in 0..30 {
            let mut working = JoinSet::new();
            for ctx in &processes {
                let (sending, purging) = (ctx.clone(), ctx.clone());
                working.spawn(async move { run_once(&sending, &Senders::default()).await });
                working.spawn(async move { purge(&purging, &Senders::default()).await.map(|()| 0).unwrap() });
            }
            working.join_all().await;
            app.advance(Duration::from_secs(61));
        }
        let waiting = "SELECT COUNT(*) FROM outbox WHERE event = 'link_granted' AND dead_at IS NULL";
        assert_eq!(app.number(waiting).await, 0);
        assert_eq!(notices(app).await, 12);
        assert_eq!(app.number("SELECT COUNT(DISTINCT payload) FROM outbox WHERE event = 'mail_failed'").await, 12);
        for ctx in processes.into_iter().skip(1) {
            ctx.close().await;
        }
    }
}
