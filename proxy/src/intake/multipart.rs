//! A strict reader of `multipart/form-data`, without input or output of its own.
//!
//! It takes what browsers send (RFC 7578, RFC 2046 5.1, WHATWG HTML 4.10.21.8) and refuses the
//! rest, so that no two readers on the way can disagree about what a submission says. The readers
//! to be had are lenient: multer 3.1, which axum uses, lets part headers grow without limit, takes
//! the last of two equal headers and the first of two names, finds `name=` inside a quoted file
//! name, and sees neither a missing closing boundary nor what follows it.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

use super::malformed::{Malformed, ReadError};
use super::part_head::{PartHead, parse};

const BLANK: [char; 2] = [' ', '\t'];

/// The longest boundary (RFC 2046 5.1.1).
const BOUNDARY_LIMIT: usize = 70;

/// What the reader finds, in the order of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A part begins.
    Part(PartHead),
    /// Bytes of the part's content.
    Content(Bytes),
    /// The part is complete.
    PartEnd,
}

/// The boundary of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Boundary(String);

impl Boundary {
    /// Reads the parameters of the content type: what stands behind `multipart/form-data`.
    ///
    /// Gateways add parameters such as `charset`, which change nothing: text that is not UTF-8 is
    /// refused wherever it stands. One that holds the word `boundary` could hide another boundary
    /// from a careless reader in front, so it is refused.
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

/// The value of a parameter of the content type, and what follows it.
struct Value<'t> {
    text: &'t str,
    quoted: bool,
    rest: &'t str,
}

impl<'t> Value<'t> {
    /// Reads to the next semicolon, or to the closing quotation mark. Readers disagree about what a
    /// backslash does, so none is taken.
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
        // Unquoted it has to be a token (RFC 9110 5.6.6), but curl of old and others leave out the
        // quotes; what ends a parameter cannot stand in it.
        let allowed = |byte| is_boundary(byte) || self.quoted && byte == b' ';
        let valid = (1..=BOUNDARY_LIMIT).contains(&self.text.len())
            && self.text.bytes().all(allowed)
            && !self.text.ends_with(' ');
        if valid { Ok(Boundary(self.text.to_owned())) } else { Err(Malformed::Boundary) }
    }
}

/// A parameter's name without an asterisk, behind which RFC 2231 continues a value elsewhere.
fn is_token(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn mentions_boundary(text: &str) -> bool {
    text.to_ascii_lowercase().contains("boundary")
}

/// `bchars` of RFC 2046 5.1.1 without the space.
fn is_boundary(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte)
}

/// Reads a body that comes in pieces: [`feed`](Self::feed) one, take [events](Self::next) until
/// there are none, and [`finish`](Self::finish) at the end.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Bytes not yet handed on. Never more than one piece and a part header.
    buffer: Bytes,
    /// CR LF, two hyphens and the boundary.
    delimiter: memmem::Finder<'static>,
    header_limit: usize,
    /// How much of the buffer is known not to hold the end of the header.
    scanned: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte.
    Start,
    /// Behind a boundary.
    Delimiter,
    /// In a part's header.
    Head,
    /// In a part's content.
    Content,
    /// The content has been handed on whole.
    PartEnd,
    /// Behind the closing boundary.
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

    /// Adds the next bytes of the body. Within a file nothing is left of those before, as a rule, and
    /// nothing copied.
    pub(crate) fn feed(&mut self, bytes: Bytes) {
        if self.buffer.is_empty() {
            self.buffer = bytes;
            return;
        }
        let left = std::mem::take(&mut self.buffer);
        // A buffer of our own has room for more: many small pieces are not copied again with each.
        let mut joined = left.try_into_mut().unwrap_or_else(|left| BytesMut::from(&*left));
        joined.extend_from_slice(&bytes);
        self.buffer = joined.freeze();
    }

    /// The next event, or none when more bytes are needed.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, ReadError> {
        loop {
            match self.state {
                State::Start => {
                    // The first boundary has no line before it.
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
                    let Some(behind) = self.buffer.get(..2) else { return Ok(None) };
                    self.state = match behind {
                        b"\r\n" => State::Head,
                        b"--" => State::End,
                        _ => return Err(Malformed::Delimiter.into()),
                    };
                    self.skip(2);
                    self.scanned = 0;
                }
                State::Head => return self.head(),
                State::Content => {
                    if let Some(content) = self.content() {
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
                    // Browsers end the closing boundary's line. RFC 2046 5.1.1 lets anything follow;
                    // some senders add empty lines, and more than those is no form's.
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

    /// At the end of the body: whether it was whole.
    pub(crate) fn finish(self) -> Result<(), Malformed> {
        match (self.state, &self.buffer[..]) {
            (State::End, b"") => Ok(()),
            (State::End, _) => Err(Malformed::Epilogue),
            _ => Err(Malformed::Unfinished),
        }
    }

    fn head(&mut self) -> Result<Option<Event>, ReadError> {
        const END: &[u8] = b"\r\n\r\n";
        let unread = self.buffer.get(self.scanned..).unwrap_or_default();
        let Some(at) = memmem::find(unread, END) else {
            // Up to three bytes of the end may be here already.
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

    fn content(&mut self) -> Option<Bytes> {
        let content = if let Some(at) = self.delimiter.find(&self.buffer) {
            let content = self.buffer.split_to(at);
            self.skip(self.delimiter.needle().len());
            self.state = State::PartEnd;
            content
        } else {
            self.buffer.split_to(self.buffer.len().saturating_sub(self.begun()))
        };
        (!content.is_empty()).then_some(content)
    }

    /// How many of the last bytes are the beginning of a boundary, for all that is known now.
    fn begun(&self) -> usize {
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
