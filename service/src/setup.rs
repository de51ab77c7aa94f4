//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::accounts::Account;
use domain::setup::Setup;
use crate::sessions::SessionToken;
/// Whether there is an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State { /// No owner yet.
 Open, /// There is one.
 Done }

/// stub
pub async fn state(ctx: &Ctx) -> Result<State, Error> { todo!() }
/// stub
pub async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<(), Error> { todo!() }
/// stub
pub async fn complete(ctx: &Ctx, token: &str, setup: Setup, client: &Client) -> Result<(Account, SessionToken), Error> { todo!() }
/// stub
pub async fn link(ctx: &Ctx) -> Result<String, Error> { todo!() }
