use domain::accounts::{AccountDraft, AccountFilter, AccountQuery, NewAccountDraft, Role};
use domain::approvals::Decision;
use domain::attributes::AccountAttributeDraft;
use domain::groups::{GroupDraft, MembersDraft, MembershipEndsDraft};
use domain::ids::GroupId;
use domain::invites::InviteDraft;
use domain::keys::KeyScope;
use domain::sessions::SignInDraft;
use domain::{Code, Patch};

use std::time::Duration;

use super::*;
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases, until};
use crate::{Client, approvals, me, sessions};

mod deleting;
mod listing;
mod ownership;

/// An account pending approval.
async fn pending(app: &TestApp, username: &str) -> Actor {
    let actor = app.account(username, Role::User).await;
    app.execute(&format!("UPDATE accounts SET approved_at = NULL WHERE username = '{username}'")).await;
    actor
}

async fn approve(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    approvals::decide(&app.ctx, actor, id, Decision::Approve, None).await
}

async fn decline(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    approvals::decide(&app.ctx, actor, id, Decision::Decline, None).await
}

/// Sets the end of an account to some seconds from now.
async fn end(app: &TestApp, actor: &Actor, of: &Actor, seconds: u64) {
    let ends_at = Patch::Set(app.ctx.now().plus(Duration::from_secs(seconds)).to_rfc3339());
    update(&app.ctx, actor, of.id(), AccountDraft { ends_at, ..AccountDraft::default() }).await.unwrap();
}

fn by(filter: AccountFilter) -> AccountQuery {
    AccountQuery { filter, ..AccountQuery::default() }
}

fn sign_in(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

on_both_databases! {
    async fn staff_create_accounts_below_their_own(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let moderator = app.account("mo", Role::Moderator).await;
        let new = |username: &str, role: &str| {
            let (email, username) = (format!("{username}@postbox.example"), username.to_owned());
            let password = PASSWORD.to_owned();
            let draft = NewAccountDraft { email, username, role: Some(role.to_owned()), password, ..NewAccountDraft::default() };
            draft.parse(app.ctx.now()).unwrap()
        };
        let ada = create(&app.ctx, &moderator, new("ada", "user")).await.unwrap();
        assert_eq!((ada.status, ada.role), (AccountStatus::Active, Role::User));
        assert!(sessions::sign_in(&app.ctx, &sign_in("ada", PASSWORD), &Client::default()).await.is_ok());
        for (actor, role) in [(&moderator, "moderator"), (&moderator, "admin"), (&admin, "admin")] {
            let refused = failure(create(&app.ctx, actor, new("grace", role)).await);
            assert_eq!((refused.code, refused.field_error("role").is_some()), (Code::Forbidden, true), "{role}");
        }
        create(&app.ctx, &owner, new("grace", "admin")).await.unwrap();
        assert_eq!(failure(create(&app.ctx, &owner, new("GRACE", "user")).await).code, Code::EmailTaken);
        let user = app.account("una", Role::User).await;
        assert_eq!(failure(create(&app.ctx, &user, new("linus", "user")).await).code, Code::Forbidden);
        // What changes while the password waits counts.
        update(&app.ctx, &owner, moderator.id(), AccountDraft { role: Patch::Set("user".into()), ..AccountDraft::default() }).await.unwrap();
        assert_eq!(failure(create(&app.ctx, &moderator, new("linus", "user")).await).code, Code::Unauthenticated);
    }

    async fn an_account_is_created_with_its_groups_attributes_and_end_or_not_at_all(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let group = async |name: &str, permissions: &str| {
            let draft = format!(r#"{{"name":"{name}","permissions":[{permissions}]}}"#);
            let draft = serde_json::from_str::<GroupDraft>(&draft).unwrap();
            groups::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().id
        };
        let (potters, high) = (group("Potters", "").await, group("High", r#""settings.change""#).await);
        let ends_at = app.ctx.now().plus(Duration::from_hours(24));
        let new = |username: &str, groups: &[GroupId]| {
            let draft = NewAccountDraft {
                email: format!("{username}@postbox.example"),
                username: username.to_owned(),
                password: PASSWORD.to_owned(),
                groups: Some(groups.iter().map(ToString::to_string).collect()),
                attributes: Some(vec![AccountAttributeDraft { key: "team".into(), value: "Clay".into() }]),
                ends_at: Some(ends_at.to_rfc3339()),
                ..NewAccountDraft::default()
            };
            draft.parse(app.ctx.now()).unwrap()
        };
        let refused = async |actor: &Actor, groups: &[GroupId]| {
            let failure = failure(create(&app.ctx, actor, new("ada", groups)).await);
            assert!(failure.field_error("groups").is_some(), "{failure:?}");
            failure.code
        };
        // The same rules as for adding members alone.
        assert_eq!(refused(&moderator, &[potters]).await, Code::Forbidden);
        let scope = KeyScope::Only(Permission::AccountsManage | Permission::GroupsManage);
        assert_eq!(refused(&Actor { scope, ..owner.clone() }, &[potters, high]).await, Code::Forbidden);
        assert_eq!(refused(&owner, &[potters, GroupId(owner.id().0)]).await, Code::Invalid);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE username = 'ada'").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 0);

        let manager = MembersDraft { accounts: vec!["mo".into()], manager: Some(true), ..MembersDraft::default() };
        groups::add_members(&app.ctx, &owner, potters, manager).await.unwrap();
        let ada = create(&app.ctx, &moderator, new("ada", &[potters])).await.unwrap();
        assert_eq!(ada.ends_at, Some(ends_at));
        let detail = get(&app.ctx, &owner, ada.id).await.unwrap();
        assert_eq!((detail.groups[0].group.id, detail.groups[0].is_manager, detail.groups[0].ends_at), (potters, false, None));
        assert_eq!(detail.attributes[0].value.as_str(), "Clay");
        let logged = async |action: &str| app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await;
        let before = (logged("account.create").await, logged("group.add_members").await);
        assert_eq!(before.1, 2, "the manager, and the new account");

        let grace = operator::create_account(&app.ctx, new("grace", &[high, potters])).await.unwrap();
        assert_eq!(get(&app.ctx, &owner, grace.id).await.unwrap().groups.len(), 2);
        assert_eq!((logged("account.create").await, logged("group.add_members").await), (before.0 + 1, before.1 + 2));
        let unknown = operator::create_account(&app.ctx, new("linus", &[GroupId(owner.id().0)])).await;
        assert_eq!(failure(unknown).code, Code::Invalid);
    }

    async fn a_page_says_from_which_groups_the_viewer_may_remove_the_member(app: &TestApp) {
        let owner = app.owner().await;
        let group = async |draft: &str| {
            let draft = serde_json::from_str::<GroupDraft>(draft).unwrap();
            groups::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().id
        };
        let (high, kiln) = (group(r#"{"name":"High","permissions":["settings.change"]}"#).await, group(r#"{"name":"Kiln"}"#).await);
        let una = app.account("una", Role::User).await.id();
        let moderator = app.account("mo", Role::Moderator).await;
        let add = async |group, who: &[&str], manager: Option<bool>| {
            let accounts = who.iter().map(|&who| who.to_owned()).collect();
            groups::add_members(&app.ctx, &owner, group, MembersDraft { accounts, manager, ..MembersDraft::default() }).await.unwrap();
        };
        add(high, &["una"], None).await;
        add(kiln, &["una"], None).await;
        let adds = async |actor: &Actor| groups::adds_members(&app.ctx.db().read, actor, app.ctx.now()).await.unwrap();
        let seen = async |actor: &Actor| {
            let detail = get(&app.ctx, actor, una).await.unwrap();
            // What the page offers is what is allowed.
            for group in [high, kiln] {
                let draft = MembersDraft { accounts: vec!["nobody".into()], ..MembersDraft::default() };
                let offered = detail.removable_from.contains(&group);
                assert_eq!(groups::remove_members(&app.ctx, actor, group, draft).await.is_ok(), offered, "{group}");
                let of = detail.groups.iter().find(|of| of.group.id == group).unwrap();
                let draft = MembershipEndsDraft { accounts: vec!["una".into()], ends_at: Patch::Clear };
                let offered = detail.may_set_end(of);
                assert_eq!(groups::set_member_ends(&app.ctx, actor, group, draft).await.is_ok(), offered, "{group}");
            }
            (detail.removable_from, adds(actor).await)
        };
        assert_eq!(seen(&owner).await, (vec![high, kiln], true));
        assert_eq!(seen(&moderator).await, (vec![], false));
        let scope = KeyScope::Only(Permission::AccountsView | Permission::GroupsManage);
        assert_eq!(seen(&Actor { scope, ..owner.clone() }).await, (vec![kiln], true));
        add(kiln, &["mo"], Some(true)).await;
        assert_eq!(seen(&moderator).await, (vec![kiln], true));
        // A manager removes no other one.
        add(kiln, &["una"], Some(true)).await;
        let detail = get(&app.ctx, &moderator, una).await.unwrap();
        assert_eq!((detail.removable_from, adds(&moderator).await), (vec![], true));
        // They leave, and set no end of their own membership.
        let own = get(&app.ctx, &moderator, moderator.id()).await.unwrap();
        assert_eq!((own.removable_from.as_slice(), own.may_set_end(&own.groups[0])), ([kiln].as_slice(), false));
        let draft = MembershipEndsDraft { accounts: vec!["mo".into()], ends_at: Patch::Clear };
        assert_eq!(failure(groups::set_member_ends(&app.ctx, &moderator, kiln, draft).await).code, Code::Forbidden);
    }

    async fn another_role_ends_sessions_and_a_lower_one_pauses_invites(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("mo", PASSWORD), &client).await.unwrap();
        let invite = app.invite(&moderator, InviteDraft::default()).await;
        let role = |role: &str| AccountDraft { role: Patch::Set(role.to_owned()), ..AccountDraft::default() };
        update(&app.ctx, &owner, moderator.id(), role("admin")).await.unwrap();
        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None);
        let status = async || invites::get(&app.ctx, &owner, invite.id).await.unwrap().status;
        assert_eq!(status().await, domain::invites::InviteStatus::Active, "it may do more than before");
        update(&app.ctx, &owner, moderator.id(), role("user")).await.unwrap();
        assert_eq!(status().await, domain::invites::InviteStatus::Paused);
        let admin = app.account("tomasz", Role::Admin).await;
        assert_eq!(failure(update(&app.ctx, &admin, moderator.id(), role("admin")).await).code, Code::Forbidden);
        assert_eq!(failure(update(&app.ctx, &admin, owner.id(), role("user")).await).code, Code::Forbidden);
        assert_eq!(failure(update(&app.ctx, &owner, owner.id(), role("user")).await).code, Code::Forbidden, "its own");
        assert!(failure(update(&app.ctx, &owner, admin.id(), role("owner")).await).field_error("role").is_some());
    }

    async fn who_somebody_is_is_changed_and_found_by_it(app: &TestApp) {
        let owner = app.owner().await;
        let user = app.account("una", Role::User).await;
        app.account("ada", Role::User).await;
        let draft = |json: &str| serde_json::from_str::<AccountDraft>(json).unwrap();
        let changed = draft(r#"{"email":"Una@New.example","username":"una.k","name":"Una Kowalska"}"#);
        let account = update(&app.ctx, &owner, user.id(), changed).await.unwrap();
        assert_eq!((account.email.as_str(), account.display_name()), ("Una@New.example", "Una Kowalska"));
        assert_eq!(get(&app.ctx, &owner, user.id()).await.unwrap().row.account, account);
        for (q, found) in [("kowalska", 1), ("una@new", 1), ("una@bramble", 0)] {
            let query = by(AccountFilter { q: Some(q.into()), ..AccountFilter::default() });
            assert_eq!(list(&app.ctx, &owner, &query).await.unwrap().items.len(), found, "{q}");
        }
        assert!(sessions::sign_in(&app.ctx, &sign_in("una.k", PASSWORD), &Client::default()).await.is_ok());
        let taken = update(&app.ctx, &owner, user.id(), draft(r#"{"username":"ADA"}"#)).await;
        assert_eq!(failure(taken).code, Code::UsernameTaken);
        let taken = update(&app.ctx, &owner, user.id(), draft(r#"{"email":"ADA@bramble.example"}"#)).await;
        assert_eq!(failure(taken).code, Code::EmailTaken);
        update(&app.ctx, &owner, user.id(), draft("{}")).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'account.update'").await, 1);
    }

    async fn attributes_are_replaced_once_and_stay_where_they_are_not_given(app: &TestApp) {
        let owner = app.owner().await;
        let user = app.account("una", Role::User).await;
        let change = async |actor: &Actor, json: &str| update(&app.ctx, actor, user.id(), serde_json::from_str(json).unwrap()).await;
        let keys = async || {
            let detail = get(&app.ctx, &owner, user.id()).await.unwrap();
            (detail.row.account.updated_at, detail.attributes.iter().map(|one| one.key.to_string()).collect::<Vec<_>>())
        };
        let logged = async || app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'account.update' AND detail LIKE '%attributes%'").await;
        let (before, none) = keys().await;
        assert!(none.is_empty());
        app.advance(Duration::from_secs(1));
        let two = r#"{"attributes":[{"key":"year","value":"2"},{"key":"team","value":"Clay"}]}"#;
        change(&owner, two).await.unwrap();
        let (changed, both) = keys().await;
        assert!(changed > before && both == ["team", "year"]);
        app.advance(Duration::from_secs(1));
        change(&owner, two).await.unwrap();
        change(&owner, r#"{"name":"Una Kowalska"}"#).await.unwrap();
        assert_eq!((keys().await.1, logged().await), (both, 1));
        assert_eq!(failure(change(&user, r#"{"attributes":null}"#).await).code, Code::Forbidden);
        change(&owner, r#"{"attributes":null}"#).await.unwrap();
        assert_eq!((keys().await.1, logged().await), (Vec::new(), 2));
    }

    async fn suspending_ends_sessions_and_keys_and_pauses_invites_at_once(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await.unwrap();
        let key = operator::create_key(&app.ctx, "tomasz", domain::text::KeyName::parse("k").unwrap(), KeyScope::Full, None).await.unwrap();
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

    async fn an_actor_manages_only_lower_roles_and_never_itself(app: &TestApp) {
        let owner = app.owner().await;
        let second = app.account("second", Role::Owner).await;
        let admin = app.account("tomasz", Role::Admin).await;
        let peer = app.account("sunniva", Role::Admin).await;
        let moderator = app.account("mo", Role::Moderator).await;
        for (actor, target) in [(&owner, &owner), (&owner, &second), (&admin, &owner), (&admin, &peer), (&moderator, &admin), (&moderator, &owner)] {
            assert_eq!(failure(suspend(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(approve(app, actor, target.id()).await).code, Code::Forbidden);
            for decision in [Decision::Approve, Decision::Decline] {
                let undone = approvals::undo(&app.ctx, actor, target.id(), decision).await;
                assert_eq!(failure(undone).code, Code::Forbidden);
            }
            assert_eq!(failure(decline(app, actor, target.id()).await).code, Code::Forbidden);
            assert_eq!(failure(restore(&app.ctx, actor, target.id()).await).code, Code::Forbidden);
        }
        suspend(&app.ctx, &admin, moderator.id()).await.unwrap();
        let moderator = sessions::sign_in(&app.ctx, &sign_in("mo", PASSWORD), &Client::default()).await;
        assert_eq!(failure(moderator).code, Code::AccountSuspended);
    }

    async fn a_moderator_manages_plain_members_and_a_group_can_lift_them_above(app: &TestApp) {
        app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let (plain, lifted, waiting) = (app.account("una", Role::User).await, app.account("lena", Role::User).await, pending(app, "mateo").await);
        let peer = app.account("mia", Role::Moderator).await;
        app.grant("lena", Permission::SettingsView.into()).await;
        assert_eq!(suspend(&app.ctx, &moderator, plain.id()).await.unwrap(), AccountStatus::Suspended);
        assert_eq!(approve(app, &moderator, waiting.id()).await.unwrap(), AccountStatus::Active);
        for other in [&lifted, &peer] {
            assert_eq!(failure(suspend(&app.ctx, &moderator, other.id()).await).code, Code::Forbidden);
        }
        let rows = list(&app.ctx, &moderator, &AccountQuery::default()).await.unwrap().items;
        let managed = |username: &str| rows.iter().find(|row| row.account.username.as_str() == username).unwrap().can_manage;
        assert_eq!(["una", "lena", "mia", "mo"].map(managed), [true, false, false, false]);
    }

    async fn a_list_has_the_invite_of_each_account_and_finds_by_name_username_and_email(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        let find = async |q: &str| {
            let query = by(AccountFilter { q: Some(q.to_owned()), ..AccountFilter::default() });
            list(&app.ctx, &owner, &query).await.unwrap().items
        };
        let found = find("MAT").await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].invite.as_ref().unwrap().id, invite.id);
        assert_eq!(found[0].inviter.as_ref().unwrap().id, owner.id());
        assert!(found[0].can_manage);
        assert_eq!(find("mateo@postbox").await.len(), 1);
        assert_eq!(find("teo").await.len(), 0);
        let name = domain::text::DisplayName::parse("Mateo Quispe Huamán").unwrap();
        let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
        assert_eq!(find("huaman").await.len(), 0);
        me::rename(&app.ctx, &mateo, Some(name)).await.unwrap();
        for q in ["huaman", "HUAMÁN mat", "quispe", "@postbox", "postbox.example mateo"] {
            assert_eq!(find(q).await[0].account.id, mateo.id(), "{q}");
        }
        me::rename(&app.ctx, &mateo, None).await.unwrap();
        assert_eq!(find("huaman").await.len(), 0, "a former name");
        let own = &find("ngozi").await[0];
        assert!(own.invite.is_none() && !own.can_manage);
    }

    async fn an_account_that_has_ended_cannot_sign_in_until_its_end_is_moved(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await.unwrap();
        let key = operator::create_key(&app.ctx, "tomasz", domain::text::KeyName::parse("k").unwrap(), KeyScope::Full, None).await.unwrap();
        let invite = app.invite(&admin, InviteDraft::default()).await;
        end(app, &owner, &admin, 60).await;
        app.advance(Duration::from_secs(59));
        assert!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().is_some());
        app.advance(Duration::from_secs(1));
        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None, "at the end itself");
        assert_eq!(failure(crate::keys::resolve(&app.ctx, &key.secret, &client).await).code, Code::Unauthenticated);
        let refused = failure(sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await);
        assert_eq!(refused.code, Code::AccountSuspended);
        assert!(refused.message.contains("ended"), "{refused}");
        assert_eq!(failure(app.sign_up(code(&invite), "mateo").await).code, Code::InviteInvalid, "its invites");
        end(app, &owner, &admin, 60).await;
        assert!(sessions::sign_in(&app.ctx, &sign_in("tomasz", PASSWORD), &client).await.is_ok());
        app.sign_up(code(&invite), "mateo").await.unwrap();
    }

    async fn each_account_has_one_status_is_listed_under_it_and_counted(app: &TestApp) {
        let owner = app.owner().await;
        let (declined, suspended) = (pending(app, "una").await, app.account("mateo", Role::User).await);
        pending(app, "lena").await;
        for (username, approved_at) in [("ines", "1"), ("noor", "NULL")] {
            app.account(username, Role::User).await;
            let set = format!("UPDATE accounts SET activate_by = 1, approved_at = {approved_at}");
            app.execute(&format!("{set} WHERE username = '{username}'")).await;
        }
        decline(app, &owner, declined.id()).await.unwrap();
        suspend(&app.ctx, &owner, suspended.id()).await.unwrap();
        let ended = app.account("otto", Role::User).await;
        end(app, &owner, &ended, 60).await;
        app.advance(Duration::from_mins(1));
        let counted = counts(&app.ctx, &owner).await.unwrap();
        for status in AccountStatus::ALL {
            let query = by(AccountFilter { status: Some(status), ..AccountFilter::default() });
            let rows = list(&app.ctx, &owner, &query).await.unwrap().items;
            assert!(rows.iter().all(|row| row.account.status == status), "{status}");
            let expected = if status == AccountStatus::Unverified { 2 } else { 1 };
            let found = (rows.len(), counted.of(Some(status)).unwrap().counted);
            assert_eq!((found.0, found.1 as usize), (expected, expected), "{status}");
        }
        assert_eq!(counted.all.counted, 7);
        let member = app.account("ada", Role::User).await;
        assert_eq!(failure(counts(&app.ctx, &member).await).code, Code::Forbidden);
    }

    async fn a_member_is_read_with_the_invite_it_signed_up_with(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        let row = get(&app.ctx, &owner, mateo.id).await.unwrap().row;
        assert_eq!((row.account.username.as_str(), row.can_manage), ("mateo", true));
        assert_eq!(row.invite.unwrap().title(), "Open evening");
        assert!(get(&app.ctx, &owner, owner.id()).await.unwrap().row.invite.is_none());
        let nobody = AccountId(app.ctx.randomness().uuid(app.ctx.now()));
        assert_eq!(failure(get(&app.ctx, &owner, nobody).await).code, Code::NotFound);
        let member = app.account("otto", Role::User).await;
        assert_eq!(failure(get(&app.ctx, &member, mateo.id).await).code, Code::Forbidden);
    }

    async fn a_restored_account_has_none_of_its_api_keys(app: &TestApp) {
        let owner = app.owner().await;
        let client = Client::default();
        let key = async |username: &str| {
            let name = domain::text::KeyName::parse("script").unwrap();
            operator::create_key(&app.ctx, username, name, KeyScope::Full, None).await.unwrap().secret
        };
        let works = async |key: &str| crate::keys::resolve(&app.ctx, key, &client).await.is_ok();
        for (username, is_pending) in [("tomasz", false), ("una", true)] {
            let admin = app.account(username, Role::Admin).await;
            let before = key(username).await;
            assert!(works(&before).await);
            if is_pending {
                app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'una'").await;
                decline(app, &owner, admin.id()).await.unwrap();
            } else {
                suspend(&app.ctx, &owner, admin.id()).await.unwrap();
            }
            assert!(!works(&before).await);
            let meanwhile = key(username).await;
            restore(&app.ctx, &owner, admin.id()).await.unwrap();
            assert!(!works(&before).await && !works(&meanwhile).await, "{username}");
            assert!(works(&key(username).await).await, "{username}");
        }
    }
}

/// As with adding members, so that the two never wait for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_creates_an_account_in_a_group_is_locked_after_the_group() {
    let app = TestApp::postgres().await;
    let owner = app.owner().await;
    let admin = app.account("tomasz", Role::Admin).await;
    let potters = app.group(&owner, "Potters", &["ngozi"]).await;
    let draft = NewAccountDraft {
        email: "ada@postbox.example".to_owned(),
        username: "ada".to_owned(),
        password: PASSWORD.to_owned(),
        groups: Some(vec![potters.to_string()]),
        ..NewAccountDraft::default()
    };
    let new = draft.parse(app.ctx.now()).unwrap();
    let tx = tx::begin(&app.ctx).await.unwrap();
    groups::hold(&tx, &owner, potters).await.unwrap();
    let ctx = app.ctx.clone();
    let creating = tokio::spawn(async move { create(&ctx, &admin, new).await });
    let waiting =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the group is waited for", async || app.number(waiting).await == 1).await;
    let found = store::find_by_names(&tx, &["tomasz".to_owned()]).await.unwrap();
    assert_eq!(found.len(), 1);
    tx.commit().await.unwrap();
    creating.await.unwrap().unwrap();
    app.finish().await;
}
