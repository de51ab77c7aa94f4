mod comparing;
mod faults;
mod receiver;

use std::time::Duration;

use domain::accounts::{AccountDraft, Role};
use domain::applications::{ApplicationDraft, ScimAbout, ScimKind};
use domain::groups::{GroupDraft, MembersDraft};
use domain::ids::GroupId;
use domain::outbox::DeliveryStatus;
use domain::text::DisplayName;
use serde_json::json;

use self::receiver::{Receiver, TOKEN};
use super::*;
use crate::operations::operator;
use crate::outbox::run_once;
use crate::testing::{TestApp, failure, on_both_databases};
use crate::{applications, endings, groups as here, me, members};

/// An application that is connected, and has looked at everybody.
struct Fixture {
    owner: Actor,
    there: Receiver,
    id: ApplicationId,
}

impl Fixture {
    /// An application that everyone may enter.
    async fn open(app: &TestApp) -> Self {
        Self::new(app, json!({})).await
    }

    /// An application of which more was chosen about the connection.
    async fn new(app: &TestApp, more: serde_json::Value) -> Self {
        let owner = app.owner().await;
        Self::with(app, owner, None, more).await
    }

    async fn with(app: &TestApp, owner: Actor, groups: Option<Vec<GroupId>>, more: serde_json::Value) -> Self {
        let there = Receiver::start().await;
        let mut scim = json!({ "url": there.url(), "token": TOKEN });
        scim.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft = draft(&json!({ "name": "Chat", "groups": groups, "scim": scim }));
        let created = applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let fixture = Self { owner, there, id: created.application.id };
        fixture.send(app).await;
        fixture.there.take();
        fixture
    }

    /// Sends what waits, until nothing does that can be sent now.
    async fn send(&self, app: &TestApp) {
        while run_once(&app.ctx, &ScimSender).await > 0 {}
    }

    /// The requests that it takes to send what waits.
    async fn sends(&self, app: &TestApp) -> Vec<String> {
        self.send(app).await;
        self.there.take()
    }

    async fn update(&self, app: &TestApp, json: serde_json::Value) {
        applications::update(&app.ctx, &self.owner, self.id, draft(&json)).await.unwrap();
    }

    async fn state(&self, app: &TestApp) -> ScimState {
        state(&app.ctx, &self.owner, self.id).await.unwrap()
    }

    async fn deliveries(&self, app: &TestApp) -> Vec<ScimDelivery> {
        deliveries(&app.ctx, &self.owner, self.id, &DeliveryQuery::default()).await.unwrap().items
    }

    /// Lets the time pass until everything that failed is tried again.
    async fn wait(&self, app: &TestApp) {
        let attempts = app.number("SELECT COALESCE(MAX(attempts), 0) FROM outbox WHERE delivered_at IS NULL").await;
        app.advance(domain::outbox::wait(attempts.try_into().unwrap()).max(domain::outbox::PAUSE));
    }
}

fn draft(json: &serde_json::Value) -> ApplicationDraft {
    serde_json::from_value(json.clone()).unwrap()
}

async fn join(app: &TestApp, owner: &Actor, group: GroupId, names: &[&str]) {
    let accounts = names.iter().map(|&name| name.to_owned()).collect();
    here::add_members(&app.ctx, owner, group, MembersDraft { accounts, ..MembersDraft::default() }).await.unwrap();
}

async fn leave(app: &TestApp, owner: &Actor, group: GroupId, names: &[&str]) {
    let accounts = names.iter().map(|&name| name.to_owned()).collect();
    here::remove_members(&app.ctx, owner, group, MembersDraft { accounts, ..MembersDraft::default() }).await.unwrap();
}

on_both_databases! {
    async fn accounts_are_created_changed_and_deactivated(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let (owner, there) = (&fixture.owner, &fixture.there);
        assert_eq!(there.user("ngozi")["active"], true, "who was there before the connection");
        let mateo = app.account("mateo", Role::User).await;
        assert!(there.take().is_empty(), "nothing is sent by what changes something");
        assert_eq!(fixture.sends(app).await, ["GET /Users", "POST /Users"]);
        let user = there.user("mateo");
        assert_eq!(
            user,
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": user["id"], "active": true,
                "externalId": mateo.id(), "userName": "mateo", "displayName": "mateo", "name": { "formatted": "mateo" },
                "emails": [{ "value": "mateo@bramble.example", "type": "work", "primary": true }],
            })
        );
        let path = format!("/Users/{}", user["id"].as_str().unwrap());

        me::rename(&app.ctx, &mateo, Some(DisplayName::parse("Mateo Quispe").unwrap())).await.unwrap();
        fixture.send(app).await;
        let requests = there.take_requests();
        assert_eq!(requests[0].line, format!("GET {path}"));
        assert_eq!(requests[1].line, "GET /ServiceProviderConfig", "asked when something is to be changed for the first time");
        assert_eq!(requests[2].line, format!("PATCH {path}"));
        assert_eq!(
            requests[2].body,
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [
                    { "op": "replace", "path": "displayName", "value": "Mateo Quispe" },
                    { "op": "replace", "path": "name.formatted", "value": "Mateo Quispe" },
                ],
            }),
            "only what differs"
        );
        let change: AccountDraft = serde_json::from_value(json!({ "email": "m@new.example" })).unwrap();
        members::update(&app.ctx, owner, mateo.id(), change).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.user("mateo")["emails"][0]["value"], "m@new.example");
        there.take();

        members::suspend(&app.ctx, owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        let requests = there.take_requests();
        assert_eq!(requests[1].body["Operations"], json!([{ "op": "replace", "path": "active", "value": false }]));
        assert_eq!(there.user("mateo")["active"], false);
        members::restore(&app.ctx, owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.user("mateo")["active"], true);
        there.take();
        // Of a deleted account is told that it is not active, and nothing else.
        members::delete(&app.ctx, owner, mateo.id()).await.unwrap();
        assert_eq!(fixture.sends(app).await, [format!("GET {path}"), format!("PATCH {path}")]);
        assert_eq!((there.user("mateo")["active"].clone(), there.user("mateo")["displayName"].clone()), (json!(false), json!("Mateo Quispe")));
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%ateo%' OR last_answer LIKE '%ateo%'").await, 0);
        let state = fixture.state(app).await;
        assert_eq!((state.waiting.counted, state.failed.counted, state.accounts.counted), (0, 0, 2));
        assert_eq!((state.last_error, state.token_hint.as_str()), (None, "tion"));
    }

    async fn what_did_not_change_costs_no_request(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let mateo = app.account("mateo", Role::User).await;
        fixture.sends(app).await;
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        members::restore(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        let role: AccountDraft = serde_json::from_value(json!({ "role": "moderator" })).unwrap();
        members::update(&app.ctx, &fixture.owner, mateo.id(), role).await.unwrap();
        assert!(fixture.sends(app).await.is_empty(), "what is true when it is sent counts");
        fixture.update(app, json!({ "description": "Where we talk" })).await;
        assert!(fixture.sends(app).await.is_empty());
        // Staff can have all looked at: somebody may have changed it there.
        fixture.there.inside().users[1]["displayName"] = "Somebody".into();
        synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        let requests = fixture.sends(app).await;
        assert_eq!(requests.iter().filter(|line| line.starts_with("GET /Users/")).count(), 2);
        assert_eq!(requests.len(), 4, "and one for what the service can do, and one to change what differs");
        assert_eq!(fixture.there.user("mateo")["displayName"], "mateo");
    }

    async fn a_suspension_ends_access_there_also_when_it_comes_with_many_others(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let mateo = app.account("mateo", Role::User).await;
        fixture.send(app).await;
        // Something that can't be done, and is tried again and again.
        app.account("broken", Role::User).await;
        fixture.there.inside().broken_for = Some(("broken".to_owned(), 500));
        fixture.send(app).await;
        assert_eq!(fixture.state(app).await.failures, 1);
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.wait(app).await;
        fixture.send(app).await;
        assert_eq!(fixture.there.user("mateo")["active"], false, "it is not held up by what fails");
        let [suspended, broken] = &fixture.deliveries(app).await[..2] else { panic!() };
        assert_eq!((suspended.status, broken.status), (DeliveryStatus::Delivered, DeliveryStatus::Retrying));
        assert_eq!(broken.attempts, 2, "and is tried again after it");
        assert_eq!((broken.name.as_deref(), broken.last_status), (Some("broken"), Some(500)));
    }

    async fn only_members_of_the_groups_are_there(app: &TestApp) {
        let owner = app.owner().await;
        for name in ["mateo", "lena", "tomasz"] {
            app.account(name, Role::User).await;
        }
        let potters = app.group(&owner, "Potters", &["mateo"]).await;
        let weavers = app.group(&owner, "Weavers", &["lena"]).await;
        let fixture = Fixture::with(app, owner, Some(vec![potters]), json!({})).await;
        let (owner, there) = (&fixture.owner, &fixture.there);
        assert_eq!(there.inside().users.len(), 1);
        join(app, owner, potters, &["tomasz"]).await;
        leave(app, owner, potters, &["mateo"]).await;
        fixture.send(app).await;
        assert_eq!((there.user("mateo")["active"].clone(), there.user("tomasz")["active"].clone()), (json!(false), json!(true)));
        // Another group is admitted.
        fixture.update(app, json!({ "groups": [potters, weavers] })).await;
        fixture.send(app).await;
        assert_eq!(there.user("lena")["active"], true);
        // A membership that ends.
        app.execute("UPDATE memberships SET ends_at = 1 WHERE account_id = (SELECT id FROM accounts WHERE username = 'lena')").await;
        endings::end_due(&app.ctx).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.user("lena")["active"], false);
        // An account that ends.
        join(app, owner, weavers, &["lena"]).await;
        fixture.send(app).await;
        assert_eq!(there.user("lena")["active"], true);
        app.execute("UPDATE accounts SET ends_at = 1 WHERE username = 'lena'").await;
        endings::end_due(&app.ctx).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.user("lena")["active"], false);
        // A group that is deleted.
        here::delete(&app.ctx, owner, potters).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.user("tomasz")["active"], false);
        fixture.update(app, json!({ "groups": null })).await;
        fixture.send(app).await;
        assert_eq!(there.user("tomasz")["active"], true, "everyone may enter");
        assert_eq!(there.inside().users.len(), 4);
    }

    async fn accounts_are_deleted_where_that_was_chosen(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let (mateo, lena) = (app.account("mateo", Role::User).await, app.account("lena", Role::User).await);
        fixture.send(app).await;
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.there.inside().users.len(), 3);
        fixture.update(app, json!({ "scim": { "on_removal": "delete" } })).await;
        fixture.send(app).await;
        assert_eq!(fixture.there.inside().users.len(), 2, "also who was inactive already");
        members::delete(&app.ctx, &fixture.owner, lena.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.there.inside().users.len(), 1);
        let known = "SELECT COUNT(*) FROM scim_resources WHERE remote_id IS NOT NULL";
        assert_eq!((app.number(known).await, app.number("SELECT COUNT(*) FROM scim_resources").await), (1, 2));
        assert_eq!(fixture.state(app).await.accounts.counted, 1);
        members::restore(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(fixture.there.user("mateo")["active"], true, "created again");
    }

    async fn where_no_accounts_are_created_those_who_signed_in_are_told(app: &TestApp) {
        let fixture = Fixture::new(app, json!({ "create": false })).await;
        let (owner, there) = (&fixture.owner, &fixture.there);
        assert!(there.inside().users.is_empty());
        let (mateo, lena) = (app.account("mateo", Role::User).await, app.account("lena", Role::User).await);
        assert_eq!(fixture.sends(app).await, ["GET /Users", "GET /Users"], "they are looked for");
        assert!(compare(&app.ctx, owner, fixture.id).await.unwrap().differences.is_empty());
        there.take();
        // They sign in, so that the application creates them.
        for person in [&mateo, &lena] {
            let user = json!({ "id": format!("by-{}", person.id()), "userName": "x", "externalId": person.id(), "active": true });
            there.inside().users.push(user);
        }
        members::suspend(&app.ctx, owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        let of = |person: &Actor| there.inside().users.iter().find(|user| user["externalId"] == json!(person.id())).cloned().unwrap();
        assert_eq!((of(&mateo)["active"].clone(), of(&lena)["active"].clone()), (json!(false), json!(true)));
        me::rename(&app.ctx, &lena, Some(DisplayName::parse("Lena B.").unwrap())).await.unwrap();
        fixture.send(app).await;
        assert_eq!(of(&lena)["displayName"], "Lena B.");
        assert_eq!(there.inside().users.len(), 2);
    }

    async fn a_service_need_not_show_the_identifier_with_which_somebody_signed_in(app: &TestApp) {
        let fixture = Fixture::new(app, json!({ "create": false })).await;
        let there = &fixture.there;
        let (mateo, lena) = (app.account("mateo", Role::User).await, app.account("lena", Role::User).await);
        there.inside().users.push(json!({ "id": "m", "userName": "somebody", "active": true, "externalId": null }));
        there.inside().signed_in.insert(mateo.id().to_string(), "m".to_owned());
        members::suspend(&app.ctx, &fixture.owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.inside().users[0]["active"], true, "nobody knows that they signed in");
        let granted = "INSERT INTO oidc_grants (id, application_id, account_id, session_id, scope, signed_in_at, auth_epoch, created_at)
            SELECT id, (SELECT id FROM applications), id, id, 'openid', 0, 0, 0 FROM accounts WHERE username = 'mateo'";
        app.execute(granted).await;
        synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.inside().users[0]["active"], false);
        // A service that answers with everything finds the same for an identifier that nobody has.
        there.inside().ignores_filters = true;
        members::suspend(&app.ctx, &fixture.owner, lena.id()).await.unwrap();
        me::rename(&app.ctx, &fixture.owner, Some(DisplayName::parse("Ngozi A.").unwrap())).await.unwrap();
        there.take();
        let requests = fixture.sends(app).await;
        assert!(requests.len() > 1 && requests.iter().all(|line| line == "GET /Users"), "{requests:?}");
    }

    async fn who_signed_in_and_was_suspended_before_the_connection_is_inactive_since(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let (mateo, lena) = (app.account("mateo", Role::User).await, app.account("lena", Role::User).await);
        for person in [&mateo, &lena] {
            members::suspend(&app.ctx, &fixture.owner, person.id()).await.unwrap();
            let user = json!({ "id": format!("by-{}", person.id()), "userName": "x", "externalId": person.id(), "active": true });
            fixture.there.inside().users.push(user);
        }
        assert!(fixture.sends(app).await.is_empty(), "nobody is told of who never was there");
        let granted = "INSERT INTO oidc_grants (id, application_id, account_id, session_id, scope, signed_in_at, auth_epoch, created_at)
            SELECT id, (SELECT id FROM applications), id, id, 'openid', 0, 0, 0 FROM accounts WHERE username = 'mateo'";
        app.execute(granted).await;
        synchronise(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        fixture.send(app).await;
        let active: Vec<_> = fixture.there.inside().users.iter().map(|user| user["active"].clone()).collect();
        assert_eq!(active, [true, false, true]);
    }

    async fn groups_are_told_with_who_is_in_them(app: &TestApp) {
        let owner = app.owner().await;
        let mateo = app.account("mateo", Role::User).await;
        app.account("lena", Role::User).await;
        let potters = app.group(&owner, "Potters", &["mateo"]).await;
        let fixture = Fixture::with(app, owner, None, json!({ "groups": true })).await;
        let (owner, there) = (&fixture.owner, &fixture.there);
        assert_eq!(there.members("Potters"), ["mateo"]);
        assert_eq!(there.group("Potters")["externalId"], json!(potters));
        join(app, owner, potters, &["lena", "ngozi"]).await;
        leave(app, owner, potters, &["mateo"]).await;
        fixture.send(app).await;
        assert_eq!(there.members("Potters"), ["lena", "ngozi"]);
        // Who is created with a group is in it.
        let draft = serde_json::from_value(json!({ "groups": [potters] })).unwrap();
        let invite = app.invite(owner, draft).await;
        app.sign_up(crate::testing::code(&invite), "una").await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.members("Potters"), ["lena", "ngozi", "una"]);
        let name: GroupDraft = serde_json::from_value(json!({ "name": "Kiln" })).unwrap();
        here::update(&app.ctx, owner, potters, name).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.members("Kiln"), ["lena", "ngozi", "una"]);
        join(app, owner, potters, &["mateo"]).await;
        fixture.send(app).await;
        assert_eq!(there.members("Kiln"), ["lena", "mateo", "ngozi", "una"]);
        members::delete(&app.ctx, owner, mateo.id()).await.unwrap();
        fixture.send(app).await;
        assert_eq!(there.members("Kiln"), ["lena", "ngozi", "una"], "who was deleted is in no group");
        // Not here any more.
        here::delete(&app.ctx, owner, potters).await.unwrap();
        fixture.send(app).await;
        assert!(there.members("Kiln").is_empty(), "it stays, and admits nobody");
        let weavers = app.group(owner, "Weavers", &["lena"]).await;
        fixture.update(app, json!({ "scim": { "on_removal": "delete" } })).await;
        fixture.send(app).await;
        assert_eq!(there.members("Weavers"), ["lena"]);
        here::delete(&app.ctx, owner, weavers).await.unwrap();
        fixture.send(app).await;
        assert!(there.inside().groups.is_empty());
    }

    async fn a_group_is_looked_at_once_for_many_who_join_it(app: &TestApp) {
        let owner = app.owner().await;
        let names: Vec<String> = (0..120).map(|number| format!("person{number:03}")).collect();
        for name in &names {
            app.account(name, Role::User).await;
        }
        let potters = app.group(&owner, "Potters", &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let fixture = Fixture::with(app, owner, Some(vec![potters]), json!({ "groups": true })).await;
        assert_eq!(fixture.there.members("Potters"), names);
        assert_eq!(fixture.there.inside().users.len(), 120);
        let state = fixture.state(app).await;
        assert_eq!((state.accounts.counted, state.groups.counted, state.waiting.counted), (120, 1, 0));
        let of_groups = app.number("SELECT COUNT(*) FROM outbox WHERE event = 'scim.group'").await;
        assert!(of_groups <= 6, "{of_groups} messages about one group");
    }

    async fn the_identifier_is_the_one_of_openid_connect_and_the_name_can_be_the_address(app: &TestApp) {
        let fixture = Fixture::new(app, json!({ "user_name": "email" })).await;
        assert_eq!(fixture.there.user("ngozi@bramble.example")["displayName"], "ngozi");
        fixture.update(app, json!({ "oidc": { "redirect_uris": ["https://chat.example/cb"], "subject": "pairwise" } })).await;
        fixture.send(app).await;
        let row = applications::store::find(&app.ctx.db().read, fixture.id).await.unwrap().unwrap();
        let subject = applications::pseudonym(&row, fixture.owner.id().0);
        assert_eq!(fixture.there.user("ngozi@bramble.example")["externalId"], json!(subject));
        assert_eq!(fixture.there.inside().users.len(), 1);
    }

    async fn a_connection_that_is_removed_leaves_what_is_there(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        app.account("mateo", Role::User).await;
        fixture.update(app, json!({ "scim": null })).await;
        assert_eq!(failure(state(&app.ctx, &fixture.owner, fixture.id).await).code, Code::NotFound);
        for table in ["scim_connections", "scim_resources", "outbox_targets WHERE kind <> 'mail'", "outbox"] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        assert!(fixture.sends(app).await.is_empty());
        assert_eq!(fixture.there.inside().users.len(), 1);
        // Connected again, it knows who is there.
        fixture.update(app, json!({ "scim": { "url": fixture.there.url(), "token": TOKEN } })).await;
        fixture.send(app).await;
        assert_eq!(fixture.there.inside().users.len(), 2);
        // At another address nobody is known to be there.
        let other = Receiver::start().await;
        fixture.update(app, json!({ "scim": { "url": other.url(), "token": TOKEN } })).await;
        fixture.send(app).await;
        assert_eq!(other.inside().users.len(), 2);
        applications::delete(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox_targets WHERE kind <> 'mail'").await, 0);
    }

    async fn the_token_is_stored_encrypted_and_not_shown(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let row = scim::find(&app.ctx.db().read, fixture.id).await.unwrap().unwrap();
        assert!(row.token_sealed.windows(8).all(|part| part != &TOKEN.as_bytes()[..8]));
        assert_eq!(app.ctx.keyring().open_scim_token(fixture.id.0, &row.token_sealed).unwrap(), TOKEN);
        assert!(app.ctx.keyring().open_scim_token(uuid::Uuid::nil(), &row.token_sealed).is_err(), "it is bound to its row");
        let application = applications::get(&app.ctx, &fixture.owner, fixture.id).await.unwrap();
        assert!(!serde_json::to_string(&application).unwrap().contains(TOKEN));
        crate::audit::assert_readable(&app.ctx, &[TOKEN]).await;
        // Another one is stored in its place.
        fixture.update(app, json!({ "scim": { "token": "another-token-of-the-app" } })).await;
        assert_eq!(fixture.state(app).await.token_hint, "-app");
        app.account("mateo", Role::User).await;
        fixture.send(app).await;
        let failed = fixture.deliveries(app).await.into_iter().find(|one| one.attempts > 0 && one.last_status.is_some()).unwrap();
        let why = failed.last_answer.unwrap();
        assert!(why.starts_with("The application refused the token."), "{why}");
    }

    async fn only_who_may_manages_connections(app: &TestApp) {
        let fixture = Fixture::open(app).await;
        let id = fixture.id;
        app.account("lena", Role::User).await;
        let all = domain::access::Permissions::all() - Permission::ApplicationsManage - Permission::AdminsManage;
        app.grant("lena", all).await;
        let lena = operator::act_as(&app.ctx, Some("lena")).await.unwrap();
        let ctx = &app.ctx;
        assert_eq!(failure(state(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(compare(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(synchronise(ctx, &lena, id).await).code, Code::Forbidden);
        assert_eq!(failure(deliveries(ctx, &lena, id, &DeliveryQuery::default()).await).code, Code::Forbidden);
        let delivery = fixture.deliveries(app).await[0].id;
        assert_eq!(failure(retry(ctx, &lena, delivery).await).code, Code::Forbidden);
        assert_eq!(failure(retry(ctx, &fixture.owner, delivery).await).code, Code::Invalid, "it has not failed");
    }
}
