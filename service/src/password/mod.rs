//! Passwords: how they are hashed and checked.

mod lane;
mod memory;
mod strength;

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, PasswordVerifier, Version};
use domain::accounts::Password;

use self::lane::Lane;
use self::memory::Memory;
use crate::Error;
use crate::figures::Hashing;

/// Argon2id with the parameters of RFC 9106 as OWASP lowers them for the web (m = 19 MiB, t = 2, p = 1), on blocking
/// threads, one per permit. Signing in has a lane of its own, so that a rush of sign-ups keeps nobody out.
#[derive(Debug)]
pub(crate) struct Passwords {
    sign_up: Lane,
    sign_in: Lane,
    memory: Arc<Memory>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { sign_up: Lane::new(cores), sign_in: Lane::new(cores.div_ceil(2)), memory: Arc::default() }
    }

    /// Refuses whoever waits for a permit, and whoever comes: the process stops.
    pub(crate) fn close(&self) {
        self.sign_up.close();
        self.sign_in.close();
    }

    /// Gives the memory that new passwords were hashed in back to the system, unless there are more of them.
    pub(crate) fn rest(&self) {
        if self.sign_up.in_use() == 0 {
            self.memory.give_back();
        }
    }

    /// How both lanes stand.
    pub(crate) fn figures(&self) -> [Hashing; 2] {
        [self.sign_up.figures("sign_up"), self.sign_in.figures("sign_in")]
    }

    /// Hashes a new password, once `before` holds; `personal` are words that make it easier to guess.
    ///
    /// `before` runs when the permit is there, which may be seconds after the request came.
    pub(crate) async fn hash(
        &self,
        password: Password,
        salt: [u8; 16],
        personal: Vec<String>,
        before: impl Future<Output = Result<(), Error>>,
    ) -> Result<String, Error> {
        let memory = Arc::clone(&self.memory);
        self.sign_up
            .run(before, move || {
                strength::check(&password, &personal)?;
                let hash = memory.lend(|blocks| argon2id(password.expose().as_bytes(), &salt, blocks));
                hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
            })
            .await?
    }

    /// Whether `password` is what `hash` was made from. Without a hash it takes as long and says no, so that nobody
    /// learns from the time whether an account exists.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.sign_in
            .run(std::future::ready(Ok(())), move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| dummy_hash().to_owned());
                let hash = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
                Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known)
            })
            .await?
    }
}

/// What [`Argon2::hash_password_with_salt`] computes, in memory that is there already.
fn argon2id(password: &[u8], salt: &[u8; 16], blocks: &mut [Block]) -> argon2::password_hash::Result<PasswordHash> {
    let argon2 = Argon2::default();
    let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(password, salt, &mut hash, blocks)?;
    Ok(PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(&hash)?),
    })
}

fn dummy_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        Argon2::default()
            .hash_password_with_salt(b"no account has this", b"not a secret salt")
            .map(|hash| hash.to_string())
            .unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_was_used_before_changes_nothing() {
        let memory = Memory::default();
        for password in ["a bench by the window", "another one", "a bench by the window"] {
            let ours = memory.lend(|blocks| argon2id(password.as_bytes(), b"sixteen bytes of", blocks)).unwrap();
            let theirs = Argon2::default().hash_password_with_salt(password.as_bytes(), b"sixteen bytes of").unwrap();
            assert_eq!(ours.to_string(), theirs.to_string());
        }
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let passwords = Passwords::new();
        let password = Password::parse("a bench by the window").unwrap();
        let hash = passwords.hash(password, [1; 16], vec![], std::future::ready(Ok(()))).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("a bench by the window".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("a bench by the door".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("no account has this".into(), None).await.unwrap());
    }
}
