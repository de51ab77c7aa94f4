//! Answers of the last moment: a page has many pictures, and its proxy asks for each.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::applications::IdentityHeader;
use quick_cache::sync::Cache;

use super::identity::{self, Identity};
use super::site::Kept;
use crate::platform::keyring::token_hash;
use crate::{Ctx, Error};

/// How long an answer is given again without a look at the database: what ends a session is noticed at the latest then.
pub(super) const KEPT: Duration = Duration::from_secs(2);
/// The number of answers that are kept, each some hundred bytes.
const MOST: usize = 10_000;

/// Who had a token, when that was last read. Only what lets somebody enter is kept.
#[derive(Clone)]
struct Recent {
    authority: Arc<str>,
    headers: Arc<[(IdentityHeader, String)]>,
    /// Whether the cookie had a name that binds it.
    is_bound: bool,
    read_at: Timestamp,
}

/// The answers that this process keeps, by the hash of the token.
pub(crate) struct Answers(Cache<Vec<u8>, Recent>);

impl Default for Answers {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

/// Who has a token on a site.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Member(Arc<[(IdentityHeader, String)]>),
    NotAdmitted,
    Nobody,
}

/// Who has this token on this site, as it was at most [`KEPT`] ago.
pub(super) async fn of(ctx: &Ctx, authority: &str, token: Kept<'_>) -> Result<Found, Error> {
    let Answers(cache) = ctx.state();
    let hash = token_hash(token.value);
    // Before the look at the database, so that an answer is never kept for longer.
    let now = ctx.now();
    if let Some(recent) = cache.get(&hash)
        && *recent.authority == *authority
        && recent.is_bound == token.is_bound
        && recent.read_at <= now
        && now < recent.read_at.plus(KEPT)
    {
        return Ok(Found::Member(recent.headers));
    }
    match identity::find(ctx, authority, token).await? {
        Some(Identity::Member(headers)) => {
            let headers: Arc<[_]> = headers.into();
            let recent = Recent {
                authority: authority.into(),
                headers: Arc::clone(&headers),
                is_bound: token.is_bound,
                read_at: now,
            };
            cache.insert(hash, recent);
            Ok(Found::Member(headers))
        }
        other => {
            cache.remove(&hash);
            Ok(if other.is_some() { Found::NotAdmitted } else { Found::Nobody })
        }
    }
}
