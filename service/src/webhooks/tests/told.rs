//! What webhooks are told of what happens.

use domain::Timestamp;
use domain::groups::{GroupDraft, MembersDraft};
use domain::webhooks::payload::Payload;
use serde_json::{Value, json};

use super::*;
use crate::platform::tx;
use crate::testing::code;
use crate::{approvals, endings, groups, members};

/// What is written to be sent, oldest first.
async fn told(app: &TestApp) -> Vec<Payload> {
    let rows = crate::outbox::entity::Entity::find().all(&app.ctx.db().read).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|row| (row.seq, row.payload)).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, payload)| serde_json::from_str(&payload).unwrap()).collect()
}

async fn told_events(app: &TestApp) -> Vec<String> {
    told(app).await.into_iter().map(|payload| payload.event.to_string()).collect()
}

async fn forget(app: &TestApp) {
    app.execute("DELETE FROM outbox").await;
}

fn json_of(payload: &Payload) -> Value {
    serde_json::to_value(payload).unwrap()
}

on_both_databases! {
    async fn a_sign_up_that_takes_the_last_use_is_told_whole(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let group: GroupDraft = serde_json::from_str(r#"{"name":"Potters"}"#).unwrap();
        let group = groups::create(&app.ctx, &fixture.owner, group.parse().unwrap()).await.unwrap();
        let draft = json!({ "label": "Course", "max_uses": 1, "groups": [group.id], "code": "a-code-of-mine" });
        let invite = app.invite(&fixture.owner, serde_json::from_value(draft).unwrap()).await;
        assert_eq!(told_events(app).await, ["group.created", "invite.created"]);
        forget(app).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        let told = told(app).await;
        let now = app.ctx.now();
        let account = json!({ "id": mateo.id, "username": "mateo", "name": null, "email": "mateo@postbox.example",
            "email_verified": false, "role": "user", "status": "active" });
        let potters = json!({ "id": group.id, "name": "Potters" });
        let used = json!({ "id": invite.id, "label": "Course", "role": "user", "groups": [potters], "used": 1, "max_uses": 1,
            "expires_at": null, "created_by": fixture.owner.id() });
        let body = |event: &str, data: Value| json!({ "type": event, "timestamp": now, "version": 1, "data": data });
        let expected = [
            body("account.created", json!({ "account": account, "invite": { "id": invite.id, "label": "Course" } })),
            body("invite.redeemed", json!({ "kind": "new", "invite": used, "account": account })),
            body("invite.used_up", json!({ "invite": used })),
            body("group.member_added", json!({ "group": potters, "account": account, "is_manager": false })),
        ];
        assert_eq!(told.iter().map(json_of).collect::<Vec<_>>(), expected);
        let everything = serde_json::to_string(&told).unwrap();
        assert!(!everything.contains(code(&invite)) && !everything.contains(crate::testing::PASSWORD));
    }

    async fn what_staff_do_to_accounts_and_groups_is_told(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let (ctx, owner) = (&app.ctx, &fixture.owner);
        let invite = app.invite(owner, serde_json::from_value(json!({ "approval": true })).unwrap()).await;
        forget(app).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        approvals::decide(ctx, owner, mateo, domain::approvals::Decision::Approve, None).await.unwrap();
        members::suspend(ctx, owner, mateo).await.unwrap();
        members::restore(ctx, owner, mateo).await.unwrap();
        let draft = serde_json::from_str(r#"{"name":"Mateo Quispe","role":"moderator"}"#).unwrap();
        members::update(ctx, owner, mateo, draft).await.unwrap();
        let group: GroupDraft = serde_json::from_str(r#"{"name":"Potters"}"#).unwrap();
        let group = groups::create(ctx, owner, group.parse().unwrap()).await.unwrap().id;
        let mateo_alone = || MembersDraft { accounts: vec!["mateo".to_owned()], ..MembersDraft::default() };
        groups::add_members(ctx, owner, group, mateo_alone()).await.unwrap();
        groups::remove_members(ctx, owner, group, mateo_alone()).await.unwrap();
        groups::delete(ctx, owner, group).await.unwrap();
        members::delete(ctx, owner, mateo).await.unwrap();
        let told = told(app).await;
        let events: Vec<_> = told.iter().map(|payload| payload.event.as_str()).collect();
        assert_eq!(events, [
            "account.created", "invite.redeemed", "account.approved", "account.suspended", "account.restored",
            "account.updated", "account.updated", "group.created", "group.member_added", "group.member_removed",
            "group.deleted", "account.deleted",
        ]);
        let status = |at: usize| json_of(&told[at])["data"]["account"]["status"].clone();
        assert_eq!([0, 2, 3, 4].map(status), ["pending", "active", "suspended", "active"].map(Value::from));
        let mut changed: Vec<_> = [5, 6].map(|at: usize| json_of(&told[at])["data"]["changed"].to_string()).into();
        changed.sort();
        assert_eq!(changed, [r#"["name"]"#, r#"["role"]"#]);
        for at in [5, 6] {
            let account = json_of(&told[at])["data"]["account"].clone();
            assert_eq!((&account["name"], &account["role"]), (&json!("Mateo Quispe"), &json!("moderator")), "the new data");
        }
        assert_eq!(json_of(&told[11])["data"], json!({ "account": { "id": mateo } }));
        assert_eq!(json_of(&told[10])["data"], json!({ "group": { "id": group, "name": null } }));
    }

    async fn the_end_of_an_invite_is_told_once_and_again_when_it_was_moved(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let draft = || serde_json::from_str::<InviteDraft>(r#"{"expires_in_hours":1}"#).unwrap();
        let invite = app.invite(&fixture.owner, draft()).await.id;
        forget(app).await;
        endings::end_due(&app.ctx).await.unwrap();
        assert!(told(app).await.is_empty());
        app.advance(Duration::from_hours(1));
        let clock = app.ctx.clock().clone();
        let other = Ctx::open_with(app.options.clone(), clock, Randomness::from_system().unwrap()).await.unwrap();
        for _ in 0..2 {
            let (one, two) = tokio::join!(endings::end_due(&app.ctx), endings::end_due(&other));
            one.and(two).unwrap();
        }
        assert_eq!(told_events(app).await, ["invite.expired"]);
        let until = |at: Timestamp| serde_json::from_value(json!({ "expires_at": at })).unwrap();
        invites::update(&app.ctx, &fixture.owner, invite, until(app.ctx.now().plus(Duration::from_hours(2)))).await.unwrap();
        forget(app).await;
        app.advance(Duration::from_hours(2));
        endings::end_due(&app.ctx).await.unwrap();
        endings::end_due(&app.ctx).await.unwrap();
        assert_eq!(told_events(app).await, ["invite.expired"]);
        other.close().await;
    }

    async fn what_is_rolled_back_is_not_told(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let invite = fixture.invite(app).await;
        forget(app).await;
        let tx = tx::begin(&app.ctx).await.unwrap();
        let event = Event::InvitePaused { invite };
        audit::record(&tx, &app.ctx, app.ctx.now(), Originator::System, &event).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(told(app).await.is_empty());
    }

    async fn each_webhook_is_told_what_it_chose(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let other = create(&app.ctx, &fixture.owner, draft("http://127.0.0.1:1", Some(&["invite.paused"])).parse().unwrap());
        let other = other.await.unwrap().webhook.id;
        let paused = create(&app.ctx, &fixture.owner, draft("http://127.0.0.1:1", None).parse().unwrap()).await.unwrap().webhook.id;
        pause(&app.ctx, &fixture.owner, paused).await.unwrap();
        let invite = fixture.invite(app).await;
        invites::pause(&app.ctx, &fixture.owner, invite).await.unwrap();
        let events = async |id| {
            let page = deliveries(&app.ctx, &fixture.owner, id, &DeliveryQuery::default()).await.unwrap();
            page.items.into_iter().map(|delivery| delivery.event.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(events(fixture.id).await, ["invite.paused", "invite.created"]);
        assert_eq!(events(other).await, ["invite.paused"]);
        assert!(events(paused).await.is_empty());
    }

    async fn what_was_told_of_a_deleted_account_is_deleted_apart_from_what_waits(app: &TestApp) {
        let fixture = Fixture::new(app).await;
        let invite = app.invite(&fixture.owner, InviteDraft::default()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account.id;
        let una = app.sign_up(code(&invite), "una").await.unwrap().account.id;
        fixture.send(app).await;
        members::suspend(&app.ctx, &fixture.owner, mateo).await.unwrap();
        members::delete(&app.ctx, &fixture.owner, mateo).await.unwrap();
        let of = |told: Vec<Payload>, id: domain::ids::AccountId| {
            let about = |payload: &Payload| json_of(payload)["data"]["account"]["id"] == json!(id);
            told.into_iter().filter(about).map(|payload| payload.event.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of(told(app).await, mateo), ["account.suspended", "account.deleted"]);
        assert_eq!(of(told(app).await, una), ["account.created", "invite.redeemed"]);
    }
}
