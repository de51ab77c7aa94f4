mod edges;
mod proof;

use std::time::Duration;

use domain::Patch;
use domain::access::{Permission, Permissions};
use domain::accounts::Role;
use domain::ids::InvitationId;
use domain::invitations::{InvitationQuery, InvitationStatus, RESEND_WAIT, RecipientDraft, SentInvitation};
use domain::invites::{Invite, InviteDraft};
use domain::paging::{Limit, Paging};
use domain::signup::{Lookup, SignUpDraft};

use super::*;
use crate::mail::tests::server::{Arrived, MailServer};
use crate::outbox::run_once;
use crate::senders::Senders;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases, until};
use crate::{Client, members, signup};

const DAY: u64 = 24 * 3_600;

/// Staff, and a mail server that is set up.
struct Fixture {
    owner: Actor,
    server: MailServer,
}

impl Fixture {
    async fn new(app: &TestApp) -> Self {
        let (owner, server) = (app.owner().await, MailServer::start().await);
        mail::configure(&app.ctx, &owner, server.draft()).await.unwrap();
        Self { owner, server }
    }

    async fn invitations(&self, app: &TestApp, mailing: MailingId) -> Vec<SentInvitation> {
        let paging = Paging { limit: Limit::MAX, ..Paging::default() };
        let query = InvitationQuery { mailing: Some(mailing), paging, ..InvitationQuery::default() };
        list(&app.ctx, &self.owner, &query).await.unwrap().items
    }

    async fn one(&self, app: &TestApp, mailing: MailingId) -> SentInvitation {
        let [one] = self.invitations(app, mailing).await.try_into().unwrap();
        one
    }

    /// Works, sends, and works again.
    async fn send_all(&self, app: &TestApp) -> Vec<Arrived> {
        work(app).await;
        run_once(&app.ctx, &Senders::default()).await;
        work(app).await;
        let mut arrived = self.server.take();
        for mail in &mut arrived {
            // Quoted-printable (RFC 2045, section 6.7), as is chosen where a line is long.
            mail.text = mail.text.replace("=\n", "").replace("=3D", "=");
        }
        arrived
    }
}

async fn work(app: &TestApp) {
    worker::work(&app.ctx).await.unwrap();
}

fn id(number: u128) -> MailingId {
    MailingId(Uuid::from_u128(number))
}

/// A link for each of these recipients.
fn own(number: u128, text: &str) -> InvitationsDraft {
    let terms =
        InviteDraft { label: Patch::Set("Course".into()), expires_in_hours: Patch::Set(168), ..InviteDraft::default() };
    let draft = InvitationsDraft::new(id(number), MailingMode::OwnLinks);
    InvitationsDraft { terms: Some(terms), text: text.to_owned(), ..draft }
}

/// The link of this invite for all of these recipients.
fn one_link(number: u128, invite: &Invite, text: &str) -> InvitationsDraft {
    let draft = InvitationsDraft::new(id(number), MailingMode::OneLink);
    InvitationsDraft { invite: Some(invite.id), text: text.to_owned(), ..draft }
}

fn many(count: usize) -> String {
    (0..count).fold(String::new(), |text, n| format!("{text}person{n}@postbox.example\n"))
}

fn line<'a>(arrived: &'a Arrived, start: &str) -> &'a str {
    arrived.text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {}", arrived.text))
}

/// The code and the proof of the link in a mail.
fn link_in(arrived: &Arrived) -> (&str, &str) {
    let link = line(arrived, "https://bramble.example/inv/").rsplit_once('/').unwrap().1;
    link.split_once("?proof=").unwrap_or_else(|| panic!("{link}"))
}

fn code_in(arrived: &Arrived) -> &str {
    link_in(arrived).0
}

fn proof_in(arrived: &Arrived) -> &str {
    link_in(arrived).1
}

fn stop_in(arrived: &Arrived) -> &str {
    line(arrived, "https://bramble.example/invitations/stop/").rsplit_once('/').unwrap().1
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

on_both_databases! {
    async fn each_gets_a_link_of_their_own_for_their_address(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let text = "email,name,username,team\nmateo@postbox.example,Mateo Quispe,mateo,Clay\nlena@postbox.example,,,\n";
        let draft = InvitationsDraft { message: "Come and see.\n\nAda".into(), ..own(1, text) };
        let sent = send(&app.ctx, &fixture.owner, draft).await.unwrap();
        assert_eq!((sent.total, sent.count(InvitationStatus::Queued)), (2, 2));
        assert_eq!(events(app, "mailing.send").await, 1);
        assert!(fixture.server.take().is_empty());
        let arrived = fixture.send_all(app).await;
        assert_eq!(arrived.len(), 2);
        let mail = &arrived[0];
        assert!(mail.header("Subject").starts_with("ngozi invites you to "), "{}", mail.text);
        assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        for text in ["> Come and see.", "Hello Mateo Quispe,"] {
            assert!(mail.text.contains(text), "{text}: {}", mail.text);
        }
        let kept = app.number(&format!("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%{}%'", code_in(mail))).await;
        assert_eq!(kept, 0, "the link is stored nowhere");

        let rows = fixture.invitations(app, sent.id).await;
        assert!(rows.iter().all(|row| row.status == InvitationStatus::Sent && row.sent_at.is_some()), "{rows:?}");
        let invite = crate::invites::get(&app.ctx, &fixture.owner, rows[0].invite.unwrap()).await.unwrap();
        assert_eq!((code(&invite), invite.terms.max_uses), (code_in(mail), Some(1)));
        assert_eq!(invite.terms.email.as_ref().unwrap().as_str(), "mateo@postbox.example");
        assert_eq!(invite.terms.label.as_ref().unwrap().as_str(), "Course");
        assert_eq!(invite.terms.attributes[0].value.as_str(), "Clay");
        assert_eq!(invite.terms.person.as_ref().unwrap().username.as_ref().unwrap().as_str(), "mateo");
        assert_eq!(invite.created_by.id, fixture.owner.id());

        // The page is opened, and another address is refused.
        let Lookup::Open(page) = crate::invites::lookup(&app.ctx, code(&invite), &Client::default()).await.unwrap() else {
            panic!("not open");
        };
        assert_eq!(page.person.unwrap().name.unwrap().as_str(), "Mateo Quispe");
        until("it is opened", async || fixture.invitations(app, sent.id).await[0].status == InvitationStatus::Opened).await;
        assert!(app.sign_up(code(&invite), "eve").await.is_err());
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let joined = &fixture.invitations(app, sent.id).await[0];
        assert_eq!(joined.status, InvitationStatus::Joined);
        assert_eq!(joined.joined.as_ref().unwrap().username.as_ref().unwrap().as_str(), "mateo");
        app.assert_uses_match_redemptions().await;
        // Nobody has verified the address: what the account used is given back.
        let mateo = joined.joined.as_ref().unwrap().id;
        crate::members::delete(&app.ctx, &fixture.owner, mateo).await.unwrap();
        let again = &fixture.invitations(app, sent.id).await[0];
        assert_eq!((again.status, again.joined.is_none()), (InvitationStatus::Opened, true));
        app.assert_uses_match_redemptions().await;
    }

    async fn one_link_goes_to_all(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let invite = app.invite(&fixture.owner, InviteDraft::default()).await;
        let text = "Mateo <mateo@postbox.example>\nlena@postbox.example, ngozi@bramble.example";
        let sent = send(&app.ctx, &fixture.owner, one_link(1, &invite, text)).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert_eq!(arrived.len(), 3, "those who have an account as well");
        assert!(arrived.iter().all(|mail| code_in(mail) == code(&invite)));
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 1);
        app.sign_up(code(&invite), "lena").await.unwrap();
        app.sign_up(code(&invite), "somebody").await.unwrap();
        let statuses: Vec<_> = fixture.invitations(app, sent.id).await.iter().map(|row| row.status).collect();
        assert_eq!(statuses, [InvitationStatus::Sent, InvitationStatus::Joined, InvitationStatus::Sent]);
        let first = fixture.invitations(app, sent.id).await.remove(0);
        assert_eq!(failure(revoke(&app.ctx, &fixture.owner, first.id).await).code, Code::Invalid);
        assert_eq!(failure(resend(&app.ctx, &fixture.owner, first.id, true).await).code, Code::Invalid);
        // Neither is one that is for one address, or can't be used.
        let locked = InviteDraft { email: Patch::Set("a@b.example".into()), ..InviteDraft::default() };
        let locked = app.invite(&fixture.owner, locked).await;
        crate::invites::pause(&app.ctx, &fixture.owner, invite.id).await.unwrap();
        for wrong in [&locked, &invite] {
            let failure = failure(send(&app.ctx, &fixture.owner, one_link(2, wrong, text)).await);
            assert!(failure.field_error("invite").is_some(), "{failure:?}");
        }
    }

    async fn what_is_sent_twice_is_sent_once(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let draft = || own(1, "mateo@postbox.example\nlena@postbox.example");
        let outcomes = futures::future::join_all((0..4).map(|_| send(&app.ctx, &fixture.owner, draft()))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(app.number("SELECT COUNT(*) FROM invitations").await, 2);
        assert_eq!(events(app, "mailing.send").await, 1);
        let other = send(&app.ctx, &fixture.owner, own(1, "eve@postbox.example")).await;
        assert_eq!(failure(other).code, Code::IdempotencyKeyReused);
        let key = |text| AttemptKey::parse(text).unwrap();
        let admin = app.account("tomasz", Role::Admin).await;
        let ids = [
            mailing_id(&app.ctx, &fixture.owner, &key("a")),
            mailing_id(&app.ctx, &fixture.owner, &key("b")),
            mailing_id(&app.ctx, &admin, &key("a")),
        ];
        assert!(ids[0] != ids[1] && ids[0] != ids[2]);
        assert_eq!(ids[0], mailing_id(&app.ctx, &fixture.owner, &key("a")));
    }

    async fn several_processes_send_each_invitation_once(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let sent = send(&app.ctx, &fixture.owner, own(1, &many(120))).await.unwrap();
        let outcomes = futures::future::join_all((0..3).map(|_| worker::work(&app.ctx))).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        work(app).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 120);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE event = 'invitation'").await, 120);
        let invites = "SELECT COUNT(*) FROM (SELECT DISTINCT invite_id FROM invitations WHERE prepared_at IS NOT NULL) i";
        assert_eq!(app.number(invites).await, 120);
        assert!(mailing(&app.ctx, &fixture.owner, sent.id).await.unwrap().finished_at.is_some());
        assert_eq!(events(app, "invite.create").await, 120);
    }

    async fn what_else_is_sent_waits_behind_few(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let started = std::time::Instant::now();
        let sent = send(&app.ctx, &fixture.owner, own(1, &many(5_000))).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert_eq!(sent.total, 5_000);
        work(app).await;
        work(app).await;
        let queued = "SELECT COUNT(*) FROM outbox WHERE event = 'invitation'";
        assert_eq!(app.number(queued).await, i64::try_from(prepare::MAX_UNTRIED).unwrap());
        let now = app.ctx.now().as_micros();
        app.execute(&format!("UPDATE outbox SET delivered_at = {now} WHERE event = 'invitation'")).await;
        work(app).await;
        assert_eq!(app.number(queued).await, 2 * i64::try_from(prepare::MAX_UNTRIED).unwrap());
        let now = mailing(&app.ctx, &fixture.owner, sent.id).await.unwrap();
        let counts = [InvitationStatus::Sent, InvitationStatus::Queued].map(|status| now.count(status));
        assert_eq!(counts, [200, 4_800]);
    }

    async fn an_author_who_may_invite_no_more_stops_a_mailing(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let admin = app.account("tomasz", Role::Admin).await;
        let sent = send(&app.ctx, &admin, own(1, &many(120))).await.unwrap();
        // Some are prepared already.
        let now = app.ctx.now().as_micros();
        app.execute(&format!("INSERT INTO outbox (id, target_id, event, payload, created_at, attempts) SELECT id, (SELECT id FROM outbox_targets WHERE kind = 'mail'), 'invitation', '{{}}', {now}, 0 FROM invitations")).await;
        app.execute(&format!("UPDATE outbox SET delivered_at = {now} WHERE seq > (SELECT MIN(seq) + 109 FROM outbox)")).await;
        work(app).await;
        let prepared = app.number("SELECT COUNT(*) FROM invites").await;
        assert!(prepared > 0 && prepared < 120, "{prepared}");
        members::suspend(&app.ctx, &fixture.owner, admin.id()).await.unwrap();
        app.execute(&format!("UPDATE outbox SET delivered_at = {now} WHERE payload = '{{}}'")).await;
        work(app).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, prepared, "no more are made");
        let stopped = mailing(&app.ctx, &fixture.owner, sent.id).await.unwrap();
        assert!(stopped.stopped_why.as_ref().unwrap().contains("not active") && stopped.finished_at.is_some());
        assert_eq!(i64::from(stopped.count(InvitationStatus::Bounced)), 120 - prepared);
    }

    async fn what_can_not_be_delivered_is_shown_and_sent_again(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.server.refuse("mateo@postbox.example", "550 5.1.1 no such user");
        let sent = send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example")).await.unwrap();
        assert!(fixture.send_all(app).await.is_empty());
        let row = fixture.one(app, sent.id).await;
        assert_eq!(row.status, InvitationStatus::Bounced);
        assert!(row.last_answer.as_ref().unwrap().contains("no such user"), "{row:?}");
        // What became of it stays after its mail is deleted.
        app.execute("DELETE FROM outbox").await;
        work(app).await;
        assert_eq!(fixture.one(app, sent.id).await.status, InvitationStatus::Bounced);
        let again = resend(&app.ctx, &fixture.owner, row.id, false).await.unwrap();
        assert_eq!((again.status, again.last_answer), (InvitationStatus::Queued, None));
        assert_eq!(failure(resend(&app.ctx, &fixture.owner, row.id, false).await).code, Code::Invalid, "it waits");
        let arrived = fixture.send_all(app).await;
        let first = crate::invites::get(&app.ctx, &fixture.owner, row.invite.unwrap()).await.unwrap();
        assert_eq!(code_in(&arrived[0]), code(&first));
        // A fresh link takes the place of the one before.
        app.advance(RESEND_WAIT);
        resend(&app.ctx, &fixture.owner, row.id, true).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert_ne!(code_in(&arrived[0]), code(&first));
        assert_eq!(crate::invites::get(&app.ctx, &fixture.owner, first.id).await.unwrap().status, InviteStatus::Deleted);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE deleted_at IS NULL").await, 1);
        assert_eq!(events(app, "mailing.resend_one").await, 2);
    }

    async fn all_who_have_not_joined_are_sent_it_again(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let sent = send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example\nlena@postbox.example")).await.unwrap();
        let arrived = fixture.send_all(app).await;
        app.sign_up(code_in(&arrived[0]), "mateo").await.unwrap();
        // Also a link that verifies the address.
        assert_eq!(fixture.send_all(app).await.len(), 1);
        assert_eq!(resend_all(&app.ctx, &fixture.owner, sent.id).await.unwrap(), 1);
        assert_eq!(resend_all(&app.ctx, &fixture.owner, sent.id).await.unwrap(), 0, "it waits");
        let again = fixture.send_all(app).await;
        assert_eq!((again.len(), again[0].to.as_str()), (1, "lena@postbox.example"));
        assert_eq!(code_in(&again[0]), code_in(&arrived[1]));
    }

    async fn a_revoked_invitation_can_not_be_used(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let sent = send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example\nlena@postbox.example\nuna@postbox.example")).await.unwrap();
        let rows = fixture.invitations(app, sent.id).await;
        // Before it has an invite, while its mail waits, and after.
        revoke(&app.ctx, &fixture.owner, rows[0].id).await.unwrap();
        work(app).await;
        revoke(&app.ctx, &fixture.owner, rows[1].id).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert_eq!((arrived.len(), arrived[0].to.as_str()), (1, "una@postbox.example"));
        let revoked = revoke(&app.ctx, &fixture.owner, rows[2].id).await.unwrap();
        assert_eq!(revoked.status, InvitationStatus::Revoked);
        assert!(app.sign_up(code_in(&arrived[0]), "una").await.is_err());
        revoke(&app.ctx, &fixture.owner, rows[2].id).await.unwrap();
        assert_eq!(events(app, "mailing.revoke_one").await, 3, "once each");
        assert_eq!(resend_all(&app.ctx, &fixture.owner, sent.id).await.unwrap(), 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE deleted_at IS NULL").await, 0);
    }

    async fn who_wants_no_more_gets_no_more(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example")).await.unwrap();
        let arrived = fixture.send_all(app).await;
        let token = stop_in(&arrived[0]);
        assert!(arrived[0].header("List-Unsubscribe").contains(token));
        assert!(is_stop_link(&app.ctx, token) && !is_stop_link(&app.ctx, "abc"));
        assert!(!stop(&app.ctx, &format!("{token}x")).await.unwrap());
        assert_eq!(app.number("SELECT COUNT(*) FROM mail_stops").await, 0);
        for _ in 0..2 {
            assert!(stop(&app.ctx, token).await.unwrap());
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM mail_stops").await, 1);
        // In another spelling as well, and while it waits.
        let draft = own(2, "MATEO@postbox.example\nlena@postbox.example");
        let seen = preview(&app.ctx, &fixture.owner, &draft).await.unwrap();
        assert_eq!((seen.count, seen.unsubscribed), (1, 1));
        let sent = send(&app.ctx, &fixture.owner, draft).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert_eq!((arrived.len(), arrived[0].to.as_str()), (1, "lena@postbox.example"));
        let statuses: Vec<_> = fixture.invitations(app, sent.id).await.iter().map(|row| row.status).collect();
        assert_eq!(statuses, [InvitationStatus::Stopped, InvitationStatus::Sent]);
        let waiting = send(&app.ctx, &fixture.owner, own(3, "lena@postbox.example")).await.unwrap();
        work(app).await;
        stop(&app.ctx, stop_in(&arrived[0])).await.unwrap();
        assert!(fixture.send_all(app).await.is_empty());
        assert_eq!(fixture.one(app, waiting.id).await.status, InvitationStatus::Stopped);
    }

    async fn a_reminder_is_sent_once_to_those_who_have_not_joined(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let text = "mateo@postbox.example\nlena@postbox.example\nuna@postbox.example\nvera@postbox.example";
        let sent = send(&app.ctx, &fixture.owner, InvitationsDraft { reminder: true, ..own(1, text) }).await.unwrap();
        let without = send(&app.ctx, &fixture.owner, own(2, "ida@postbox.example")).await.unwrap();
        let arrived = fixture.send_all(app).await;
        app.sign_up(code_in(&arrived[0]), "mateo").await.unwrap();
        stop(&app.ctx, stop_in(&arrived[1])).await.unwrap();
        let rows = fixture.invitations(app, sent.id).await;
        app.advance(Duration::from_secs(5 * DAY - 60));
        assert!(fixture.send_all(app).await.is_empty(), "not yet");
        crate::invites::extend_by_days(&app.ctx, &fixture.owner, rows[3].invite.unwrap(), 30).await.unwrap();
        app.advance(Duration::from_mins(2));
        let due = store::to_remind(app.ctx.now(), 50).all(&app.ctx.db().read).await.unwrap();
        assert_eq!(due.len(), 4, "found by several before any has its turn");
        let now = app.ctx.now();
        let each = due.iter().chain(&due).map(|row| reminders::remind(&app.ctx, row, now));
        assert!(futures::future::join_all(each).await.iter().all(Result::is_ok));
        let arrived = fixture.send_all(app).await;
        let to: Vec<_> = arrived.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["una@postbox.example"]);
        assert!(arrived[0].header("Subject").starts_with("Reminder: "), "{}", arrived[0].text);
        let reminded: Vec<_> = fixture.invitations(app, sent.id).await.iter().map(|row| row.reminded_at.is_some()).collect();
        assert_eq!(reminded, [false, false, true, false]);
        assert!(fixture.one(app, without.id).await.reminded_at.is_none());
        app.advance(Duration::from_secs(30 * DAY));
        let arrived = fixture.send_all(app).await;
        assert_eq!((arrived.len(), arrived[0].to.as_str()), (1, "vera@postbox.example"), "the end was moved");
    }

    async fn who_may_send_and_see(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let moderator = app.account("tomasz", Role::Moderator).await;
        let user = app.account("una", Role::User).await;
        for (actor, may) in [(&fixture.owner, true), (&user, false)] {
            let draft = own(1, "mateo@postbox.example");
            assert_eq!(preview(&app.ctx, actor, &draft).await.is_ok(), may);
            assert_eq!(send(&app.ctx, actor, draft).await.is_ok(), may);
            assert_eq!(mailings(&app.ctx, actor, Paging::default()).await.is_ok(), may);
        }
        let row = fixture.one(app, id(1)).await;
        for outcome in [
            failure(mailing(&app.ctx, &user, id(1)).await),
            failure(resend_all(&app.ctx, &user, id(1)).await),
            failure(resend(&app.ctx, &user, row.id, false).await),
            failure(revoke(&app.ctx, &user, row.id).await),
            failure(revoke(&app.ctx, &user, InvitationId(Uuid::from_u128(9))).await),
        ] {
            assert_eq!(outcome.code, Code::Forbidden);
        }
        assert_eq!(failure(mailing(&app.ctx, &fixture.owner, id(9)).await).code, Code::NotFound);
        assert_eq!(failure(revoke(&app.ctx, &fixture.owner, InvitationId(Uuid::from_u128(9))).await).code, Code::NotFound);
        // What they may not grant.
        let draft = own(2, "lena@postbox.example");
        let terms = InviteDraft { role: Patch::Set("admin".into()), ..InviteDraft::default() };
        let refused = failure(send(&app.ctx, &moderator, InvitationsDraft { terms: Some(terms), ..draft }).await);
        assert_eq!(refused.code, Code::Forbidden);
        let sent = send(&app.ctx, &moderator, own(3, "lena@postbox.example")).await.unwrap();
        assert_eq!(sent.created_by.id, moderator.id());
        let seen = |actor: Actor| async move { mailings(&app.ctx, &actor, Paging::default()).await.unwrap().items.len() };
        assert_eq!(seen(fixture.owner.clone()).await, 2);
        let manages = moderator.may(Permission::InvitesManageAll);
        assert_eq!(seen(moderator).await, if manages { 2 } else { 1 });
        mail::turn_off(&app.ctx, &fixture.owner).await.unwrap();
        let off = failure(send(&app.ctx, &fixture.owner, own(4, "ida@postbox.example")).await);
        assert_eq!(off.code, Code::MailOff);
    }

    async fn the_quota_of_a_member_holds(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        app.account("una", Role::User).await;
        let permissions: Permissions = Permission::InvitesCreate | Permission::InvitesCreateMulti;
        app.grant("una", permissions).await;
        let una = crate::operations::operator::act_as(&app.ctx, Some("una")).await.unwrap();
        let settings = r#"{"member_invite_quota":2,"member_invite_quota_period":"month"}"#;
        let draft: domain::settings::SettingsDraft = serde_json::from_str(settings).unwrap();
        crate::settings::update(&app.ctx, &fixture.owner, draft.parse().unwrap()).await.unwrap();
        let sent = send(&app.ctx, &una, own(1, &many(4))).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert_eq!(arrived.len(), 2);
        let stopped = mailing(&app.ctx, &fixture.owner, sent.id).await.unwrap();
        assert!(stopped.stopped_why.is_some());
        assert_eq!([InvitationStatus::Sent, InvitationStatus::Bounced].map(|status| stopped.count(status)), [2, 2]);
    }

    async fn what_is_fixed_of_a_person_is_refused_otherwise_unless_it_is_taken(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let text = "email,name,username\nmateo@postbox.example,Mateo,mateo\n";
        send(&app.ctx, &fixture.owner, InvitationsDraft { locked: true, ..own(1, text) }).await.unwrap();
        let arrived = fixture.send_all(app).await;
        let sign_up = async |name: &str, username: &str| {
            let draft = SignUpDraft {
                code: code_in(&arrived[0]).to_owned(),
                email: "mateo@postbox.example".into(),
                username: username.to_owned(),
                name: name.to_owned(),
                password: PASSWORD.into(),
                ..SignUpDraft::default()
            };
            signup::sign_up(&app.ctx, draft.parse().unwrap(), None, &Client::default()).await.map(|_| ())
        };
        let refused = failure(sign_up("Somebody", "other").await);
        assert!(refused.field_error("name").is_some() && refused.field_error("username").is_some(), "{refused:?}");
        app.account("mateo", Role::User).await;
        let Lookup::Open(page) = crate::invites::lookup(&app.ctx, code_in(&arrived[0]), &Client::default()).await.unwrap() else {
            panic!("not open");
        };
        let person = page.person.unwrap();
        assert!(person.locked && person.username.is_none(), "somebody has it: {person:?}");
        let refused = failure(sign_up("Somebody", "mateo2").await);
        assert!(refused.field_error("name").is_some() && refused.field_error("username").is_none(), "{refused:?}");
        sign_up("Mateo", "mateo2").await.unwrap();
    }

    async fn recipients_are_previewed_and_errors_are_skipped_on_request(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let text = "mateo@postbox.example\nMATEO@postbox.example\nnobody\nngozi@bramble.example";
        let seen = preview(&app.ctx, &fixture.owner, &own(1, text)).await.unwrap();
        assert_eq!((seen.count, seen.duplicates, seen.error_count, seen.have_account), (1, 1, 1, 1));
        assert_eq!(seen.errors[0].line, 3);
        let refused = failure(send(&app.ctx, &fixture.owner, own(1, text)).await);
        assert!(refused.field_error("text").is_some());
        let sent = send(&app.ctx, &fixture.owner, InvitationsDraft { skip_errors: true, ..own(1, text) }).await.unwrap();
        assert_eq!(sent.total, 1, "not to those who have an account");
        let all = failure(send(&app.ctx, &fixture.owner, own(2, "ngozi@bramble.example")).await);
        assert!(all.field_error("text").is_some());
        let one = RecipientDraft { email: "lena@postbox.example".into(), ..RecipientDraft::default() };
        let draft = InvitationsDraft { recipients: vec![one], ..own(3, "") };
        assert_eq!(send(&app.ctx, &fixture.owner, draft).await.unwrap().total, 1);
    }

    async fn a_filter_has_the_rows_with_that_status(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, &many(7))).await.unwrap();
        let columns = ["joined_at", "revoked_at", "stopped_at", "opened_at", "failed_at", "sent_at"];
        for (number, column) in columns.into_iter().enumerate() {
            app.execute(&format!("UPDATE invitations SET {column} = 1 WHERE email <= 'person{number}@'")).await;
        }
        let all = fixture.invitations(app, id(1)).await;
        let counts = mailing(&app.ctx, &fixture.owner, id(1)).await.unwrap();
        for status in InvitationStatus::ALL {
            let query = InvitationQuery { mailing: Some(id(1)), status: Some(status), ..InvitationQuery::default() };
            let found = list(&app.ctx, &fixture.owner, &query).await.unwrap().items;
            let expected: Vec<_> = all.iter().filter(|row| row.lifecycle().status() == status).cloned().collect();
            assert_eq!(found, expected, "{status}");
            assert_eq!(counts.count(status) as usize, expected.len(), "{status}");
        }
        let query = InvitationQuery { status: Some(InvitationStatus::Sent), ..InvitationQuery::default() };
        assert!(failure(list(&app.ctx, &fixture.owner, &query).await).field_error("status").is_some());
        assert_eq!(list(&app.ctx, &fixture.owner, &InvitationQuery::default()).await.unwrap().items.len(), 7);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_found_by_their_indexes() {
    let app = TestApp::sqlite().await;
    for (index, plan) in [
        ("invitations_to_prepare", crate::testing::plan(&app, store::to_prepare(id(1), 50)).await),
        ("invitations_to_remind", crate::testing::plan(&app, store::to_remind(app.ctx.now(), 50)).await),
    ] {
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
    }
    app.finish().await;
}
