use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use crate::code::Code;

/// The state of a deal: the parameter `resolution` of the CRM's API.
///
/// # Errors
/// `Won` (upper case) and everything else are [`Code::ResolutionValue`].
///
/// ```
/// use deal_contract::values::Resolution;
///
/// assert_eq!("won".parse::<Resolution>(), Ok(Resolution::Won));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// `open`
    Open,
    /// `closed`
    Closed,
    /// `won`
    Won,
    /// `lost`
    Lost,
}

impl Resolution {
    /// All resolutions, in the order of the CRM's API reference.
    pub const ALL: [Self; 4] = [Self::Open, Self::Closed, Self::Won, Self::Lost];

    /// Returns the text that the API uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

impl FromStr for Resolution {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL
            .into_iter()
            .find(|resolution| resolution.as_str() == text)
            .ok_or(Code::ResolutionValue)
    }
}

impl Display for Resolution {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
