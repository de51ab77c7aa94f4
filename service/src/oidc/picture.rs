//! The address of a member's picture for one application, which fetches it without a session. Nobody can guess it, and it ends with the
//! picture, with the access of the account, and with the application.

use data_encoding::BASE64URL_NOPAD;
use domain::Failure;
use domain::accounts::{Account, AccountStatus};
use domain::applications::SubjectType;
use domain::ids::AccountId;
use domain::pictures::PictureVersion;
use subtle::ConstantTimeEq;

use super::client::{self, Client};
use crate::accounts::store as accounts;
use crate::applications::store as applications;
use crate::pictures::{self, Picture};
use crate::{Ctx, Error};

/// The path below which pictures are.
pub const PICTURES: &str = "/oidc/pictures";

/// The address of the picture of an account, if it has one. It names the account by its id, so that an application that gets an
/// identifier of its own is given none.
pub(super) fn address(ctx: &Ctx, client: &Client, account: &Account) -> Option<String> {
    let version = account.picture?;
    if client.terms.subject == SubjectType::Pairwise {
        return None;
    }
    let proof = BASE64URL_NOPAD.encode(&mac(ctx, client, account.id, version));
    Some(format!("{}{PICTURES}/{}/{}/{version}/{proof}", ctx.public_url(), client.id(), account.id))
}

fn mac(ctx: &Ctx, client: &Client, account: AccountId, version: PictureVersion) -> Vec<u8> {
    let version = version.as_micros().to_be_bytes();
    let (client, account) = (client.id().0, account.0);
    ctx.keyring().proof_hash(&[b"oidc picture", client.as_bytes(), account.as_bytes(), &version])
}

/// The picture with this address: the client id, the id of the account, the version of the picture, and the proof.
///
/// # Errors
/// [`domain::Code::NotFound`], whatever is wrong: also if the account may not enter the application any more.
pub async fn picture(ctx: &Ctx, [client, account, version, proof]: [&str; 4]) -> Result<Picture, Error> {
    let missing = || Error::from(Failure::not_found("picture"));
    let db = &ctx.db().read;
    let account: AccountId = account.parse().map_err(|_| missing())?;
    let version: PictureVersion = version.parse().map_err(|_| missing())?;
    let proof = BASE64URL_NOPAD.decode(proof.as_bytes()).map_err(|_| missing())?;
    let client = client::find(db, client).await?.ok_or_else(missing)?;
    if !bool::from(proof.ct_eq(&mac(ctx, &client, account, version))) {
        return Err(missing());
    }
    let now = ctx.now();
    let row = accounts::find(db, account).await?.ok_or_else(missing)?;
    let is_active = accounts::account(&row, now)?.status == AccountStatus::Active;
    if !is_active || !applications::is_admitted(db, client.id(), account, now).await? {
        return Err(missing());
    }
    pictures::of_version(ctx, account, version).await
}
