//! `latchkey data-key`.

use super::args::DataKeyCommand;
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: DataKeyCommand) -> Outcome {
    match command {
        DataKeyCommand::Rotate => rotate(config).await,
    }
}

/// Not by `open::with`: no connection but the one that rotates may be there.
pub(super) async fn rotate(config: &Config) -> Outcome {
    let options = config.service_options(config.addr)?;
    let rotated = service::operations::rotation::rotate(&options).await.map_err(|error| error.to_string())?;
    eprintln!(
        "The data key is a new one; {} codes were sealed anew. Copy it to where the other servers have theirs, and to \
         where you keep it apart. The one before opens the backups made before, and nothing else: it is in\n{}",
        rotated.codes,
        rotated.old_key_file.display()
    );
    print::result(config.key_file.display())
}
