//! How an application knows accounts (OpenID Connect Core 1.0, section 8).

use data_encoding::BASE64URL_NOPAD;
use domain::applications::SubjectType;
use domain::ids::AccountId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::entity::Model;

/// The identifier of an account for an application.
pub(crate) fn subject(row: &Model, kind: SubjectType, account: AccountId) -> String {
    match kind {
        SubjectType::Public => account.to_string(),
        SubjectType::Pairwise => pseudonym(row, account.0),
    }
}

/// What stands for an id to one application alone.
pub(crate) fn pseudonym(row: &Model, id: Uuid) -> String {
    let hash = Sha256::new().chain_update(&row.subject_salt).chain_update(id.as_bytes());
    BASE64URL_NOPAD.encode(&hash.finalize())
}
