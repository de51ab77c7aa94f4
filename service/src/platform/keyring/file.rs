//! The file of the data key, and the one beside it that a rotation leaves until it is done.
//!
//! A rotation writes `latchkey.key.new` before it commits and renames it to `latchkey.key` afterwards. Whatever stops it in
//! between, one of the two is the database's key: [`super::Keyring::open`] looks at both.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::OpenError;
use crate::platform::db::beside;

/// The key in `file`; nothing when there is no such file.
pub(super) fn read(file: &Path) -> Result<Option<[u8; 32]>, OpenError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(OpenError::new(format!(
                "The data key in {} can't be read: {error}. Give this user the right to it, or name another place with \
                 --key-file.",
                file.display()
            )));
        }
    };
    HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|key| key.try_into().ok()).map(Some).ok_or_else(|| {
        OpenError::new(format!(
            "{} is no data key: it should hold 64 hexadecimal digits. Put the key file back from where you keep it.",
            file.display()
        ))
    })
}

/// Writes the key unless another process has, and returns the one that is there. The file appears whole or not at all.
pub(super) fn create(file: &Path, key: &[u8; 32]) -> Result<[u8; 32], OpenError> {
    let draft = file.with_extension(format!("{}.tmp", std::process::id()));
    let linked = write(&draft, key).and_then(|()| match fs::hard_link(&draft, file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    let _ = fs::remove_file(&draft);
    linked.map_err(|error| cannot_write(file, &error))?;
    read(file)?.ok_or_else(|| OpenError::new(format!("{} has gone again.", file.display())))
}

/// Where the next key lies until it is the database's.
pub(crate) fn next(file: &Path) -> PathBuf {
    beside(file, ".new")
}

/// Writes the next key to the disk, in place of one that a rotation before left and nothing was sealed with.
pub(crate) fn prepare(file: &Path, key: &[u8; 32]) -> Result<(), OpenError> {
    // A new file each time, so that nobody who may read the one that was there reads this one.
    discard(file);
    let next = next(file);
    let written = write(&next, key).and_then(|()| own_alike(&next, file)).and_then(|()| sync_folder(&next));
    written.map_err(|error| {
        discard(file);
        cannot_write(&next, &error)
    })
}

/// Gives `new` the owner of `old`: root may rotate the key of a server that runs as somebody else.
#[cfg(unix)]
fn own_alike(new: &Path, old: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let (new_is, old_is) = (fs::metadata(new)?, fs::metadata(old)?);
    if (new_is.uid(), new_is.gid()) == (old_is.uid(), old_is.gid()) {
        return Ok(());
    }
    chown(new, Some(old_is.uid()), Some(old_is.gid()))
}

#[cfg(not(unix))]
fn own_alike(_new: &Path, _old: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Removes the next key, which nothing was sealed with.
pub(crate) fn discard(file: &Path) {
    let _ = fs::remove_file(next(file));
}

/// Puts the next key into its place. The one that was there opens the backups made before: it is kept beside, under its
/// id. Where another process did all that at the same time, there is nothing left to do.
pub(crate) fn install(file: &Path, old_id: &[u8]) -> Result<PathBuf, OpenError> {
    let kept = beside(file, &format!(".{}.old", HEXLOWER.encode(old_id)));
    let linked = match fs::hard_link(file, &kept) {
        Err(error) if !matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => Err(error),
        _ => Ok(()),
    };
    let renamed = linked.and_then(|()| match fs::rename(next(file), file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => sync_folder(file),
    });
    renamed.map_err(|error| cannot_write(file, &error))?;
    Ok(kept)
}

fn cannot_write(file: &Path, error: &std::io::Error) -> OpenError {
    OpenError::new(format!(
        "The data key can't be written to {}: {error}. Give this user the right to write there, see that the disk has \
         room, or name another place with --key-file.",
        file.display()
    ))
}

/// Writes a key that its owner alone can read, down to the disk.
fn write(file: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut file = new_private_file(file)?;
    writeln!(file, "{}", HEXLOWER.encode(key))?;
    file.sync_all()
}

/// A name is on the disk once its folder is.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn new_private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn new_private_file(path: &Path) -> std::io::Result<File> {
    File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        assert_eq!(create(&file, &[1; 32]).unwrap(), [1; 32]);
        assert_eq!(create(&file, &[2; 32]).unwrap(), [1; 32], "the first one stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&file, "not a key").unwrap();
        assert!(read(&file).is_err());
    }

    #[test]
    fn the_next_key_takes_the_place_and_the_old_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        create(&file, &[1; 32]).unwrap();
        prepare(&file, &[9; 32]).unwrap();
        prepare(&file, &[2; 32]).unwrap();
        assert_eq!(read(&file).unwrap(), Some([1; 32]), "not before it is told");
        // Twice, as two servers that start at once do.
        let kept = install(&file, &[0xab; 8]).unwrap();
        assert_eq!(install(&file, &[0xab; 8]).unwrap(), kept);
        assert_eq!((read(&file).unwrap(), read(&kept).unwrap()), (Some([2; 32]), Some([1; 32])));
        assert_eq!(kept.file_name().unwrap(), "latchkey.key.abababababababab.old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    /// Only root may give files away; to anyone else the file is theirs, and stays it.
    #[cfg(unix)]
    #[test]
    fn the_next_key_belongs_to_whom_the_first_belongs() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        create(&file, &[1; 32]).unwrap();
        let given_away = chown(&file, Some(12_345), Some(12_345)).is_ok();
        prepare(&file, &[2; 32]).unwrap();
        let owner = fs::metadata(next(&file)).unwrap().uid();
        assert_eq!(owner, fs::metadata(&file).unwrap().uid());
        assert_eq!(owner == 12_345, given_away);
    }
}
