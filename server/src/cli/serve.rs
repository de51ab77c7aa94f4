//! `latchkey serve`.

use std::io::ErrorKind;

use service::Ctx;
use tokio::net::TcpListener;

use super::args::ServeOptions;
use super::{Outcome, open, print, setup_link};
use crate::config::Config;
use crate::connections::Limits;
use crate::descriptors::raise_limit;
use crate::serve::{serve, stop_on_signals};
use crate::starting::answer_during;
use crate::state::{AppState, Site};
use crate::undeclared_proxy;

pub(super) async fn run(config: Config, options: &ServeOptions) -> Outcome {
    open::prepare(&config)?;
    let mut limits = Limits::new(raise_limit());
    if !config.rate_limits {
        limits.per_network = usize::MAX;
    }
    // The port is bound first, so that a second server that is started by mistake changes nothing.
    let listener = TcpListener::bind(config.addr).await.and_then(TcpListener::into_std);
    let listener = listener.map_err(|error| cannot_listen(&config, &error))?;
    let bound = listener.local_addr().map_err(|error| cannot_listen(&config, &error))?;
    let meanwhile = listener.try_clone().map_err(|error| cannot_listen(&config, &error))?;
    let site = Site {
        public_url: config.public_url_for(bound)?,
        trusted_proxies: config.trusted_proxies.clone(),
        undeclared_proxy_file: Some(undeclared_proxy::file(&config.data_dir)),
        setup_link_file: Some(setup_link::file(&config.data_dir)),
        metrics_token: config.metrics_token.clone(),
    };
    let stop = stop_on_signals().map_err(|error| format!("Cannot listen for signals: {error}."))?;
    let ctx = tokio::select! {
        ctx = answer_during(meanwhile, limits.clone(), Ctx::open(config.service_options(bound)?)) => {
            ctx.map_err(|error| error.to_string())?
        }
        // Nothing has begun yet: waiting for the database must not keep the process alive.
        () = stop.cancelled() => return Ok(()),
    };
    let message = format_args!("Latchkey {} is at {}", env!("CARGO_PKG_VERSION"), site.public_url.origin());
    let announced = match print::result(message) {
        Ok(()) => setup_link::announce(&ctx, &config.data_dir, options.print_setup_link).await,
        Err(message) => Err(message),
    };
    if let Err(message) = announced {
        ctx.close().await;
        return Err(message);
    }
    ctx.start_sending();
    let state = AppState::new(ctx, site);
    tracing::info!(
        %bound,
        public_url = state.public_url().origin(),
        bundle = state.assets().hash(),
        embedded = state.assets().are_embedded(),
        connections = limits.all,
        "serving"
    );
    let listener = TcpListener::from_std(listener).map_err(|error| cannot_listen(&config, &error))?;
    serve(listener, state, limits, stop).await;
    Ok(())
}

fn cannot_listen(config: &Config, error: &std::io::Error) -> String {
    let addr = config.addr;
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "Port {} is in use: another process, possibly another Latchkey, listens on {addr}. Stop it, or choose \
             another port with --addr, such as --addr {}:{}.",
            addr.port(),
            addr.ip(),
            addr.port().wrapping_add(1).max(1024)
        ),
        ErrorKind::PermissionDenied => format!(
            "This user may not listen on {addr}. Ports below 1024 need root: choose another with --addr and put a \
             reverse proxy in front of it."
        ),
        ErrorKind::AddrNotAvailable => {
            format!("This machine has no address {}. Choose another with --addr.", addr.ip())
        }
        _ => format!("Cannot listen on {addr}: {error}."),
    }
}
