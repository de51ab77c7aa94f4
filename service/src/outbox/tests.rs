use std::sync::{Arc, Mutex};

use domain::outbox::{DeliveryStatus, KEEP_DEAD, KEEP_DELIVERED, MAX_AGE};
use sea_orm::EntityTrait;

use super::lease::claim;
use super::*;
use crate::Randomness;
use crate::platform::tx;
use crate::testing::{TestApp, on_both_databases};

/// A sender to nowhere, which answers all alike.
#[derive(Clone)]
struct Fake {
    outcome: Outcome,
    sent: Arc<Mutex<Vec<Message>>>,
}

impl Fake {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, sent: Arc::default() }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap()).into_iter().map(|message| message.payload).collect()
    }
}

impl Sender for Fake {
    const KINDS: &'static [&'static str] = &["fake", "unordered"];

    fn keeps_order(kind: &str) -> bool {
        kind == "fake"
    }

    async fn send(&self, _: &Ctx, message: &Message) -> Result<Answer, Error> {
        self.sent.lock().unwrap().push(message.clone());
        Ok(Answer { outcome: self.outcome, status: None, text: String::new() })
    }

    async fn gone(&self, _: &DatabaseTransaction, _: &Ctx, _: (&str, Uuid), _: Timestamp) -> Result<(), Error> {
        Ok(())
    }
}

const OK: Outcome = Outcome::Delivered;
const FAILED: Outcome = Outcome::Failed { retry_after: None };

async fn target(app: &TestApp, kind: &str) -> Uuid {
    let id = app.ctx.randomness().uuid(app.ctx.now());
    store::add_target(&app.ctx.db().write, id, kind, app.ctx.now()).await.unwrap();
    id
}

async fn enqueue(app: &TestApp, target: Uuid, payloads: &[&str]) {
    let message = |payload: &&str| NewMessage {
        id: None,
        target,
        account: None,
        event: "test".to_owned(),
        payload: (*payload).to_owned(),
    };
    let tx = tx::begin(&app.ctx).await.unwrap();
    store::enqueue(&tx, &app.ctx, payloads.iter().map(message).collect(), app.ctx.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn other(app: &TestApp) -> Ctx {
    let (clock, randomness) = (app.ctx.clock().clone(), Randomness::from_system().unwrap());
    Ctx::open_with(app.options.clone(), clock, randomness).await.unwrap()
}

async fn status(app: &TestApp, payload: &str) -> DeliveryStatus {
    let rows = entity::Entity::find().all(&app.ctx.db().read).await.unwrap();
    lifecycle(rows.iter().find(|row| row.payload == payload).unwrap()).status()
}

on_both_databases! {
    async fn a_lease_that_has_passed_to_another_process_changes_nothing(app: &TestApp) {
        let (fake, other) = (Fake::new(OK), other(app).await);
        let target = target(app, "fake").await;
        enqueue(app, target, &["a", "b"]).await;
        let [mut first] = claim(&app.ctx, Fake::KINDS, 9).await.unwrap().try_into().unwrap();
        let row = first.next(&app.ctx, true).await.unwrap().unwrap();
        assert!(claim(&other, Fake::KINDS, 9).await.unwrap().is_empty(), "it is leased");
        app.advance(lease::LEASE);
        let [mut second] = claim(&other, Fake::KINDS, 9).await.unwrap().try_into().unwrap();
        for outcome in [OK, FAILED, Outcome::Gone] {
            let answer = Answer { outcome, status: Some(200), text: "late".to_owned() };
            assert!(!first.record(&app.ctx, &fake, &row, answer).await.unwrap());
        }
        assert!(first.next(&app.ctx, true).await.unwrap().is_none());
        first.give_back(&app.ctx, false).await.unwrap();
        assert!(claim(&app.ctx, Fake::KINDS, 9).await.unwrap().is_empty(), "it is still leased");
        let again = second.next(&other, true).await.unwrap().unwrap();
        assert_eq!(again, row, "as it was");
        let answer = Answer { outcome: OK, status: Some(200), text: String::new() };
        assert!(second.record(&other, &fake, &again, answer).await.unwrap());
        assert_eq!(second.next(&other, true).await.unwrap().unwrap().payload, "b");
        other.close().await;
    }

    async fn a_lease_is_extended_while_messages_are_sent(app: &TestApp) {
        let fake = Fake::new(OK);
        let target = target(app, "fake").await;
        enqueue(app, target, &["a", "b", "c", "d"]).await;
        let [mut lease] = claim(&app.ctx, Fake::KINDS, 9).await.unwrap().try_into().unwrap();
        for payload in ["a", "b", "c", "d"] {
            let row = lease.next(&app.ctx, true).await.unwrap().unwrap();
            assert_eq!(row.payload, payload);
            app.advance(Duration::from_secs(40));
            let answer = Answer { outcome: OK, status: None, text: String::new() };
            assert!(lease.record(&app.ctx, &fake, &row, answer).await.unwrap());
            assert!(claim(&app.ctx, Fake::KINDS, 9).await.unwrap().is_empty());
        }
        app.advance(Duration::from_secs(40));
        assert!(lease.next(&app.ctx, true).await.unwrap().is_none());
        enqueue(app, target, &["e"]).await;
        app.advance(Duration::from_secs(40));
        assert!(claim(&app.ctx, Fake::KINDS, 9).await.unwrap().is_empty(), "it was extended without a message");
    }

    async fn order_is_kept_per_target_and_one_does_not_wait_for_another(app: &TestApp) {
        let (failing, fake) = (Fake::new(FAILED), Fake::new(OK));
        let (one, two) = (target(app, "fake").await, target(app, "fake").await);
        let unknown = target(app, "later").await;
        enqueue(app, unknown, &["x"]).await;
        enqueue(app, one, &["a", "b", "c"]).await;
        run_once(&app.ctx, &failing).await;
        assert_eq!(failing.take(), ["a"]);
        enqueue(app, two, &["d", "e"]).await;
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take(), ["d", "e"]);
        assert_eq!(status(app, "a").await, DeliveryStatus::Retrying);
        app.advance(Duration::from_hours(24));
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take(), ["a", "b", "c"]);
        assert_eq!(run_once(&app.ctx, &fake).await, 0);
    }

    async fn a_target_that_is_held_waits_and_stays_held_after_a_failure(app: &TestApp) {
        let fake = Fake::new(OK);
        let target = target(app, "fake").await;
        enqueue(app, target, &["a"]).await;
        let [mut lease] = claim(&app.ctx, Fake::KINDS, 9).await.unwrap().try_into().unwrap();
        let row = lease.next(&app.ctx, true).await.unwrap().unwrap();
        store::hold(&app.ctx.db().write, target).await.unwrap();
        assert!(lease.next(&app.ctx, true).await.unwrap().is_none());
        let answer = Answer { outcome: FAILED, status: None, text: String::new() };
        lease.record(&app.ctx, &fake, &row, answer).await.unwrap();
        app.advance(Duration::from_hours(24));
        assert_eq!(run_once(&app.ctx, &fake).await, 0);
        store::release(&app.ctx.db().write, &app.ctx, target, app.ctx.now()).await.unwrap();
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take(), ["a"]);
    }

    async fn old_messages_are_given_up_and_deleted(app: &TestApp) {
        let fake = Fake::new(OK);
        let target = target(app, "fake").await;
        enqueue(app, target, &["delivered"]).await;
        run_once(&app.ctx, &fake).await;
        enqueue(app, target, &["waits"]).await;
        purge(&app.ctx, &fake).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 2);
        app.advance(KEEP_DELIVERED.max(MAX_AGE));
        purge(&app.ctx, &fake).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 1);
        assert_eq!(status(app, "waits").await, DeliveryStatus::Dead);
        app.advance(KEEP_DEAD.saturating_sub(Duration::from_secs(1)));
        purge(&app.ctx, &fake).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 1);
        app.advance(Duration::from_secs(1));
        purge(&app.ctx, &fake).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox").await, 0);
    }

    async fn what_has_no_order_is_sent_by_failures_and_what_is_refused_is_given_up(app: &TestApp) {
        let (failing, refusing, fake) = (Fake::new(FAILED), Fake::new(Outcome::Refused), Fake::new(OK));
        let ordered = target(app, "fake").await;
        let unordered = target(app, "unordered").await;
        for (target, kind) in [(ordered, "fake"), (unordered, "unordered")] {
            enqueue(app, target, &[&format!("{kind} first"), &format!("{kind} second")]).await;
        }
        run_once(&app.ctx, &failing).await;
        let mut tried = failing.take();
        tried.sort();
        assert_eq!(tried, ["fake first", "unordered first"]);
        app.advance(Duration::from_mins(1));
        run_once(&app.ctx, &fake).await;
        let sent = fake.take();
        let of = |kind: &str| sent.iter().filter(|one| one.starts_with(kind)).map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("fake"), ["fake first", "fake second"]);
        assert_eq!(of("unordered"), ["unordered second", "unordered first"]);

        // One that fails again and again does not hold up those that come later, however often it failed.
        enqueue(app, unordered, &["unordered poison"]).await;
        for _ in 0..8 {
            run_once(&app.ctx, &failing).await;
            app.advance(Duration::from_hours(13));
        }
        run_once(&app.ctx, &failing).await;
        failing.take();
        enqueue(app, unordered, &["unordered fresh"]).await;
        app.advance(domain::outbox::PAUSE);
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take(), ["unordered fresh"]);
        assert_eq!(status(app, "unordered poison").await, DeliveryStatus::Retrying);

        // Nor does it slow them down: they are sent one lease after the other.
        let many: Vec<String> = (0..150).map(|number| format!("unordered {number}")).collect();
        enqueue(app, unordered, &many.iter().map(String::as_str).collect::<Vec<_>>()).await;
        app.advance(domain::outbox::PAUSE);
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take().len(), 100);
        run_once(&app.ctx, &fake).await;
        assert_eq!(fake.take().len(), 50);
        assert_eq!(status(app, "unordered poison").await, DeliveryStatus::Retrying);

        enqueue(app, ordered, &["refused", "also refused"]).await;
        run_once(&app.ctx, &refusing).await;
        assert_eq!(refusing.take(), ["refused", "also refused"], "the target is well");
        assert_eq!(status(app, "refused").await, DeliveryStatus::Dead);
        assert_eq!(store::targets(&app.ctx.db().read, [ordered]).await.unwrap()[0].failures, 0);
    }

    async fn what_is_deferred_holds_up_nothing_where_there_is_no_order(app: &TestApp) {
        let (deferring, fake) = (Fake::new(Outcome::Deferred), Fake::new(OK));
        let ordered = target(app, "fake").await;
        let unordered = target(app, "unordered").await;
        for (target, kind) in [(ordered, "fake"), (unordered, "unordered")] {
            enqueue(app, target, &[&format!("{kind} first"), &format!("{kind} second")]).await;
        }
        run_once(&app.ctx, &deferring).await;
        let mut tried = deferring.take();
        tried.sort();
        assert_eq!(tried, ["fake first", "unordered first", "unordered second"]);
        for (target, failures) in [(ordered, 1), (unordered, 0)] {
            assert_eq!(store::targets(&app.ctx.db().read, [target]).await.unwrap()[0].failures, failures);
        }
        assert_eq!(status(app, "unordered first").await, DeliveryStatus::Retrying);
        assert_eq!(run_once(&app.ctx, &deferring).await, 0, "not at once");
        app.execute("UPDATE outbox SET attempts = 11 WHERE payload = 'unordered second'").await;
        app.advance(Duration::from_hours(24));
        run_once(&app.ctx, &deferring).await;
        assert_eq!(status(app, "unordered second").await, DeliveryStatus::Dead, "that was its last attempt");
        app.advance(Duration::from_hours(1));
        run_once(&app.ctx, &fake).await;
        let mut sent = fake.take();
        sent.sort();
        assert_eq!(sent, ["fake first", "fake second", "unordered first"]);
    }

    async fn the_filter_by_status_agrees_with_the_status(app: &TestApp) {
        let target = target(app, "fake").await;
        enqueue(app, target, &["pending", "retrying", "delivered", "dead"]).await;
        for change in [
            "attempts = 1 WHERE payload = 'retrying'",
            "attempts = 1, delivered_at = created_at WHERE payload = 'delivered'",
            "attempts = 9, dead_at = created_at WHERE payload = 'dead'",
        ] {
            app.execute(&format!("UPDATE outbox SET {change}")).await;
        }
        for wanted in DeliveryStatus::ALL {
            let page = store::page(&app.ctx.db().read, target, Some(wanted), domain::paging::Paging::default());
            let found: Vec<_> = page.await.unwrap().items;
            assert_eq!((found.len(), found[0].payload.as_str()), (1, wanted.as_str()));
            assert_eq!(lifecycle(&found[0]).status(), wanted);
        }
    }

    async fn many_processes_send_each_message_once_and_in_order(app: &TestApp) {
        let (fake, second, third) = (Fake::new(OK), other(app).await, other(app).await);
        let mut targets = Vec::new();
        for _ in 0..6 {
            targets.push(target(app, "fake").await);
        }
        for number in 0..20 {
            for (at, target) in targets.iter().enumerate() {
                enqueue(app, *target, &[&format!("{at} {number:02}")]).await;
            }
        }
        let left = "SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL";
        while app.number(left).await > 0 {
            tokio::join!(run_once(&app.ctx, &fake), run_once(&second, &fake), run_once(&third, &fake));
        }
        let sent = fake.take();
        assert_eq!(sent.len(), 120);
        for at in 0..6 {
            let of: Vec<_> = sent.iter().filter(|one| one.starts_with(&at.to_string())).collect();
            assert!(of.is_sorted() && of.len() == 20, "{of:?}");
        }
        second.close().await;
        third.close().await;
    }
}
