use std::time::Duration;

use domain::access::Permission;
use domain::accounts::Role;
use domain::events::Event;
use domain::ids::{GroupId, InviteRequestId};
use domain::invites::{BulkAct, BulkChange, BulkSelection, Invite, InviteDraft, InviteStatus, NEW_LINK_LASTS};
use domain::joining::{ASK_AGAIN_AFTER, RequestStatus};
use domain::keys::KeyScope;
use domain::requests::{InviteRequest, InviteRequestDraft, InviteRequestQuery, KEPT_AFTER_ANSWER, MAX_OPEN_PER_INVITE};
use domain::settings::SettingsDraft;
use domain::signup::Lookup;
use domain::{Code, Patch};
use tokio::task::JoinSet;

use super::*;
use crate::mail::tests::server::MailServer;
use crate::outbox::run_once;
use crate::senders::Senders;
use crate::testing::{TestApp, code, failure, on_both_databases};
use crate::{Client, invites, mail, members, settings};

mod undelivered;

const MATEO: &str = "mateo@postbox.example";
const DAY: Duration = Duration::from_hours(24);

/// A client of a network of its own.
fn client(number: u8) -> Client {
    Client { ip: Some([203, 0, 113, number].into()), user_agent: None }
}

async fn ask_for(app: &TestApp, code: &str, email: &str, number: u8) -> Result<(), Error> {
    let draft = InviteRequestDraft { email: email.to_owned(), note: "Mine is over.".to_owned() };
    ask_and_wait(&app.ctx, &client(number), code, draft.parse().unwrap()).await
}

/// A paused invite with these terms.
async fn paused(app: &TestApp, actor: &Actor, json: &str) -> Invite {
    let invite = app.invite(actor, serde_json::from_str(json).unwrap()).await;
    invites::pause(&app.ctx, actor, invite.id).await.unwrap();
    invite
}

async fn stored(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM invite_requests").await
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

async fn all(app: &TestApp, actor: &Actor) -> Vec<InviteRequest> {
    list(&app.ctx, actor, &InviteRequestQuery::default()).await.unwrap().items
}

async fn open(app: &TestApp, actor: &Actor) -> Vec<InviteRequest> {
    list(&app.ctx, actor, &InviteRequestQuery { open: true, ..InviteRequestQuery::default() }).await.unwrap().items
}

/// Whether the page of the code offers to ask.
async fn offers(app: &TestApp, code: &str) -> bool {
    let looked = invites::lookup(&app.ctx, code, &client(250)).await.unwrap();
    matches!(looked, Lookup::Unavailable { may_ask: true, .. })
}

async fn set(app: &TestApp, owner: &Actor, json: &str) {
    let draft: SettingsDraft = serde_json::from_str(json).unwrap();
    settings::update(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
}

/// The member with this username, who may invite one person at a time.
async fn inviting(app: &TestApp, owner: &Actor, username: &str, limits: &str) -> Actor {
    let mut draft: SettingsDraft = serde_json::from_str(limits).unwrap();
    draft.user_permissions = Some(Permission::InvitesCreate.into());
    settings::update(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
    app.account(username, Role::User).await
}

on_both_databases! {
    async fn asking_is_answered_alike_and_stored_where_there_is_something_to_ask_for(app: &TestApp) {
        let owner = app.owner().await;
        let ada = app.account("ada", Role::Admin).await;
        let expired = app.invite(&owner, serde_json::from_str(r#"{"expires_in_hours":1}"#).unwrap()).await;
        let used_up = app.invite(&owner, serde_json::from_str(r#"{"max_uses":1}"#).unwrap()).await;
        app.sign_up(code(&used_up), "mateo").await.unwrap();
        app.advance(DAY);
        let paused_one = paused(app, &owner, "{}").await;
        let active = app.invite(&owner, InviteDraft::default()).await;
        let scheduled = app.invite(&owner, serde_json::from_str(r#"{"starts_at":"2099-01-01T00:00:00Z"}"#).unwrap()).await;
        let deleted = paused(app, &owner, "{}").await;
        invites::delete(&app.ctx, &owner, deleted.id).await.unwrap();
        let own = paused(app, &owner, r#"{"code":"open-evening"}"#).await;
        let for_others = paused(app, &owner, r#"{"email_domains":["example.org"]}"#).await;
        let of_ada = paused(app, &ada, "{}").await;
        members::suspend(&app.ctx, &owner, ada.id()).await.unwrap();

        // Neither a code that tells nothing, nor an address that is that of a member or of nobody, makes a difference.
        for (number, code) in ["NoSuchCode23", "?", "", code(&active), code(&scheduled), code(&deleted), code(&own), code(&for_others), code(&of_ada)].into_iter().enumerate() {
            ask_for(app, code, MATEO, u8::try_from(number).unwrap()).await.unwrap();
            assert_eq!(stored(app).await, 0, "{code}");
            app.advance(DAY);
        }
        for (number, invite) in [&expired, &used_up, &paused_one].into_iter().enumerate() {
            let number = u8::try_from(number).unwrap();
            for email in [MATEO, "ngozi@bramble.example", "nobody@nowhere.example"] {
                ask_for(app, code(invite), email, 100 + number).await.unwrap();
            }
            app.advance(DAY);
        }
        assert_eq!((stored(app).await, events(app, "invite.ask_for_link").await), (9, 9));
        for (invite, offered) in [(&expired, true), (&used_up, true), (&paused_one, true), (&for_others, true), (&deleted, false), (&scheduled, false), (&of_ada, false), (&own, false)] {
            assert_eq!(offers(app, code(invite)).await, offered, "{invite:?}");
        }
        // While registration is closed nothing is stored.
        set(app, &owner, r#"{"registration_mode":"closed"}"#).await;
        ask_for(app, code(&paused_one), "late@nowhere.example", 120).await.unwrap();
        assert_eq!(stored(app).await, 9);
        // The log has neither the address, nor the note, nor where it was asked.
        let told = "SELECT COUNT(*) FROM audit_log WHERE action LIKE 'invite.%link%'
            AND (detail LIKE '%mateo%' OR detail LIKE '%Mine%' OR client_ip IS NOT NULL)";
        assert_eq!(app.number(told).await, 0);
    }

    async fn an_address_asks_once_and_again_a_week_after_it_was_dismissed(app: &TestApp) {
        let owner = app.owner().await;
        let invite = paused(app, &owner, r#"{"label":"Summer course"}"#).await;
        for (number, email) in [MATEO, MATEO, "MATEO@postbox.example"].into_iter().enumerate() {
            ask_for(app, code(&invite), email, u8::try_from(number).unwrap()).await.unwrap();
        }
        let waiting = open(app, &owner).await;
        assert_eq!((waiting.len(), waiting[0].email.as_str(), waiting[0].invite.title()), (1, MATEO, "Summer course"));
        assert_eq!(waiting[0].note.as_ref().map(domain::text::RequestNote::as_str), Some("Mine is over."));
        let dismissed = dismiss(&app.ctx, &owner, waiting[0].id).await.unwrap();
        assert_eq!((dismissed.status, dismissed.decided_at), (RequestStatus::Dismissed, Some(app.ctx.now())));
        assert_eq!(dismiss(&app.ctx, &owner, waiting[0].id).await.unwrap(), dismissed, "again, it does nothing");
        assert_eq!(failure(grant(&app.ctx, &owner, waiting[0].id).await).code, Code::AlreadyDecided);
        ask_for(app, code(&invite), MATEO, 10).await.unwrap();
        assert_eq!((open(app, &owner).await.len(), all(app, &owner).await.len()), (0, 1));
        app.advance(ASK_AGAIN_AFTER);
        ask_for(app, code(&invite), MATEO, 11).await.unwrap();
        assert_eq!((open(app, &owner).await.len(), all(app, &owner).await.len()), (1, 2));
        assert_eq!((events(app, "invite.ask_for_link").await, events(app, "invite.dismiss_link_request").await), (2, 1));
    }

    async fn asking_is_limited_by_network_by_address_and_by_invite(app: &TestApp) {
        let owner = app.owner().await;
        let invite = paused(app, &owner, "{}").await;
        // By network, also for codes that do not exist: the limit says nothing.
        for number in 0..20 {
            ask_for(app, "NoSuchCode23", &format!("a{number}@postbox.example"), 1).await.unwrap();
        }
        assert_eq!(failure(ask_for(app, code(&invite), "b@postbox.example", 1).await).code, Code::RateLimited);
        // By address, from anywhere.
        for number in 0..10 {
            ask_for(app, code(&invite), MATEO, 10 + number).await.unwrap();
        }
        assert_eq!(failure(ask_for(app, code(&invite), "MATEO@postbox.example", 30).await).code, Code::RateLimited);
        assert_eq!(stored(app).await, 1);
        // By invite, also at once.
        for first in [0, 20, 40, 60, 80, 100_u8] {
            let mut asked = JoinSet::new();
            for number in first..first + 20 {
                let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
                let draft = InviteRequestDraft { email: format!("c{number}@postbox.example"), note: String::new() };
                asked.spawn(async move { ask_and_wait(&ctx, &client(100 + number), &code, draft.parse().unwrap()).await });
            }
            assert!(asked.join_all().await.into_iter().all(|outcome| outcome.is_ok()), "who is too many is not told");
        }
        assert_eq!(stored(app).await, i64::try_from(MAX_OPEN_PER_INVITE).unwrap());
        let another = paused(app, &owner, "{}").await;
        ask_for(app, code(&another), "d@postbox.example", 40).await.unwrap();
        assert_eq!(stored(app).await, i64::try_from(MAX_OPEN_PER_INVITE).unwrap() + 1);
    }

    async fn of_one_address_at_once_one_request_is_stored(app: &TestApp) {
        let owner = app.owner().await;
        let invite = paused(app, &owner, "{}").await;
        let mut asked = JoinSet::new();
        for number in 0..8_u8 {
            let (ctx, code) = (app.ctx.clone(), code(&invite).to_owned());
            let draft = InviteRequestDraft { email: MATEO.to_owned(), note: String::new() };
            asked.spawn(async move { ask_and_wait(&ctx, &client(number), &code, draft.parse().unwrap()).await });
        }
        assert!(asked.join_all().await.into_iter().all(|outcome| outcome.is_ok()));
        assert_eq!((stored(app).await, events(app, "invite.ask_for_link").await), (1, 1));
    }

    async fn authors_see_and_answer_requests_of_their_own_invites_and_staff_all(app: &TestApp) {
        let owner = app.owner().await;
        let una = inviting(app, &owner, "una", "{}").await;
        let ben = app.account("ben", Role::User).await;
        let moderator = app.account("mo", Role::Moderator).await;
        let (of_una, of_owner) = (paused(app, &una, r#"{"max_uses":1}"#).await, paused(app, &owner, "{}").await);
        ask_for(app, code(&of_una), MATEO, 1).await.unwrap();
        app.advance(Duration::from_secs(5));
        ask_for(app, code(&of_owner), MATEO, 2).await.unwrap();
        let invites_of = |requests: Vec<InviteRequest>| requests.iter().map(|request| request.invite.id).collect::<Vec<_>>();
        assert_eq!(invites_of(all(app, &owner).await), [of_owner.id, of_una.id], "newest first");
        assert_eq!(invites_of(open(app, &moderator).await), [of_owner.id, of_una.id]);
        assert_eq!(invites_of(all(app, &una).await), [of_una.id]);
        assert_eq!(invites_of(all(app, &ben).await), []);
        let nothing = Actor { permissions: domain::access::Permissions::empty(), ..ben.clone() };
        assert_eq!(failure(list(&app.ctx, &nothing, &InviteRequestQuery::default()).await).code, Code::Forbidden);
        let oldest = newest(&app.ctx, &owner).await.unwrap().items;
        assert!(matches!(&oldest[..], [Request::Link(first), Request::Link(_)] if first.invite.id == of_una.id), "{oldest:?}");
        assert_eq!(newest(&app.ctx, &ben).await.unwrap().items, []);
        assert_eq!(newest(&app.ctx, &nothing).await.unwrap().items, []);
        assert_eq!(crate::me::home(&app.ctx, &una).await.unwrap().requests.len(), 1, "who has no overview");

        assert_eq!(of_invite(&app.ctx, &una, of_una.id).await.unwrap().items.len(), 1);
        for (actor, invite) in [(&una, &of_owner), (&ben, &of_una), (&nothing, &of_una)] {
            assert_eq!(failure(of_invite(&app.ctx, actor, invite.id).await).code, Code::Forbidden);
        }
        let requests = all(app, &owner).await;
        let (to_owner, to_una) = (requests[0].id, requests[1].id);
        for (actor, request) in [(&una, to_owner), (&ben, to_una), (&nothing, to_una)] {
            assert_eq!(failure(grant(&app.ctx, actor, request).await).code, Code::Forbidden);
            assert_eq!(failure(dismiss(&app.ctx, actor, request).await).code, Code::Forbidden);
        }
        assert_eq!(open(app, &owner).await.len(), 2, "what was refused is undone");
        let granted = grant(&app.ctx, &una, to_una).await.unwrap();
        assert_eq!((granted.invite.created_by.id, granted.request.status), (una.id(), RequestStatus::Granted));
        assert_eq!(granted.request.granted_invite, Some(granted.invite.id));
        dismiss(&app.ctx, &moderator, to_owner).await.unwrap();
        assert_eq!(open(app, &owner).await, []);
        let nobody = InviteRequestId(uuid::Uuid::from_u128(7));
        assert_eq!(failure(grant(&app.ctx, &owner, nobody).await).code, Code::NotFound);
        assert_eq!(failure(dismiss(&app.ctx, &owner, nobody).await).code, Code::NotFound);
    }

    async fn both_kinds_of_requests_are_in_one_list(app: &TestApp) {
        let owner = app.owner().await;
        let group = app.group(&owner, "Potters", &[]).await;
        let draft = InviteDraft { groups: Patch::Set(vec![group.to_string()]), existing_members: Patch::Set(false), ..InviteDraft::default() };
        let invite = app.invite(&owner, draft).await;
        let una = app.account("una", Role::User).await;
        crate::joining::ask(&app.ctx, &una, code(&invite)).await.unwrap();
        app.advance(Duration::from_secs(5));
        invites::pause(&app.ctx, &owner, invite.id).await.unwrap();
        ask_for(app, code(&invite), MATEO, 1).await.unwrap();
        let of_one = of_invite(&app.ctx, &owner, invite.id).await.unwrap();
        assert!(matches!(&of_one.items[..], [Request::Link(_), Request::Join(_)]) && !of_one.more, "newest first: {of_one:?}");
        let oldest = newest(&app.ctx, &owner).await.unwrap().items;
        assert!(matches!(&oldest[..], [Request::Join(_), Request::Link(_)]), "{oldest:?}");
        for number in 2..6 {
            ask_for(app, code(&invite), &format!("c{number}@postbox.example"), number).await.unwrap();
        }
        assert_eq!(newest(&app.ctx, &owner).await.unwrap().items.len(), 3);
    }

    async fn a_granted_request_is_an_invite_with_the_same_terms_for_one_person(app: &TestApp) {
        let owner = app.owner().await;
        let ada = app.account("ada", Role::Admin).await;
        let group: GroupId = app.group(&owner, "Potters", &[]).await;
        let terms = format!(
            r#"{{"label":"Summer course","role":"moderator","groups":["{group}"],"max_uses":30,"expires_in_hours":1,"approval":true,
            "email_domains":["postbox.example"],"welcome_text":"Hello"}}"#
        );
        let old = app.invite(&ada, serde_json::from_str(&terms).unwrap()).await;
        app.advance(DAY);
        ask_for(app, code(&old), MATEO, 1).await.unwrap();
        let request = open(app, &ada).await[0].id;
        let granted = grant(&app.ctx, &owner, request).await.unwrap();
        let new = &granted.invite;
        let expected = domain::invites::Terms {
            label: new.terms.label.clone(),
            max_uses: Some(1),
            expires_at: Some(app.ctx.now().plus(NEW_LINK_LASTS)),
            email: Some(domain::accounts::Email::parse(MATEO).unwrap()),
            ..old.terms.clone()
        };
        assert_eq!((&new.terms, new.created_by.id, new.status), (&expected, owner.id(), InviteStatus::Active));
        assert_eq!(new.title(), "Summer course (new link)");
        assert_eq!((granted.request.status, granted.request.granted_invite), (RequestStatus::Granted, Some(new.id)));
        assert!(matches!(invites::lookup(&app.ctx, code(new), &client(2)).await.unwrap(), Lookup::Open(_)));
        // The person who granted it sees the link again; somebody else is told.
        let again = grant(&app.ctx, &owner, request).await.unwrap();
        assert_eq!((again.invite.id, &again.invite.url, &again.request), (new.id, &new.url, &granted.request));
        for answer in [grant(&app.ctx, &ada, request).await.map(|_| ()), dismiss(&app.ctx, &ada, request).await.map(|_| ())] {
            assert_eq!(failure(answer).code, Code::AlreadyDecided);
        }
        assert_eq!((events(app, "invite.grant_link_request").await, events(app, "invite.create").await), (1, 2));
        let event = Event::LinkRequestGranted { invite: old.id, new_invite: new.id };
        assert_eq!(event.subject().id(), Some(old.id.0));
        // Somebody else cannot sign up with it; the person can.
        let other = crate::testing::sign_up(code(new), "ben");
        assert_eq!(failure(crate::signup::sign_up(&app.ctx, other, None, &client(3)).await).code, Code::Invalid);
        app.sign_up(code(new), "mateo").await.unwrap();
        app.assert_uses_match_redemptions().await;
        // What the invite admits may have changed since it was asked for.
        ask_for(app, code(&old), "lena@postbox.example", 4).await.unwrap();
        let change: InviteDraft = serde_json::from_str(r#"{"email_domains":["example.org"]}"#).unwrap();
        invites::update(&app.ctx, &ada, old.id, change).await.unwrap();
        let lena = open(app, &ada).await[0].id;
        assert_eq!(failure(grant(&app.ctx, &ada, lena).await).code, Code::Forbidden);
        assert_eq!(open(app, &ada).await.len(), 1);
    }

    async fn of_eight_who_grant_at_once_one_makes_an_invite_and_the_others_are_told(app: &TestApp) {
        let owner = app.owner().await;
        let mut people = vec![owner.clone()];
        for number in 0..7 {
            people.push(app.account(&format!("admin{number}"), Role::Admin).await);
        }
        let invite = paused(app, &owner, "{}").await;
        ask_for(app, code(&invite), MATEO, 1).await.unwrap();
        let request = open(app, &owner).await[0].id;
        let mut answers = JoinSet::new();
        for person in people {
            let ctx = app.ctx.clone();
            answers.spawn(async move { grant(&ctx, &person, request).await });
        }
        let (granted, refused): (Vec<_>, Vec<_>) = answers.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((granted.len(), refused.len()), (1, 7));
        for refusal in refused {
            assert_eq!(failure(refusal).code, Code::AlreadyDecided);
        }
        assert_eq!((app.number("SELECT COUNT(*) FROM invites").await, events(app, "invite.grant_link_request").await), (2, 1));
    }

    async fn the_limits_of_members_hold_for_what_they_grant(app: &TestApp) {
        let owner = app.owner().await;
        let una = inviting(app, &owner, "una", r#"{"member_invite_quota":3,"member_invite_max_days":2}"#).await;
        let invite = paused(app, &una, r#"{"max_uses":1}"#).await;
        for number in 0..8 {
            ask_for(app, code(&invite), &format!("c{number}@postbox.example"), number).await.unwrap();
        }
        let mut answers = JoinSet::new();
        for request in open(app, &una).await {
            let (ctx, una) = (app.ctx.clone(), una.clone());
            answers.spawn(async move { grant(&ctx, &una, request.id).await });
        }
        let (granted, refused): (Vec<_>, Vec<_>) = answers.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((granted.len(), refused.len()), (2, 6), "one of the quota is the invite itself");
        for granted in granted {
            assert_eq!(granted.unwrap().invite.terms.expires_at, Some(app.ctx.now().plus(2 * DAY)), "as long as they may");
        }
        for refusal in refused {
            assert_eq!(failure(refusal).code, Code::QuotaReached);
        }
        assert_eq!((app.number("SELECT COUNT(*) FROM invites").await, open(app, &una).await.len()), (3, 6));
        // Staff are not bound, and get seven days.
        let request = open(app, &owner).await[0].id;
        let granted = grant(&app.ctx, &owner, request).await.unwrap();
        assert_eq!(granted.invite.terms.expires_at, Some(app.ctx.now().plus(NEW_LINK_LASTS)));
    }

    async fn nobody_grants_what_they_may_not_give(app: &TestApp) {
        let owner = app.owner().await;
        let ada = app.account("ada", Role::Admin).await;
        let moderator = app.account("mo", Role::Moderator).await;
        let for_moderators = paused(app, &ada, r#"{"role":"moderator"}"#).await;
        let for_admin = paused(app, &owner, r#"{"role":"admin","max_uses":1,"email":"mateo@postbox.example"}"#).await;
        ask_for(app, code(&for_moderators), MATEO, 1).await.unwrap();
        ask_for(app, code(&for_admin), MATEO, 2).await.unwrap();
        for request in open(app, &moderator).await {
            assert_eq!(failure(grant(&app.ctx, &moderator, request.id).await).code, Code::Forbidden);
            if request.invite.id == for_admin.id {
                assert_eq!(failure(grant(&app.ctx, &ada, request.id).await).code, Code::Forbidden);
                assert_eq!(request.invite.code, None, "its code is for owners");
            }
        }
        assert_eq!((app.number("SELECT COUNT(*) FROM invites").await, open(app, &owner).await.len()), (2, 2));
        for request in open(app, &owner).await {
            grant(&app.ctx, &owner, request.id).await.unwrap();
        }
        // A key that may not create invites grants nothing.
        let other = paused(app, &owner, "{}").await;
        ask_for(app, code(&other), MATEO, 3).await.unwrap();
        let reading = Actor { scope: KeyScope::READ, ..owner.clone() };
        let request = open(app, &owner).await[0].id;
        assert_eq!(failure(grant(&app.ctx, &reading, request).await).code, Code::Forbidden);
        // One that manages invites and creates none is not shown their codes, as everywhere else.
        let managing = Actor { scope: KeyScope::Only(Permission::InvitesManageAll.into()), ..owner.clone() };
        let shown = |requests: Vec<InviteRequest>| requests.into_iter().find(|one| one.id == request).unwrap().invite.code;
        assert_eq!(shown(open(app, &managing).await), None);
        assert_eq!(shown(open(app, &owner).await), other.code);
    }

    async fn the_author_is_told_by_mail_and_the_link_is_sent_by_mail(app: &TestApp) {
        let owner = app.owner().await;
        let server = MailServer::start().await;
        mail::configure(&app.ctx, &owner, server.draft()).await.unwrap();
        let invite = paused(app, &owner, r#"{"label":"Course"}"#).await;
        for (number, email) in [MATEO, "lena@postbox.example"].into_iter().enumerate() {
            ask_for(app, code(&invite), email, u8::try_from(number).unwrap()).await.unwrap();
        }
        run_once(&app.ctx, &Senders::default()).await;
        let told = server.take();
        assert_eq!(told.len(), 1, "one an hour, however many ask");
        assert_eq!(told[0].to, "ngozi@bramble.example");
        for said in [MATEO, "They write: Mine is over.", &format!("https://bramble.example/me/invites/{}", invite.id)] {
            assert!(told[0].text.contains(said), "{said}: {}", told[0].text);
        }
        assert!(!told[0].text.contains(code(&invite)), "it has no code");

        // The link is in the mail alone.
        let of = |email: &'static str, requests: Vec<InviteRequest>| requests.into_iter().find(|one| one.email.as_str() == email).unwrap().id;
        let granted = grant(&app.ctx, &owner, of(MATEO, open(app, &owner).await)).await.unwrap();
        assert_eq!(app.number(&format!("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%{}%'", code(&granted.invite))).await, 0);
        run_once(&app.ctx, &Senders::default()).await;
        let sent = server.take();
        assert_eq!((sent.len(), sent[0].to.as_str()), (1, MATEO));
        assert!(sent[0].text.lines().any(|line| line == granted.invite.url.as_ref().unwrap()), "{}", sent[0].text);

        // One that is over before it is sent is not sent; nor is a request that has its answer.
        app.advance(Duration::from_hours(1));
        ask_for(app, code(&invite), "otto@postbox.example", 5).await.unwrap();
        let granted_to_lena = grant(&app.ctx, &owner, of("lena@postbox.example", open(app, &owner).await)).await.unwrap();
        invites::pause(&app.ctx, &owner, granted_to_lena.invite.id).await.unwrap();
        dismiss(&app.ctx, &owner, of("otto@postbox.example", open(app, &owner).await)).await.unwrap();
        run_once(&app.ctx, &Senders::default()).await;
        assert!(server.take().is_empty());
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE last_answer LIKE 'Not sent: %'").await, 2);

        // What was sent to somebody without an account is forgotten with the account that has the address.
        let mateo = app.sign_up(code(&granted.invite), "mateo").await.unwrap().account;
        // Claiming the address of somebody else takes nothing along.
        crate::verification::mark_verified(&app.ctx, &owner, mateo.id).await.unwrap();
        members::delete(&app.ctx, &owner, mateo.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%mateo%'").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%lena%'").await, 1);
    }

    async fn the_author_is_told_once_an_hour_also_while_others_go_on_asking(app: &TestApp) {
        let owner = app.owner().await;
        let invite = paused(app, &owner, "{}").await;
        let told = async || app.number("SELECT COUNT(*) FROM outbox WHERE event = 'link_requested'").await;
        ask_for(app, code(&invite), MATEO, 1).await.unwrap();
        mail::configure(&app.ctx, &owner, MailServer::start().await.draft()).await.unwrap();
        assert_eq!(told().await, 0, "mail was off");
        for (number, expected) in [(10, 1), (11, 1), (12, 2), (13, 2), (14, 3)] {
            ask_for(app, code(&invite), &format!("c{number}@postbox.example"), number).await.unwrap();
            assert_eq!(told().await, expected, "{number}");
            app.advance(Duration::from_mins(40));
        }
    }

    async fn requests_are_deleted_with_their_invite_and_a_month_after_their_answer(app: &TestApp) {
        let owner = app.owner().await;
        let [first, second, third] = [paused(app, &owner, "{}").await, paused(app, &owner, "{}").await, paused(app, &owner, "{}").await];
        for (number, invite) in [&first, &second, &third].into_iter().enumerate() {
            ask_for(app, code(invite), MATEO, u8::try_from(number).unwrap()).await.unwrap();
        }
        let request = open(app, &owner).await.into_iter().find(|request| request.invite.id == first.id).unwrap().id;
        invites::delete(&app.ctx, &owner, first.id).await.unwrap();
        assert_eq!(failure(grant(&app.ctx, &owner, request).await).code, Code::NotFound);
        assert_eq!(stored(app).await, 2);
        let change = BulkChange { act: BulkAct::Delete, selection: BulkSelection::Ids(vec![second.id]), as_of: None };
        assert_eq!(invites::change_all(&app.ctx, &owner, change).await.unwrap().changed, 1);
        assert_eq!(stored(app).await, 1);

        dismiss(&app.ctx, &owner, open(app, &owner).await[0].id).await.unwrap();
        ask_for(app, code(&third), "lena@postbox.example", 10).await.unwrap();
        app.advance(KEPT_AFTER_ANSWER.checked_sub(DAY).unwrap());
        purge(&app.ctx).await.unwrap();
        assert_eq!(stored(app).await, 2);
        app.advance(DAY);
        purge(&app.ctx).await.unwrap();
        assert_eq!((stored(app).await, open(app, &owner).await.len()), (1, 1), "what waits stays");
    }
}
