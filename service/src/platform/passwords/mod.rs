//! Passwords: how they are hashed and checked.

mod argon;
mod lane;
mod strength;

use std::sync::{Arc, OnceLock};

use argon2::password_hash::CustomizedPasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use domain::accounts::Password;

use self::argon::PooledArgon2;
use self::lane::Lane;
use crate::Error;
use crate::platform::stats::Hashing;

/// Argon2id with the parameters of RFC 9106 as OWASP lowers them for the web (m = 19 MiB, t = 2, p = 1), on blocking
/// threads, one per permit. Signing in has a lane of its own, so that a rush of sign-ups keeps nobody out.
#[derive(Debug)]
pub(crate) struct Passwords {
    sign_up: Lane,
    sign_in: Lane,
    argon: Arc<PooledArgon2>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { sign_up: Lane::new(cores), sign_in: Lane::new(cores.div_ceil(2)), argon: Arc::default() }
    }

    /// Refuses whoever waits for a permit, and whoever comes: the process stops.
    pub(crate) fn close(&self) {
        self.sign_up.close();
        self.sign_in.close();
    }

    /// Gives the memory that passwords were hashed in back to the system, unless some are being hashed.
    pub(crate) fn rest(&self) {
        if self.sign_up.in_use() == 0 && self.sign_in.in_use() == 0 {
            self.argon.give_back();
        }
    }

    /// How both lanes stand.
    pub(crate) fn stats(&self) -> [Hashing; 2] {
        [self.sign_up.stats("sign_up"), self.sign_in.stats("sign_in")]
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
        let argon = Arc::clone(&self.argon);
        self.sign_up
            .run(before, move || {
                strength::check(&password, &personal)?;
                let hash = argon.hash_password_with_params(password.expose().as_bytes(), &salt, Params::DEFAULT);
                hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
            })
            .await?
    }

    /// Whether `password` is what `hash` was made from. Without a hash it takes as long and says no, so that nobody
    /// learns from the time whether an account exists.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let argon = Arc::clone(&self.argon);
        self.sign_in
            .run(std::future::ready(Ok(())), move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| dummy_hash().to_owned());
                let hash = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
                Ok(argon.verify_password(password.as_bytes(), &hash).is_ok() && known)
            })
            .await?
    }
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
