//! What this process counts, in the words of Prometheus. docs/operations.md has the list.
//!
//! Every label has few values that are known beforehand: route templates, methods, classes of status, stable codes.
//! Nothing that a caller chose and nothing secret stands in one.

use std::fmt;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, prometheus_text};
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use service::Ctx;

/// The media type of what [`Metrics::text`] writes.
pub const MEDIA_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Upper bounds in seconds: a page takes milliseconds, a password tens of them, a queue seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Where a request went.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    method: &'static str,
    route: String,
}

impl Route {
    /// `path` is the route's template. A method that is not of RFC 9110 or PATCH is `other`: callers make those up.
    pub fn new(method: &Method, path: &str) -> Self {
        const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
        let method = KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
        Self { method, route: path.to_owned() }
    }
}

/// How a request to a route ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

/// What is counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn of(ctx: Ctx) -> Self {
        let requests = Family::default();
        let durations: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let mut registry = Registry::with_prefix("latchkey");
        registry.register("build", "Which Latchkey this is", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register("http_request_duration_seconds", "Time until the answer began", durations.clone());
        registry.register_collector(Box::new(Service(ctx)));
        Self { registry, requests, durations }
    }

    /// Counts a request.
    pub fn count(&self, route: Route, status: StatusCode, time: Duration) {
        self.durations.get_or_create(&route).observe(time.as_secs_f64());
        let Route { method, route } = route;
        self.requests.get_or_create(&Answered { method, route, status: class(status) }).inc();
    }

    /// Everything as text, version 0.0.4 of the exposition format.
    ///
    /// # Errors
    /// Never: a string takes whatever is written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// What the use-cases count, read when it is asked for.
#[derive(Debug)]
struct Service(Ctx);

impl Collector for Service {
    fn encode(&self, mut to: DescriptorEncoder) -> fmt::Result {
        let stats = service::stats::read(&self.0);
        let completed = ConstCounter::new(stats.sign_ups_completed);
        completed.encode(to.encode_descriptor(
            "sign_ups_completed",
            "Sign-ups that made an account.",
            None,
            completed.metric_type(),
        )?)?;
        let refused = stats.sign_ups_refused.iter().map(|(code, count)| (*code, ConstCounter::new(*count)));
        family(&mut to, "sign_ups_refused", "Sign-ups that were refused, by code.", "code", refused)?;

        let lanes = stats.hashing;
        let gauge = |number: usize| ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX));
        let hashed = lanes.iter().map(|lane| (lane.lane, ConstCounter::new(lane.done)));
        family(&mut to, "password_hashes", "Passwords that were hashed.", "lane", hashed)?;
        let spent = lanes.iter().map(|lane| (lane.lane, ConstCounter::new(lane.spent.as_secs_f64())));
        family(&mut to, "password_hashing_seconds", "Time that took, without the waiting.", "lane", spent)?;
        let permits = lanes.iter().map(|lane| (lane.lane, gauge(lane.permits)));
        family(&mut to, "password_permits", "Passwords that may be hashed at a time.", "lane", permits)?;
        let in_use = lanes.iter().map(|lane| (lane.lane, gauge(lane.in_use)));
        family(&mut to, "password_permits_in_use", "Passwords that are being hashed.", "lane", in_use)?;
        let waiting = lanes.iter().map(|lane| (lane.lane, gauge(lane.waiting)));
        family(&mut to, "password_waiting", "Requests that wait for a permit.", "lane", waiting)?;

        let pools = stats.pools;
        let max = pools.iter().map(|pool| (pool.name, ConstGauge::new(i64::from(pool.max))));
        family(&mut to, "database_connections_max", "Connections there may be.", "pool", max)?;
        let open = pools.iter().map(|pool| (pool.name, ConstGauge::new(i64::from(pool.open))));
        family(&mut to, "database_connections", "Connections there are.", "pool", open)?;
        let idle = pools.iter().map(|pool| (pool.name, gauge(pool.idle)));
        family(&mut to, "database_connections_idle", "Connections that nobody uses.", "pool", idle)
    }
}

/// One metric with a value for each `(label, value)`.
fn family<M: EncodeMetric + TypedMetric>(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    label: &'static str,
    values: impl Iterator<Item = (&'static str, M)>,
) -> fmt::Result {
    let mut metric = to.encode_descriptor(name, help, None, M::TYPE)?;
    for (of, value) in values {
        value.encode(metric.encode_family(&[(label, of)])?)?;
    }
    Ok(())
}
