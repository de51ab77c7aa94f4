use domain::accounts::{AccountQuery, Password, Role};
use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::sessions::SignInDraft;
use domain::text::KeyName;
use domain::{Code, Patch};

use super::*;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases};
use crate::{Client, Via, invites, members, redemptions, sessions, settings};

on_both_databases! {
    async fn a_key_requested_before_the_password_changed_is_not_created(app: &TestApp) {
        app.owner().await;
        let client = Client::default();
        let draft = SignInDraft { login: "ngozi".into(), password: PASSWORD.into() };
        let token = sessions::sign_in(&app.ctx, &draft, &client).await.unwrap();
        let thief = sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap().actor;
        let password = Password::parse("four unrelated new words").unwrap();
        crate::operations::operator::set_password(&app.ctx, "ngozi", password, true).await.unwrap();
        let name = KeyName::parse("heir").unwrap();
        let refused = create(&app.ctx, &thief, name, KeyScope::Full, None).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
        assert_eq!(app.number("SELECT COUNT(*) FROM api_keys").await, 0);
    }

    async fn a_key_reads_codes_only_if_its_scope_includes_them(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        let code = code(&invite).to_owned();
        app.sign_up(&code, "mateo").await.unwrap();
        for (scope, reads) in [(KeyScope::READ, false), (KeyScope::read_codes(), true), (KeyScope::Full, true)] {
            let name = KeyName::parse("reports").unwrap();
            let new = create(&app.ctx, &owner, name, scope, None).await.unwrap();
            assert_eq!(new.key.scope, scope);
            let reader = resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
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
            assert_eq!(find(Some(&code)).await.len(), usize::from(reads), "nor can a code be confirmed by searching for it");
            assert_eq!(find(Some("open")).await.len(), 1);
            let redemptions = redemptions::list(&app.ctx, &reader, &domain::redemptions::RedemptionQuery::default()).await.unwrap().items;
            assert_eq!(redemptions[0].invite.code.is_some(), reads);
            let accounts = members::list(&app.ctx, &reader, &AccountQuery::default()).await.unwrap().items;
            let invite_of = accounts.iter().find_map(|row| row.invite.as_ref()).unwrap();
            assert_eq!(invite_of.code.is_some(), reads);
        }
        let name = KeyName::parse("reports").unwrap();
        let new = create(&app.ctx, &owner, name, KeyScope::read_codes(), None).await.unwrap();
        let reader = resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        assert_eq!(failure(invites::pause(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
    }

    async fn a_key_gives_nothing_that_its_scope_leaves_out(app: &TestApp) {
        let owner = app.owner().await;
        let user = app.account("una", domain::accounts::Role::User).await;
        let only = |permission: Permission| Actor { scope: KeyScope::Only(permission.into()), ..owner.clone() };
        let draft = |role: &str| InviteDraft { role: Patch::Set(role.into()), ..InviteDraft::default() };
        let new = |role| draft(role).parse(app.ctx.now()).unwrap();
        let inviter = Actor { scope: KeyScope::Only(Permission::InvitesCreate | Permission::InvitesCreateMulti), ..owner.clone() };
        invites::create(&app.ctx, &inviter, new("user")).await.unwrap();
        assert_eq!(failure(invites::create(&app.ctx, &inviter, new("moderator")).await).code, Code::Forbidden);

        let manager = only(Permission::AccountsManage);
        let role = |role: &str| domain::accounts::AccountDraft { role: Patch::Set(role.into()), ..Default::default() };
        assert_eq!(failure(members::update(&app.ctx, &manager, user.id(), role("moderator")).await).code, Code::Forbidden);
        let new = |role: &str| domain::accounts::NewAccountDraft {
            email: "new@postbox.example".into(),
            username: "new".into(),
            name: None,
            role: Some(role.into()),
            password: PASSWORD.into(),
            ..Default::default()
        };
        let create = async |role: &str| members::create(&app.ctx, &manager, new(role).parse(app.ctx.now()).unwrap()).await;
        assert_eq!(failure(create("admin").await).code, Code::Forbidden);
        create("user").await.unwrap();

        let high = r#"{"name":"High","permissions":["settings.change"]}"#;
        let high = serde_json::from_str::<domain::groups::GroupDraft>(high).unwrap().parse().unwrap();
        let high = crate::groups::create(&app.ctx, &owner, high).await.unwrap().id;
        let add = domain::groups::MembersDraft { accounts: vec!["una".into()], ..domain::groups::MembersDraft::default() };
        let refused = crate::groups::add_members(&app.ctx, &only(Permission::GroupsManage), high, add).await;
        assert_eq!(failure(refused).code, Code::Forbidden);
    }

    async fn a_valid_key_passes_while_its_network_is_over_the_limit(app: &TestApp) {
        let owner = app.owner().await;
        let name = KeyName::parse("script").unwrap();
        let key = create(&app.ctx, &owner, name, KeyScope::Full, None).await.unwrap().secret;
        let here = Client { ip: Some("192.0.2.1".parse().unwrap()), user_agent: None };
        let resolve = async |key: &str| resolve(&app.ctx, key, &here).await;
        for _ in 0..100 {
            assert_eq!(failure(resolve("lk_nonsense").await).code, Code::Unauthenticated);
        }
        assert_eq!(failure(resolve("lk_nonsense").await).code, Code::RateLimited);
        assert!(resolve(&key).await.is_ok());
    }

    async fn keys_are_created_by_admins_and_not_by_keys(app: &TestApp) {
        let owner = app.owner().await;
        let name = || KeyName::parse("script").unwrap();
        let new = create(&app.ctx, &owner, name(), KeyScope::Full, None).await.unwrap();
        assert!(new.secret.starts_with("lk_") && new.secret.starts_with(&new.key.hint));
        let by_key = resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        assert_eq!((by_key.role, by_key.via), (Role::Owner, Via::ApiKey(new.key.id)));
        assert_eq!(failure(create(&app.ctx, &by_key, name(), KeyScope::Full, None).await).code, Code::Forbidden);
        let user = app.account("una", Role::User).await;
        assert_eq!(failure(create(&app.ctx, &user, name(), KeyScope::Full, None).await).code, Code::Forbidden);
        assert_eq!(failure(revoke(&app.ctx, &user, new.key.id).await).code, Code::NotFound);
        revoke(&app.ctx, &owner, new.key.id).await.unwrap();
        let refused = resolve(&app.ctx, &new.secret, &Client::default()).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
        let soon = Some(app.ctx.now().plus(std::time::Duration::from_mins(1)));
        let brief = create(&app.ctx, &owner, name(), KeyScope::Full, soon).await.unwrap();
        app.advance(std::time::Duration::from_mins(1));
        let refused = resolve(&app.ctx, &brief.secret, &Client::default()).await;
        assert_eq!(failure(refused).code, Code::Unauthenticated);
    }

    async fn a_read_only_key_changes_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let una = app.account("una", Role::User).await;
        let name = KeyName::parse("reports").unwrap();
        let new = create(&app.ctx, &owner, name, KeyScope::READ, None).await.unwrap();
        let reader = resolve(&app.ctx, &new.secret, &Client::default()).await.unwrap();
        invites::get(&app.ctx, &reader, invite.id).await.unwrap();
        members::list(&app.ctx, &reader, &AccountQuery::default()).await.unwrap();
        settings::get(&app.ctx, &reader).await.unwrap();
        assert_eq!(failure(invites::pause(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
        assert_eq!(failure(invites::delete(&app.ctx, &reader, invite.id).await).code, Code::Forbidden);
        assert_eq!(failure(members::suspend(&app.ctx, &reader, una.id()).await).code, Code::Forbidden);
        let patch = domain::settings::SettingsPatch::default();
        assert_eq!(failure(settings::update(&app.ctx, &reader, patch).await).code, Code::Forbidden);
    }
}
