//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::invites::{Invite, InvitePatch, InviteQuery, NewInvite};
use domain::ids::InviteId;
use domain::paging::Page;
use domain::signup::Lookup;

/// stub
pub async fn create(ctx: &Ctx, actor: &Actor, new: NewInvite) -> Result<Invite, Error> { todo!() }
/// stub
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InviteQuery) -> Result<Page<Invite>, Error> { todo!() }
/// stub
pub async fn get(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> { todo!() }
/// stub
pub async fn update(ctx: &Ctx, actor: &Actor, id: InviteId, patch: InvitePatch) -> Result<Invite, Error> { todo!() }
/// stub
pub async fn pause(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> { todo!() }
/// stub
pub async fn resume(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> { todo!() }
/// stub
pub async fn delete(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<(), Error> { todo!() }
/// stub
pub async fn lookup(ctx: &Ctx, code: &str, client: &Client) -> Result<Lookup, Error> { todo!() }
