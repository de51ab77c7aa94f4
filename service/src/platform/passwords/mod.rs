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
#[cfg(test)]
pub(crate) use self::lane::Held;
use self::lane::Lane;
use crate::Error;
use crate::platform::network::Network;
use crate::platform::stats::Hashing;

/// Maximum number of requests of one network that wait in one lane. The last of them waits some seconds on a small
/// machine; a room full of people who sign up at the same moment fits in.
const PER_NETWORK: usize = 64;

/// Argon2id with the parameters of RFC 9106 as OWASP lowers them for the web (m = 19 MiB, t = 2, p = 1), on blocking
/// threads, one per permit. Signing in has a lane of its own, so that a rush of sign-ups keeps nobody out. So has
/// judging how hard a new password is to guess: nobody's hash waits for that.
#[derive(Debug)]
pub(crate) struct Passwords {
    strength: Lane,
    sign_up: Lane,
    sign_in: Lane,
    argon: Arc<PooledArgon2>,
}

impl Passwords {
    /// `limited` says whether the number of requests of one network that wait is bounded.
    pub(crate) fn new(limited: bool) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let lane = |permits| Lane::new(permits, if limited { PER_NETWORK } else { usize::MAX });
        Self {
            strength: lane(cores.div_ceil(2)),
            sign_up: lane(cores),
            sign_in: lane(cores.div_ceil(2)),
            argon: Arc::default(),
        }
    }

    /// Refuses whoever waits for a permit, and whoever comes: the process stops.
    pub(crate) fn close(&self) {
        self.strength.close();
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

    /// Hashes a new password for `network`, once `before` holds; `personal` are words that make it easier to guess.
    ///
    /// `before` runs when the permit is there, which may be seconds after the request came.
    ///
    /// # Errors
    /// [`domain::Code::Invalid`] under `password` when it is easy to guess; [`domain::Code::RateLimited`] when too many
    /// requests of the network wait; [`domain::Code::Unavailable`] when too many wait at all; those of `before`.
    pub(crate) async fn hash(
        &self,
        network: Network,
        password: Password,
        salt: [u8; 16],
        personal: Vec<String>,
        before: impl Future<Output = Result<(), Error>>,
    ) -> Result<String, Error> {
        let judge = move || strength::check(&password, &personal).map(|()| password);
        let password = self.strength.run(network, std::future::ready(Ok(())), judge).await??;
        let argon = Arc::clone(&self.argon);
        self.sign_up
            .run(network, before, move || {
                let hash = argon.hash_password_with_params(password.expose().as_bytes(), &salt, Params::DEFAULT);
                hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
            })
            .await?
    }

    /// Whether `password` is what `hash` was made from. Without a hash it takes as long and says no, so that nobody
    /// learns from the time whether an account exists.
    ///
    /// # Errors
    /// [`domain::Code::RateLimited`] when too many requests of the network wait; [`domain::Code::Unavailable`] when too
    /// many wait at all. Then it was not tried.
    pub(crate) async fn verify(&self, network: Network, password: String, hash: Option<String>) -> Result<bool, Error> {
        let argon = Arc::clone(&self.argon);
        self.sign_in
            .run(network, std::future::ready(Ok(())), move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| dummy_hash().to_owned());
                let hash = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
                Ok(argon.verify_password(password.as_bytes(), &hash).is_ok() && known)
            })
            .await?
    }

    /// Makes everyone who signs in wait until what this returns is dropped.
    #[cfg(test)]
    pub(crate) async fn hold_sign_in(&self) -> Held {
        self.sign_in.hold().await
    }

    /// Makes everyone who signs up wait to be hashed until what this returns is dropped.
    #[cfg(test)]
    pub(crate) async fn hold_sign_up(&self) -> Held {
        self.sign_up.hold().await
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
    use crate::testing::until;

    const HERE: Network = Network::V4([192, 0, 2, 1]);

    fn ok() -> std::future::Ready<Result<(), Error>> {
        std::future::ready(Ok(()))
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let passwords = Passwords::new(true);
        let password = Password::parse("a bench by the window").unwrap();
        let hash = passwords.hash(HERE, password, [1; 16], vec![], ok()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(HERE, "a bench by the window".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(HERE, "a bench by the door".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(HERE, "no account has this".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_judged_before_it_waits_to_be_hashed() {
        let passwords = Arc::new(Passwords::new(true));
        let _held = passwords.hold_sign_up().await;
        let weak = Password::parse("password123").unwrap();
        let refused = passwords.hash(HERE, weak, [1; 16], vec![], ok()).await;
        assert!(
            crate::testing::failure(refused).field_error("password").is_some(),
            "although nobody gets a permit to hash"
        );

        let strong = Password::parse("a bench by the window").unwrap();
        let ours = Arc::clone(&passwords);
        let waits = tokio::spawn(async move { ours.hash(HERE, strong, [1; 16], vec![], ok()).await });
        until("it waits to be hashed", async || passwords.stats()[0].waiting == 1).await;
        waits.abort();
    }
}
