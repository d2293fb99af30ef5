//! What a file is, by its content; what is refused in it; and what it may be called. Pure rules.

use std::fmt::Write;

/// What can be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Pdf,
    Png,
    Jpeg,
    Text,
}

impl Type {
    pub(super) const ALL: [Self; 4] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Text];

    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain",
        }
    }

    /// The type of this name.
    pub(super) fn parse(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// The extensions that it goes by; the first is given to what has none.
    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Text => &["txt", "text"],
        }
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is not of the type that is given.
    WrongType,
    /// It begins like it, and can't be read.
    Unreadable,
    /// It has more points than anybody scans.
    TooManyPixels,
    /// It does something when it is opened, or carries other files.
    Active,
    /// It is locked, so that nobody can look what it does.
    Encrypted,
    /// It is of another type as well.
    Polyglot,
    /// It is a page or a drawing for browsers.
    Markup,
    /// It holds characters that are no text.
    Control,
}

impl Refused {
    /// A stable word for it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::WrongType => "wrong_type",
            Self::Unreadable => "unreadable",
            Self::TooManyPixels => "too_many_pixels",
            Self::Active => "active_content",
            Self::Encrypted => "encrypted",
            Self::Polyglot => "two_types",
            Self::Markup => "markup",
            Self::Control => "control_characters",
        }
    }

    /// The rule, in a sentence.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::WrongType => "The content is not of the media type that is given.",
            Self::Unreadable => "The content begins like its type and can't be read as it.",
            Self::TooManyPixels => "An image has at most 25 million pixels, and 12,000 on a side.",
            Self::Active => "A document that runs scripts, starts programs, sends forms or carries files is not taken.",
            Self::Encrypted => "An encrypted document is not taken: nobody can look what it does.",
            Self::Polyglot => "The content is of a second type too, or goes on after its end.",
            Self::Markup => "HTML, SVG and XML are not taken as text.",
            Self::Control => "Plain text is UTF-8 without control characters.",
        }
    }
}

/// What the first bytes say. Text has no mark of its own: it is what is left.
pub(super) fn by_magic(bytes: &[u8]) -> Type {
    if bytes.starts_with(b"%PDF-") {
        Type::Pdf
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Type::Png
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Type::Jpeg
    } else {
        Type::Text
    }
}

/// Whether a text is one, and nothing that a browser or a reader of documents would take for something else.
pub(super) fn check_text(bytes: &[u8]) -> Result<(), Refused> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::WrongType)?;
    if text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(Refused::Control);
    }
    let start: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(16).collect();
    if start.starts_with("<?") || start.starts_with("<!") || start.starts_with("GIF8") {
        return Err(Refused::Markup);
    }
    // Readers of documents look for their mark in the first kibibyte.
    if text.bytes().take(1024).collect::<Vec<_>>().windows(5).any(|window| window == b"%PDF-") {
        return Err(Refused::Polyglot);
    }
    let small = text.to_ascii_lowercase();
    if MARKUP.iter().any(|tag| small.contains(tag)) {
        return Err(Refused::Markup);
    }
    Ok(())
}

/// Tags by which something is a page or a drawing, wherever they stand.
const MARKUP: &[&str] = &[
    "<html",
    "<head",
    "<body",
    "<script",
    "<svg",
    "<iframe",
    "<object",
    "<embed",
    "<img",
    "<style",
    "<meta",
    "<link",
    "<form",
    "<table",
    "<a href",
    "<!doctype",
    "<!entity",
];

/// The frame of a document: its mark comes first, nothing comes after its end, and it is no archive as well.
pub(super) fn check_pdf_frame(bytes: &[u8]) -> Result<(), Refused> {
    let is_versioned =
        bytes.strip_prefix(b"%PDF-").is_some_and(|rest| matches!(rest, [b'1' | b'2', b'.', b'0'..=b'9', ..]));
    if !is_versioned {
        return Err(Refused::Unreadable);
    }
    let end = bytes.windows(5).rposition(|window| window == b"%%EOF").ok_or(Refused::Unreadable)?;
    let after = bytes.get(end + 5..).unwrap_or_default();
    if !after.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Refused::Polyglot);
    }
    // The directory of a ZIP, and so of a JAR, is looked for from the end.
    let tail = bytes.get(bytes.len().saturating_sub(70_000)..).unwrap_or_default();
    if tail.windows(4).any(|window| window == b"PK\x05\x06") {
        return Err(Refused::Polyglot);
    }
    let names = unescaped(bytes);
    let has = |name: &[u8]| names.windows(name.len()).any(|window| window == name);
    if ACTIVE_NAMES.iter().any(|name| has(name)) {
        return Err(Refused::Active);
    }
    Ok(())
}

/// Names that are looked for in the bytes themselves too: in what an older revision left, and where a reader may look that
/// reads a broken document in its own way. Long enough not to occur by chance.
const ACTIVE_NAMES: &[&[u8]] = &[b"/JavaScript", b"/EmbeddedFile", b"/Launch", b"/RichMedia", b"/OpenDocument"];

/// The bytes with `#xx` in names written out (ISO 32000-1, 7.3.5): `/J#61vaScript` is `/JavaScript`.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        match after {
            [high, low, next @ ..] if *first == b'#' => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = next;
                }
                _ => {
                    out.push(*first);
                    rest = after;
                }
            },
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// Whether a key of a document's dictionaries says that it does something by itself or carries files.
pub(super) fn is_active_key(key: &[u8]) -> bool {
    let keys: [&[u8]; 8] =
        [b"JS", b"JavaScript", b"AA", b"EmbeddedFiles", b"EF", b"XFA", b"RichMediaContent", b"Launch"];
    keys.contains(&key)
}

/// Whether a name, as the value of an action's or an annotation's kind, says so.
pub(super) fn is_active_name(name: &[u8]) -> bool {
    let names: [&[u8]; 14] = [
        b"JavaScript",
        b"Launch",
        b"SubmitForm",
        b"ImportData",
        b"GoToR",
        b"GoToE",
        b"Rendition",
        b"Movie",
        b"Sound",
        b"RichMedia",
        b"RichMediaExecute",
        b"EmbeddedFile",
        b"FileAttachment",
        b"3D",
    ];
    names.contains(&name)
}

/// The longest name that is kept, in characters, before its extension.
const LONGEST_STEM: usize = 100;

/// A name to keep a file under: without folders, control characters and marks that turn the direction of writing, and with
/// one extension, that of its type. What looked like another extension goes on as a part of the name.
pub(super) fn clean_name(given: &str, kind: Type) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if kind.extensions().iter().any(|own| extension.eq_ignore_ascii_case(own)) => {
            (stem, extension.to_ascii_lowercase())
        }
        _ => (clean, kind.extensions().first().copied().unwrap_or_default().to_owned()),
    };
    let replace = |c: char| if matches!(c, '.' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%') { '_' } else { c };
    let stem: String = stem.trim().chars().map(replace).take(LONGEST_STEM).collect();
    let stem = stem.trim();
    format!("{}.{extension}", if stem.is_empty() { "attachment" } else { stem })
}

/// Characters that show nothing and change how a name is read.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `Content-Disposition` of a download (RFC 6266, with the encoding of RFC 8187): every byte that is not a letter, a digit or
/// one of a few marks is written as hex, so that nothing of a name can end the header.
pub(super) fn disposition(name: &str) -> String {
    let mut header = "attachment; filename*=UTF-8''".to_owned();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            header.push(char::from(byte));
        } else {
            // Writing into a String does not fail.
            write!(header, "%{byte:02X}").ok();
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_no_folder_no_hidden_mark_and_one_extension() {
        for (given, kind, kept) in [
            ("scan.pdf", Type::Pdf, "scan.pdf"),
            ("Scan of the knee.JPEG", Type::Jpeg, "Scan of the knee.jpeg"),
            ("../../etc/passwd", Type::Text, "passwd.txt"),
            ("C:\\Users\\casey\\notes.txt", Type::Text, "notes.txt"),
            ("report.html.png", Type::Png, "report_html.png"),
            ("setup.exe", Type::Pdf, "setup_exe.pdf"),
            ("photo\u{202e}gnp.exe.png", Type::Png, "photognp_exe.png"),
            ("a\0b\r\nc.txt", Type::Text, "abc.txt"),
            ("", Type::Text, "attachment.txt"),
            ("....pdf", Type::Pdf, "pdf.pdf"),
            (".htaccess", Type::Text, "htaccess.txt"),
            ("befund \u{fc}ber R\u{fc}cken.pdf", Type::Pdf, "befund \u{fc}ber R\u{fc}cken.pdf"),
            ("a\"b<c>.png", Type::Png, "a_b_c_.png"),
        ] {
            assert_eq!(clean_name(given, kind), kept, "{given:?}");
        }
        assert_eq!(clean_name(&"x".repeat(4096), Type::Pdf).chars().count(), LONGEST_STEM + 4);
    }

    #[test]
    fn no_name_can_end_the_header_that_it_stands_in() {
        assert_eq!(disposition("a b.pdf"), "attachment; filename*=UTF-8''a%20b.pdf");
        assert_eq!(disposition("\"; x=\r\n\u{e4}.txt"), "attachment; filename*=UTF-8''%22%3B%20x%3D%0D%0A%C3%A4.txt");
    }

    #[test]
    fn a_text_is_text_and_nothing_that_a_browser_would_show() {
        for text in ["Forward 4 in\r\n\tleft 16.5 in\n", "\u{feff}K\u{f6}rper", "pain < 3 and > 1", "a<b", " "] {
            assert_eq!(check_text(text.as_bytes()), Ok(()), "{text:?}");
        }
        for (bytes, refused) in [
            (b"\xff\xfe\x41\x00".as_slice(), Refused::WrongType),
            (b"GIF89a\x01\x00", Refused::Control),
            (b"a\0b", Refused::Control),
            (b"a\x1b[31m", Refused::Control),
            (b"GIF89a", Refused::Markup),
            (b"  <!DOCTYPE html>", Refused::Markup),
            (b"<?xml version='1.0'?>", Refused::Markup),
            (b"hello <ScRiPt>alert(1)</script>", Refused::Markup),
            (b"<svg onload=alert(1)>", Refused::Markup),
            (b"note\n%PDF-1.7", Refused::Polyglot),
        ] {
            assert_eq!(check_text(bytes), Err(refused), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_document_begins_at_its_first_byte_and_ends_at_its_last() {
        let framed = |middle: &str, after: &str| format!("%PDF-1.7\n{middle}\n%%EOF{after}").into_bytes();
        assert_eq!(check_pdf_frame(&framed("", "\r\n")), Ok(()));
        for (bytes, refused) in [
            (framed("", "\n<script>"), Refused::Polyglot),
            (framed("PK\x05\x06", ""), Refused::Polyglot),
            (b"%PDF-1.7\n".to_vec(), Refused::Unreadable),
            (b"%PDF-x\n%%EOF".to_vec(), Refused::Unreadable),
            (framed("<< /S /JavaScript >>", ""), Refused::Active),
            (framed("<< /S /J#61va#53cript >>", ""), Refused::Active),
            (framed("<< /S /Launch >>", ""), Refused::Active),
        ] {
            assert_eq!(check_pdf_frame(&bytes), Err(refused), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
