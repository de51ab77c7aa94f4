//! `latchkey data-key`.

use super::args::DataKeyCommand;
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: DataKeyCommand) -> Outcome {
    match command {
        DataKeyCommand::Rotate => rotate(config).await,
    }
}

/// Rotates the data key. Does not use `open::with_ctx`, because no other connection may be open.
pub(super) async fn rotate(config: &Config) -> Outcome {
    let options = config.service_options(config.addr)?;
    let rotated = service::operations::rotation::rotate(&options).await.map_err(|error| error.to_string())?;
    eprintln!(
        "The data key is rotated; {} codes are encrypted with the new key. Copy the new key to the other servers and \
         to the location where you keep your copy. The old key is only needed for earlier backups. It is in\n{}",
        rotated.codes,
        rotated.old_key_file.display()
    );
    print::result(config.key_file.display())
}
