use crate::store::ContentDigest;

/// A draft and its current content. A proof is valid for one draft only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftContent<'a> {
    /// The draft's reference.
    pub(crate) draft: &'a str,
    /// The digest of its answers and files.
    pub(crate) content: ContentDigest,
}
