//! Argon2 with reused memory: allocating 19 MiB per hash would take a tenth of the time of hashing.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Error, Result, Version as VersionId};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// [`Argon2`] for the traits of `password_hash`, with the same results. There are never more buffers
/// than threads that hash.
#[derive(Debug, Default)]
pub(super) struct PooledArgon2(Mutex<Vec<Buffer>>);

/// The memory of one hash.
type Buffer = Vec<Block>;

impl PooledArgon2 {
    /// Returns unused memory to the system.
    pub(super) fn free_unused(&self) {
        let unused = std::mem::take(&mut *self.unused());
        drop(unused);
    }

    /// Runs `work` with a buffer. It still has the content of the previous hash, because Argon2 writes every block before it
    /// reads it.
    fn with_buffer<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let mut buffer = self.unused().pop().unwrap_or_default();
        buffer.resize(blocks.max(buffer.len()), Block::new());
        let result = work(&mut buffer);
        self.unused().push(buffer);
        result
    }

    fn unused(&self) -> std::sync::MutexGuard<'_, Vec<Buffer>> {
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
    fn reused_memory_does_not_change_the_hash() {
        let ours = PooledArgon2::default();
        for (password, memory) in [("a bench by the window", 19_456), ("another one", 64), ("the same again", 19_456)] {
            let params = Params::new(memory, 2, 1, None).unwrap();
            let theirs = Argon2::from(params.clone()).hash_password_with_salt(password.as_bytes(), SALT).unwrap();
            let hash = ours.hash_password_with_params(password.as_bytes(), SALT, params).unwrap();
            assert_eq!(hash.to_string(), theirs.to_string());
            assert_eq!(ours.verify_password(password.as_bytes(), &theirs), Ok(()));
            assert_eq!(ours.verify_password(b"wrong", &theirs), Err(Error::PasswordInvalid));
        }
        assert_eq!(ours.unused().len(), 1);
        ours.free_unused();
        assert_eq!(ours.unused().len(), 0);
    }
}
