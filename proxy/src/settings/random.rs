//! Random numbers of the operating system.

use data_encoding::HEXLOWER;
use deal_contract::reference::Reference;
use getrandom::Error;

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
