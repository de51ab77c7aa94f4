//! One lock per invite: concurrent sign-ups with the same invite wait here and do not occupy database connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::ids::InviteId;
use tokio::sync::OwnedMutexGuard;

/// The locks that are held or waited for, by invite.
#[derive(Debug, Default)]
pub(crate) struct InviteLocks(Mutex<HashMap<InviteId, Weak<tokio::sync::Mutex<()>>>>);

impl InviteLocks {
    /// Waits for the lock of `invite`, in order of arrival. The lock is held until the guard is dropped.
    pub(crate) async fn lock(&self, invite: InviteId) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|id, lock| *id == invite || lock.strong_count() > 0);
            if let Some(lock) = locks.get(&invite).and_then(Weak::upgrade) {
                lock
            } else {
                let lock = Arc::default();
                locks.insert(invite, Arc::downgrade(&lock));
                lock
            }
        };
        lock.lock_owned().await
    }
}
