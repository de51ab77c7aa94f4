//! Rotation of the data key: everything encrypted or hashed with the old key is encrypted and hashed again with a new
//! key, in one transaction.
//!
//! The rotation can be interrupted at any time: the new key is written to the disk before the commit and renamed after
//! it. Before the commit the old key is the registered one, afterwards the new one, and [`Keyring::find`] reads both
//! files. See docs/adr/0008 for the reasons.

use std::path::PathBuf;

use domain::Timestamp;
use domain::events::Event;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Originator};
use crate::invites::entity as invites;
use crate::invites::store;
use crate::mail::entity as mail_settings;
use crate::mailings::store as mailings;
use crate::notices::connection as scim_connections;
use crate::oidc::signing_keys;
use crate::platform::keyring::retired_keys;
use crate::platform::keyring::{self, Keyring, file};
use crate::platform::{db, tx};
use crate::reset_links::entity as reset_links;
use crate::signup::attempts::entity as attempts;
use crate::webhooks::secret as webhook_secrets;
use crate::{Clock, Error, OpenError, Options, Randomness};

/// The number of rows read at a time.
const BATCH: u64 = 500;

/// The result of a rotation.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// The number of invite codes encrypted and hashed again.
    pub codes: u64,
    /// The file of the old key.
    pub old_key_file: PathBuf,
}

/// Replaces the data key of the database of `options`. No server may use the database meanwhile.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub async fn rotate(options: &Options) -> Result<Rotated, OpenError> {
    if db::sqlite_file(&options.database_url).is_some_and(|file| !file.exists()) {
        return Err(no_key());
    }
    let randomness = Randomness::from_system()
        .map_err(|error| OpenError::new(format!("The operating system provides no randomness: {error}")))?;
    let db = db::connect_exclusive(&options.database_url).await?.ok_or_else(|| {
        OpenError::new(
            "Another Latchkey process uses this database. Stop every server of this database on every machine, and make \
             sure that none is restarted automatically. Then rotate the key.",
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
    let row = keyring::registered(db).await?.ok_or_else(no_key)?;
    let old = Keyring::find(&options.key_file, &row)?;
    let key = randomness.bytes();
    let new = Keyring::new(&key);
    file::write_next(&options.key_file, &key)?;

    let failed = |what: &str, error: &dyn std::fmt::Display| {
        file::remove_next(&options.key_file);
        OpenError::new(format!("The key was not rotated, and nothing was changed: {what}{error}"))
    };
    let tx = tx::begin_on(db).await.map_err(|error| failed("", &error))?;
    let codes = reencrypt(&tx, &old, &new, randomness, now).await.map_err(|error| failed("", &error))?;
    tx.commit().await.map_err(|error| {
        // Both key files are kept, because it is not known which key is registered. The next start finds out.
        OpenError::new(format!(
            "It is not known whether the key was rotated, because the database did not confirm it: {error}. Leave {} \
             and {} where they are: `latchkey doctor` says which one is right, and the next start uses it.",
            options.key_file.display(),
            file::next_path(&options.key_file).display()
        ))
    })?;
    let old_key_file = file::install_next(&options.key_file, old.id())?;
    Ok(Rotated { codes, old_key_file })
}

fn no_key() -> OpenError {
    OpenError::new("There is no data key to rotate yet: the first start creates it.")
}

/// Encrypts and hashes again everything that depends on the data key, and registers the new key. Returns the number of
/// invite codes.
async fn reencrypt(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
    now: Timestamp,
) -> Result<u64, Error> {
    let codes = reencrypt_codes(tx, old, new, randomness).await?;
    reencrypt_signing_keys(tx, old, new, randomness).await?;
    reencrypt_webhook_secrets(tx, old, new, randomness).await?;
    reencrypt_scim_tokens(tx, old, new, randomness).await?;
    reencrypt_smtp_password(tx, old, new, randomness).await?;
    keep_lookup_keys(tx, old, new, randomness, now).await?;
    // These hashes can't be computed again, because their input is not stored. Both expire: attempts within a day,
    // limits within minutes.
    attempts::Entity::delete_many().exec(tx).await?;
    tx.execute_unprepared("DELETE FROM rate_limits").await?;
    // The links of mails that were sent follow from the old key. What still waits is sent with new ones.
    reset_links::Entity::delete_many().exec(tx).await?;
    new.row(now).update(tx).await?;
    let event = Event::DataKeyRotated { codes };
    audit::record_as(tx, randomness.uuid(now), now, Originator::Operator, &event).await?;
    Ok(codes)
}

/// Encrypts and hashes the codes of all invites that are not deleted. Returns their number.
async fn reencrypt_codes(
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
            let code = code.map_err(|error| Error::internal(format!("invite {}: {error}", row.id)))?;
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

/// Encrypts the private keys of the OpenID Connect provider. There are a few.
async fn reencrypt_signing_keys(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
) -> Result<(), Error> {
    for row in signing_keys::Entity::find().all(tx).await? {
        let key = old.open_signing_key(row.id, &row.private_sealed)?;
        let sealed = new.seal_signing_key(row.id, &key, randomness.bytes())?;
        let change = signing_keys::ActiveModel { id: Set(row.id), private_sealed: Set(sealed), ..Default::default() };
        signing_keys::Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// Encrypts the signing secrets of webhooks, of which there are at most a few hundred.
async fn reencrypt_webhook_secrets(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
) -> Result<(), Error> {
    use webhook_secrets::{ActiveModel, Entity};
    for row in Entity::find().all(tx).await? {
        let secret = old.open_webhook_secret(row.id, &row.secret_sealed)?;
        let sealed = new.seal_webhook_secret(row.id, &secret, randomness.bytes())?;
        let change = ActiveModel { id: Set(row.id), secret_sealed: Set(sealed), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// Encrypts the tokens that applications accept, one for each that is connected by SCIM.
async fn reencrypt_scim_tokens(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
) -> Result<(), Error> {
    use scim_connections::{ActiveModel, Entity};
    for row in Entity::find().all(tx).await? {
        let id = row.application_id;
        let token = old.open_scim_token(id, &row.token_sealed)?;
        let sealed = new.seal_scim_token(id, &token, randomness.bytes())?;
        let change = ActiveModel { application_id: Set(id), token_sealed: Set(sealed), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// Encrypts the password of the mail server, if there is one. The links of mails that wait are those of the new key when
/// they are sent.
async fn reencrypt_smtp_password(
    tx: &impl ConnectionTrait,
    old: &Keyring,
    new: &Keyring,
    randomness: &Randomness,
) -> Result<(), Error> {
    use mail_settings::{ActiveModel, Entity};
    for row in Entity::find().all(tx).await? {
        let (Some(username), Some(sealed)) = (&row.username, &row.password_sealed) else { continue };
        let login = (row.host.as_str(), username.as_str());
        let password = old.open_smtp_password(login, sealed)?;
        let sealed = new.seal_smtp_password(login, &password, randomness.bytes())?;
        let change = ActiveModel { slot: Set(row.slot), password_sealed: Set(Some(sealed)), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// Keeps the lookup key of the old data key and of earlier ones, encrypted with the new key. They are needed to
/// recognise the codes of deleted invites, of which only the hash is stored.
async fn keep_lookup_keys(
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
    // The links in mails by which people stop invitations never expire.
    if deleted.is_some() || mailings::any(tx).await? {
        let row = retired_keys::ActiveModel {
            key_id: Set(old.id().to_vec()),
            lookup_sealed: Set(old.seal_for(new, randomness.bytes())?),
            retired_at: Set(now.as_micros()),
        };
        retired_keys::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}
