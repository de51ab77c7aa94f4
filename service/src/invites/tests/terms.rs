//! The terms of an invite, and invites for admins.

use super::*;

const FOR_AN_ADMIN: &str = r#"{"role":"admin","max_uses":1,"email":"noor@bramble.example","label":"For Noor"}"#;

on_both_databases! {
    async fn every_term_is_kept_and_can_be_changed(app: &TestApp) {
        let owner = app.owner().await;
        let all = r#"{"email":"mateo@postbox.example","email_domains":["postbox.example"],"approval":true,
            "attributes":[{"key":"team","value":"Clay","locked":true}],"welcome_text":"**Hello**","after":"/me",
            "ends":{"of":"account","after_days":30},"existing_members":false,"show_uses_left":false}"#;
        let new = typed(all).parse(app.ctx.now()).unwrap();
        let invite = create(&app.ctx, &owner, new.clone()).await.unwrap();
        assert_eq!(invite.terms, new.terms);
        assert_eq!(get(&app.ctx, &owner, invite.id).await.unwrap(), invite);
        let at = r#"{"ends":{"of":"account","at":"2030-01-01T00:00:00Z"},"expires_at":"2029-12-31T00:00:00Z"}"#;
        let changed = update(&app.ctx, &owner, invite.id, typed(at)).await.unwrap();
        assert_eq!(changed.terms.ends.unwrap().at(), domain::Timestamp::parse("2030-01-01T00:00:00Z"));
        let cleared = r#"{"email":null,"email_domains":null,"approval":null,"attributes":null,"welcome_text":null,
            "after":null,"ends":null,"existing_members":null,"show_uses_left":null,"expires_at":null}"#;
        update(&app.ctx, &owner, invite.id, typed(cleared)).await.unwrap();
        assert_eq!(get(&app.ctx, &owner, invite.id).await.unwrap().terms, Terms::default());
        for wrong in [
            "UPDATE invites SET access_days = 30",
            "UPDATE invites SET access_of = 'groups'",
            "UPDATE invites SET access_of = 'groups', access_days = 1, access_ends_at = 1",
            "UPDATE invites SET role = 'owner'",
        ] {
            assert!(app.ctx.db().write.execute_unprepared(wrong).await.is_err(), "{wrong}");
        }
    }

    async fn only_owners_make_invites_for_admins(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("ada", Role::Admin).await;
        let new = || typed(FOR_AN_ADMIN).parse(START).unwrap();
        assert_eq!(failure(create(&app.ctx, &admin, new()).await).code, Code::Forbidden);
        let plain = app.invite(&admin, InviteDraft::default()).await;
        let raised = update(&app.ctx, &admin, plain.id, typed(FOR_AN_ADMIN)).await;
        assert_eq!(failure(raised).code, Code::Forbidden);

        let guessable = app.invite(&owner, own("SUMMER-2027")).await;
        let raised = failure(update(&app.ctx, &owner, guessable.id, typed(FOR_AN_ADMIN)).await);
        assert!(raised.field_error("role").is_some(), "its code can be guessed");

        let invite = app.invite(&owner, typed(FOR_AN_ADMIN)).await;
        for wrong in ["UPDATE invites SET max_uses = NULL", "UPDATE invites SET email = NULL", "UPDATE invites SET max_uses = 2"] {
            let of_admin = format!("{wrong} WHERE role = 'admin'");
            assert!(app.ctx.db().write.execute_unprepared(&of_admin).await.is_err(), "{wrong}");
        }
        let made = app.sign_up(code(&invite), "noor").await;
        assert!(failure(made).field_error("email").is_some(), "noor@postbox.example is another address");
        let sign_up = domain::signup::SignUpDraft {
            code: code(&invite).to_owned(),
            email: "noor@bramble.example".to_owned(),
            username: "noor".to_owned(),
            password: crate::testing::PASSWORD.to_owned(),
            ..domain::signup::SignUpDraft::default()
        };
        let made = crate::signup::sign_up(&app.ctx, sign_up.parse().unwrap(), None, &Client::default()).await.unwrap();
        assert_eq!(made.account.role, Role::Admin);
    }

    async fn an_invite_for_an_admin_is_out_of_reach_for_everyone_else(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, typed(FOR_AN_ADMIN)).await;
        assert!(invite.code.is_some());
        for (username, role) in [("ada", Role::Admin), ("mo", Role::Moderator)] {
            let actor = app.account(username, role).await;
            assert!(get(&app.ctx, &actor, invite.id).await.unwrap().code.is_none(), "{role} could use it");
            let listed = list(&app.ctx, &actor, &InviteQuery::default()).await.unwrap().items.remove(0);
            assert!(listed.code.is_none() && listed.url.is_none());
            for change in [r#"{"email":"mo@bramble.example"}"#, r#"{"label":"Mine"}"#, r#"{"role":"user"}"#] {
                let refused = update(&app.ctx, &actor, invite.id, typed(change)).await;
                assert_eq!(failure(refused).code, Code::Forbidden, "{role}: {change}");
            }
            // Stopping it is not giving anything.
            pause(&app.ctx, &actor, invite.id).await.unwrap();
            assert_eq!(failure(resume(&app.ctx, &actor, invite.id).await).code, Code::Forbidden);
            resume(&app.ctx, &owner, invite.id).await.unwrap();
        }
        let named = store::references(&app.ctx.db().write, &app.ctx, [invite.id.0]).await.unwrap().remove(&invite.id.0);
        assert!(named.unwrap().code.is_none());
    }
}
