//! A peer that passes requests on and was not declared (`--trusted-proxies`).
//!
//! What it writes about its visitors is not believed, so that to us they all have one address and share its limits: the
//! wrong codes of one are a 429 for all. It is said once in the log, by `latchkey doctor`, and on the settings page.

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

/// What proxies write about whom they pass on.
pub(crate) const HEADERS: [&str; 2] = ["x-forwarded-for", "forwarded"];

/// How exactly the last time is known.
const STEP: Duration = Duration::from_hours(1);
/// For how long it is said: who has mended it need not do anything else.
const SAID_FOR: Duration = Duration::from_hours(24);

/// The file in the data folder by which other processes, and the next start, know.
pub(crate) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("undeclared-proxy.json")
}

/// Who passed a request on, and when it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    pub(crate) address: IpAddr,
    pub(crate) seen_at: Timestamp,
}

impl Sighting {
    /// What `file` holds, if it is recent and `trusted` does not cover it by now.
    pub(crate) fn read(file: &Path, trusted: &[IpNet], now: Timestamp) -> Option<Self> {
        let sighting: Self = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        sighting.holds(trusted, now).then_some(sighting)
    }

    fn holds(self, trusted: &[IpNet], now: Timestamp) -> bool {
        now < self.seen_at.plus(SAID_FOR) && !trusted.iter().any(|net| net.contains(&self.address))
    }

    /// On the internet anyone may write such a header, proxy or not; on the own network it hardly is a joke.
    fn is_near(self) -> bool {
        match self.address {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        }
    }
}

/// What this process has seen.
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
    /// Goes on from what the process before has seen.
    pub(crate) fn new(file: Option<PathBuf>, trusted: &[IpNet], now: Timestamp) -> Self {
        let last = file.as_deref().and_then(|file| Sighting::read(file, trusted, now));
        Self { file, seen: Mutex::new(Seen { last, was_logged: false }) }
    }

    /// Looks at a request whose peer is not a trusted proxy.
    pub(crate) fn look(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) {
        if HEADERS.iter().any(|name| headers.contains_key(*name)) {
            self.note(Sighting { address: peer.to_canonical(), seen_at: now });
        }
    }

    /// Who it is, if one was seen within a day.
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
                "requests from this address carry X-Forwarded-For or Forwarded, and it is not a trusted proxy: if it is \
                 yours, declare it with --trusted-proxies (LATCHKEY_TRUSTED_PROXIES); until then all of its visitors \
                 share one limit on failed tries"
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
            tracing::debug!(%error, "{} can't be written", file.display());
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
    fn it_is_remembered_for_a_day_also_by_the_next_process_until_it_is_declared() {
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
    fn a_neighbour_is_not_hidden_by_a_stranger() {
        let seen = UndeclaredProxy::new(None, &[], at(0));
        seen.look("203.0.113.9".parse().unwrap(), &forwarding(), at(0));
        seen.look("127.0.0.1".parse().unwrap(), &forwarding(), at(0));
        seen.look("203.0.113.9".parse().unwrap(), &forwarding(), at(0));
        assert_eq!(seen.current(at(0)), Some("127.0.0.1".parse().unwrap()));
    }
}
