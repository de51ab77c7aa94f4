use std::time::Duration;

use domain::access::Permission;
use domain::accounts::Role;
use domain::groups::{GroupDraft, MembersDraft};
use domain::ids::JoinRequestId;
use domain::invites::{BulkAct, BulkChange, BulkSelection, Invite, InviteDraft};
use domain::joining::{Answer, JoinRequest, RequestStatus};
use domain::paging::Paging;
use domain::redemptions::RedemptionQuery;
use domain::requests::Request;
use domain::settings::SettingsDraft;
use tokio::task::JoinSet;

use super::*;
use crate::operations::operator;
use crate::testing::{TestApp, code, failure, on_both_databases};
use crate::{groups, members};

async fn group_of(app: &TestApp, actor: &Actor, name: &str) -> GroupId {
    let draft: GroupDraft = serde_json::from_value(serde_json::json!({ "name": name })).unwrap();
    groups::create(&app.ctx, actor, draft.parse().unwrap()).await.unwrap().id
}

/// An invite for these groups, with further terms as JSON.
async fn invite_to(app: &TestApp, actor: &Actor, groups: &[GroupId], more: &str) -> Invite {
    let mut draft: InviteDraft = serde_json::from_str(more).unwrap();
    draft.groups = domain::Patch::Set(groups.iter().map(ToString::to_string).collect());
    app.invite(actor, draft).await
}

async fn add(app: &TestApp, actor: &Actor, group: GroupId, draft: &str) {
    let draft: MembersDraft = serde_json::from_str(draft).unwrap();
    groups::add_members(&app.ctx, actor, group, draft).await.unwrap();
}

/// The groups of an account by name, with their ends.
async fn of(app: &TestApp, actor: &Actor) -> Vec<(String, Option<Timestamp>)> {
    let of = memberships::of_account(&app.ctx.db().write, actor.id(), app.ctx.now()).await.unwrap();
    of.into_iter().map(|of| (of.group.name.to_string(), of.ends_at)).collect()
}

async fn standing(app: &TestApp, actor: &Actor, invite: &Invite) -> Standing {
    shown(app, actor, invite).await.standing
}

async fn shown(app: &TestApp, actor: &Actor, invite: &Invite) -> JoinOffer {
    match offer(&app.ctx, actor, code(invite)).await.unwrap() {
        JoinLookup::Offer(offer) => *offer,
        other => panic!("{other:?}"),
    }
}

async fn used(app: &TestApp, invite: &Invite) -> i64 {
    app.number(&format!("SELECT used FROM invites WHERE id = {}", literal(app, invite.id.0))).await
}

fn literal(app: &TestApp, id: uuid::Uuid) -> String {
    if app.ctx.db().is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}

async fn requests_for(app: &TestApp, actor: &Actor, invite: &Invite) -> Vec<JoinRequest> {
    list(&app.ctx, actor, invite.id, Paging::default()).await.unwrap().items
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

const CLOSED: &str = r#"{"existing_members":false,"label":"Course"}"#;

on_both_databases! {
    async fn a_member_joins_the_groups_of_an_invite_and_is_counted_once(app: &TestApp) {
        let owner = app.owner().await;
        let (potters, kiln) = (group_of(app, &owner, "Potters").await, group_of(app, &owner, "Kiln").await);
        let invite = invite_to(app, &owner, &[potters, kiln], r#"{"role":"moderator","max_uses":1}"#).await;
        let una = app.account("una", Role::User).await;
        add(app, &owner, kiln, r#"{"accounts":["una"],"manager":true}"#).await;
        let before = shown(app, &una, &invite).await;
        assert_eq!((before.standing, before.used_at, before.invited_by.as_str()), (Standing::MayJoin, None, "ngozi"));
        assert_eq!(before.groups.iter().map(|group| (group.name.as_str(), group.is_member)).collect::<Vec<_>>(), [("Potters", false), ("Kiln", true)]);
        assert_eq!(used(app, &invite).await, 0, "looking uses nothing");

        let joined = join(&app.ctx, &una, code(&invite)).await.unwrap();
        assert!(joined.used && joined.groups.iter().map(|group| group.id).eq([potters, kiln]));
        let again = join(&app.ctx, &una, code(&invite)).await.unwrap();
        assert_eq!(again, Joined { used: false, ..joined }, "also when that was the last use");
        assert_eq!(of(app, &una).await, [("Kiln".to_owned(), None), ("Potters".to_owned(), None)]);
        let now = operator::act_as(&app.ctx, Some("una")).await.unwrap();
        assert_eq!(now.role, Role::User, "the role of the invite is for new accounts");
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships WHERE is_manager").await, 1, "they still manage the kiln");

        let ledger = crate::redemptions::list(&app.ctx, &owner, &RedemptionQuery::default()).await.unwrap().items;
        assert_eq!((ledger.len(), ledger[0].kind, ledger[0].account.id), (1, RedemptionKind::Joined, una.id()));
        assert_eq!((used(app, &invite).await, events(app, "account.join").await), (1, 1));
        app.assert_uses_match_redemptions().await;
        // The invite is used up; they are told what it gave them, others that it is.
        let after = shown(app, &una, &invite).await;
        assert_eq!((after.standing, after.used_at), (Standing::IsInAll, Some(app.ctx.now())));
        let ben = app.account("ben", Role::User).await;
        let other = offer(&app.ctx, &ben, code(&invite)).await.unwrap();
        assert!(matches!(other, JoinLookup::Unavailable { status: InviteStatus::UsedUp, .. }), "{other:?}");
        assert_eq!(failure(join(&app.ctx, &ben, code(&invite)).await), Failure::invite_invalid());
        // They did not sign up with it.
        assert_eq!(members::get(&app.ctx, &owner, una.id()).await.unwrap().row.invite, None);
        let filter = domain::accounts::AccountFilter { inviter: Some(owner.id()), ..Default::default() };
        let invited = domain::accounts::AccountQuery { filter, ..Default::default() };
        assert!(members::list(&app.ctx, &owner, &invited).await.unwrap().items.is_empty());
        assert_eq!(crate::signup::after(&app.ctx, una.id()).await.unwrap(), None);
        assert_eq!(crate::overview::get(&app.ctx, &owner).await.unwrap().redemptions, 0, "sign-ups");
    }

    async fn an_invite_leads_existing_members_into_an_application(app: &TestApp) {
        let (owner, una) = (app.owner().await, app.account("una", Role::User).await);
        let draft = serde_json::json!({ "name": "Chat", "url": "https://chat.example" });
        let draft: domain::applications::ApplicationDraft = serde_json::from_value(draft).unwrap();
        let chat = crate::applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().application;
        let potters = group_of(app, &owner, "Potters").await;
        let invite = invite_to(app, &owner, &[potters], &format!(r#"{{"after":"/open/{}"}}"#, chat.id)).await;
        let offered = shown(app, &una, &invite).await.application.map(|of| (of.id, of.name.to_string()));
        assert_eq!(offered, Some((chat.id, "Chat".to_owned())));
        for used in [true, false] {
            let joined = join(&app.ctx, &una, code(&invite)).await.unwrap();
            assert_eq!((joined.application, joined.used), (Some(chat.id), used));
        }
    }

    async fn of_twenty_clicks_at_once_one_counts(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        for uses in ["null", "1", "5"] {
            let una = app.account(&format!("una{uses}"), Role::User).await;
            let invite = invite_to(app, &owner, &[potters], &format!(r#"{{"max_uses":{uses}}}"#)).await;
            let mut clicks = JoinSet::new();
            for _ in 0..20 {
                let (ctx, una, code) = (app.ctx.clone(), una.clone(), code(&invite).to_owned());
                clicks.spawn(async move { join(&ctx, &una, &code).await });
            }
            let joined: Vec<_> = clicks.join_all().await.into_iter().map(Result::unwrap).collect();
            assert_eq!(joined.iter().filter(|joined| joined.used).count(), 1, "{uses}");
            assert_eq!(used(app, &invite).await, 1, "{uses}");
            assert_eq!(of(app, &una).await.len(), 1);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM redemptions").await, 3);
        app.assert_uses_match_redemptions().await;
    }

    async fn joins_and_sign_ups_together_do_not_exceed_the_maximum_uses(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let invite = invite_to(app, &owner, &[potters], r#"{"max_uses":3}"#).await;
        let mut people = Vec::new();
        for number in 0..8 {
            people.push(app.account(&format!("person{number}"), Role::User).await);
        }
        let mut attempts = JoinSet::new();
        for (number, person) in people.into_iter().enumerate() {
            let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
            let sign_up = crate::testing::sign_up(&code, &format!("new{number}"));
            let (ours, its) = (ctx.clone(), code.clone());
            attempts.spawn(async move { join(&ours, &person, &its).await.map(|joined| assert!(joined.used)) });
            if number < 4 {
                attempts.spawn(async move { crate::signup::sign_up(&ctx, sign_up, None, &crate::Client::default()).await.map(|_| ()) });
            }
        }
        let outcomes = attempts.join_all().await;
        for outcome in outcomes.iter().filter(|outcome| outcome.is_err()) {
            assert!(matches!(outcome, Err(Error::Failure(failure)) if *failure == Failure::invite_invalid()), "{outcome:?}");
        }
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        assert_eq!(used(app, &invite).await, 3);
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 3, "who was refused is in no group");
        app.assert_uses_match_redemptions().await;
    }

    async fn who_is_in_all_of_the_groups_uses_nothing(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let una = app.account("una", Role::User).await;
        add(app, &owner, potters, r#"{"accounts":["una"],"ends_at":"2099-01-01T00:00:00Z"}"#).await;
        for more in ["{}", CLOSED] {
            let invite = invite_to(app, &owner, &[potters], more).await;
            assert_eq!(standing(app, &una, &invite).await, Standing::IsInAll);
            assert!(!join(&app.ctx, &una, code(&invite)).await.unwrap().used);
            assert_eq!((used(app, &invite).await, failure(ask(&app.ctx, &una, code(&invite)).await).code), (0, Code::Forbidden));
        }
        assert_eq!(of(app, &una).await[0].1, Timestamp::parse("2099-01-01T00:00:00Z"));
        assert_eq!((events(app, "account.join").await, app.number("SELECT COUNT(*) FROM redemptions").await), (0, 0));
    }

    async fn what_an_invite_asks_of_those_who_sign_up_it_asks_of_members(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let una = app.account("una", Role::User).await;
        for (more, why) in [
            (CLOSED, NotAdmitted::NewMembersOnly),
            (r#"{"approval":true}"#, NotAdmitted::NeedsApproval),
            (r#"{"email":"other@bramble.example"}"#, NotAdmitted::OtherAddress),
            (r#"{"email_domains":["postbox.example"]}"#, NotAdmitted::OtherAddress),
        ] {
            let invite = invite_to(app, &owner, &[potters], more).await;
            assert_eq!(standing(app, &una, &invite).await, Standing::NotAdmitted(why));
            let refused = failure(join(&app.ctx, &una, code(&invite)).await);
            assert!(refused.code == Code::NotAdmitted && !refused.message.contains("other@"), "{refused:?}");
            assert_eq!(used(app, &invite).await, 0);
        }
        for more in [r#"{"email":"UNA@bramble.example","label":"a"}"#, r#"{"email_domains":["bramble.example"]}"#] {
            assert_eq!(standing(app, &una, &invite_to(app, &owner, &[potters], more).await).await, Standing::MayJoin);
        }
        let bare = invite_to(app, &owner, &[], "{}").await;
        assert_eq!(standing(app, &una, &bare).await, Standing::NothingToJoin);
        assert_eq!(failure(join(&app.ctx, &una, code(&bare)).await).code, Code::Forbidden);
        assert_eq!(failure(ask(&app.ctx, &una, code(&bare)).await).code, Code::Forbidden);

        let open = invite_to(app, &owner, &[potters], r#"{"label":"b"}"#).await;
        let reading = Actor { scope: KeyScope::READ, ..una.clone() };
        let pending = Actor { active: false, ..una.clone() };
        for actor in [&reading, &pending] {
            assert_eq!(failure(join(&app.ctx, actor, code(&open)).await).code, Code::Forbidden);
            assert_eq!(failure(ask(&app.ctx, actor, code(&open)).await).code, Code::Forbidden);
        }
        // One that was suspended after the request was authenticated.
        members::suspend(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(failure(join(&app.ctx, &una, code(&open)).await).code, Code::Unauthenticated);
        members::restore(&app.ctx, &owner, una.id()).await.unwrap();
        let una = operator::act_as(&app.ctx, Some("una")).await.unwrap();

        invites::pause(&app.ctx, &owner, open.id).await.unwrap();
        assert_eq!(failure(join(&app.ctx, &una, code(&open)).await), Failure::invite_invalid());
        assert!(matches!(offer(&app.ctx, &una, code(&open)).await.unwrap(), JoinLookup::Unavailable { status: InviteStatus::Paused, .. }));
        invites::resume(&app.ctx, &owner, open.id).await.unwrap();
        let closed = |mode: &str| SettingsDraft { registration_mode: Some(mode.into()), ..SettingsDraft::default() };
        crate::settings::update(&app.ctx, &owner, closed("closed").parse().unwrap()).await.unwrap();
        assert_eq!(failure(join(&app.ctx, &una, code(&open)).await).code, Code::RegistrationClosed);
        assert_eq!(failure(offer(&app.ctx, &una, code(&open)).await).code, Code::RegistrationClosed);
        crate::settings::update(&app.ctx, &owner, closed("invite_only").parse().unwrap()).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM redemptions").await, 0);
        join(&app.ctx, &una, code(&open)).await.unwrap();
    }

    async fn an_author_who_may_not_grant_the_groups_any_more_lets_nobody_join(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        app.account("ada", Role::User).await;
        add(app, &owner, potters, r#"{"accounts":["ada"],"manager":true}"#).await;
        let ada = operator::act_as(&app.ctx, Some("ada")).await.unwrap();
        let open = invite_to(app, &ada, &[potters], r#"{"label":"a"}"#).await;
        let closed = invite_to(app, &ada, &[potters], CLOSED).await;
        let una = app.account("una", Role::User).await;
        ask(&app.ctx, &una, code(&closed)).await.unwrap();
        let at_home = crate::me::home(&app.ctx, &ada).await.unwrap().requests;
        let asked: Vec<_> = requests_for(app, &ada, &closed).await.into_iter().map(Request::Join).collect();
        assert_eq!(at_home, asked, "a manager of the group has no overview");
        assert_eq!(crate::me::home(&app.ctx, &owner).await.unwrap().requests, []);
        // Not by the use case, which pauses the invites.
        app.execute("UPDATE memberships SET is_manager = FALSE").await;
        for invite in [&open, &closed] {
            assert_eq!(offer(&app.ctx, &una, code(invite)).await.unwrap(), JoinLookup::Unknown);
            assert_eq!(failure(join(&app.ctx, &una, code(invite)).await), Failure::invite_invalid());
        }
        assert_eq!(failure(ask(&app.ctx, &una, code(&closed)).await), Failure::invite_invalid());
        let request = requests_for(app, &owner, &closed).await[0].id;
        assert_eq!(failure(decide(&app.ctx, &owner, request, Answer::Grant).await).code, Code::Forbidden);
        assert_eq!(failure(decide(&app.ctx, &ada, request, Answer::Grant).await).code, Code::Forbidden);
        assert_eq!(of(app, &una).await, []);
        assert_eq!(requests_for(app, &owner, &closed).await.len(), 1, "what was refused is undone");
    }

    async fn memberships_end_when_the_invite_says_and_are_never_shortened(app: &TestApp) {
        let owner = app.owner().await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C", "D", "E"] {
            ids.push(group_of(app, &owner, name).await);
        }
        let una = app.account("una", Role::User).await;
        // In 10 days, in 50 days, never, and one that has ended and was managed.
        let after = |days: u64| app.ctx.now().plus(Duration::from_hours(24 * days));
        let end = |days: u64| format!(r#"{{"accounts":["una"],"ends_at":"{}"}}"#, after(days).to_rfc3339());
        add(app, &owner, ids[0], &end(10)).await;
        add(app, &owner, ids[1], &end(50)).await;
        add(app, &owner, ids[2], r#"{"accounts":["una"]}"#).await;
        add(app, &owner, ids[3], &end(60).replace('}', r#","manager":true}"#)).await;
        app.execute(&format!("UPDATE memberships SET ends_at = 1 WHERE group_id = {}", literal(app, ids[3].0))).await;
        let invite = invite_to(app, &owner, &ids, r#"{"ends":{"of":"account","after_days":30}}"#).await;
        assert_eq!(shown(app, &una, &invite).await.ends_at, Some(after(30)));
        join(&app.ctx, &una, code(&invite)).await.unwrap();
        let ends: Vec<_> = of(app, &una).await.into_iter().map(|(_, end)| end).collect();
        assert_eq!(ends, [Some(after(30)), Some(after(50)), None, Some(after(30)), Some(after(30))]);
        assert_eq!(app.number("SELECT COUNT(*) FROM memberships WHERE redemption_id IS NOT NULL AND NOT is_manager").await, 2, "those that it began");
        assert_eq!(members::get(&app.ctx, &owner, una.id()).await.unwrap().row.account.ends_at, None, "the account stays");

        // After the end the invite gives nothing more: it was used.
        app.advance(Duration::from_hours(24 * 31));
        assert_eq!(standing(app, &una, &invite).await, Standing::NotAdmitted(NotAdmitted::UsedBefore));
        assert_eq!(failure(join(&app.ctx, &una, code(&invite)).await).code, Code::NotAdmitted);
        assert_eq!(used(app, &invite).await, 1);
    }

    async fn who_is_not_admitted_asks_the_author_who_adds_them(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let ada = app.account("ada", Role::Admin).await;
        let invite = invite_to(app, &ada, &[potters], r#"{"existing_members":false,"label":"Course","ends":{"of":"groups","after_days":30}}"#).await;
        let (una, ben) = (app.account("una", Role::User).await, app.account("ben", Role::User).await);
        for _ in 0..3 {
            ask(&app.ctx, &una, code(&invite)).await.unwrap();
        }
        assert_eq!(shown(app, &una, &invite).await.asked, Some(Asked::Open { at: app.ctx.now() }));
        assert_eq!(shown(app, &ben, &invite).await.asked, None);
        app.advance(Duration::from_secs(5));
        ask(&app.ctx, &ben, code(&invite)).await.unwrap();

        let waiting = requests_for(app, &ada, &invite).await;
        assert_eq!(waiting.iter().map(|request| request.account.id).collect::<Vec<_>>(), [ben.id(), una.id()]);
        assert_eq!((waiting[1].invite.title(), waiting[1].groups[0].name.as_str()), ("Course", "Potters"));
        let overview = newest(&app.ctx, &ada).await.unwrap();
        assert_eq!(overview.iter().map(|request| request.id).collect::<Vec<_>>(), [waiting[1].id, waiting[0].id], "the oldest first");
        // Others neither see nor decide.
        let moderator = app.account("mo", Role::Moderator).await;
        let inviting = Actor { permissions: Permission::InvitesCreate.into(), ..ben.clone() };
        for stranger in [&una, &inviting] {
            assert_eq!(failure(list(&app.ctx, stranger, invite.id, Paging::default()).await).code, Code::Forbidden);
            assert_eq!(failure(decide(&app.ctx, stranger, waiting[1].id, Answer::Grant).await).code, Code::Forbidden);
            assert_eq!(newest(&app.ctx, stranger).await.unwrap(), []);
        }
        assert_eq!(requests_for(app, &moderator, &invite).await, waiting, "who manages all invites");

        let granted = decide(&app.ctx, &ada, waiting[1].id, Answer::Grant).await.unwrap();
        assert_eq!((granted.status, granted.account.id), (RequestStatus::Granted, una.id()));
        let ends = Some(app.ctx.now().plus(Duration::from_hours(24 * 30)));
        assert_eq!(of(app, &una).await, [("Potters".to_owned(), ends)]);
        for answer in [Answer::Grant, Answer::Dismiss] {
            let again = decide(&app.ctx, &owner, waiting[1].id, answer).await.unwrap();
            assert_eq!(again.status, RequestStatus::Granted);
        }
        assert_eq!((used(app, &invite).await, app.number("SELECT COUNT(*) FROM redemptions").await), (0, 0), "the author added them");
        assert_eq!(shown(app, &una, &invite).await.standing, Standing::IsInAll);
        assert_eq!((events(app, "invite.ask_to_join").await, events(app, "invite.grant_request").await), (2, 1));

        let dismissed = decide(&app.ctx, &moderator, waiting[0].id, Answer::Dismiss).await.unwrap();
        assert_eq!((dismissed.status, events(app, "invite.dismiss_request").await), (RequestStatus::Dismissed, 1));
        assert_eq!(requests_for(app, &ada, &invite).await, []);
        let again_at = app.ctx.now().plus(ASK_AGAIN_AFTER);
        assert_eq!(shown(app, &ben, &invite).await.asked, Some(Asked::Dismissed { again_at }));
        assert_eq!(failure(ask(&app.ctx, &ben, code(&invite)).await).code, Code::Forbidden);
        app.advance(ASK_AGAIN_AFTER);
        assert_eq!(shown(app, &ben, &invite).await.asked, None);
        ask(&app.ctx, &ben, code(&invite)).await.unwrap();
        assert_eq!(requests_for(app, &ada, &invite).await.len(), 1);
        let nobody = JoinRequestId(uuid::Uuid::from_u128(7));
        assert_eq!(failure(decide(&app.ctx, &owner, nobody, Answer::Grant).await).code, Code::NotFound);
    }

    async fn nobody_grants_permissions_that_they_do_not_have(app: &TestApp) {
        let owner = app.owner().await;
        let office = group_of(app, &owner, "Office").await;
        app.execute("UPDATE groups SET permissions = 'settings.change'").await;
        let ada = app.account("ada", Role::Admin).await;
        let invite = invite_to(app, &ada, &[office], CLOSED).await;
        let moderator = app.account("mo", Role::Moderator).await;
        ask(&app.ctx, &moderator, code(&invite)).await.unwrap();
        let waiting = requests_for(app, &moderator, &invite).await[0].id;
        assert_eq!(failure(decide(&app.ctx, &moderator, waiting, Answer::Grant).await).code, Code::Forbidden);
        // Nor do they make the invite easier to get.
        let open: domain::invites::InviteDraft = serde_json::from_str(r#"{"existing_members":true}"#).unwrap();
        assert_eq!(failure(invites::update(&app.ctx, &moderator, invite.id, open).await).code, Code::Forbidden);
        assert_eq!(of(app, &moderator).await, []);
        decide(&app.ctx, &ada, waiting, Answer::Grant).await.unwrap();
        assert_eq!(of(app, &moderator).await.len(), 1);
    }

    async fn requests_end_with_invites_that_are_deleted_together(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let invite = invite_to(app, &owner, &[potters], CLOSED).await;
        let una = app.account("una", Role::User).await;
        ask(&app.ctx, &una, code(&invite)).await.unwrap();
        let change = BulkChange { act: BulkAct::Delete, selection: BulkSelection::Ids(vec![invite.id]), as_of: None };
        assert_eq!(invites::change_all(&app.ctx, &owner, change).await.unwrap().changed, 1);
        assert_eq!(newest(&app.ctx, &owner).await.unwrap(), []);
    }

    async fn who_may_not_invite_any_more_is_not_shown_requests(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let ada = app.account("ada", Role::Admin).await;
        let invite = invite_to(app, &ada, &[potters], CLOSED).await;
        let una = app.account("una", Role::User).await;
        ask(&app.ctx, &una, code(&invite)).await.unwrap();
        assert_eq!(newest(&app.ctx, &ada).await.unwrap().len(), 1);
        let before = Actor { permissions: domain::access::Permissions::empty(), ..ada };
        assert_eq!(newest(&app.ctx, &before).await.unwrap(), []);
    }

    async fn of_answers_at_once_one_counts_and_so_does_one_request(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let invite = invite_to(app, &owner, &[potters], CLOSED).await;
        let una = app.account("una", Role::User).await;
        let mut clicks = JoinSet::new();
        for _ in 0..10 {
            let (ctx, una, code) = (app.ctx.clone(), una.clone(), code(&invite).to_owned());
            clicks.spawn(async move { ask(&ctx, &una, &code).await });
        }
        assert!(clicks.join_all().await.iter().all(Result::is_ok));
        let waiting = requests_for(app, &owner, &invite).await;
        assert_eq!((waiting.len(), events(app, "invite.ask_to_join").await), (1, 1));
        let mut answers = JoinSet::new();
        for number in 0..10 {
            let (ctx, owner, id) = (app.ctx.clone(), owner.clone(), waiting[0].id);
            let answer = if number % 2 == 0 { Answer::Grant } else { Answer::Dismiss };
            answers.spawn(async move { decide(&ctx, &owner, id, answer).await.map(|request| request.status) });
        }
        let statuses: Vec<_> = answers.join_all().await.into_iter().map(Result::unwrap).collect();
        assert!(statuses.iter().all(|status| *status == statuses[0]), "{statuses:?}");
        assert_eq!(events(app, "invite.grant_request").await + events(app, "invite.dismiss_request").await, 1);
        assert_eq!(of(app, &una).await.len(), usize::from(statuses[0] == RequestStatus::Granted));
    }

    async fn requests_are_limited_and_end_with_what_they_are_about(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let una = app.account("una", Role::User).await;
        let mut asked = Vec::new();
        for _ in 0..MAX_OPEN_REQUESTS {
            let invite = invite_to(app, &owner, &[potters], CLOSED).await;
            ask(&app.ctx, &una, code(&invite)).await.unwrap();
            asked.push(invite);
        }
        let one_more = invite_to(app, &owner, &[potters], CLOSED).await;
        assert_eq!(failure(ask(&app.ctx, &una, code(&one_more)).await).code, Code::Forbidden);
        // Deleting an invite dismisses what was asked about it.
        invites::delete(&app.ctx, &owner, asked[0].id).await.unwrap();
        ask(&app.ctx, &una, code(&one_more)).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM join_requests WHERE dismissed_at IS NOT NULL").await, 1);
        // An account that was suspended since is not added; one that is deleted has no requests.
        let request = requests_for(app, &owner, &one_more).await[0].id;
        members::suspend(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(failure(decide(&app.ctx, &owner, request, Answer::Grant).await).code, Code::Forbidden);
        members::delete(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(failure(decide(&app.ctx, &owner, request, Answer::Grant).await).code, Code::NotFound);
        assert_eq!(app.number("SELECT COUNT(*) FROM join_requests").await, 0);
        assert_eq!(newest(&app.ctx, &owner).await.unwrap(), []);
    }

    async fn a_custom_code_that_cannot_be_used_is_an_unknown_one(app: &TestApp) {
        let owner = app.owner().await;
        let potters = group_of(app, &owner, "Potters").await;
        let own = invite_to(app, &owner, &[potters], r#"{"code":"open-evening"}"#).await;
        let (una, ben) = (app.account("una", Role::User).await, app.account("ben", Role::User).await);
        join(&app.ctx, &una, code(&own)).await.unwrap();
        invites::pause(&app.ctx, &owner, own.id).await.unwrap();
        for code in ["open-evening", "no-such-code", "?"] {
            assert_eq!(offer(&app.ctx, &ben, code).await.unwrap(), JoinLookup::Unknown);
            assert_eq!(failure(join(&app.ctx, &ben, code).await), Failure::invite_invalid());
            assert_eq!(failure(ask(&app.ctx, &ben, code).await), Failure::invite_invalid());
        }
        assert_eq!(shown(app, &una, &own).await.standing, Standing::IsInAll, "who used it knows it");
        assert!(!join(&app.ctx, &una, "open-evening").await.unwrap().used);
        // Guesses are counted with those of visitors.
        let client = crate::Client { ip: Some("203.0.113.7".parse().unwrap()), user_agent: None };
        let guessing = Actor { client: client.clone(), ..ben };
        for number in 0..100 {
            assert_eq!(offer(&app.ctx, &guessing, &format!("guess-{number}")).await.unwrap(), JoinLookup::Unknown);
        }
        assert_eq!(failure(join(&app.ctx, &guessing, "open-evening").await).code, Code::RateLimited);
        assert_eq!(failure(invites::lookup(&app.ctx, "guess-100", &client).await).code, Code::RateLimited);
    }
}
