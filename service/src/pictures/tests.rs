use std::io::Cursor;

use domain::Code;
use domain::accounts::Role;
use domain::applications::ApplicationDraft;
use image::{ImageBuffer, ImageFormat, Rgb};
use serde_json::json;

use super::*;
use crate::testing::{TestApp, failure, on_both_databases, until};
use crate::{applications, members};

/// A PNG of one colour.
pub(crate) fn png(shade: u8) -> Vec<u8> {
    let picture = ImageBuffer::from_pixel(40, 30, Rgb([shade, 90, 90]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

async fn upload(app: &TestApp, actor: &Actor, of: Of, file: Vec<u8>) -> Result<PictureVersion, Error> {
    let upload = admit(&app.ctx, actor, of)?;
    set(&app.ctx, actor, of, file, upload).await
}

on_both_databases! {
    async fn everybody_sets_and_removes_their_own_picture(app: &TestApp) {
        let una = app.account("una", Role::User).await;
        let owner = app.owner().await;
        let first = upload(app, &una, Of::Own, png(1)).await.unwrap();
        let read = get(&app.ctx, &owner, una.id().0, first).await.unwrap();
        assert_eq!(read.media_type, "image/jpeg");
        let row = members::get(&app.ctx, &owner, una.id()).await.unwrap().row.account;
        assert_eq!((row.picture, row.reference().picture), (Some(first), Some(first)));
        assert_eq!(row.updated_at, app.ctx.now());

        // In the same microsecond by the clock of this test.
        let second = upload(app, &una, Of::Own, png(200)).await.unwrap();
        assert!(second > first);
        assert_eq!(failure(get(&app.ctx, &owner, una.id().0, first).await).code, Code::NotFound);
        assert_ne!(get(&app.ctx, &owner, una.id().0, second).await.unwrap(), read);
        assert_eq!(current(&app.ctx, &owner, PictureOwner::Account(una.id())).await.unwrap(), get(&app.ctx, &una, una.id().0, second).await.unwrap());
        assert_eq!(failure(current(&app.ctx, &una, PictureOwner::Account(una.id())).await).code, Code::Forbidden);

        assert_eq!(failure(upload(app, &una, Of::Own, b"no picture".to_vec()).await).code, Code::Invalid);
        assert!(get(&app.ctx, &una, una.id().0, second).await.is_ok(), "a file that is refused changes nothing");
        remove(&app.ctx, &una, Of::Own).await.unwrap();
        remove(&app.ctx, &una, Of::Own).await.unwrap();
        assert_eq!(failure(get(&app.ctx, &una, una.id().0, second).await).code, Code::NotFound);
        assert_eq!(members::get(&app.ctx, &owner, una.id()).await.unwrap().row.account.picture, None);
        assert_eq!(app.number("SELECT COUNT(*) FROM pictures").await, 0);
        let events = |action: &str| format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'");
        assert_eq!(app.number(&events("account.set_picture")).await, 2);
        assert_eq!(app.number(&events("account.remove_picture")).await, 1, "nothing changed the second time");
    }

    async fn a_pending_account_has_a_picture_and_a_suspended_one_changes_it_no_more(app: &TestApp) {
        let una = app.account("una", Role::User).await;
        app.execute("UPDATE accounts SET approved_at = NULL WHERE username = 'una'").await;
        upload(app, &una, Of::Own, png(1)).await.unwrap();
        app.execute("UPDATE accounts SET suspended_at = 1 WHERE username = 'una'").await;
        assert_eq!(failure(upload(app, &una, Of::Own, png(2)).await).code, Code::Unauthenticated);
        assert_eq!(failure(remove(&app.ctx, &una, Of::Own).await).code, Code::Unauthenticated);
    }

    async fn staff_change_the_pictures_of_accounts_below_theirs(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let other = app.account("mia", Role::Moderator).await;
        let una = app.account("una", Role::User).await;
        let of = |actor: &Actor| Of::Member(actor.id());
        upload(app, &moderator, of(&una), png(1)).await.unwrap();
        for (actor, target) in [(&una, &moderator), (&una, &una), (&moderator, &owner), (&moderator, &other), (&moderator, &moderator)] {
            assert_eq!(failure(upload(app, actor, of(target), png(1)).await).code, Code::Forbidden);
            assert_eq!(failure(remove(&app.ctx, actor, of(target)).await).code, Code::Forbidden);
        }
        let nobody = Of::Member(AccountId(uuid::Uuid::nil()));
        assert_eq!(failure(upload(app, &moderator, nobody, png(1)).await).code, Code::NotFound);
        remove(&app.ctx, &moderator, of(&una)).await.unwrap();
        upload(app, &owner, of(&moderator), png(1)).await.unwrap();
    }

    async fn what_changes_while_a_picture_waits_counts(app: &TestApp) {
        let owner = app.owner().await;
        let moderator = app.account("mo", Role::Moderator).await;
        let una = app.account("una", Role::User).await;
        let held = app.ctx.state::<Pictures>().hold().await;
        let of = Of::Member(una.id());
        let (ctx, actor, sent) = (app.ctx.clone(), moderator.clone(), admit(&app.ctx, &moderator, of).unwrap());
        let waiting = tokio::spawn(async move { set(&ctx, &actor, of, png(1), sent).await });
        members::update(&app.ctx, &owner, moderator.id(), domain::accounts::AccountDraft {
            role: domain::Patch::Set("user".to_owned()),
            ..Default::default()
        })
        .await
        .unwrap();
        drop(held);
        assert_eq!(failure(waiting.await.unwrap()).code, Code::Unauthenticated);
        assert_eq!(app.number("SELECT COUNT(*) FROM pictures").await, 0);
        until("its upload has ended", async || admit(&app.ctx, &moderator, of).is_ok()).await;
    }

    async fn an_application_has_a_picture_until_it_is_deleted(app: &TestApp) {
        let owner = app.owner().await;
        let una = app.account("una", Role::User).await;
        let draft: ApplicationDraft = serde_json::from_value(json!({ "name": "Chat", "url": "https://chat.example" })).unwrap();
        let chat = applications::create(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap().application;
        let of = Of::Application(chat.id);
        assert_eq!(failure(upload(app, &una, of, png(1)).await).code, Code::Forbidden);
        assert_eq!(failure(remove(&app.ctx, &una, of).await).code, Code::Forbidden);
        let first = upload(app, &owner, of, png(1)).await.unwrap();
        assert_eq!(applications::get(&app.ctx, &owner, chat.id).await.unwrap().picture, Some(first));
        assert_eq!(applications::own(&app.ctx, &una).await.unwrap()[0].picture, Some(first));
        let of_chat = PictureOwner::Application(chat.id);
        let read = get(&app.ctx, &una, chat.id.0, first).await.unwrap();
        assert_eq!(current(&app.ctx, &owner, of_chat).await.unwrap(), read);
        assert_eq!(failure(current(&app.ctx, &una, of_chat).await).code, Code::Forbidden);
        let as_account = PictureOwner::Account(AccountId(chat.id.0));
        assert_eq!(failure(current(&app.ctx, &owner, as_account).await).code, Code::NotFound);

        let second = upload(app, &owner, of, png(9)).await.unwrap();
        assert!(second > first);
        let renamed = serde_json::from_value(json!({ "name": "Talk" })).unwrap();
        applications::update(&app.ctx, &owner, chat.id, renamed).await.unwrap();
        assert!(get(&app.ctx, &una, chat.id.0, second).await.is_ok(), "a change keeps the picture");
        remove(&app.ctx, &owner, of).await.unwrap();
        assert_eq!(applications::get(&app.ctx, &owner, chat.id).await.unwrap().picture, None);
        let nothing = Of::Application(ApplicationId(uuid::Uuid::nil()));
        assert_eq!(failure(upload(app, &owner, nothing, png(1)).await).code, Code::NotFound);

        upload(app, &owner, of, png(1)).await.unwrap();
        applications::delete(&app.ctx, &owner, chat.id).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM pictures").await, 0);
        let logged = |action: &str| format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'");
        assert_eq!(app.number(&logged("application.set_picture")).await, 3);
        assert_eq!(app.number(&logged("application.remove_picture")).await, 1);
    }
}
