use domain::accounts::Role;
use domain::invites::InviteDraft;
use domain::paging::{Limit, Paging};
use domain::{Code, Patch};

use super::*;
use crate::invites;
use crate::testing::{TestApp, code, failure, on_both_databases};

on_both_databases! {
    async fn redemptions_are_listed_and_filtered_by_invite_and_account(app: &TestApp) {
        let owner = app.owner().await;
        let evening = app.invite(&owner, InviteDraft { label: Patch::Set("Open evening".into()), ..InviteDraft::default() }).await;
        let other = app.invite(&owner, InviteDraft::default()).await;
        for name in ["mateo", "lena", "amir"] {
            app.sign_up(code(&evening), name).await.unwrap();
        }
        app.sign_up(code(&other), "yuki").await.unwrap();
        invites::delete(&app.ctx, &owner, evening.id).await.unwrap();

        let all = list(&app.ctx, &owner, &RedemptionQuery::default()).await.unwrap();
        assert_eq!(all.items.len(), 4);
        let by_invite = RedemptionQuery {
            invite: Some(evening.id),
            paging: Paging { cursor: None, limit: Limit::try_from(2).unwrap() },
            ..RedemptionQuery::default()
        };
        let first = list(&app.ctx, &owner, &by_invite).await.unwrap();
        assert_eq!(first.items.len(), 2);
        assert!(first.items.iter().all(|redemption| {
            redemption.invite.title() == "Open evening" && redemption.invite.code.is_none()
        }));
        let rest = RedemptionQuery { paging: Paging { cursor: first.next_cursor, ..by_invite.paging }, ..by_invite.clone() };
        assert_eq!(list(&app.ctx, &owner, &rest).await.unwrap().items.len(), 1);
        assert_eq!(count(&app.ctx, &owner, None).await.unwrap().counted, 4);
        assert_eq!(count(&app.ctx, &owner, Some(evening.id)).await.unwrap().counted, 3);
        let by_account = RedemptionQuery { account: Some(all.items[0].account.id), ..RedemptionQuery::default() };
        assert_eq!(list(&app.ctx, &owner, &by_account).await.unwrap().items, all.items[..1]);
    }

    async fn members_do_not_list_redemptions(app: &TestApp) {
        app.owner().await;
        let member = app.account("una", Role::User).await;
        assert_eq!(failure(list(&app.ctx, &member, &RedemptionQuery::default()).await).code, Code::Forbidden);
        assert_eq!(failure(count(&app.ctx, &member, None).await).code, Code::Forbidden);
    }
}
