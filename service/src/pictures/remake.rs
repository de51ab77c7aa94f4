//! Pictures are encoded again: what is stored has nothing of the file but its pixels.

use std::io::Cursor;

use domain::pictures::{MAX_SIDE, SIDE, check_size, damaged, refused};
use domain::{Code, Failure};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    RgbaImage,
};

/// The maximum number of bytes that a decoder may allocate for its result: eight bits of four channels for each of the
/// [`domain::pictures::MAX_PIXELS`], and some room. A progressive JPEG needs up to twice as much beside it.
const MAX_ALLOC: u64 = 136 * 1024 * 1024;

/// The quality of the JPEGs that are stored, from 1 to 100. A portrait then has about 20 KiB.
const QUALITY: u8 = 88;

/// The picture of a file: upright, its middle cropped to a square of [`SIDE`] pixels, without metadata. A JPEG; or a
/// WebP without loss, if some of it is transparent. Takes up to a second and some hundred MiB; see [`super::Pictures`].
///
/// # Errors
/// [`Code::Invalid`] under `picture`.
pub(super) fn remake(file: &[u8]) -> Result<Vec<u8>, Failure> {
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = image::guess_format(file) else {
        return Err(refused(Code::Invalid));
    };
    let (picture, orientation) = decode(file, format).map_err(|error| match error {
        Wrong::Size(failure) => failure,
        // What the size allows and the limit does not: 16 bits for each channel.
        Wrong::Image(ImageError::Limits(_)) => match check_size(MAX_SIDE, MAX_SIDE) {
            Err(too_many_pixels) => too_many_pixels,
            Ok(()) => damaged(),
        },
        Wrong::Image(_) => damaged(),
    })?;
    let mut small = DynamicImage::from(square(&picture));
    drop(picture);
    // A square stays the same square, so that a small picture is turned and not a large one.
    small.apply_orientation(orientation);
    encode(small.into_rgba8()).map_err(|_| damaged())
}

enum Wrong {
    Size(Failure),
    Image(ImageError),
}

impl From<ImageError> for Wrong {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

/// The pixels of a file, unless they are too many, and how they are turned.
fn decode(file: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), Wrong> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    check_size(width, height).map_err(Wrong::Size)?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// The square in the middle, with [`SIDE`] pixels.
fn square(picture: &DynamicImage) -> RgbaImage {
    let (width, height) = picture.dimensions();
    let side = width.min(height);
    let middle = imageops::crop_imm(picture, (width - side) / 2, (height - side) / 2, side, side);
    if side > 4 * SIDE {
        // The mean of each block is computed much faster than what follows, and what follows sees no difference.
        let half = imageops::thumbnail(&*middle, 2 * SIDE, 2 * SIDE);
        imageops::resize(&half, SIDE, SIDE, FilterType::CatmullRom)
    } else {
        imageops::resize(&*middle, SIDE, SIDE, FilterType::CatmullRom)
    }
}

fn encode(picture: RgbaImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    if picture.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        let opaque = DynamicImage::from(picture).into_rgb8();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&opaque)?;
    } else {
        WebPEncoder::new_lossless(&mut bytes).encode(&picture, SIDE, SIDE, ExtendedColorType::Rgba8)?;
    }
    Ok(bytes)
}

/// The media type of a stored picture.
pub(super) fn media_type(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"RIFF") { "image/webp" } else { "image/jpeg" }
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Rgb, Rgba};

    use super::*;

    /// A picture that is red at the left and blue at the right.
    fn halves(width: u32, height: u32) -> DynamicImage {
        let colour = |x| if x < width / 2 { Rgb([220_u8, 20, 20]) } else { Rgb([20, 20, 220]) };
        DynamicImage::from(ImageBuffer::from_fn(width, height, |x, _| colour(x)))
    }

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    fn read(bytes: &[u8]) -> DynamicImage {
        let picture = image::load_from_memory(bytes).unwrap();
        assert_eq!(picture.dimensions(), (SIDE, SIDE));
        picture
    }

    /// Whether a pixel is red rather than blue.
    fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
        let Rgba([red, _, blue, _]) = picture.get_pixel(x, y);
        assert_ne!(red > 128, blue > 128, "{red} {blue}");
        red > 128
    }

    /// A JPEG that says in its Exif data how it is turned, and has a text beside it.
    fn turned(orientation: u8) -> Vec<u8> {
        let tiff = [
            b"II*\0\x08\0\0\0\x01\0".as_slice(), // One entry:
            &[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
            b"\0\0\0\0GPS: home",
        ]
        .concat();
        let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
        let jpeg = file(&halves(400, 300), ImageFormat::Jpeg);
        [&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
    }

    /// The head of a PNG of this size, complete with an empty body.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let chunk = |kind: &[u8], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            let sum = crc(&[kind, data].concat()).to_be_bytes();
            [&length, kind, data, &sum].concat()
        };
        let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let body = [0x78, 0x01, 0x01, 0, 0, 0xff, 0xff, 0, 0, 0, 1];
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &body), chunk(b"IEND", &[])].concat()
    }

    /// The check of PNG's chunks (CRC-32 of ISO 3309).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
        })
    }

    #[test]
    fn the_middle_of_every_kind_of_picture_becomes_a_square() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            for (width, height) in [(600, 200), (200, 600), (2_500, 1_800), (1, 1), (40, 30), (256, 256)] {
                let made = remake(&file(&halves(width, height), format)).unwrap();
                assert_eq!(media_type(&made), "image/jpeg");
                let picture = read(&made);
                if width > 1 {
                    assert!(is_red(&picture, 100, 128) && !is_red(&picture, 156, 128), "{format:?} {width} × {height}");
                }
            }
        }
    }

    #[test]
    fn what_is_transparent_stays_so() {
        let half = |x| if x < 50 { Rgba([20_u8, 220, 20, 255]) } else { Rgba([0, 0, 0, 0]) };
        let picture = DynamicImage::from(ImageBuffer::from_fn(100, 100, |x, _| half(x)));
        let made = remake(&file(&picture, ImageFormat::Png)).unwrap();
        assert_eq!(media_type(&made), "image/webp");
        let alpha = |x| read(&made).get_pixel(x, 128).0[3];
        assert_eq!((alpha(60), alpha(200)), (255, 0));
    }

    #[test]
    fn a_picture_is_upright_and_its_metadata_is_gone() {
        // Red at the left; turned by a quarter to the right, it is at the top.
        for (orientation, at_left, at_top) in
            [(1, true, None), (3, false, None), (6, true, Some(true)), (8, true, Some(false))]
        {
            let sent = turned(orientation);
            assert!(sent.windows(4).any(|part| part == b"home"));
            let made = remake(&sent).unwrap();
            for secret in [b"Exif".as_slice(), b"home", b"GPS"] {
                assert!(!made.windows(secret.len()).any(|part| part == secret));
            }
            let picture = read(&made);
            match at_top {
                None => assert_eq!(is_red(&picture, 60, 128), at_left, "orientation {orientation}"),
                Some(at_top) => assert_eq!(is_red(&picture, 128, 60), at_top, "orientation {orientation}"),
            }
        }
    }

    #[test]
    fn a_small_file_cannot_become_many_pixels() {
        for (width, height) in [(60_000, 60_000), (8_001, 10), (8_000, 4_001), (u32::MAX >> 1, 1)] {
            let file = bomb(width, height);
            assert!(file.len() < 100);
            let refused = remake(&file).unwrap_err();
            assert!(refused.message.starts_with("This picture has too many pixels"), "{width} × {height}: {refused}");
        }
        // 16 bits for each channel: within the number of pixels, and not within the memory.
        let mut deep = bomb(8_000, 4_000);
        deep[24] = 16;
        let sum = crc(&deep[12..29]).to_be_bytes();
        deep[29..33].copy_from_slice(&sum);
        assert!(remake(&deep).unwrap_err().message.starts_with("This picture has too many pixels"));
        // A JPEG that says that it has 60,000 lines of 60,000 pixels.
        let mut jpeg = file(&halves(64, 64), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
        assert!(remake(&jpeg).unwrap_err().message.starts_with("This picture has too many pixels"));
        // A WebP of 8,192 × 8,192 pixels.
        let mut webp = file(&halves(64, 64), ImageFormat::WebP);
        let head = webp.windows(4).position(|part| part == b"VP8L").unwrap() + 9;
        webp[head..head + 4].copy_from_slice(&[0xff, 0xdf, 0xff, 0x07]);
        let refused = remake(&webp).unwrap_err();
        assert!(refused.message.starts_with("This picture has too many pixels"), "{refused} {:?}", &webp[..40]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for file in [b"".as_slice(), b"x", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a\x01\0\x01\0\0\0\0;"] {
            assert_eq!(remake(file).unwrap_err(), refused(Code::Invalid));
        }
        let png = file(&halves(64, 64), ImageFormat::Png);
        assert_eq!(remake(&png[..png.len() / 2]).unwrap_err(), damaged());
        assert_eq!(remake(&bomb(0, 5)).unwrap_err(), damaged());
        assert_eq!(remake(&bomb(5, 5)).unwrap_err(), damaged());
    }

    #[test]
    fn files_with_a_wrong_byte_are_read_or_refused() {
        // Every answer is fine except a panic.
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let good = file(&halves(24, 24), format);
            for at in 0..good.len() {
                let mut wrong = good.clone();
                wrong[at] ^= 0xff;
                let _ = remake(&wrong);
            }
        }
    }
}
