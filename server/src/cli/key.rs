//! `latchkey key`.

use domain::text::KeyName;

use super::args::KeyCommand;
use super::open::{describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: KeyCommand) -> Outcome {
    match command {
        KeyCommand::Create { account, name, scope } => {
            let name = KeyName::parse(&name).map_err(|wrong| format!("Name: {wrong}"))?;
            with_ctx(config, async |ctx| {
                let new = service::operations::operator::create_key(ctx, &account, name, scope)
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
