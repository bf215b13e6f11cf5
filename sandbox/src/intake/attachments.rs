//! The file types and the total size that the CRM accepts.

/// The extensions of the file types that the CRM's API reference lists: "JPG, GIF, BMP, Excel, CSV, Word, Powerpoint,
/// PDF, Text, Zipped file". PNG is not among them.
const ALLOWED_EXTENSIONS: &[&str] = &[
    "jpg", "jpeg", "gif", "bmp", "xls", "xlsx", "csv", "doc", "docx", "ppt", "pptx", "pdf", "txt",
    "zip",
];

/// Returns whether the CRM keeps a file with this name.
pub(super) fn is_allowed(file_name: &str) -> bool {
    file_name.rsplit_once('.').is_some_and(|(_, extension)| {
        ALLOWED_EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// The size that the remaining files in a call must stay below: the total must be *less* than the limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct RemainingSize(pub(super) u64);

impl RemainingSize {
    pub(super) fn fits(self, size: u64) -> bool {
        size < self.0
    }

    pub(super) fn subtract(&mut self, size: u64) {
        self.0 = self.0.saturating_sub(size);
    }
}

#[cfg(test)]
mod tests {
    use super::{RemainingSize, is_allowed};

    #[test]
    fn accepts_a_file_by_its_extension() {
        for good in ["a.jpg", "a.JPEG", "a.b.Pdf", ".zip", "Größe.PPTX"] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in ["a.png", "a.pdf.exe", "pdf", "a.", "", "a.pdf ", "a.tiff", "a.docm"] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn accepts_files_only_while_their_total_size_is_below_the_limit() {
        let mut remaining = RemainingSize(100);
        assert!(remaining.fits(99));
        assert!(!remaining.fits(100));
        remaining.subtract(60);
        assert!(remaining.fits(39));
        assert!(!remaining.fits(40));
    }
}
