use domain::accounts::{Email, Role, Username};
use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::sessions::SignInDraft;
use domain::{Code, Patch};

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases};
use crate::{Client, Via};

/// An account pending approval.
async fn pending(app: &TestApp, username: &str) -> Actor {
    let actor = app.account(username, Role::User).await;
    app.execute(&format!("UPDATE accounts SET approved_at = NULL WHERE username = '{username}'")).await;
    actor
}

/// How many accounts of a status the list has.
async fn listed(app: &TestApp, actor: &Actor, status: AccountStatus) -> usize {
    let query = AccountQuery { status: Some(status), ..AccountQuery::default() };
    list(&app.ctx, actor, &query).await.unwrap().items.len()
}

fn sign_in(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

on_both_databases! {
    async fn suspending_ends_sessions_and_keys_and_pauses_invites_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await.unwrap();
        let key = operator::create_key(&app.ctx, "tomasz", domain::text::KeyName::parse("k").unwrap(), KeyScope::Full).await.unwrap();
        let invite = app.invite(&admin, InviteDraft::default()).await;

        suspend(&app.ctx, &owner, admin.id()).await.unwrap();
        suspend(&app.ctx, &owner, admin.id()).await.unwrap();

        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None);
        let refused = crate::keys::resolve(&app.ctx, &key.secret, &client).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
        let refused = sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await;
        assert_eq!(failure(refused).code, Code::AccountSuspended);
        let invite = invites::get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!(invite.status, domain::invites::InviteStatus::Paused);

        restore(&app.ctx, &owner, admin.id()).await.unwrap();
        assert!(sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await.is_ok());
        let invite = invites::get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!(invite.status, domain::invites::InviteStatus::Paused, "invites stay paused");
    }

    async fn one_manages_only_those_below_and_never_oneself(app: &TestApp) {
        let owner = app.owner().await;
        let second = app.account("second", Role::Owner).await;
        let admin = app.account("tomasz", Role::Admin).await;
        let peer = app.account("sunniva", Role::Admin).await;
        let moderator = app.account("mo", Role::Moderator).await;
        for (actor, target) in [(&owner, &owner), (&owner, &second), (&admin, &owner), (&admin, &peer), (&moderator, &admin), (&moderator, &owner)] {
            assert_eq!(failure(suspend(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(approve(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(undo_approval(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(decline(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(restore(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
        }
        suspend(&app.ctx, &admin, moderator.id()).await.unwrap();
        assert_eq!(failure(list(&app.ctx, &moderator, &AccountQuery::default()).await).code, Code::Forbidden);
    }

    async fn a_list_says_who_came_by_which_invite_and_finds_by_name_username_and_email(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let find = async |q: &str| {
            let query = AccountQuery { q: Some(q.to_owned()), ..AccountQuery::default() };
            list(&app.ctx, &owner, &query).await.unwrap().items
        };
        let found = find("MAT").await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].invite.as_ref().unwrap().id, invite.id);
        assert!(found[0].can_manage);
        assert_eq!(find("mateo@postbox").await.len(), 1);
        assert_eq!(find("teo").await.len(), 0);
        let name = domain::text::DisplayName::parse("Mateo Quispe Huamán").unwrap();
        let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
        assert_eq!(find("huaman").await.len(), 0);
        rename(&app.ctx, &mateo, Some(name)).await.unwrap();
        for q in ["huaman", "HUAMÁN mat", "quispe", "@postbox", "postbox.example mateo"] {
            assert_eq!(find(q).await[0].account.id, mateo.id(), "{q}");
        }
        rename(&app.ctx, &mateo, None).await.unwrap();
        assert_eq!(find("huaman").await.len(), 0, "a former name");
        let own = &find("ngozi").await[0];
        assert!(own.invite.is_none() && !own.can_manage);
    }

    async fn approval_lets_someone_act_and_can_be_undone_for_a_while(app: &TestApp) {
        let owner = app.owner().await;
        let user = pending(app, "una").await;
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 1);
        assert_eq!(viewer(&app.ctx, &owner).await.unwrap().pending.unwrap().counted, 1);
        app.advance(Duration::from_secs(1));
        assert_eq!(approve(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Active);
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 0);

        assert_eq!(undo_approval(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Pending);
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 1);
        approve(&app.ctx, &owner, user.id()).await.unwrap();
        app.advance(UNDO_APPROVAL_WITHIN);
        assert_eq!(undo_approval(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Active, "too late");
    }

    async fn who_never_was_pending_does_not_become_so(app: &TestApp) {
        let owner = app.owner().await;
        let member = app.account("mo", Role::Moderator).await;
        assert_eq!(undo_approval(&app.ctx, &owner, member.id()).await.unwrap(), AccountStatus::Active);
        assert_eq!(decline(&app.ctx, &owner, member.id()).await.unwrap(), AccountStatus::Active, "only what is pending");
    }

    async fn a_declined_account_cannot_sign_in_until_it_is_restored_or_approved(app: &TestApp) {
        let owner = app.owner().await;
        let user = pending(app, "una").await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.unwrap();
        assert_eq!(suspend(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Pending, "it is declined instead");

        assert_eq!(decline(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Declined);
        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None);
        let refused = failure(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await);
        assert_eq!(refused.code, Code::AccountSuspended);
        assert!(refused.message.contains("declined"), "{refused}");
        assert_eq!((listed(app, &owner, AccountStatus::Declined).await, listed(app, &owner, AccountStatus::Suspended).await), (1, 0));
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 0);

        assert_eq!(restore(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Pending);
        assert!(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.is_ok());
        decline(&app.ctx, &owner, user.id()).await.unwrap();
        assert_eq!(approve(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Active);
        assert!(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.is_ok());
    }

    async fn a_member_is_read_with_the_invite_that_brought_them(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        let row = get(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!((row.account.username.as_str(), row.can_manage), ("mateo", true));
        assert_eq!(row.invite.unwrap().title(), "Open evening");
        assert!(get(&app.ctx, &owner, owner.id()).await.unwrap().invite.is_none());
        let nobody = AccountId(app.ctx.randomness().uuid(app.ctx.now()));
        assert_eq!(failure(get(&app.ctx, &owner, nobody).await).code, Code::NotFound);
        let moderator = app.account("mo", Role::Moderator).await;
        assert_eq!(failure(get(&app.ctx, &moderator, mateo.id).await).code, Code::Forbidden);
    }

    async fn what_is_taken_is_named_at_once(app: &TestApp) {
        app.owner().await;
        app.account("mateo", Role::User).await;
        let taken = async |email: &str, username: &str| {
            let (email, username) = (Email::parse(email).unwrap(), Username::parse(username).unwrap());
            let failure = failure(store::refuse_taken(&app.ctx.db().read, &email, &username).await);
            (failure.code, failure.fields.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>())
        };
        // Of one account, and of two.
        let both = (Code::EmailTaken, vec!["email".to_owned(), "username".to_owned()]);
        assert_eq!(taken("MATEO@bramble.example", "Mateo").await, both);
        assert_eq!(taken("ngozi@bramble.example", "mateo").await, both);
        assert_eq!(taken("ngozi@bramble.example", "new").await, (Code::EmailTaken, vec!["email".to_owned()]));
        assert_eq!(taken("new@bramble.example", "ngozi").await, (Code::UsernameTaken, vec!["username".to_owned()]));
    }

    async fn a_welcome_is_for_members_and_the_count_of_who_is_pending_for_staff(app: &TestApp) {
        let owner = app.owner().await;
        let welcome = domain::settings::SettingsDraft { welcome_text: Some("Hello".into()), ..Default::default() };
        settings::update(&app.ctx, &owner, welcome.parse().unwrap()).await.unwrap();
        let mut user = pending(app, "una").await;
        user.pending = true;
        let seen = viewer(&app.ctx, &user).await.unwrap();
        assert_eq!((seen.welcome.text, seen.pending), (None, None));
        approve(&app.ctx, &owner, user.id()).await.unwrap();
        let seen = viewer(&app.ctx, &user).await.unwrap();
        assert_eq!(seen.welcome.text.unwrap().as_str(), "Hello");
        assert_eq!(viewer(&app.ctx, &owner).await.unwrap().pending.unwrap().counted, 0);
    }

    async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions(app: &TestApp) {
        app.owner().await;
        let client = Client::default();
        let (mine, other) = (
            sessions::sign_in(&app.ctx, &sign_in("ngozi", PASSWORD), &client).await.unwrap(),
            sessions::sign_in(&app.ctx, &sign_in("ngozi@bramble.example", PASSWORD), &client).await.unwrap(),
        );
        let actor = sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().unwrap().actor;
        let change = |current: &str, new: &str| PasswordChange {
            current: current.to_owned(),
            new: new.to_owned(),
            revoke_keys: true,
        };
        let wrong = change_password(&app.ctx, &actor, &change("not my password", "four unrelated new words")).await;
        assert!(failure(wrong).field_error("current").is_some());
        let weak = change_password(&app.ctx, &actor, &change(PASSWORD, "password123")).await;
        assert!(failure(weak).field_error("new").is_some());
        change_password(&app.ctx, &actor, &change(PASSWORD, "four unrelated new words")).await.unwrap();
        assert!(sessions::resolve(&app.ctx, mine.expose(), &client).await.unwrap().is_some());
        assert!(sessions::resolve(&app.ctx, other.expose(), &client).await.unwrap().is_none());
        assert!(sessions::sign_in(&app.ctx, &sign_in("ngozi", PASSWORD), &client).await.is_err());
    }

    async fn api_keys_end_with_the_password_unless_they_are_kept(app: &TestApp) {
        let owner = app.owner().await;
        let client = Client::default();
        let key = async || {
            let name = domain::text::KeyName::parse("script").unwrap();
            operator::create_key(&app.ctx, "ngozi", name, KeyScope::Full).await.unwrap().secret
        };
        let works = async |key: &str| crate::keys::resolve(&app.ctx, key, &client).await.is_ok();
        let passwords = ["four unrelated new words", "five other unrelated words", "six more words nobody says"];
        let change = |current: &str, new: &str, revoke_keys| {
            let change = PasswordChange { current: current.to_owned(), new: new.to_owned(), revoke_keys };
            let (ctx, owner) = (app.ctx.clone(), owner.clone());
            async move { change_password(&ctx, &owner, &change).await.unwrap() }
        };
        let first = key().await;
        change(PASSWORD, passwords[0], false).await;
        assert!(works(&first).await, "kept where it is said");
        change(passwords[0], passwords[1], true).await;
        assert!(!works(&first).await);

        let operator = async |revoke_keys| {
            let password = Password::parse(passwords[2]).unwrap();
            crate::operations::operator::set_password(&app.ctx, "ngozi", password, revoke_keys).await.unwrap();
        };
        let second = key().await;
        operator(false).await;
        assert!(works(&second).await);
        operator(true).await;
        assert!(!works(&second).await);
        let untold: PasswordChange = serde_json::from_str(r#"{"current":"a","new":"b"}"#).unwrap();
        assert!(untold.revoke_keys, "an old page that does not ask revokes them");
    }

    async fn a_restored_account_has_none_of_its_api_keys(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let client = Client::default();
        let key = async || {
            let name = domain::text::KeyName::parse("script").unwrap();
            operator::create_key(&app.ctx, "tomasz", name, KeyScope::Full).await.unwrap().secret
        };
        let works = async |key: &str| crate::keys::resolve(&app.ctx, key, &client).await.is_ok();
        let before = key().await;
        assert!(works(&before).await);
        suspend(&app.ctx, &owner, admin.id()).await.unwrap();
        let meanwhile = key().await;
        restore(&app.ctx, &owner, admin.id()).await.unwrap();
        assert!(!works(&before).await && !works(&meanwhile).await);
        assert!(works(&key().await).await);
    }

    async fn a_key_that_was_asked_for_before_the_password_changed_is_not_made(app: &TestApp) {
        app.owner().await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("ngozi", PASSWORD), &client).await.unwrap();
        let thief = sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap().actor;
        let password = Password::parse("four unrelated new words").unwrap();
        crate::operations::operator::set_password(&app.ctx, "ngozi", password, true).await.unwrap();
        let name = domain::text::KeyName::parse("heir").unwrap();
        let refused = crate::keys::create(&app.ctx, &thief, name, KeyScope::Full, None).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
        assert_eq!(app.number("SELECT COUNT(*) FROM api_keys").await, 0);
    }

    async fn a_key_reads_codes_only_where_its_scope_says_so(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        let code = code(&invite).to_owned();
        app.sign_up(&code, "mateo").await.unwrap();
        for (scope, reads) in [(KeyScope::Read, false), (KeyScope::ReadCodes, true), (KeyScope::Full, true)] {
            let name = domain::text::KeyName::parse("reports").unwrap();
            let new = crate::keys::create(&app.ctx, &owner, name, scope, None).await.unwrap();
            assert_eq!(new.key.scope, scope);
            let reader = crate::keys::resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
            let find = async |q: Option<&str>| {
                let query = domain::invites::InviteQuery { q: q.map(str::to_owned), ..Default::default() };
                invites::list(&app.ctx, &reader, &query).await.unwrap().items
            };
            let listed = find(None).await.remove(0);
            let one = invites::get(&app.ctx, &reader, invite.id).await.unwrap();
            for seen in [&listed, &one] {
                assert_eq!((seen.code.is_some(), seen.url.is_some()), (reads, reads), "{scope:?}");
                assert_eq!(seen.terms.label, invite.terms.label);
            }
            assert_eq!(find(Some(&code)).await.len(), usize::from(reads), "nor is a code found out by searching for it");
            assert_eq!(find(Some("open")).await.len(), 1);
            let ledger = redemptions::list(&app.ctx, &reader, &domain::redemptions::RedemptionQuery::default()).await.unwrap().items;
            assert_eq!(ledger[0].invite.code.is_some(), reads);
            let accounts = list(&app.ctx, &reader, &AccountQuery::default()).await.unwrap().items;
            let brought = accounts.iter().find_map(|row| row.invite.as_ref()).unwrap();
            assert_eq!(brought.code.is_some(), reads);
        }
        let name = domain::text::KeyName::parse("reports").unwrap();
        let new = crate::keys::create(&app.ctx, &owner, name, KeyScope::ReadCodes, None).await.unwrap();
        let reader = crate::keys::resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        assert_eq!(failure(invites::pause(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
    }

    async fn keys_that_are_none_keep_no_valid_one_out(app: &TestApp) {
        let owner = app.owner().await;
        let name = domain::text::KeyName::parse("script").unwrap();
        let key = crate::keys::create(&app.ctx, &owner, name, KeyScope::Full, None).await.unwrap().secret;
        let here = Client { ip: Some("192.0.2.1".parse().unwrap()), user_agent: None };
        let resolve = async |key: &str| crate::keys::resolve(&app.ctx, key, &here).await;
        for _ in 0..100 {
            assert_eq!(failure(resolve("lk_nonsense").await).code, Code::Unauthenticated);
        }
        assert_eq!(failure(resolve("lk_nonsense").await).code, Code::RateLimited);
        assert!(resolve(&key).await.is_ok());
    }

    async fn keys_come_from_admins_and_not_from_keys(app: &TestApp) {
        let owner = app.owner().await;
        let name = || domain::text::KeyName::parse("script").unwrap();
        let new = crate::keys::create(&app.ctx, &owner, name(), KeyScope::Full, None).await.unwrap();
        assert!(new.secret.starts_with("lk_") && new.secret.starts_with(&new.key.hint));
        let by_key = crate::keys::resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        assert_eq!((by_key.role, by_key.via), (Role::Owner, Via::ApiKey(new.key.id)));
        assert_eq!(failure(crate::keys::create(&app.ctx, &by_key, name(), KeyScope::Full, None).await).code, Code::Forbidden);
        let user = app.account("una", Role::User).await;
        assert_eq!(failure(crate::keys::create(&app.ctx, &user, name(), KeyScope::Full, None).await).code, Code::Forbidden);
        assert_eq!(failure(crate::keys::revoke(&app.ctx, &user, new.key.id).await).code, Code::NotFound);
        crate::keys::revoke(&app.ctx, &owner, new.key.id).await.unwrap();
        let refused = crate::keys::resolve(&app.ctx, &new.secret, &Client::default()).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
        let soon = Some(app.ctx.now().plus(std::time::Duration::from_mins(1)));
        let brief = crate::keys::create(&app.ctx, &owner, name(), KeyScope::Full, soon).await.unwrap();
        app.advance(std::time::Duration::from_mins(1));
        let refused = crate::keys::resolve(&app.ctx, &brief.secret, &Client::default()).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
    }

    async fn a_key_that_may_only_read_changes_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let una = app.account("una", Role::User).await;
        let name = domain::text::KeyName::parse("reports").unwrap();
        let new = crate::keys::create(&app.ctx, &owner, name, KeyScope::Read, None).await.unwrap();
        let reader = crate::keys::resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        invites::get(&app.ctx, &reader, invite.id).await.unwrap();
        list(&app.ctx, &reader, &AccountQuery::default()).await.unwrap();
        settings::get(&app.ctx, &reader).await.unwrap();
        assert_eq!(failure(invites::pause(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
        assert_eq!(failure(invites::delete(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
        assert_eq!(failure(suspend(&app.ctx, &reader, una.id()).await).code, Code::Forbidden);
        let patch = domain::settings::SettingsPatch::default();
        assert_eq!(failure(settings::update(&app.ctx, &reader, patch).await).code, Code::Forbidden);
    }
}
