//! Proof of when something was asked: a request that asks the member to sign in again, or to agree again, is met by what they
//! did since. It travels in the address to which the sign-in page returns, so that nothing is stored for it, and counts for the
//! request for which it was made alone.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use subtle::ConstantTimeEq;

use super::request::AuthorizationRequest;
use crate::Ctx;

/// How long a proof counts: as long as somebody takes to sign in.
pub(super) const LIFETIME: Duration = Duration::from_hours(1);

/// A proof that something was asked now, for this request.
pub(super) fn issue(ctx: &Ctx, request: &AuthorizationRequest) -> String {
    let now = ctx.now().as_micros();
    format!("{now}.{}", BASE64URL_NOPAD.encode(&mac(ctx, now, request)))
}

/// When that was; `None` for what this site did not issue for this request, or too long ago.
pub(super) fn asked_at(ctx: &Ctx, request: &AuthorizationRequest, proof: &str) -> Option<Timestamp> {
    let (at, sent) = proof.split_once('.')?;
    let at: i64 = at.parse().ok()?;
    let sent = BASE64URL_NOPAD.decode(sent.as_bytes()).ok()?;
    let issued = bool::from(sent.ct_eq(&mac(ctx, at, request)));
    let at = Timestamp::from_micros(at);
    (issued && ctx.now() < at.plus(LIFETIME)).then_some(at)
}

fn mac(ctx: &Ctx, at: i64, request: &AuthorizationRequest) -> Vec<u8> {
    let at = at.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![b"oidc asked", &at];
    for value in request.values() {
        // What is left out is told apart from what is empty.
        parts.push(if value.is_some() { b"1" } else { b"0" });
        parts.push(value.unwrap_or_default().as_bytes());
    }
    ctx.keyring().proof_hash(&parts)
}
