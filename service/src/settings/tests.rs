use domain::Code;
use domain::accounts::Role;
use domain::settings::SettingsDraft;

use super::*;
use crate::operations::operator;
use crate::testing::{TestApp, failure, on_both_databases};

async fn set(app: &TestApp, actor: &Actor, draft: SettingsDraft) -> Settings {
    update(&app.ctx, actor, draft.parse().unwrap()).await.unwrap()
}

fn mode(mode: RegistrationMode) -> SettingsDraft {
    SettingsDraft { registration_mode: Some(mode.as_str().to_owned()), ..SettingsDraft::default() }
}

on_both_databases! {
    async fn reopening_restores_the_previous_mode(app: &TestApp) {
        let owner = app.owner().await;
        assert_eq!(reopen(&app.ctx, &owner).await.unwrap().registration_mode, RegistrationMode::InviteOnly);
        for before in [RegistrationMode::Open, RegistrationMode::InviteOnly] {
            set(app, &owner, mode(before)).await;
            // Closed twice, it still knows what was before.
            set(app, &owner, mode(RegistrationMode::Closed)).await;
            set(app, &owner, mode(RegistrationMode::Closed)).await;
            assert_eq!(reopen(&app.ctx, &owner).await.unwrap().registration_mode, before);
            assert_eq!(current(&app.ctx).await.unwrap().registration_mode, before);
        }
        let said = "SELECT COUNT(*) FROM audit_log WHERE action = 'settings.reopen'";
        assert_eq!(app.number(said).await, 2, "reopening what is open is no event");

        let moderator = app.account("mo", Role::Moderator).await;
        assert_eq!(failure(reopen(&app.ctx, &moderator).await).code, Code::Forbidden);
    }

    async fn nobody_gives_a_role_a_permission_that_they_do_not_have(app: &TestApp) {
        let owner = app.owner().await;
        app.account("una", Role::User).await;
        app.grant("una", Permission::SettingsChange | Permission::InvitesView).await;
        let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();
        let users = |permissions| SettingsDraft { user_permissions: Some(permissions), ..SettingsDraft::default() };
        let refused = update(&app.ctx, &una, users(Permission::AccountsManage.into()).parse().unwrap()).await;
        let refused = failure(refused);
        assert_eq!(refused.code, Code::Forbidden);
        assert!(refused.message.contains("accounts.manage"), "{refused}");
        set(app, &una, users(Permission::InvitesView.into())).await;
        // What is there already may stay, and may be taken away.
        set(app, &owner, users(Permission::AccountsManage | Permission::InvitesView)).await;
        set(app, &una, users(Permission::AccountsManage.into())).await;
        assert_eq!(set(app, &una, users(Permissions::empty())).await.role_permissions.user, Permissions::empty());
    }

    async fn a_mode_set_by_the_environment_is_not_reopened(app: &TestApp) {
        let owner = app.owner().await;
        let options = crate::Options { registration_mode: Some(RegistrationMode::Closed), ..app.options.clone() };
        let fixed = Ctx::open_with(options, app.ctx.clock().clone(), app.ctx.randomness().clone()).await.unwrap();
        assert!(failure(reopen(&fixed, &owner).await).field_error("registration_mode").is_some());
        assert_eq!(current(&fixed).await.unwrap().registration_mode, RegistrationMode::Closed);
        fixed.close().await;
    }

    async fn the_welcome_is_kept_changed_in_part_and_removed(app: &TestApp) {
        let owner = app.owner().await;
        let set_welcome = async |text: Option<&str>, url: Option<&str>, label: Option<&str>| {
            let [welcome_text, welcome_url, welcome_label] = [text, url, label].map(|text| text.map(str::to_owned));
            set(app, &owner, SettingsDraft { welcome_text, welcome_url, welcome_label, ..SettingsDraft::default() }).await
        };
        let url = "https://forum.example/start";
        let all = set_welcome(Some("Hello\r\nthere"), Some(url), Some("To the forum")).await.welcome;
        assert_eq!(all.text.as_ref().unwrap().as_str(), "Hello\nthere");
        assert_eq!(all.link.as_ref().unwrap().title(), "To the forum");
        assert_eq!(set(app, &owner, SettingsDraft::default()).await.welcome, all, "what is absent stays");
        assert_eq!(current(&app.ctx).await.unwrap().welcome, all);

        let without_label = set_welcome(None, None, Some("")).await.welcome;
        assert_eq!(without_label.link.unwrap().title(), "Continue to forum.example");
        set_welcome(None, None, Some("To the forum")).await;
        let without_link = set_welcome(None, Some(""), None).await.welcome;
        assert_eq!((without_link.text, without_link.link), (all.text, None));
        let with_link = set_welcome(None, Some(url), None).await.welcome;
        assert_eq!(with_link.link.unwrap().label, None, "the label went with its link");
        set_welcome(None, Some(""), None).await;
        let label = SettingsDraft { welcome_label: Some("To the forum".to_owned()), ..SettingsDraft::default() };
        let refused = failure(update(&app.ctx, &owner, label.parse().unwrap()).await);
        assert!(refused.field_error("welcome_url").is_some(), "a label alone is shown nowhere");
        assert_eq!(set_welcome(Some(" "), Some(""), Some("")).await.welcome, Welcome::default());
    }
}
