//! The data key, and the keys derived from it.
//!
//! The data key has 256 bits and is stored in a file beside the data. HKDF-SHA-256 (RFC 5869) derives one key per
//! purpose: to find an invite code by its hash, to encrypt the code so that staff can copy it again, to hash
//! idempotency keys and rate limits. The database stores the id and a check value of the data key, so that a missing or
//! wrong key stops the start and cannot corrupt data.

pub(crate) mod data_keys;
pub(crate) mod file;
pub(crate) mod retired_keys;

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::invites::{CodeKind, InviteCode};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::platform::db::Db;
use crate::{Clock, Error, OpenError, Randomness};

/// The first byte of a sealed value: the version of its format.
const SEAL_VERSION: u8 = 1;
const KEY_ID_LENGTH: usize = 8;
const NONCE_LENGTH: usize = 24;

/// The derived keys.
pub(crate) struct Keyring {
    id: [u8; KEY_ID_LENGTH],
    check: [u8; 32],
    lookup: [u8; 32],
    /// The lookup keys of earlier data keys, with which codes deleted before a rotation were hashed.
    retired: Vec<[u8; 32]>,
    attempts: [u8; 32],
    limits: [u8; 32],
    proofs: [u8; 32],
    seal: XChaCha20Poly1305,
    seal_retired: XChaCha20Poly1305,
    seal_signing: XChaCha20Poly1305,
    seal_webhook: XChaCha20Poly1305,
    seal_scim: XChaCha20Poly1305,
    seal_smtp: XChaCha20Poly1305,
    seal_sign_up: XChaCha20Poly1305,
}

impl Keyring {
    pub(crate) fn new(data_key: &[u8; 32]) -> Self {
        let derived = Hkdf::<Sha256>::new(None, data_key);
        let purpose = |purpose: &str| {
            let mut key = [0; 32];
            derived.expand(purpose.as_bytes(), &mut key).expect("HKDF-SHA-256 can derive 32 bytes");
            key
        };
        let mut id = [0; KEY_ID_LENGTH];
        id.copy_from_slice(&purpose("latchkey key id")[..KEY_ID_LENGTH]);
        Self {
            id,
            check: purpose("latchkey key check"),
            lookup: purpose("latchkey invite code lookup"),
            retired: Vec::new(),
            attempts: purpose("latchkey sign-up attempts"),
            limits: purpose("latchkey rate limits"),
            seal: XChaCha20Poly1305::new(&purpose("latchkey invite code seal").into()),
            seal_retired: XChaCha20Poly1305::new(&purpose("latchkey retired key seal").into()),
            seal_signing: XChaCha20Poly1305::new(&purpose("latchkey signing key seal").into()),
            seal_webhook: XChaCha20Poly1305::new(&purpose("latchkey webhook secret seal").into()),
            seal_scim: XChaCha20Poly1305::new(&purpose("latchkey scim token seal").into()),
            seal_smtp: XChaCha20Poly1305::new(&purpose("latchkey smtp password seal").into()),
            seal_sign_up: XChaCha20Poly1305::new(&purpose("latchkey sign-up state seal").into()),
            proofs: purpose("latchkey proofs"),
        }
    }

    /// Opens the data key of the database, or creates one if the database has none.
    pub(crate) async fn open(db: &Db, file: &Path, clock: &Clock, randomness: &Randomness) -> Result<Self, OpenError> {
        if registered(&db.write).await?.is_none() {
            let keyring = Self::new(&match file::read(file)? {
                Some(key) => key,
                None => file::create(file, &randomness.bytes())?,
            });
            data_keys::Entity::insert(keyring.row(clock.now()))
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(&db.write)
                .await
                .map_err(|error| OpenError::new(format!("The data key can't be registered: {error}")))?;
        }
        // Read again, because another process may have registered its key first.
        let row = registered(&db.write).await?;
        let row = row.ok_or_else(|| OpenError::new("The data key is no longer registered in the database."))?;
        let mut keyring = Self::find(file, &row)?;
        keyring.retired = keyring.read_retired(&db.write).await?.into_iter().map(|(_, lookup)| lookup).collect();
        Ok(keyring)
    }

    /// The registered key: the key in `file`, or the next key of an interrupted rotation, which is then installed.
    pub(crate) fn find(file: &Path, row: &data_keys::Model) -> Result<Self, OpenError> {
        let read = |file: &Path| file::read(file).map(|key| key.map(|key| Self::new(&key)));
        let old = match read(file)? {
            Some(keyring) if keyring.matches(row) => return Ok(keyring),
            other => other.map(|keyring| keyring.id),
        };
        if let Some(next) = read(&file::next_path(file))?.filter(|next| next.matches(row)) {
            file::install_next(file, &old.unwrap_or_default())?;
            tracing::warn!("completed an interrupted rotation of the data key; the new key is in {}", file.display());
            return Ok(next);
        }
        // Another process that is starting may have installed it in the meantime.
        if let Some(keyring) = read(file)?.filter(|keyring| keyring.matches(row)) {
            return Ok(keyring);
        }
        Err(OpenError::new(if old.is_some() {
            format!(
                "The data key in {} is not the one this database was written with. Restore the right key file.",
                file.display()
            )
        } else {
            format!(
                "The data key is missing: this database was written with one, and {} does not exist. Restore \
                 the key file from your copy; without it the codes of invites can't be read.",
                file.display()
            )
        }))
    }

    /// Whether this is the registered key.
    fn matches(&self, row: &data_keys::Model) -> bool {
        row.key_id == self.id && row.check_value == self.check
    }

    /// The row that registers this key in the database.
    pub(crate) fn row(&self, now: Timestamp) -> data_keys::ActiveModel {
        data_keys::ActiveModel {
            slot: Set(1),
            key_id: Set(self.id.to_vec()),
            check_value: Set(self.check.to_vec()),
            created_at: Set(now.as_micros()),
        }
    }

    /// The id of the data key.
    pub(crate) fn id(&self) -> &[u8] {
        &self.id
    }

    /// The rows and the lookup keys of earlier data keys.
    pub(crate) async fn read_retired(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<(retired_keys::Model, [u8; 32])>, OpenError> {
        let broken = |error: &dyn std::fmt::Display| OpenError::new(format!("A retired key can't be read: {error}"));
        let rows = retired_keys::Entity::find().all(db).await.map_err(|error| broken(&error))?;
        let opened = rows.into_iter().map(|row| {
            let lookup = self.open_retired(&row.key_id, &row.lookup_sealed).map_err(|error| broken(&error))?;
            Ok((row, lookup))
        });
        opened.collect()
    }

    /// Whether `file` holds the registered key; `None` when there is no such file.
    pub(crate) fn file_matches(file: &Path, key_id: &[u8], check: &[u8]) -> Result<Option<bool>, OpenError> {
        let keyring = file::read(file)?.map(|key| Self::new(&key));
        Ok(keyring.map(|keyring| keyring.id == key_id && keyring.check == check))
    }

    fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
        for part in parts {
            // The lengths are included, so that different lists of parts never form the same input.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// The hash by which a code is found. Own codes are compared ignoring case, random codes exactly.
    pub(crate) fn code_hash(&self, kind: CodeKind, code: &InviteCode) -> Vec<u8> {
        Self::code_hash_with(&self.lookup, kind, code)
    }

    fn code_hash_with(lookup: &[u8; 32], kind: CodeKind, code: &InviteCode) -> Vec<u8> {
        match kind {
            CodeKind::Random => Self::mac(lookup, &[b"random", code.as_str().as_bytes()]),
            CodeKind::Own => Self::mac(lookup, &[b"own", code.folded().as_bytes()]),
        }
    }

    /// Every hash by which an invite with this code may be stored: for each kind of code, with the current and all
    /// earlier data keys.
    pub(crate) fn code_hashes(&self, code: &InviteCode) -> Vec<Vec<u8>> {
        let keys = std::iter::once(&self.lookup).chain(&self.retired);
        keys.flat_map(|key| [CodeKind::Random, CodeKind::Own].map(|kind| Self::code_hash_with(key, kind, code)))
            .collect()
    }

    /// The hash by which a sign-up attempt is found.
    pub(crate) fn attempt_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        Self::mac(&self.attempts, parts)
    }

    /// The hash under which failed attempts are counted, so that no address is stored.
    pub(crate) fn limit_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        Self::mac(&self.limits, parts)
    }

    /// The authentication code of something that this site says to itself by way of a browser.
    pub(crate) fn proof_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        Self::mac(&self.proofs, parts)
    }

    /// The token of the link in a mail: always the same for one mail, so that an attempt that is repeated sends the same link.
    pub(crate) fn mail_token(&self, mail: Uuid) -> String {
        BASE64URL_NOPAD.encode(&self.proof_hash(&[b"mail token", mail.as_bytes()]))
    }

    /// What the link in the mail of an invitation proves its address with, which nobody without the data key can make: of each
    /// invitation, invite and address its own. Those of an earlier data key prove nothing, because it may have been replaced for
    /// being known.
    pub(crate) fn address_proof(&self, (invitation, invite): (Uuid, Uuid), email_folded: &str) -> String {
        let parts = [b"address proof".as_slice(), invitation.as_bytes(), invite.as_bytes(), email_folded.as_bytes()];
        BASE64URL_NOPAD.encode(&self.proof_hash(&parts))
    }

    /// Whether `proof` is that of [`Self::address_proof`].
    pub(crate) fn is_address_proof(&self, proof: &str, of: (Uuid, Uuid), email_folded: &str) -> bool {
        self.address_proof(of, email_folded).as_bytes().ct_eq(proof.as_bytes()).into()
    }

    /// Every hash by which an address may be among those who want no more mail of a kind, with the current and all earlier data
    /// keys; that with the current one is first. 128 bits, of which nobody without a key learns the address.
    pub(crate) fn stop_hashes(&self, email_folded: &str) -> Vec<Vec<u8>> {
        let keys = std::iter::once(&self.lookup).chain(&self.retired);
        keys.map(|key| Self::first_half(Self::mac(key, &[b"mail stop", email_folded.as_bytes()]))).collect()
    }

    /// The token of a link by which such mail is stopped: a hash of [`Self::stop_hashes`] and its authentication code. Never
    /// expires, and is still known after a rotation of the data key.
    pub(crate) fn stop_token(&self, hash: &[u8]) -> String {
        BASE64URL_NOPAD.encode(&[hash, &Self::stop_code(&self.lookup, hash)].concat())
    }

    /// The hash of a token that [`Self::stop_token`] made.
    pub(crate) fn read_stop_token(&self, token: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == 32)?;
        let (hash, code) = bytes.split_at(16);
        let mut keys = std::iter::once(&self.lookup).chain(&self.retired);
        keys.any(|key| bool::from(Self::stop_code(key, hash).ct_eq(code))).then(|| hash.to_vec())
    }

    fn stop_code(key: &[u8; 32], hash: &[u8]) -> Vec<u8> {
        Self::first_half(Self::mac(key, &[b"mail stop link", hash]))
    }

    fn first_half(mut hash: Vec<u8>) -> Vec<u8> {
        hash.truncate(16);
        hash
    }

    /// Encrypts a private key of the row `id` of `signing_keys`, bound to table, column and row.
    pub(crate) fn seal_signing_key(&self, id: Uuid, key: &[u8], nonce: [u8; NONCE_LENGTH]) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal_signing, &Self::signing_key_context(id), key, nonce)
    }

    /// Decrypts a key that [`Self::seal_signing_key`] encrypted for the same row.
    pub(crate) fn open_signing_key(&self, id: Uuid, blob: &[u8]) -> Result<Vec<u8>, Error> {
        let opened = self.open_with(&self.seal_signing, &Self::signing_key_context(id), blob);
        opened.ok_or_else(|| Error::internal("a signing key can't be decrypted"))
    }

    fn signing_key_context(id: Uuid) -> Vec<u8> {
        [b"signing_keys.private_sealed".as_slice(), id.as_bytes()].concat()
    }

    /// Encrypts the secret of the row `id` of `webhook_secrets`, bound to table, column and row.
    pub(crate) fn seal_webhook_secret(
        &self,
        id: Uuid,
        secret: &[u8],
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal_webhook, &Self::webhook_secret_context(id), secret, nonce)
    }

    /// Decrypts a secret that [`Self::seal_webhook_secret`] encrypted for the same row.
    pub(crate) fn open_webhook_secret(&self, id: Uuid, blob: &[u8]) -> Result<Vec<u8>, Error> {
        let opened = self.open_with(&self.seal_webhook, &Self::webhook_secret_context(id), blob);
        opened.ok_or_else(|| Error::internal("the secret of a webhook can't be decrypted"))
    }

    fn webhook_secret_context(id: Uuid) -> Vec<u8> {
        [b"webhook_secrets.secret_sealed".as_slice(), id.as_bytes()].concat()
    }

    /// Encrypts the token of the connection `id` of `scim_connections`, bound to table, column and row.
    pub(crate) fn seal_scim_token(&self, id: Uuid, token: &str, nonce: [u8; NONCE_LENGTH]) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal_scim, &Self::scim_token_context(id), token.as_bytes(), nonce)
    }

    /// Decrypts a token that [`Self::seal_scim_token`] encrypted for the same row.
    pub(crate) fn open_scim_token(&self, id: Uuid, blob: &[u8]) -> Result<String, Error> {
        let opened = self.open_with(&self.seal_scim, &Self::scim_token_context(id), blob);
        let opened = opened.and_then(|bytes| String::from_utf8(bytes).ok());
        opened.ok_or_else(|| Error::internal("the token of an application can't be decrypted"))
    }

    fn scim_token_context(id: Uuid) -> Vec<u8> {
        [b"scim_connections.token_sealed".as_slice(), id.as_bytes()].concat()
    }

    /// Encrypts the password of a mail server, bound to table, column, and the host and user name that it is for: anyone who
    /// changes these in the database can't have it sent elsewhere.
    pub(crate) fn seal_smtp_password(
        &self,
        (host, username): (&str, &str),
        password: &str,
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal_smtp, &Self::smtp_password_context(host, username), password.as_bytes(), nonce)
    }

    /// Decrypts a password that [`Self::seal_smtp_password`] encrypted for the same host and user name.
    pub(crate) fn open_smtp_password(&self, (host, username): (&str, &str), blob: &[u8]) -> Result<String, Error> {
        let opened = self.open_with(&self.seal_smtp, &Self::smtp_password_context(host, username), blob);
        let opened = opened.and_then(|bytes| String::from_utf8(bytes).ok());
        opened.ok_or_else(|| Error::internal("the password of the mail server can't be decrypted"))
    }

    /// Neither host nor user name has a NUL.
    fn smtp_password_context(host: &str, username: &str) -> Vec<u8> {
        [b"mail_settings.password_sealed".as_slice(), host.as_bytes(), username.as_bytes()].join(&0)
    }

    /// Encrypts what a form of several steps carries from one to the next.
    pub(crate) fn seal_sign_up(&self, state: &[u8], nonce: [u8; NONCE_LENGTH]) -> Result<String, Error> {
        Ok(BASE64URL_NOPAD.encode(&self.seal_with(&self.seal_sign_up, b"sign-up state", state, nonce)?))
    }

    /// Decrypts what [`Self::seal_sign_up`] encrypted with this data key.
    pub(crate) fn open_sign_up(&self, sealed: &str) -> Option<Vec<u8>> {
        let blob = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        self.open_with(&self.seal_sign_up, b"sign-up state", &blob)
    }

    /// Encrypts the code of the row `id` of `invites` with XChaCha20-Poly1305, bound to table, column and row.
    pub(crate) fn seal_code(&self, id: Uuid, code: &InviteCode, nonce: [u8; NONCE_LENGTH]) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal, &Self::code_context(id), code.as_str().as_bytes(), nonce)
    }

    /// Decrypts a code that [`Self::seal_code`] encrypted for the same row.
    pub(crate) fn open_code(&self, id: Uuid, blob: &[u8]) -> Result<InviteCode, Error> {
        let broken = || Error::internal("an invite code can't be decrypted");
        let opened = self.open_with(&self.seal, &Self::code_context(id), blob).ok_or_else(broken)?;
        let text = String::from_utf8(opened).map_err(|_| broken())?;
        InviteCode::parse(&text).map_err(|_| broken())
    }

    /// Encrypts the lookup key of this data key with `next`, so that deleted codes are still recognised after a
    /// rotation.
    pub(crate) fn seal_for(&self, next: &Self, nonce: [u8; NONCE_LENGTH]) -> Result<Vec<u8>, Error> {
        next.seal_retired(&self.id, &self.lookup, nonce)
    }

    /// Encrypts `lookup`, the lookup key of the data key `id`.
    pub(crate) fn seal_retired(
        &self,
        id: &[u8],
        lookup: &[u8; 32],
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Error> {
        self.seal_with(&self.seal_retired, &[b"retired_keys.lookup_sealed", id].concat(), lookup, nonce)
    }

    fn open_retired(&self, id: &[u8], blob: &[u8]) -> Result<[u8; 32], Error> {
        let context = [b"retired_keys.lookup_sealed", id].concat();
        let opened = self.open_with(&self.seal_retired, &context, blob);
        opened
            .and_then(|key| key.try_into().ok())
            .ok_or_else(|| Error::internal("it is not encrypted with this data key"))
    }

    fn seal_with(
        &self,
        seal: &XChaCha20Poly1305,
        context: &[u8],
        msg: &[u8],
        nonce: [u8; NONCE_LENGTH],
    ) -> Result<Vec<u8>, Error> {
        let payload = Payload { msg, aad: context };
        let sealed =
            seal.encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::internal("a value can't be encrypted"))?;
        Ok([&[SEAL_VERSION][..], &self.id, &nonce, &sealed].concat())
    }

    fn open_with(&self, seal: &XChaCha20Poly1305, context: &[u8], blob: &[u8]) -> Option<Vec<u8>> {
        let (&version, rest) = blob.split_first()?;
        let (key_id, rest) = rest.split_at_checked(KEY_ID_LENGTH)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LENGTH>()?;
        if version != SEAL_VERSION || key_id != self.id {
            return None;
        }
        seal.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context }).ok()
    }

    /// The associated data of an encrypted code: table, column and row.
    fn code_context(id: Uuid) -> Vec<u8> {
        [b"invites.code_sealed".as_slice(), id.as_bytes()].concat()
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}

/// The hash under which a token is stored. Without key and salt, because a token of 256 random bits cannot be guessed.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The registration of the data key in the database; `None` before the first start.
pub(crate) async fn registered(db: &impl ConnectionTrait) -> Result<Option<data_keys::Model>, OpenError> {
    data_keys::Entity::find_by_id(1)
        .one(db)
        .await
        .map_err(|error| OpenError::new(format!("The registered data key can't be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_stops_mail_is_known_and_no_other_is() {
        let mut keyring = Keyring::new(&[7; 32]);
        let hash = keyring.stop_hashes("ada@example.org").remove(0);
        let token = keyring.stop_token(&hash);
        assert_eq!(keyring.read_stop_token(&token), Some(hash.clone()));
        assert_ne!(hash, keyring.stop_hashes("grace@example.org").remove(0));
        let forged = BASE64URL_NOPAD.encode(&[&[1; 16][..], &[2; 16]].concat());
        for other in ["", "x", &forged, &format!("{token}A"), &Keyring::new(&[8; 32]).stop_token(&hash)] {
            assert_eq!(keyring.read_stop_token(other), None, "{other}");
        }
        // After a rotation.
        let old = keyring.lookup;
        keyring = Keyring { retired: vec![old], ..Keyring::new(&[9; 32]) };
        assert_eq!(keyring.read_stop_token(&token), Some(hash.clone()));
        assert!(keyring.stop_hashes("ada@example.org").contains(&hash));
    }

    #[test]
    fn an_encrypted_code_opens_only_in_its_own_row() {
        let keyring = Keyring::new(&[7; 32]);
        let code = InviteCode::parse("7QmX2pVd9KtR").unwrap();
        let row = Uuid::from_u128(1);
        let sealed = keyring.seal_code(row, &code, [3; 24]).unwrap();
        assert_eq!(keyring.open_code(row, &sealed).unwrap().as_str(), code.as_str());
        assert!(keyring.open_code(Uuid::from_u128(2), &sealed).is_err());
        assert!(Keyring::new(&[8; 32]).open_code(row, &sealed).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"7QmX2p"));
        for end in 0..sealed.len() {
            assert!(keyring.open_code(row, &sealed[..end]).is_err());
        }
    }

    #[test]
    fn the_password_of_a_mail_server_opens_for_its_host_and_user_name_alone() {
        let keyring = Keyring::new(&[7; 32]);
        let sealed = keyring.seal_smtp_password(("mail.example.org", "ada"), "s3cret", [3; 24]).unwrap();
        assert_eq!(keyring.open_smtp_password(("mail.example.org", "ada"), &sealed).unwrap(), "s3cret");
        for other in [("mail.example.com", "ada"), ("mail.example.org", "bob")] {
            assert!(keyring.open_smtp_password(other, &sealed).is_err(), "{other:?}");
        }
        assert!(Keyring::new(&[8; 32]).open_smtp_password(("mail.example.org", "ada"), &sealed).is_err());
    }

    #[test]
    fn the_token_of_a_mail_is_always_the_same_and_of_this_key() {
        let (keyring, mail) = (Keyring::new(&[7; 32]), Uuid::from_u128(1));
        assert_eq!(keyring.mail_token(mail), Keyring::new(&[7; 32]).mail_token(mail));
        assert_eq!(keyring.mail_token(mail).len(), 43, "as long as random ones");
        assert_ne!(keyring.mail_token(mail), keyring.mail_token(Uuid::from_u128(2)));
        assert_ne!(keyring.mail_token(mail), Keyring::new(&[8; 32]).mail_token(mail));
    }

    #[test]
    fn the_proof_of_an_address_is_of_one_invitation_one_invite_one_address_and_this_key() {
        let (of, email) = ((Uuid::from_u128(1), Uuid::from_u128(2)), "ada@example.org");
        let keyring = Keyring::new(&[7; 32]);
        let proof = keyring.address_proof(of, email);
        assert!(domain::signup::AddressProof::parse(&proof).is_some(), "{proof}");
        assert!(keyring.is_address_proof(&proof, of, email));
        for (of, email) in [
            ((Uuid::from_u128(3), of.1), email),
            ((of.0, Uuid::from_u128(3)), email),
            ((of.1, of.0), email),
            (of, "eve@example.org"),
        ] {
            assert!(!keyring.is_address_proof(&proof, of, email));
        }
        for other in ["", &proof[..42], &keyring.mail_token(of.0)] {
            assert!(!keyring.is_address_proof(other, of, email), "{other}");
        }
        let mut next = Keyring::new(&[8; 32]);
        next.retired = vec![keyring.lookup];
        assert!(!next.is_address_proof(&proof, of, email), "nor after a rotation");
    }

    #[test]
    fn own_codes_ignore_case_and_random_codes_do_not() {
        let keyring = Keyring::new(&[7; 32]);
        let hash = |kind, code: &str| keyring.code_hash(kind, &InviteCode::parse(code).unwrap());
        assert_eq!(hash(CodeKind::Own, "Open-Evening"), hash(CodeKind::Own, "OPEN-evening"));
        assert_ne!(hash(CodeKind::Random, "7QmX2pVd9KtR"), hash(CodeKind::Random, "7qmx2pvd9ktr"));
        assert_ne!(hash(CodeKind::Random, "openevening"), hash(CodeKind::Own, "openevening"));
    }
}
