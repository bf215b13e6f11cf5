use std::rc::Rc;

use deal_contract::attachments::FileInfo;
use web_sys::File;

/// A file to send: the browser's handle, and the file's properties.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    /// The handle; the browser keeps the bytes. It is shared, because answers are also cloned
    /// outside a browser, where the handle itself cannot be cloned.
    pub(crate) file: Rc<File>,
    /// The file name that is sent.
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// Milliseconds since 1970.
    pub(crate) last_modified: u64,
}

impl Attachment {
    /// Returns whether both files have the same name, size and time, and are therefore probably the
    /// same.
    pub(crate) fn is_same_file(&self, other: &Self) -> bool {
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
