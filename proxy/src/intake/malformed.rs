//! Why a body is refused as malformed.

use thiserror::Error;

/// Why a browser cannot have sent the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The boundary in `Content-Type` is missing, repeated or invalid, or another parameter could be read
    /// as a boundary.
    #[error("the boundary in Content-Type is missing or invalid")]
    Boundary,
    /// The body does not begin with its boundary.
    #[error("the body does not begin with its boundary")]
    Start,
    /// Other text follows a boundary on the same line.
    #[error("a boundary is not followed by a line break")]
    Delimiter,
    /// The body ends before its closing boundary.
    #[error("the body ends before its closing boundary")]
    Unfinished,
    /// The body has text other than empty lines after the closing boundary.
    #[error("the body has text after its closing boundary")]
    Epilogue,
    /// A part header is not `name: value`, is folded, or contains a single CR, LF or NUL.
    #[error("a part has an invalid header")]
    Header,
    /// A part has the same header twice.
    #[error("a part has the same header twice")]
    HeaderTwice,
    /// `Content-Disposition` is not `form-data` with one `name` and at most one `filename`, both quoted.
    #[error("a part's Content-Disposition is not form-data with one quoted name")]
    Disposition,
    /// `Content-Disposition` has `name*` or `filename*`, which RFC 7578 4.2 forbids.
    #[error("a part's Content-Disposition has a parameter with an asterisk")]
    Extended,
    /// `Content-Transfer-Encoding` changes the bytes.
    #[error("a part has a Content-Transfer-Encoding such as base64")]
    Encoded,
    /// The content type of a text value is not UTF-8 text.
    #[error("the content type of a text value is not text/plain in UTF-8")]
    TextType,
    /// A part header or a text value is not UTF-8.
    #[error("a part header or a text value is not UTF-8")]
    Utf8,
    /// The revision is invalid.
    #[error(
        "df-revision is neither a whole number nor a session with a number, such as 9f3ac01b-3"
    )]
    Revision,
    /// The connection was closed before the end of the body, or the chunks are invalid.
    #[error("the connection was closed before the end of the body")]
    Aborted,
}

/// Why the multipart reader stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ReadError {
    /// No browser sends such a body.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The headers of a part are longer than the limit.
    #[error("the headers of a part are too long")]
    HeaderTooLong,
}
