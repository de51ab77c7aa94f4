//! What members are asked at sign-in: to accept terms, before they get the session. Until then the browser has a proof that they
//! signed in, and nothing else has to know of sessions that wait.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::events::Event;
use domain::flows::{CurrentTerms, TypedTerms, accept};
use domain::ids::AccountId;
use domain::sessions::SignInDraft;
use domain::{Code, Failure, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Browser, NewSession, begin, refuse_blocked, verified};
use crate::accounts::entity::Model;
use crate::accounts::store::{self as accounts, Verified};
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::terms::store as terms;
use crate::{Client, Ctx, Error};

/// The time for which a proof is accepted.
const PROOF_LASTS: Duration = Duration::from_mins(10);
/// The bytes of a proof before its authentication code: the account, its epoch and the instant.
const PROOF_BYTES: usize = 16 + 8 + 8;

/// The outcome of signing in with the right password.
#[derive(Clone, Debug)]
pub enum SignedIn {
    /// The session has begun.
    Session(NewSession),
    /// Terms are to be accepted first.
    Asked(AskedAtSignIn),
}

/// What somebody is asked who signed in.
#[derive(Clone, Debug)]
pub struct AskedAtSignIn {
    /// What [`accept_and_sign_in`] needs. The page has it in a hidden field.
    pub proof: String,
    /// The terms to accept, by name.
    pub terms: Vec<CurrentTerms>,
}

/// [`super::sign_in_again`], which asks first if a member has to accept terms.
///
/// # Errors
/// Those of [`super::sign_in`].
pub async fn sign_in_or_ask(
    ctx: &Ctx,
    draft: &SignInDraft,
    client: &Client,
    browser: &Browser,
) -> Result<SignedIn, Error> {
    let account = verified(ctx, draft, client).await?;
    let due = terms::due(&ctx.db().read, AccountId(account.id)).await?;
    if due.is_empty() {
        return sign_in_now(ctx, &account, client, browser).await.map(SignedIn::Session);
    }
    Ok(SignedIn::Asked(AskedAtSignIn { proof: prove(ctx, &account), terms: due }))
}

/// What somebody is asked who has this proof: nothing, if they have accepted it meanwhile.
///
/// # Errors
/// [`Code::SignInFailed`] if it is no proof, or not any more.
pub async fn asked(ctx: &Ctx, proof: &str) -> Result<AskedAtSignIn, Error> {
    let account = proven(ctx, proof).await?;
    let due = terms::due(&ctx.db().read, AccountId(account.id)).await?;
    Ok(AskedAtSignIn { proof: proof.to_owned(), terms: due })
}

/// Accepts what is asked, and begins the session.
///
/// # Errors
/// [`Code::Invalid`] under `terms.ID`; those of [`asked`].
pub async fn accept_and_sign_in(
    ctx: &Ctx,
    proof: &str,
    typed: &TypedTerms,
    client: &Client,
    browser: &Browser,
) -> Result<NewSession, Error> {
    let account = proven(ctx, proof).await?;
    let (id, now) = (AccountId(account.id), ctx.now());
    let tx = tx::begin(ctx).await?;
    let locked = Verified::by_password(&account).lock(&tx).await?.ok_or_else(over)?;
    refuse_blocked(&locked, now)?;
    let accepted = accept(&terms::due(&tx, id).await?, typed)?;
    terms::accept(&tx, id, &accepted, now).await?;
    for (terms, number) in accepted {
        let event = Event::TermsAccepted { account: id, terms, number };
        audit::record(&tx, ctx, now, Originator::Visitor(client), &event).await?;
    }
    tx.commit().await?;
    sign_in_now(ctx, &account, client, browser).await
}

async fn sign_in_now(ctx: &Ctx, account: &Model, client: &Client, browser: &Browser) -> Result<NewSession, Error> {
    let event = Event::SignedIn { account: AccountId(account.id), replaced: browser.session };
    begin(ctx, &Verified::by_password(account), &event, client, browser).await
}

/// A proof that somebody knows the password of an account now. A new epoch of the account ends it.
fn prove(ctx: &Ctx, account: &Model) -> String {
    let said =
        [account.id.as_bytes().as_slice(), &account.auth_epoch.to_be_bytes(), &ctx.now().as_micros().to_be_bytes()]
            .concat();
    let code = ctx.keyring().proof_hash(&[b"sign-in", &said]);
    BASE64URL_NOPAD.encode(&[said, code].concat())
}

/// The account of a proof.
async fn proven(ctx: &Ctx, proof: &str) -> Result<Model, Error> {
    let (id, epoch, at) = read_proof(ctx, proof).ok_or_else(over)?;
    let now = ctx.now();
    if at.plus(PROOF_LASTS) <= now {
        return Err(over().into());
    }
    let account = accounts::find(&ctx.db().read, id).await?.filter(|row| row.auth_epoch == epoch).ok_or_else(over)?;
    refuse_blocked(&account, now)?;
    Ok(account)
}

fn read_proof(ctx: &Ctx, proof: &str) -> Option<(AccountId, i64, Timestamp)> {
    let bytes = BASE64URL_NOPAD.decode(proof.as_bytes()).ok()?;
    let (said, code) = bytes.split_at_checked(PROOF_BYTES)?;
    if !bool::from(ctx.keyring().proof_hash(&[b"sign-in", said]).ct_eq(code)) {
        return None;
    }
    let (id, rest) = said.split_first_chunk::<16>()?;
    let (epoch, at) = rest.split_first_chunk::<8>()?;
    let at = i64::from_be_bytes(at.try_into().ok()?);
    Some((AccountId(Uuid::from_bytes(*id)), i64::from_be_bytes(*epoch), Timestamp::from_micros(at)))
}

fn over() -> Failure {
    Failure::new(Code::SignInFailed, "You signed in too long ago, or your account has changed. Sign in again.")
}
