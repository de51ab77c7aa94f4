//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::signup::{AttemptKey, SignUp, SignedUp};
use crate::sessions::SessionToken;

/// stub
pub async fn sign_up(ctx: &Ctx, sign_up: SignUp, key: Option<AttemptKey>, client: &Client) -> Result<SignedUp, Error> { todo!() }
/// stub
pub async fn sign_up_and_in(ctx: &Ctx, sign_up: SignUp, key: Option<AttemptKey>, client: &Client) -> Result<(SignedUp, Option<SessionToken>), Error> { todo!() }
