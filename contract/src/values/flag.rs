use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::code::Code;

/// The value of a flag: `1` or `2`. The [table of
/// parameters](field@crate::parameter::Parameter::yes) contains the value that means yes for each
/// flag.
///
/// # Errors
/// `0`, `true`, `yes` and everything else are [`Code::FlagValue`].
///
/// ```
/// use deal_contract::values::FlagValue;
///
/// let yes: FlagValue = "2".parse().unwrap();
/// assert_eq!(yes.other().as_str(), "1");
/// assert!("true".parse::<FlagValue>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagValue {
    /// `1`
    One,
    /// `2`
    Two,
}

impl FlagValue {
    /// Returns the text that the API uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }

    /// Returns the value with the opposite meaning.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::One => Self::Two,
            Self::Two => Self::One,
        }
    }
}

impl FromStr for FlagValue {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        match text {
            "1" => Ok(Self::One),
            "2" => Ok(Self::Two),
            _ => Err(Code::FlagValue),
        }
    }
}

impl Display for FlagValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FlagValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
