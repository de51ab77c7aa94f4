//! What waits, what is refused, and what is not kept.

use super::*;

on_both_databases! {
    async fn a_deferred_mail_does_not_wait_for_a_whole_mailing(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, &many(300))).await.unwrap();
        mail::send_test(&app.ctx, &fixture.owner).await.unwrap();
        app.execute(&format!("UPDATE outbox SET attempts = 1, attempted_at = {}", app.ctx.now().as_micros())).await;
        let queued = "SELECT COUNT(*) FROM outbox WHERE event = 'invitation'";
        work(app).await;
        assert_eq!(app.number(queued).await, 200, "it is not due yet");
        // Not long ago: what was sent is deleted after a week.
        let sent = format!("UPDATE outbox SET delivered_at = {} WHERE event = 'invitation'", app.ctx.now().as_micros());
        app.execute(&sent).await;
        app.advance(domain::outbox::wait(1) + Duration::from_secs(1));
        work(app).await;
        assert_eq!(app.number(queued).await, 200, "it is due, and comes first");
        // It is deferred again.
        let again = format!("UPDATE outbox SET attempts = 2, attempted_at = {} WHERE event = 'test'", app.ctx.now().as_micros());
        app.execute(&again).await;
        work(app).await;
        assert_eq!(app.number(queued).await, 300, "the mailing goes on");
    }

    async fn a_fresh_link_is_one_that_who_sends_it_may_create(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let terms = InviteDraft { role: Patch::Set("admin".into()), ..InviteDraft::default() };
        let draft = InvitationsDraft { terms: Some(terms), ..own(1, "mateo@postbox.example") };
        send(&app.ctx, &fixture.owner, draft).await.unwrap();
        send(&app.ctx, &fixture.owner, own(2, "lena@postbox.example")).await.unwrap();
        assert_eq!(fixture.send_all(app).await.len(), 2);
        let [admin, user] = [fixture.one(app, id(1)).await, fixture.one(app, id(2)).await];
        app.account("tomasz", Role::Moderator).await;
        app.grant("tomasz", Permission::InvitesCreate | Permission::InvitesManageAll).await;
        let moderator = crate::operations::operator::act_as(&app.ctx, Some("tomasz")).await.unwrap();
        assert_eq!(failure(resend(&app.ctx, &moderator, admin.id, true).await).code, Code::Forbidden);
        resend(&app.ctx, &moderator, user.id, true).await.unwrap();
        // Neither one that is to be made because there was none.
        app.execute("UPDATE invitations SET invite_id = NULL, failed_at = 1, sent_at = NULL WHERE email LIKE 'mateo@%'").await;
        assert_eq!(failure(resend(&app.ctx, &moderator, admin.id, false).await).code, Code::Forbidden);
        assert_eq!(failure(resend_all(&app.ctx, &moderator, id(1)).await).code, Code::Forbidden);
        assert_eq!(resend_all(&app.ctx, &fixture.owner, id(1)).await.unwrap(), 1);
    }

    async fn a_fresh_link_does_not_make_up_for_an_invite_that_was_taken_back(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example")).await.unwrap();
        fixture.send_all(app).await;
        let row = fixture.one(app, id(1)).await;
        let invite = row.invite.unwrap();
        crate::invites::pause(&app.ctx, &fixture.owner, invite).await.unwrap();
        let paused = failure(resend(&app.ctx, &fixture.owner, row.id, true).await);
        assert!(paused.code == Code::Invalid && paused.message.contains("Resume it first"), "{paused:?}");
        crate::invites::delete(&app.ctx, &fixture.owner, invite).await.unwrap();
        let deleted = failure(resend(&app.ctx, &fixture.owner, row.id, true).await);
        assert!(deleted.code == Code::Invalid && deleted.message.contains("deleted"), "{deleted:?}");
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 1);
    }

    async fn an_invitation_is_sent_again_after_ten_minutes_and_three_times_a_day(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example\nlena@postbox.example")).await.unwrap();
        assert_eq!(fixture.send_all(app).await.len(), 2);
        let mateo = fixture.invitations(app, id(1)).await.remove(0);
        let again = async |fresh| resend(&app.ctx, &fixture.owner, mateo.id, fresh).await;
        let all = async || resend_all(&app.ctx, &fixture.owner, id(1)).await.unwrap();
        again(false).await.unwrap();
        assert_eq!(fixture.send_all(app).await.len(), 1);
        for fresh in [false, true] {
            let early = failure(again(fresh).await);
            assert_eq!((early.code, early.retry_after), (Code::RateLimited, Some(600)));
        }
        assert_eq!(all().await, 1, "to the other alone");
        assert_eq!(fixture.send_all(app).await.remove(0).to, "lena@postbox.example");
        assert_eq!(all().await, 0);
        app.advance(RESEND_WAIT);
        assert_eq!(all().await, 2);
        assert_eq!(fixture.send_all(app).await.len(), 2);
        app.advance(RESEND_WAIT);
        again(true).await.unwrap();
        assert_eq!(fixture.send_all(app).await.len(), 1);
        app.advance(RESEND_WAIT);
        let many = failure(again(false).await);
        assert!(many.code == Code::RateLimited && many.message.contains("3 times within a day"), "{many:?}");
        assert_eq!(all().await, 1, "the third of the other");
        assert_eq!(fixture.send_all(app).await.len(), 1);
        app.advance(Duration::from_secs(DAY));
        assert_eq!(all().await, 2);
    }

    async fn one_person_is_invited_without_the_permission_to_invite_several(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        app.account("una", Role::User).await;
        app.grant("una", Permission::InvitesCreate.into()).await;
        let una = crate::operations::operator::act_as(&app.ctx, Some("una")).await.unwrap();
        let invite = app.invite(&una, InviteDraft { max_uses: Patch::Set(1), ..InviteDraft::default() }).await;
        let (one, two) = ("mateo@postbox.example", "lena@postbox.example\nida@postbox.example");
        for (number, draft) in [(1, own(1, one)), (2, one_link(2, &invite, one))] {
            assert_eq!(preview(&app.ctx, &una, &draft).await.unwrap().count, 1);
            send(&app.ctx, &una, draft).await.unwrap();
            assert_eq!(fixture.send_all(app).await.len(), 1, "{number}");
        }
        for draft in [own(3, two), one_link(3, &invite, two)] {
            let refused = [failure(preview(&app.ctx, &una, &draft).await), failure(send(&app.ctx, &una, draft).await)];
            for refused in refused {
                assert!(refused.code == Code::Forbidden && refused.field_error("text").is_some(), "{refused:?}");
            }
        }
        // Nor with an invite that staff have given more uses, before or after it is sent.
        send(&app.ctx, &una, one_link(4, &invite, one)).await.unwrap();
        let uses = InviteDraft { max_uses: Patch::Set(5), ..InviteDraft::default() };
        crate::invites::update(&app.ctx, &fixture.owner, invite.id, uses).await.unwrap();
        let refused = failure(send(&app.ctx, &una, one_link(5, &invite, one)).await);
        assert!(refused.code == Code::Forbidden && refused.field_error("invite").is_some(), "{refused:?}");
        assert!(fixture.send_all(app).await.is_empty());
        assert!(mailing(&app.ctx, &fixture.owner, id(4)).await.unwrap().stopped_why.is_some());
    }

    async fn invitations_that_are_tried_again_in_the_list_of_mails_are_sent(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.server.refuse("mateo@postbox.example", "550 5.1.1 no such user");
        send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example")).await.unwrap();
        assert!(fixture.send_all(app).await.is_empty());
        assert_eq!(fixture.one(app, id(1)).await.status, InvitationStatus::Bounced);
        let mails = mail::list(&app.ctx, &fixture.owner, &domain::mail::MailQuery::default()).await.unwrap().items;
        mail::resend(&app.ctx, &fixture.owner, mails[0].id).await.unwrap();
        let row = fixture.one(app, id(1)).await;
        assert_eq!((row.status, row.failed_at), (InvitationStatus::Queued, None));
        assert_eq!(fixture.send_all(app).await.len(), 1);
        let row = fixture.one(app, id(1)).await;
        assert!(row.status == InvitationStatus::Sent && row.failed_at.is_none(), "{row:?}");
    }

    async fn what_is_queued_is_not_sent_for_who_may_invite_no_more(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let admin = app.account("tomasz", Role::Admin).await;
        send(&app.ctx, &admin, own(1, "mateo@postbox.example")).await.unwrap();
        work(app).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE event = 'invitation'").await, 1);
        members::suspend(&app.ctx, &fixture.owner, admin.id()).await.unwrap();
        let arrived = fixture.send_all(app).await;
        assert!(arrived.iter().all(|mail| mail.to != "mateo@postbox.example"));
        let row = fixture.one(app, id(1)).await;
        assert_eq!(row.status, InvitationStatus::Bounced);
        assert!(row.last_answer.as_ref().unwrap().contains("may not invite any more"), "{row:?}");
    }

    async fn who_has_an_account_by_then_is_not_invited(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, "una@bramble.example")).await.unwrap();
        work(app).await;
        app.account("una", Role::User).await;
        let arrived = fixture.send_all(app).await;
        assert!(arrived.iter().all(|mail| !mail.text.contains("/inv/")));
        let row = fixture.one(app, id(1)).await;
        assert!(row.last_answer.as_ref().unwrap().contains("has an account"), "{row:?}");
    }

    async fn of_a_deleted_recipient_only_their_own_is_forgotten(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let shared = app.invite(&fixture.owner, InviteDraft::default()).await;
        let text = "mateo@postbox.example
lena@postbox.example";
        send(&app.ctx, &fixture.owner, one_link(1, &shared, text)).await.unwrap();
        send(&app.ctx, &fixture.owner, own(2, text)).await.unwrap();
        fixture.send_all(app).await;
        let rows = fixture.invitations(app, id(2)).await;
        // Its mail before is not the one that the row knows.
        resend(&app.ctx, &fixture.owner, rows[0].id, false).await.unwrap();
        fixture.send_all(app).await;
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%mateo%'").await, 3);
        let nobody = AccountId(Uuid::from_u128(9));
        forget(&app.ctx.db().write, "mateo@postbox.example", nobody, app.ctx.now()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%mateo%'").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%lena%'").await, 2);
        assert_eq!(app.number("SELECT COUNT(*) FROM invitations WHERE email LIKE '%mateo%'").await, 0);
        let status = async |invite| crate::invites::get(&app.ctx, &fixture.owner, invite).await.unwrap().status;
        assert_eq!(status(shared.id).await, InviteStatus::Active);
        assert_eq!(status(rows[0].invite.unwrap()).await, InviteStatus::Paused);
        assert_eq!(status(rows[1].invite.unwrap()).await, InviteStatus::Active);
    }

    async fn mailings_take_turns_and_a_broken_one_holds_up_no_other(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        for number in 1..=3 {
            send(&app.ctx, &fixture.owner, own(number, &many(300))).await.unwrap();
            app.advance(Duration::from_secs(1));
        }
        app.execute("UPDATE mailings SET terms = '?' WHERE created_at = (SELECT MIN(created_at) FROM mailings)").await;
        work(app).await;
        let prepared = async |number: u128| {
            fixture.invitations(app, id(number)).await.iter().filter(|row| row.invite.is_some()).count()
        };
        assert_eq!([prepared(1).await, prepared(2).await, prepared(3).await], [0, 100, 100]);
    }

    async fn two_at_once_with_one_id_are_one_mailing(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, "mateo@postbox.example")).await.unwrap();
        let db = &app.ctx.db().write;
        let row = store::find_mailing(db, id(1)).await.unwrap().unwrap();
        assert!(!store::insert(db, row, Vec::new()).await.unwrap(), "as for the second of two");
        let each = (0..8).map(|_| {
            let (ctx, owner) = (app.ctx.clone(), fixture.owner.clone());
            tokio::spawn(async move { send(&ctx, &owner, own(2, "lena@postbox.example")).await.map(|sent| sent.id) })
        });
        for outcome in futures::future::join_all(each).await {
            assert_eq!(outcome.unwrap().unwrap(), id(2));
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM invitations").await, 2);
        assert_eq!(events(app, "mailing.send").await, 2);
    }

    async fn mailings_are_kept_for_half_a_year(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        send(&app.ctx, &fixture.owner, own(1, &many(3))).await.unwrap();
        fixture.send_all(app).await;
        app.advance(purge::KEEP.saturating_sub(Duration::from_mins(1)));
        send(&app.ctx, &fixture.owner, own(2, &many(2))).await.unwrap();
        purge(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM mailings").await, 2);
        app.advance(Duration::from_mins(1));
        purge(&app.ctx).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM mailings").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM invitations").await, 2);
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 3, "what was made for it stays");
    }
}
