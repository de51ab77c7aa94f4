//! The database schema, one migration per file.
//!
//! A migration is raw SQL, written once for both databases: `{uuid}`, `{bytes}`, `{bigint}` and others are
//! placeholders for types with different names ([`sql`]). Migrations never import entities, because entities change
//! with the schema and a migration must not. The SQL of a released migration is never edited.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

mod m0001_accounts;
mod m0002_sessions;
mod m0003_api_keys;
mod m0004_setup_links;
mod m0005_settings;
mod m0006_data_keys;
mod m0007_invites;
mod m0008_redemptions;
mod m0009_attempts;
mod m0010_audit_log;
mod m0011_rate_limits;
mod m0012_overview;
mod m0013_retired_keys;
mod m0014_auth_epoch;
mod m0015_key_scopes;
mod m0016_welcome;
mod m0017_invite_counts;
mod m0018_search;
mod m0019_declined_accounts;
mod m0020_permissions;
mod m0021_groups;
mod m0022_invite_groups;
mod m0023_account_ends;
mod m0024_invite_terms;
mod m0025_pictures;
mod m0026_approvals;
mod m0027_endings;
mod m0028_joining;
mod m0029_member_limits;
mod m0030_without_code;
mod m0031_applications;
mod m0032_oidc;
mod m0033_forward_auth;
mod m0034_outbox;
mod m0035_webhooks;
mod m0036_sign_in_url;
mod m0037_pushed_requests;
mod m0038_backchannel_logout;
mod m0039_device_and_claims;
mod m0040_scim;
mod m0041_directory;
mod m0042_reminders;
mod m0043_audit_filters;
mod m0044_application_pictures;
mod m0045_scim_remote_ids;
mod m0046_password_resets;
mod m0047_outbox_next;
mod m0048_mail;
mod m0049_known_browsers;
mod m0050_invite_requests;
mod m0051_verification;
mod m0052_invitations;
mod m0053_resends;
mod m0054_flows;

/// Every migration, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_sessions::Migration),
            Box::new(m0003_api_keys::Migration),
            Box::new(m0004_setup_links::Migration),
            Box::new(m0005_settings::Migration),
            Box::new(m0006_data_keys::Migration),
            Box::new(m0007_invites::Migration),
            Box::new(m0008_redemptions::Migration),
            Box::new(m0009_attempts::Migration),
            Box::new(m0010_audit_log::Migration),
            Box::new(m0011_rate_limits::Migration),
            Box::new(m0012_overview::Migration),
            Box::new(m0013_retired_keys::Migration),
            Box::new(m0014_auth_epoch::Migration),
            Box::new(m0015_key_scopes::Migration),
            Box::new(m0016_welcome::Migration),
            Box::new(m0017_invite_counts::Migration),
            Box::new(m0018_search::Migration),
            Box::new(m0019_declined_accounts::Migration),
            Box::new(m0020_permissions::Migration),
            Box::new(m0021_groups::Migration),
            Box::new(m0022_invite_groups::Migration),
            Box::new(m0023_account_ends::Migration),
            Box::new(m0024_invite_terms::Migration),
            Box::new(m0025_pictures::Migration),
            Box::new(m0026_approvals::Migration),
            Box::new(m0027_endings::Migration),
            Box::new(m0028_joining::Migration),
            Box::new(m0029_member_limits::Migration),
            Box::new(m0030_without_code::Migration),
            Box::new(m0031_applications::Migration),
            Box::new(m0032_oidc::Migration),
            Box::new(m0033_forward_auth::Migration),
            Box::new(m0034_outbox::Migration),
            Box::new(m0035_webhooks::Migration),
            Box::new(m0036_sign_in_url::Migration),
            Box::new(m0037_pushed_requests::Migration),
            Box::new(m0038_backchannel_logout::Migration),
            Box::new(m0039_device_and_claims::Migration),
            Box::new(m0040_scim::Migration),
            Box::new(m0041_directory::Migration),
            Box::new(m0042_reminders::Migration),
            Box::new(m0043_audit_filters::Migration),
            Box::new(m0044_application_pictures::Migration),
            Box::new(m0045_scim_remote_ids::Migration),
            Box::new(m0046_password_resets::Migration),
            Box::new(m0047_outbox_next::Migration),
            Box::new(m0048_mail::Migration),
            Box::new(m0049_known_browsers::Migration),
            Box::new(m0050_invite_requests::Migration),
            Box::new(m0051_verification::Migration),
            Box::new(m0052_invitations::Migration),
            Box::new(m0053_resends::Migration),
            Box::new(m0054_flows::Migration),
        ]
    }
}

/// Runs `statements` after replacing the placeholders:
///
/// | placeholder | SQLite | PostgreSQL | used for |
/// |---|---|---|---|
/// | `{uuid}` | `BLOB` | `UUID` | identifiers |
/// | `{bytes}` | `BLOB` | `BYTEA` | hashes and sealed values |
/// | `{boolean}` | `INTEGER` | `BOOLEAN` | what is true or false |
/// | `{bigint}` | `INTEGER` | `BIGINT` | numbers, and instants in microseconds since 1970 |
/// | `{sequence}` | `INTEGER PRIMARY KEY AUTOINCREMENT` | `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY` | numbers in the order of insertion |
/// | `{exact}` | `TEXT` | `TEXT COLLATE "C"` | case-folded text and words, for prefix search |
/// | `{random_uuid}` | `randomblob(16)` | `gen_random_uuid()` | the identifier of a row that a migration inserts |
/// | `{now}` | seconds of `strftime` | `EXTRACT(EPOCH FROM now())` | the present instant in microseconds |
/// | `{table_options}` | `STRICT` | | options after the closing parenthesis of a table |
pub(crate) async fn sql(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let types: [(&str, &str); 9] = match manager.get_database_backend() {
        DbBackend::Postgres => [
            ("{uuid}", "UUID"),
            ("{bytes}", "BYTEA"),
            ("{boolean}", "BOOLEAN"),
            ("{bigint}", "BIGINT"),
            ("{sequence}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("{exact}", "TEXT COLLATE \"C\""),
            ("{random_uuid}", "gen_random_uuid()"),
            ("{now}", "CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT)"),
            ("{table_options}", ""),
        ],
        _ => [
            ("{uuid}", "BLOB"),
            ("{bytes}", "BLOB"),
            ("{boolean}", "INTEGER"),
            ("{bigint}", "INTEGER"),
            ("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("{exact}", "TEXT"),
            ("{random_uuid}", "randomblob(16)"),
            ("{now}", "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)"),
            ("{table_options}", "STRICT"),
        ],
    };
    for statement in statements {
        let statement = types
            .iter()
            .fold((*statement).to_owned(), |statement, (placeholder, value)| statement.replace(placeholder, value));
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Defines a migration that runs SQL statements in order.
macro_rules! migration {
    ($name:literal, [$($statement:literal),+ $(,)?]) => {
        use sea_orm_migration::prelude::*;

        #[derive(Debug)]
        pub struct Migration;

        impl MigrationName for Migration {
            fn name(&self) -> &'static str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::sql(manager, &[$($statement),+]).await
            }
        }
    };
}
pub(crate) use migration;
