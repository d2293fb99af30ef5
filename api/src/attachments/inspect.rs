//! Reads a file as what it says it is. Slow, and by the word of strangers: it runs beside the workers, a few at a time.

use super::policy::{self, Refused, Type};
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, Limits,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::{PngDecoder, PngEncoder},
    },
};
use lopdf::{Dictionary, Document, LoadOptions, Object};
use std::io::Cursor;

/// The most points of an image: an A4 page at 500 dots an inch.
const MOST_PIXELS: u64 = 25_000_000;
/// The most of them on a side.
const LONGEST_SIDE: u32 = 12_000;
/// The most memory that a decoder may ask for, in bytes.
const MOST_MEMORY: u64 = 96 * 1024 * 1024;
/// The most that one stream of a document's own structure may unpack to, in bytes.
const MOST_UNPACKED: usize = 32 * 1024 * 1024;
/// The most objects of a document that are looked through.
const MOST_OBJECTS: usize = 200_000;
/// How deep one may lie in another.
const DEEPEST: usize = 100;
/// The quality that photographs are written anew with.
const JPEG_QUALITY: u8 = 88;

/// The bytes to keep: of an image written anew without any metadata, of everything else as they came.
pub(super) fn inspect(kind: Type, bytes: Vec<u8>) -> Result<Vec<u8>, Refused> {
    if policy::by_magic(&bytes) != kind {
        return Err(Refused::WrongType);
    }
    match kind {
        Type::Text => policy::check_text(&bytes).map(|()| bytes),
        Type::Pdf => check_pdf(&bytes).map(|()| bytes),
        Type::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(&bytes), limits()).map_err(unreadable)?;
            write_png(&decoded(decoder)?)
        }
        Type::Jpeg => {
            let decoder = JpegDecoder::new(Cursor::new(&bytes)).map_err(unreadable)?;
            write_jpeg(decoded(decoder)?)
        }
    }
}

fn unreadable(error: image::ImageError) -> Refused {
    match error {
        image::ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Unreadable,
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// The image the right way up. Its size is known from its head, and refused before any point is unpacked.
fn decoded(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Refused> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Refused::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(unreadable)?;
    // How it is to be turned stands in the metadata, which go.
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn write_png(image: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(image.as_bytes(), image.width(), image.height(), image.color().into()).map_err(unreadable)?;
    Ok(bytes)
}

fn write_jpeg(image: DynamicImage) -> Result<Vec<u8>, Refused> {
    let image = match image {
        grey @ DynamicImage::ImageLuma8(_) => grey,
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&image).map_err(unreadable)?;
    Ok(bytes)
}

/// A document that can be read to its last object and does nothing by itself.
fn check_pdf(bytes: &[u8]) -> Result<(), Refused> {
    policy::check_pdf_frame(bytes)?;
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => Refused::Encrypted,
        _ => Refused::Unreadable,
    })?;
    if document.is_encrypted() || document.trailer.has(b"Encrypt") || document.encryption_state.is_some() {
        return Err(Refused::Encrypted);
    }
    // What one reader mends, another mends in another way, and finds other objects.
    if document.xref_recovery.is_some() || document.objects.len() > MOST_OBJECTS || document.get_pages().is_empty() {
        return Err(Refused::Unreadable);
    }
    check_dictionary(&document.trailer, 0)?;
    document.objects.values().try_for_each(|object| check_object(object, 0))
}

fn check_object(object: &Object, depth: usize) -> Result<(), Refused> {
    if depth > DEEPEST {
        return Err(Refused::Unreadable);
    }
    match object {
        Object::Array(items) => items.iter().try_for_each(|item| check_object(item, depth + 1)),
        Object::Dictionary(dictionary) => check_dictionary(dictionary, depth + 1),
        Object::Stream(stream) => check_dictionary(&stream.dict, depth + 1),
        _ => Ok(()),
    }
}

fn check_dictionary(dictionary: &Dictionary, depth: usize) -> Result<(), Refused> {
    for (key, value) in dictionary.iter() {
        let names_a_kind = matches!(key.as_slice(), b"S" | b"Type" | b"Subtype");
        let is_active_kind = names_a_kind && value.as_name().is_ok_and(policy::is_active_name);
        if policy::is_active_key(key) || is_active_kind {
            return Err(Refused::Active);
        }
        check_object(value, depth)?;
    }
    Ok(())
}
