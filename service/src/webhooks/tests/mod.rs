pub(crate) mod receiver;
mod told;

use std::time::Duration;

use data_encoding::BASE64;
use domain::access::Permissions;
use domain::accounts::Role;
use domain::invites::InviteDraft;
use domain::outbox::{DeliveryStatus, MAX_ATTEMPTS};
use domain::paging::{Limit, Paging};
use futures::future::join_all;

use self::receiver::{Receiver, Reply};
use super::*;
use crate::operations::operator;
use crate::outbox::run_once;
use crate::testing::{TestApp, failure, on_both_databases};
use crate::{Options, Randomness, invites};

/// A webhook that is told of invites.
struct Fixture {
    owner: Actor,
    receiver: Receiver,
    sender: HttpSender,
    id: WebhookId,
    secret: String,
}

impl Fixture {
    async fn new(app: &TestApp) -> Self {
        let owner = app.owner().await;
        let receiver = Receiver::start().await;
        let sender = HttpSender;
        let created = create(&app.ctx, &owner, draft(&receiver.url(), None).parse().unwrap()).await.unwrap();
        Self { owner, receiver, sender, id: created.webhook.id, secret: created.secret }
    }

    /// Something that the webhook is told of.
    async fn invite(&self, app: &TestApp) -> domain::ids::InviteId {
        app.invite(&self.owner, InviteDraft::default()).await.id
    }

    async fn send(&self, app: &TestApp) {
        run_once(&app.ctx, &self.sender).await;
    }

    /// The deliveries, newest first.
    async fn deliveries(&self, app: &TestApp) -> Vec<Delivery> {
        deliveries(&app.ctx, &self.owner, self.id, &DeliveryQuery::default()).await.unwrap().items
    }

    /// Lets the time pass until the next attempt.
    async fn wait(&self, app: &TestApp) {
        let next = self.deliveries(app).await.into_iter().find_map(|delivery| delivery.next_at).unwrap();
        let micros = next.as_micros().saturating_sub(app.ctx.now().as_micros());
        app.advance(Duration::from_micros(micros.try_into().unwrap_or_default()));
    }
}

fn draft(url: &str, events: Option<&[&str]>) -> WebhookDraft {
    let json = serde_json::json!({ "name": "Chat", "url": url, "events": events });
    serde_json::from_value(json).unwrap()
}

fn server_error() -> Reply {
    Reply::Answer(500, "", "broken\0".to_owned())
}

/// Whether a request is signed with a secret, among others perhaps.
fn is_signed(request: &receiver::Request, secret: &str) -> bool {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let timestamp = request.header("webhook-timestamp").parse().unwrap();
    let expected = signature::sign(&[key], request.header("webhook-id"), timestamp, &request.body);
    request.header("webhook-signature").split(' ').any(|one| one == expected)
}

on_both_databases! {
    async fn messages_are_signed_and_sent_in_order_over_connections_that_are_kept(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        for _ in 0..5 {
            let invite = fixture.invite(app).await;
            invites::pause(&app.ctx, &fixture.owner, invite).await.unwrap();
        }
        assert!(fixture.receiver.take().is_empty(), "nothing is sent by what changes something");
        fixture.send(app).await;
        let requests = fixture.receiver.take();
        let events: Vec<_> = requests.iter().map(receiver::Request::event).collect();
        assert_eq!(events, ["invite.created", "invite.paused"].repeat(5));
        for request in &requests {
            assert_eq!(request.head, "POST /hook HTTP/1.1");
            assert_eq!(request.header("user-agent"), concat!("Latchkey/", env!("CARGO_PKG_VERSION")));
            assert_eq!(request.header("content-type"), "application/json");
            assert_eq!(request.header("webhook-timestamp"), (app.ctx.now().as_micros() / 1_000_000).to_string());
            assert!(is_signed(request, &fixture.secret), "{request:?}");
        }
        // One that is given back a moment late may be joined by another.
        assert!(requests[9].connection < 5, "{} connections", requests[9].connection + 1);
        let delivery = fixture.deliveries(app).await.remove(0);
        assert_eq!(requests[9].header("webhook-id"), format!("msg_{}", delivery.id.0.simple()));
        assert_eq!((delivery.status, delivery.last_status, delivery.attempts), (DeliveryStatus::Delivered, Some(200), 1));
        assert_eq!((delivery.last_answer.as_deref(), delivery.payload), (Some("thanks"), requests[9].body.clone()));
        fixture.send(app).await;
        assert!(fixture.receiver.take().is_empty(), "once");
    }

    async fn there_are_a_hundred_at_most_also_when_many_are_created_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let new = || create(&app.ctx, &owner, draft("http://127.0.0.1/hook", None).parse().unwrap());
        for _ in 0..MAX_WEBHOOKS - 3 {
            new().await.unwrap();
        }
        let created = join_all((0..12).map(|_| new())).await;
        assert_eq!(created.iter().filter(|created| created.is_ok()).count(), 3);
        let refused = created.into_iter().find(Result::is_err).map(failure).unwrap();
        assert_eq!(refused.code, Code::Invalid);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox_targets WHERE kind <> 'mail'").await, 100);
    }

    async fn a_message_that_failed_is_sent_again_before_the_next_with_the_same_id(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let first = fixture.invite(app).await;
        let second = fixture.invite(app).await;
        fixture.receiver.reply([server_error(), Reply::Close]);
        let mut attempts = Vec::new();
        for number in 1..=2 {
            fixture.send(app).await;
            fixture.send(app).await;
            assert_eq!(get(&app.ctx, &fixture.owner, fixture.id).await.unwrap().failures, number);
            attempts.extend(fixture.receiver.take());
            fixture.wait(app).await;
        }
        let waiting = fixture.deliveries(app).await.remove(1);
        assert_eq!((waiting.status, waiting.attempts, waiting.last_status), (DeliveryStatus::Retrying, 2, None));
        fixture.send(app).await;
        attempts.extend(fixture.receiver.take());
        let invites: Vec<_> = attempts.iter().map(|one| one.json()["data"]["invite"]["id"].clone()).collect();
        assert_eq!(invites, [first, first, first, second].map(|id| serde_json::json!(id)));
        assert!(attempts[..3].iter().all(|one| one.header("webhook-id") == attempts[0].header("webhook-id")));
        assert_ne!(attempts[3].header("webhook-id"), attempts[0].header("webhook-id"));
        assert_ne!(attempts[2].header("webhook-timestamp"), attempts[0].header("webhook-timestamp"));
        assert!(attempts.iter().all(|one| is_signed(one, &fixture.secret)));
        assert_eq!(get(&app.ctx, &fixture.owner, fixture.id).await.unwrap().failures, 0);
    }

    async fn a_receiver_can_ask_for_time(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.invite(app).await;
        fixture.receiver.reply([Reply::Answer(429, "retry-after: 3600\r\n", String::new())]);
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take().len(), 1);
        app.advance(Duration::from_secs(3_599));
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take().len(), 0);
        app.advance(Duration::from_secs(1));
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take().len(), 1);
    }

    async fn a_message_is_given_up_after_twelve_attempts_and_the_next_is_sent(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.invite(app).await;
        fixture.invite(app).await;
        fixture.receiver.reply((0..MAX_ATTEMPTS).map(|_| server_error()));
        for _ in 0..MAX_ATTEMPTS {
            fixture.send(app).await;
            fixture.wait(app).await;
        }
        fixture.send(app).await;
        let requests = fixture.receiver.take();
        assert_eq!(requests.len(), MAX_ATTEMPTS as usize + 1);
        let [next, dead] = fixture.deliveries(app).await.try_into().unwrap();
        assert_eq!((dead.status, next.status), (DeliveryStatus::Dead, DeliveryStatus::Delivered));
        assert_eq!((dead.last_status, dead.last_answer.as_deref()), (Some(500), Some("broken\u{FFFD}")));

        let only = |status| DeliveryQuery { status: Some(status), ..DeliveryQuery::default() };
        for status in DeliveryStatus::ALL {
            let listed = deliveries(&app.ctx, &fixture.owner, fixture.id, &only(status)).await.unwrap().items;
            let expected = usize::from(matches!(status, DeliveryStatus::Dead | DeliveryStatus::Delivered));
            assert_eq!(listed.len(), expected, "{status}");
        }
        assert_eq!(failure(retry(&app.ctx, &fixture.owner, next.id).await).code, Code::Invalid);
        let again = retry(&app.ctx, &fixture.owner, dead.id).await.unwrap();
        assert_eq!((again.status, again.attempts), (DeliveryStatus::Pending, 0));
        fixture.send(app).await;
        let again = fixture.receiver.take().remove(0);
        assert_eq!(again.header("webhook-id"), requests[0].header("webhook-id"));
        assert_eq!(fixture.deliveries(app).await[1].status, DeliveryStatus::Delivered);
    }

    async fn a_failed_delivery_is_tried_at_once_when_staff_ask_for_it(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.invite(app).await;
        fixture.receiver.reply([server_error()]);
        fixture.send(app).await;
        let delivery = fixture.deliveries(app).await.remove(0);
        retry(&app.ctx, &fixture.owner, delivery.id).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take().len(), 2);
        assert_eq!(failure(retry(&app.ctx, &fixture.owner, DeliveryId(fixture.id.0)).await).code, Code::NotFound);
    }

    async fn a_webhook_that_is_gone_is_paused_until_staff_resume_it(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        fixture.invite(app).await;
        fixture.receiver.reply([Reply::Answer(410, "", String::new())]);
        fixture.send(app).await;
        let paused = get(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!(paused.paused_at, Some(app.ctx.now()));
        fixture.invite(app).await;
        ping(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        app.advance(Duration::from_hours(1));
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take().len(), 1);
        assert_eq!(fixture.deliveries(app).await[0].next_at, None);
        let resumed = resume(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!(resumed.paused_at, None);
        fixture.send(app).await;
        assert_eq!(fixture.receiver.take_events(), ["invite.created", "ping"], "of the time between it is not told");
    }

    async fn redirects_are_not_followed_and_a_huge_answer_is_cut(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let elsewhere = Receiver::start().await;
        let location: &'static str = Box::leak(format!("location: {}\r\n", elsewhere.url()).into_boxed_str());
        fixture.invite(app).await;
        let huge = "ä".repeat(5_000_000);
        fixture.receiver.reply([Reply::Answer(302, location, String::new()), Reply::Answer(200, "", huge)]);
        fixture.send(app).await;
        let delivery = fixture.deliveries(app).await.remove(0);
        assert_eq!((delivery.status, delivery.last_status), (DeliveryStatus::Retrying, Some(302)));
        fixture.wait(app).await;
        fixture.send(app).await;
        let delivery = fixture.deliveries(app).await.remove(0);
        assert_eq!((delivery.status, delivery.last_answer), (DeliveryStatus::Delivered, Some("ä".repeat(512))));
        assert!(elsewhere.take().is_empty());
        assert_eq!(fixture.receiver.take().len(), 2);
    }

    async fn messages_are_signed_with_the_secret_before_for_a_day(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let second = rotate_secret(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!(second.webhook.secrets.len(), 2);
        assert!(second.secret.starts_with(&second.webhook.secrets[0].hint));
        let signed = async || {
            ping(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
            fixture.send(app).await;
            let request = fixture.receiver.take().remove(0);
            [&fixture.secret, &second.secret].map(|secret| is_signed(&request, secret))
        };
        assert_eq!(signed().await, [true, true]);
        app.advance(Duration::from_hours(24));
        assert_eq!(signed().await, [false, true]);
        let stored = crate::webhooks::secret::Entity::find().all(&app.ctx.db().read).await.unwrap();
        let bytes = BASE64.decode(&second.secret.as_bytes()[6..]).unwrap();
        assert!(stored.iter().all(|row| !row.secret_sealed.windows(8).any(|part| part == &bytes[..8])));
    }

    async fn private_addresses_are_refused_when_they_are_chosen_and_at_every_connection(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let port = fixture.receiver.address.port();
        let by_name = draft(&format!("https://localhost:{port}/hook"), None);
        update(&app.ctx, &fixture.owner, fixture.id, by_name).await.unwrap();
        let options = Options { webhooks_to_private_networks: false, ..app.options.clone() };
        let ctx = Ctx::open_with(options, app.ctx.clock().clone(), Randomness::from_system().unwrap()).await.unwrap();
        let sender = HttpSender;
        for url in ["http://chat.example", "https://127.0.0.1", "https://[::ffff:10.0.0.1]/hook", "https://169.254.169.254"] {
            let refused = create(&ctx, &fixture.owner, draft(url, None).parse().unwrap()).await;
            assert!(failure(refused).field_error("url").is_some(), "{url}");
        }
        ping(&ctx, &fixture.owner, fixture.id).await.unwrap();
        run_once(&ctx, &sender).await;
        let refused = fixture.deliveries(app).await.remove(0);
        let why = refused.last_answer.unwrap();
        assert!(refused.last_status.is_none() && why.contains("private network"), "{why}");
        // An address of before the operator changed what is allowed.
        update(&app.ctx, &fixture.owner, fixture.id, draft(&fixture.receiver.url(), None)).await.unwrap();
        ping(&ctx, &fixture.owner, fixture.id).await.unwrap();
        run_once(&ctx, &sender).await;
        assert!(fixture.deliveries(app).await.iter().all(|delivery| delivery.delivered_at.is_none()));
        assert!(fixture.receiver.take().is_empty());
        ctx.close().await;
    }

    async fn two_processes_never_send_to_one_webhook_at_once(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let clock = app.ctx.clock().clone();
        let other = Ctx::open_with(app.options.clone(), clock, Randomness::from_system().unwrap()).await.unwrap();
        for _ in 0..40 {
            fixture.invite(app).await;
        }
        while fixture.deliveries(app).await.iter().any(|delivery| delivery.delivered_at.is_none()) {
            tokio::join!(run_once(&app.ctx, &fixture.sender), run_once(&other, &fixture.sender));
        }
        let requests = fixture.receiver.take();
        assert_eq!((requests.len(), fixture.receiver.most_at_once()), (40, 1));
        other.close().await;
    }

    async fn a_webhook_is_changed_listed_and_deleted(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let (ctx, owner, id) = (&app.ctx, &fixture.owner, fixture.id);
        let change = serde_json::from_str(r#"{"name":"Wiki","events":["invite.paused"]}"#).unwrap();
        let changed = update(ctx, owner, id, change).await.unwrap();
        assert_eq!(changed.terms.events, Some(vec![EventType::InvitePaused]));
        assert_eq!(get(ctx, owner, id).await.unwrap(), changed);
        assert_eq!(list(ctx, owner, &WebhookQuery::default()).await.unwrap().items, [changed]);
        let invite = fixture.invite(app).await;
        invites::pause(ctx, owner, invite).await.unwrap();
        let first = Paging { limit: Limit::try_from(1).unwrap(), cursor: None };
        invites::resume(ctx, owner, invite).await.unwrap();
        invites::pause(ctx, owner, invite).await.unwrap();
        let query = DeliveryQuery { paging: first, ..DeliveryQuery::default() };
        let page = deliveries(ctx, owner, id, &query).await.unwrap();
        let query = DeliveryQuery { paging: Paging { cursor: page.next_cursor, ..first }, ..DeliveryQuery::default() };
        let rest = deliveries(ctx, owner, id, &query).await.unwrap();
        assert_eq!((page.items.len(), rest.items.len(), rest.next_cursor), (1, 1, None));
        assert_ne!(page.items[0].id, rest.items[0].id);

        delete(ctx, owner, id).await.unwrap();
        assert_eq!(failure(get(ctx, owner, id).await).code, Code::NotFound);
        assert_eq!(failure(delete(ctx, owner, id).await).code, Code::NotFound);
        for table in ["webhooks", "webhook_secrets", "outbox", "outbox_targets WHERE kind <> 'mail'"] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        fixture.invite(app).await;
    }

    async fn only_who_may_manages_webhooks(app: &TestApp) {
        let Fixture { owner, id, .. } = Fixture::new(app).await;
        app.account("lena", Role::User).await;
        app.grant("lena", Permissions::all() - Permission::WebhooksManage - Permission::AdminsManage).await;
        let lena = operator::act_as(&app.ctx, Some("lena")).await.unwrap();
        let (ctx, terms) = (&app.ctx, draft("https://wiki.example", None).parse().unwrap());
        ping(ctx, &owner, id).await.unwrap();
        let delivery = deliveries(ctx, &owner, id, &DeliveryQuery::default()).await.unwrap().items[0].id;
        assert_eq!(failure(list(ctx, &lena, &WebhookQuery::default()).await).code, Code::Forbidden);
        assert_eq!(failure(get(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(create(ctx, &lena, terms).await).code, Code::Forbidden);
        assert_eq!(failure(update(ctx, &lena, id, WebhookDraft::default()).await).code, Code::Forbidden);
        assert_eq!(failure(pause(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(resume(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(rotate_secret(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(ping(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(deliveries(ctx, &lena, id, &DeliveryQuery::default()).await).code, Code::Forbidden);
        assert_eq!(failure(retry(ctx, &lena, delivery).await).code, Code::Forbidden);
        assert_eq!(failure(delete(ctx, &lena, id).await).code, Code::Forbidden);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_kept_when_the_data_key_is_rotated() {
    let app = TestApp::sqlite().await;
    let fixture = Fixture::new(&app).await;
    ping(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
    app.ctx.close().await;
    crate::operations::rotation::rotate(&app.options).await.unwrap();
    let clock = app.ctx.clock().clone();
    let ctx = Ctx::open_with(app.options.clone(), clock, Randomness::from_system().unwrap()).await.unwrap();
    run_once(&ctx, &HttpSender).await;
    assert!(is_signed(&fixture.receiver.take()[0], &fixture.secret));
    ctx.close().await;
}
