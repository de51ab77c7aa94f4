use std::time::Duration;

use domain::Patch;
use domain::accounts::{AccountDraft, LoginChange, PasswordChange, Role};
use domain::groups::{GroupDraft, MembersDraft};
use domain::ids::InviteId;
use domain::invites::{Invite, InviteDraft};
use domain::mail::MailStatus;
use domain::settings::SettingsDraft;
use domain::signup::{SignUpDraft, SignedUp};
use domain::verification::{ACTIVATION_LASTS, Activation, ActivationDraft, LONGEST_WAIT};

use super::*;
use crate::mail::tests::server::{Arrived, MailServer};
use crate::outbox::run_once;
use crate::senders::Senders;
use crate::sessions::{Browser, NewSession, Signed};
use crate::testing::{PASSWORD, TestApp, code, failure, on_both_databases};
use crate::{Actor, Client, endings, groups, invites, joining, me, members, sessions, settings, signup};

mod changes;
mod claims;
mod waits;

const NEW: &str = "seven quiet tables outside";

/// A site that sends mail, where every new account has to verify its address.
struct Site {
    owner: Actor,
    server: MailServer,
    /// An invite for everybody.
    invite: Invite,
}

impl Site {
    async fn new(app: &TestApp) -> Self {
        let (owner, server) = (app.owner().await, MailServer::start().await);
        mail::configure(&app.ctx, &owner, server.draft()).await.unwrap();
        verify_all(app, &owner, true).await;
        let invite = app.invite(&owner, InviteDraft::default()).await;
        Self { owner, server, invite }
    }

    /// Signs up with this username, and the address that belongs to it.
    async fn sign_up(&self, app: &TestApp, username: &str) -> Account {
        app.sign_up(code(&self.invite), username).await.unwrap().account
    }

    /// Signs up with another address.
    async fn claim(&self, app: &TestApp, username: &str, email: &str) -> Result<SignedUp, Error> {
        claim(app, code(&self.invite), username, email).await
    }

    /// Sends what waits, and returns what arrived.
    async fn sent(&self, app: &TestApp) -> Vec<Arrived> {
        run_once(&app.ctx, &Senders::default()).await;
        self.server.take()
    }

    /// The token of the link in the one mail that is sent.
    async fn token(&self, app: &TestApp) -> String {
        let [mail] = self.sent(app).await.try_into().unwrap();
        token(&mail)
    }
}

fn token(mail: &Arrived) -> String {
    mail.link().rsplit_once('/').unwrap().1.to_owned()
}

async fn verify_all(app: &TestApp, owner: &Actor, on: bool) {
    let draft = SettingsDraft { verify_email: Some(on), ..SettingsDraft::default() };
    settings::update(&app.ctx, owner, draft.parse().unwrap()).await.unwrap();
}

async fn claim(app: &TestApp, code: &str, username: &str, email: &str) -> Result<SignedUp, Error> {
    let draft = SignUpDraft {
        code: code.to_owned(),
        email: email.to_owned(),
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        ..SignUpDraft::default()
    };
    signup::sign_up(&app.ctx, draft.parse().unwrap(), None, &Client::default()).await
}

fn given(password: &str) -> Activation {
    ActivationDraft { password: password.to_owned(), ..ActivationDraft::default() }.parse().unwrap()
}

fn new(password: &str) -> Activation {
    ActivationDraft { new_password: password.to_owned(), ..ActivationDraft::default() }.parse().unwrap()
}

async fn open(app: &TestApp, token: &str, activation: Activation) -> Result<NewSession, Error> {
    let opened = activate(&app.ctx, token, activation, &Client::default(), &Browser::default()).await;
    opened.map(|(session, _)| session)
}

async fn preview(app: &TestApp, token: &str) -> Result<domain::verification::ActivationPreview, Error> {
    look(&app.ctx, token, &Client::default()).await
}

async fn status(app: &TestApp, id: AccountId) -> Option<AccountStatus> {
    let row = accounts::find(&app.ctx.db().write, id).await.unwrap();
    row.map(|row| accounts::lifecycle(&row).status(app.ctx.now()))
}

async fn signed(app: &TestApp, session: &NewSession) -> Option<Signed> {
    sessions::resolve(&app.ctx, session.token.expose(), &Client::default()).await.unwrap()
}

async fn events(app: &TestApp, action: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) FROM audit_log WHERE action = '{action}'")).await
}

async fn used(app: &TestApp, site: &Site, id: InviteId) -> u64 {
    invites::get(&app.ctx, &site.owner, id).await.unwrap().used.into()
}

on_both_databases! {
    async fn a_new_account_waits_until_its_link_is_opened_with_its_password(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        assert_eq!((mateo.status, mateo.activate_by), (AccountStatus::Unverified, Some(app.ctx.now().plus(ACTIVATION_LASTS))));
        let before = app.sign_in("mateo").await;
        assert!(before.actor.permissions.is_empty() && !before.actor.active);
        let by_address = domain::sessions::SignInDraft { login: "mateo@postbox.example".to_owned(), password: PASSWORD.to_owned() };
        let refused = sessions::sign_in(&app.ctx, &by_address, &Client::default()).await;
        assert_eq!(failure(refused).code, Code::SignInFailed, "by its username alone");
        let waits = waiting(&app.ctx, &before.actor).await.unwrap();
        assert_eq!((waits.email.as_str(), waits.mail), ("mateo@postbox.example", Some(MailStatus::Queued)));
        assert_eq!(app.number("SELECT COUNT(*) FROM activations WHERE token_hash IS NOT NULL").await, 0, "a link is made when it is sent");

        let token = site.token(app).await;
        assert_eq!(waiting(&app.ctx, &before.actor).await.unwrap().mail, Some(MailStatus::Sent));
        for _ in 0..2 {
            let shown = preview(app, &token).await.unwrap();
            assert_eq!((shown.username.as_str(), shown.email.as_str(), shown.has_password), ("mateo", "mateo@postbox.example", true));
        }
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Unverified), "opening activates nothing");
        let wrong = failure(open(app, &token, given("something else entirely")).await);
        assert!(wrong.code == Code::Invalid && wrong.field_error("password").is_some(), "{wrong:?}");

        let session = open(app, &token, given(PASSWORD)).await.unwrap();
        let signed = signed(app, &session).await.unwrap();
        assert_eq!((signed.account.status, signed.account.email_verified_at), (AccountStatus::Active, Some(app.ctx.now())));
        assert_eq!(signed.account.activate_by, None);
        assert_eq!(failure(me::rename(&app.ctx, &before.actor, None).await).code, Code::Unauthenticated, "sessions from before end");
        assert_eq!(failure(preview(app, &token).await).code, Code::ActivationLinkInvalid);
        assert_eq!(failure(open(app, &token, given(PASSWORD)).await).code, Code::ActivationLinkInvalid);
        assert_eq!(failure(waiting(&app.ctx, &signed.actor).await).code, Code::NotFound);
        assert_eq!((events(app, "account.activate").await, app.number("SELECT COUNT(*) FROM activations").await), (1, 0));
        assert!(site.sent(app).await.is_empty(), "no mail of a new browser or password");
    }

    async fn with_a_new_password_the_one_of_the_sign_up_is_of_no_use(app: &TestApp) {
        let site = Site::new(app).await;
        let mateo = site.sign_up(app, "mateo").await;
        app.sign_in("mateo").await;
        let token = site.token(app).await;
        let weak = failure(open(app, &token, new("mateo@postbox.example")).await);
        assert!(weak.field_error("new_password").is_some(), "{weak:?}");
        open(app, &token, new(NEW)).await.unwrap();
        let sign_in = async |password: &str| {
            let draft = domain::sessions::SignInDraft { login: "mateo".to_owned(), password: password.to_owned() };
            sessions::sign_in(&app.ctx, &draft, &Client::default()).await
        };
        assert_eq!(failure(sign_in(PASSWORD).await).code, Code::SignInFailed);
        sign_in(NEW).await.unwrap();
        assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 2);
        assert_eq!(status(app, mateo.id).await, Some(AccountStatus::Active));
    }

    async fn while_mail_is_off_nothing_is_verified(app: &TestApp) {
        let owner = app.owner().await;
        verify_all(app, &owner, true).await;
        let json = r#"{"verify_email":true,"email_domains":["postbox.example"]}"#;
        let invite = app.invite(&owner, serde_json::from_str(json).unwrap()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        assert_eq!((mateo.status, mateo.email_verified_at), (AccountStatus::Active, None));
        assert_eq!(failure(claim(app, code(&invite), "other", "Mateo@postbox.example").await).code, Code::EmailTaken);
        assert_eq!(app.number("SELECT COUNT(*) FROM activations").await + app.number("SELECT COUNT(*) FROM outbox").await, 0);
    }

    async fn who_verifies_is_decided_by_the_settings_and_the_invite(app: &TestApp) {
        let site = Site::new(app).await;
        verify_all(app, &site.owner, false).await;
        for (number, (json, expected)) in [
            ("{}", AccountStatus::Active),
            (r#"{"verify_email":true}"#, AccountStatus::Unverified),
            (r#"{"email_domains":["postbox.example"]}"#, AccountStatus::Unverified),
            (r#"{"email":"person3@postbox.example"}"#, AccountStatus::Unverified),
        ].into_iter().enumerate() {
            let invite = app.invite(&site.owner, serde_json::from_str(json).unwrap()).await;
            let account = app.sign_up(code(&invite), &format!("person{number}")).await.unwrap().account;
            assert_eq!(account.status, expected, "{json}");
        }
    }

    async fn pending_approval_comes_after_the_address(app: &TestApp) {
        let site = Site::new(app).await;
        let invite = app.invite(&site.owner, serde_json::from_str(r#"{"approval":true}"#).unwrap()).await;
        let mateo = app.sign_up(code(&invite), "mateo").await.unwrap().account;
        assert_eq!(mateo.status, AccountStatus::Unverified);
        let pending = async || me::viewer(&app.ctx, &site.owner).await.unwrap().pending.unwrap().counted;
        assert_eq!(pending().await, 0, "in no list of approvals");
        let token = site.token(app).await;
        open(app, &token, given(PASSWORD)).await.unwrap();
        assert_eq!((status(app, mateo.id).await, pending().await), (Some(AccountStatus::Pending), 1));
    }

    async fn of_two_who_open_one_link_at_once_one_activates(app: &TestApp) {
        let site = Site::new(app).await;
        site.sign_up(app, "mateo").await;
        let token = site.token(app).await;
        let both = futures::future::join_all((0..2).map(|_| open(app, &token, given(PASSWORD)))).await;
        let (won, lost): (Vec<_>, Vec<_>) = both.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert_eq!(failure(lost.into_iter().next().unwrap()).code, Code::ActivationLinkInvalid);
        assert_eq!(events(app, "account.activate").await, 1);
    }

    async fn guesses_of_links_are_limited(app: &TestApp) {
        let site = Site::new(app).await;
        for _ in 0..20 {
            assert_eq!(failure(preview(app, "guess").await).code, Code::ActivationLinkInvalid);
        }
        assert_eq!(failure(look_change(&app.ctx, "guess", &Client::default()).await).code, Code::RateLimited);
        drop(site);
    }
}
