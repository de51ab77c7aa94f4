use domain::invites::InviteStatus;
use domain::redemptions::RedemptionQuery;
use domain::text::KeyName;
use sea_orm::EntityTrait;

use super::*;
use crate::{groups, keys};

on_both_databases! {
    async fn a_deleted_account_is_gone_and_the_ledger_keeps_its_id(app: &TestApp) {
        let owner = app.owner().await;
        let group = groups::create(&app.ctx, &owner, group("Potters")).await.unwrap();
        let draft = InviteDraft { groups: Patch::Set(vec![group.id.to_string()]), ..InviteDraft::default() };
        let invite = app.invite(&owner, draft).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await.unwrap();
        let key = operator::create_key(&app.ctx, "mateo", KeyName::parse("k").unwrap(), KeyScope::Full, None).await.unwrap();
        let total = || async { crate::overview::get(&app.ctx, &owner).await.unwrap().accounts };
        let before = total().await;

        delete(&app.ctx, &owner, mateo.id).await.unwrap();

        assert_eq!(failure(get(&app.ctx, &owner, mateo.id).await).code, Code::NotFound);
        assert_eq!(failure(delete(&app.ctx, &owner, mateo.id).await).code, Code::NotFound, "only once");
        assert_eq!(failure(restore(&app.ctx, &owner, mateo.id).await).code, Code::NotFound);
        assert_eq!(total().await, before - 1);
        let all = list(&app.ctx, &owner, &AccountQuery::default()).await.unwrap().items;
        assert!(all.iter().all(|row| row.account.id != mateo.id));
        assert_eq!(counts(&app.ctx, &owner).await.unwrap().all.counted, 1);
        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None);
        assert_eq!(failure(keys::resolve(&app.ctx, &key.secret, &client).await).code, Code::Unauthenticated);
        for login in ["mateo", "mateo@postbox.example", &mateo.id.to_string(), ""] {
            let refused = failure(sessions::sign_in(&app.ctx, &sign_in(login, PASSWORD), &client).await);
            assert_eq!(refused.code, Code::SignInFailed, "{login:?}");
        }
        assert_eq!(groups::get(&app.ctx, &owner, group.id).await.unwrap().members.counted, 0);

        let ledger = crate::redemptions::list(&app.ctx, &owner, &RedemptionQuery::default()).await.unwrap().items;
        assert_eq!((ledger.len(), ledger[0].account.id), (1, mateo.id));
        assert_eq!(ledger[0].account.display_name(), domain::accounts::DELETED_MEMBER);
        assert_eq!(invites::get(&app.ctx, &owner, invite.id).await.unwrap().used, 1, "the use is not given back");
        // The names are free again.
        app.sign_up(code(&invite), "mateo").await.unwrap();
        app.assert_uses_match_redemptions().await;
    }

    async fn nothing_of_a_deleted_account_is_left_in_the_tables(app: &TestApp) {
        let owner = app.owner().await;
        let client = Client { ip: Some("203.0.113.77".parse().unwrap()), user_agent: Some("Firefox".into()) };
        let locked = r#"{"email":"mateo@postbox.example","max_uses":2,"welcome_text":"Hello Mateo",
            "attributes":[{"key":"team","value":"Mateos","locked":true}]}"#;
        let invite = app.invite(&owner, serde_json::from_str(locked).unwrap()).await;
        let sign_up = crate::testing::sign_up(code(&invite), "mateo");
        let key = Some(domain::signup::AttemptKey::parse("5f2c0f6e-attempt").unwrap());
        let mateo = crate::signup::sign_up(&app.ctx, sign_up, key, &client).await.unwrap().account;
        sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await.unwrap();
        let actor = Actor { client: client.clone(), ..operator::act_as(&app.ctx, Some("mateo")).await.unwrap() };
        me::rename(&app.ctx, &actor, Some(domain::text::DisplayName::parse("Mateo Quispe").unwrap())).await.unwrap();

        app.execute("UPDATE accounts SET picture = 1 WHERE username = 'mateo'").await;
        app.execute("INSERT INTO pictures (owner_id, bytes, created_at) SELECT id, 'x', 1 FROM accounts WHERE username = 'mateo'".replace("'x'", if app.ctx.db().is_postgres() { "'x'::bytea" } else { "x'00'" }).as_str()).await;

        app.execute("INSERT INTO directory_accounts (account_id, external_id, user_name, user_name_folded) SELECT id, 'mateo-1', 'mateo@corp', 'mateo@corp' FROM accounts WHERE username = 'mateo'").await;

        let over = app.invite(&owner, InviteDraft { label: Patch::Set("Over".into()), ..InviteDraft::default() }).await;
        invites::pause(&app.ctx, &owner, over.id).await.unwrap();
        let asks = domain::requests::InviteRequestDraft { email: "Mateo@postbox.example".into(), note: "It is me, Mateo".into() };
        crate::requests::ask_and_wait(&app.ctx, &client, code(&over), asks.parse().unwrap()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM invite_requests").await, 1);
        let other = app.invite(&owner, InviteDraft::default()).await;

        crate::mail::configure(&app.ctx, &owner, crate::mail::tests::server::MailServer::start().await.draft()).await.unwrap();
        let of_mateo = "email,name,username,team\nMATEO@postbox.example,Mateo Q,mateo,Mateos\n";
        let to_all = domain::invitations::InvitationsDraft {
            invite: Some(other.id),
            text: "Mateo <mateo@postbox.example>".into(),
            ..domain::invitations::InvitationsDraft::new(domain::ids::MailingId(uuid::Uuid::from_u128(1)), domain::invitations::MailingMode::OneLink)
        };
        crate::invitations::send(&app.ctx, &owner, to_all).await.unwrap();
        // Sent before there was the account, and made by hand, because the worker does not run here.
        app.execute(&format!("UPDATE invitations SET name = 'Mateo', attributes = '{}'", of_mateo.replace('\n', " "))).await;

        app.execute("INSERT INTO outbox (id, target_id, account_id, event, payload, created_at) SELECT id, (SELECT id FROM outbox_targets WHERE kind = 'mail'), id, 'test', 'to mateo@postbox.example', 1 FROM accounts WHERE username = 'mateo'").await;

        app.execute("INSERT INTO activations (account_id, email_folded, created_at) SELECT id, 'mateo@new.example', 1 FROM accounts WHERE username = 'mateo'").await;
        app.execute("INSERT INTO email_changes (account_id, email, email_folded, created_at, expires_at) SELECT id, 'mateo@new.example', 'mateo@new.example', 1, 2 FROM accounts WHERE username = 'mateo'").await;

        delete(&app.ctx, &owner, mateo.id).await.unwrap();

        let row = crate::accounts::entity::Entity::find_by_id(mateo.id.0).one(&app.ctx.db().read).await.unwrap().unwrap();
        let texts = [row.email, row.username, row.password_hash, row.name_sort, row.words.unwrap(), row.name.unwrap_or_default()];
        assert_eq!(texts.concat(), "");
        for (table, condition) in [
            ("sessions", ""), ("known_browsers", ""), ("api_keys", ""), ("attempts", ""), ("memberships", ""), ("join_requests", ""), ("invite_requests", ""), ("invitations", ""), ("pictures", ""), ("directory_accounts", ""), ("activations", ""), ("email_changes", ""),
            ("account_attributes", ""), ("invites", "WHERE email LIKE '%mateo%' OR attributes LIKE '%ateo%' OR person LIKE '%ateo%' OR welcome_text LIKE '%ateo%'"),
            ("outbox", "WHERE payload LIKE '%mateo%'"),
            ("account_words", "WHERE word LIKE '%mateo%' OR word LIKE '%quispe%'"),
            ("audit_log", "WHERE client_ip LIKE '%203.0.113.77%' OR detail LIKE '%ateo%'"),
        ] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table} {condition}")).await, 0, "{table}");
        }
        let invite = crate::invites::get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!((invite.status, invite.used), (InviteStatus::Paused, 1), "nobody else uses the invite of one person");
    }

    async fn invites_of_a_deleted_author_are_paused_and_cannot_be_resumed(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let invite = app.invite(&admin, InviteDraft::default()).await;
        delete(&app.ctx, &owner, admin.id()).await.unwrap();
        let found = invites::get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!((found.status, found.created_by.is_deleted()), (InviteStatus::Paused, true));
        assert_eq!(failure(invites::resume(&app.ctx, &owner, invite.id).await).code, Code::Forbidden);
        let lookup = invites::lookup(&app.ctx, code(&invite), &Client::default()).await.unwrap();
        let domain::signup::Lookup::Unavailable { invited_by, .. } = lookup else { panic!("{lookup:?}") };
        assert_eq!(invited_by, domain::accounts::DELETED_MEMBER);
    }

    async fn only_accounts_below_are_deleted_and_nobody_deletes_themselves(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let peer = app.account("sunniva", Role::Admin).await;
        let user = app.account("una", Role::User).await;
        for (actor, target) in [(&owner, &owner), (&admin, &owner), (&admin, &peer), (&admin, &admin), (&user, &user), (&user, &admin)] {
            assert_eq!(failure(delete(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
        }
        delete(&app.ctx, &admin, user.id()).await.unwrap();
    }

    async fn who_is_deleted_while_they_are_added_to_a_group_is_in_none(app: &TestApp) {
        let owner = app.owner().await;
        let group = groups::create(&app.ctx, &owner, group("Potters")).await.unwrap();
        let mut people = Vec::new();
        for number in 0..8 {
            people.push(app.account(&format!("person{number}"), Role::User).await);
        }
        let all = || domain::groups::MembersDraft { accounts: people.iter().map(|one| one.account.username.clone().unwrap().to_string()).collect(), ..domain::groups::MembersDraft::default() };
        let add = async {
            for _ in 0..4 {
                groups::add_members(&app.ctx, &owner, group.id, all()).await.unwrap();
            }
        };
        let delete_all = async {
            for person in &people {
                delete(&app.ctx, &owner, person.id()).await.unwrap();
            }
        };
        tokio::join!(add, delete_all);
        let left = "SELECT COUNT(*) FROM memberships JOIN accounts ON accounts.id = account_id WHERE deleted_at IS NOT NULL";
        assert_eq!(app.number(left).await, 0);
        let outcome = groups::add_members(&app.ctx, &owner, group.id, all()).await.unwrap();
        assert_eq!((outcome.changed, outcome.not_found.len()), (0, 8));
    }
}

fn group(name: &str) -> domain::groups::GroupTerms {
    serde_json::from_value::<domain::groups::GroupDraft>(serde_json::json!({ "name": name })).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_the_database_do_not_have_the_address_of_a_deleted_account() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let invite = app.invite(&owner, InviteDraft::default()).await;
    for number in 0..60 {
        app.execute("SELECT 1").await;
        let person = app.account(&format!("neighbour{number}"), Role::User).await;
        if number % 2 == 0 {
            delete(&app.ctx, &owner, person.id()).await.unwrap();
        }
    }
    let mateo = app.sign_up(code(&invite), "quetzalcoatl").await.unwrap().account;
    let draft = r#"{"email":"quetzalcoatl@a-much-longer-address.example","name":"Quetzalcoatl Quispe"}"#;
    update(&app.ctx, &owner, mateo.id, serde_json::from_str(draft).unwrap()).await.unwrap();
    let found = || {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(app.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            if bytes.windows(12).any(|window| window == b"quetzalcoatl") {
                found.push(path.file_name().unwrap().to_owned());
            }
        }
        found
    };
    assert!(!found().is_empty(), "before");
    delete(&app.ctx, &owner, mateo.id).await.unwrap();
    assert_eq!(found(), Vec::<std::ffi::OsString>::new());
    app.finish().await;
}
