//! Pictures of accounts and applications. What a file may be; the service encodes it again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::failure::{Code, Failure};
use crate::ids::{AccountId, ApplicationId};
use crate::time::Timestamp;

/// The maximum size of a file that is sent, in bytes: 2 MiB.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The maximum width and height of a picture that is sent, in pixels.
pub const MAX_SIDE: u32 = 8_000;

/// The maximum number of pixels of a picture that is sent.
pub const MAX_PIXELS: u64 = 32_000_000;

/// The width and height of a stored picture, in pixels.
pub const SIDE: u32 = 256;

/// The media types of files that are accepted. What a file really is, its first bytes say.
pub const MEDIA_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// What has a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureOwner {
    /// An account.
    Account(AccountId),
    /// An application.
    Application(ApplicationId),
}

impl PictureOwner {
    /// Its id.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Account(id) => id.0,
            Self::Application(id) => id.0,
        }
    }
}

/// When a picture was set. It names the picture in its address, which can therefore be cached for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureVersion(i64);

impl PictureVersion {
    /// The version of a picture that is set at `now` in place of `previous`, from which it always differs.
    #[must_use]
    pub fn next(now: Timestamp, previous: Option<Self>) -> Self {
        let least = previous.map_or(0, |Self(previous)| previous.saturating_add(1));
        Self(now.as_micros().max(least))
    }

    /// The version as stored, in microseconds since 1970.
    #[must_use]
    pub const fn stored(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// When the picture was set.
    #[must_use]
    pub const fn set_at(self) -> Timestamp {
        Timestamp::from_micros(self.0)
    }
}

impl fmt::Display for PictureVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PictureVersion {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Checks what is known of a file before it is read: its media type, and its size in bytes.
///
/// # Errors
/// [`Code::PayloadTooLarge`], [`Code::UnsupportedMediaType`]; [`Code::Invalid`] for an empty file.
pub fn check(media_type: &str, bytes: usize) -> Result<(), Failure> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !MEDIA_TYPES.iter().any(|accepted| essence.eq_ignore_ascii_case(accepted)) {
        return Err(refused(Code::UnsupportedMediaType));
    }
    if bytes > MAX_BYTES {
        return Err(refused(Code::PayloadTooLarge));
    }
    if bytes == 0 {
        return Err(refused(Code::Invalid));
    }
    Ok(())
}

/// The refusal of a file that is no picture of an accepted kind and size.
#[must_use]
pub fn refused(code: Code) -> Failure {
    Failure::field(code, "picture", "Choose a PNG, JPEG or WebP picture of at most 2 MiB.")
}

/// Checks the width and height of a picture, before its pixels are read.
///
/// # Errors
/// [`Code::Invalid`].
pub fn check_size(width: u32, height: u32) -> Result<(), Failure> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        let why =
            "This picture has too many pixels. Choose one of at most 8,000 pixels on each side and 32 megapixels.";
        return Err(Failure::field(Code::Invalid, "picture", why));
    }
    Ok(())
}

/// The refusal of a file that begins like a picture and cannot be read.
#[must_use]
pub fn damaged() -> Failure {
    Failure::field(Code::Invalid, "picture", "This picture cannot be read: the file is damaged. Choose another one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn png_jpeg_and_webp_of_at_most_two_mebibytes_are_accepted() {
        for good in ["image/png", "image/jpeg", "image/webp", "IMAGE/PNG", "image/png; charset=binary"] {
            assert_eq!(check(good, MAX_BYTES), Ok(()), "{good}");
        }
        let code = |media_type, bytes| check(media_type, bytes).unwrap_err().code;
        for bad in ["image/gif", "image/svg+xml", "text/html", "image/pngx", "application/octet-stream", ""] {
            assert_eq!(code(bad, 1), Code::UnsupportedMediaType, "{bad}");
        }
        assert_eq!(code("image/png", MAX_BYTES + 1), Code::PayloadTooLarge);
        assert_eq!(code("image/png", 0), Code::Invalid);
    }

    #[test]
    fn a_picture_has_a_bounded_number_of_pixels() {
        for (width, height) in [(1, 1), (8_000, 4_000), (4_000, 8_000), (5_656, 5_656)] {
            assert_eq!(check_size(width, height), Ok(()), "{width} × {height}");
        }
        for (width, height) in [(0, 1), (1, 0), (8_001, 1), (1, 8_001), (8_000, 4_001), (u32::MAX, u32::MAX)] {
            assert!(check_size(width, height).is_err(), "{width} × {height}");
        }
    }

    #[test]
    fn the_version_changes_with_every_picture() {
        let now = Timestamp::from_micros(5);
        let first = PictureVersion::next(now, None);
        assert_eq!(first.set_at(), now);
        let second = PictureVersion::next(now, Some(first));
        assert!(second > first, "in the same microsecond, and after the clock was set back");
        assert_eq!(second.to_string().parse(), Ok(second));
    }
}
