use std::time::Duration;

use domain::Code;
use domain::Patch;
use domain::accounts::{AccountFilter, AccountQuery, AccountsChanged, Role};
use domain::invites::{Invite, InviteDraft};
use domain::sessions::SignInDraft;

use super::*;
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases};
use crate::{Client, me, members, sessions};

async fn approve(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    decide(&app.ctx, actor, id, Decision::Approve, None).await
}

async fn undo_approval(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    undo(&app.ctx, actor, id, Decision::Approve).await
}

async fn undo_decline(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    undo(&app.ctx, actor, id, Decision::Decline).await
}

/// What the actor is told about a decision that did not count.
fn refused(decided: Result<AccountStatus, Error>) -> String {
    let failure = failure(decided);
    assert_eq!(failure.code, Code::AlreadyDecided, "{failure}");
    failure.message
}

async fn decline(app: &TestApp, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    decide(&app.ctx, actor, id, Decision::Decline, None).await
}

/// An account pending approval.
async fn pending(app: &TestApp, username: &str) -> Actor {
    let actor = app.account(username, Role::User).await;
    app.execute(&format!("UPDATE accounts SET approved_at = NULL WHERE username = '{username}'")).await;
    actor
}

/// Signs up with an invite, so that the account is pending approval.
async fn pending_by(app: &TestApp, invite: &Invite, username: &str) -> AccountId {
    let id = app.sign_up(code(invite), username).await.unwrap().account.id;
    app.execute(&format!("UPDATE accounts SET approved_at = NULL WHERE username = '{username}'")).await;
    id
}

async fn used(app: &TestApp, actor: &Actor, invite: &Invite) -> u32 {
    invites::get(&app.ctx, actor, invite.id).await.unwrap().used
}

/// The number of accounts of a status in the list.
async fn listed(app: &TestApp, actor: &Actor, status: AccountStatus) -> usize {
    let filter = AccountFilter { status: Some(status), ..AccountFilter::default() };
    members::list(&app.ctx, actor, &AccountQuery { filter, ..AccountQuery::default() }).await.unwrap().items.len()
}

fn sign_in(login: &str, password: &str) -> SignInDraft {
    SignInDraft { login: login.to_owned(), password: password.to_owned() }
}

fn note(text: &str) -> DecisionNote {
    DecisionNote::parse(text).unwrap()
}

fn for_uses(max_uses: i64) -> InviteDraft {
    InviteDraft { max_uses: Patch::Set(max_uses), ..InviteDraft::default() }
}

on_both_databases! {
    async fn an_approval_can_be_undone_for_a_while(app: &TestApp) {
        let owner = app.owner().await;
        let user = pending(app, "una").await;
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 1);
        assert_eq!(me::viewer(&app.ctx, &owner).await.unwrap().pending.unwrap().counted, 1);
        app.advance(Duration::from_secs(1));
        assert_eq!(approve(app, &owner, user.id()).await.unwrap(), AccountStatus::Active);
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 0);

        assert_eq!(undo_approval(app, &owner, user.id()).await.unwrap(), AccountStatus::Pending);
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 1);
        approve(app, &owner, user.id()).await.unwrap();
        app.advance(UNDO_APPROVAL_WITHIN);
        assert_eq!(undo_approval(app, &owner, user.id()).await.unwrap(), AccountStatus::Active, "too late");
    }

    async fn an_account_that_was_never_pending_does_not_become_pending(app: &TestApp) {
        let owner = app.owner().await;
        let member = app.account("mo", Role::Moderator).await;
        assert_eq!(undo_approval(app, &owner, member.id()).await.unwrap(), AccountStatus::Active);
        for decided in [decline(app, &owner, member.id()).await, approve(app, &owner, member.id()).await] {
            assert!(refused(decided).starts_with("This account is active, not pending approval."));
        }
        assert_eq!(undo_decline(app, &owner, member.id()).await.unwrap(), AccountStatus::Active);
        members::suspend(&app.ctx, &owner, member.id()).await.unwrap();
        assert_eq!(undo_decline(app, &owner, member.id()).await.unwrap(), AccountStatus::Suspended, "it was not declined");
    }

    async fn a_declined_account_cannot_sign_in_until_it_is_pending_again(app: &TestApp) {
        let owner = app.owner().await;
        let user = pending(app, "una").await;
        let client = Client::default();
        let token = sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.unwrap();
        assert_eq!(members::suspend(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Pending, "it is declined instead");

        assert_eq!(decline(app, &owner, user.id()).await.unwrap(), AccountStatus::Declined);
        assert_eq!(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap(), None);
        let refused = failure(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await);
        assert_eq!(refused.code, Code::AccountSuspended);
        assert!(refused.message.contains("declined"), "{refused}");
        assert_eq!((listed(app, &owner, AccountStatus::Declined).await, listed(app, &owner, AccountStatus::Suspended).await), (1, 0));
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 0);

        assert!(members::get(&app.ctx, &owner, user.id()).await.unwrap().decision.is_some());
        assert_eq!(members::restore(&app.ctx, &owner, user.id()).await.unwrap(), AccountStatus::Pending);
        assert_eq!(members::get(&app.ctx, &owner, user.id()).await.unwrap().decision, None, "it is taken back");
        assert!(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.is_ok());
        assert_eq!(approve(app, &owner, user.id()).await.unwrap(), AccountStatus::Active);
        assert!(sessions::sign_in(&app.ctx, &sign_in("una", PASSWORD), &client).await.is_ok());
    }

    async fn a_decline_gives_the_use_back_once_and_an_approval_claims_it_again(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, for_uses(1)).await;
        let mateo = pending_by(app, &invite, "mateo").await;
        assert_eq!(failure(app.sign_up(code(&invite), "lena").await).code, Code::InviteInvalid);
        for _ in 0..2 {
            assert_eq!(decline(app, &owner, mateo).await.unwrap(), AccountStatus::Declined);
            assert_eq!(used(app, &owner, &invite).await, 0);
        }
        assert_eq!(members::restore(&app.ctx, &owner, mateo).await.unwrap(), AccountStatus::Pending);
        assert_eq!(used(app, &owner, &invite).await, 1);
        decline(app, &owner, mateo).await.unwrap();
        app.sign_up(code(&invite), "lena").await.unwrap();
        // Somebody else has it now.
        for refused in [undo_decline(app, &owner, mateo).await, members::restore(&app.ctx, &owner, mateo).await] {
            assert_eq!(failure(refused).code, Code::InviteUsedUp);
        }
        assert_eq!(listed(app, &owner, AccountStatus::Declined).await, 1);
        let raised = InviteDraft { max_uses: Patch::Set(2), ..InviteDraft::default() };
        invites::update(&app.ctx, &owner, invite.id, raised).await.unwrap();
        assert_eq!(undo_decline(app, &owner, mateo).await.unwrap(), AccountStatus::Pending);
        assert_eq!(approve(app, &owner, mateo).await.unwrap(), AccountStatus::Active);
        assert_eq!(used(app, &owner, &invite).await, 2);
        app.assert_uses_match_redemptions().await;
    }

    async fn a_decision_stays_and_who_comes_later_is_told_whose_it_is(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let (una, lena) = (pending(app, "una").await, pending(app, "lena").await);
        decide(&app.ctx, &admin, una.id(), Decision::Decline, Some(note("Not this year."))).await.unwrap();
        assert!(refused(approve(app, &owner, una.id()).await).starts_with("tomasz has declined this account already."));
        assert!(refused(decline(app, &owner, una.id()).await).starts_with("tomasz has declined"));
        assert!(refused(approve(app, &admin, una.id()).await).starts_with("You have declined"));
        // The same again by who decided: a click that is repeated. It changes nothing, nor what was written.
        assert_eq!(decline(app, &admin, una.id()).await.unwrap(), AccountStatus::Declined);
        let decision = members::get(&app.ctx, &owner, una.id()).await.unwrap().decision.unwrap();
        assert_eq!((decision.by.id, decision.note), (admin.id(), Some(note("Not this year."))));

        app.advance(Duration::from_secs(1));
        approve(app, &admin, lena.id()).await.unwrap();
        assert!(refused(decline(app, &owner, lena.id()).await).starts_with("tomasz has approved this account already."));
        members::suspend(&app.ctx, &owner, lena.id()).await.unwrap();
        assert!(refused(approve(app, &owner, lena.id()).await).starts_with("tomasz has approved"));
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE action IN ('account.approve', 'account.decline')").await, 2);

        // Anyone who wants it otherwise puts it back first, having seen what it is. The permission to decide is enough for that.
        let mut decider = app.account("mo", Role::User).await;
        decider.permissions = Permission::AccountsView | Permission::ApprovalsDecide;
        assert_eq!(failure(members::restore(&app.ctx, &decider, una.id()).await).code, Code::Forbidden);
        assert_eq!(undo_decline(app, &decider, lena.id()).await.unwrap(), AccountStatus::Suspended, "it was approved");
        assert_eq!(undo_decline(app, &decider, una.id()).await.unwrap(), AccountStatus::Pending);
        assert_eq!(approve(app, &decider, una.id()).await.unwrap(), AccountStatus::Active);
        assert_eq!(undo_decline(app, &admin, una.id()).await.unwrap(), AccountStatus::Active, "it is not declined any more");
    }

    async fn of_decisions_at_once_one_counts(app: &TestApp) {
        let owner = app.owner().await;
        let admin = app.account("tomasz", Role::Admin).await;
        let invite = app.invite(&owner, for_uses(40)).await;
        for round in 0..5 {
            let id = pending_by(app, &invite, &format!("person{round}")).await;
            let at_once = (0..8).map(|number| {
                let actor = if number % 2 == 0 { &owner } else { &admin };
                let decision = if number % 2 == 0 { Decision::Decline } else { Decision::Approve };
                decide_all(&app.ctx, actor, vec![id], decision, None)
            });
            let outcomes = futures::future::join_all(at_once).await;
            let approvals = "SELECT COUNT(*) FROM audit_log WHERE action = 'account.approve'";
            let declines = "SELECT COUNT(*) FROM audit_log WHERE action = 'account.decline'";
            let made: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
            let sum = |of: fn(&AccountsChanged) -> u32| made.iter().map(|made| of(&made.accounts)).sum::<u32>();
            assert_eq!((sum(|of| of.changed), sum(|of| of.unchanged), sum(|of| of.refused)), (1, 3, 0), "{made:?}");
            // The others are told, and what is so.
            let status = members::get(&app.ctx, &owner, id).await.unwrap().row.account.status;
            let (decision, by) = match status {
                AccountStatus::Declined => (Decision::Decline, owner.id()),
                _ => (Decision::Approve, admin.id()),
            };
            let told: Vec<_> = made.iter().flat_map(|made| &made.decided_before).collect();
            assert_eq!(told.len(), 4, "{made:?}");
            for before in told {
                let by_whom = before.by.as_ref().map(|by| by.id);
                assert_eq!((before.account.id, before.decision(), by_whom), (id, Some(decision), Some(by)));
            }
            assert_eq!(app.number(approvals).await + app.number(declines).await, 1);
            app.execute("DELETE FROM audit_log").await;
            app.assert_uses_match_redemptions().await;
        }
    }

    async fn several_are_decided_about_together_and_each_counts_for_itself(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let (una, lena, active) = (pending(app, "una").await, pending(app, "lena").await, app.account("otto", Role::User).await);
        let gone = AccountId(app.ctx.randomness().uuid(app.ctx.now()));
        let all = vec![una.id(), lena.id(), active.id(), owner.id(), gone];
        let decided = decide_all(&app.ctx, &moderator, all, Decision::Approve, None).await.unwrap();
        assert_eq!(decided.accounts, AccountsChanged { changed: 2, unchanged: 0, refused: 2 });
        let [before] = &decided.decided_before[..] else { panic!("{decided:?}") };
        assert_eq!((before.account.id, before.status, &before.by), (active.id(), AccountStatus::Active, &None));
        let again = decide_all(&app.ctx, &moderator, vec![una.id(), lena.id()], Decision::Approve, None).await.unwrap();
        assert_eq!((again.accounts.unchanged, again.decided_before.len()), (2, 0), "by the same person");
        let again = decide_all(&app.ctx, &owner, vec![una.id()], Decision::Approve, None).await.unwrap();
        assert_eq!(again.decided_before[0].by.as_ref().map(|by| by.id), Some(moderator.id()));
        assert_eq!(listed(app, &owner, AccountStatus::Pending).await, 0);
        let member = app.account("ada", Role::User).await;
        assert_eq!(failure(decide_all(&app.ctx, &member, vec![una.id()], Decision::Decline, None).await).code, Code::Forbidden);
    }

    async fn a_person_is_told_for_whom_they_wait_and_what_was_written(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        let id = pending_by(app, &invite, "mateo").await;
        let client = Client::default();
        let actor = async || {
            let token = sessions::sign_in(&app.ctx, &sign_in("mateo", PASSWORD), &client).await?;
            Ok::<_, Error>(sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap().actor)
        };
        let home = me::home(&app.ctx, &actor().await.unwrap()).await.unwrap();
        assert_eq!((home.invited_by.as_deref(), home.note), (Some("ngozi"), None));
        app.advance(Duration::from_secs(1));
        decide(&app.ctx, &owner, id, Decision::Decline, Some(note("Come back in spring."))).await.unwrap();
        let refused = failure(actor().await);
        assert_eq!((refused.code, refused.message.contains("Come back in spring.")), (Code::AccountSuspended, true));
        let detail = members::get(&app.ctx, &owner, id).await.unwrap().decision.unwrap();
        assert_eq!((detail.by.id, detail.note), (owner.id(), Some(note("Come back in spring."))));
        undo_decline(app, &owner, id).await.unwrap();
        assert_eq!(me::home(&app.ctx, &actor().await.unwrap()).await.unwrap().note, None, "taken back with the decision");
        decide(&app.ctx, &owner, id, Decision::Approve, Some(note("Welcome after all!"))).await.unwrap();
        let home = me::home(&app.ctx, &actor().await.unwrap()).await.unwrap();
        assert_eq!((home.invited_by, home.note), (None, Some(note("Welcome after all!"))));
        undo_approval(app, &owner, id).await.unwrap();
        assert!(members::get(&app.ctx, &owner, id).await.unwrap().decision.is_none());
        assert_eq!(app.number("SELECT COUNT(*) FROM audit_log WHERE detail LIKE '%spring%'").await, 0);
    }

    async fn a_decline_does_not_wait_for_a_sign_up_that_waits_for_it(app: &TestApp) {
        let owner = app.owner().await;
        let invite = app.invite(&owner, for_uses(60)).await;
        let mut waiting = Vec::new();
        for number in 0..12 {
            waiting.push(pending_by(app, &invite, &format!("person{number}")).await);
        }
        let declines = async {
            for id in &waiting {
                decline(app, &owner, *id).await.unwrap();
            }
        };
        let invite_code = code(&invite);
        let sign_ups = futures::future::join_all((0..12).map(|number| async move {
            app.sign_up(invite_code, &format!("new{number}")).await.unwrap()
        }));
        let ((), joined) = tokio::join!(declines, sign_ups);
        assert_eq!(joined.len(), 12);
        assert_eq!(used(app, &owner, &invite).await, 12);
        app.assert_uses_match_redemptions().await;
    }
}
