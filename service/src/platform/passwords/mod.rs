//! Hashing and verification of passwords.

mod argon;
mod lane;
mod strength;
mod threads;

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::CustomizedPasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use domain::accounts::Password;
use domain::{Code, Failure};
use tokio::sync::Semaphore;

use self::argon::PooledArgon2;
#[cfg(test)]
pub(crate) use self::lane::Held;
use self::lane::Lane;
pub(crate) use self::strength::Judged;
use crate::Error;
use crate::platform::network::Network;

/// The maximum number of requests of one network that wait in one lane. The last of them waits for some seconds on a small
/// machine. It is enough for a room full of people who sign up at the same moment.
const PER_NETWORK: usize = 64;

/// The maximum number of passwords that are judged at the same time while they are typed. They take the turns of nobody who
/// signs up for longer than some hundredths of a second.
const TYPED: usize = 16;

/// One lane of password hashing.
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    /// `sign_up` for new passwords, `sign_in` for passwords that are verified.
    pub lane: &'static str,
    /// The maximum number of concurrent hashes: the number of threads.
    pub permits: usize,
    /// The number of hashes in progress.
    pub in_use: usize,
    /// The number of requests that wait for a permit.
    pub waiting: usize,
    /// The number of completed hashes.
    pub done: u64,
    /// The total time of the completed hashes, without waiting.
    pub spent: Duration,
}

/// A new password that is hard to guess.
#[derive(Debug)]
pub(crate) struct StrongPassword(Password);

/// Argon2id with the parameters that OWASP recommends (m = 19 MiB, t = 2, p = 1; lower than those of RFC 9106), on threads of
/// its own. Signing in has its own lane, so that many sign-ups do not delay it. So has estimating the
/// strength of new passwords, so that no hash waits for it.
#[derive(Debug)]
pub(crate) struct Passwords {
    strength: Lane,
    sign_up: Lane,
    sign_in: Lane,
    typed: Semaphore,
    argon: Arc<PooledArgon2>,
}

impl Passwords {
    /// Starts the threads. `limited`: whether the number of waiting requests of one network is limited.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn start(limited: bool) -> io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let lane = |threads| Lane::start(threads, if limited { PER_NETWORK } else { usize::MAX });
        Ok(Self {
            strength: lane(cores.div_ceil(2))?,
            sign_up: lane(cores)?,
            sign_in: lane(cores.div_ceil(2))?,
            typed: Semaphore::new(TYPED),
            argon: Arc::default(),
        })
    }

    /// Refuses waiting and new requests, because the process stops.
    pub(crate) fn close(&self) {
        self.strength.close();
        self.sign_up.close();
        self.sign_in.close();
    }

    /// Returns the memory of earlier hashes to the system, unless passwords are being hashed.
    pub(crate) fn free_unused_memory(&self) {
        if self.sign_up.in_use() == 0 && self.sign_in.in_use() == 0 {
            self.argon.free_unused();
        }
    }

    /// The statistics of the lanes for new passwords and for verification.
    pub(crate) fn stats(&self) -> [Hashing; 2] {
        [self.sign_up.stats("sign_up"), self.sign_in.stats("sign_in")]
    }

    /// Checks that a new password for `network` is hard to guess. `personal`: words that make it easier.
    ///
    /// # Errors
    /// [`domain::Code::Invalid`] under `password` if it is easy to guess; [`domain::Code::RateLimited`] if too many requests
    /// of the network wait; [`domain::Code::Unavailable`] if too many wait in total.
    pub(crate) async fn check(
        &self,
        network: Network,
        password: Password,
        personal: Vec<String>,
    ) -> Result<StrongPassword, Error> {
        let check = move || strength::check(&password, &personal).map(|()| StrongPassword(password));
        Ok(self.strength.run(network, std::future::ready(Ok(())), check).await??)
    }

    /// What [`Self::check`] finds wrong with a password as typed, in a form that is refused for another reason. Nothing
    /// where the password is wrong in itself, or cannot be checked now.
    pub(crate) async fn weakness(&self, network: Network, typed: &str, personal: Vec<String>) -> Option<Failure> {
        let password = Password::parse(typed).ok()?;
        match self.check(network, password, personal).await {
            Err(Error::Failure(failure)) if failure.code == Code::Invalid => Some(failure),
            _ => None,
        }
    }

    /// How hard a password is to guess that is being typed. Nothing where it is wrong in itself, or cannot be judged now:
    /// sign-ups go first.
    pub(crate) async fn judge_typed(&self, network: Network, typed: &str, personal: Vec<String>) -> Option<Judged> {
        let password = Password::parse(typed).ok()?;
        let _permit = self.typed.try_acquire().ok()?;
        let judge = move || strength::judge(&password, &personal);
        self.strength.run(network, std::future::ready(Ok(())), judge).await.ok()
    }

    /// [`Self::check`] and [`Self::hash`].
    pub(crate) async fn check_and_hash(
        &self,
        network: Network,
        password: Password,
        salt: [u8; 16],
        personal: Vec<String>,
    ) -> Result<String, Error> {
        let password = self.check(network, password, personal).await?;
        self.hash(network, password, salt, std::future::ready(Ok(()))).await
    }

    /// Hashes a new password for `network`. `before` is checked when the permit is available, which may be seconds after
    /// the request arrived.
    ///
    /// # Errors
    /// [`domain::Code::RateLimited`] if too many requests of the network wait; [`domain::Code::Unavailable`] if too many
    /// wait in total; those of `before`.
    pub(crate) async fn hash(
        &self,
        network: Network,
        StrongPassword(password): StrongPassword,
        salt: [u8; 16],
        before: impl Future<Output = Result<(), Error>>,
    ) -> Result<String, Error> {
        let argon = Arc::clone(&self.argon);
        self.sign_up
            .run(network, before, move || {
                let hash = argon.hash_password_with_params(password.expose().as_bytes(), &salt, Params::DEFAULT);
                hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
            })
            .await?
    }

    /// Whether `password` matches `hash`. Without a hash, or with an empty one, which nobody has a password for, the result is `false` after the same time, so that the time does not
    /// reveal whether an account exists.
    ///
    /// # Errors
    /// [`domain::Code::RateLimited`] if too many requests of the network wait; [`domain::Code::Unavailable`] if too many wait
    /// in total. The password was not verified then.
    pub(crate) async fn verify(&self, network: Network, password: String, hash: Option<String>) -> Result<bool, Error> {
        let argon = Arc::clone(&self.argon);
        let hash = hash.filter(|hash| !hash.is_empty());
        self.sign_in
            .run(network, std::future::ready(Ok(())), move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| dummy_hash().to_owned());
                let hash = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
                Ok(argon.verify_password(password.as_bytes(), &hash).is_ok() && known)
            })
            .await?
    }

    /// Takes every permit for verification until the result is dropped.
    #[cfg(test)]
    pub(crate) async fn hold_sign_in(&self) -> Held {
        self.sign_in.hold().await
    }

    /// Takes every permit for new passwords until the result is dropped.
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

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let passwords = Passwords::start(true).unwrap();
        let password = Password::parse("a bench by the window").unwrap();
        let hash = passwords.check_and_hash(HERE, password, [1; 16], vec![]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(HERE, "a bench by the window".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(HERE, "a bench by the door".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(HERE, "no account has this".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn the_strength_is_checked_before_a_password_waits_to_be_hashed() {
        let passwords = Arc::new(Passwords::start(true).unwrap());
        let _held = passwords.hold_sign_up().await;
        let weak = Password::parse("password123").unwrap();
        let refused = passwords.check_and_hash(HERE, weak, [1; 16], vec![]).await;
        assert!(
            crate::testing::failure(refused).field_error("password").is_some(),
            "although no permit to hash is available"
        );

        let strong = Password::parse("a bench by the window").unwrap();
        let ours = Arc::clone(&passwords);
        let waits = tokio::spawn(async move { ours.check_and_hash(HERE, strong, [1; 16], vec![]).await });
        until("it waits to be hashed", async || passwords.stats()[0].waiting == 1).await;
        waits.abort();
    }
}
