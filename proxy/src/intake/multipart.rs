//! A strict parser of `multipart/form-data`, without I/O.
//!
//! It accepts what browsers and common clients send (RFC 7578, RFC 2046 5.1, WHATWG HTML 4.10.21.8) and refuses
//! everything else, because two parsers on the way could otherwise read a submission differently. Existing parsers are
//! lenient: multer 3.1, which axum uses, does not limit part headers, takes the last of two equal headers and the first
//! of two names, finds `name=` inside a quoted file name, and ignores a missing closing boundary and any bytes after
//! it.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

use super::malformed::{Malformed, ReadError};
use super::part_head::{PartHead, parse};

const BLANK: [char; 2] = [' ', '\t'];

/// The maximum length of a boundary (RFC 2046 5.1.1).
const BOUNDARY_LIMIT: usize = 70;

/// An event of the reader. The events have the order of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A part begins.
    Part(PartHead),
    /// Some bytes of the part's content.
    Content(Bytes),
    /// The part ends.
    PartEnd,
}

/// The boundary of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Boundary(String);

impl Boundary {
    /// Parses the parameters after `multipart/form-data`.
    ///
    /// Gateways add parameters such as `charset`; these are ignored, because text that is not UTF-8 is
    /// always refused. A parameter that contains the word `boundary` is refused, because another parser
    /// in front could read another boundary from it.
    pub(crate) fn from_parameters(parameters: &str) -> Result<Self, Malformed> {
        let mut rest = parameters.trim_matches(BLANK);
        let mut boundary = None;
        while !rest.is_empty() {
            rest = rest.strip_prefix(';').ok_or(Malformed::Boundary)?.trim_start_matches(BLANK);
            // RFC 9110 5.6.6 allows empty parameters.
            if rest.is_empty() || rest.starts_with(';') {
                continue;
            }
            let (name, value) = rest.split_once('=').ok_or(Malformed::Boundary)?;
            let value = Value::read(value)?;
            rest = value.rest;
            if name.eq_ignore_ascii_case("boundary") {
                if boundary.replace(value.boundary()?).is_some() {
                    return Err(Malformed::Boundary);
                }
            } else if !is_token(name) || mentions_boundary(name) || mentions_boundary(value.text) {
                return Err(Malformed::Boundary);
            }
        }
        boundary.ok_or(Malformed::Boundary)
    }
}

/// The value of a parameter, and the text after the value.
struct Value<'t> {
    text: &'t str,
    quoted: bool,
    rest: &'t str,
}

impl<'t> Value<'t> {
    /// Reads to the next semicolon, or to the closing quotation mark. Refuses backslashes, because
    /// parsers treat them differently.
    fn read(value: &'t str) -> Result<Self, Malformed> {
        let (text, quoted, rest) = if let Some(value) = value.strip_prefix('"') {
            let (text, rest) = value.split_once('"').ok_or(Malformed::Boundary)?;
            (text, true, rest.trim_start_matches(BLANK))
        } else {
            let (text, rest) = value.split_at(value.find(';').unwrap_or(value.len()));
            (text.trim_end_matches(BLANK), false, rest)
        };
        let plain = !text.contains(['"', '\\']) && !text.contains(char::is_control);
        if plain { Ok(Self { text, quoted, rest }) } else { Err(Malformed::Boundary) }
    }

    fn boundary(&self) -> Result<Boundary, Malformed> {
        // An unquoted value must be a token (RFC 9110 5.6.6), but old versions of curl and other clients
        // omit the quotes. Characters that end a parameter are still not allowed.
        let allowed = |byte| is_boundary(byte) || self.quoted && byte == b' ';
        let valid = (1..=BOUNDARY_LIMIT).contains(&self.text.len())
            && self.text.bytes().all(allowed)
            && !self.text.ends_with(' ');
        if valid { Ok(Boundary(self.text.to_owned())) } else { Err(Malformed::Boundary) }
    }
}

/// Returns whether the name is a token without an asterisk. RFC 2231 uses asterisks to split a value
/// over several parameters.
fn is_token(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn mentions_boundary(text: &str) -> bool {
    text.to_ascii_lowercase().contains("boundary")
}

/// Returns whether the byte is one of the `bchars` in RFC 2046 5.1.1, except the space.
fn is_boundary(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte)
}

/// Reads a body that arrives in pieces: [`feed`](Self::feed) a piece, call [`next`](Self::next) until it
/// returns `None`, and call [`finish`](Self::finish) at the end.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Bytes that were not returned yet: at most one piece and a part header.
    buffer: Bytes,
    /// CR LF, two hyphens and the boundary.
    delimiter: memmem::Finder<'static>,
    header_limit: usize,
    /// The number of bytes at the beginning of the buffer that were already searched for the end of the
    /// header.
    scanned: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first boundary.
    Start,
    /// After a boundary.
    Delimiter,
    /// In the headers of a part.
    Head,
    /// In the content of a part.
    Content,
    /// After the content of a part.
    PartEnd,
    /// After the closing boundary.
    End,
}

impl Reader {
    pub(crate) fn new(boundary: &Boundary, header_limit: usize) -> Self {
        let delimiter = format!("\r\n--{}", boundary.0);
        Self {
            buffer: Bytes::new(),
            delimiter: memmem::Finder::new(delimiter.as_bytes()).into_owned(),
            header_limit,
            scanned: 0,
            state: State::Start,
        }
    }

    /// Adds the next bytes of the body. Inside a file, the buffer is usually empty, so nothing is copied.
    pub(crate) fn feed(&mut self, bytes: Bytes) {
        if self.buffer.is_empty() {
            self.buffer = bytes;
            return;
        }
        let left = std::mem::take(&mut self.buffer);
        // A unique buffer can grow in place, so small pieces do not cause a copy each time.
        let mut joined = left.try_into_mut().unwrap_or_else(|left| BytesMut::from(&*left));
        joined.extend_from_slice(&bytes);
        self.buffer = joined.freeze();
    }

    /// Returns the next event, or `None` if more bytes are needed.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, ReadError> {
        loop {
            match self.state {
                State::Start => {
                    // The first boundary has no line break before it.
                    let expected = self.delimiter.needle().get(2..).unwrap_or_default();
                    let compared = expected.len().min(self.buffer.len());
                    if self.buffer.get(..compared) != expected.get(..compared) {
                        return Err(Malformed::Start.into());
                    }
                    if compared < expected.len() {
                        return Ok(None);
                    }
                    self.skip(compared);
                    self.state = State::Delimiter;
                }
                State::Delimiter => {
                    let Some(next) = self.buffer.get(..2) else { return Ok(None) };
                    self.state = match next {
                        b"\r\n" => State::Head,
                        b"--" => State::End,
                        _ => return Err(Malformed::Delimiter.into()),
                    };
                    self.skip(2);
                    self.scanned = 0;
                }
                State::Head => return self.read_head(),
                State::Content => {
                    if let Some(content) = self.read_content() {
                        return Ok(Some(Event::Content(content)));
                    }
                    if self.state == State::Content {
                        return Ok(None);
                    }
                }
                State::PartEnd => {
                    self.state = State::Delimiter;
                    return Ok(Some(Event::PartEnd));
                }
                State::End => {
                    // Browsers send a line break after the closing boundary, and some clients add empty
                    // lines. RFC 2046 5.1.1 would allow any text, but forms do not send it.
                    while self.buffer.starts_with(b"\r\n") {
                        self.skip(2);
                    }
                    let rest: &[u8] = &self.buffer;
                    return if b"\r".starts_with(rest) {
                        Ok(None)
                    } else {
                        Err(Malformed::Epilogue.into())
                    };
                }
            }
        }
    }

    /// Checks at the end of the body that it is complete.
    pub(crate) fn finish(self) -> Result<(), Malformed> {
        match (self.state, &self.buffer[..]) {
            (State::End, b"") => Ok(()),
            (State::End, _) => Err(Malformed::Epilogue),
            _ => Err(Malformed::Unfinished),
        }
    }

    fn read_head(&mut self) -> Result<Option<Event>, ReadError> {
        const END: &[u8] = b"\r\n\r\n";
        let unread = self.buffer.get(self.scanned..).unwrap_or_default();
        let Some(at) = memmem::find(unread, END) else {
            // The buffer may already contain up to three bytes of `END`.
            if self.buffer.len() >= self.header_limit + END.len() {
                return Err(ReadError::HeaderTooLong);
            }
            self.scanned = self.buffer.len().saturating_sub(END.len() - 1);
            return Ok(None);
        };
        let length = self.scanned + at;
        if length > self.header_limit {
            return Err(ReadError::HeaderTooLong);
        }
        let head = parse(self.buffer.get(..length).unwrap_or_default())?;
        self.skip(length + END.len());
        self.state = State::Content;
        Ok(Some(Event::Part(head)))
    }

    fn read_content(&mut self) -> Option<Bytes> {
        let content = if let Some(at) = self.delimiter.find(&self.buffer) {
            let content = self.buffer.split_to(at);
            self.skip(self.delimiter.needle().len());
            self.state = State::PartEnd;
            content
        } else {
            self.buffer.split_to(self.buffer.len().saturating_sub(self.partial_delimiter()))
        };
        (!content.is_empty()).then_some(content)
    }

    /// Returns the number of bytes at the end of the buffer that may be the beginning of a boundary.
    fn partial_delimiter(&self) -> usize {
        let delimiter = self.delimiter.needle();
        let begins = |&length: &usize| {
            delimiter.get(..length).is_some_and(|start| self.buffer.ends_with(start))
        };
        (1..delimiter.len()).rev().find(begins).unwrap_or(0)
    }

    fn skip(&mut self, bytes: usize) {
        drop(self.buffer.split_to(bytes));
    }
}
