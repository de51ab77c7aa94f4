//! The one-time setup link of the first owner. It gives full access to the installation, so it is shown to a person and
//! not written to a log.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use service::Ctx;
use service::setup::State;

use super::open::{describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

/// `latchkey setup-link`. Prints the link in any case, because the caller has access to the data anyway.
pub(super) async fn run(config: &Config) -> Outcome {
    with_ctx(config, async |ctx| {
        let link = service::setup::link(ctx).await.map_err(describe_error)?;
        print::result(link)
    })
    .await
}

/// The file to which a server without a terminal writes the link.
pub(super) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("setup-link.txt")
}

/// Prints the link or writes it to its file if there is no owner yet; otherwise removes the file.
pub(super) async fn announce(ctx: &Ctx, data_dir: &Path, print_anywhere: bool) -> Outcome {
    let path = file(data_dir);
    match service::setup::state(ctx).await.map_err(describe_error)? {
        State::Done => match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "cannot remove the used setup link {}", path.display());
            }
            _ => {}
        },
        State::Open => {
            let link = service::setup::link(ctx).await.map_err(describe_error)?;
            let message =
                format!("This site has no owner yet. Open this link within 24 hours to set it up:\n\n  {link}\n");
            if stdout().is_terminal() || print_anywhere {
                print::result(message)?;
            } else if stderr().is_terminal() {
                eprintln!("{message}");
            } else {
                write_private(&path, &link).map_err(|error| {
                    format!(
                        "Cannot write {}: {error}. Give this user write access to the data folder, and make sure that \
                         the disk has room.",
                        path.display()
                    )
                })?;
                print::result(format_args!(
                    "This site has no owner yet. The setup link is in {}; `latchkey setup-link` prints a new one.",
                    path.display()
                ))?;
            }
        }
    }
    Ok(())
}

/// Writes the link to a new file with mode 0600. An existing file is not reused, because another process may have it
/// open.
fn write_private(path: &Path, link: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{link}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_readable_by_its_owner_only_and_contains_only_the_newest_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        fs::write(&path, "an older and longer one, readable by all\n").unwrap();
        write_private(&path, "http://localhost/setup?token=x").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "http://localhost/setup?token=x\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
