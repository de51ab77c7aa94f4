//! What tests of this crate share: a real database each, a clock they own, and a few accounts.

use std::time::Duration;

use domain::Timestamp;
use domain::accounts::{Email, NewAccount, Password, Role, Username};
use domain::invites::{Invite, InviteDraft};
use domain::signup::{SignUp, SignUpDraft, SignedUp};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::operations::operator;
use crate::{Actor, Client, Clock, Ctx, Error, Options, Randomness, invites, signup};

/// A password that passes.
pub(crate) const PASSWORD: &str = "a bench by the window";

/// When tests begin.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// Runs each test twice: on SQLite, and on PostgreSQL.
macro_rules! on_both_databases {
    ($($(#[doc = $doc:literal])* async fn $name:ident($app:ident: &TestApp) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn test($app: &TestApp) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let app = TestApp::sqlite().await;
                    test(&app).await;
                    app.finish().await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let app = TestApp::postgres().await;
                    test(&app).await;
                    app.finish().await;
                }
            }
        )+
    };
}
pub(crate) use on_both_databases;

/// A database of its own, opened.
pub(crate) struct TestApp {
    pub(crate) ctx: Ctx,
    pub(crate) options: Options,
    folder: TempDir,
    postgres: Option<(DatabaseConnection, String)>,
}

impl TestApp {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        Self::open(url, folder, None).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("LATCHKEY_TEST_POSTGRES").expect(
            "this test needs a PostgreSQL server: `make test` starts one, or set LATCHKEY_TEST_POSTGRES to the URL of \
             one where databases may be made",
        );
        let folder = tempfile::tempdir().unwrap();
        let name = format!("service_{}", Randomness::from_system().unwrap().uuid(START).simple());
        let admin = Database::connect(server.as_str()).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Self::open(format!("{base}/{name}"), folder, Some((admin, name))).await
    }

    async fn open(database_url: String, folder: TempDir, postgres: Option<(DatabaseConnection, String)>) -> Self {
        let options = Options {
            database_url,
            key_file: folder.path().join("latchkey.key"),
            public_url: "https://bramble.example".to_owned(),
            registration_mode: None,
            rate_limits: true,
        };
        let randomness = Randomness::from_system().unwrap();
        let ctx = Ctx::open_with(options.clone(), Clock::manual(START), randomness).await.unwrap();
        Self { ctx, options, folder, postgres }
    }

    /// Closes everything and drops the database. Whatever a test did: the counters are what their rows say.
    pub(crate) async fn finish(self) {
        assert_eq!(self.number(crate::overview::counts::WRONG).await, 0, "a counter is not what its rows say");
        self.ctx.close().await;
        if let Some((admin, name)) = self.postgres {
            admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
        }
        self.folder.close().unwrap();
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.ctx.clock().advance(by);
    }

    /// An account of this role, acting.
    pub(crate) async fn account(&self, username: &str, role: Role) -> Actor {
        let new = NewAccount {
            email: Email::parse(&format!("{username}@bramble.example")).unwrap(),
            username: Username::parse(username).unwrap(),
            name: None,
            role,
            password: Password::parse(PASSWORD).unwrap(),
        };
        operator::create_account(&self.ctx, new).await.unwrap();
        operator::act_as(&self.ctx, Some(username)).await.unwrap()
    }

    pub(crate) async fn owner(&self) -> Actor {
        self.account("ngozi", Role::Owner).await
    }

    /// An invite as `draft` says.
    pub(crate) async fn invite(&self, actor: &Actor, draft: InviteDraft) -> Invite {
        invites::create(&self.ctx, actor, draft.parse(self.ctx.now()).unwrap()).await.unwrap()
    }

    pub(crate) async fn sign_up(&self, code: &str, username: &str) -> Result<SignedUp, Error> {
        signup::sign_up(&self.ctx, sign_up(code, username), None, &Client::default()).await
    }

    /// What a statement that selects one number says.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let db = &self.ctx.db().write;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.ctx.db().write.execute_unprepared(sql).await.unwrap();
    }

    /// The ledger's first law: what an invite counts is what the ledger holds.
    pub(crate) async fn assert_ledger_balances(&self) {
        let off = "SELECT COUNT(*) FROM invites i
                   WHERE i.used <> (SELECT COUNT(*) FROM redemptions r WHERE r.invite_id = i.id)";
        assert_eq!(self.number(off).await, 0, "an invite counts other than the ledger holds");
    }
}

/// A sign-up that is right, but for what the code is worth.
pub(crate) fn sign_up(code: &str, username: &str) -> SignUp {
    SignUpDraft {
        code: code.to_owned(),
        email: format!("{username}@postbox.example"),
        username: username.to_owned(),
        name: String::new(),
        password: PASSWORD.to_owned(),
    }
    .parse()
    .unwrap()
}

/// The code of an invite that is not deleted.
pub(crate) fn code(invite: &Invite) -> &str {
    invite.code.as_ref().unwrap().as_str()
}

/// The failure that a use-case answered with.
#[track_caller]
pub(crate) fn failure<T: std::fmt::Debug>(outcome: Result<T, Error>) -> domain::Failure {
    match outcome {
        Err(Error::Failure(failure)) => failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

/// Waits until `holds`, and fails when it does not within a minute: a test machine may be busy.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        while !holds().await {
            assert!(tokio::time::Instant::now() < deadline, "{caller}: it never came to this: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
