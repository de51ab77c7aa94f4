//! The keys that sign ID tokens: created at first use, published before they sign, and kept until what they signed has expired.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::applications::SigningAlgorithm;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::jose::{self, PrivateKey, Unverified};
use super::signing_keys::{ActiveModel, Column, Entity, Model};
use crate::platform::tx;
use crate::{Ctx, Error, sessions};

/// The age at which a key is replaced.
const LIFETIME: Duration = Duration::from_hours(90 * 24);
/// How long a key is published before it signs, so that clients that keep the list for a while know it by then; and how long
/// it is published after the next one signs, so that what it signed can be verified until it expires.
const OVERLAP: Duration = Duration::from_hours(24);
/// How long a key is kept after the next one signs: ID tokens come back as hints for as long as a session lasts.
const KEPT: Duration = sessions::ABSOLUTE_LIFETIME;

/// The private keys that this process has decrypted, and who creates some.
#[derive(Default)]
pub(crate) struct OpenKeys {
    opened: Mutex<HashMap<Uuid, Arc<PrivateKey>>>,
    creating: tokio::sync::Mutex<()>,
}

/// The type of an ID token.
pub(super) const ID_TOKEN: &str = "JWT";

/// Signs claims with the current key of an algorithm, as a token of a type. Tokens of one type are never taken for those of
/// another (RFC 8725, section 3.11).
pub(super) async fn sign(
    ctx: &Ctx,
    algorithm: SigningAlgorithm,
    typ: &str,
    claims: &Map<String, Value>,
) -> Result<String, Error> {
    let rows = of_algorithm(&published(ctx).await?, algorithm);
    let row = current(&rows, ctx.now()).ok_or_else(|| Error::internal("there is no signing key"))?;
    open(ctx, row, algorithm)?.sign(algorithm, &row.id.to_string(), typ, claims)
}

/// The claims of an ID token that one of the keys signed, whether they have expired or not.
pub(super) async fn verify(ctx: &Ctx, token: &str) -> Result<Option<Map<String, Value>>, Error> {
    verify_type(ctx, ID_TOKEN, token).await
}

/// The claims of a token of a type that one of the keys signed.
pub(super) async fn verify_type(ctx: &Ctx, typ: &str, token: &str) -> Result<Option<Map<String, Value>>, Error> {
    let token = Unverified::parse(token).filter(|token| token.typ.as_deref() == Some(typ));
    let Some(token) = token else { return Ok(None) };
    let Some(id) = token.kid.as_deref().and_then(|kid| kid.parse::<Uuid>().ok()) else { return Ok(None) };
    let Some(row) = Entity::find_by_id(id).one(&ctx.db().read).await? else { return Ok(None) };
    Ok(token.verify(algorithm(&row)?, &public_jwk(&row)?))
}

/// The published keys as a JWK Set (RFC 7517, section 5).
pub async fn key_set(ctx: &Ctx) -> Result<Value, Error> {
    let rows = published(ctx).await?;
    let keys = rows.iter().map(|row| {
        let mut jwk = public_jwk(row)?;
        jwk["kid"] = row.id.to_string().into();
        jwk["alg"] = row.algorithm.as_str().into();
        jwk["use"] = "sig".into();
        Ok(jwk)
    });
    Ok(serde_json::json!({ "keys": keys.collect::<Result<Vec<_>, Error>>()? }))
}

/// The published keys. Creates those that there are none of.
async fn published(ctx: &Ctx) -> Result<Vec<Model>, Error> {
    let rows = all(&ctx.db().read).await?;
    if lacking(&rows).next().is_none() {
        return Ok(until_replaced(rows, OVERLAP, ctx.now()).0);
    }
    let _creating = ctx.state::<OpenKeys>().creating.lock().await;
    // Again: another request may have created them meanwhile.
    for algorithm in lacking(&all(&ctx.db().write).await?) {
        create(ctx, algorithm, ctx.now()).await?;
    }
    Ok(all(&ctx.db().write).await?)
}

/// The algorithms without a key.
fn lacking(rows: &[Model]) -> impl Iterator<Item = SigningAlgorithm> {
    let algorithms = SigningAlgorithm::ALL.into_iter();
    algorithms.filter(|algorithm| of_algorithm(rows, *algorithm).is_empty()).collect::<Vec<_>>().into_iter()
}

/// The keys that are kept for `kept` after the next one of their algorithm signs, and the others.
fn until_replaced(rows: Vec<Model>, kept: Duration, now: Timestamp) -> (Vec<Model>, Vec<Model>) {
    let replaced = |row: &Model| {
        let next = rows.iter().filter(|next| next.algorithm == row.algorithm && next.active_at > row.active_at);
        next.map(|next| next.active_at).min().is_some_and(|at| Timestamp::from_micros(at).plus(kept) <= now)
    };
    let replaced: Vec<Uuid> = rows.iter().filter(|row| replaced(row)).map(|row| row.id).collect();
    rows.into_iter().partition(|row| !replaced.contains(&row.id))
}

/// Creates the next key of each algorithm whose newest is old, and deletes those that have been replaced long enough.
pub(super) async fn rotate(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let rows = all(&ctx.db().read).await?;
    for algorithm in SigningAlgorithm::ALL {
        let newest = of_algorithm(&rows, algorithm).pop();
        if newest.is_some_and(|newest| Timestamp::from_micros(newest.active_at).plus(LIFETIME) <= now) {
            create(ctx, algorithm, now.plus(OVERLAP)).await?;
        }
    }
    let replaced: Vec<Uuid> = until_replaced(rows, KEPT, now).1.iter().map(|row| row.id).collect();
    if !replaced.is_empty() {
        let tx = tx::begin(ctx).await?;
        Entity::delete_many().filter(Column::Id.is_in(replaced)).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Creates a key that signs from `active_at`. Two processes may both create one at first use: both are published.
async fn create(ctx: &Ctx, algorithm: SigningAlgorithm, active_at: Timestamp) -> Result<(), Error> {
    let randomness = ctx.randomness().clone();
    let der = tokio::task::spawn_blocking(move || jose::generate(algorithm, &randomness));
    let der = der.await.map_err(Error::internal)??;
    let public_jwk = PrivateKey::from_pkcs8(algorithm, &der)?.public_jwk();
    let now = ctx.now();
    let id = ctx.randomness().uuid(now);
    let row = ActiveModel {
        id: Set(id),
        algorithm: Set(algorithm.as_str().to_owned()),
        public_jwk: Set(public_jwk.to_string()),
        private_sealed: Set(ctx.keyring().seal_signing_key(id, &der, ctx.randomness().bytes())?),
        created_at: Set(now.as_micros()),
        active_at: Set(active_at.as_micros()),
    };
    let tx = tx::begin(ctx).await?;
    Entity::insert(row).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Every key, in the order in which they sign.
async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::ActiveAt).order_by_asc(Column::Id).all(db).await
}

fn of_algorithm(rows: &[Model], algorithm: SigningAlgorithm) -> Vec<Model> {
    rows.iter().filter(|row| row.algorithm == algorithm.as_str()).cloned().collect()
}

/// The key that signs at `now`.
fn current(rows: &[Model], now: Timestamp) -> Option<&Model> {
    rows.iter().rev().find(|row| row.active_at <= now.as_micros())
}

fn algorithm(row: &Model) -> Result<SigningAlgorithm, Error> {
    row.algorithm.parse().map_err(|_| Error::internal("a signing key has an unknown algorithm"))
}

fn public_jwk(row: &Model) -> Result<Value, Error> {
    serde_json::from_str(&row.public_jwk).map_err(Error::internal)
}

fn open(ctx: &Ctx, row: &Model, algorithm: SigningAlgorithm) -> Result<Arc<PrivateKey>, Error> {
    let mut opened = ctx.state::<OpenKeys>().opened.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = opened.get(&row.id) {
        return Ok(key.clone());
    }
    let der = ctx.keyring().open_signing_key(row.id, &row.private_sealed)?;
    let key = Arc::new(PrivateKey::from_pkcs8(algorithm, &der)?);
    opened.insert(row.id, key.clone());
    Ok(key)
}
