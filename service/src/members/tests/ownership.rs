use domain::ids::SessionId;
use domain::invites::InviteStatus;

use super::*;

/// The owner with a session.
async fn signed_in(app: &TestApp, login: &str) -> Actor {
    let client = Client::default();
    let token = sessions::sign_in(&app.ctx, &sign_in(login, PASSWORD), &client).await.unwrap();
    sessions::resolve(&app.ctx, token.expose(), &client).await.unwrap().unwrap().actor
}

async fn role(app: &TestApp, login: &str) -> Role {
    operator::act_as(&app.ctx, Some(login)).await.unwrap().role
}

on_both_databases! {
    async fn an_owner_hands_ownership_over_and_becomes_an_admin(app: &TestApp) {
        app.owner().await;
        let owner = signed_in(app, "ngozi").await;
        let elsewhere = signed_in(app, "ngozi").await;
        let una = app.account("una", Role::User).await;
        end(app, &owner, &una, 60).await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        assert!(get(&app.ctx, &owner, una.id()).await.unwrap().row.can_own);
        let wrong = transfer_ownership(&app.ctx, &owner, una.id(), "not the password".into()).await;
        assert!(failure(wrong).field_error("password").is_some());
        assert_eq!(role(app, "ngozi").await, Role::Owner);

        assert_eq!(transfer_ownership(&app.ctx, &owner, una.id(), PASSWORD.into()).await.unwrap(), 1);

        assert_eq!((role(app, "ngozi").await, role(app, "una").await), (Role::Admin, Role::Owner));
        app.advance(Duration::from_secs(61));
        // An owner does not end.
        let una = signed_in(app, "una").await;
        assert_eq!(invites::get(&app.ctx, &una, invite.id).await.unwrap().status, InviteStatus::Paused);
        let left = sessions::list(&app.ctx, &owner).await.unwrap();
        let Via::Session(kept) = owner.via else { panic!() };
        assert_eq!(left.iter().map(|session| session.id).collect::<Vec<SessionId>>(), [kept], "{elsewhere:?} has ended");
        assert_eq!(failure(transfer_ownership(&app.ctx, &owner, una.id(), PASSWORD.into()).await).code, Code::Unauthenticated, "no owner any more");
        assert_eq!(failure(suspend(&app.ctx, &signed_in(app, "ngozi").await, una.id()).await).code, Code::Forbidden);
    }

    async fn only_a_signed_in_owner_hands_over_and_only_to_another_active_account(app: &TestApp) {
        let operator = app.owner().await;
        let owner = signed_in(app, "ngozi").await;
        let admin = app.account("tomasz", Role::Admin).await;
        let waiting = pending(app, "una").await;
        let hand_over = async |actor: &Actor, to: &Actor| failure(transfer_ownership(&app.ctx, actor, to.id(), PASSWORD.into()).await).code;
        assert_eq!(hand_over(&signed_in(app, "tomasz").await, &waiting).await, Code::Forbidden);
        assert_eq!(hand_over(&operator, &admin).await, Code::Forbidden, "the command line has its own way");
        assert_eq!(hand_over(&owner, &owner).await, Code::Forbidden);
        assert_eq!(hand_over(&owner, &waiting).await, Code::Forbidden);
        assert!(!get(&app.ctx, &owner, waiting.id()).await.unwrap().row.can_own);
        assert!(!get(&app.ctx, &admin, waiting.id()).await.unwrap().row.can_own);
        operator::transfer_ownership(&app.ctx, "tomasz").await.unwrap();
        assert_eq!((role(app, "ngozi").await, role(app, "tomasz").await), (Role::Admin, Role::Owner));
        // An older one that is suspended does not stand in the way.
        app.execute("UPDATE accounts SET role = 'owner', suspended_at = 1 WHERE username = 'ngozi'").await;
        operator::transfer_ownership(&app.ctx, "una").await.unwrap_err();
        approve(app, &signed_in(app, "tomasz").await, waiting.id()).await.unwrap();
        operator::transfer_ownership(&app.ctx, "una").await.unwrap();
        assert_eq!((role(app, "tomasz").await, role(app, "una").await), (Role::Admin, Role::Owner));
    }

    async fn of_ten_hand_overs_at_once_one_counts(app: &TestApp) {
        app.owner().await;
        let owner = signed_in(app, "ngozi").await;
        let mut people = Vec::new();
        for number in 0..10 {
            people.push(app.account(&format!("person{number}"), Role::User).await);
        }
        let at_once = people.iter().map(|to| transfer(&app.ctx, &owner, to.id()));
        let outcomes = futures::future::join_all(at_once).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE role = 'owner'").await, 1);
    }
}
