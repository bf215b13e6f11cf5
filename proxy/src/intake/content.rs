//! Checks whether the content of a file matches its name.
//!
//! The CRM silently drops files of unsupported kinds, and people who open a file in the CRM rely on its name.
//! Some files look wrong but are valid: a Word document with a password is a compound file instead of a
//! ZIP, an old `.doc` may be RTF, a PDF may have some bytes before its header, and a text file may be
//! in Latin-1 or, from Excel, in UTF-16.

use std::io::{self, BufReader, Read, Seek};

use deal_contract::attachments::FileType;
use file_format::FileFormat as Format;
use tracing::warn;

/// The header of a PDF may begin within its first 1024 bytes (ISO 32000-1, annex H, note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// The size of the read buffer.
const READ_BYTES: usize = 64 * 1024;

/// Returns whether the content is of the kind that the file's name states. Names of unknown kinds never
/// match.
pub(super) async fn matches_name(
    name: &str,
    content: impl Read + Seek + Send + 'static,
) -> io::Result<bool> {
    let Some(kind) = FileType::from_file_name(name) else { return Ok(false) };
    let result = tokio::task::spawn_blocking(move || is_kind(kind, content)).await;
    // Invalid numbers in an archive can make `file_format` panic. Such a file is not valid, and
    // sending it again would not help.
    result.unwrap_or_else(|error| {
        warn!(%error, "cannot check the content of a file, so the file is refused");
        Ok(false)
    })
}

fn is_kind(kind: &FileType, mut file: impl Read + Seek) -> io::Result<bool> {
    let start = start(&mut file)?;
    file.rewind()?;
    let has_format = |expected: &[Format], file| {
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
        "jpg" => has_format(&[Format::JointPhotographicExpertsGroup], file),
        "gif" => has_format(&[Format::GraphicsInterchangeFormat], file),
        "bmp" => has_format(&[Format::WindowsBitmap], file),
        // Some programs do not store the kind of document in a compound file.
        "doc" => has_format(
            &[Format::MicrosoftWordDocument, Format::CompoundFileBinary, Format::RichTextFormat],
            file,
        ),
        "xls" => has_format(&[Format::MicrosoftExcelSpreadsheet, Format::CompoundFileBinary], file),
        "ppt" => {
            has_format(&[Format::MicrosoftPowerpointPresentation, Format::CompoundFileBinary], file)
        }
        "docx" => has_format(&[Format::OfficeOpenXmlDocument, Format::CompoundFileBinary], file),
        "xlsx" => has_format(&[Format::OfficeOpenXmlSpreadsheet, Format::CompoundFileBinary], file),
        "pptx" => {
            has_format(&[Format::OfficeOpenXmlPresentation, Format::CompoundFileBinary], file)
        }
        // Kinds that the contract may add later are not checked.
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

/// Returns whether the file is text: in UTF-8, in UTF-16 with a byte order mark, or in an encoding with
/// one byte for each character. In those encodings, all bytes from 0x80 can be letters, so only control
/// characters show that a file is not text.
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

/// Returns whether the unit is a control character that text files never contain. Text files may
/// contain tab, line feed, form feed, carriage return, and 0x1A, which marks the end of the file on old
/// systems.
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
        let found = is_kind(kind, Cursor::new(content.as_ref())).unwrap();
        let start: Vec<u8> = content.as_ref().iter().copied().take(20).collect();
        assert_eq!(found, expected, "{name}: {:?}", String::from_utf8_lossy(&start));
    }

    /// Builds a ZIP with empty files that have these names, without compression.
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
        let (size, offset) = (directory.len(), files.len());
        let size = u32::try_from(size).unwrap().to_le_bytes();
        let offset = u32::try_from(offset).unwrap().to_le_bytes();
        let end = [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &offset, &[0, 0]].concat();
        [files, directory, end].concat()
    }

    /// Builds a compound file whose root entry contains the class of its program (\[MS-CFB\] 2.6.1).
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
    fn recognises_pictures_and_pdfs_by_their_first_bytes() {
        let bitmap =
            [&b"BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x01\0\x01\0\x01\0\x18\0"[..], &[0; 4]];
        check("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", true);
        check("a.jpeg", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", false);
        // A phone's HEIC picture with the name of a JPG.
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
    fn distinguishes_documents_from_other_zip_files() {
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
    fn accepts_compound_files_as_documents_of_their_program() {
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
    fn accepts_text_in_common_encodings() {
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
            // Latin-1, with the end mark of MS-DOS.
            check(name, b"Gr\xf6\xdfe;Preis\r\n\x1a", true);
            check(name, utf16("Größe;Preis\r\n"), true);
            // These texts begin as files of other kinds do.
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
