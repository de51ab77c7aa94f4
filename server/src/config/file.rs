//! The configuration file: TOML with the same names as the flags, and the lowest precedence.

use std::fs;
use std::path::Path;

use super::GlobalOptions;

/// Reads `path`.
pub(super) fn read(path: &Path) -> Result<GlobalOptions, String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("The configuration file {} can't be read: {error}.", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("The configuration file {} is wrong: {error}", path.display()))
}
