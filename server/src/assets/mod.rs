//! The browser bundle that Trunk built, at a URL that changes with its content.
//!
//! A binary with an embedded bundle serves it from memory, compressed at build time. A debug build reads it from disk, so
//! that a new bundle needs no new server. Without a bundle every page is still served, without style and script.

mod disk;
mod respond;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use axum::http::HeaderMap;
use axum::response::Response;

/// The files that `build.rs` embedded.
mod bundle {
    include!(concat!(env!("OUT_DIR"), "/bundle.rs"));
}

/// An embedded file.
#[derive(Clone, Copy, Debug)]
struct Embedded {
    name: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The location of the bundle.
#[derive(Clone, Debug)]
pub struct Assets(Source);

#[derive(Clone, Debug)]
enum Source {
    Embedded,
    Disk(Arc<PathBuf>),
}

/// The file that lists the files of each part of the dashboard: `{ "overview": ["split_overview.wasm"], … }`.
const MANIFEST: &str = "parts.json";

/// The names of the files of each part.
type Parts = Arc<BTreeMap<String, Vec<String>>>;

static EMBEDDED_PARTS: LazyLock<Parts> = LazyLock::new(|| {
    bundle::FILES.iter().find(|file| file.name == MANIFEST).map(|file| parts(file.plain)).unwrap_or_default()
});

/// The content of the manifest. If it cannot be read, pages request their parts later.
fn parts(manifest: &[u8]) -> Parts {
    serde_json::from_slice(manifest).map(Arc::new).unwrap_or_default()
}

impl Assets {
    /// The bundle in the binary, or the folder `dist` beside the workspace where there is none. A debug build prefers the
    /// folder that `LATCHKEY_DIST` names to both.
    #[must_use]
    pub fn of_this_build() -> Self {
        let named = std::env::var_os("LATCHKEY_DIST").filter(|_| cfg!(debug_assertions) || bundle::FILES.is_empty());
        match named {
            Some(folder) => Self::on_disk(folder),
            None if bundle::FILES.is_empty() => Self::on_disk(concat!(env!("CARGO_MANIFEST_DIR"), "/../dist")),
            None => Self(Source::Embedded),
        }
    }

    /// The bundle in `folder`.
    #[must_use]
    pub fn on_disk(folder: impl Into<PathBuf>) -> Self {
        Self(Source::Disk(Arc::new(folder.into())))
    }

    /// Whether the binary has an embedded bundle.
    #[must_use]
    pub const fn are_embedded(&self) -> bool {
        matches!(self.0, Source::Embedded)
    }

    /// A hash that changes with every file.
    #[must_use]
    pub fn hash(&self) -> String {
        match &self.0 {
            Source::Embedded => bundle::HASH.to_owned(),
            Source::Disk(folder) => disk::hash(folder),
        }
    }

    /// The path prefix of the bundle, such as `/pkg/3f9c1a0b`.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("/pkg/{}", self.hash())
    }

    /// The location of this bundle and its parts, for a page of the dashboard.
    #[must_use]
    pub fn of_the_dashboard(&self) -> app::request::Assets {
        let parts = match &self.0 {
            Source::Embedded => EMBEDDED_PARTS.clone(),
            Source::Disk(folder) => disk::read(folder, MANIFEST).as_deref().map(parts).unwrap_or_default(),
        };
        app::request::Assets { prefix: self.prefix(), parts }
    }

    /// The response with one file; `None` if there is no such file.
    pub(crate) fn respond(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        match &self.0 {
            Source::Embedded => {
                let file = bundle::FILES.iter().find(|file| file.name == name)?;
                Some(respond::embedded(file, headers))
            }
            Source::Disk(folder) => Some(respond::plain(name, disk::read(folder, name)?)),
        }
    }
}
