//! A failed sign-up does not use the invite.

use serde_json::json;

use crate::harness::database::WRONG_COUNTERS;
use crate::harness::people::sign_up;
use crate::harness::{Answer, on_both_databases};

on_both_databases! {
    async fn a_taken_email_or_a_weak_password_does_not_use_the_invite(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 1 })).await;
        let with = |field: &str, value: &str| {
            let mut body = sign_up(&invite["code"], "mateo");
            body[field] = json!(value);
            body
        };
        for _ in 0..3 {
            app.sign_up(&with("email", "INES@example.org")).await.problem(409, "email_taken");
            app.sign_up(&with("username", "Ines")).await.problem(409, "username_taken");
            app.sign_up(&with("password", "password1234")).await.invalid(&["password"]);
            app.sign_up(&with("password", "short")).await.invalid(&["password"]);
        }
        assert_eq!((app.database.used().await, app.database.rows("accounts").await), (0, 1));
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        assert_eq!(app.database.used().await, 1);
    }
}

on_both_databases! {
    async fn a_failure_at_the_end_rolls_everything_back(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 1 })).await;
        app.database.execute_either(
            "CREATE TRIGGER refuse BEFORE INSERT ON redemptions BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON redemptions FOR EACH ROW EXECUTE FUNCTION refuse()",
        ).await;
        let send = || {
            let call = app.post("/api/v1/signup").json(&sign_up(&invite["code"], "mateo"));
            call.header("idempotency-key", "the same attempt").send()
        };
        let audited = app.database.rows("audit_log").await;
        for _ in 0..3 {
            let answer: Answer = send().await;
            answer.problem(500, "internal");
            assert!(!answer.text().contains("refused by the test"));
        }
        for (table, rows) in [("accounts", 1), ("redemptions", 0), ("attempts", 0), ("audit_log", audited)] {
            assert_eq!(app.database.rows(table).await, rows, "{table}");
        }
        assert_eq!((app.database.used().await, app.database.number(WRONG_COUNTERS).await), (0, 0));

        app.database.execute_either("DROP TRIGGER refuse", "DROP TRIGGER refuse ON redemptions").await;
        send().await.expect(201);
        assert_eq!((app.database.used().await, app.database.rows("redemptions").await), (1, 1));
        assert_eq!(app.database.number(WRONG_COUNTERS).await, 0);
    }
}

on_both_databases! {
    async fn database_constraints_refuse_invalid_changes(app: &TestApp) {
        let key = app.owner_key().await;
        let invite = app.invite(&key, &json!({ "max_uses": 1 })).await;
        app.sign_up(&sign_up(&invite["code"], "mateo")).await.expect(201);
        for (statement, why) in [
            ("UPDATE invites SET used = used + 1", "more uses than the maximum"),
            ("UPDATE invites SET used = -1", "negative uses"),
            ("UPDATE invites SET max_uses = 0", "a maximum of zero"),
            ("INSERT INTO redemptions SELECT invite_id, invite_id, account_id, 'new', 1 FROM redemptions", "two redemptions by one account"),
            ("DELETE FROM invites", "a redemption refers to it"),
        ] {
            assert!(app.database.refuses(statement).await, "{why}: {statement}");
        }
        assert_eq!(app.database.used().await, 1);
    }
}
