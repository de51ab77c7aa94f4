//! Opens the data folder and the database for a command.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use domain::Failure;
use service::Ctx;

use super::{Outcome, private};
use crate::config::Config;

/// Opens the configured database, runs `work`, and closes the database.
pub(super) async fn with_ctx(config: &Config, work: impl AsyncFnOnce(&Ctx) -> Outcome) -> Outcome {
    prepare(config)?;
    let ctx = Ctx::open(config.service_options(config.addr)?).await.map_err(|error| error.to_string())?;
    let outcome = work(&ctx).await;
    ctx.close().await;
    outcome
}

/// Creates the data folder if it does not exist, and removes access for other users from it and from the data key.
///
/// # Errors
/// The folder cannot be created or read, or other users have access that this user cannot remove.
pub(super) fn prepare(config: &Config) -> Outcome {
    create(&config.data_dir)?;
    private::protect(&config.data_dir, &config.key_file)
}

fn create(data_dir: &Path) -> Outcome {
    let wrong = |action: &str, error: std::io::Error| {
        format!(
            "Cannot {action} the data folder {}: {error}. Choose another with --data-dir, or give this user access.",
            data_dir.display()
        )
    };
    if !data_dir.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(|error| wrong("create", error))?;
    }
    fs::read_dir(data_dir).map_err(|error| wrong("read", error))?;
    Ok(())
}

/// Formats a failure for the operator: its message, and its fields if there are several.
pub(super) fn describe(failure: &Failure) -> String {
    match failure.fields.as_slice() {
        [] | [_] => failure.message.clone(),
        fields => {
            let lines: Vec<_> = fields.iter().map(|wrong| format!("\n  {}: {}", wrong.field, wrong.message)).collect();
            format!("{}{}", failure.message, lines.concat())
        }
    }
}

/// Formats any error of a use case for the operator.
pub(super) fn describe_error(error: service::Error) -> String {
    match error {
        service::Error::Failure(failure) => describe(&failure),
        service::Error::Unavailable(cause) => format!("The database is not available: {cause}"),
        service::Error::Internal(error) => format!("Internal error: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_data_folder_is_created_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("deep/data");
        create(&data).unwrap();
        assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
        create(&data).unwrap();
    }

    #[test]
    fn a_file_in_place_of_the_data_folder_is_reported() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let message = create(file.path()).unwrap_err();
        assert!(message.contains("--data-dir"), "{message}");
    }
}
