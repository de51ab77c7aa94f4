use domain::accounts::{Email, Role};
use domain::ids::{AccountId, InviteId};
use domain::mail::{MailKind, MailQuery, MailStatus};
use domain::requests::{InviteRequestDraft, InviteRequestQuery};

use super::*;
use crate::accounts::store as accounts;
use crate::mail::tests::server::MailServer;
use crate::mail::{Contents, NewMail};
use crate::operations::operator;
use crate::outbox::run_once;
use crate::senders::Senders;
use crate::testing::{TestApp, code, failure, on_both_databases};
use crate::{Client, members};

const MATEO: &str = "mateo@postbox.example";

/// Turns mail on. Nothing is sent before [`run_once`].
async fn mail_server(app: &TestApp, owner: &Actor) -> MailServer {
    let server = MailServer::start().await;
    mail::configure(&app.ctx, owner, server.draft()).await.unwrap();
    server
}

/// The newest mail of a kind.
async fn newest(app: &TestApp, owner: &Actor, kind: MailKind) -> DeliveryId {
    let mails = mail::list(&app.ctx, owner, &MailQuery::default()).await.unwrap().items;
    mails.into_iter().find(|mail| mail.kind == kind).unwrap().id
}

/// A password reset that waits for the account of this username.
async fn reset(app: &TestApp, owner: &Actor, username: &str) -> DeliveryId {
    let account = accounts::find_by_login(&app.ctx.db().read, username).await.unwrap().unwrap();
    let (to, account) = (Email::stored(&account.email), Some(AccountId(account.id)));
    let queued = vec![NewMail { to, account, contents: Contents::PasswordReset }];
    mail::queue(&app.ctx.db().write, &app.ctx, queued, app.ctx.now()).await.unwrap();
    newest(app, owner, MailKind::PasswordReset).await
}

/// An invite that `actor` granted to [`MATEO`], and the mail with its link.
async fn granted(app: &TestApp, actor: &Actor, owner: &Actor) -> (domain::invites::Invite, DeliveryId) {
    let old = app.invite(actor, domain::invites::InviteDraft::default()).await;
    invites::pause(&app.ctx, actor, old.id).await.unwrap();
    let new = InviteRequestDraft { email: MATEO.to_owned(), note: String::new() }.parse().unwrap();
    requests::ask_and_wait(&app.ctx, &Client::default(), code(&old), new).await.unwrap();
    let open = InviteRequestQuery { open: true, ..InviteRequestQuery::default() };
    let request = requests::list(&app.ctx, actor, &open).await.unwrap().items.remove(0);
    let invite = requests::grant(&app.ctx, actor, request.id).await.unwrap().invite;
    (invite, newest(app, owner, MailKind::LinkGranted).await)
}

async fn is_refused(app: &TestApp, actor: &Actor, id: DeliveryId) -> bool {
    let refusal = failure(copy(&app.ctx, actor, id).await);
    refusal == refused()
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

on_both_databases! {
    async fn a_reset_link_is_made_instead_of_the_mail_that_waits(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        app.account("ada", Role::User).await;
        let id = reset(app, &owner, "ada").await;
        let link = copy(&app.ctx, &owner, id).await.unwrap();
        let token = link.url.strip_prefix("https://bramble.example/reset/").unwrap();
        assert!(link.expires_at.is_some() && !format!("{link:?}").contains(token));
        password_resets::look(&app.ctx, token, &Client::default()).await.unwrap();
        run_once(&app.ctx, &Senders::default()).await;
        assert!(server.take().is_empty(), "the mail is not sent any more");
        assert_eq!((events(app, "account.make_reset_link").await, events(app, "mail.copy_link").await), (1, 0));
        assert!(is_refused(app, &owner, id).await, "it is gone");
    }

    async fn a_reset_link_is_for_accounts_below_the_actor_alone(app: &TestApp) {
        let owner = app.owner().await;
        let _server = mail_server(app, &owner).await;
        let ada = app.account("ada", Role::Admin).await;
        app.account("bob", Role::Admin).await;
        let una = app.account("una", Role::User).await;
        // Of an equal, of somebody higher, and their own.
        for username in ["bob", "ngozi", "ada"] {
            let id = reset(app, &owner, username).await;
            assert!(is_refused(app, &ada, id).await, "{username}");
        }
        let id = reset(app, &owner, "una").await;
        assert_eq!(failure(copy(&app.ctx, &una, id).await).code, Code::Forbidden);
        app.grant("una", Permission::SettingsView | Permission::AccountsView).await;
        assert!(is_refused(app, &operator::act_as(&app.ctx, Some("una")).await.unwrap(), id).await);
        members::suspend(&app.ctx, &owner, una.id()).await.unwrap();
        assert!(is_refused(app, &ada, id).await, "whatever the reason");
        members::restore(&app.ctx, &owner, una.id()).await.unwrap();
        assert_eq!(events(app, "account.make_reset_link").await, 0);
        let id = reset(app, &owner, "una").await;
        copy(&app.ctx, &ada, id).await.unwrap();
    }

    async fn the_link_of_an_invite_is_for_who_may_read_it(app: &TestApp) {
        let owner = app.owner().await;
        let server = mail_server(app, &owner).await;
        let ada = app.account("ada", Role::Admin).await;
        let (invite, id) = granted(app, &owner, &owner).await;
        assert_eq!(id, DeliveryId(invite.id.0));
        server.refuse(MATEO, "550 5.1.1 No such user");
        run_once(&app.ctx, &Senders::default()).await;
        assert_eq!(mail::get(&app.ctx, &owner, id).await.unwrap().status, MailStatus::Failed);
        for actor in [&owner, &ada] {
            let link = copy(&app.ctx, actor, id).await.unwrap();
            assert_eq!((Some(link.url), link.expires_at), (invite.url.clone(), invite.terms.expires_at));
        }
        assert_eq!(events(app, "mail.copy_link").await, 2);
        app.account("una", Role::User).await;
        app.grant("una", Permission::SettingsView | Permission::InvitesView).await;
        assert!(is_refused(app, &operator::act_as(&app.ctx, Some("una")).await.unwrap(), id).await, "they see the invite, and not its code");
        invites::pause(&app.ctx, &owner, invite.id).await.unwrap();
        assert!(is_refused(app, &owner, id).await);
        assert_eq!(events(app, "mail.copy_link").await, 2);
    }

    async fn other_messages_have_no_link(app: &TestApp) {
        let owner = app.owner().await;
        let _server = mail_server(app, &owner).await;
        let test = mail::send_test(&app.ctx, &owner).await.unwrap();
        assert!(is_refused(app, &owner, test.id).await);
        assert!(is_refused(app, &owner, DeliveryId(InviteId(uuid::Uuid::from_u128(1)).0)).await);
    }
}
