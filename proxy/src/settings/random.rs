//! Random numbers from the operating system.

use std::fmt::{self, Debug, Formatter};

use data_encoding::HEXLOWER;
use deal_contract::reference::Reference;
use getrandom::Error;

/// A source of random numbers that need not be secret: the system or a test.
pub(crate) struct Rng(Box<dyn Fn() -> u64 + Send + Sync>);

impl Rng {
    /// Uses the system's random numbers. If the system has none, the number is 0, so waits have no
    /// random part.
    pub(crate) fn system() -> Self {
        Self::new(|| getrandom::u64().unwrap_or(0))
    }

    /// Uses the numbers that the function returns.
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

/// Returns `N` random bytes in hexadecimal.
pub(crate) fn hex<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// Returns a random number.
pub(crate) fn number() -> Result<u32, Error> {
    getrandom::u32()
}

/// Creates a new reference for a draft on the proxy's own page.
pub(crate) fn reference() -> Result<Reference, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(Reference::from_random(bytes))
}
