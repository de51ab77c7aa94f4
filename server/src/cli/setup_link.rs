//! The one-time link by which the first owner sets the place up: it is worth the whole installation, so that it goes
//! to a person and not into a log.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use service::Ctx;
use service::setup::State;

use super::open::{say_error, with};
use super::{Outcome, print};
use crate::config::Config;

/// `latchkey setup-link`: whoever can run it holds the data, so that the link is printed wherever they are.
pub(super) async fn run(config: &Config) -> Outcome {
    with(config, async |ctx| {
        let link = service::setup::link(ctx).await.map_err(say_error)?;
        print::result(link)
    })
    .await
}

/// Where a server without a terminal leaves the link.
pub(super) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("setup-link.txt")
}

/// Says the link while there is no owner; removes what is left of it when there is one.
pub(super) async fn announce(ctx: &Ctx, data_dir: &Path, print_anywhere: bool) -> Outcome {
    let path = file(data_dir);
    match service::setup::state(ctx).await.map_err(say_error)? {
        State::Done => match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the used setup link {} can't be removed", path.display());
            }
            _ => {}
        },
        State::Open => {
            let link = service::setup::link(ctx).await.map_err(say_error)?;
            let words =
                format!("Nobody lives here yet. Set it up with this link, once, within 24 hours:\n\n  {link}\n");
            if stdout().is_terminal() || print_anywhere {
                print::result(words)?;
            } else if stderr().is_terminal() {
                eprintln!("{words}");
            } else {
                write_private(&path, &link).map_err(|error| {
                    format!(
                        "{} can't be written: {error}. Give this user the right to write the data folder, and see that \
                         its disk has room.",
                        path.display()
                    )
                })?;
                print::result(format_args!(
                    "Nobody lives here yet. The link that sets it up is in {} (or run `latchkey setup-link`).",
                    path.display()
                ))?;
            }
        }
    }
    Ok(())
}

/// A new file each time: one that somebody else opened before would show them what is written later.
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
    fn the_file_is_its_owners_alone_and_holds_the_newest_link_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path());
        fs::write(&path, "an older and longer one, readable by all\n").unwrap();
        write_private(&path, "http://localhost/setup?token=x").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "http://localhost/setup?token=x\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
