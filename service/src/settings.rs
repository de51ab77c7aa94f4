//! stub: being written
#![allow(unused, clippy::all, clippy::pedantic)]
use crate::{Actor, Client, Ctx, Error};
use domain::settings::{RegistrationMode, Settings, SettingsPatch};
use domain::text::SiteName;
/// What everyone may know.
#[derive(Clone, Debug)]
pub struct PublicSettings { /// name
 pub site_name: SiteName, /// mode
 pub registration_mode: RegistrationMode }

/// stub
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Settings, Error> { todo!() }
/// stub
pub async fn update(ctx: &Ctx, actor: &Actor, patch: SettingsPatch) -> Result<Settings, Error> { todo!() }
/// stub
pub async fn public(ctx: &Ctx) -> Result<PublicSettings, Error> { todo!() }
