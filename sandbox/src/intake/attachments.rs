//! Which files the CRM keeps.

/// The endings of the reference's "JPG, GIF, BMP, Excel, CSV, Word, Powerpoint, PDF, Text,
/// Zipped file". PNG is not among them.
const ALLOWED: &[&str] = &[
    "jpg", "jpeg", "gif", "bmp", "xls", "xlsx", "csv", "doc", "docx", "ppt", "pptx", "pdf", "txt",
    "zip",
];

/// Whether a file of this name is kept, capitals or not.
pub(super) fn is_allowed(file_name: &str) -> bool {
    file_name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ALLOWED.contains(&ending.to_ascii_lowercase().as_str()))
}

/// How much room the files of one call still have: all together must be *less* than the limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room(pub(super) u64);

impl Room {
    pub(super) fn holds(self, size: u64) -> bool {
        size < self.0
    }

    pub(super) fn take(&mut self, size: u64) {
        self.0 = self.0.saturating_sub(size);
    }
}

#[cfg(test)]
mod tests {
    use super::{Room, is_allowed};

    #[test]
    fn the_ending_decides() {
        for good in ["a.jpg", "a.JPEG", "a.b.Pdf", ".zip", "Größe.PPTX"] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in ["a.png", "a.pdf.exe", "pdf", "a.", "", "a.pdf ", "a.tiff", "a.docm"] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn the_files_together_stay_below_the_limit() {
        let mut room = Room(100);
        assert!(room.holds(99));
        assert!(!room.holds(100));
        room.take(60);
        assert!(room.holds(39));
        assert!(!room.holds(40));
    }
}
