//! The proof of an address: the token in the link of an invitation's mail, which only those have who read mail there.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{AccountId, InviteId};
use domain::signup::AddressProof;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Admission;
use crate::accounts::activations;
use crate::accounts::entity::Model;
use crate::accounts::store as accounts;
use crate::mailings::store as mailings;
use crate::{Ctx, Error};

/// Whether somebody who signs up with the code of an invite has the link of a mail that brought this invite to this address.
/// That of an invitation that was revoked, or by which somebody joined, proves nothing; an account whose address nobody has
/// verified does not count as having joined.
pub(super) async fn proves(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    admission: Admission,
    email: &Email,
    proof: Option<&AddressProof>,
) -> Result<bool, Error> {
    let (Admission::Invite { id: InviteId(invite), by_code: true }, Some(proof)) = (admission, proof) else {
        return Ok(false);
    };
    let folded = email.folded();
    for sent in mailings::sent_to(db, InviteId(invite), &folded).await? {
        if ctx.keyring().is_address_proof(proof.as_str(), (sent.id, invite), &folded) {
            let joined = match sent.account_id {
                Some(account) => accounts::find(db, AccountId(account)).await?,
                None => None,
            };
            return Ok(joined.is_none_or(|account| account.activate_by.is_some()));
        }
    }
    Ok(false)
}

/// Records that the address of an account that was just created, which has it, is verified. Those of `claimants` that still wait
/// for it lapse.
pub(super) async fn verify(
    db: &impl ConnectionTrait,
    account: Model,
    claimants: Vec<Uuid>,
    now: Timestamp,
) -> Result<Model, Error> {
    accounts::verify(db, &account, now).await?;
    activations::lapse_others(db, (&account.email_folded, claimants), AccountId(account.id), now).await?;
    Ok(Model { email_verified_at: Some(now.as_micros()), ..account })
}
