//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::overview::Overview;

/// stub
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Overview, Error> { todo!() }
