use std::fmt::{self, Display, Formatter};
use std::num::NonZeroU64;
use std::str::FromStr;

use crate::code::Code;

/// The CRM's number for a record: a whole number above zero, in digits, without leading zeros.
///
/// # Errors
/// `0`, `-1`, `+1`, `007`, `1.0` and numbers that do not fit in 63 bits are [`Code::IdFormat`].
///
/// ```
/// use deal_contract::values::PositiveId;
///
/// assert_eq!("5452".parse::<PositiveId>().unwrap().get(), 5452);
/// assert!("0".parse::<PositiveId>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PositiveId(NonZeroU64);

impl PositiveId {
    /// Returns the id as a number.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for PositiveId {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        // `parse` would accept a leading `+` and leading zeros.
        if !text.starts_with(|first: char| matches!(first, '1'..='9')) {
            return Err(Code::IdFormat);
        }
        let number: u64 = text.parse().map_err(|_| Code::IdFormat)?;
        let number = NonZeroU64::new(number).ok_or(Code::IdFormat)?;
        if i64::try_from(number.get()).is_err() {
            return Err(Code::IdFormat);
        }
        Ok(Self(number))
    }
}

impl Display for PositiveId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}
