//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::accounts::{Account, NewAccount, Password};
use domain::keys::NewApiKey;
use domain::text::KeyName;

/// stub
pub async fn create_account(ctx: &Ctx, new: NewAccount) -> Result<Account, Error> { todo!() }
/// stub
pub async fn set_password(ctx: &Ctx, account: &str, password: Password) -> Result<(), Error> { todo!() }
/// stub
pub async fn create_key(ctx: &Ctx, account: &str, name: KeyName) -> Result<NewApiKey, Error> { todo!() }
/// stub
pub async fn revoke_key(ctx: &Ctx, secret_or_id: &str) -> Result<(), Error> { todo!() }
/// stub
pub async fn act_as(ctx: &Ctx, account: Option<&str>) -> Result<Actor, Error> { todo!() }
