//! A draft's revision: the number of a request with the draft's reference.

use std::str::FromStr;

use crate::reference::push_hex;

/// The number of hexadecimal digits in a [session](Revision::session).
const SESSION_DIGITS: usize = 8;

/// A request's number, with an id for the page that sends the request.
///
/// A page numbers the requests that it sends with one reference. The number distinguishes a
/// correction from an earlier request that arrives late, and shows whether a response is about the
/// last request. `session` distinguishes two pages that use the same reference, such as a page and
/// a copy of it from the browser's cache.
///
/// In text form, a revision is the session in eight hexadecimal digits, a hyphen and the number. A
/// client without a session sends only the number.
///
/// ```
/// use deal_contract::revision::Revision;
///
/// let revision = Revision { number: 3, ..Revision::before_first([0x9f, 0x3a, 0xc0, 0x1b]) };
/// assert_eq!(revision.to_text(), "9f3ac01b-3");
/// assert_eq!("9f3ac01b-3".parse(), Ok(revision));
/// assert_eq!("3".parse(), Ok(Revision { session: String::new(), number: 3 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// An id for the page, or an empty string if the client sends no session.
    pub session: String,
    /// Increases with each request.
    pub number: u32,
}

/// The error for a text that is not a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisionError;

impl Revision {
    /// Returns a draft's revision before its first request. `random` becomes the session.
    pub fn before_first(random: [u8; 4]) -> Self {
        let mut session = String::new();
        push_hex(&mut session, &random);
        Self { session, number: 0 }
    }

    /// Returns the text that is sent.
    pub fn to_text(&self) -> String {
        let mut text = self.session.clone();
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(&self.number.to_string());
        text
    }
}

impl FromStr for Revision {
    type Err = RevisionError;

    fn from_str(text: &str) -> Result<Self, RevisionError> {
        let (session, number) = match text.as_bytes().get(SESSION_DIGITS) {
            Some(b'-') => (text.get(..SESSION_DIGITS), text.get(SESSION_DIGITS + 1..)),
            _ => (Some(""), Some(text)),
        };
        let (Some(session), Some(number)) = (session, number) else { return Err(RevisionError) };
        if !session.bytes().all(|byte| byte.is_ascii_hexdigit()) || number.starts_with('+') {
            return Err(RevisionError);
        }
        let number = number.parse().map_err(|_| RevisionError)?;
        Ok(Self { session: session.to_owned(), number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, u32)>) {
        let expected =
            expected.map(|(session, number)| Revision { session: session.to_owned(), number });
        assert_eq!(text.parse().ok(), expected, "{text}");
        if let Some(revision) = expected {
            assert_eq!(revision.to_text(), text);
        }
    }

    #[test]
    fn formats_a_revision_as_it_was_parsed() {
        check("0000000a-1", Some(("0000000a", 1)));
        check("ffffffff-4294967295", Some(("ffffffff", u32::MAX)));
        check("7", Some(("", 7)));
    }

    #[test]
    fn rejects_text_that_is_not_a_revision() {
        for text in ["", "-", "-1", "a-1", "0000000a-", "0000000g-1", "1.5", "0000000a-1-2", "+1"] {
            check(text, None);
        }
        check("ä000000a-1", None);
        check("4294967296", None);
    }
}
