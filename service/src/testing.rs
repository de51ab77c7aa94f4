//! Shared helpers for the tests of this crate: a database per test, a manual clock, and accounts.

use std::time::Duration;

use domain::access::{Permissions, to_names};
use domain::accounts::{Email, NewAccount, Password, Role, Username};
use domain::groups::{GroupDraft, MembersDraft};
use domain::ids::GroupId;
use domain::invites::{Invite, InviteDraft};
use domain::sessions::SignInDraft;
use domain::signup::{SignUp, SignUpDraft, SignedUp};
use domain::{Patch, Timestamp};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel, QueryTrait, Select,
    Statement,
};
use tempfile::TempDir;

use crate::accounts::store as accounts;
use crate::operations::operator;
use crate::platform::db::Db;
use crate::platform::search;
use crate::sessions::Signed;
use crate::{Actor, Client, Clock, Ctx, Error, Options, Randomness, groups, invites, memberships, sessions, signup};

/// A password that is strong enough.
pub(crate) const PASSWORD: &str = "a bench by the window";

/// The time at the start of each test.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// Runs each test on SQLite and on PostgreSQL.
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

/// Migrates the database of which tests get copies.
async fn migrate(url: String) {
    Db::open(&url).await.unwrap().close().await;
}

/// An open database that belongs to one test.
pub(crate) struct TestApp {
    pub(crate) ctx: Ctx,
    pub(crate) options: Options,
    pub(crate) folder: TempDir,
    postgres: Option<(DatabaseConnection, String)>,
}

impl TestApp {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.db");
        test_databases::sqlite(&file, migrate).await;
        Self::open(format!("sqlite://{}", file.display()), folder, None).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("LATCHKEY_TEST_POSTGRES").expect(
            "this test needs a PostgreSQL server: `make test` starts one, or set LATCHKEY_TEST_POSTGRES to the URL of \
             a server on which this user can create databases",
        );
        let folder = tempfile::tempdir().unwrap();
        let name = format!("service_{}", Randomness::from_system().unwrap().uuid(START).simple());
        let url = test_databases::postgres(&server, &name, migrate).await;
        let admin = Database::connect(server).await.unwrap();
        Self::open(url, folder, Some((admin, name))).await
    }

    async fn open(database_url: String, folder: TempDir, postgres: Option<(DatabaseConnection, String)>) -> Self {
        let options = Options {
            database_url,
            key_file: folder.path().join("latchkey.key"),
            public_url: "https://bramble.example".to_owned(),
            registration_mode: None,
            rate_limits: true,
            webhooks_to_private_networks: true,
            smtp: None,
        };
        let randomness = Randomness::from_system().unwrap();
        let ctx = Ctx::open_with(options.clone(), Clock::manual(START), randomness).await.unwrap();
        Self { ctx, options, folder, postgres }
    }

    /// Asserts that the counters equal the rows they count, that every row of the audit log reads back as an event and that
    /// the search index agrees with the rows, then closes and drops the database.
    pub(crate) async fn finish(self) {
        crate::audit::assert_readable(&self.ctx, &[PASSWORD]).await;
        assert_eq!(
            self.number(crate::overview::counts::MISMATCHES).await,
            0,
            "a counter differs from the rows it counts"
        );
        assert_eq!(search::mismatches(&self.ctx.db().write).await.unwrap(), 0, "the index of the search is wrong");
        self.close().await;
    }

    /// Closes and drops a database whose rows were made by statements, and are counted nowhere.
    pub(crate) async fn close(self) {
        self.ctx.close().await;
        if let Some((admin, name)) = self.postgres {
            admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
        }
        self.folder.close().unwrap();
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.ctx.clock().advance(by);
    }

    /// Creates an account with this role and returns it as an actor.
    pub(crate) async fn account(&self, username: &str, role: Role) -> Actor {
        let new = NewAccount {
            email: Email::parse(&format!("{username}@bramble.example")).unwrap(),
            username: Username::parse(username).unwrap(),
            name: None,
            role,
            password: Password::parse(PASSWORD).unwrap(),
            groups: Vec::new(),
            attributes: Vec::new(),
            ends_at: None,
        };
        operator::create_account(&self.ctx, new).await.unwrap();
        operator::act_as(&self.ctx, Some(username)).await.unwrap()
    }

    /// Puts an account into a new group that grants these permissions.
    pub(crate) async fn grant(&self, username: &str, permissions: Permissions) {
        let now = self.ctx.now().as_micros();
        let group = memberships::group::Model {
            id: self.ctx.randomness().uuid(self.ctx.now()),
            name: username.to_owned(),
            name_folded: username.to_owned(),
            description: None,
            permissions: to_names(permissions),
            created_at: now,
            updated_at: now,
        };
        let account = accounts::find_by_login(&self.ctx.db().write, username).await.unwrap().unwrap();
        let membership = memberships::entity::Model {
            group_id: group.id,
            account_id: account.id,
            is_manager: false,
            ends_at: None,
            reminded_of: None,
            redemption_id: None,
            created_at: now,
        };
        let db = &self.ctx.db().write;
        memberships::group::Entity::insert(group.into_active_model()).exec_without_returning(db).await.unwrap();
        memberships::entity::Entity::insert(membership.into_active_model()).exec_without_returning(db).await.unwrap();
    }

    pub(crate) async fn owner(&self) -> Actor {
        self.account("ngozi", Role::Owner).await
    }

    /// Signs an account in, in a browser of its own.
    pub(crate) async fn sign_in(&self, username: &str) -> Signed {
        let draft = SignInDraft { login: username.to_owned(), password: PASSWORD.to_owned() };
        let client = Client::default();
        let token = sessions::sign_in(&self.ctx, &draft, &client).await.unwrap();
        sessions::resolve(&self.ctx, token.expose(), &client).await.unwrap().unwrap()
    }

    /// Creates a group with these members.
    pub(crate) async fn group(&self, owner: &Actor, name: &str, members: &[&str]) -> GroupId {
        let draft = GroupDraft { name: Patch::Set(name.to_owned()), ..GroupDraft::default() };
        let id = groups::create(&self.ctx, owner, draft.parse().unwrap()).await.unwrap().id;
        if !members.is_empty() {
            let accounts = members.iter().map(|&name| name.to_owned()).collect();
            let draft = MembersDraft { accounts, ..MembersDraft::default() };
            groups::add_members(&self.ctx, owner, id, draft).await.unwrap();
        }
        id
    }

    /// Creates an invite from `draft`.
    pub(crate) async fn invite(&self, actor: &Actor, draft: InviteDraft) -> Invite {
        invites::create(&self.ctx, actor, draft.parse(self.ctx.now()).unwrap()).await.unwrap()
    }

    pub(crate) async fn sign_up(&self, code: &str, username: &str) -> Result<SignedUp, Error> {
        signup::sign_up(&self.ctx, sign_up(code, username), None, &Client::default()).await
    }

    /// The result of a statement that selects one number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let db = &self.ctx.db().write;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.ctx.db().write.execute_unprepared(sql).await.unwrap();
    }

    /// Asserts that `used` of every invite equals its number of redemptions.
    pub(crate) async fn assert_uses_match_redemptions(&self) {
        let mismatches = "SELECT COUNT(*) FROM invites i
                   WHERE i.used <> (SELECT COUNT(*) FROM redemptions r
                                    WHERE r.invite_id = i.id AND r.released_at IS NULL)";
        assert_eq!(self.number(mismatches).await, 0, "an invite whose `used` differs from its number of redemptions");
    }
}

/// A valid sign-up with the given code, which need not be usable.
pub(crate) fn sign_up(code: &str, username: &str) -> SignUp {
    SignUpDraft {
        code: code.to_owned(),
        email: format!("{username}@postbox.example"),
        username: username.to_owned(),
        name: String::new(),
        password: PASSWORD.to_owned(),
        ..SignUpDraft::default()
    }
    .parse()
    .unwrap()
}

/// The code of an invite that is not deleted.
pub(crate) fn code(invite: &Invite) -> &str {
    invite.code.as_ref().unwrap().as_str()
}

/// The failure that a use case returned.
#[track_caller]
pub(crate) fn failure<T: std::fmt::Debug>(outcome: Result<T, Error>) -> domain::Failure {
    match outcome {
        Err(Error::Failure(failure)) => failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

/// SQLite's plan for a query.
pub(crate) async fn plan<E: EntityTrait>(app: &TestApp, query: Select<E>) -> String {
    let query = query.build(DbBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", query.sql), ..query };
    let rows = app.ctx.db().read.query_all_raw(explain).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
}

/// Waits until `holds`, and fails when it does not within a minute: a test machine may be busy.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        while !holds().await {
            assert!(tokio::time::Instant::now() < deadline, "{caller}: timed out waiting until {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
