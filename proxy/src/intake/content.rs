//! Whether a file holds what its name says.
//!
//! The CRM drops what it does not want without a word, and whoever opens a file there should find
//! what its name promises. Some things look like a contradiction and are none: a Word document
//! with a password is not a ZIP but a compound file, an old `.doc` may be RTF, a PDF may have some
//! bytes before its header, and a text may be in Latin-1 or, from Excel, in UTF-16.

use std::io::{self, BufReader, Read, Seek};

use deal_contract::attachments::FileType;
use file_format::FileFormat as Format;
use tracing::warn;

/// How far into a PDF its header may stand (ISO 32000-1, annex H, note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// What is read at a time.
const READ_BYTES: usize = 64 * 1024;

/// Whether the content is of the kind that the file's name says. A name of no kind agrees with nothing.
pub(super) async fn agrees(
    name: &str,
    content: impl Read + Seek + Send + 'static,
) -> io::Result<bool> {
    let Some(kind) = FileType::from_file_name(name) else { return Ok(false) };
    let read = tokio::task::spawn_blocking(move || is_of(kind, content)).await;
    // Numbers that no program writes can make a reader of archives panic: this is no such file, and
    // sent again it would be none either.
    read.unwrap_or_else(|error| {
        warn!(%error, "a file's content made its reader fail");
        Ok(false)
    })
}

fn is_of(kind: &FileType, mut file: impl Read + Seek) -> io::Result<bool> {
    let start = start(&mut file)?;
    file.rewind()?;
    let is = |expected: &[Format], file| {
        Format::from_reader(file).map(|found| expected.contains(&found))
    };
    match kind.extensions.first().copied().unwrap_or_default() {
        "csv" | "txt" => {
            Ok(!is_pdf(&start) && !start.starts_with(b"{\\rtf") && is_text(file, &start)?)
        }
        "pdf" => Ok(is_pdf(&start)),
        "zip" => Ok([b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"]
            .iter()
            .any(|signature| start.starts_with(*signature))),
        "jpg" => is(&[Format::JointPhotographicExpertsGroup], file),
        "gif" => is(&[Format::GraphicsInterchangeFormat], file),
        "bmp" => is(&[Format::WindowsBitmap], file),
        // Not every program that writes a compound file says in it which kind of document it is.
        "doc" => is(
            &[Format::MicrosoftWordDocument, Format::CompoundFileBinary, Format::RichTextFormat],
            file,
        ),
        "xls" => is(&[Format::MicrosoftExcelSpreadsheet, Format::CompoundFileBinary], file),
        "ppt" => is(&[Format::MicrosoftPowerpointPresentation, Format::CompoundFileBinary], file),
        "docx" => is(&[Format::OfficeOpenXmlDocument, Format::CompoundFileBinary], file),
        "xlsx" => is(&[Format::OfficeOpenXmlSpreadsheet, Format::CompoundFileBinary], file),
        "pptx" => is(&[Format::OfficeOpenXmlPresentation, Format::CompoundFileBinary], file),
        // The CRM may come to keep more kinds; their content claims nothing until it is known here.
        _ => Ok(true),
    }
}

fn start(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.take(u64::try_from(PDF_HEADER_WITHIN).unwrap_or(u64::MAX)).read_to_end(&mut start)?;
    Ok(start)
}

fn is_pdf(start: &[u8]) -> bool {
    memchr::memmem::find(start, b"%PDF-").is_some()
}

/// Text in UTF-8, in UTF-16 with its mark, or in one of the encodings of one byte a letter: in those
/// every byte from 0x80 on is a letter somewhere, and what is no text shows itself by control
/// characters.
fn is_text(file: impl Read, start: &[u8]) -> io::Result<bool> {
    let mut file = BufReader::with_capacity(READ_BYTES, file);
    match start {
        [0xff, 0xfe, ..] => is_utf16(&mut file, u16::from_le_bytes),
        [0xfe, 0xff, ..] => is_utf16(&mut file, u16::from_be_bytes),
        _ => {
            let mut piece = vec![0; READ_BYTES];
            loop {
                match file.read(&mut piece)? {
                    0 => return Ok(true),
                    read if piece.iter().take(read).any(|&byte| is_control(byte.into())) => {
                        return Ok(false);
                    }
                    _ => {}
                }
            }
        }
    }
}

fn is_utf16(file: &mut impl Read, unit: fn([u8; 2]) -> u16) -> io::Result<bool> {
    let mut pair = [0; 2];
    loop {
        match file.read_exact(&mut pair) {
            Ok(()) if is_control(unit(pair)) => return Ok(false),
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(true),
            Err(error) => return Err(error),
        }
    }
}

/// A control character that stands in no text. Tab, line feed, form feed and carriage return do, and
/// so does the mark that old systems put at a text's end.
fn is_control(unit: u16) -> bool {
    matches!(unit, 0x00..=0x08 | 0x0b | 0x0e..=0x19 | 0x1b..=0x1f | 0x7f)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[track_caller]
    fn check(name: &str, content: impl AsRef<[u8]>, expected: bool) {
        let kind = FileType::from_file_name(name).unwrap();
        let found = is_of(kind, Cursor::new(content.as_ref())).unwrap();
        let start: Vec<u8> = content.as_ref().iter().copied().take(20).collect();
        assert_eq!(found, expected, "{name}: {:?}", String::from_utf8_lossy(&start));
    }

    /// A ZIP of empty files with those names, without compression.
    fn zip(names: &[&str]) -> Vec<u8> {
        let (mut files, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let offset = u32::try_from(files.len()).unwrap().to_le_bytes();
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            files.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
            files.extend([0; 12]);
            files.extend(length);
            files.extend([0; 2]);
            files.extend(name.bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
            directory.extend([0; 12]);
            directory.extend(length);
            directory.extend([0; 12]);
            directory.extend(offset);
            directory.extend(name.bytes());
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let (size, at) = (directory.len(), files.len());
        let size = u32::try_from(size).unwrap().to_le_bytes();
        let at = u32::try_from(at).unwrap().to_le_bytes();
        let end = [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[0, 0]].concat();
        [files, directory, end].concat()
    }

    /// A compound file whose root says which program made it (\[MS-CFB\] 2.6.1).
    fn compound(class: [u8; 16]) -> Vec<u8> {
        let mut file = vec![0; 1536];
        file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
        file[26] = 3;
        file[28..30].copy_from_slice(b"\xfe\xff");
        file[30] = 9;
        // The directory is the first sector after the header.
        file[48] = 0;
        file[512 + 80..512 + 96].copy_from_slice(&class);
        file
    }

    fn class(first: u32) -> [u8; 16] {
        let mut class = *b"\0\0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46";
        class[..4].copy_from_slice(&first.to_le_bytes());
        class
    }

    #[test]
    fn pictures_and_pdfs_are_what_they_begin_with() {
        let bitmap =
            [&b"BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x01\0\x01\0\x01\0\x18\0"[..], &[0; 4]];
        check("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", true);
        check("a.jpeg", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", false);
        // What a phone writes, under the name that it is sent by.
        check("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", false);
        check("a.gif", b"GIF89a\x01\0\x01\0", true);
        check("a.gif", b"\xff\xd8\xff\xe0", false);
        check("a.bmp", b"BMW;7 Series;2026\r\n", false);
        check("a.bmp", bitmap.concat(), false);
        check("a.pdf", b"%PDF-1.7\n", true);
        check("a.pdf", [b"\xef\xbb\xbf\r\n\r\n", &b"%PDF-1.4\n"[..]].concat(), true);
        check("a.pdf", b"<html><body>The offer has expired", false);
        check("a.pdf", b"x", false);
    }

    #[test]
    fn a_document_is_no_mere_zip() {
        let word = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
        let excel = zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]);
        let slides = zip(&["[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml"]);
        let plain = zip(&["a.txt"]);
        check("a.docx", &word, true);
        check("a.xlsx", &excel, true);
        check("a.pptx", &slides, true);
        check("a.docx", &plain, false);
        check("a.docx", &excel, false);
        check("a.xlsx", b"Article;Price\r\n", false);
        for file in [&word, &plain, &zip(&[])] {
            check("a.zip", file, true);
        }
        check("a.zip", b"Rar!\x1a\x07\x01\0", false);
    }

    #[test]
    fn a_document_with_a_password_is_a_compound_file() {
        let anonymous = compound([0; 16]);
        for name in ["a.docx", "a.xlsx", "a.pptx", "a.doc", "a.xls", "a.ppt"] {
            check(name, &anonymous, true);
        }
        let word = compound(class(0x0002_0906));
        check("a.doc", &word, true);
        check("a.xls", &word, false);
        check("a.ppt", &word, false);
        check("a.xls", compound(class(0x0002_0820)), true);
        check("a.doc", b"{\\rtf1\\ansi Hello}", true);
        check("a.doc", b"<html>", false);
    }

    #[test]
    fn a_text_is_one_in_any_common_encoding() {
        let utf16 = |text: &str| -> Vec<u8> {
            "\u{feff}"
                .encode_utf16()
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        for name in ["a.txt", "a.csv"] {
            check(name, "Größe;Preis\r\n日本語\t1\x0c", true);
            check(name, b"\xef\xbb\xbfa;b\r\n", true);
            // Latin-1, and what MS-DOS put at the end.
            check(name, b"Gr\xf6\xdfe;Preis\r\n\x1a", true);
            check(name, utf16("Größe;Preis\r\n"), true);
            // These look like the beginning of something else.
            check(name, "BMW;7 Series\r\n", true);
            check(name, "PK;4711\r\n", true);
            check(name, "MZ 12 und MZ 14", true);
            check(name, "<p>Not a page", true);
            check(name, b"a;b\0\r\n", false);
            check(name, b"\xff\xd8\xff\xe0\0\x10JFIF\0", false);
            check(name, utf16("a\u{0}b"), false);
            check(name, "%PDF-1.4\n% plain enough\n", false);
            check(name, "{\\rtf1 Hello}", false);
            check(name, [&vec![b'x'; 200_000][..], b"\0"].concat(), false);
        }
    }
}
