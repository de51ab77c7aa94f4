//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::ids::KeyId;
use domain::keys::{ApiKey, NewApiKey};
use domain::text::KeyName;
use domain::Timestamp;

/// stub
pub async fn create(ctx: &Ctx, actor: &Actor, name: KeyName, expires_at: Option<Timestamp>) -> Result<NewApiKey, Error> { todo!() }
/// stub
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<ApiKey>, Error> { todo!() }
/// stub
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: KeyId) -> Result<(), Error> { todo!() }
/// stub
pub async fn resolve(ctx: &Ctx, secret: &str, client: &Client) -> Result<Actor, Error> { todo!() }
