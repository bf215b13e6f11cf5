//! The rules for files: which types the CRM keeps, how many, and how large.
//!
//! Source: the parameter `attachments` in the CRM's API reference. The CRM silently drops files of
//! other types, so the page and the proxy both check these rules.

use crate::code::Code;

/// The parameter's name in a form definition.
pub const PARAMETER: &str = "attachments";

/// The name of each multipart part with a file.
pub const PART: &str = "attachments[]";

/// The total size of all files must be below this number of bytes. The CRM's API reference says
/// "100M"; 100 × 10⁶ bytes is the smaller interpretation, and therefore the safe one.
pub const TOTAL_LIMIT: u64 = 100_000_000;

/// The maximum number of files in a submission. The CRM runs on PHP, which reads 20 files by
/// default (`max_file_uploads`) and silently drops the rest.
pub const COUNT_LIMIT: usize = 20;

/// The maximum length of a file name in bytes, as in common file systems.
pub(crate) const NAME_LIMIT: usize = 255;

/// The allowed file types, as the form lists them for the visitor.
pub const KINDS: &str = "JPG, GIF, BMP, PDF, Word, Excel, PowerPoint, CSV, text or ZIP";

/// A file type that the CRM keeps.
#[derive(Debug, PartialEq, Eq)]
pub struct FileType {
    /// The extensions, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// The media types that browsers declare for these files, with the registered type first.
    pub media_types: &'static [&'static str],
}

/// The media type that the widget assigns to a folder (from shared-mime-info).
pub const FOLDER: &str = "inode/directory";

/// All file types that the CRM keeps.
pub const FILE_TYPES: &[FileType] = &[
    FileType {
        extensions: &["jpg", "jpeg"],
        media_types: &["image/jpeg", "image/pjpeg", "image/jpg"],
    },
    FileType { extensions: &["gif"], media_types: &["image/gif"] },
    FileType { extensions: &["bmp"], media_types: &["image/bmp", "image/x-ms-bmp", "image/x-bmp"] },
    FileType { extensions: &["pdf"], media_types: &["application/pdf", "application/x-pdf"] },
    FileType { extensions: &["doc"], media_types: &["application/msword"] },
    FileType {
        extensions: &["docx"],
        media_types: &[
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/zip",
            "application/x-zip-compressed",
        ],
    },
    FileType { extensions: &["xls"], media_types: &["application/vnd.ms-excel"] },
    FileType {
        extensions: &["xlsx"],
        media_types: &[
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/zip",
            "application/x-zip-compressed",
        ],
    },
    FileType { extensions: &["ppt"], media_types: &["application/vnd.ms-powerpoint"] },
    FileType {
        extensions: &["pptx"],
        media_types: &[
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/zip",
            "application/x-zip-compressed",
        ],
    },
    // Windows with Office installed calls a CSV file application/vnd.ms-excel.
    FileType {
        extensions: &["csv"],
        media_types: &["text/csv", "application/csv", "text/plain", "application/vnd.ms-excel"],
    },
    FileType { extensions: &["txt"], media_types: &["text/plain"] },
    FileType {
        extensions: &["zip"],
        media_types: &["application/zip", "application/x-zip-compressed"],
    },
];

/// Top-level media types that contradict a file type, unless the file type lists the exact media
/// type.
const OTHER_MEDIA: [&str; 6] = ["image", "audio", "video", "font", "multipart", "message"];

/// Returns whether a media subtype means markup or a script, such as `xhtml+xml` and `x-httpd-php`.
fn is_active(subtype: &str) -> bool {
    ["html", "xml", "script", "php"].iter().any(|end| {
        let at = subtype.len().saturating_sub(end.len());
        subtype.get(at..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    })
}

/// The properties of a file that are known before its content is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileInfo<'a> {
    /// The name on the visitor's device.
    pub name: &'a str,
    /// The declared media type, or an empty string if the browser does not know it.
    pub media_type: &'a str,
    /// The size.
    pub bytes: u64,
}

impl FileType {
    /// Returns the file type for a file name's extension, ignoring case. Returns `None` for a type
    /// that the CRM drops.
    pub fn from_file_name(name: &str) -> Option<&'static Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        FILE_TYPES
            .iter()
            .find(|kind| kind.extensions.iter().any(|known| known.eq_ignore_ascii_case(extension)))
    }

    /// Returns whether a declared media type contradicts this file type.
    ///
    /// Systems use many media types for one format, so only a media type for another known format,
    /// another medium (such as audio), markup or a script is a contradiction. An unknown or empty
    /// media type and `application/octet-stream` are not.
    pub fn contradicts(&self, media_type: &str) -> bool {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let is = |known: &&str| known.eq_ignore_ascii_case(essence);
        if self.media_types.iter().any(is) {
            return false;
        }
        let other_medium = essence.split_once('/').is_some_and(|(top, sub)| {
            OTHER_MEDIA.iter().any(|other| other.eq_ignore_ascii_case(top)) || is_active(sub)
        });
        other_medium || FILE_TYPES.iter().any(|kind| kind.media_types.iter().any(is))
    }
}

/// Checks one file.
///
/// # Errors
/// - [`Code::FilePicture`]: `photo.png`, `photo.heic`.
/// - [`Code::FileType`]: `tool.exe`, a name without an extension.
/// - [`Code::FileMismatch`]: `a.pdf` declared as `image/png`.
/// - [`Code::FileFolder`]: a folder.
/// - [`Code::FileEmpty`]: a file without content.
/// - [`Code::FileName`]: a name of more than 255 bytes, a name with `/`, `\`, `:`, `<` or a control
///   character, `CON.txt`, `shell.php.txt`.
///
/// ```
/// use deal_contract::attachments::{FileInfo, check_file};
///
/// let offer = FileInfo { name: "Offer.PDF", media_type: "application/pdf", bytes: 9 };
/// assert!(check_file(offer).is_ok());
/// ```
pub fn check_file(file: FileInfo<'_>) -> Result<(), Code> {
    let FileInfo { name, media_type, bytes } = file;
    if name.len() > NAME_LIMIT || name.contains(is_forbidden) || is_special_name(name) {
        return Err(Code::FileName);
    }
    if media_type == FOLDER {
        return Err(Code::FileFolder);
    }
    let Some(kind) = FileType::from_file_name(name) else {
        return Err(if is_unsupported_picture(name) { Code::FilePicture } else { Code::FileType });
    };
    if kind.contradicts(media_type) {
        return Err(Code::FileMismatch);
    }
    if bytes == 0 { Err(Code::FileEmpty) } else { Ok(()) }
}

/// Returns whether a file name must not contain the character: control characters, path and line
/// separators, characters that Windows forbids in names (except quotation and question marks, which
/// are harmless), and marks that display a name in another order, such as `exe.pdf` for `fdp.exe`
/// (Unicode's `Bidi_Control`). [Normalizing](crate::normalize::file_name) removes all of them
/// except slashes and backslashes.
fn is_forbidden(c: char) -> bool {
    let reserved = matches!(c, '/' | '\\' | ':' | '|' | '<' | '>' | '*');
    let order = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    reserved || order || c.is_control()
}

/// Returns whether a name has a special meaning: only dots and spaces, a Windows device, or a
/// script that PHP servers may run even if another extension follows (Apache's `mod_mime`).
fn is_special_name(name: &str) -> bool {
    let is = |part: &str, known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(part));
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let dots = !stem.is_empty() && stem.chars().all(|c| matches!(c, '.' | ' '));
    let mut parts = stem.split('.').map(str::trim);
    let device = parts.next().is_some_and(|first| {
        let numbered = first.strip_suffix(|c: char| c.is_ascii_digit());
        is(first, &["con", "prn", "aux", "nul"])
            || numbered.is_some_and(|first| is(first, &["com", "lpt"]))
    });
    let script = parts.any(|part| {
        let version = part.strip_suffix(|c: char| c.is_ascii_digit());
        is(version.unwrap_or(part), &["php", "phtml", "phar", "pht", "shtml"])
    });
    dots || device || script
}

/// Extensions that the file input accepts in addition to [`accept`]: pictures that the CRM drops,
/// and other JPEG extensions. The widget converts these pictures to `.jpg` if the browser can read
/// them.
pub const CONVERTIBLE: &str = ",.png,.webp,.avif,.heic,.heif,.jfif,.jpe,.pjpeg,.pjp";

/// Returns the value of a file input's `accept` (WHATWG HTML, 4.10.5.1.18).
pub fn accept() -> String {
    let mut accept = String::new();
    for extension in FILE_TYPES.iter().flat_map(|kind| kind.extensions) {
        if !accept.is_empty() {
            accept.push(',');
        }
        accept.push('.');
        accept.push_str(extension);
    }
    accept
}

/// A unit for file sizes. Units are decimal, as in file managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeUnit {
    /// One byte.
    Byte,
    /// 10³ bytes.
    Kilobyte,
    /// 10⁶ bytes.
    Megabyte,
}

/// Formats a size as a number with at most one decimal, and returns it with its unit.
///
/// Rounds down, so that a size just below a limit is not displayed as the limit.
///
/// ```
/// use deal_contract::attachments::{SizeUnit, size};
///
/// assert_eq!(size(99_990_000), ("99.9".to_owned(), SizeUnit::Megabyte));
/// ```
pub fn size(bytes: u64) -> (String, SizeUnit) {
    let (bytes_per_unit, unit) = match bytes {
        0..1_000 => return (bytes.to_string(), SizeUnit::Byte),
        1_000..1_000_000 => (1_000, SizeUnit::Kilobyte),
        _ => (1_000_000, SizeUnit::Megabyte),
    };
    let tenths = bytes / (bytes_per_unit / 10);
    let number = match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    };
    (number, unit)
}

/// Formats a [size] in English: `820 bytes`, `1.5 kB`, `99.9 MB`.
pub fn size_text(bytes: u64) -> String {
    let (number, unit) = size(bytes);
    let unit = match unit {
        SizeUnit::Byte if bytes == 1 => "byte",
        SizeUnit::Byte => "bytes",
        SizeUnit::Kilobyte => "kB",
        SizeUnit::Megabyte => "MB",
    };
    format!("{number} {unit}")
}

/// Returns whether a file with this extension is a picture that the CRM drops.
fn is_unsupported_picture(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["png", "heic", "heif", "webp", "avif", "tif", "tiff", "svg"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, media_type: &str, expected: Result<(), Code>) {
        assert_eq!(check_file(FileInfo { name, media_type, bytes: 1 }), expected, "{name}");
    }

    #[test]
    fn accepts_documented_file_types_in_upper_and_lower_case() {
        for name in [
            "a.jpg",
            "a.JPEG",
            "a.gif",
            "a.bmp",
            "a.pdf",
            "A.PDF",
            "a.doc",
            "a.docx",
            "a.xls",
            "a.XLSX",
            "a.ppt",
            "a.pptx",
            "a.csv",
            "a.txt",
            "a.zip",
            "Ä ö \"x\".pdf",
            "a.b.pdf",
        ] {
            check(name, "", Ok(()));
            check(name, "application/octet-stream", Ok(()));
        }
    }

    #[test]
    fn rejects_types_that_the_crm_drops() {
        for name in ["a.png", "a.PNG", "IMG.HEIC", "a.webp", "a.svg"] {
            check(name, "", Err(Code::FilePicture));
        }
        for name in ["a.exe", "pdf", ".pdf", "a.pdf.exe", "a.", "", "a.docm", "a.7z"] {
            check(name, "", Err(Code::FileType));
        }
    }

    #[test]
    fn accepts_a_vague_media_type_but_not_a_contradictory_one() {
        check("a.csv", "application/vnd.ms-excel", Ok(()));
        check("a.csv", "text/csv; charset=utf-8", Ok(()));
        check("a.docx", "application/zip", Ok(()));
        check("a.zip", "application/x-zip-compressed", Ok(()));
        check("a.pdf", "application/x-something-new", Ok(()));
        check("a.pdf", "image/png", Err(Code::FileMismatch));
        check("a.jpg", "image/png", Err(Code::FileMismatch));
        for active in [
            "text/html",
            "TEXT/HTML;x",
            "application/xhtml+xml",
            "text/xml",
            "text/javascript",
            "application/x-httpd-php",
            "message/rfc822",
            "multipart/mixed; boundary=b",
        ] {
            check("a.txt", active, Err(Code::FileMismatch));
        }
        check("a.pdf", "Application/ZIP", Err(Code::FileMismatch));
    }

    #[test]
    fn rejects_a_name_with_forbidden_characters_or_too_many_bytes() {
        for name in [
            "../a.pdf",
            "a\\b.pdf",
            "a\r\nb.pdf",
            "a\0.pdf",
            "a\u{202e}fdp.pdf",
            "a\u{200f}.pdf",
            "a\u{61c}.pdf",
            "a\u{2028}b.pdf",
            "a:b.txt",
            "=cmd|x.csv",
            "<img src=x>.pdf",
        ] {
            check(name, "", Err(Code::FileName));
        }
        check(&format!("{}.pdf", "a".repeat(252)), "", Err(Code::FileName));
        check(&format!("{}.pdf", "a".repeat(251)), "", Ok(()));
    }

    #[test]
    fn rejects_device_names_and_scripts() {
        for name in ["....txt", ". .pdf", "CON.txt", "nul.a.pdf", "Com1.pdf", "lpt9 .pdf"] {
            check(name, "", Err(Code::FileName));
        }
        for name in ["shell.php.txt", "a.PHP7.b.pdf", "a.phtml.jpg", "a.phar.zip"] {
            check(name, "", Err(Code::FileName));
        }
        // File names that people actually use.
        for name in [
            "offer v1.2 final.pdf",
            "Vertrag.pl.pdf",
            "php.pdf",
            "Com.pdf",
            "common.txt",
            "Console.pdf",
            "Was kostet das?.pdf",
            "100%, inkl. 19% (neu) & \"alt\".pdf",
            "...and more.pdf",
            "👩\u{200d}💻 Füße.pdf",
            "می\u{200c}خواهم.pdf",
            "-=+@.csv",
        ] {
            check(name, "", Ok(()));
        }
    }

    #[test]
    fn rejects_an_empty_file() {
        let file = FileInfo { name: "a.pdf", media_type: "", bytes: 0 };
        assert_eq!(check_file(file), Err(Code::FileEmpty));
    }

    #[test]
    fn reports_a_folder_even_if_its_name_has_an_extension() {
        for name in ["Plans", "Plans.pdf", "a.b"] {
            check(name, FOLDER, Err(Code::FileFolder));
        }
    }

    #[test]
    fn formats_sizes_like_a_file_manager() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_550, "1.5 kB"),
            (999_999, "999.9 kB"),
            (1_000_000, "1 MB"),
            (99_999_999, "99.9 MB"),
            (TOTAL_LIMIT, "100 MB"),
        ] {
            assert_eq!(size_text(bytes), text);
        }
    }

    #[test]
    fn lists_all_extensions_in_the_accept_attribute() {
        assert!(accept().starts_with(".jpg,.jpeg,.gif,"));
        assert!(accept().ends_with(",.txt,.zip"));
    }
}
