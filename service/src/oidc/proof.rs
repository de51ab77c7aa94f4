//! Proof of when something was asked: a request that asks the member to sign in again, or to agree again, is met by what they
//! did since. It travels in the address to which the sign-in page returns, so that nothing is stored for it.

use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use subtle::ConstantTimeEq;

use crate::Ctx;

/// A proof that something was asked now.
pub(super) fn issue(ctx: &Ctx) -> String {
    let now = ctx.now().as_micros();
    format!("{now}.{}", BASE64URL_NOPAD.encode(&mac(ctx, now)))
}

/// When that was; `None` for what this site did not issue.
pub(super) fn asked_at(ctx: &Ctx, proof: &str) -> Option<Timestamp> {
    let (at, sent) = proof.split_once('.')?;
    let at: i64 = at.parse().ok()?;
    let sent = BASE64URL_NOPAD.decode(sent.as_bytes()).ok()?;
    bool::from(sent.ct_eq(&mac(ctx, at))).then_some(Timestamp::from_micros(at))
}

fn mac(ctx: &Ctx, at: i64) -> Vec<u8> {
    ctx.keyring().proof_hash(&[b"oidc asked", &at.to_be_bytes()])
}
