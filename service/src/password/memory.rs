//! What Argon2 works in: 19 MiB a hash, which cost as much to fetch from the system as a tenth of the hashing.

use std::sync::{Mutex, PoisonError};

use argon2::{Block, Params};

/// Memory that is used again. Whoever hashes has a permit, so that there are never more pieces than permits.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Vec<Piece>>);

/// Enough for one hash.
type Piece = Vec<Block>;

impl Memory {
    /// Lends `work` a piece. What is in it is what the last one left; Argon2 writes every block before it reads it.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let rested = self.rested().pop();
        let mut piece = rested.unwrap_or_else(|| vec![Block::new(); Params::DEFAULT.block_count()]);
        let worked = work(&mut piece);
        self.rested().push(piece);
        worked
    }

    /// Gives back to the system what nobody uses.
    pub(super) fn give_back(&self) {
        let rested = std::mem::take(&mut *self.rested());
        drop(rested);
    }

    fn rested(&self) -> std::sync::MutexGuard<'_, Vec<Piece>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
