//! Prometheus metrics of this process. docs/operations.md lists them.
//!
//! Every label has a small, fixed set of values: route templates, methods, status classes, error codes. No label
//! contains text from a caller or a secret.

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

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Upper bounds of the histogram buckets, in seconds: a page takes milliseconds, a password hash tens of milliseconds,
/// waiting in the queue seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Labels of a route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    method: &'static str,
    route: String,
}

impl Route {
    /// Creates the labels of a request. `path` is the route template. A method other than those of RFC 9110 and PATCH
    /// becomes `other`, because callers can send any text.
    pub fn new(method: &Method, path: &str) -> Self {
        const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];
        let method = KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
        Self { method, route: path.to_owned() }
    }
}

/// Labels of an answered request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: &'static str,
}

/// The metrics.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
}

impl Metrics {
    /// Creates the metrics, with all counters at zero.
    pub fn of(ctx: Ctx) -> Self {
        let requests = Family::default();
        let durations: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let mut registry = Registry::with_prefix("latchkey");
        registry.register("build", "Version of Latchkey", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("http_requests", "Answered requests", requests.clone());
        registry.register("http_request_duration_seconds", "Time until the response began", durations.clone());
        registry.register_collector(Box::new(ServiceCollector(ctx)));
        Self { registry, requests, durations }
    }

    /// Counts a request.
    pub fn count(&self, route: Route, status: StatusCode, time: Duration) {
        self.durations.get_or_create(&route).observe(time.as_secs_f64());
        let Route { method, route } = route;
        self.requests.get_or_create(&RequestLabels { method, route, status: status_class(status) }).inc();
    }

    /// All metrics in the text exposition format, version 0.0.4.
    ///
    /// # Errors
    /// None in practice: writing to a string does not fail.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

const fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// The statistics of `service`, read when the metrics are requested.
#[derive(Debug)]
struct ServiceCollector(Ctx);

impl Collector for ServiceCollector {
    fn encode(&self, mut to: DescriptorEncoder) -> fmt::Result {
        let stats = service::stats::read(&self.0);
        let completed = ConstCounter::new(stats.sign_ups_completed);
        completed.encode(to.encode_descriptor(
            "sign_ups_completed",
            "Sign-ups that created an account.",
            None,
            completed.metric_type(),
        )?)?;
        let refused = stats.sign_ups_refused.iter().map(|(code, count)| (*code, ConstCounter::new(*count)));
        family(&mut to, "sign_ups_refused", "Refused sign-ups, by error code.", "code", refused)?;

        let lanes = stats.hashing;
        let gauge = |number: usize| ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX));
        let hashed = lanes.iter().map(|lane| (lane.lane, ConstCounter::new(lane.done)));
        family(&mut to, "password_hashes", "Hashed passwords.", "lane", hashed)?;
        let spent = lanes.iter().map(|lane| (lane.lane, ConstCounter::new(lane.spent.as_secs_f64())));
        family(
            &mut to,
            "password_hashing_seconds",
            "Time spent on hashing passwords, without waiting.",
            "lane",
            spent,
        )?;
        let permits = lanes.iter().map(|lane| (lane.lane, gauge(lane.permits)));
        family(&mut to, "password_permits", "Passwords that can be hashed at the same time.", "lane", permits)?;
        let in_use = lanes.iter().map(|lane| (lane.lane, gauge(lane.in_use)));
        family(&mut to, "password_permits_in_use", "Passwords being hashed.", "lane", in_use)?;
        let waiting = lanes.iter().map(|lane| (lane.lane, gauge(lane.waiting)));
        family(&mut to, "password_waiting", "Requests that wait for a hashing permit.", "lane", waiting)?;

        let pools = stats.pools;
        let max = pools.iter().map(|pool| (pool.name, ConstGauge::new(i64::from(pool.max))));
        family(&mut to, "database_connections_max", "Maximum number of database connections.", "pool", max)?;
        let open = pools.iter().map(|pool| (pool.name, ConstGauge::new(i64::from(pool.open))));
        family(&mut to, "database_connections", "Open database connections.", "pool", open)?;
        let idle = pools.iter().map(|pool| (pool.name, gauge(pool.idle)));
        family(&mut to, "database_connections_idle", "Idle database connections.", "pool", idle)
    }
}

/// Encodes one metric with a sample for each `(label, value)`.
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
