//! The state that all requests share.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::FromRef;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use service::Ctx;

use crate::address::PublicUrl;
use crate::assets::Assets;
use crate::config::MetricsToken;
use crate::metrics::Metrics;
use crate::undeclared_proxy::UndeclaredProxy;

/// The configuration of how this process is reached.
#[derive(Clone, Debug)]
pub struct Site {
    /// The public URL.
    pub public_url: PublicUrl,
    /// The networks whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// File that records an undeclared proxy.
    pub undeclared_proxy_file: Option<PathBuf>,
    /// The file that holds the setup link when there was no terminal to print it on. Removed once it is used.
    pub setup_link_file: Option<PathBuf>,
    /// The token for `/metrics`; without one it is available only to this machine.
    pub metrics_token: Option<MetricsToken>,
}

impl Site {
    /// A site at `public_url` without a proxy.
    #[must_use]
    pub const fn new(public_url: PublicUrl) -> Self {
        Self {
            public_url,
            trusted_proxies: Vec::new(),
            undeclared_proxy_file: None,
            setup_link_file: None,
            metrics_token: None,
        }
    }
}

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    ctx: Ctx,
    site: Site,
    assets: Assets,
    metrics: Metrics,
    undeclared_proxy: UndeclaredProxy,
    leptos: LeptosOptions,
}

impl AppState {
    /// The state of a server for `site` over `ctx`.
    #[must_use]
    pub fn new(ctx: Ctx, site: Site) -> Self {
        Self::with_assets(ctx, site, Assets::of_this_build())
    }

    /// The same state with other assets, for tests.
    #[must_use]
    pub fn with_assets(ctx: Ctx, site: Site, assets: Assets) -> Self {
        let leptos = LeptosOptions::builder().output_name("latchkey").build();
        let metrics = Metrics::of(ctx.clone());
        let file = site.undeclared_proxy_file.clone();
        let undeclared_proxy = UndeclaredProxy::new(file, &site.trusted_proxies, ctx.now());
        Self(Arc::new(Inner { ctx, site, assets, metrics, undeclared_proxy, leptos }))
    }

    /// The context of the use cases.
    #[must_use]
    pub fn ctx(&self) -> &Ctx {
        &self.0.ctx
    }

    /// The public URL.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.0.site.public_url
    }

    /// The networks whose `X-Forwarded-For` is trusted.
    #[must_use]
    pub fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.site.trusted_proxies
    }

    /// The files of the browser bundle.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// The metrics of this process.
    #[must_use]
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The undeclared proxy that was seen, if any.
    #[must_use]
    pub(crate) fn undeclared_proxy(&self) -> &UndeclaredProxy {
        &self.0.undeclared_proxy
    }

    /// The token for `/metrics`, if one is configured.
    #[must_use]
    pub(crate) fn metrics_token(&self) -> Option<&MetricsToken> {
        self.0.site.metrics_token.as_ref()
    }

    /// The file with the setup link, if it was written.
    #[must_use]
    pub fn setup_link_file(&self) -> Option<&Path> {
        self.0.site.setup_link_file.as_deref()
    }
}

impl FromRef<AppState> for Ctx {
    fn from_ref(state: &AppState) -> Self {
        state.0.ctx.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.0.leptos.clone()
    }
}
