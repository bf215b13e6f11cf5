//! The bytes that README promises, beside those that were made.

use super::compress::File;
use crate::{
    failure::{Failure, Result},
    files, repo,
};

/// How README's row of sums begins; then come those with the standard library rebuilt and as it is.
const ROW: &str = "| **in all** |";

/// By how many thousandths they may differ: other compilers make other code.
const TOLERANCE: u64 = 10;

/// Compares README with what a form loads: with the standard library that Rust brings, and with a
/// rebuilt one where that could be built.
///
/// # Errors
/// `README.md says that a form has 81000 bytes, and it has 79000`
pub(super) fn check(prebuilt: &[File], rebuilt: Option<&[File]>) -> Result {
    let text = files::read(&repo::root().join("README.md"))?;
    let said = sums(&text).ok_or_else(|| Failure::new("README.md has no bytes `in all`"))?;
    let sum = |form: &[File]| form.iter().map(|file| file.brotli).sum();
    let made = [rebuilt.map(sum), Some(sum(prebuilt))];
    for (said, made) in said.into_iter().zip(made) {
        if let Some(made) = made
            && said.abs_diff(made) * 1000 > made * TOLERANCE
        {
            let what = format!("README.md says that a form has {said} bytes, and it has {made}");
            return Err(Failure::new(what).advise("Its table under `Figures` wants today's."));
        }
    }
    Ok(())
}

fn sums(readme: &str) -> Option<[u64; 2]> {
    let row = readme.lines().find_map(|line| line.strip_prefix(ROW))?;
    let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut cells = row.split('|').map(digits).filter_map(|digits| digits.parse().ok());
    Some([cells.next()?, cells.next()?])
}

#[cfg(test)]
mod tests {
    use super::sums;

    #[test]
    fn the_two_sums_are_found() {
        let table =
            "| | a | b |\n|---|---|\n| x | 1 | 2 |\n| **in all** | **74 677** | **79 792** |\n";
        assert_eq!(sums(table), Some([74_677, 79_792]));
        assert_eq!(sums("nothing"), None);
    }
}
