//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::accounts::*;
use domain::ids::AccountId;
use domain::text::DisplayName;
use domain::paging::Page;

/// stub
pub async fn list(ctx: &Ctx, actor: &Actor, query: &AccountQuery) -> Result<Page<AccountRow>, Error> { todo!() }
/// stub
pub async fn suspend(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> { todo!() }
/// stub
pub async fn restore(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> { todo!() }
/// stub
pub async fn approve(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> { todo!() }
/// stub
pub async fn viewer(ctx: &Ctx, actor: &Actor) -> Result<Viewer, Error> { todo!() }
/// stub
pub async fn rename(ctx: &Ctx, actor: &Actor, name: Option<DisplayName>) -> Result<Account, Error> { todo!() }
/// stub
pub async fn change_password(ctx: &Ctx, actor: &Actor, change: &PasswordChange) -> Result<(), Error> { todo!() }
