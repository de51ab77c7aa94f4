//! The bundle on disk, for debug builds: read for each request.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A hash of names, sizes and modification times, because reading all files for every page would be slow.
pub(super) fn hash(folder: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            Some((entry.file_name(), about.len(), changed.as_nanos()))
        })
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for (name, length, changed) in files {
        hash.update(name.as_encoded_bytes());
        hash.update(b"\0");
        hash.update(length.to_le_bytes());
        hash.update(changed.to_le_bytes());
    }
    HEXLOWER.encode(&hash.finalize()[..8])
}

/// Reads one file of `folder`; never a file outside of it, and never an HTML page.
pub(super) fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    let page = Path::new(name).extension().is_some_and(|kind| kind == "html");
    if plain && !page { fs::read(folder.join(name)).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_changes_with_a_file_and_no_folder_is_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let empty = hash(folder.path());
        fs::write(folder.path().join("latchkey.js"), "1").unwrap();
        let one = hash(folder.path());
        assert_ne!(empty, one);
        assert_eq!(one, hash(folder.path()));
        assert_eq!(one.len(), 16);
        assert_eq!(hash(&folder.path().join("missing")), empty);
    }

    #[test]
    fn only_files_of_the_folder_are_read_and_never_its_page() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        fs::create_dir(&dist).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        fs::write(dist.join("latchkey.js"), "1").unwrap();
        fs::write(dist.join("index.html"), "x").unwrap();
        fs::write(dist.join(".stage"), "x").unwrap();
        assert_eq!(read(&dist, "latchkey.js").as_deref(), Some(b"1".as_slice()));
        for bad in ["../secret", "index.html", ".stage", "missing", "", ".."] {
            assert_eq!(read(&dist, bad), None, "{bad}");
        }
    }
}
