//! Argon2 in memory that is used again: 19 MiB a hash cost as much to fetch from the system as a tenth of the hashing.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Error, Result, Version as VersionId};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// [`Argon2`] for the traits of `password_hash`, with the same results. Whoever hashes has a permit, so that there are
/// never more pieces of memory than permits.
#[derive(Debug, Default)]
pub(super) struct PooledArgon2(Mutex<Vec<Buffer>>);

/// Enough for one hash.
type Buffer = Vec<Block>;

impl PooledArgon2 {
    /// Gives back to the system what nobody uses.
    pub(super) fn give_back(&self) {
        let rested = std::mem::take(&mut *self.rested());
        drop(rested);
    }

    /// Lends `work` a piece. What is in it is what the last one left: Argon2 writes every block before it reads it.
    fn with_buffer<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut piece = self.rested().pop().unwrap_or_default();
        piece.resize(blocks.max(piece.len()), Block::new());
        let worked = work(&mut piece);
        self.rested().push(piece);
        worked
    }

    fn rested(&self) -> std::sync::MutexGuard<'_, Vec<Buffer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CustomizedPasswordHasher<PasswordHash> for PooledArgon2 {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<VersionId>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let argon2 = Argon2::new(algorithm, version, params);
        let params = argon2.params();
        let mut hash = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let hash = hash.get_mut(..length).ok_or(Error::OutputSize)?;
        self.with_buffer(params.block_count(), |blocks| {
            argon2.hash_password_into_with_memory(password, salt, hash, blocks)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(params)?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(hash)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

    const SALT: &[u8; 16] = b"sixteen bytes of";

    #[test]
    fn memory_that_was_used_before_changes_nothing() {
        let ours = PooledArgon2::default();
        for (password, memory) in [("a bench by the window", 19_456), ("another one", 64), ("the same again", 19_456)] {
            let params = Params::new(memory, 2, 1, None).unwrap();
            let theirs = Argon2::from(params.clone()).hash_password_with_salt(password.as_bytes(), SALT).unwrap();
            let hash = ours.hash_password_with_params(password.as_bytes(), SALT, params).unwrap();
            assert_eq!(hash.to_string(), theirs.to_string());
            assert_eq!(ours.verify_password(password.as_bytes(), &theirs), Ok(()));
            assert_eq!(ours.verify_password(b"wrong", &theirs), Err(Error::PasswordInvalid));
        }
        assert_eq!(ours.rested().len(), 1);
        ours.give_back();
        assert_eq!(ours.rested().len(), 0);
    }
}
