//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use std::time::Duration;
use domain::accounts::Account;
use domain::ids::SessionId;
use domain::sessions::{Session, SignInDraft};

/// The cookie's value.
pub struct SessionToken(String);
impl SessionToken {
    /// The cookie's value.
    #[must_use]
    pub fn expose(&self) -> &str { &self.0 }
}
/// Cookie Max-Age.
pub const ABSOLUTE_LIFETIME: Duration = Duration::from_secs(30 * 86_400);
/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Signed { /// who
 pub actor: Actor, /// account
 pub account: Account }

/// stub
pub async fn sign_in(ctx: &Ctx, draft: &SignInDraft, client: &Client) -> Result<SessionToken, Error> { todo!() }
/// stub
pub async fn resolve(ctx: &Ctx, token: &str) -> Result<Option<Signed>, Error> { todo!() }
/// stub
pub async fn sign_out(ctx: &Ctx, actor: &Actor) -> Result<(), Error> { todo!() }
/// stub
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<Session>, Error> { todo!() }
/// stub
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), Error> { todo!() }
/// stub
pub async fn revoke_others(ctx: &Ctx, actor: &Actor) -> Result<u64, Error> { todo!() }
