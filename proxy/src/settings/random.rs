//! Random numbers of the operating system.

use std::fmt::{self, Debug, Formatter};

use data_encoding::HEXLOWER;
use deal_contract::reference::Reference;
use getrandom::Error;

/// Where random numbers come from that nothing secret depends on: the system, or a test.
pub(crate) struct Rng(Box<dyn Fn() -> u64 + Send + Sync>);

impl Rng {
    /// The system's random numbers. If there are none, waits are not spread.
    pub(crate) fn system() -> Self {
        Self::new(|| getrandom::u64().unwrap_or(0))
    }

    /// Numbers that the function returns.
    pub(crate) fn new(next: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Box::new(next))
    }

    pub(crate) fn next(&self) -> u64 {
        (self.0)()
    }
}

impl Debug for Rng {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rng").finish()
    }
}

/// `N` random bytes in hexadecimal.
pub(crate) fn hex<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// A number that nobody can guess.
pub(crate) fn number() -> Result<u32, Error> {
    getrandom::u32()
}

/// A reference for a draft whose page made none.
pub(crate) fn reference() -> Result<Reference, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(Reference::from_random(bytes))
}
