//! `latchkey key`.

use std::time::Duration;

use domain::text::KeyName;

use super::args::KeyCommand;
use super::open::{describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: KeyCommand) -> Outcome {
    match command {
        KeyCommand::Create { account, name, scope, expires_at, expires_in_days } => {
            let name = KeyName::parse(&name).map_err(|wrong| format!("Name: {wrong}"))?;
            with_ctx(config, async |ctx| {
                let days = expires_in_days.map(|days| Duration::from_hours(u64::from(days) * 24));
                let expires_at = expires_at.or_else(|| days.map(|days| ctx.now().plus(days)));
                let new = service::operations::operator::create_key(ctx, &account, name, scope, expires_at)
                    .await
                    .map_err(describe_error)?;
                print::result(new.secret)
            })
            .await
        }
        KeyCommand::Rotate => super::data_key::rotate(config).await,
        KeyCommand::Revoke { key } => {
            with_ctx(config, async |ctx| {
                service::operations::operator::revoke_key(ctx, &key).await.map_err(describe_error)?;
                eprintln!("The key is revoked.");
                Ok(())
            })
            .await
        }
    }
}
