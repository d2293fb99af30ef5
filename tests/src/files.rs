//! Files to attach, made here: whole ones, and the pieces that broken and hostile ones are made of.

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{ImageFormat, Rgb, RgbImage};
use std::{fmt::Write as _, io::Cursor};

/// What every virus scanner finds and nobody need fear (EICAR, 2003), in two halves, so that none finds it in this source.
pub fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// A document of one empty page.
pub fn pdf() -> Vec<u8> {
    pdf_with("", &[])
}

/// The same in base 64, as the scan of a form is sent.
pub fn scan() -> String {
    STANDARD.encode(pdf())
}

/// A document of one page, with more in its catalog and more objects, from 4 on.
pub fn pdf_with(catalog: &str, objects: &[&str]) -> Vec<u8> {
    let own = [
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>".to_owned(),
    ];
    let all: Vec<&str> = own.iter().map(String::as_str).chain(objects.iter().copied()).collect();
    let (mut text, mut table) = ("%PDF-1.4\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (number, object) in (1..).zip(&all) {
        writeln!(table, "{:010} 00000 n ", text.len()).unwrap();
        write!(text, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let (start, count) = (text.len(), all.len() + 1);
    write!(text, "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
        .unwrap();
    text.into_bytes()
}

fn picture() -> RgbImage {
    // Red on the left, blue on the right, so that it can be told how it lies.
    RgbImage::from_fn(48, 16, |x, _| if x < 24 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A picture, wider than high.
pub fn png() -> Vec<u8> {
    encoded(ImageFormat::Png)
}

/// The same picture, as a camera would write it.
pub fn jpeg() -> Vec<u8> {
    encoded(ImageFormat::Jpeg)
}

/// A photograph that was taken with the camera turned, and says by whom and of whom in its metadata.
pub fn jpeg_with_exif(orientation: u8, said: &str) -> Vec<u8> {
    let said = [said.as_bytes(), b"\0"].concat();
    let entry = |tag: u16, kind: u16, count: usize, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &u32::try_from(count).unwrap().to_be_bytes(), &value].concat()
    };
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend(entry(0x010e, 2, said.len(), 38_u32.to_be_bytes()));
    exif.extend(entry(0x0112, 3, 1, [0, orientation, 0, 0]));
    exif.extend([0; 4]);
    exif.extend(&said);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let plain = jpeg();
    let (start, rest) = plain.split_at(2);
    [start, b"\xff\xe1", &length, &exif, rest].concat()
}

/// A chunk of a PNG, with its checksum.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), body].concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], &checked, &crc32(&checked).to_be_bytes()].concat()
}

/// CRC-32 (ISO 3309), as PNG has it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A picture with a text in its metadata.
pub fn png_with_text(said: &str) -> Vec<u8> {
    let plain = png();
    let text = chunk(b"tEXt", &[b"Comment\0", said.as_bytes()].concat());
    // After the signature and the head.
    let (start, rest) = plain.split_at(33);
    [start, &text, rest].concat()
}

/// The head of a picture that would take gigabytes, and nothing behind it.
pub fn png_bomb(side: u32) -> Vec<u8> {
    let head = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &head));
    bytes.extend(chunk(b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01"));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}
