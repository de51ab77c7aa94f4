//! What Latchkey does: one use-case per function. (Skeleton: bodies are being written.)
#![allow(unused, clippy::all, clippy::pedantic, missing_docs)]
pub mod accounts;
pub mod health;
pub mod invites;
pub mod keys;
pub mod operator;
pub mod overview;
pub mod redemptions;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;

use std::net::IpAddr;
use std::path::PathBuf;
use domain::accounts::Role;
use domain::ids::*;
use domain::settings::RegistrationMode;
use domain::{Failure, Timestamp};

#[derive(Clone)]
pub struct Ctx;
#[derive(Clone, Debug)]
pub struct Options { pub database_url: String, pub key_file: PathBuf, pub public_url: String, pub registration_mode: Option<RegistrationMode>, pub rate_limits: bool }
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);
impl Ctx {
    pub async fn open(options: Options) -> Result<Ctx, OpenError> { todo!() }
    pub fn now(&self) -> Timestamp { todo!() }
    pub fn public_url(&self) -> &str { todo!() }
    pub async fn close(&self) { todo!() }
}
#[derive(Clone, Debug)]
pub struct Actor { pub account: AccountId, pub role: Role, pub via: Via }
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via { Session(SessionId), ApiKey(KeyId), Operator }
#[derive(Clone, Debug, Default)]
pub struct Client { pub ip: Option<IpAddr>, pub user_agent: Option<String> }
#[derive(Debug, thiserror::Error)]
pub enum Error { #[error(transparent)] Failure(#[from] Failure), #[error(transparent)] Internal(#[from] InternalError) }
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InternalError(String);
