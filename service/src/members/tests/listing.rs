use domain::accounts::AccountSort;
use domain::endings::EndsSoon;
use domain::groups::{GroupDraft, MembersDraft};
use domain::paging::{Limit, Order, Paging};
use domain::text::DisplayName;
use sea_orm::{ConnectionTrait, QueryTrait, Statement};

use super::*;
use crate::groups;

/// The usernames of a list, read two at a time, forwards and then backwards.
async fn usernames(app: &TestApp, actor: &Actor, query: AccountQuery) -> Vec<String> {
    let limit = Limit::try_from(2).unwrap();
    let page = async |cursor| {
        list(&app.ctx, actor, &AccountQuery { paging: Paging { cursor, limit }, ..query.clone() }).await.unwrap()
    };
    let names = |page: &domain::paging::Page<AccountRow>| {
        page.items.iter().map(|row| row.account.username.to_string()).collect::<Vec<_>>()
    };
    let mut last = page(None).await;
    let mut forwards = vec![names(&last)];
    while last.next_cursor.is_some() {
        last = page(last.next_cursor).await;
        forwards.push(names(&last));
    }
    let mut backwards = vec![names(&last)];
    while last.previous_cursor.is_some() {
        last = page(last.previous_cursor).await;
        backwards.insert(0, names(&last));
    }
    assert_eq!(forwards, backwards);
    forwards.concat()
}

on_both_databases! {
    async fn a_list_is_sorted_by_creation_name_or_last_activity(app: &TestApp) {
        let owner = app.owner().await;
        for (username, name) in [("u1", "Zoë"), ("u2", "ångström"), ("u3", "Émile"), ("u4", "emil"), ("zz", "")] {
            app.advance(Duration::from_secs(1));
            let actor = app.account(username, Role::User).await;
            if !name.is_empty() {
                me::rename(&app.ctx, &actor, Some(DisplayName::parse(name).unwrap())).await.unwrap();
            }
        }
        for login in ["u3", "u1"] {
            app.advance(Duration::from_secs(1));
            sessions::sign_in(&app.ctx, &sign_in(login, PASSWORD), &Client::default()).await.unwrap();
        }
        let sorted = async |sort, order| usernames(app, &owner, AccountQuery { sort, order, ..AccountQuery::default() }).await;
        assert_eq!(sorted(AccountSort::Created, Order::Ascending).await, ["ngozi", "u1", "u2", "u3", "u4", "zz"]);
        assert_eq!(sorted(AccountSort::Created, Order::Descending).await, ["zz", "u4", "u3", "u2", "u1", "ngozi"]);
        assert_eq!(sorted(AccountSort::Name, Order::Ascending).await, ["u2", "u4", "u3", "ngozi", "u1", "zz"]);
        assert_eq!(sorted(AccountSort::Name, Order::Descending).await, ["zz", "u1", "ngozi", "u3", "u4", "u2"]);
        assert_eq!(sorted(AccountSort::LastActive, Order::Descending).await[..2], ["u1", "u3"]);
        assert_eq!(sorted(AccountSort::LastActive, Order::Ascending).await[4..], ["u3", "u1"]);
    }

    async fn a_list_is_filtered_by_role_group_and_inviter_together_with_a_search(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let (by_owner, by_admin) = (app.invite(&owner, InviteDraft::default()).await, app.invite(&admin, InviteDraft::default()).await);
        for (invite, username) in [(&by_owner, "ada"), (&by_owner, "grace"), (&by_admin, "linus")] {
            app.advance(Duration::from_secs(1));
            app.sign_up(code(invite), username).await.unwrap();
        }
        let draft: GroupDraft = serde_json::from_str(r#"{"name":"Potters"}"#).unwrap();
        let group = groups::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().id;
        let members = MembersDraft { accounts: ["tomasz", "grace", "linus"].map(str::to_owned).into(), ..MembersDraft::default() };
        groups::add_members(&app.ctx, &owner, group, members).await.unwrap();
        app.execute("UPDATE memberships SET ends_at = 1 WHERE account_id = (SELECT id FROM accounts WHERE username = 'linus')").await;
        let soon = app.ctx.now().plus(Duration::from_hours(1)).as_micros();
        app.execute(&format!("UPDATE accounts SET ends_at = {soon} WHERE username = 'ada'")).await;
        app.execute(&format!("UPDATE memberships SET ends_at = {soon} WHERE account_id = (SELECT id FROM accounts WHERE username = 'grace')")).await;
        let all = AccountFilter::default();
        for (filter, found) in [
            (AccountFilter { ends_soon: Some(EndsSoon::Account), ..all.clone() }, vec!["ada"]),
            (AccountFilter { ends_soon: Some(EndsSoon::Membership), ..all.clone() }, vec!["grace"]),
            (AccountFilter { ends_soon: Some(EndsSoon::Membership), group: Some(group), ..all.clone() }, vec!["grace"]),
            (AccountFilter { q: Some("ada".into()), ends_soon: Some(EndsSoon::Account), ..all.clone() }, vec!["ada"]),
            (AccountFilter { q: Some("ada".into()), ends_soon: Some(EndsSoon::Membership), ..all.clone() }, vec![]),
            (AccountFilter { role: Some(Role::Admin), ..all.clone() }, vec!["tomasz"]),
            (AccountFilter { role: Some(Role::Owner), ..all.clone() }, vec!["ngozi"]),
            (AccountFilter { role: Some(Role::User), ..all.clone() }, vec!["linus", "grace", "ada"]),
            (AccountFilter { group: Some(group), ..all.clone() }, vec!["grace", "tomasz"]),
            (AccountFilter { inviter: Some(owner.id()), ..all.clone() }, vec!["grace", "ada"]),
            (AccountFilter { inviter: Some(admin.id()), ..all.clone() }, vec!["linus"]),
            (AccountFilter { group: Some(group), inviter: Some(owner.id()), ..all.clone() }, vec!["grace"]),
            (AccountFilter { q: Some("postbox".into()), group: Some(group), ..all.clone() }, vec!["grace"]),
            (AccountFilter { q: Some("post".into()), inviter: Some(admin.id()), ..all.clone() }, vec!["linus"]),
            (AccountFilter { q: Some("nobody".into()), group: Some(group), ..all.clone() }, vec![]),
            (AccountFilter { role: Some(Role::User), group: Some(group), ..all.clone() }, vec!["grace"]),
            (AccountFilter { status: Some(AccountStatus::Suspended), group: Some(group), ..all.clone() }, vec![]),
        ] {
            for sort in AccountSort::ALL {
                let query = AccountQuery { filter: filter.clone(), sort, ..AccountQuery::default() };
                let mut names = usernames(app, &owner, query).await;
                if sort != AccountSort::Created {
                    names.sort_unstable();
                }
                let mut found = found.clone();
                if sort != AccountSort::Created {
                    found.sort_unstable();
                }
                assert_eq!(names, found, "{filter:?} by {sort}");
            }
        }
        let groups = groups_of(&app.ctx, &owner, [admin.id(), owner.id()]).await.unwrap();
        assert_eq!(groups[&admin.id()].iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Potters"]);
        assert!(!groups.contains_key(&owner.id()));
    }

    async fn the_page_after_a_deleted_account_in_a_list_by_name_says_so(app: &TestApp) {
        let owner = app.owner().await;
        for username in ["ada", "grace", "linus"] {
            app.account(username, Role::User).await;
        }
        let paging = Paging { cursor: None, limit: Limit::try_from(2).unwrap() };
        let query = AccountQuery { sort: AccountSort::Name, order: Order::Ascending, paging, ..AccountQuery::default() };
        let first = list(&app.ctx, &owner, &query).await.unwrap();
        delete(&app.ctx, &owner, first.items[1].account.id).await.unwrap();
        let next = AccountQuery { paging: Paging { cursor: first.next_cursor, ..paging }, ..query };
        let refused = failure(list(&app.ctx, &owner, &next).await);
        assert_eq!((refused.code, refused.field_error("cursor").is_some()), (Code::Invalid, true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_order_and_status_is_read_from_an_index() {
    use crate::accounts::entity::{Column, Entity};
    use sea_orm::sea_query::{Expr, SimpleExpr};
    use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

    let app = TestApp::sqlite().await;
    let plan = async |query: sea_orm::Select<Entity>| {
        let query = query.build(sea_orm::DbBackend::Sqlite);
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", query.sql), ..query };
        let rows = app.ctx.db().read.query_all_raw(explain).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
    };
    let list = |filter: sea_orm::Condition, key: SimpleExpr| {
        Entity::find().filter(filter).order_by_desc(key).order_by_desc(Column::Id).limit(51)
    };
    let created = || Expr::col((Entity, Column::CreatedAt));
    let now = app.ctx.now();
    let status = |status| crate::accounts::store::with_status(status, now);
    for (query, index) in [
        (list(status(None), created()), "accounts_created"),
        (list(status(None), Expr::col((Entity, Column::NameSort))), "accounts_name"),
        (list(status(None), Expr::cust(super::super::list::LAST_ACTIVE)), "accounts_active"),
        (list(status(Some(AccountStatus::Pending)), created()), "accounts_pending"),
        (list(status(Some(AccountStatus::Unverified)), created()), "accounts_unverified"),
        (list(status(Some(AccountStatus::Declined)), created()), "accounts_declined"),
        (list(status(Some(AccountStatus::Suspended)), created()), "accounts_suspended"),
    ] {
        let plan = plan(query).await;
        assert!(plan.contains(&format!("USING INDEX {index}")), "{index}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{index}: {plan}");
    }
    let ended = Entity::find().filter(status(Some(AccountStatus::Ended)));
    assert!(plan(ended).await.contains("accounts_ends"), "counting what has ended");
    let staff = status(None).add(super::super::list::has_role(Role::Admin));
    assert!(plan(list(staff, created())).await.contains("accounts_staff"));
    app.finish().await;
}
