//! Passwords: how they are hashed, how many at a time, and how hard they must be to guess.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::accounts::Password;
use domain::{Code, Failure};
use tokio::sync::Semaphore;

use crate::Error;
use crate::figures::{Done, Hashing};

/// How many requests may wait for a permit before the next is answered 503.
const QUEUE: usize = 2_048;
/// The zxcvbn score a new password needs: "safely unguessable", more than 10^8 guesses.
const STRENGTH: zxcvbn::Score = zxcvbn::Score::Three;

/// Argon2id with the parameters of RFC 9106 as OWASP lowers them for the web (m = 19 MiB, t = 2, p = 1), on blocking
/// threads, one per permit. Signing in has a lane of its own, so that a rush of sign-ups keeps nobody out.
#[derive(Debug)]
pub(crate) struct Passwords {
    sign_up: Lane,
    sign_in: Lane,
}

#[derive(Debug)]
struct Lane {
    permits: Arc<Semaphore>,
    queue: Semaphore,
    size: usize,
    done: Done,
}

impl Lane {
    fn new(permits: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            queue: Semaphore::new(QUEUE),
            size: permits,
            done: Done::default(),
        }
    }

    /// Runs `work` on a blocking thread under a permit. The permit goes along: a client that hangs up must not free
    /// it while the hashing goes on.
    async fn run<T: Send + 'static>(
        &self,
        before: impl Future<Output = Result<(), Error>>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.queue.try_acquire().map_err(|_| Error::unavailable())?;
        // Closed means that the process stops.
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::unavailable())?;
        before.await?;
        let done = self.done.clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let started = Instant::now();
            let worked = work();
            done.count(started.elapsed());
            worked
        })
        .await
        .map_err(Error::internal)
    }

    fn figures(&self, lane: &'static str) -> Hashing {
        let in_use = self.size.saturating_sub(self.permits.available_permits());
        // Whoever has a permit keeps its place in the queue.
        let waiting = QUEUE.saturating_sub(self.queue.available_permits()).saturating_sub(in_use);
        let (done, spent) = self.done.read();
        Hashing { lane, permits: self.size, in_use, waiting, done, spent }
    }
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { sign_up: Lane::new(cores), sign_in: Lane::new(cores.div_ceil(2)) }
    }

    /// Refuses whoever waits for a permit, and whoever comes: the process stops.
    pub(crate) fn close(&self) {
        self.sign_up.permits.close();
        self.sign_in.permits.close();
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
        self.sign_up
            .run(before, move || {
                check_strength(&password, &personal)?;
                let hash = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), &salt);
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

fn dummy_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        Argon2::default()
            .hash_password_with_salt(b"no account has this", b"not a secret salt")
            .map(|hash| hash.to_string())
            .unwrap_or_default()
    })
}

/// Refuses a password that a guesser would try early: zxcvbn knows 30,000 common passwords, names, words, dates and
/// keyboard walks, and `personal` here (NIST SP 800-63B-4, section 3.1.1.2, asks for a blocklist with context).
fn check_strength(password: &Password, personal: &[String]) -> Result<(), Failure> {
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(password.expose(), &personal);
    if estimate.score() >= STRENGTH {
        return Ok(());
    }
    let why = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning).map(|warning| warning.to_string());
    let message = match why {
        Some(why) => format!("{why} Four or five unrelated words work well."),
        None => "This is easy to guess. Four or five unrelated words work well.".to_owned(),
    };
    Err(Failure::field(Code::Invalid, "password", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(password: &str) -> Result<(), Failure> {
        check_strength(&Password::parse(password).unwrap(), &["mateo".to_owned()])
    }

    #[test]
    fn what_is_tried_first_is_refused_and_a_sentence_is_not() {
        for weak in ["password123", "qwertyuiop", "aaaaaaaaaaaa", "mateomateo", "1234567890"] {
            assert!(strength(weak).unwrap_err().of("password").is_some(), "{weak}");
        }
        for strong in ["a bench by the window", "correct horse battery staple", "Zt7Kq4Nw1BvE"] {
            assert!(strength(strong).is_ok(), "{strong}");
        }
    }

    #[test]
    fn the_longest_password_is_measured_in_bounded_time() {
        let started = std::time::Instant::now();
        let _ = strength(&"aB3$".repeat(64));
        assert!(started.elapsed() < std::time::Duration::from_secs(5));
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
