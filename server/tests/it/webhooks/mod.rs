//! `/api/v1/admin/webhooks`, `latchkey webhook`, and what arrives at the other end.

mod certificates;
mod command;
mod crash;
mod receiver;

use serde_json::{Value, json};

use self::receiver::Receiver;
use crate::harness::on_both_databases;

const WEBHOOKS: &str = "/api/v1/admin/webhooks";

fn path(webhook: &Value) -> String {
    format!("{WEBHOOKS}/{}", webhook["id"].as_str().unwrap())
}

on_both_databases! {
    async fn a_webhook_is_created_tested_changed_and_deleted(app: &TestApp) {
        let (key, receiver) = (app.owner_key().await, Receiver::start(false).await);
        app.ctx.start_sending();
        let draft = json!({ "name": " Chat ", "url": receiver.url("chat"), "events": ["invite.created"] });
        let created = app.post(WEBHOOKS).bearer(&key).json(&draft).send().await.expect(201);
        let mut chat = created.json();
        assert_eq!(created.header("location"), Some(path(&chat).as_str()));
        let secret = chat.as_object_mut().unwrap().remove("secret").unwrap();
        assert!(secret.as_str().unwrap().starts_with(chat["secrets"][0]["hint"].as_str().unwrap()));
        let read = app.get(&path(&chat)).bearer(&key).send().await.expect(200);
        assert_eq!(read.json(), chat);
        assert!(!read.text().contains(secret.as_str().unwrap()), "the secret is shown once");

        app.post(&format!("{}/ping", path(&chat))).bearer(&key).send().await.expect(204);
        app.invite(&key, &json!({ "label": "Course" })).await;
        receiver.until(2).await;
        let arrived = receiver.arrived("chat");
        let types: Vec<_> = arrived.iter().map(|one| one.body["type"].clone()).collect();
        assert_eq!(types, [json!("ping"), json!("invite.created")]);
        assert_eq!(arrived[0].body["data"], json!({ "webhook": chat["id"] }));
        let deliveries = async |query: &str| {
            let path = format!("{}/deliveries?{query}", path(&chat));
            app.get(&path).bearer(&key).send().await.expect(200).json()["items"].as_array().unwrap().clone()
        };
        // What was answered is recorded a moment later.
        while deliveries("status=delivered").await.len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let newest = deliveries("limit=1").await.remove(0);
        assert_eq!((&newest["event"], &newest["last_status"], &newest["attempts"]), (&json!("invite.created"), &json!(204), &json!(1)));
        assert_eq!(arrived[1].id, format!("msg_{}", newest["id"].as_str().unwrap().replace('-', "")));
        let retry = format!("/api/v1/admin/webhook-deliveries/{}/retry", newest["id"].as_str().unwrap());
        app.post(&retry).bearer(&key).send().await.problem(422, "invalid");
        app.get(&format!("{}/deliveries?status=lost", path(&chat))).bearer(&key).send().await.invalid(&["status"]);

        app.post(WEBHOOKS).bearer(&key).json(&json!({ "url": "chat", "events": [] })).send().await
            .invalid(&["name", "url", "events"]);
        let changed = app.patch(&path(&chat)).bearer(&key).json(&json!({ "events": null })).send().await.expect(200).json();
        assert_eq!(changed["events"], json!(null));
        let rotated = app.post(&format!("{}/secret", path(&chat))).bearer(&key).send().await.expect(200).json();
        assert_eq!((rotated["secrets"].as_array().unwrap().len(), rotated["secret"] == secret), (2, false));
        let paused = app.post(&format!("{}/pause", path(&chat))).bearer(&key).send().await.expect(200).json();
        assert!(paused["paused_at"].is_string());
        app.post(&format!("{}/resume", path(&chat))).bearer(&key).send().await.expect(200);
        let listed = app.get(WEBHOOKS).bearer(&key).send().await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        app.delete(&path(&chat)).bearer(&key).send().await.expect(204);
        app.delete(&path(&chat)).bearer(&key).send().await.problem(404, "not_found");
    }
}
