//! One lock per invite: sign-ups by the same invite wait for each other here instead of in the connection pool.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::ids::InviteId;
use tokio::sync::OwnedMutexGuard;

/// The locks that are held or waited for.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<InviteId, Weak<tokio::sync::Mutex<()>>>>);

impl Gates {
    /// Waits for the lock of `invite`, in order of arrival; it is held until the guard is dropped.
    pub(crate) async fn pass(&self, invite: InviteId) -> OwnedMutexGuard<()> {
        let gate = {
            let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            gates.retain(|id, gate| *id == invite || gate.strong_count() > 0);
            if let Some(gate) = gates.get(&invite).and_then(Weak::upgrade) {
                gate
            } else {
                let gate = Arc::default();
                gates.insert(invite, Arc::downgrade(&gate));
                gate
            }
        };
        gate.lock_owned().await
    }
}
