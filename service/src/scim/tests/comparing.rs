use domain::applications::ScimDiffers;

use super::*;

fn listed(comparison: &ScimComparison) -> Vec<(ScimKind, &str, String)> {
    let mut listed: Vec<_> =
        comparison.differences.iter().map(|one| (one.kind, one.name.as_str(), one.differs.title())).collect();
    listed.sort_unstable();
    listed
}

on_both_databases! {
    async fn a_comparison_says_what_differs_and_changes_nothing(app: &TestApp) {
        let owner = app.owner().await;
        for name in ["mateo", "lena", "tomasz", "una"] {
            app.account(name, Role::User).await;
        }
        app.group(&owner, "Potters", &["mateo", "lena"]).await;
        let fixture = Fixture::with(app, owner, None, json!({ "groups": true })).await;
        let there = &fixture.there;
        let equal = compare(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!((equal.equal, equal.differences.len(), equal.complete, equal.more), (6, 0, true, false));

        let lena = operator::act_as(&app.ctx, Some("lena")).await.unwrap();
        members::suspend(&app.ctx, &fixture.owner, lena.id()).await.unwrap();
        app.account("new", Role::User).await;
        app.group(&fixture.owner, "Weavers", &["tomasz"]).await;
        {
            let mut inside = there.inside();
            inside.users.retain(|user| user["userName"] != "tomasz");
            let una = inside.users.iter_mut().find(|user| user["userName"] == "una").unwrap();
            una["displayName"] = "Changed there".into();
            una["active"] = false.into();
            inside.users.push(json!({ "id": "x1", "userName": "stranger" }));
            inside.users.push(json!({ "id": "x2", "userName": "NEW" }));
            inside.groups.push(json!({ "id": "g1", "displayName": "Admins" }));
            inside.groups[0]["members"] = json!([]);
            inside.max_page = Some(2);
        }
        there.take();
        let before = there.inside().users.clone();
        let comparison = compare(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        let (account, group) = (ScimKind::Account, ScimKind::Group);
        assert_eq!(
            listed(&comparison),
            [
                (account, "lena", "Active there, may not enter".to_owned()),
                (account, "new", "Same name there, not connected".to_owned()),
                (account, "stranger", "Only there".to_owned()),
                (account, "tomasz", "Missing there".to_owned()),
                (account, "una", "Differs: displayName, active".to_owned()),
                (group, "Admins", "Only there".to_owned()),
                (group, "Potters", "Differs: members".to_owned()),
                (group, "Weavers", "Missing there".to_owned()),
            ]
        );
        assert_eq!((comparison.equal, comparison.complete), (2, true));
        assert!(there.take().iter().all(|line| line.starts_with("GET")));
        assert_eq!(there.inside().users, before);

        synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        fixture.send(app).await;
        let left = compare(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        let only: Vec<_> = listed(&left).into_iter().map(|(_, name, _)| name.to_owned()).collect();
        assert_eq!(only, ["new", "stranger", "Admins"], "what is not ours is left alone");
        assert!(left.differences.iter().any(|one| one.differs == ScimDiffers::SameName));
    }

    async fn a_service_that_does_not_page_is_read_once(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        for number in 0..3 {
            fixture.there.inside().users.push(json!({ "id": format!("x{number}"), "userName": format!("x{number}") }));
        }
        fixture.there.inside().ignores_paging = true;
        fixture.there.inside().max_page = Some(2);
        fixture.there.take();
        let comparison = compare(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!(comparison.equal, 1);
        assert!(fixture.there.take().len() <= 3);
        fixture.there.answer([(500, "", r#"{"detail":"Out of order."}"#)]);
        let refused = failure(compare(&app.ctx, &fixture.owner, fixture.id).await);
        assert_eq!((refused.code, refused.message.as_str()), (Code::Invalid, "The application could not be read (500). Out of order."));
    }
}
