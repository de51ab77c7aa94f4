//! The data key, and what is derived from it.
//!
//! One 256-bit key lies in a file beside the data. From it HKDF-SHA-256 (RFC 5869) derives a key per purpose: to find
//! a code without storing it, to seal the copy staff can share again, to hash attempts and limits. The database knows
//! the key's id and a check value, so that a missing or wrong key stops the start instead of corrupting data.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use domain::invites::{CodeKind, InviteCode};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::Db;
use crate::entities::data_keys;
use crate::{Clock, Error, OpenError, Randomness};

/// The first byte of a sealed value: which construction sealed it.
const SEAL_VERSION: u8 = 1;
const KEY_ID_LENGTH: usize = 8;
const NONCE_LENGTH: usize = 24;

/// The keys in use.
pub(crate) struct Keyring {
    id: [u8; KEY_ID_LENGTH],
    check: [u8; 32],
    lookup: [u8; 32],
    attempts: [u8; 32],
    limits: [u8; 32],
    seal: XChaCha20Poly1305,
}

impl Keyring {
    fn new(data_key: &[u8; 32]) -> Self {
        let derived = Hkdf::<Sha256>::new(None, data_key);
        let purpose = |purpose: &str| {
            let mut key = [0; 32];
            derived.expand(purpose.as_bytes(), &mut key).expect("32 bytes are within what HKDF-SHA-256 can give");
            key
        };
        let mut id = [0; KEY_ID_LENGTH];
        id.copy_from_slice(&purpose("latchkey key id")[..KEY_ID_LENGTH]);
        Self {
            id,
            check: purpose("latchkey key check"),
            lookup: purpose("latchkey invite code lookup"),
            attempts: purpose("latchkey sign-up attempts"),
            limits: purpose("latchkey rate limits"),
            seal: XChaCha20Poly1305::new(&purpose("latchkey invite code seal").into()),
        }
    }

    /// Opens the key the database was written with, or makes one where there is none yet.
    pub(crate) async fn open(db: &Db, file: &Path, clock: &Clock, randomness: &Randomness) -> Result<Self, OpenError> {
        let registered = registered(db).await?;
        let keyring = match (read_file(file)?, registered.is_some()) {
            (Some(key), _) => Self::new(&key),
            (None, false) => Self::new(&write_file(file, &randomness.bytes())?),
            (None, true) => {
                return Err(OpenError::new(format!(
                    "The data key is missing: this database was written with one, and {} does not exist. Put the key \
                     file back from where you keep it; without it the codes of invites can't be read.",
                    file.display()
                )));
            }
        };
        if registered.is_none() {
            let row = data_keys::ActiveModel {
                slot: Set(1),
                key_id: Set(keyring.id.to_vec()),
                check_value: Set(keyring.check.to_vec()),
                created_at: Set(clock.now().as_micros()),
            };
            data_keys::Entity::insert(row)
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(&db.write)
                .await
                .map_err(|error| OpenError::new(format!("The data key can't be registered: {error}")))?;
        }
        // Read again: another process may have been first.
        match self::registered(db).await? {
            Some(row) if row.key_id == keyring.id && row.check_value == keyring.check => Ok(keyring),
            _ => Err(OpenError::new(format!(
                "The data key in {} is not the one this database was written with. Put the right key file in its \
                 place.",
                file.display()
            ))),
        }
    }

    /// Whether `file` holds the key that a database registered; `None` when there is no such file.
    pub(crate) fn file_fits(file: &Path, key_id: &[u8], check: &[u8]) -> Result<Option<bool>, OpenError> {
        let keyring = read_file(file)?.map(|key| Self::new(&key));
        Ok(keyring.map(|keyring| keyring.id == key_id && keyring.check == check))
    }

    fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
        for part in parts {
            // Lengths go in too, so that no two lists of parts run together into the same text.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// By what a code is found without being stored. Own codes are compared without case, random ones exactly.
    pub(crate) fn code_hash(&self, kind: CodeKind, code: &InviteCode) -> Vec<u8> {
        match kind {
            CodeKind::Random => Self::mac(&self.lookup, &[b"random", code.as_str().as_bytes()]),
            CodeKind::Own => Self::mac(&self.lookup, &[b"own", code.folded().as_bytes()]),
        }
    }

    /// By what an attempt is found without its key being stored.
    pub(crate) fn attempt_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        Self::mac(&self.attempts, parts)
    }

    /// By what failed tries are counted without an address being stored.
    pub(crate) fn limit_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        Self::mac(&self.limits, parts)
    }

    /// Seals a code for the row `id` of `invites`: XChaCha20-Poly1305 bound to table, column and row.
    pub(crate) fn seal_code(&self, id: Uuid, code: &InviteCode, nonce: [u8; NONCE_LENGTH]) -> Result<Vec<u8>, Error> {
        let payload = Payload { msg: code.as_str().as_bytes(), aad: &Self::place(id) };
        let sealed = self
            .seal
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal("sealing an invite code failed"))?;
        Ok([&[SEAL_VERSION][..], &self.id, &nonce, &sealed].concat())
    }

    /// Opens what [`Self::seal_code`] sealed for the same row.
    pub(crate) fn open_code(&self, id: Uuid, blob: &[u8]) -> Result<InviteCode, Error> {
        let broken = || Error::internal("a sealed invite code can't be opened");
        let (&version, rest) = blob.split_first().ok_or_else(broken)?;
        let (key_id, rest) = rest.split_at_checked(KEY_ID_LENGTH).ok_or_else(broken)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or_else(broken)?;
        if version != SEAL_VERSION || key_id != self.id {
            return Err(broken());
        }
        let payload = Payload { msg: sealed, aad: &Self::place(id) };
        let opened = self.seal.decrypt(&XNonce::from(*nonce), payload).map_err(|_| broken())?;
        let text = String::from_utf8(opened).map_err(|_| broken())?;
        InviteCode::parse(&text).map_err(|_| broken())
    }

    fn place(id: Uuid) -> Vec<u8> {
        [b"invites.code_sealed".as_slice(), id.as_bytes()].concat()
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}

/// The hash a token of 256 random bits is stored as. It needs no key and no salt: there is nothing to guess.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

async fn registered(db: &Db) -> Result<Option<data_keys::Model>, OpenError> {
    data_keys::Entity::find_by_id(1)
        .one(&db.write)
        .await
        .map_err(|error| OpenError::new(format!("The registered data key can't be read: {error}")))
}

fn read_file(file: &Path) -> Result<Option<[u8; 32]>, OpenError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(OpenError::new(format!(
                "The data key in {} can't be read: {error}. Give this user the right to it, or name another place with \
                 --key-file.",
                file.display()
            )));
        }
    };
    HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|key| key.try_into().ok()).map(Some).ok_or_else(|| {
        OpenError::new(format!(
            "{} is no data key: it should hold 64 hexadecimal digits. Put the key file back from where you keep it.",
            file.display()
        ))
    })
}

/// Writes the key unless another process has, and returns the one that is there. The file appears whole or not at all.
fn write_file(file: &Path, key: &[u8; 32]) -> Result<[u8; 32], OpenError> {
    let failed = |error: std::io::Error| {
        OpenError::new(format!(
            "The data key can't be written to {}: {error}. Give this user the right to write there, see that the disk \
             has room, or name another place with --key-file.",
            file.display()
        ))
    };
    let draft = file.with_extension(format!("{}.tmp", std::process::id()));
    let written = new_private_file(&draft).and_then(|mut draft| {
        writeln!(draft, "{}", HEXLOWER.encode(key))?;
        draft.sync_all()
    });
    let linked = written.and_then(|()| match fs::hard_link(&draft, file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    let _ = fs::remove_file(&draft);
    linked.map_err(failed)?;
    read_file(file)?.ok_or_else(|| OpenError::new(format!("{} has gone again.", file.display())))
}

#[cfg(unix)]
fn new_private_file(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn new_private_file(path: &Path) -> std::io::Result<fs::File> {
    fs::File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_code_opens_in_its_own_row_alone() {
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
    fn own_codes_are_found_without_case_random_ones_exactly() {
        let keyring = Keyring::new(&[7; 32]);
        let hash = |kind, code: &str| keyring.code_hash(kind, &InviteCode::parse(code).unwrap());
        assert_eq!(hash(CodeKind::Own, "Open-Evening"), hash(CodeKind::Own, "OPEN-evening"));
        assert_ne!(hash(CodeKind::Random, "7QmX2pVd9KtR"), hash(CodeKind::Random, "7qmx2pvd9ktr"));
        assert_ne!(hash(CodeKind::Random, "openevening"), hash(CodeKind::Own, "openevening"));
    }

    #[test]
    fn a_key_file_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        assert_eq!(write_file(&file, &[1; 32]).unwrap(), [1; 32]);
        assert_eq!(write_file(&file, &[2; 32]).unwrap(), [1; 32], "the first one stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&file, "not a key").unwrap();
        assert!(read_file(&file).is_err());
    }
}
