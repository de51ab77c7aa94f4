//! Client assertions: tokens by which an application proves that it has the private key of one of its public keys
//! (`private_key_jwt`: OpenID Connect Core 1.0, section 9; RFC 7523, section 3).

use std::time::Duration;

use domain::Timestamp;
use domain::ids::ApplicationId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Map, Value};

use super::assertions::{Column, Entity, Model};
use super::claims::seconds;
use super::client::Client;
use super::jose::Unverified;
use crate::platform::keyring::token_hash;
use crate::platform::tx;
use crate::{Ctx, Error};

/// The value of `client_assertion_type` (RFC 7523, section 2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest time from now at which an assertion expires. Its id is kept for as long.
const LIFETIME: Duration = Duration::from_mins(10);
/// How much the clock of an application may be ahead or behind.
const SKEW: Duration = Duration::from_mins(1);
/// The longest id of an assertion, in bytes.
const MAX_ID: usize = 255;
/// The longest assertion, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// The client that an assertion names, before anything of it is checked.
pub(super) fn named(assertion: &str) -> Option<String> {
    if assertion.len() > MAX_BYTES {
        return None;
    }
    Unverified::parse(assertion)?.claim("sub").map(str::to_owned)
}

/// Whether an assertion proves that the client sent it to this site, now, and for the first time. `endpoints` are the paths that it
/// may be made for, beside this site.
pub(super) async fn proves(ctx: &Ctx, client: &Client, assertion: &str, endpoints: &[&str]) -> Result<bool, Error> {
    let now = ctx.now();
    let Some(claims) = signed_by(client, assertion) else { return Ok(false) };
    let Some((id, expires_at)) = checked(ctx, client, &claims, endpoints, now) else { return Ok(false) };
    claim(ctx, client.id(), &id, expires_at).await
}

/// The claims, if one of the client's keys signed them. The algorithm is that of the key: an assertion can choose neither none nor
/// a secret one.
fn signed_by(client: &Client, assertion: &str) -> Option<Map<String, Value>> {
    client.terms.jwks.iter().find_map(|key| {
        let token = Unverified::parse(assertion)?;
        let is_named = match (&token.kid, key.kid()) {
            (Some(named), Some(kid)) => named == kid,
            (None, _) | (_, None) => true,
        };
        if !is_named {
            return None;
        }
        token.verify(key.algorithm(), &serde_json::to_value(key).ok()?)
    })
}

/// The id of an assertion, and when it expires, if it says what it has to (RFC 7523, section 3).
fn checked(
    ctx: &Ctx,
    client: &Client,
    claims: &Map<String, Value>,
    endpoints: &[&str],
    now: Timestamp,
) -> Option<(String, Timestamp)> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let instant = |name: &str| claims.get(name).map(|at| at.as_f64().filter(|at| at.is_finite()));
    let own = client.id().to_string();
    let is_own = text("iss") == Some(&own) && text("sub") == Some(&own);
    // One audience alone: what is made for others as well could be theirs to use.
    let audience = match claims.get("aud")? {
        Value::String(one) => one.as_str(),
        Value::Array(all) => match all.as_slice() {
            [Value::String(one)] => one.as_str(),
            _ => return None,
        },
        _ => return None,
    };
    let is_ours = audience == ctx.public_url()
        || endpoints.iter().any(|path| audience.strip_prefix(ctx.public_url()) == Some(path));
    let (earliest, latest) = (seconds(now), seconds(now.plus(LIFETIME).plus(SKEW)));
    let expires_at = instant("exp")??;
    let lasts = expires_at > as_float(earliest) && expires_at <= as_float(latest);
    let begins_by = as_float(seconds(now.plus(SKEW)));
    let has_begun = ["nbf", "iat"].into_iter().all(|name| match instant(name) {
        None => true,
        Some(at) => at.is_some_and(|at| at <= begins_by),
    });
    let id = text("jti").filter(|id| !id.is_empty() && id.len() <= MAX_ID)?;
    (is_own && is_ours && lasts && has_begun).then(|| (id.to_owned(), now.plus(LIFETIME).plus(SKEW)))
}

/// Seconds since 1970, which a float has exactly for far longer than any token lasts.
#[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
fn as_float(seconds: i64) -> f64 {
    seconds as f64
}

/// Uses an assertion up: the one statement that decides who does.
async fn claim(ctx: &Ctx, client: ApplicationId, id: &str, expires_at: Timestamp) -> Result<bool, Error> {
    let row = Model {
        // The id of an application has one length, so that no two pairs read alike.
        assertion_hash: token_hash(&format!("{client} {id}")),
        expires_at: expires_at.plus(Duration::from_secs(1)).as_micros(),
    };
    let known = OnConflict::column(Column::AssertionHash).do_nothing().to_owned();
    let tx = tx::begin(ctx).await?;
    let insert = Entity::insert(row.into_active_model()).on_conflict(known);
    let is_first = insert.exec_without_returning(&tx).await? == 1;
    tx.commit().await?;
    Ok(is_first)
}

/// Deletes what can't come again.
pub(super) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    Entity::delete_many().filter(Column::ExpiresAt.lte(ctx.now().as_micros())).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
