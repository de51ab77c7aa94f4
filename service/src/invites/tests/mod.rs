use std::time::Duration;

use domain::accounts::Role;
use domain::invites::InviteSort;
use domain::paging::Order;
use domain::paging::{Count, Limit, Paging};
use domain::settings::SettingsDraft;
use domain::{Code, Patch};
use sea_orm::{DbBackend, StatementBuilder};

use super::*;
use crate::operations::operator;
use crate::testing::{START, TestApp, code, failure, on_both_databases};

mod bulk;
mod limits;
mod terms;

fn own(code: &str) -> InviteDraft {
    InviteDraft { code: Patch::Set(code.to_owned()), ..InviteDraft::default() }
}

fn typed(json: &str) -> InviteDraft {
    serde_json::from_str(json).unwrap()
}

on_both_databases! {
    async fn a_random_code_has_the_length_of_the_settings_and_can_be_copied_again(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        assert_eq!(code(&invite).len(), 12);
        assert_eq!(invite.url, Some(format!("https://bramble.example/inv/{}", code(&invite))));
        let again = get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!(again, invite);
        assert_eq!((invite.terms, invite.status), (Terms::default(), InviteStatus::Active));
    }

    async fn an_own_code_is_taken_in_any_case_and_forever(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, own("Open-Evening")).await;
        let again = || create(&app.ctx, &owner, own("OPEN-evening").parse(START).unwrap());
        assert_eq!(failure(again().await).code, Code::CodeTaken);
        delete(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!(failure(again().await).code, Code::CodeTaken, "a deleted code stays reserved");
    }

    async fn an_own_code_cannot_equal_a_random_one(app: &TestApp) {
        let owner = app.owner().await;
        let random = app.invite(&owner, InviteDraft::default()).await;
        let copy = create(&app.ctx, &owner, own(code(&random)).parse(START).unwrap()).await;
        assert_eq!(failure(copy).code, Code::CodeTaken);
    }

    async fn concurrently_created_invites_do_not_affect_each_other(app: &TestApp) {
        let owner = app.owner().await;
        let mut asked = tokio::task::JoinSet::new();
        for number in 0..60 {
            let (ctx, owner) = (app.ctx.clone(), owner.clone());
            // Every tenth wants the same code, which one of them can have.
            let draft = if number % 10 == 0 { own("Open-Evening") } else { InviteDraft::default() };
            asked.spawn(async move { create(&ctx, &owner, draft.parse(START).unwrap()).await });
        }
        let (made, refused): (Vec<_>, Vec<_>) = asked.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (55, 5));
        for refusal in refused {
            assert_eq!(failure(refusal).code, Code::CodeTaken);
        }
        for invite in made {
            let invite = invite.unwrap();
            assert_eq!(get(&app.ctx, &owner, invite.id).await.unwrap(), invite);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM invites").await, 55);
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action = 'invite.create'").await, 55);
    }

    async fn a_deleted_invite_leaves_no_copy_of_its_code(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        delete(&app.ctx, &owner, invite.id).await.unwrap();
        delete(&app.ctx, &owner, invite.id).await.unwrap();
        let gone = get(&app.ctx, &owner, invite.id).await.unwrap();
        assert_eq!((gone.status, gone.code, gone.url), (InviteStatus::Deleted, None, None));
        assert_eq!(app.number("SELECT COUNT(*) FROM invites WHERE code_sealed IS NOT NULL").await, 0);
        assert_eq!(failure(resume(&app.ctx, &owner, invite.id).await).code, Code::InviteDeleted);
        assert_eq!(failure(update(&app.ctx, &owner, invite.id, typed("{}")).await).code, Code::InviteDeleted);
        let looked = lookup(&app.ctx, code(&invite), &Client::default()).await.unwrap();
        assert!(matches!(looked, Lookup::Unavailable { status: InviteStatus::Deleted, .. }), "{looked:?}");
    }

    async fn the_ceiling_of_the_settings_is_enforced(app: &TestApp) {
        let owner = app.owner().await;
        let with = |max_uses| InviteDraft { max_uses: Patch::Set(max_uses), ..InviteDraft::default() }.parse(START).unwrap();
        assert!(failure(create(&app.ctx, &owner, with(5_001)).await).field_error("max_uses").is_some());
        let invite = create(&app.ctx, &owner, with(5_000)).await.unwrap();
        let raised = update(&app.ctx, &owner, invite.id, typed(r#"{"max_uses":5001}"#)).await;
        assert!(failure(raised).field_error("max_uses").is_some());
    }

    async fn a_change_keeps_clears_and_sets(app: &TestApp) {
        let owner = app.owner().await;
        let draft = InviteDraft {
            label: Patch::Set("Open evening".into()),
            max_uses: Patch::Set(2),
            expires_in_hours: Patch::Set(1),
            ..InviteDraft::default()
        };
        let invite = app.invite(&owner, draft).await;
        app.sign_up(code(&invite), "mateo").await.unwrap();
        app.sign_up(code(&invite), "lena").await.unwrap();

        let below = update(&app.ctx, &owner, invite.id, typed(r#"{"max_uses":1}"#)).await;
        assert_eq!(failure(below).code, Code::MaxUsesBelowUsed);
        let changed = typed(r#"{"label":null,"max_uses":3,"role":"moderator"}"#);
        let changed = update(&app.ctx, &owner, invite.id, changed).await.unwrap();
        let expected = Terms { label: None, max_uses: Some(3), role: Role::Moderator, ..invite.terms };
        assert_eq!((changed.terms, changed.used), (expected, 2));
        let forever = typed(r#"{"max_uses":null,"expires_at":null}"#);
        let forever = update(&app.ctx, &owner, invite.id, forever).await.unwrap();
        assert_eq!((forever.terms.max_uses, forever.terms.expires_at), (None, None));
    }

    async fn pausing_and_resuming_are_idempotent(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let paused = pause(&app.ctx, &owner, invite.id).await.unwrap();
        app.advance(Duration::from_secs(1));
        assert_eq!(pause(&app.ctx, &owner, invite.id).await.unwrap(), paused);
        assert_eq!(resume(&app.ctx, &owner, invite.id).await.unwrap().status, InviteStatus::Active);
        assert_eq!(resume(&app.ctx, &owner, invite.id).await.unwrap().status, InviteStatus::Active);
        let lines = "SELECT COUNT(*) FROM audit_log WHERE action IN ('invite.pause', 'invite.resume')";
        assert_eq!(app.number(lines).await, 2, "what changed nothing is not in the log");
    }

    async fn members_manage_their_own_invites_as_far_as_the_settings_allow(app: &TestApp) {
        let owner = app.owner().await;
        let others = app.invite(&owner, typed(r#"{"max_uses":1}"#)).await.id;
        app.account("una", Role::User).await;
        let allow = async |permissions: Permissions| {
            let draft = SettingsDraft { user_permissions: Some(permissions), ..SettingsDraft::default() };
            settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
            operator::act_as(&app.ctx, Some("una")).await.unwrap()
        };
        let new = |json: &str| typed(json).parse(START).unwrap();
        let una = allow(Permission::InvitesCreate.into()).await;
        let refused = failure(create(&app.ctx, &una, new(r#"{"max_uses":2}"#)).await);
        assert_eq!((refused.code, refused.field_error("max_uses").is_some()), (Code::Forbidden, true), "only one use");
        assert_eq!(create(&app.ctx, &una, new("{}")).await.unwrap().terms.max_uses, Some(1), "the most that it may");
        assert_eq!(failure(create(&app.ctx, &una, new(r#"{"max_uses":1,"role":"moderator"}"#)).await).code, Code::Forbidden);
        let own = create(&app.ctx, &una, new(r#"{"max_uses":1}"#)).await.unwrap();
        assert!(get(&app.ctx, &una, own.id).await.unwrap().code.is_some(), "its own code");
        pause(&app.ctx, &una, own.id).await.unwrap();
        assert!(resume(&app.ctx, &una, own.id).await.unwrap().url.is_some());
        assert_eq!(failure(update(&app.ctx, &una, own.id, typed(r#"{"max_uses":2}"#)).await).code, Code::Forbidden);
        for refused in [get(&app.ctx, &una, others).await, pause(&app.ctx, &una, others).await] {
            assert_eq!(failure(refused).code, Code::Forbidden, "those of others");
        }
        let una = allow(Permission::InvitesCreate | Permission::InvitesCreateMulti).await;
        assert!(update(&app.ctx, &una, own.id, typed(r#"{"max_uses":2}"#)).await.is_ok());
        assert!(app.sign_up(code(&own), "mateo").await.is_ok());
        // Anyone who loses the permission loses its invites.
        let una = allow(Permissions::empty()).await;
        assert_eq!(failure(app.sign_up(code(&own), "lena").await).code, Code::InviteInvalid);
        assert_eq!(failure(get(&app.ctx, &una, own.id).await).code, Code::Forbidden);
    }

    async fn codes_are_shown_to_those_who_may_read_them(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let draft = SettingsDraft {
            moderator_permissions: Some(Permission::InvitesView | Permission::InvitesManageAll),
            ..SettingsDraft::default()
        };
        settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        let moderator = app.account("mo", Role::Moderator).await;
        let seen = [
            get(&app.ctx, &moderator, invite.id).await.unwrap(),
            update(&app.ctx, &moderator, invite.id, typed(r#"{"label":"Course"}"#)).await.unwrap(),
            pause(&app.ctx, &moderator, invite.id).await.unwrap(),
            list(&app.ctx, &moderator, &InviteQuery::default()).await.unwrap().items.remove(0),
        ];
        assert!(seen.iter().all(|invite| invite.code.is_none() && invite.url.is_none()));
    }

    async fn users_are_refused(app: &TestApp) {
        let owner = app.owner().await;
        let id = app.invite(&owner, InviteDraft::default()).await.id;
        {
            let actor = app.account("una", Role::User).await;
            let new = InviteDraft::default().parse(START).unwrap();
            assert_eq!(failure(create(&app.ctx, &actor, new).await).code, Code::Forbidden);
            assert_eq!(failure(list(&app.ctx, &actor, &InviteQuery::default()).await).code, Code::Forbidden);
            assert_eq!(failure(get(&app.ctx, &actor, id).await).code, Code::Forbidden);
            assert_eq!(failure(counts(&app.ctx, &actor).await).code, Code::Forbidden);
            assert_eq!(failure(update(&app.ctx, &actor, id, typed("{}")).await).code, Code::Forbidden);
            assert_eq!(failure(extend(&app.ctx, &actor, id, None).await).code, Code::Forbidden);
            assert_eq!(failure(pause(&app.ctx, &actor, id).await).code, Code::Forbidden);
            assert_eq!(failure(resume(&app.ctx, &actor, id).await).code, Code::Forbidden);
            assert_eq!(failure(delete(&app.ctx, &actor, id).await).code, Code::Forbidden);
        }
    }

    async fn pages_have_every_row_once_in_both_directions(app: &TestApp) {
        let owner = app.owner().await;
        for number in 0_u8..11 {
            let draft = InviteDraft {
                label: Patch::Set(format!("Invite {number}")),
                // Several without an end, several that end together: ties are broken by id.
                expires_in_hours: if number % 3 == 0 { Patch::Keep } else { Patch::Set(i64::from(number % 3)) },
                ..InviteDraft::default()
            };
            app.invite(&owner, draft).await;
            if number % 4 == 0 {
                app.advance(Duration::from_micros(1));
            }
        }
        for sort in [InviteSort::Created, InviteSort::Expires, InviteSort::Used] {
            for order in [Order::Ascending, Order::Descending] {
                let all = InviteQuery { sort, order, ..InviteQuery::default() };
                let all = list(&app.ctx, &owner, &all).await.unwrap();
                assert_eq!((all.items.len(), all.next_cursor, all.previous_cursor), (11, None, None));

                let limit = Limit::try_from(4).unwrap();
                let mut query = InviteQuery { sort, order, paging: Paging { cursor: None, limit }, q: None, status: None };
                let mut forwards = Vec::new();
                let last = loop {
                    let page = list(&app.ctx, &owner, &query).await.unwrap();
                    forwards.extend(page.items.clone());
                    match page.next_cursor {
                        Some(next) => query.paging.cursor = Some(next),
                        None => break page,
                    }
                };
                assert_eq!(forwards, all.items, "{sort:?} {order:?}");

                let mut backwards = last.items.clone();
                let mut previous = last.previous_cursor;
                while let Some(cursor) = previous {
                    query.paging.cursor = Some(cursor);
                    let page = list(&app.ctx, &owner, &query).await.unwrap();
                    backwards.splice(0..0, page.items);
                    previous = page.previous_cursor;
                }
                assert_eq!(backwards, all.items, "{sort:?} {order:?} backwards");
            }
        }
    }

    async fn a_search_finds_codes_links_and_words_of_labels(app: &TestApp) {
        let owner = app.owner().await;
        let labelled = InviteDraft { label: Patch::Set("Straßenfest 2027".into()), ..InviteDraft::default() };
        let labelled = app.invite(&owner, labelled).await;
        let evening = app.invite(&owner, own("Open-Evening")).await;
        let find = async |q: &str| {
            let query = InviteQuery { q: Some(q.to_owned()), ..InviteQuery::default() };
            let page = list(&app.ctx, &owner, &query).await.unwrap();
            page.items.into_iter().map(|invite| invite.id).collect::<Vec<_>>()
        };
        assert_eq!(find("straßen").await, [labelled.id]);
        assert_eq!(find("2027 STRASSEN").await, [labelled.id]);
        assert_eq!(find(code(&labelled)).await, [labelled.id]);
        assert_eq!(find("open-EVENING").await, [evening.id]);
        let [long, short] = [("inv/", &labelled), ("signup?inv=", &evening)]
            .map(|(path, invite)| format!(" https://bramble.example/{path}{}\n", code(invite)));
        assert_eq!(find(&long).await, [labelled.id]);
        assert_eq!(find(&short).await, [evening.id]);
        assert_eq!(find("fest").await, []);
        assert_eq!(find(&code(&labelled)[..8]).await, []);
        assert_eq!(find("%").await, []);
        assert_eq!(find("open\0evening").await, []);
        update(&app.ctx, &owner, evening.id, typed(r#"{"label":"Straßenmusik"}"#)).await.unwrap();
        update(&app.ctx, &owner, labelled.id, typed(r#"{"label":null}"#)).await.unwrap();
        assert_eq!(find("strassen").await, [evening.id], "a changed label");
        app.advance(Duration::from_secs(1));
        let poster = InviteDraft { label: Patch::Set("Poster of the open evening".into()), ..InviteDraft::default() };
        let poster = app.invite(&owner, poster).await;
        assert_eq!(find("open-evening").await, [poster.id, evening.id], "an own code whose words are also in a label");
    }

    async fn a_large_search_result_is_paged_in_order(app: &TestApp) {
        let owner = app.owner().await;
        // Many old ones, more others after them than a page is looked for in, and some that are new.
        let labels = std::iter::repeat_n("Kiln", 1_100).chain(std::iter::repeat_n("Other", 10_100));
        let labels: Vec<_> = labels.chain(std::iter::repeat_n("Kiln", 60)).collect();
        for (chunk, labels) in labels.chunks(500).enumerate() {
            let rows = labels.iter().enumerate().map(|(place, label)| {
                let draft = InviteDraft { label: Patch::Set((*label).to_owned()), ..InviteDraft::default() };
                let code = random_code(&app.ctx, 12).unwrap();
                let made = START.plus(Duration::from_micros((chunk * 500 + place) as u64));
                let id = app.ctx.randomness().uuid(made);
                let terms = draft.parse(START).unwrap().terms;
                store::new_row(&app.ctx, id, (CodeKind::Random, &code), terms, owner.id(), made).unwrap()
            });
            let rows = Entity::insert_many(rows.map(IntoActiveModel::into_active_model));
            rows.exec_without_returning(&app.ctx.db().write).await.unwrap();
        }
        let limit = Limit::try_from(50).unwrap();
        let paging = Paging { cursor: None, limit };
        let mut query = InviteQuery { q: Some("kiln".into()), paging, ..InviteQuery::default() };
        let mut found = Vec::new();
        loop {
            let page = list(&app.ctx, &owner, &query).await.unwrap();
            assert!(page.items.len() == 50 || page.next_cursor.is_none());
            found.extend(page.items);
            match page.next_cursor {
                Some(next) => query.paging.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(found.len(), 1_160);
        assert!(found.iter().all(|invite| invite.title() == "Kiln"));
        assert!(found.is_sorted_by(|newer, older| newer.created_at > older.created_at));
    }

    async fn the_filter_by_status_agrees_with_the_rule(app: &TestApp) {
        let owner = app.owner().await;
        let (hour, past, future) = (3_600_000_000, START.as_micros() - 1, START.as_micros() + 3_600_000_000);
        let mut made = 0;
        for max_uses in [None, Some(1)] {
            for expires in [None, Some(past), Some(START.as_micros()), Some(future)] {
                for starts in [None, Some(past - hour), Some(future - 1)] {
                    for (paused, deleted) in [(false, false), (true, false), (true, true), (false, true)] {
                        let draft = InviteDraft { max_uses: max_uses.into(), ..InviteDraft::default() };
                        let id = app.invite(&owner, draft).await.id;
                        let text = |at: Option<i64>| at.map_or("NULL".to_owned(), |at| at.to_string());
                        let flag = |on: bool| if on { past.to_string() } else { "NULL".to_owned() };
                        let sealed = if deleted { "NULL" } else { "code_sealed" };
                        let hex = id.0.simple();
                        let same = if app.ctx.db().is_postgres() { format!("'{hex}'") } else { format!("X'{hex}'") };
                        app.execute(&format!(
                            "UPDATE invites SET used = {used}, expires_at = {}, starts_at = {}, paused_at = {}, \
                             deleted_at = {}, code_sealed = {sealed} WHERE id = {same}",
                            text(expires), text(starts), flag(paused), flag(deleted), used = made % 2,
                        )).await;
                        made += 1;
                    }
                }
            }
        }
        let mut listed = 0;
        let counted = counts(&app.ctx, &owner).await.unwrap();
        for status in InviteStatus::ALL {
            let paging = Paging { cursor: None, limit: Limit::MAX };
            let query = InviteQuery { status: Some(status), paging, ..InviteQuery::default() };
            let page = list(&app.ctx, &owner, &query).await.unwrap();
            assert!(page.items.iter().all(|invite| invite.status == status), "{status}");
            let count = Count { counted: u32::try_from(page.items.len()).unwrap(), more: false };
            assert_eq!(counted.of(Some(status)), Some(count), "{status}");
            assert!(count.counted > 0, "{status} is tried");
            listed += page.items.len();
        }
        assert_eq!(listed, made, "each invite has one status and is listed under it");
        let deleted = counted.of(Some(InviteStatus::Deleted)).unwrap().counted;
        assert_eq!(counted.all.counted + deleted, u32::try_from(made).unwrap(), "all leaves out the deleted ones");
    }

    async fn a_filter_offers_the_newest_invites_and_the_chosen_one(app: &TestApp) {
        let owner = app.owner().await;
        let deleted = app.invite(&owner, typed(r#"{"label":"Deleted"}"#)).await;
        delete(&app.ctx, &owner, deleted.id).await.unwrap();
        let other = app.invite(&owner, typed(r#"{"label":"Other"}"#)).await;
        let unknown = InviteId(app.ctx.randomness().uuid(app.ctx.now()));
        for (chosen, offered) in [
            (None, vec!["Other"]),
            (Some(other.id), vec!["Other"]),
            (Some(deleted.id), vec!["Deleted", "Other"]),
            (Some(unknown), vec!["Other"]),
        ] {
            let invites = newest(&app.ctx, &owner, chosen).await.unwrap();
            assert_eq!(invites.iter().map(InviteRef::title).collect::<Vec<_>>(), offered, "{chosen:?}");
        }
    }

    async fn extending_never_shortens(app: &TestApp) {
        let owner = app.owner().await;
        let hours = |hours| START.plus(Duration::from_hours(hours));
        let ending = app.invite(&owner, typed(r#"{"label":"Kiln","max_uses":3,"expires_in_hours":24}"#)).await;
        let endless = app.invite(&owner, InviteDraft::default()).await;

        let shorter = extend(&app.ctx, &owner, ending.id, Some(hours(23))).await;
        assert!(failure(shorter).field_error("expires_at").is_some());
        let given_an_end = extend(&app.ctx, &owner, endless.id, Some(hours(168))).await;
        assert!(failure(given_an_end).field_error("expires_at").is_some());
        for invite in [&ending, &endless] {
            assert_eq!(get(&app.ctx, &owner, invite.id).await.unwrap(), *invite, "nothing changed");
        }

        let longer = extend(&app.ctx, &owner, ending.id, Some(hours(48))).await.unwrap();
        assert_eq!(longer.terms, Terms { expires_at: Some(hours(48)), ..ending.terms });
        app.advance(Duration::from_hours(49));
        assert_eq!(get(&app.ctx, &owner, ending.id).await.unwrap().status, InviteStatus::Expired);
        let past = extend(&app.ctx, &owner, ending.id, Some(hours(49))).await;
        assert!(failure(past).field_error("expires_at").is_some(), "an end that has passed already extends nothing");
        let again = extend(&app.ctx, &owner, ending.id, Some(hours(50))).await.unwrap();
        assert_eq!(again.status, InviteStatus::Active);
        let forever = extend(&app.ctx, &owner, ending.id, None).await.unwrap();
        assert_eq!(forever.terms.expires_at, None);
        delete(&app.ctx, &owner, ending.id).await.unwrap();
        assert_eq!(failure(extend(&app.ctx, &owner, ending.id, None).await).code, Code::InviteDeleted);
    }

    async fn a_ceiling_that_was_lowered_does_not_stop_other_changes(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, typed(r#"{"max_uses":5000}"#)).await;
        app.execute("UPDATE settings SET max_uses_ceiling = 10").await;
        let renamed = update(&app.ctx, &owner, invite.id, typed(r#"{"label":"Kiln","max_uses":5000}"#)).await.unwrap();
        assert_eq!(renamed.terms.max_uses, Some(5_000));
        let raised = update(&app.ctx, &owner, invite.id, typed(r#"{"max_uses":5001}"#)).await;
        let message = Some("Enter a number from 1 to 10, or choose no limit.");
        assert_eq!(failure(raised).field_error("max_uses"), message);
        let huge = update(&app.ctx, &owner, invite.id, typed(r#"{"max_uses":999999999999}"#)).await;
        assert_eq!(failure(huge).field_error("max_uses"), message);
    }
}

#[tokio::test]
async fn a_pause_does_not_hide_that_an_invite_is_over() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let expired = app.invite(&owner, typed(r#"{"expires_in_hours":1}"#)).await;
    let used_up = app.invite(&owner, typed(r#"{"max_uses":1}"#)).await;
    app.sign_up(code(&used_up), "mateo").await.unwrap();
    for invite in [&expired, &used_up] {
        pause(&app.ctx, &owner, invite.id).await.unwrap();
    }
    app.advance(Duration::from_hours(1));
    for (invite, over) in [(&expired, InviteStatus::Expired), (&used_up, InviteStatus::UsedUp)] {
        // The guest is not told to try again later; staff see what to change.
        let looked = lookup(&app.ctx, code(invite), &Client::default()).await.unwrap();
        assert!(matches!(looked, Lookup::Unavailable { status, .. } if status == over), "{looked:?}");
        assert_eq!(get(&app.ctx, &owner, invite.id).await.unwrap().status, over);
    }
    // What was paused is paused again once it could be used.
    let raised = update(&app.ctx, &owner, used_up.id, typed(r#"{"max_uses":2}"#)).await.unwrap();
    assert_eq!(raised.status, InviteStatus::Paused);
    app.finish().await;
}

/// Counting must cost no more the more invites there are: what is counted lies together in an index.
#[tokio::test]
async fn every_count_runs_on_an_index() {
    let app = TestApp::sqlite().await;
    for (status, index) in [
        (InviteStatus::Active, "invites_live"),
        (InviteStatus::Scheduled, "invites_scheduled"),
        (InviteStatus::Paused, "invites_paused_expires"),
        (InviteStatus::Expired, "invites_expires"),
        (InviteStatus::UsedUp, "invites_used_up"),
        (InviteStatus::Deleted, "invites_deleted"),
    ] {
        let rows = Entity::find().filter(store::with_status(Some(status), app.ctx.now()));
        let count = StatementBuilder::build(&paging::bounded(rows), &DbBackend::Sqlite);
        let explain = sea_orm::Statement { sql: format!("EXPLAIN QUERY PLAN {}", count.sql), ..count };
        let rows = app.ctx.db().read.query_all_raw(explain).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        let plan = plan.join("; ");
        assert!(plan.contains(&format!(" INDEX {index}")), "{status}: {plan}");
    }
    app.finish().await;
}

#[tokio::test]
async fn unusable_own_codes_look_like_unknown_ones() {
    let app = TestApp::sqlite().await;
    let owner = app.owner().await;
    let vanity = app.invite(&owner, own("open-evening")).await;
    let random = app.invite(&owner, InviteDraft::default()).await;
    for invite in [&vanity, &random] {
        pause(&app.ctx, &owner, invite.id).await.unwrap();
    }
    let client = Client::default();
    assert_eq!(lookup(&app.ctx, "open-evening", &client).await.unwrap(), Lookup::Unknown);
    let looked = lookup(&app.ctx, code(&random), &client).await.unwrap();
    assert!(matches!(looked, Lookup::Unavailable { status: InviteStatus::Paused, .. }));
    app.finish().await;
}
