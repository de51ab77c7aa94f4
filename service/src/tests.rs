//! Tests of no single feature: opening, migrations, the data key, setup, settings.

use std::time::Duration;

use domain::Code;
use domain::accounts::Role;
use domain::settings::{RegistrationMode, SettingsDraft};
use domain::setup::{Setup, SetupDraft};

use crate::sessions::Browser;
use crate::testing::{PASSWORD, TestApp, failure, on_both_databases};
use crate::{Client, Clock, Ctx, Options, Randomness, settings, setup};

async fn open(options: &Options) -> Result<Ctx, String> {
    let randomness = Randomness::from_system().unwrap();
    Ctx::open_with(options.clone(), Clock::System, randomness).await.map_err(|error| error.to_string())
}

fn token(link: &str) -> String {
    link.split_once("token=").unwrap().1.to_owned()
}

fn first_owner(username: &str) -> Setup {
    SetupDraft {
        token: String::new(),
        site_name: "Brambleyard Makers".into(),
        email: format!("{username}@bramble.example"),
        username: username.into(),
        name: "Ngozi Adeyemi-Oduya".into(),
        password: PASSWORD.into(),
    }
    .parse()
    .unwrap()
}

on_both_databases! {
    async fn the_setup_link_creates_one_owner_and_works_once(app: &TestApp) {
        let client = Client::default();
        let stale = token(&setup::link(&app.ctx).await.unwrap());
        let token = token(&setup::link(&app.ctx).await.unwrap());
        assert_eq!(failure(setup::check(&app.ctx, &stale, &client).await).code, Code::SetupLinkInvalid);
        setup::check(&app.ctx, &token, &client).await.unwrap();

        let attempts = ["ngozi", "tomasz"].map(|name| {
            let (ctx, token, client) = (app.ctx.clone(), token.clone(), client.clone());
            let complete = async move {
                setup::complete(&ctx, &token, first_owner(name), &client, &Browser::default()).await
            };
            tokio::spawn(complete)
        });
        let mut owners = 0;
        for attempt in attempts {
            owners += i32::from(attempt.await.unwrap().is_ok());
        }
        assert_eq!(owners, 1);
        assert_eq!(app.number("SELECT COUNT(*) FROM accounts WHERE role = 'owner'").await, 1);
        assert_eq!(settings::public(&app.ctx).await.unwrap().site_name.as_str(), "Brambleyard Makers");
        assert_eq!(setup::state(&app.ctx).await.unwrap(), setup::State::Done);
        assert_eq!(failure(setup::link(&app.ctx).await).code, Code::SetupDone);
    }

    async fn a_setup_link_expires_after_a_day(app: &TestApp) {
        let token = token(&setup::link(&app.ctx).await.unwrap());
        app.advance(Duration::from_hours(24));
        let (client, browser) = (Client::default(), Browser::default());
        let late = setup::complete(&app.ctx, &token, first_owner("ngozi"), &client, &browser).await;
        assert_eq!(failure(late).code, Code::SetupLinkInvalid);
    }

    async fn only_admins_read_and_change_settings(app: &TestApp) {
        let owner = app.owner().await;
        let draft = SettingsDraft { code_length: Some(20), ..SettingsDraft::default() };
        let changed = settings::update(&app.ctx, &owner, draft.parse().unwrap()).await.unwrap();
        assert_eq!(changed.code_length.get(), 20);
        assert_eq!(changed.site_name.as_str(), "Latchkey");
        let moderator = app.account("mo", Role::Moderator).await;
        assert_eq!(failure(settings::get(&app.ctx, &moderator).await).code, Code::Forbidden);
        let refused = settings::update(&app.ctx, &moderator, draft.parse().unwrap()).await;
        assert_eq!(failure(refused).code, Code::Forbidden);
    }

    async fn the_environment_overrides_the_dashboard(app: &TestApp) {
        let owner = app.owner().await;
        let options = Options { registration_mode: Some(RegistrationMode::Closed), ..app.options.clone() };
        let ctx = open(&options).await.unwrap();
        let read = settings::get(&ctx, &owner).await.unwrap();
        assert_eq!((read.registration_mode, read.registration_mode_fixed), (RegistrationMode::Closed, true));
        let draft = SettingsDraft { registration_mode: Some("open".into()), ..SettingsDraft::default() };
        let refused = settings::update(&ctx, &owner, draft.parse().unwrap()).await;
        assert!(failure(refused).field_error("registration_mode").is_some());
        ctx.close().await;
    }

    async fn a_wrong_or_missing_key_stops_the_start_with_a_message(app: &TestApp) {
        let right = std::fs::read(&app.options.key_file).unwrap();
        std::fs::remove_file(&app.options.key_file).unwrap();
        assert!(open(&app.options).await.unwrap_err().contains("missing"));
        assert!(!app.options.key_file.exists(), "no new key is created for existing data");
        std::fs::write(&app.options.key_file, "ab".repeat(32)).unwrap();
        assert!(open(&app.options).await.unwrap_err().contains("not the one"));
        std::fs::write(&app.options.key_file, right).unwrap();
        open(&app.options).await.unwrap().close().await;
    }

    async fn a_database_from_a_newer_version_is_refused(app: &TestApp) {
        app.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)").await;
        assert!(open(&app.options).await.unwrap_err().contains("newer version"));
    }

    async fn the_table_refuses_more_uses_than_the_maximum(app: &TestApp) {
        use sea_orm::ConnectionTrait;
        let owner = app.owner().await;
        let draft = domain::invites::InviteDraft { max_uses: domain::Patch::Set(1), ..Default::default() };
        app.invite(&owner, draft).await;
        for wrong in ["UPDATE invites SET used = 2", "UPDATE invites SET used = -1", "UPDATE invites SET max_uses = 0"] {
            assert!(app.ctx.db().write.execute_unprepared(wrong).await.is_err(), "{wrong}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_on_an_empty_database_use_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        database_url: format!("sqlite://{}", folder.path().join("latchkey.db").display()),
        key_file: folder.path().join("latchkey.key"),
        public_url: "https://bramble.example".to_owned(),
        registration_mode: None,
        rate_limits: true,
        webhooks_to_private_networks: false,
        smtp: None,
    };
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let options = options.clone();
            tokio::spawn(async move { open(&options).await })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_schema_before_had_is_kept() {
    use migrations::{Migrator, MigratorTrait};
    use sea_orm::ConnectionTrait;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("latchkey.db");
    let options = Options {
        database_url: format!("sqlite://{}", file.display()),
        key_file: folder.path().join("latchkey.key"),
        public_url: "https://bramble.example".to_owned(),
        registration_mode: None,
        rate_limits: true,
        webhooks_to_private_networks: false,
        smtp: None,
    };
    let before = sea_orm::Database::connect(format!("{}?mode=rwc", options.database_url)).await.unwrap();
    Migrator::up(&before, Some(13)).await.unwrap();
    before
        .execute_unprepared(
            "INSERT INTO accounts (id, email, email_folded, username, username_folded, role, password_hash, created_at,
                updated_at, approved_at)
             VALUES (x'00000000000000000000000000000001', 'a@b.example', 'a@b.example', 'ada', 'ada', 'owner', '$argon2id$', 1, 1, 1);
             INSERT INTO api_keys (id, key_hash, account_id, name, scope, hint, created_at)
             VALUES (x'02', x'03', x'00000000000000000000000000000001', 'old', 'read', 'lk_old', 1);
             INSERT INTO invites (id, code_hash, code_sealed, code_kind, label, label_folded, role, max_uses, used, created_by,
                created_at, updated_at)
             VALUES (x'00000000000000000000000000000005', x'06', x'07', 'own', 'Open evening', 'open evening', 'moderator', 3, 1,
                x'00000000000000000000000000000001', 1, 1);
             INSERT INTO redemptions (id, invite_id, account_id, kind, created_at)
             VALUES (x'08', x'00000000000000000000000000000005', x'00000000000000000000000000000001', 'new', 1)",
        )
        .await
        .unwrap();
    before.close().await.unwrap();
    let ctx = open(&options).await.unwrap();
    let number = async |sql: &str| {
        let row = ctx.db().write.query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql)).await;
        row.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    assert_eq!(
        number(
            "SELECT COUNT(*) FROM api_keys WHERE scope = 'read' AND account_id = x'00000000000000000000000000000001'"
        )
        .await,
        1
    );
    assert_eq!(number("SELECT auth_epoch FROM accounts").await, 0);
    assert_eq!(number("SELECT COUNT(*) FROM account_words WHERE word IN ('ada', 'b', 'example')").await, 3);
    let kept = "SELECT COUNT(*) FROM invites i JOIN redemptions r ON r.invite_id = i.id WHERE i.role = 'moderator' AND \
        i.max_uses = 3 AND i.used = 1 AND i.email IS NULL AND i.existing_members AND i.show_uses_left AND NOT i.approval";
    assert_eq!(number(kept).await, 1, "the table was made anew under the ledger");
    assert_eq!(number("SELECT COUNT(*) FROM invite_words WHERE word IN ('open', 'evening')").await, 2);
    let made = |kind: &str| {
        format!("SELECT COUNT(*) FROM sqlite_master WHERE tbl_name = 'invites' AND type = '{kind}' AND sql IS NOT NULL")
    };
    assert_eq!(number(&made("trigger")).await, 3);
    assert_eq!(number(&made("index")).await, 18, "every index of invites that a migration makes");
    let moderators = "SELECT COUNT(*) FROM settings WHERE user_permissions = '' AND moderator_permissions = '{}'";
    let default = domain::access::to_names(domain::access::RolePermissions::default().moderator);
    assert_eq!(
        number(&moderators.replace("{}", &default)).await,
        1,
        "the defaults of the migration are those of the rules"
    );
    ctx.close().await;
}
