//! Verification of e-mail addresses.

use domain::accounts::{AccountStatus, Email};
use domain::ids::AccountId;
use domain::verification::{Activation, ActivationPreview, EmailChangePreview, Waiting};
use domain::web::Destination;

use crate::sessions::{Browser, NewSession};
use crate::{Actor, Client, Ctx, Error};

/// What an activation link is for. Does not use it: programs that check mail for malware open it, too.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`], [`domain::Code::RateLimited`].
pub async fn look(_ctx: &Ctx, _token: &str, _client: &Client) -> Result<ActivationPreview, Error> {
    Err(Error::unavailable())
}

/// Activates the account of a link and signs in: a new session of the browser, and where its invite leads, if anywhere.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`]; [`domain::Code::Invalid`] under `password` or `new_password`;
/// [`domain::Code::EmailTaken`] if another account has the address since; [`domain::Code::RateLimited`].
pub async fn activate(
    _ctx: &Ctx,
    _token: &str,
    _activation: Activation,
    _client: &Client,
    _browser: &Browser,
) -> Result<(NewSession, Option<Destination>), Error> {
    Err(Error::unavailable())
}

/// What the actor's account waits for.
///
/// # Errors
/// [`domain::Code::NotFound`] if it does not wait for its address to be verified.
pub async fn waiting(_ctx: &Ctx, _actor: &Actor) -> Result<Waiting, Error> {
    Err(Error::unavailable())
}

/// Has a link sent to the actor's address again.
///
/// # Errors
/// [`domain::Code::RateLimited`], [`domain::Code::MailOff`]; [`domain::Code::NotFound`] if its address is verified.
pub async fn resend(_ctx: &Ctx, _actor: &Actor) -> Result<(), Error> {
    Err(Error::unavailable())
}

/// Gives the actor's account, which waits, another address, and has a link sent there.
///
/// # Errors
/// [`domain::Code::Invalid`] under `email` for an address that its invite does not admit; those of [`resend`].
pub async fn change_address(_ctx: &Ctx, _actor: &Actor, _email: Email) -> Result<(), Error> {
    Err(Error::unavailable())
}

/// Has a link sent again to an account that is below the actor's. Returns its status.
///
/// # Errors
/// [`domain::Code::Forbidden`], also if its address is verified; [`domain::Code::NotFound`], [`domain::Code::MailOff`].
pub async fn resend_for(_ctx: &Ctx, _actor: &Actor, _id: AccountId) -> Result<AccountStatus, Error> {
    Err(Error::unavailable())
}

/// Marks the address of an account that is below the actor's as verified. Returns its status afterwards.
///
/// # Errors
/// [`domain::Code::Forbidden`], [`domain::Code::NotFound`]; [`domain::Code::EmailTaken`] if another account has the
/// address.
pub async fn mark_verified(_ctx: &Ctx, _actor: &Actor, _id: AccountId) -> Result<AccountStatus, Error> {
    Err(Error::unavailable())
}

/// What a link is for that confirms a new address. Does not use it.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`], [`domain::Code::RateLimited`].
pub async fn look_change(_ctx: &Ctx, _token: &str, _client: &Client) -> Result<EmailChangePreview, Error> {
    Err(Error::unavailable())
}

/// Gives an account the new address of a link. All of its sessions end.
///
/// # Errors
/// [`domain::Code::ActivationLinkInvalid`], [`domain::Code::EmailTaken`], [`domain::Code::RateLimited`].
pub async fn confirm_change(_ctx: &Ctx, _token: &str, _client: &Client) -> Result<(), Error> {
    Err(Error::unavailable())
}

/// Takes back that the actor asked for another address.
pub async fn cancel_change(_ctx: &Ctx, _actor: &Actor) -> Result<(), Error> {
    Err(Error::unavailable())
}
