//! The complete application in the test process: the real router with a real database.

use std::path::PathBuf;

use axum::Router;
use domain::settings::RegistrationMode;
use ipnet::IpNet;
use server::address::PublicUrl;
use server::assets::Assets;
use server::config::MetricsToken;
use server::{AppState, Site};
use service::{Ctx, Options};

use super::database::{Database, Kind};

/// Public URL of the applications in tests. Nothing listens there: requests are passed to the router.
pub const ORIGIN: &str = "http://127.0.0.1:3000";

/// The application of one test.
pub struct TestApp {
    pub ctx: Ctx,
    pub router: Router,
    pub database: Database,
}

/// Options of an application.
pub struct Setup {
    pub origin: &'static str,
    pub rate_limits: bool,
    pub registration_mode: Option<RegistrationMode>,
    /// The folder of the browser bundle; `None` for that of this build.
    pub dist: Option<PathBuf>,
    pub trusted_proxies: Vec<IpNet>,
    pub metrics_token: Option<MetricsToken>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            origin: ORIGIN,
            rate_limits: false,
            registration_mode: None,
            dist: None,
            trusted_proxies: Vec::new(),
            metrics_token: None,
        }
    }
}

impl TestApp {
    /// An application with a new database.
    pub async fn start(kind: Kind) -> Self {
        Self::start_as(kind, Setup::default()).await
    }

    /// An application with a new SQLite database.
    pub async fn sqlite() -> Self {
        Self::start(Kind::Sqlite).await
    }

    /// An application with these options.
    pub async fn start_as(kind: Kind, setup: Setup) -> Self {
        let database = Database::fresh(kind).await;
        let options = Options {
            database_url: database.url.clone(),
            key_file: database.key_file(),
            public_url: setup.origin.to_owned(),
            registration_mode: setup.registration_mode,
            rate_limits: setup.rate_limits,
            webhooks_to_private_networks: true,
            smtp: None,
        };
        let ctx = Ctx::open(options).await.unwrap_or_else(|error| panic!("{error}"));
        let site = Site {
            trusted_proxies: setup.trusted_proxies,
            metrics_token: setup.metrics_token,
            ..Site::new(PublicUrl::parse(setup.origin).expect("an origin"))
        };
        let assets = setup.dist.map_or_else(Assets::of_this_build, Assets::on_disk);
        let router = server::router(AppState::with_assets(ctx.clone(), site, assets));
        Self { ctx, router, database }
    }

    /// Completes running work and closes the database.
    pub async fn close(self) {
        self.ctx.close().await;
    }
}
