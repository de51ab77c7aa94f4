//! How many pictures are on their way at once, and how many are decoded: both need memory.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::AccountId;
use domain::{Code, Failure};
use tokio::sync::Semaphore;

use super::remake::remake;
use crate::Error;

/// The maximum number of files that are on their way at once, of at most [`domain::pictures::MAX_BYTES`] each.
const MOST: usize = 32;

/// The longest wait of a file for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The files that are on their way, one for each account, and the permit to decode one. Decoding needs up to some
/// hundred MiB, so that one picture is decoded at a time; most take some hundredths of a second.
#[derive(Debug)]
pub(crate) struct Pictures {
    senders: Arc<Mutex<HashSet<AccountId>>>,
    decoder: Arc<Semaphore>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { senders: Arc::default(), decoder: Arc::new(Semaphore::new(1)) }
    }
}

/// The permission to send one file. Held until it is saved, or refused.
#[derive(Debug)]
pub struct Upload {
    senders: Arc<Mutex<HashSet<AccountId>>>,
    sender: AccountId,
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.sender);
    }
}

impl Pictures {
    /// Lets `sender` send a file.
    ///
    /// # Errors
    /// [`Code::RateLimited`] while it sends another one; [`Code::Unavailable`] while too many do.
    pub(super) fn admit(&self, sender: AccountId) -> Result<Upload, Error> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if senders.contains(&sender) {
            let why = "A picture is already being uploaded. Try again when it is done.";
            return Err(Failure::new(Code::RateLimited, why).retry_after(5).into());
        }
        if senders.len() >= MOST {
            return Err(Error::unavailable());
        }
        senders.insert(sender);
        Ok(Upload { senders: Arc::clone(&self.senders), sender })
    }

    /// What is stored of a file, made on a thread of its own. The permit is held until that is done, also if the client
    /// disconnects.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `picture`; [`Code::Unavailable`] if it waits too long for its turn.
    pub(super) async fn remake(&self, file: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.remake_within(LONGEST_WAIT, file).await
    }

    async fn remake_within(&self, wait: Duration, file: Vec<u8>) -> Result<Vec<u8>, Error> {
        let permit = tokio::time::timeout(wait, Arc::clone(&self.decoder).acquire_owned()).await;
        let permit = permit.map_err(|_| Error::unavailable())?.map_err(Error::internal)?;
        let remake = move || {
            let made = remake(&file);
            drop(permit);
            made
        };
        Ok(tokio::task::spawn_blocking(remake).await.map_err(Error::internal)??)
    }

    /// Takes the permit until the result is dropped.
    #[cfg(test)]
    pub(super) async fn hold(&self) -> tokio::sync::OwnedSemaphorePermit {
        Arc::clone(&self.decoder).acquire_owned().await.unwrap()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::testing::failure;

    fn account(number: usize) -> AccountId {
        AccountId(Uuid::from_u128(number as u128))
    }

    #[test]
    fn each_account_sends_one_file_at_a_time_and_few_do_at_once() {
        let pictures = Pictures::default();
        let mut uploads: Vec<_> = (0..MOST).map(|number| pictures.admit(account(number)).unwrap()).collect();
        assert_eq!(failure(pictures.admit(account(0))).code, Code::RateLimited);
        assert_eq!(failure(pictures.admit(account(MOST))).code, Code::Unavailable);
        uploads.remove(0);
        let again = pictures.admit(account(0)).unwrap();
        drop(again);
        assert!(pictures.admit(account(MOST)).is_ok());
    }

    #[tokio::test]
    async fn a_file_does_not_wait_for_ever_to_be_decoded() {
        let pictures = Pictures::default();
        let held = pictures.hold().await;
        assert_eq!(failure(pictures.remake_within(Duration::from_millis(1), Vec::new()).await).code, Code::Unavailable);
        drop(held);
        assert_eq!(failure(pictures.remake(Vec::new()).await).code, Code::Invalid);
        assert_eq!(pictures.decoder.available_permits(), 1, "the permit is given back");
    }
}
