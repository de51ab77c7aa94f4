//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::redemptions::{Redemption, RedemptionQuery};
use domain::paging::Page;

/// stub
pub async fn list(ctx: &Ctx, actor: &Actor, query: &RedemptionQuery) -> Result<Page<Redemption>, Error> { todo!() }
