//! What applications are told when a session ends.

use domain::applications::ApplicationTerms;
use domain::{Code, Timestamp};

use super::super::backchannel::{LOGOUT_TOKEN, LogoutSender, tell_of_lost_access};
use super::*;
use crate::outbox::run_once;
use crate::webhooks::tests::receiver::{Receiver, Reply};
use crate::{Via, groups, me};

/// An application that is told of logout, and what it is told.
struct Told {
    chat: Chat,
    receiver: Receiver,
}

impl Told {
    async fn create(app: &TestApp, owner: &Actor, more: &str) -> Self {
        let receiver = Receiver::start().await;
        let more = format!(r#","backchannel_logout_uri":"{}"{more}"#, receiver.url());
        Self { chat: Chat::create(app, owner, &more).await, receiver }
    }

    /// Signs a member in to the application. Returns `sub` and `sid` of the ID token.
    async fn open(&self, app: &TestApp, signed: &Signed) -> (Value, Value) {
        let code = self.chat.code(app, signed).await;
        let claims = verified(app, &self.chat.exchange(app, &code).await.unwrap().id_token).await;
        (claims["sub"].clone(), claims["sid"].clone())
    }

    /// The sessions that it was told of since the last call, by `sub` and `sid`.
    async fn told(&self, app: &TestApp) -> Vec<(Value, Value)> {
        run_once(&app.ctx, &LogoutSender).await;
        let mut told = Vec::new();
        for request in self.receiver.take() {
            assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
            let token = request.body.strip_prefix("logout_token=").unwrap();
            let claims = keys::verify_type(&app.ctx, LOGOUT_TOKEN, token).await.unwrap().expect("a signature of ours");
            told.push((claims["sub"].clone(), claims["sid"].clone()));
        }
        told
    }
}

on_both_databases! {
    async fn whatever_ends_a_session_is_told_to_those_who_know_it(app: &TestApp) {
        let owner = app.owner().await;
        let (told, other) = (Told::create(app, &owner, "").await, Told::create(app, &owner, r#","subject":"pairwise""#).await);
        app.account("mateo", Role::User).await;
        let [first, second] = [app.sign_in("mateo").await, app.sign_in("mateo").await];
        let (of_first, of_second) = (told.open(app, &first).await, told.open(app, &second).await);
        assert_ne!(of_first.1, of_second.1);
        let at_other = other.open(app, &first).await;
        assert!(at_other.0 != of_first.0 && at_other.1 != of_first.1, "each knows another name of it");
        assert!(told.told(app).await.is_empty());

        sessions::sign_out(&app.ctx, &first.actor).await.unwrap();
        assert_eq!(told.told(app).await, [of_first]);
        assert_eq!(other.told(app).await, [at_other]);
        assert!(told.told(app).await.is_empty(), "once");

        let Via::Session(id) = second.actor.via else { panic!() };
        let third = app.sign_in("mateo").await;
        sessions::revoke(&app.ctx, &third.actor, id).await.unwrap();
        assert_eq!(told.told(app).await, [of_second]);

        let of_third = told.open(app, &third).await;
        let fourth = app.sign_in("mateo").await;
        sessions::revoke_others(&app.ctx, &fourth.actor).await.unwrap();
        assert_eq!(told.told(app).await, [of_third]);

        let of_fourth = told.open(app, &fourth).await;
        members::suspend(&app.ctx, &owner, fourth.account.id).await.unwrap();
        assert_eq!(told.told(app).await, [of_fourth]);

        members::restore(&app.ctx, &owner, fourth.account.id).await.unwrap();
        let fifth = app.sign_in("mateo").await;
        let of_fifth = told.open(app, &fifth).await;
        members::delete(&app.ctx, &owner, fifth.account.id).await.unwrap();
        assert_eq!(told.told(app).await, [of_fifth], "also of an account that is gone");
        assert_eq!(app.number("SELECT COUNT(*) FROM oidc_sessions").await, 0);
    }

    async fn an_application_that_signs_a_member_out_may_answer_that_it_knows_of_no_session(app: &TestApp) {
        let owner = app.owner().await;
        let (asks, other) = (Told::create(app, &owner, "").await, Told::create(app, &owner, "").await);
        let none = || Reply::Answer(400, "", r#"{"error":"invalid SID, SUB or ISS"}"#.to_owned());
        let waiting = async || app.number("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL").await;
        let signed = app.sign_in("ngozi").await;
        let code = asks.chat.code(app, &signed).await;
        let hint = Some(asks.chat.exchange(app, &code).await.unwrap().id_token);
        let at_other = other.open(app, &signed).await;
        let logout = Logout { id_token_hint: hint, ..Logout::default() };
        asks.receiver.reply([none()]);
        assert_eq!(end_session(&app.ctx, Some(&signed), &logout, false).await.unwrap(), AfterLogout::Done(None));
        assert_eq!(asks.told(app).await.len(), 1, "it may rely on being told");
        assert_eq!(other.told(app).await, [at_other]);
        assert_eq!(waiting().await, 0);

        // Of a session that it did not end, the same answer is a failure.
        let elsewhere = app.sign_in("ngozi").await;
        asks.open(app, &elsewhere).await;
        asks.receiver.reply([none()]);
        assert_eq!(end_session(&app.ctx, Some(&elsewhere), &logout, true).await.unwrap(), AfterLogout::Done(None));
        assert_eq!(asks.told(app).await.len(), 1);
        assert_eq!(waiting().await, 1);
    }

    async fn a_changed_password_and_a_session_that_ends_by_time_are_told(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let [first, second] = [app.sign_in("mateo").await, app.sign_in("mateo").await];
        let (of_first, of_second) = (told.open(app, &first).await, told.open(app, &second).await);
        let change = domain::accounts::PasswordChange {
            current: crate::testing::PASSWORD.into(),
            new: "four unrelated new words".into(),
            revoke_keys: false,
        };
        me::change_password(&app.ctx, &second.actor, &change).await.unwrap();
        assert_eq!(told.told(app).await, [of_first], "the session in which it was changed goes on");
        app.advance(sessions::IDLE_LIFETIME);
        sessions::purge_expired(&app.ctx).await.unwrap();
        assert_eq!(told.told(app).await, [of_second]);
    }

    async fn who_may_not_enter_any_more_is_told_of_although_the_session_goes_on(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        app.account("lena", Role::User).await;
        let potters = app.group(&owner, "Potters", &["mateo", "lena"]).await;
        let admit = |groups: String| serde_json::from_str(&format!(r#"{{"groups":{groups}}}"#)).unwrap();
        let id = told.chat.application.id;
        applications::update(&app.ctx, &owner, id, admit(format!(r#"["{potters}"]"#))).await.unwrap();
        let (mateo, lena) = (app.sign_in("mateo").await, app.sign_in("lena").await);
        let (of_mateo, of_lena) = (told.open(app, &mateo).await, told.open(app, &lena).await);
        tell_of_lost_access(&app.ctx).await.unwrap();
        assert!(told.told(app).await.is_empty());

        let until = app.ctx.now().plus(Duration::from_mins(5)).as_micros();
        app.execute(&format!("UPDATE memberships SET ends_at = {until} WHERE account_id = (SELECT id FROM accounts WHERE username = 'mateo')")).await;
        tell_of_lost_access(&app.ctx).await.unwrap();
        assert!(told.told(app).await.is_empty(), "it has not ended");
        app.advance(Duration::from_mins(5));
        tell_of_lost_access(&app.ctx).await.unwrap();
        assert_eq!(told.told(app).await, [of_mateo]);
        groups::delete(&app.ctx, &owner, potters).await.unwrap();
        tell_of_lost_access(&app.ctx).await.unwrap();
        assert_eq!(told.told(app).await, [of_lena]);
        assert!(sessions::store::began_at(&app.ctx.db().read, session_of(&lena)).await.unwrap().is_some());
    }

    async fn a_logout_token_is_made_when_it_is_sent_and_is_nothing_else(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, r#","signing":"ES256""#).await;
        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        told.open(app, &mateo).await;
        sessions::sign_out(&app.ctx, &mateo.actor).await.unwrap();
        told.receiver.reply([Reply::Answer(503, "", "later".to_owned()), Reply::Answer(204, "", String::new())]);
        run_once(&app.ctx, &LogoutSender).await;
        app.advance(Duration::from_hours(1));
        run_once(&app.ctx, &LogoutSender).await;
        let requests = told.receiver.take();
        let mut tokens = Vec::new();
        for request in &requests {
            tokens.push(request.body.strip_prefix("logout_token=").unwrap().to_owned());
        }
        assert_eq!(tokens.len(), 2);
        let mut ids = Vec::new();
        for token in &tokens {
            let claims = keys::verify_type(&app.ctx, LOGOUT_TOKEN, token).await.unwrap().unwrap();
            ids.push(claims["jti"].clone());
            assert_eq!((&claims["iss"], &claims["aud"]), (&"https://bramble.example".into(), &told.chat.application.id.to_string().into()));
            assert_eq!(claims["events"], serde_json::json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
            assert!(!claims.contains_key("nonce"));
            let sent_at = Timestamp::from_micros(claims["iat"].as_i64().unwrap() * 1_000_000);
            assert!(sent_at >= crate::testing::START);
            // It is no ID token: as a hint it says nothing.
            assert_eq!(keys::verify(&app.ctx, token).await.unwrap(), None);
        }
        assert_ne!(ids[0], ids[1]);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL").await, 0);
    }

    async fn an_application_without_an_address_is_told_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        told.open(app, &mateo).await;
        let change = |json: &str| serde_json::from_str(json).unwrap();
        let id = told.chat.application.id;
        let silent = applications::update(&app.ctx, &owner, id, change(r#"{"oidc":{"backchannel_logout_uri":null}}"#)).await.unwrap();
        assert_eq!(silent.application.terms.oidc.unwrap().backchannel_logout_uri, None);
        sessions::sign_out(&app.ctx, &mateo.actor).await.unwrap();
        assert!(told.told(app).await.is_empty());
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox_targets WHERE kind <> 'mail'").await, 0);
        let again = format!(r#"{{"oidc":{{"backchannel_logout_uri":"{}"}}}}"#, told.receiver.url());
        applications::update(&app.ctx, &owner, id, change(&again)).await.unwrap();
        let mateo = app.sign_in("mateo").await;
        let known = told.open(app, &mateo).await;
        sessions::sign_out(&app.ctx, &mateo.actor).await.unwrap();
        assert_eq!(told.told(app).await, [known]);
        // What waits for an application that is deleted goes with it.
        let mateo = app.sign_in("mateo").await;
        told.open(app, &mateo).await;
        sessions::sign_out(&app.ctx, &mateo.actor).await.unwrap();
        applications::delete(&app.ctx, &owner, id).await.unwrap();
        for table in ["outbox", "outbox_targets WHERE kind <> 'mail'", "oidc_sessions"] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
    }

    async fn nothing_is_sent_to_private_networks(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let mateo = app.sign_in("mateo").await;
        told.open(app, &mateo).await;
        sessions::sign_out(&app.ctx, &mateo.actor).await.unwrap();
        let options = crate::Options { webhooks_to_private_networks: false, ..app.options.clone() };
        let ctx = Ctx::open_with(options, app.ctx.clock().clone(), crate::Randomness::from_system().unwrap()).await.unwrap();
        run_once(&ctx, &LogoutSender).await;
        assert!(told.receiver.take().is_empty());
        for uri in ["https://127.0.0.1/out", "http://chat.example/out", "https://[::ffff:10.0.0.1]/out"] {
            let draft = format!(r#"{{"name":"Wiki","oidc":{{"redirect_uris":["{REDIRECT}"],"backchannel_logout_uri":"{uri}"}}}}"#);
            let terms: ApplicationTerms = serde_json::from_str::<ApplicationDraft>(&draft).unwrap().parse().unwrap();
            let refused = crate::testing::failure(applications::create(&ctx, &owner, terms).await);
            assert_eq!(refused.code, Code::Invalid);
            assert!(refused.field_error("oidc.backchannel_logout_uri").is_some(), "{uri}");
        }
        ctx.close().await;
    }

    async fn many_sign_outs_at_once_are_each_told_once(app: &TestApp) {
        let owner = app.owner().await;
        let told = Told::create(app, &owner, "").await;
        app.account("mateo", Role::User).await;
        let mut known = Vec::new();
        let mut signed = Vec::new();
        for _ in 0..6 {
            let one = app.sign_in("mateo").await;
            known.push(told.open(app, &one).await.1.to_string());
            signed.push(one);
        }
        // Each by its own member, and all by another one.
        let others = app.sign_in("mateo").await;
        let own = join_all(signed.iter().map(|one| sessions::sign_out(&app.ctx, &one.actor)));
        let (_, all) = tokio::join!(own, sessions::revoke_others(&app.ctx, &others.actor));
        all.unwrap();
        let mut sids: Vec<_> = told.told(app).await.into_iter().map(|(_, sid)| sid.to_string()).collect();
        sids.sort();
        known.sort();
        assert_eq!(sids, known);
    }
}

fn session_of(signed: &Signed) -> domain::ids::SessionId {
    let Via::Session(session) = signed.actor.via else { panic!("it is a session") };
    session
}
