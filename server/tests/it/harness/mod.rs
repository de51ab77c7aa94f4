//! What tests stand on: a database of their own, a whole application over it, and requests.

pub mod answer;
pub mod app;
pub mod call;
pub mod caller;
pub mod database;
pub mod people;
pub mod process;

pub use answer::Answer;
pub use app::TestApp;
pub use database::{Database, Kind};
pub use people::{PASSWORD, Person};

/// One test as two: on SQLite and on PostgreSQL.
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
