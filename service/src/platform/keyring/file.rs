//! The file of the data key, and the file of the next key during a rotation.
//!
//! A rotation writes `latchkey.key.new` before the commit and renames it to `latchkey.key` afterwards. If it is
//! interrupted in between, one of the two files holds the key of the database: [`super::Keyring::open`] reads both.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use tempfile::NamedTempFile;

use crate::OpenError;
use crate::platform::db::{folder_of, with_suffix};

/// The key in `file`; `None` when there is no such file.
pub(super) fn read(file: &Path) -> Result<Option<[u8; 32]>, OpenError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(OpenError::new(format!(
                "The data key in {} can't be read: {error}. Give this user permission to read it, or choose another file \
                 with --key-file.",
                file.display()
            )));
        }
    };
    HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|key| key.try_into().ok()).map(Some).ok_or_else(|| {
        OpenError::new(format!(
            "{} is not a data key: it must contain 64 hexadecimal digits. Restore the key file from your copy.",
            file.display()
        ))
    })
}

/// Writes `key` unless the file exists, and returns the key in the file. The file is created atomically.
pub(super) fn create(file: &Path, key: &[u8; 32]) -> Result<[u8; 32], OpenError> {
    write_once(file, key).map_err(|error| cannot_write(file, &error))?;
    read(file)?.ok_or_else(|| OpenError::new(format!("{} was removed while the server was starting.", file.display())))
}

/// Under a name that nobody else uses first: containers that share a volume often have the same process id.
fn write_once(file: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut temporary = NamedTempFile::new_in(folder_of(file))?;
    write_key(temporary.as_file_mut(), key)?;
    match temporary.persist_noclobber(file) {
        Err(failed) if failed.error.kind() != ErrorKind::AlreadyExists => Err(failed.error),
        _ => sync_folder(file),
    }
}

/// The file of the next key during a rotation.
pub(crate) fn next_path(file: &Path) -> PathBuf {
    with_suffix(file, ".new")
}

/// Writes the next key to the disk. Replaces the unused next key of an interrupted rotation.
pub(crate) fn write_next(file: &Path, key: &[u8; 32]) -> Result<(), OpenError> {
    // A new file each time, so that its permissions are not those of the earlier file.
    remove_next(file);
    let next = next_path(file);
    let written = write(&next, key).and_then(|()| copy_owner(&next, file)).and_then(|()| sync_folder(&next));
    written.map_err(|error| {
        remove_next(file);
        cannot_write(&next, &error)
    })
}

/// Gives `new` the owner of `old`, because root may rotate the key of a server that runs as another user.
#[cfg(unix)]
fn copy_owner(new: &Path, old: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let (new_meta, old_meta) = (fs::metadata(new)?, fs::metadata(old)?);
    if (new_meta.uid(), new_meta.gid()) == (old_meta.uid(), old_meta.gid()) {
        return Ok(());
    }
    chown(new, Some(old_meta.uid()), Some(old_meta.gid()))
}

#[cfg(not(unix))]
fn copy_owner(_new: &Path, _old: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Removes the next key. It must be unused.
pub(crate) fn remove_next(file: &Path) {
    let _ = fs::remove_file(next_path(file));
}

/// Replaces the key file with the next key. The old key is kept in a file named by its id, because it opens earlier
/// backups. Returns the path of that file. Does nothing if another process has already done this.
pub(crate) fn install_next(file: &Path, old_id: &[u8]) -> Result<PathBuf, OpenError> {
    let old = with_suffix(file, &format!(".{}.old", HEXLOWER.encode(old_id)));
    let linked = match fs::hard_link(file, &old) {
        Err(error) if !matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => Err(error),
        _ => Ok(()),
    };
    let renamed = linked.and_then(|()| match fs::rename(next_path(file), file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => sync_folder(file),
    });
    renamed.map_err(|error| cannot_write(file, &error))?;
    Ok(old)
}

fn cannot_write(file: &Path, error: &std::io::Error) -> OpenError {
    OpenError::new(format!(
        "The data key can't be written to {}: {error}. Give this user permission to write there, check that the disk \
         is not full, or choose another file with --key-file.",
        file.display()
    ))
}

/// Writes a key file that only its owner can read, and syncs it to the disk.
fn write(file: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    write_key(&mut new_private_file(file)?, key)
}

fn write_key(file: &mut File, key: &[u8; 32]) -> std::io::Result<()> {
    writeln!(file, "{}", HEXLOWER.encode(key))?;
    file.sync_all()
}

/// Syncs the folder of `file` to the disk, so that the name of the file is stored.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    File::open(folder_of(file))?.sync_all()
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
    fn a_key_file_is_created_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        assert_eq!(create(&file, &[1; 32]).unwrap(), [1; 32]);
        assert_eq!(create(&file, &[2; 32]).unwrap(), [1; 32], "the first key stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&file, "not a key").unwrap();
        assert!(read(&file).is_err());
    }

    #[test]
    fn of_keys_written_at_once_the_first_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        let kept: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|n| {
                    scope.spawn({
                        let file = &file;
                        move || create(file, &[n; 32])
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        assert!(kept.iter().all(|key| key == &kept[0]), "{kept:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn the_next_key_replaces_the_old_one_which_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        create(&file, &[1; 32]).unwrap();
        write_next(&file, &[9; 32]).unwrap();
        write_next(&file, &[2; 32]).unwrap();
        assert_eq!(read(&file).unwrap(), Some([1; 32]), "not before it is installed");
        // Twice, as when two servers start at the same time.
        let old = install_next(&file, &[0xab; 8]).unwrap();
        assert_eq!(install_next(&file, &[0xab; 8]).unwrap(), old);
        assert_eq!((read(&file).unwrap(), read(&old).unwrap()), (Some([2; 32]), Some([1; 32])));
        assert_eq!(old.file_name().unwrap(), "latchkey.key.abababababababab.old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    /// Only root can change the owner of a file. For other users the owner stays the same.
    #[cfg(unix)]
    #[test]
    fn the_next_key_has_the_owner_of_the_first() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.key");
        create(&file, &[1; 32]).unwrap();
        let owner_changed = chown(&file, Some(12_345), Some(12_345)).is_ok();
        write_next(&file, &[2; 32]).unwrap();
        let owner = fs::metadata(next_path(&file)).unwrap().uid();
        assert_eq!(owner, fs::metadata(&file).unwrap().uid());
        assert_eq!(owner == 12_345, owner_changed);
    }
}
