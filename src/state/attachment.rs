use std::rc::Rc;

use deal_contract::attachments::FileInfo;
use web_sys::File;

/// A file to send: the browser's handle and what is known of the file.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    /// The file's bytes stay with the browser. Shared, so that a copy of an answer does not copy the
    /// handle, which only a browser can do.
    pub(crate) file: Rc<File>,
    /// The file name that is sent.
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// Milliseconds since 1970.
    pub(crate) last_modified: u64,
}

impl Attachment {
    /// Whether both are the same file, chosen twice.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name
            && self.bytes == other.bytes
            && self.last_modified == other.last_modified
    }

    pub(crate) fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    pub(crate) fn info(&self) -> FileInfo<'_> {
        FileInfo { name: &self.name, media_type: &self.media_type, bytes: self.bytes }
    }
}
