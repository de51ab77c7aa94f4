//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};

/// stub
pub async fn ready(ctx: &Ctx) -> Result<(), String> { todo!() }
