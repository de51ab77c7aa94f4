use super::*;

fn user(name: &str, external_id: Option<&str>) -> serde_json::Value {
    json!({
        "id": format!("there-{name}"), "userName": name, "displayName": name, "active": true, "externalId": external_id,
        "emails": [{ "value": format!("{name}@bramble.example"), "primary": true }],
    })
}

on_both_databases! {
    async fn an_account_that_exists_is_adopted_only_where_that_was_chosen(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let there = &fixture.there;
        there.inside().users.extend([user("mateo", None), user("lena", Some("of another system"))]);
        app.account("mateo", Role::User).await;
        app.account("lena", Role::User).await;
        fixture.send(app).await;
        assert_eq!(there.inside().users.len(), 3);
        let [of_lena, of_mateo] = &fixture.deliveries(app).await[..2] else { panic!() };
        assert_eq!((of_mateo.status, of_lena.status), (DeliveryStatus::Dead, DeliveryStatus::Dead), "given up at once");
        assert!(of_mateo.last_answer.as_deref().unwrap().contains("adopt"), "{of_mateo:?}");
        assert_eq!(there.user("mateo")["externalId"], json!(null), "it is left alone");
        let state = fixture.state(app).await;
        assert_eq!((state.failed.counted, state.failures), (2, 0));
        assert!(state.last_error.is_some());

        fixture.update(app, json!({ "scim": { "adopt": true } })).await;
        fixture.send(app).await;
        let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
        let adopted = there.user("mateo");
        assert_eq!((adopted["id"].clone(), adopted["externalId"].clone()), (json!("there-mateo"), json!(mateo.id())));
        assert_eq!(there.user("lena")["externalId"], "of another system", "it belongs to somebody else");
        assert_eq!(there.inside().users.len(), 3);
        let failed = DeliveryQuery { status: Some(DeliveryStatus::Dead), ..DeliveryQuery::default() };
        let failed = deliveries(&app.ctx, &fixture.owner, fixture.id, &failed).await.unwrap().items;
        let names: Vec<_> = failed.iter().map(|delivery| delivery.name.as_deref()).collect();
        assert!(!names.contains(&Some("mateo")) && names.contains(&Some("lena")), "{names:?}");
    }

    async fn an_account_that_was_created_and_not_recorded_is_found_by_its_identifier(app: &TestApp) {
        for ignores_filters in [false, true] {
            let fixture = if ignores_filters {
                let owner = operator::act_as(&app.ctx, Some("ngozi")).await.unwrap();
                app.execute("DELETE FROM scim_resources").await;
                app.execute("UPDATE applications SET name = 'Other', name_folded = 'other'").await;
                Fixture::with(app, owner, None, json!({})).await
            } else {
                Fixture::open(app).await
            };
            let there = &fixture.there;
            there.inside().ignores_filters = ignores_filters;
            there.inside().max_page = Some(2);
            for number in 0..5 {
                there.inside().users.insert(0, user(&format!("other{number}"), None));
            }
            app.execute("DELETE FROM scim_resources").await;
            synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
            let requests = fixture.sends(app).await;
            assert!(requests.iter().all(|line| line.starts_with("GET")), "{requests:?}");
            assert_eq!(there.inside().users.len(), 6);
            assert_eq!(app.number("SELECT COUNT(*) FROM scim_resources").await, 1);
        }
    }

    async fn what_was_deleted_there_is_created_again(app: &TestApp) {
        let owner = app.owner().await;
        app.group(&owner, "Potters", &["ngozi"]).await;
        let fixture = Fixture::with(app, owner, None, json!({ "groups": true })).await;
        fixture.there.inside().users.clear();
        fixture.there.inside().groups.clear();
        synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.there.members("Potters"), ["ngozi"]);
        // One that is to be inactive is not.
        let mateo = app.account("mateo", Role::User).await;
        fixture.send(app).await;
        fixture.there.inside().users.retain(|user| user["userName"] != "mateo");
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.there.inside().users.len(), 1);
        assert_eq!(fixture.state(app).await.failed.counted, 0);
    }

    async fn a_service_without_patch_gets_the_whole_resource(app: &TestApp) {
        let owner = app.owner().await;
        let potters = app.group(&owner, "Potters", &["ngozi"]).await;
        let fixture = Fixture::with(app, owner, None, json!({ "groups": true })).await;
        let there = &fixture.there;
        there.inside().takes_put_only = true;
        there.inside().users[0]["title"] = "Potter".into();
        app.advance(Duration::from_mins(5));
        me::rename(&app.ctx, &fixture.owner, Some(DisplayName::parse("Ngozi A.").unwrap())).await.unwrap();
        app.account("mateo", Role::User).await;
        join(app, &fixture.owner, potters, &["mateo"]).await;
        let requests = fixture.sends(app).await;
        let config = requests.iter().filter(|line| *line == "GET /ServiceProviderConfig");
        assert_eq!(config.count(), 1, "read again after some minutes");
        assert_eq!(requests.iter().filter(|line| line.starts_with("PUT /Users")).count(), 1);
        assert!(!requests.iter().any(|line| line.starts_with("PATCH")));
        let ngozi = there.user("ngozi");
        assert_eq!((ngozi["displayName"].clone(), ngozi["title"].clone()), (json!("Ngozi A."), json!("Potter")));
        assert_eq!(there.members("Potters"), ["mateo", "ngozi"]);
        let mateo = operator::act_as(&app.ctx, Some("mateo")).await.unwrap();
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        let mateo = there.user("mateo");
        assert_eq!((mateo["active"].clone(), mateo["displayName"].clone()), (json!(false), json!("mateo")));
    }

    async fn a_service_can_ask_for_time(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let there = &fixture.there;
        app.account("mateo", Role::User).await;
        for (status, asked, waits) in [(429, "retry-after: 3600\r\n", 3_600), (503, "retry-after: 60\r\n", 60)] {
            there.answer([(status, asked, r#"{"detail":"Slow down."}"#)]);
            fixture.send(app).await;
            there.take();
            let state = fixture.state(app).await;
            assert_eq!((state.last_error.as_deref(), state.waiting.counted), (Some("Slow down."), 1));
            app.advance(Duration::from_secs(waits - 1));
            assert!(fixture.sends(app).await.is_empty());
            app.advance(Duration::from_secs(1));
        }
        fixture.send(app).await;
        assert_eq!(there.user("mateo")["active"], true);
        assert_eq!(fixture.state(app).await.failures, 0);
    }

    async fn a_wrong_address_or_token_gives_nothing_up(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        app.account("mateo", Role::User).await;
        let location: &'static str = Box::leak(format!("location: {}\r\n", fixture.there.url()).into_boxed_str());
        for (fault, said) in [
            ((404, "", "{}"), "{}"),
            ((302, location, ""), "redirect"),
            ((403, "", r#"{"detail":"no"}"#), "refused the token"),
            ((200, "", "\"a page\""), "not that of a SCIM service"),
        ] {
            fixture.there.answer([fault]);
            let requests = fixture.sends(app).await;
            assert_eq!(requests.len(), 1, "{requests:?}");
            let state = fixture.state(app).await;
            assert!(state.last_error.as_deref().is_some_and(|error| error.contains(said)), "{state:?}");
            assert_eq!((state.failed.counted, state.waiting.counted), (0, 1));
            fixture.wait(app).await;
        }
        // What a service repeats of the token is not kept.
        let echo = format!("{{\"detail\":\"bad token {TOKEN}\"}}");
        fixture.there.answer([(401, "", Box::leak(echo.into_boxed_str()) as &'static str)]);
        fixture.send(app).await;
        let error = fixture.state(app).await.last_error.unwrap();
        assert!(error.ends_with("bad token …"), "{error}");
        fixture.wait(app).await;
        fixture.send(app).await;
        assert_eq!(fixture.there.user("mateo")["active"], true);
    }

    async fn whatever_a_service_answers_is_stored_and_holds_nobody_up(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        // What is kept of an answer ends in the middle of the token.
        let cut = format!("{}{TOKEN}", "x".repeat(1024 - TOKEN.len() / 2));
        let cut: &'static str = Box::leak(cut.into_boxed_str());
        let nobody = (200, "", r#"{"totalResults":0,"Resources":[]}"#);
        for (name, faults, said) in [
            ("mateo", vec![nobody, (400, "", r#"{"detail":"a\u0000b"}"#)], "a\u{FFFD}b"),
            ("lena", vec![nobody, (400, "", cut)], "x…"),
            ("una", vec![nobody, (201, "", r#"{"id":"a\u0000b"}"#)], "can't be part of an address."),
        ] {
            app.account(name, Role::User).await;
            fixture.there.answer(faults);
            fixture.send(app).await;
            let newest = fixture.deliveries(app).await.remove(0);
            let answer = newest.last_answer.unwrap();
            assert!(newest.status == DeliveryStatus::Dead && answer.ends_with(said), "{name}: {answer}");
        }
        app.account("ben", Role::User).await;
        fixture.send(app).await;
        assert_eq!(fixture.there.user("ben")["active"], true);
    }

    async fn what_is_another_member_there_is_not_adopted(app: &TestApp) {
        let fixture = Fixture::new(app, json!({ "adopt": true })).await;
        let first = app.account("mateo", Role::User).await;
        fixture.send(app).await;
        // It keeps no identifiers of others, and does not take the change of the name, which then is that of another member.
        fixture.there.inside().users.iter_mut().for_each(|user| user["externalId"] = json!(null));
        fixture.there.inside().broken_for = Some(("mateo2".to_owned(), 500));
        let change = serde_json::from_value(json!({ "username": "mateo2", "email": "mateo2@bramble.example" })).unwrap();
        crate::members::update(&app.ctx, &fixture.owner, first.id(), change).await.unwrap();
        app.account("mateo", Role::User).await;
        fixture.send(app).await;
        fixture.wait(app).await;
        fixture.send(app).await;
        let answer = fixture.deliveries(app).await.remove(0).last_answer.unwrap();
        assert!(answer.contains("belongs to another member"), "{answer}");
        let remote_ids = "SELECT COUNT(remote_id) - COUNT(DISTINCT remote_id) FROM scim_resources WHERE kind = 'account'";
        assert_eq!(app.number(remote_ids).await, 0, "each is one");
    }

    async fn what_is_refused_is_given_up_at_once_and_can_be_tried_again(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        app.account("mateo", Role::User).await;
        app.account("lena", Role::User).await;
        fixture.there.inside().broken_for = Some(("mateo".to_owned(), 400));
        fixture.send(app).await;
        assert_eq!(fixture.there.user("lena")["active"], true, "the next one is sent");
        let refused = fixture.deliveries(app).await.remove(1);
        assert_eq!((refused.status, refused.attempts, refused.last_answer.as_deref()), (DeliveryStatus::Dead, 1, Some("broken")));
        assert!(matches!(refused.about, ScimAbout::Account { .. }));
        fixture.there.inside().broken_for = None;
        let again = retry(&app.ctx, &fixture.owner, refused.id).await.unwrap();
        assert_eq!((again.status, again.name.as_deref()), (DeliveryStatus::Pending, Some("mateo")));
        fixture.send(app).await;
        assert_eq!(fixture.there.user("mateo")["active"], true);
    }

    async fn private_addresses_are_refused_when_they_are_chosen_and_when_something_is_sent(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        app.account("mateo", Role::User).await;
        let options = crate::Options { webhooks_to_private_networks: false, ..app.options.clone() };
        let randomness = crate::Randomness::from_system().unwrap();
        let ctx = crate::Ctx::open_with(options, app.ctx.clock().clone(), randomness).await.unwrap();
        for url in ["http://chat.example", "https://127.0.0.1/scim", "https://[::ffff:10.0.0.1]", "https://169.254.169.254"] {
            let json = json!({ "name": "Other", "scim": { "url": url, "token": "t" } });
            let refused = applications::create(&ctx, &fixture.owner, draft(&json).parse().unwrap()).await;
            assert!(failure(refused).field_error("scim.url").is_some(), "{url}");
        }
        while run_once(&ctx, &ScimSender).await > 0 {}
        assert!(fixture.there.take().is_empty());
        let refused = failure(compare(&ctx, &fixture.owner, fixture.id).await);
        assert!(refused.message.contains("private network") || refused.message.contains("https://"), "{refused:?}");
        assert!(fixture.state(app).await.last_error.is_some());
        ctx.close().await;
    }

    async fn two_processes_bring_about_the_same(app: &TestApp) {
        let fixture = Fixture::new(app, json!({ "groups": true })).await;
        let randomness = crate::Randomness::from_system().unwrap();
        let other = crate::Ctx::open_with(app.options.clone(), app.ctx.clock().clone(), randomness).await.unwrap();
        let mut people = Vec::new();
        for number in 0..30 {
            people.push(app.account(&format!("person{number:02}"), Role::User).await);
        }
        let change = async {
            for (number, person) in people.iter().enumerate() {
                members::suspend(&app.ctx, &fixture.owner, person.id()).await.unwrap();
                if number % 2 == 0 {
                    members::restore(&app.ctx, &fixture.owner, person.id()).await.unwrap();
                }
            }
        };
        let send = async {
            for _ in 0..30 {
                tokio::join!(run_once(&app.ctx, &ScimSender), run_once(&other, &ScimSender));
            }
        };
        tokio::join!(change, send);
        fixture.send(app).await;
        for (number, person) in people.iter().enumerate() {
            let name = person.account.username.clone().unwrap();
            let inside = fixture.there.inside();
            let found: Vec<_> = inside.users.iter().filter(|user| user["userName"] == name.as_str()).collect();
            // Anyone who was suspended before anybody looked was never there.
            assert!(found.len() <= 1, "{found:?}");
            let is_active = found.first().is_some_and(|user| user["active"] == true);
            assert_eq!(is_active, number % 2 == 0, "{name}");
        }
        other.close().await;
    }
}
