//! Removes access of other users to the data folder and the data key.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::{geteuid, umask};

use super::Outcome;

/// Permission bits of everyone but the owner.
const OTHERS: u32 = 0o077;

/// Removes access of other users to the data folder, the files in it and the data key, and creates new files without it.
///
/// # Errors
/// Other users have access that this user cannot remove.
pub(super) fn protect(data_dir: &Path, key_file: &Path) -> Outcome {
    umask(Mode::from_raw_mode(OTHERS));
    narrow(data_dir).map_err(|problem| {
        format!(
            "Other users of this machine can access the data folder {0} (mode {1:03o}), which contains the database, and \
             this user cannot change that ({2}). Run `chmod 700 {0}` as its owner, or choose another folder with \
             --data-dir, such as {0}/latchkey.",
            data_dir.display(),
            problem.mode,
            problem.why
        )
    })?;
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        // The folder is private already. This matters if a file is moved.
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = narrow(&entry.path());
        }
    }
    narrow(key_file).map_err(|problem| {
        format!(
            "Other users of this machine can read the data key {0} (mode {1:03o}), and this user cannot change that ({2}). \
             Run `chmod 600 {0}` as its owner.",
            key_file.display(),
            problem.mode,
            problem.why
        )
    })
}

struct Problem {
    mode: u32,
    why: String,
}

/// Removes access of other users to `path`, if it exists.
fn narrow(path: &Path) -> Result<(), Problem> {
    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    let mode = found.mode() & 0o777;
    if mode & OTHERS == 0 || is_handed_over(&found, mode) {
        return Ok(());
    }
    let problem = |why: String| Problem { mode, why };
    if !is_ours(&found) {
        return Err(problem(format!("it belongs to user id {}", found.uid())));
    }
    take_rights(path, mode).map_err(|error| problem(error.to_string()))?;
    tracing::warn!(
        "removed the access of other users to {} (mode {mode:03o}, now {:03o})",
        path.display(),
        mode & !OTHERS
    );
    Ok(())
}

fn take_rights(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS))?;
    match fs::metadata(path)?.mode() & OTHERS {
        0 => Ok(()),
        _ => Err(io::Error::other("its file system has no permissions")),
    }
}

fn is_ours(found: &Metadata) -> bool {
    let me = geteuid();
    me.is_root() || me.as_raw() == found.uid()
}

/// Whether this is a file of another user that only our group can read. Service managers provide secrets like this.
fn is_handed_over(found: &Metadata, mode: u32) -> bool {
    found.is_file() && !is_ours(found) && mode & OTHERS == 0o040
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    fn make(path: &Path, mode: u32) {
        fs::write(path, "x").unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn access_is_removed_and_never_added() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let key = elsewhere.path().join("key");
        make(&folder.path().join("latchkey.db"), 0o644);
        make(&folder.path().join("read-only"), 0o444);
        make(&key, 0o640);
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        protect(folder.path(), &key).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.path().join("latchkey.db")), 0o600);
        assert_eq!(mode(&folder.path().join("read-only")), 0o400);
        assert_eq!(mode(&key), 0o600);
        let new = folder.path().join("new");
        fs::write(&new, "x").unwrap();
        assert_eq!(mode(&new), 0o600, "new files are private");
    }
}
