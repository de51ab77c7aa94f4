//! A new data key: everything that was sealed or hashed with the one before is made anew with it, in one transaction.
//!
//! The order makes it safe to be stopped anywhere: the new key is on the disk before the commit and gets its name after
//! it. Before the commit the old key is the database's, after it the new one, and [`Keyring::find`] looks at both files.
//! docs/adr/0008 has the reasons.

use std::path::PathBuf;

use domain::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Event, Who};
use crate::invites::entity as invites;
use crate::invites::store;
use crate::platform::keyring::retired_keys;
use crate::platform::keyring::{self, Keyring, file};
use crate::platform::{db, tx};
use crate::signup::attempts::entity as attempts;
use crate::{Clock, Error, OpenError, Options, Randomness};

/// How many rows are read at a time.
const BATCH: u64 = 500;

/// What was done.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// How many codes were sealed and hashed anew.
    pub codes: u64,
    /// Where the key before is kept.
    pub kept: PathBuf,
}

/// Makes a new data key for the database that `options` name. No server may run on it.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub async fn rotate(options: &Options) -> Result<Rotated, OpenError> {
    if db::sqlite_file(&options.database_url).is_some_and(|file| !file.exists()) {
        return Err(nothing_there());
    }
    let randomness = Randomness::from_system()
        .map_err(|error| OpenError::new(format!("The operating system gives no randomness: {error}")))?;
    let db = db::alone(&options.database_url).await?.ok_or_else(|| {
        OpenError::new(
            "Another Latchkey has this database open. Stop every server on it, on this machine and on others, and \
             what starts them again; then rotate the key.",
        )
    })?;
    let rotated = rotate_on(&db, options, &randomness, Clock::System.now()).await;
    let closed = db.close().await;
    if let (Ok(_), Err(error)) = (&rotated, closed) {
        tracing::warn!(%error, "the database did not close cleanly");
    }
    rotated
}

async fn rotate_on(
    db: &DatabaseConnection,
    options: &Options,
    randomness: &Randomness,
    now: Timestamp,
) -> Result<Rotated, OpenError> {
    let row = keyring::registered(db).await?.ok_or_else(nothing_there)?;
    let old = Keyring::find(&options.key_file, &row)?;
    let key = randomness.bytes();
    let new = Keyring::new(&key);
    file::prepare(&options.key_file, &key)?;

    let failed = |what: &str, error: &dyn std::fmt::Display| {
        file::discard(&options.key_file);
        OpenError::new(format!("The key was not rotated, and nothing was changed: {what}{error}"))
    };
    let tx = tx::begin_on(db).await.map_err(|error| failed("", &error))?;
    let codes = renew(&tx, &old, &new, randomness, now).await.map_err(|error| failed("", &error))?;
    tx.commit().await.map_err(|error| {
        // Both keys stay: it is not known which one is the database's. The next start looks.
        OpenError::new(format!(
            "It is not known whether the key was rotated, because the database did not confirm it: {error}. Leave {} \
             and {} where they are: `latchkey doctor` says which one is right, and the next start uses it.",
            options.key_file.display(),
            file::next(&options.key_file).display()
        ))
    })?;
    let kept = file::install(&options.key_file, old.id())?;
    Ok(Rotated { codes, kept })
}

fn nothing_there() -> OpenError {
    OpenError::new("There is no data key to rotate yet: the first start makes one.")
}

/// Makes everything anew that hangs on the data key, and registers the new one.
async fn renew(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
    now: Timestamp,
) -> Result<u64, Error> {
    let codes = renew_codes(tx, old, new, randomness).await?;
    retire(tx, old, new, randomness, now).await?;
    // What these were made from is not stored. Both run out by themselves, within a day and within minutes.
    attempts::Entity::delete_many().exec(tx).await?;
    tx.execute_unprepared("DELETE FROM rate_limits").await?;
    new.row(now).update(tx).await?;
    let event = Event {
        who: Who::Operator,
        action: "data_key.rotate",
        subject: ("data_key", None),
        detail: json!({ "codes": codes }),
    };
    audit::record_as(tx, randomness.uuid(now), now, event).await?;
    Ok(codes)
}

/// Seals and hashes every code that is still there.
async fn renew_codes(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
) -> Result<u64, Error> {
    let (mut last, mut codes) = (Uuid::nil(), 0);
    loop {
        let batch = invites::Entity::find()
            .filter(invites::Column::CodeSealed.is_not_null())
            .filter(invites::Column::Id.gt(last))
            .order_by_asc(invites::Column::Id)
            .limit(BATCH)
            .all(tx)
            .await?;
        let Some(end) = batch.last() else { return Ok(codes) };
        last = end.id;
        for row in batch {
            let kind = store::code_kind(&row);
            let code = old.open_code(row.id, row.code_sealed.as_deref().unwrap_or_default());
            let code = code.map_err(|error| Error::internal(format!("of the invite {}, {error}", row.id)))?;
            let change = invites::ActiveModel {
                id: Set(row.id),
                code_hash: Set(new.code_hash(kind, &code)),
                code_sealed: Set(Some(new.seal_code(row.id, &code, randomness.bytes())?)),
                ..Default::default()
            };
            invites::Entity::update(change).exec(tx).await?;
            codes += 1;
        }
    }
}

/// Of deleted codes there is only the hash: what recognises them is kept, sealed under the new key. So is what recognises
/// those that were deleted before earlier rotations.
async fn retire(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
    now: Timestamp,
) -> Result<(), Error> {
    let earlier = old.read_retired(tx).await.map_err(|error| Error::internal(error.to_string()))?;
    for (row, lookup) in earlier {
        let sealed = new.seal_retired(&row.key_id, &lookup, randomness.bytes())?;
        let change =
            retired_keys::ActiveModel { key_id: Set(row.key_id), lookup_sealed: Set(sealed), ..Default::default() };
        retired_keys::Entity::update(change).exec(tx).await?;
    }
    let deleted = invites::Entity::find().select_only().column(invites::Column::Id);
    let deleted = deleted.filter(Expr::cust("deleted_at IS NOT NULL")).into_tuple::<Uuid>().one(tx).await?;
    if deleted.is_some() {
        let row = retired_keys::ActiveModel {
            key_id: Set(old.id().to_vec()),
            lookup_sealed: Set(old.retire_to(new, randomness.bytes())?),
            retired_at: Set(now.as_micros()),
        };
        retired_keys::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}
