//! Test support: databases, applications, processes and requests.

pub mod answer;
pub mod app;
pub mod call;
pub mod caller;
pub mod cluster;
pub mod database;
pub mod form;
pub mod mail;
pub mod people;
pub mod process;
pub mod random_delays;
pub mod scim;

pub use answer::Answer;
pub use app::TestApp;
pub use database::{Database, Kind};
pub use people::{PASSWORD, Person};

/// Waits until `holds` returns true.
///
/// # Panics
/// After one minute; a test machine may be busy.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while !holds().await {
        assert!(tokio::time::Instant::now() < deadline, "timed out waiting until {what}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Defines a test twice: on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($(#[$attribute:meta])* async fn $name:ident($app:ident: &TestApp) $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$attribute])*
            async fn check($app: &$crate::harness::TestApp) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let app = $crate::harness::TestApp::start($crate::harness::Kind::Sqlite).await;
                check(&app).await;
                app.close().await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let app = $crate::harness::TestApp::start($crate::harness::Kind::Postgres).await;
                check(&app).await;
                app.close().await;
            }
        }
    };
}
pub(crate) use on_both_databases;
