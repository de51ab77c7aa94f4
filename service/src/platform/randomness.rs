//! The source of identifiers, codes, tokens, salts and nonces.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::applications::UserCode;
use domain::invites::CODE_ALPHABET;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

/// A cryptographically secure random number generator, seeded by the operating system, or by a test.
#[derive(Clone)]
pub struct Randomness(Arc<Mutex<StdRng>>);

impl Randomness {
    /// A generator seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system provides no entropy.
    pub fn from_system() -> Result<Self, rand::rngs::SysError> {
        Ok(Self(Arc::new(Mutex::new(StdRng::try_from_rng(&mut SysRng)?))))
    }

    /// A generator with the same output for the same seed. Only for tests.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// `N` random bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(|rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// A UUID version 7 (RFC 9562, section 5.7) with the timestamp `now`.
    #[must_use]
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A random invite code of `length` characters of [`CODE_ALPHABET`], each equally likely.
    pub(crate) fn code(&self, length: u8) -> String {
        self.with(|rng| {
            (0..length).map(|_| char::from(CODE_ALPHABET[rng.random_range(0..CODE_ALPHABET.len())])).collect()
        })
    }

    /// A random user code of [`UserCode::LENGTH`] characters of [`UserCode::ALPHABET`], each equally likely.
    pub(crate) fn user_code(&self) -> Option<UserCode> {
        let alphabet = UserCode::ALPHABET;
        UserCode::stored(self.with(|rng| {
            (0..UserCode::LENGTH).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
        }))
    }

    /// A token of 256 random bits, as 43 characters that need no escaping in URLs and cookies.
    pub(crate) fn token(&self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes::<32>())
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_given_length_and_differ() {
        let randomness = Randomness::from_seed(1);
        let (one, other) = (randomness.code(12), randomness.code(64));
        assert_eq!((one.len(), other.len()), (12, 64));
        assert!(one.bytes().chain(other.bytes()).all(|b| CODE_ALPHABET.contains(&b)));
        assert_ne!(one, randomness.code(12));
    }

    #[test]
    fn identifiers_are_version_7_with_the_timestamp() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let id = Randomness::from_seed(1).uuid(now);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.as_u128() >> 80, 1_800_000_000_000);
    }
}
