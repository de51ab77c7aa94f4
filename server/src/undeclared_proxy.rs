//! Detects a reverse proxy that is not among the trusted proxies (`--trusted-proxies`).
//!
//! Its forwarding headers are ignored, so all of its visitors share one IP address and its rate limits. The proxy is
//! reported once in the log, by `latchkey doctor`, and on the settings page.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use domain::Timestamp;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Headers in which proxies state the client.
pub(crate) const HEADERS: [&str; 2] = ["x-forwarded-for", "forwarded"];

/// Precision of the last time it was seen.
const STEP: Duration = Duration::from_hours(1);
/// How long it is reported after it was last seen.
const SAID_FOR: Duration = Duration::from_hours(24);

/// The file for other processes and the next start.
pub(crate) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("undeclared-proxy.json")
}

/// A peer that sent a forwarding header, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    pub(crate) address: IpAddr,
    pub(crate) seen_at: Timestamp,
}

impl Sighting {
    /// Reads `file`; `None` if its content is old or the address is among `trusted`.
    pub(crate) fn read(file: &Path, trusted: &[IpNet], now: Timestamp) -> Option<Self> {
        let sighting: Self = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        sighting.holds(trusted, now).then_some(sighting)
    }

    fn holds(self, trusted: &[IpNet], now: Timestamp) -> bool {
        now < self.seen_at.plus(SAID_FOR) && !trusted.iter().any(|net| net.contains(&self.address))
    }

    /// Whether the address is on a local network, where such a header is likely to come from a proxy. On the internet, anyone
    /// can send it.
    fn is_near(self) -> bool {
        match self.address {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        }
    }
}

/// The undeclared proxy that this process has seen.
#[derive(Debug)]
pub(crate) struct UndeclaredProxy {
    file: Option<PathBuf>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    last: Option<Sighting>,
    was_logged: bool,
}

impl UndeclaredProxy {
    /// Starts with what an earlier process has recorded.
    pub(crate) fn new(file: Option<PathBuf>, trusted: &[IpNet], now: Timestamp) -> Self {
        let last = file.as_deref().and_then(|file| Sighting::read(file, trusted, now));
        Self { file, seen: Mutex::new(Seen { last, was_logged: false }) }
    }

    /// Examines a request whose peer is not a trusted proxy.
    pub(crate) fn look(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) {
        if HEADERS.iter().any(|name| headers.contains_key(*name)) {
            self.note(Sighting { address: peer.to_canonical(), seen_at: now });
        }
    }

    /// Its address, if it was seen within a day.
    pub(crate) fn current(&self, now: Timestamp) -> Option<IpAddr> {
        let last = self.seen.lock().unwrap_or_else(PoisonError::into_inner).last?;
        last.holds(&[], now).then_some(last.address)
    }

    fn note(&self, sighting: Sighting) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.was_logged {
            seen.was_logged = true;
            tracing::warn!(
                address = %sighting.address,
                "requests from this address have forwarding headers, but it is not a trusted proxy: all visitors behind it \
                 share one limit on failed attempts; if it is your reverse proxy, add it to --trusted-proxies \
                 (LATCHKEY_TRUSTED_PROXIES)"
            );
        }
        let is_news = seen.last.is_none_or(|last| {
            let is_old = last.seen_at.plus(STEP) <= sighting.seen_at;
            is_old || (sighting.is_near() && !last.is_near())
        });
        if !is_news {
            return;
        }
        seen.last = Some(sighting);
        drop(seen);
        if let Some(file) = &self.file
            && let Err(error) = write(file, sighting)
        {
            tracing::debug!(%error, "cannot write {}", file.display());
        }
    }
}

fn write(file: &Path, sighting: Sighting) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    serde_json::to_writer(&mut file, &sighting)?;
    file.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_micros(1_800_000_000_000_000 + hour * 3_600_000_000)
    }

    fn forwarding() -> HeaderMap {
        HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "198.51.100.1".parse().unwrap())])
    }

    #[test]
    fn it_is_reported_for_a_day_also_after_a_restart_until_it_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        let seen = UndeclaredProxy::new(Some(path.clone()), &[], at(0));
        let peer: IpAddr = "::ffff:172.17.0.1".parse().unwrap();
        seen.look(peer, &HeaderMap::new(), at(0));
        assert_eq!((seen.current(at(0)), path.exists()), (None, false));
        seen.look(peer, &forwarding(), at(0));
        let address: IpAddr = "172.17.0.1".parse().unwrap();
        assert_eq!(seen.current(at(23)), Some(address));
        assert_eq!(seen.current(at(25)), None);
        assert_eq!(Sighting::read(&path, &[], at(1)), Some(Sighting { address, seen_at: at(0) }));
        assert_eq!(UndeclaredProxy::new(Some(path.clone()), &[], at(1)).current(at(1)), Some(address));
        assert_eq!(Sighting::read(&path, &["172.16.0.0/12".parse().unwrap()], at(1)), None);
    }

    #[test]
    fn a_local_proxy_takes_precedence() {
        let seen = UndeclaredProxy::new(None, &[], at(0));
        seen.look("203.0.113.9".parse().unwrap(), &forwarding(), at(0));
        seen.look("127.0.0.1".parse().unwrap(), &forwarding(), at(0));
        seen.look("203.0.113.9".parse().unwrap(), &forwarding(), at(0));
        assert_eq!(seen.current(at(0)), Some("127.0.0.1".parse().unwrap()));
    }
}
