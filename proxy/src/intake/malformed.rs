//! Bodies that no browser sends.

use thiserror::Error;

/// Something that a browser's form cannot have sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// No boundary in `Content-Type`, a second one, one with invalid characters, or a parameter
    /// that another parser could read as the boundary.
    #[error("its boundary is not a valid one")]
    Boundary,
    /// The body begins with something else than its boundary.
    #[error("it does not begin with its boundary")]
    Start,
    /// Text behind a boundary on the same line.
    #[error("a boundary is followed by something else than a line break")]
    Delimiter,
    /// The body ends before its closing boundary.
    #[error("it ends before its closing boundary")]
    Unfinished,
    /// Anything other than empty lines after the closing boundary.
    #[error("something follows its closing boundary")]
    Epilogue,
    /// A part header that is no `name: value`, is folded, or has a bare CR, LF or NUL.
    #[error("a part has a broken header")]
    Header,
    /// A part header twice.
    #[error("a part has the same header twice")]
    HeaderTwice,
    /// Not exactly one `form-data; name="…"`, with at most one `filename="…"`.
    #[error("a part's Content-Disposition is not form-data with one quoted name")]
    Disposition,
    /// `name*` or `filename*`, which RFC 7578 4.2 forbids.
    #[error("a part's Content-Disposition has a parameter with an asterisk")]
    Extended,
    /// A Content-Transfer-Encoding that changes the bytes.
    #[error("a part is encoded")]
    Encoded,
    /// A text value that claims to be something else than UTF-8 text.
    #[error("a text value has a content type of its own")]
    TextType,
    /// A name or a text value that is not UTF-8.
    #[error("it is not UTF-8 text")]
    Utf8,
    /// An invalid revision.
    #[error(
        "df-revision is neither a whole number nor a session with a number, such as 9f3ac01b-3"
    )]
    Revision,
    /// The request broke off, or its chunks are broken.
    #[error("it broke off")]
    Cut,
}

/// Why the reader stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ReadError {
    /// No form sends this.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A part's header goes on beyond the limit.
    #[error("a part's header is too long")]
    HeaderTooLong,
}
