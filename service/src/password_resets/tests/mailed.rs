//! Links that are sent by e-mail, and what the owner of a changed password is told.

use domain::ids::DeliveryId;
use domain::mail::MailDraft;
use domain::password_resets::ResetRequestDraft;
use sea_orm::EntityTrait;

use super::super::{arm, request, request::queue_link};
use super::*;
use crate::accounts::store as accounts;
use crate::outbox::entity::Entity as Outbox;
use crate::platform::tx;
use crate::{Ctx, mail};

/// An owner, and a mail server. Nothing is sent in tests, so that what is written waits.
async fn owner_with_mail(app: &TestApp) -> Actor {
    let owner = app.owner().await;
    turn_on(app, &owner).await;
    owner
}

async fn turn_on(app: &TestApp, owner: &Actor) {
    let draft = MailDraft {
        host: "localhost".to_owned(),
        encryption: "none".to_owned(),
        from: "post@bramble.example".to_owned(),
        ..MailDraft::default()
    };
    mail::configure(&app.ctx, owner, draft).await.unwrap();
}

fn asking(login: &str) -> domain::password_resets::ResetRequest {
    ResetRequestDraft { login: login.to_owned() }.parse().unwrap()
}

/// Asks for a link, and returns when what follows from it is done.
async fn ask(app: &TestApp, login: &str) {
    queue_link(&app.ctx, &asking(login), &Client::default()).await.unwrap();
}

/// The number of mails of this kind that were written.
async fn mails(app: &TestApp, kind: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM outbox WHERE event = '{kind}'")).await
}

async fn resets(app: &TestApp) -> i64 {
    mails(app, "password_reset").await
}

/// Records that everything that waits was sent.
async fn send_all(app: &TestApp) {
    app.execute("UPDATE outbox SET delivered_at = created_at, attempts = 1 WHERE delivered_at IS NULL").await;
}

/// The link of the only mail that waits, made as when it is sent.
async fn arm_waiting(app: &TestApp, account: &Actor) -> Option<ResetLink> {
    let rows = Outbox::find().all(&app.ctx.db().read).await.unwrap();
    let waiting: Vec<_> = rows.iter().filter(|row| row.delivered_at.is_none() && row.dead_at.is_none()).collect();
    assert_eq!(waiting.len(), 1);
    let epoch = accounts::find(&app.ctx.db().read, account.id()).await.unwrap().unwrap().auth_epoch;
    let url = arm(&app.ctx, account.id(), epoch, DeliveryId(waiting[0].id)).await.unwrap()?;
    Some(ResetLink { url, expires_at: app.ctx.now().plus(LIFETIME) })
}

/// Another process with the same database, without limits.
async fn without_limits(app: &TestApp) -> Ctx {
    let options = crate::Options { rate_limits: false, ..app.options.clone() };
    Ctx::open_with(options, app.ctx.clock().clone(), app.ctx.randomness().clone()).await.unwrap()
}

on_both_databases! {
    async fn addresses_are_changed_by_those_who_may_reset_the_password(app: &TestApp) {
        let owner = app.owner().await;
        let plain = app.account("mika", Role::Moderator).await;
        let able = moderator(app).await;
        let mateo = app.account("mateo", Role::User).await;
        let move_to = async |actor: &Actor, email: &str| {
            let draft = AccountDraft { email: Patch::Set(email.to_owned()), ..AccountDraft::default() };
            members::update(&app.ctx, actor, mateo.id(), draft).await
        };
        // No link is sent to it.
        move_to(&plain, "mateo@one.example").await.unwrap();
        turn_on(app, &owner).await;
        let only = |permission: Permission| Actor { scope: KeyScope::Only(permission.into()), ..owner.clone() };
        for actor in [&plain, &only(Permission::AccountsManage)] {
            let refused = failure(move_to(actor, "mika@mine.example").await);
            assert_eq!((refused.code, refused.field_error("email").is_some()), (Code::Forbidden, true));
        }
        let draft = AccountDraft { name: Patch::Set("Mateo".to_owned()), ..AccountDraft::default() };
        members::update(&app.ctx, &plain, mateo.id(), draft).await.unwrap();
        move_to(&able, "mateo@two.example").await.unwrap();
    }

    async fn a_mailed_link_sets_the_password_once(app: &TestApp) {
        owner_with_mail(app).await;
        let mateo = app.account("mateo", Role::User).await;
        ask(app, "Mateo@Bramble.example").await;
        assert_eq!(resets(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0, "a link is made when it is sent");
        assert_eq!(logged(app, "account.request_reset_link", "actor_kind = 'visitor'").await, 1);
        app.advance(LIFETIME);
        let link = arm_waiting(app, &mateo).await.unwrap();
        assert_eq!(arm_waiting(app, &mateo).await.unwrap(), link, "a second attempt sends the same");
        assert_eq!(opened(app, &link).await.unwrap().as_str(), "mateo");
        reset(app, &link, NEW).await.unwrap();
        assert!(can_sign_in(app, "mateo", NEW).await && !can_sign_in(app, "mateo", PASSWORD).await);
        assert_useless(app, &link).await;
        assert_eq!(mails(app, "password_changed").await, 1);
    }

    async fn accounts_that_do_not_exist_or_are_not_active_get_no_mail(app: &TestApp) {
        let owner = owner_with_mail(app).await;
        let mateo = app.account("mateo", Role::User).await;
        for (change, back) in [
            ("suspended_at = 1", "suspended_at = NULL"),
            ("approved_at = NULL", "approved_at = 1"),
            ("approved_at = NULL, suspended_at = 1", "approved_at = 1, suspended_at = NULL"),
            ("ends_at = 1, ended_at = 1", "ends_at = NULL, ended_at = NULL"),
        ] {
            app.execute(&format!("UPDATE accounts SET {change} WHERE username = 'mateo'")).await;
            for login in ["mateo", "mateo@bramble.example"] {
                ask(app, login).await;
            }
            app.execute(&format!("UPDATE accounts SET {back} WHERE username = 'mateo'")).await;
        }
        for login in ["nobody", "nobody@bramble.example", "mateo@bramble.example.org"] {
            ask(app, login).await;
        }
        members::delete(&app.ctx, &owner, mateo.id()).await.unwrap();
        ask(app, "mateo").await;
        assert_eq!(resets(app).await, 0);
        assert_eq!(logged(app, "account.request_reset_link", "1 = 1").await, 0);
        ask(app, "ngozi").await;
        assert_eq!(resets(app).await, 1, "owners get one");
    }

    async fn without_mail_nothing_is_written(app: &TestApp) {
        app.owner().await;
        assert!(!crate::password_resets::are_mailed(&app.ctx).await.unwrap());
        ask(app, "ngozi").await;
        operator::set_password(&app.ctx, "ngozi", Password::parse(NEW).unwrap(), false).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 0);
        assert_eq!(logged(app, "account.request_reset_link", "1 = 1").await, 0);
    }

    async fn twenty_requests_at_once_make_one_mail_which_is_written_before_the_process_ends(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("mateo", Role::User).await;
        let ctx = without_limits(app).await;
        let requests = (0..20).map(|number| {
            let (ctx, login) = (ctx.clone(), if number % 2 == 0 { "mateo" } else { "mateo@bramble.example" });
            tokio::spawn(async move { request(&ctx, asking(login), &Client::default()).await })
        });
        for one in requests.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }
        ctx.close().await;
        assert_eq!(resets(app).await, 1);
        assert_eq!(logged(app, "account.request_reset_link", "1 = 1").await, 1);
    }

    async fn the_answer_waits_neither_for_the_look_up_nor_for_the_write(app: &TestApp) {
        owner_with_mail(app).await;
        let mateo = app.account("mateo", Role::User).await;
        let waiting = async || Outbox::find().all(&app.ctx.db().read).await.unwrap().len();
        let tx = tx::begin(&app.ctx).await.unwrap();
        accounts::lock(&tx, mateo.id()).await.unwrap();
        for login in ["mateo", "nobody"] {
            request(&app.ctx, asking(login), &Client::default()).await.unwrap();
        }
        assert_eq!(waiting().await, 0);
        tx.rollback().await.unwrap();
        until("it is written", async || waiting().await == 1).await;
    }

    async fn while_a_mail_waits_no_other_is_written_and_once_it_is_sent_a_new_link_ends_the_old_one(app: &TestApp) {
        owner_with_mail(app).await;
        let mateo = app.account("mateo", Role::User).await;
        ask(app, "mateo").await;
        // Also while it is tried again.
        app.execute("UPDATE outbox SET attempts = 3").await;
        ask(app, "mateo").await;
        assert_eq!(resets(app).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE attempts = 0").await, 1, "it is tried at once");
        let first = arm_waiting(app, &mateo).await.unwrap();
        send_all(app).await;
        ask(app, "mateo").await;
        assert_eq!(resets(app).await, 2);
        opened(app, &first).await.unwrap();
        let second = arm_waiting(app, &mateo).await.unwrap();
        assert_gone(app, &first).await;
        reset(app, &second, NEW).await.unwrap();
    }

    async fn what_ends_a_link_ends_one_that_waits(app: &TestApp) {
        let owner = owner_with_mail(app).await;
        let mateo = app.account("mateo", Role::User).await;
        ask(app, "mateo").await;
        let link = make(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_eq!(resets(app).await, 0, "the link of staff takes its place");
        opened(app, &link).await.unwrap();
        ask(app, "mateo").await;
        operator::make_reset_link(&app.ctx, "mateo").await.unwrap();
        assert_eq!(resets(app).await, 0);
        ask(app, "mateo").await;
        members::suspend(&app.ctx, &owner, mateo.id()).await.unwrap();
        assert_eq!(resets(app).await, 0);
        members::restore(&app.ctx, &owner, mateo.id()).await.unwrap();
        ask(app, "mateo").await;
        let email = Patch::Set("mateo@elsewhere.example".to_owned());
        let draft = AccountDraft { email, ..AccountDraft::default() };
        members::update(&app.ctx, &owner, mateo.id(), draft).await.unwrap();
        assert_eq!(resets(app).await, 0);
        ask(app, "mateo").await;
        operator::set_password(&app.ctx, "mateo", Password::parse(NEW).unwrap(), false).await.unwrap();
        assert_eq!(resets(app).await, 0);
        send_all(app).await;
        ask(app, "mateo").await;
        app.execute("UPDATE accounts SET suspended_at = 1 WHERE username = 'mateo'").await;
        assert_eq!(arm_waiting(app, &mateo).await, None, "looked at again when it is sent");
        assert_eq!(app.number("SELECT COUNT(*) FROM reset_links").await, 0);
    }

    async fn requests_are_limited_for_addresses_with_and_without_an_account_alike(app: &TestApp) {
        owner_with_mail(app).await;
        let from = |last: u8| Client { ip: Some(std::net::Ipv4Addr::new(192, 0, 2, last).into()), user_agent: None };
        let mut refusals = Vec::new();
        for (place, login) in [(10, "ngozi"), (20, "ngozi@bramble.example"), (30, "nobody")] {
            // From several networks.
            for network in place..place + 5 {
                request(&app.ctx, asking(login), &from(network)).await.unwrap();
            }
            refusals.push(failure(request(&app.ctx, asking(login), &from(place + 5)).await));
        }
        assert_eq!(refusals[0].code, Code::RateLimited);
        assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:?}");

        // Twenty of one network, and no more; the refused ones use up nothing of what others may ask for.
        for number in 0..20 {
            request(&app.ctx, asking(&format!("nobody{number}")), &from(66)).await.unwrap();
        }
        for _ in 0..5 {
            let late = request(&app.ctx, asking("mateo"), &from(66)).await;
            assert_eq!(failure(late).code, Code::RateLimited);
        }
        request(&app.ctx, asking("mateo"), &from(67)).await.unwrap();
    }

    async fn the_owner_of_a_changed_password_is_told_once(app: &TestApp) {
        owner_with_mail(app).await;
        app.account("mateo", Role::User).await;
        let signed = app.sign_in("mateo").await;
        send_all(app).await;
        let told = async || mails(app, "password_changed").await;
        let change = |current: &str, new: &str| PasswordChange {
            current: current.to_owned(),
            new: new.to_owned(),
            revoke_keys: false,
        };
        for (current, new) in [("wrong", NEW), (PASSWORD, "password1234")] {
            me::change_password(&app.ctx, &signed.actor, &change(current, new)).await.unwrap_err();
        }
        assert_eq!(told().await, 0);
        me::change_password(&app.ctx, &signed.actor, &change(PASSWORD, NEW)).await.unwrap();
        assert_eq!(told().await, 1);
        operator::set_password(&app.ctx, "mateo", Password::parse(PASSWORD).unwrap(), true).await.unwrap();
        assert_eq!(told().await, 2);
        let to = "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%mateo@bramble.example%' AND payload NOT LIKE '%words%'";
        assert_eq!(app.number(to).await, 2);
    }
}
