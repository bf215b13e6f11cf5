//! Compares the size that README states with the bundle's size.

use super::compress::File;
use crate::{
    failure::{Failure, Result},
    files, repo,
};

/// The start of the table row with the total in README.
const ROW: &str = "| **total** |";

/// The allowed difference in thousandths, because different compilers generate different code.
const TOLERANCE: u64 = 10;

/// Compares README with the files that a form loads.
///
/// # Errors
/// `README.md says that a form has 81000 bytes, but it has 79000`
pub(super) fn check(form: &[File]) -> Result {
    let text = files::read(&repo::root().join("README.md"))?;
    let stated = total(&text).ok_or_else(|| Failure::new("README.md has no row `total`"))?;
    let made: u64 = form.iter().map(|file| file.brotli).sum();
    if stated.abs_diff(made) * 1000 > made * TOLERANCE {
        let what = format!("README.md says that a form has {stated} bytes, but it has {made}");
        return Err(Failure::new(what).advise("Correct the table under `Figures`."));
    }
    Ok(())
}

fn total(readme: &str) -> Option<u64> {
    let row = readme.lines().find_map(|line| line.strip_prefix(ROW))?;
    let digits: String = row.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn reads_the_total_from_its_table_row() {
        let table = "| | a |\n|---|---|\n| x | 1 |\n| **total** | **74 677** |\n";
        assert_eq!(total(table), Some(74_677));
        assert_eq!(total("nothing"), None);
    }
}
