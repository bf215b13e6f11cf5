//! A draft's reference. It lets the proxy and the CRM recognize a submission that is sent again.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use crate::code::Code;

/// The parameter that contains the reference.
pub const PARAMETER: &str = "external_reference_id";

const PREFIX: &str = "web-";

/// `web-` and 128 random bits in hexadecimal.
///
/// The widget creates one for each draft and sends it as `external_reference_id`. If the CRM knows
/// the reference, it updates the deal instead of adding a second deal. References cannot be
/// guessed, and the proxy accepts no other format, so visitors can only update their own deals.
///
/// # Errors
/// Parsing returns [`Code::ReferenceShape`] for any other text, such as `Deal656588`, upper-case
/// digits, or more or fewer than 32 digits.
///
/// ```
/// use deal_contract::reference::Reference;
///
/// let reference = Reference::from_random([0xab; 16]);
/// assert_eq!(reference.as_str(), "web-abababababababababababababababab");
/// assert_eq!(reference.as_str().parse(), Ok(reference));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference(String);

impl Reference {
    /// Creates a reference from 16 bytes of a cryptographic random source.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let mut text = String::from(PREFIX);
        push_hex(&mut text, &bytes);
        Self(text)
    }

    /// Returns the beginning of the reference, for logs. Never log the whole reference: anybody who
    /// has it can read the draft's status and change the draft.
    ///
    /// ```
    /// use deal_contract::reference::Reference;
    ///
    /// assert_eq!(Reference::from_random([0xab; 16]).abbreviated(), "web-abababab");
    /// ```
    pub fn abbreviated(&self) -> &str {
        self.0.get(..PREFIX.len() + 8).unwrap_or_default()
    }

    /// Returns the text that is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Appends the bytes as hexadecimal digits.
pub(crate) fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0xf] {
            text.extend(char::from_digit(nibble.into(), 16));
        }
    }
}

impl FromStr for Reference {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let random = text.strip_prefix(PREFIX).ok_or(Code::ReferenceShape)?;
        if random.len() == 32 && random.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::ReferenceShape)
        }
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
