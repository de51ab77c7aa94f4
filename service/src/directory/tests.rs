use std::time::Duration;

use domain::access::Permission;
use domain::accounts::{AccountStatus, Role};
use domain::directory::{
    GroupChange, GroupDraft, GroupTerm, Listed, MembersChange, NewUser, User, UserChange, UserDraft, UserTerm, Window,
};
use domain::ids::{AccountId, GroupId};
use domain::sessions::SignInDraft;
use domain::{Code, Patch};
use sea_orm::EntityTrait;
use tokio::task::JoinSet;

use super::{groups, users};
use crate::operations::operator;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Actor, Client, Error, members, sessions};

const FIRST_PAGE: Window = Window::Index { start: 1, count: 100 };

fn set(text: &str) -> Patch<String> {
    Patch::Set(text.to_owned())
}

/// A person whom the directory calls by their address.
fn draft(name: &str) -> UserDraft {
    let user_name = set(&format!("{name}@corp.example"));
    UserDraft { user_name, external_id: set(&format!("id-{name}")), display_name: set(name), ..UserDraft::default() }
}

fn new(name: &str) -> NewUser {
    draft(name).parse().unwrap()
}

async fn create(app: &TestApp, actor: &Actor, name: &str) -> User {
    users::create(&app.ctx, actor, new(name)).await.unwrap()
}

async fn change(app: &TestApp, actor: &Actor, id: AccountId, draft: UserDraft) -> Result<User, Error> {
    users::change(&app.ctx, actor, id, draft.change().unwrap()).await
}

fn active(active: bool) -> UserDraft {
    UserDraft { active: Some(active), ..UserDraft::default() }
}

async fn find(app: &TestApp, actor: &Actor, terms: &[UserTerm]) -> Vec<String> {
    let Listed { items, total, .. } = users::list(&app.ctx, actor, terms, FIRST_PAGE).await.unwrap();
    assert_eq!(items.len() as u64, total);
    items.into_iter().map(|user| user.user_name).collect()
}

async fn group(app: &TestApp, actor: &Actor, name: &str, members: Vec<AccountId>) -> GroupId {
    let members = vec![MembersChange::Replace(members)];
    let new = GroupDraft { name: set(name), members, ..GroupDraft::default() }.parse().unwrap();
    groups::create(&app.ctx, actor, new, false).await.unwrap().id
}

async fn change_members(app: &TestApp, actor: &Actor, id: GroupId, change: MembersChange) -> Result<(), Error> {
    let change = GroupChange { members: vec![change], ..GroupChange::default() };
    groups::change(&app.ctx, actor, id, change, false).await.map(|_| ())
}

async fn members_of(app: &TestApp, actor: &Actor, id: GroupId) -> Vec<String> {
    let group = groups::get(&app.ctx, actor, id, true).await.unwrap();
    let mut names: Vec<_> = group.members.unwrap().into_iter().map(|member| member.name).collect();
    names.sort_unstable();
    names
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

on_both_databases! {
    async fn an_account_is_created_with_the_names_of_the_directory(app: &TestApp) {
        let owner = app.owner().await;
        let ada = create(app, &owner, "ada").await;
        assert_eq!((ada.user_name.as_str(), ada.account.username.as_str()), ("ada@corp.example", "ada"));
        assert_eq!((ada.account.email.as_str(), ada.account.status), ("ada@corp.example", AccountStatus::Active));
        assert_eq!(ada.external_id.as_ref().map(ToString::to_string).as_deref(), Some("id-ada"));
        assert_eq!((ada.account.role, ada.account.display_name()), (Role::User, "ada"));
        assert_eq!(users::get(&app.ctx, &owner, ada.account.id).await.unwrap(), ada);

        // The same part before the @, and a username of staff.
        let other = UserDraft { user_name: set("Ada@other.example"), ..UserDraft::default() };
        let other = users::create(&app.ctx, &owner, other.parse().unwrap()).await.unwrap();
        assert_eq!(other.account.username.as_str(), "Ada2");
        let admin = UserDraft { user_name: set("admin@corp.example"), ..UserDraft::default() };
        let admin = users::create(&app.ctx, &owner, admin.parse().unwrap()).await.unwrap();
        assert_eq!((admin.account.username.as_str(), admin.account.role), ("admin2", Role::User));
        // What is a username is one.
        let plain = UserDraft { user_name: set("grace"), email: set("grace@corp.example"), active: Some(false), ..UserDraft::default() };
        let plain = users::create(&app.ctx, &owner, plain.parse().unwrap()).await.unwrap();
        assert_eq!((plain.account.username.as_str(), plain.account.status), ("grace", AccountStatus::Suspended));
        assert_eq!(app.number("SELECT COUNT(*) FROM directory_accounts").await, 3);
        assert_eq!((events(app, "account.create").await, events(app, "account.suspend").await), (5, 1));
    }

    async fn nothing_of_another_account_is_taken_over(app: &TestApp) {
        let owner = app.owner().await;
        app.account("mateo", Role::User).await;
        create(app, &owner, "ada").await;
        for (wrong, code) in [
            (draft("ada"), Code::UsernameTaken),
            (UserDraft { user_name: set("ADA@CORP.EXAMPLE"), email: set("x@corp.example"), ..UserDraft::default() }, Code::UsernameTaken),
            (UserDraft { user_name: set("mateo"), email: set("x@corp.example"), ..UserDraft::default() }, Code::UsernameTaken),
            (UserDraft { external_id: set("id-ada"), ..draft("grace") }, Code::ExternalIdTaken),
            (UserDraft { email: set("mateo@bramble.example"), ..draft("grace") }, Code::EmailTaken),
        ] {
            assert_eq!(failure(users::create(&app.ctx, &owner, wrong.parse().unwrap()).await).code, code);
        }
        let grace = create(app, &owner, "grace").await.account.id;
        for (wrong, code) in [
            (UserDraft { user_name: set("ada@corp.example"), ..UserDraft::default() }, Code::UsernameTaken),
            (UserDraft { user_name: set("mateo"), ..UserDraft::default() }, Code::UsernameTaken),
            (UserDraft { external_id: set("id-ada"), ..UserDraft::default() }, Code::ExternalIdTaken),
            (UserDraft { email: set("ada@corp.example"), ..UserDraft::default() }, Code::EmailTaken),
        ] {
            assert_eq!(failure(change(app, &owner, grace, wrong).await).code, code);
        }
        assert_eq!(find(app, &owner, &[]).await.len(), 4);
    }

    async fn an_account_that_exists_is_found_and_linked(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await.id();
        assert_eq!(find(app, &owner, &[UserTerm::UserName("MATEO".into())]).await, ["mateo"]);
        let linked = UserDraft { external_id: set("id-mateo"), user_name: set("mateo@corp.example"), ..UserDraft::default() };
        let linked = change(app, &owner, mateo, linked).await.unwrap();
        // Anyone who signs in as mateo still does.
        assert_eq!((linked.user_name.as_str(), linked.account.username.as_str()), ("mateo@corp.example", "mateo"));
        for (terms, found) in [
            (vec![UserTerm::UserName("Mateo@Corp.example".into())], 1),
            (vec![UserTerm::UserName("mateo".into())], 0),
            (vec![UserTerm::ExternalId("id-mateo".into())], 1),
            (vec![UserTerm::ExternalId("ID-MATEO".into())], 0),
            (vec![UserTerm::HasExternalId], 1),
            (vec![UserTerm::Id(mateo), UserTerm::Active(true)], 1),
            (vec![UserTerm::Id(mateo), UserTerm::Active(false)], 0),
            (vec![UserTerm::Email("MATEO@bramble.example".into())], 1),
            (vec![UserTerm::Nothing], 0),
        ] {
            assert_eq!(find(app, &owner, &terms).await.len(), found, "{terms:?}");
        }
        let unlinked = UserDraft { external_id: Patch::Clear, user_name: set("mateo"), ..UserDraft::default() };
        let unlinked = change(app, &owner, mateo, unlinked).await.unwrap();
        assert_eq!((unlinked.user_name.as_str(), unlinked.external_id), ("mateo", None));
        // Nothing is recorded of a change that changes nothing.
        let before = app.number("SELECT COUNT(*) FROM audit_log").await;
        change(app, &owner, mateo, UserDraft { user_name: set("mateo"), active: Some(true), ..UserDraft::default() }).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log").await, before);
    }

    async fn inactive_is_suspended_and_only_that_is_lifted(app: &TestApp) {
        let owner = app.owner().await;
        let ada = create(app, &owner, "ada").await.account.id;
        let status = |user: &User| user.account.status;
        assert_eq!(status(&change(app, &owner, ada, active(false)).await.unwrap()), AccountStatus::Suspended);
        assert_eq!(status(&change(app, &owner, ada, active(false)).await.unwrap()), AccountStatus::Suspended);
        assert_eq!(status(&change(app, &owner, ada, active(true)).await.unwrap()), AccountStatus::Active);
        assert_eq!((events(app, "account.suspend").await, events(app, "account.restore").await), (1, 1));
        for status in ["approved_at = NULL", "approved_at = NULL, suspended_at = 1", "approved_at = 1, suspended_at = NULL, ends_at = 1"] {
            app.execute(&format!("UPDATE accounts SET {status} WHERE username = 'ada'")).await;
            assert!(failure(change(app, &owner, ada, active(true)).await).field_error("active").is_some(), "{status}");
            change(app, &owner, ada, active(false)).await.unwrap();
        }
        app.execute("UPDATE accounts SET ends_at = NULL WHERE username = 'ada'").await;
        // All or nothing.
        let wrong = UserDraft { display_name: set("Somebody"), email: set("ngozi@bramble.example"), active: Some(false), ..UserDraft::default() };
        assert_eq!(failure(change(app, &owner, ada, wrong).await).code, Code::EmailTaken);
        let kept = users::get(&app.ctx, &owner, ada).await.unwrap();
        assert_eq!((kept.account.display_name(), status(&kept)), ("ada", AccountStatus::Active));
    }

    async fn nobody_signs_in_without_a_password_until_an_operator_has_set_one(app: &TestApp) {
        let owner = app.owner().await;
        create(app, &owner, "ada").await;
        let sign_in = async |password: &str| {
            let draft = SignInDraft { login: "ada".to_owned(), password: password.to_owned() };
            sessions::sign_in(&app.ctx, &draft, &Client::default()).await
        };
        for password in ["", PASSWORD] {
            assert_eq!(failure(sign_in(password).await).code, Code::SignInFailed, "{password:?}");
        }
        let password = domain::accounts::Password::parse(PASSWORD).unwrap();
        operator::set_password(&app.ctx, "ada", password, false).await.unwrap();
        sign_in(PASSWORD).await.unwrap();

        let with = |password: &str| UserDraft { password: Some(password.to_owned()), ..draft("grace") }.parse().unwrap();
        let weak = users::create(&app.ctx, &owner, with("grace@corp.example")).await;
        assert!(failure(weak).field_error("password").is_some());
        users::create(&app.ctx, &owner, with(PASSWORD)).await.unwrap();
        let draft = SignInDraft { login: "grace".to_owned(), password: PASSWORD.to_owned() };
        sessions::sign_in(&app.ctx, &draft, &Client::default()).await.unwrap();
    }

    async fn only_accounts_below_are_changed_and_permissions_count(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let user = app.account("una", Role::User).await;
        for id in [owner.id(), admin.id()] {
            assert_eq!(failure(change(app, &admin, id, active(false)).await).code, Code::Forbidden);
            assert_eq!(failure(users::delete(&app.ctx, &admin, id).await).code, Code::Forbidden);
        }
        assert_eq!(failure(users::create(&app.ctx, &user, new("ada")).await).code, Code::Forbidden);
        assert_eq!(failure(users::list(&app.ctx, &user, &[], FIRST_PAGE).await).code, Code::Forbidden);
        let high = group(app, &owner, "High", vec![]).await;
        app.execute("UPDATE groups SET permissions = 'settings.change' WHERE name = 'High'").await;
        app.account("mod", Role::Moderator).await;
        app.grant("mod", Permission::GroupsManage.into()).await;
        let moderator = operator::act_as(&app.ctx, Some("mod")).await.unwrap();
        let refused = change_members(app, &moderator, high, MembersChange::Add(vec![moderator.id()])).await;
        assert!(failure(refused).message.contains("settings.change"));
    }

    async fn a_deleted_account_is_unknown_and_its_names_are_free(app: &TestApp) {
        let owner = app.owner().await;
        let ada = create(app, &owner, "ada").await.account.id;
        let potters = group(app, &owner, "Potters", vec![ada]).await;
        users::delete(&app.ctx, &owner, ada).await.unwrap();
        assert_eq!(failure(users::get(&app.ctx, &owner, ada).await).code, Code::NotFound);
        assert_eq!(failure(change(app, &owner, ada, active(true)).await).code, Code::NotFound);
        assert_eq!(failure(users::delete(&app.ctx, &owner, ada).await).code, Code::NotFound);
        assert_eq!(members_of(app, &owner, potters).await, Vec::<String>::new());
        assert_eq!(find(app, &owner, &[]).await, ["ngozi"]);
        create(app, &owner, "ada").await;
    }

    async fn lists_are_read_by_their_start_and_by_cursors(app: &TestApp) {
        let owner = app.owner().await;
        for number in 0..5 {
            app.advance(Duration::from_millis(2));
            create(app, &owner, &format!("person{number}")).await;
        }
        let page = async |window| users::list(&app.ctx, &owner, &[UserTerm::HasExternalId], window).await.unwrap();
        let names = |page: &Listed<User>| page.items.iter().map(|user| user.account.username.to_string()).collect::<Vec<_>>();
        let second = page(Window::Index { start: 3, count: 2 }).await;
        assert_eq!((names(&second), second.total), (vec!["person2".to_owned(), "person3".to_owned()], 5));
        let beyond = page(Window::Index { start: 6, count: 2 }).await;
        assert_eq!((beyond.items.len(), beyond.total), (0, 5));
        assert_eq!(page(Window::Index { start: 1, count: 0 }).await.total, 5);
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = page(Window::Cursor { after, count: 2 }).await;
            seen.extend(names(&page));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["person0", "person1", "person2", "person3", "person4"]);
    }

    async fn groups_are_filled_replaced_and_emptied(app: &TestApp) {
        let owner = app.owner().await;
        let mut ids = Vec::new();
        for name in ["ada", "grace", "mateo"] {
            ids.push(create(app, &owner, name).await.account.id);
        }
        let new = GroupDraft { name: set("Potters"), external_id: set("g-1"), members: vec![MembersChange::Replace(vec![ids[0]])] };
        let potters = groups::create(&app.ctx, &owner, new.clone().parse().unwrap(), true).await.unwrap();
        assert_eq!(potters.members.as_ref().unwrap().len(), 1);
        let id = potters.id;
        let taken = GroupDraft { name: set("Others"), ..new.clone() };
        assert_eq!(failure(groups::create(&app.ctx, &owner, taken.parse().unwrap(), true).await).code, Code::ExternalIdTaken);
        assert_eq!(failure(groups::create(&app.ctx, &owner, new.parse().unwrap(), true).await).code, Code::GroupNameTaken);

        change_members(app, &owner, id, MembersChange::Add(vec![ids[0], ids[1], ids[1]])).await.unwrap();
        assert_eq!(members_of(app, &owner, id).await, ["ada", "grace"]);
        let (nobody, before) = (AccountId(uuid::Uuid::nil()), events(app, "group.add_members").await);
        let unknown = change_members(app, &owner, id, MembersChange::Add(vec![ids[2], nobody])).await;
        assert!(failure(unknown).field_error("members").is_some());
        assert_eq!((members_of(app, &owner, id).await.len(), events(app, "group.add_members").await), (2, before));
        change_members(app, &owner, id, MembersChange::Replace(vec![ids[1], ids[2]])).await.unwrap();
        assert_eq!(members_of(app, &owner, id).await, ["grace", "mateo"]);
        change_members(app, &owner, id, MembersChange::Remove(vec![ids[0], ids[1], nobody])).await.unwrap();
        assert_eq!(members_of(app, &owner, id).await, ["mateo"]);
        let member = users::get(&app.ctx, &owner, ids[2]).await.unwrap();
        assert_eq!(member.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Potters"]);

        let find = async |term| groups::list(&app.ctx, &owner, &[term], FIRST_PAGE, false).await.unwrap().items.len();
        assert_eq!(find(GroupTerm::Name("POTTERS".into())).await, 1);
        assert_eq!(find(GroupTerm::ExternalId("g-1".into())).await, 1);
        assert_eq!(find(GroupTerm::Member(ids[2])).await, 1);
        assert_eq!(find(GroupTerm::Member(ids[1])).await, 0);
        assert_eq!(find(GroupTerm::HasExternalId).await, 1);
        let renamed = GroupDraft { name: set("Kiln"), ..GroupDraft::default() }.replacement().unwrap();
        let renamed = groups::change(&app.ctx, &owner, id, renamed, true).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.external_id, renamed.members), ("Kiln", None, Some(vec![])));
        groups::delete(&app.ctx, &owner, id).await.unwrap();
        assert_eq!(failure(groups::get(&app.ctx, &owner, id, false).await).code, Code::NotFound);
    }

    async fn who_stays_in_a_group_that_is_replaced_keeps_the_membership(app: &TestApp) {
        use crate::memberships::entity::{Column, Entity, Model};
        use sea_orm::{ColumnTrait, QueryFilter};
        let owner = app.owner().await;
        let mut ids = Vec::new();
        for name in ["ada", "grace", "mateo"] {
            ids.push(create(app, &owner, name).await.account.id);
        }
        let id = group(app, &owner, "Potters", vec![ids[0], ids[1]]).await;
        let as_manager = serde_json::json!({ "accounts": ["ada"], "manager": true, "ends_at": "2100-01-01T00:00:00Z" });
        let as_manager = serde_json::from_value(as_manager).unwrap();
        crate::groups::add_members(&app.ctx, &owner, id, as_manager).await.unwrap();
        let membership = async || -> Model {
            let of_ada = Entity::find().filter(Column::GroupId.eq(id.0)).filter(Column::AccountId.eq(ids[0].0));
            of_ada.one(&app.ctx.db().read).await.unwrap().unwrap()
        };
        let before = membership().await;
        assert!(before.is_manager && before.ends_at.is_some());
        let added = events(app, "group.add_members").await;

        app.advance(Duration::from_mins(1));
        change_members(app, &owner, id, MembersChange::Replace(vec![ids[0], ids[2]])).await.unwrap();
        assert_eq!(members_of(app, &owner, id).await, ["ada", "mateo"]);
        assert_eq!(membership().await, before);
        let changes = (events(app, "group.add_members").await - added, events(app, "group.remove_members").await);
        assert_eq!(changes, (1, 1), "one is added, and one removed");
    }

    async fn groups_are_answered_to_those_who_see_every_group(app: &TestApp) {
        let owner = app.owner().await;
        let ada = create(app, &owner, "ada").await.account.id;
        group(app, &owner, "Potters", vec![ada]).await;
        app.account("una", Role::User).await;
        app.grant("una", Permission::AccountsManage.into()).await;
        let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();
        let renamed = |name: &str| UserDraft { display_name: set(name), ..UserDraft::default() };
        let answered = change(app, &una, ada, renamed("Ada")).await.unwrap();
        assert_eq!(answered.account.display_name(), "Ada");
        assert!(answered.groups.is_empty());
        let answered = change(app, &owner, ada, renamed("Ada L.")).await.unwrap();
        assert_eq!(answered.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Potters"]);
    }

    async fn of_several_requests_at_once_one_creates_the_account(app: &TestApp) {
        let owner = app.owner().await;
        let mut tasks = JoinSet::new();
        for _ in 0..6 {
            let (ctx, owner) = (app.ctx.clone(), owner.clone());
            tasks.spawn(async move { users::create(&ctx, &owner, new("ada")).await });
        }
        let outcomes = tasks.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error.code() == Code::UsernameTaken || error.code() == Code::EmailTaken));
        // Different people, whose usernames would be the same.
        let mut tasks = JoinSet::new();
        for number in 0..6 {
            let (ctx, owner) = (app.ctx.clone(), owner.clone());
            let draft = UserDraft { user_name: set(&format!("grace@corp{number}.example")), ..UserDraft::default() };
            tasks.spawn(async move { users::create(&ctx, &owner, draft.parse().unwrap()).await.unwrap() });
        }
        let mut names: Vec<_> = tasks.join_all().await.into_iter().map(|user| user.account.username.to_string()).collect();
        names.sort_unstable();
        assert_eq!(names, ["grace", "grace2", "grace3", "grace4", "grace5", "grace6"]);
    }

    async fn an_account_that_is_deleted_while_it_is_changed_stays_deleted(app: &TestApp) {
        let owner = app.owner().await;
        for round in 0..6 {
            let id = create(app, &owner, &format!("person{round}")).await.account.id;
            let rename = UserChange { active: Some(round % 2 == 0), ..draft("other").change().unwrap() };
            let (changed, deleted) = tokio::join!(users::change(&app.ctx, &owner, id, rename), users::delete(&app.ctx, &owner, id));
            deleted.unwrap();
            if let Err(error) = changed {
                assert_eq!(error.code(), Code::NotFound);
            }
            assert_eq!(failure(users::get(&app.ctx, &owner, id).await).code, Code::NotFound);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM directory_accounts").await, 0);
        assert_eq!(find(app, &owner, &[]).await, ["ngozi"]);
    }

    async fn webhooks_are_told_of_what_a_directory_changes(app: &TestApp) {
        let owner = app.owner().await;
        let webhook = serde_json::json!({ "name": "Chat", "url": "https://chat.example.org/hook" });
        let webhook: domain::webhooks::WebhookDraft = serde_json::from_value(webhook).unwrap();
        crate::webhooks::create(&app.ctx, &owner, webhook.parse().unwrap()).await.unwrap();
        let ada = create(app, &owner, "ada").await.account.id;
        let changed = UserDraft { external_id: Patch::Clear, email: set("ada@mail.example"), ..active(false) };
        change(app, &owner, ada, changed).await.unwrap();
        let potters = group(app, &owner, "Potters", vec![ada]).await;
        change_members(app, &owner, potters, MembersChange::Replace(vec![])).await.unwrap();
        let mut told = crate::outbox::entity::Entity::find().all(&app.ctx.db().read).await.unwrap();
        told.sort_unstable_by_key(|message| message.seq);
        let told: Vec<_> = told.iter().map(|message| message.event.as_str()).collect();
        let expected = ["account.created", "account.updated", "account.updated", "account.suspended", "group.created"];
        assert_eq!(told, [expected.as_slice(), &["group.member_added", "group.member_removed"]].concat());
    }

    async fn members_of_the_rest_api_and_of_a_directory_are_the_same(app: &TestApp) {
        let owner = app.owner().await;
        let ada = create(app, &owner, "ada").await.account.id;
        let potters = group(app, &owner, "Potters", vec![ada]).await;
        let listed = crate::groups::members(&app.ctx, &owner, potters, &domain::groups::GroupMemberQuery::default()).await.unwrap();
        assert_eq!(listed.items.len(), 1);
        members::suspend(&app.ctx, &owner, ada).await.unwrap();
        assert_eq!(find(app, &owner, &[UserTerm::Active(false)]).await, ["ada@corp.example"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_group_is_written_in_bounded_statements() {
    for app in [TestApp::sqlite().await, TestApp::postgres().await] {
        let owner = app.owner().await;
        let id = if app.ctx.db().is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        let series = if app.ctx.db().is_postgres() {
            "SELECT generate_series(1, 10000) AS n"
        } else {
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000) SELECT n FROM s"
        };
        app.execute(&format!(
            "INSERT INTO accounts (id, email, email_folded, username, username_folded, role, password_hash, name_sort, words,
                created_at, updated_at, approved_at)
             SELECT {id}, 'p' || n || '@corp.example', 'p' || n || '@corp.example', 'p' || n, 'p' || n, 'user', '', 'p' || n, '', 1, 1, 1
             FROM ({series}) AS numbers"
        ))
        .await;
        let everybody: Vec<AccountId> = {
            use crate::accounts::entity::{Column, Entity};
            use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
            let ids = Entity::find().select_only().column(Column::Id).filter(Column::Role.eq("user"));
            ids.into_tuple::<uuid::Uuid>().all(&app.ctx.db().read).await.unwrap().into_iter().map(AccountId).collect()
        };
        let all = group(&app, &owner, "All", everybody.clone()).await;
        assert_eq!(groups::get(&app.ctx, &owner, all, true).await.unwrap().members.unwrap().len(), 10_000);
        let half = everybody.iter().take(5_000).copied().collect();
        change_members(&app, &owner, all, MembersChange::Replace(half)).await.unwrap();
        assert_eq!(groups::get(&app.ctx, &owner, all, true).await.unwrap().members.unwrap().len(), 5_000);
        let too_many = [everybody.clone(), everybody].concat();
        let refused = change_members(&app, &owner, all, MembersChange::Remove(too_many)).await;
        assert_eq!(failure(refused).code, Code::PayloadTooLarge);
        app.close().await;
    }
}
