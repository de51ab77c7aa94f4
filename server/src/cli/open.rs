//! Opens what a command works on.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use domain::Failure;
use service::Ctx;

use super::{Outcome, private};
use crate::config::Config;

/// Runs `work` on the configured database and closes it afterwards.
pub(super) async fn with(config: &Config, work: impl AsyncFnOnce(&Ctx) -> Outcome) -> Outcome {
    prepare(config)?;
    let ctx = Ctx::open(config.service_options(config.addr)?).await.map_err(|error| error.to_string())?;
    let outcome = work(&ctx).await;
    ctx.close().await;
    outcome
}

/// Makes the data folder, sees to it that it is for its owner alone, and says in words what is wrong with it.
pub(super) fn prepare(config: &Config) -> Outcome {
    make(&config.data_dir)?;
    private::protect(&config.data_dir, &config.key_file)
}

fn make(data_dir: &Path) -> Outcome {
    let wrong = |what: &str, error: std::io::Error| {
        format!(
            "The data folder {} {what}: {error}. Choose another with --data-dir, or give this user the right to it.",
            data_dir.display()
        )
    };
    if !data_dir.exists() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data_dir)
            .map_err(|error| wrong("can't be made", error))?;
    }
    fs::read_dir(data_dir).map_err(|error| wrong("can't be read", error))?;
    Ok(())
}

/// A failure for the operator: its message, or all of its fields.
pub(super) fn say(failure: &Failure) -> String {
    match failure.fields.as_slice() {
        [] | [_] => failure.message.clone(),
        fields => {
            let lines: Vec<_> = fields.iter().map(|wrong| format!("\n  {}: {}", wrong.field, wrong.message)).collect();
            format!("{}{}", failure.message, lines.concat())
        }
    }
}

/// The same for whatever a use-case failed with.
pub(super) fn say_error(error: service::Error) -> String {
    match error {
        service::Error::Failure(failure) => say(&failure),
        service::Error::Internal(error) => format!("Something broke on our side: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_data_folder_is_made_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("deep/data");
        make(&data).unwrap();
        assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
        make(&data).unwrap();
    }

    #[test]
    fn what_is_no_folder_is_said_in_words() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let message = make(file.path()).unwrap_err();
        assert!(message.contains("--data-dir"), "{message}");
    }
}
