//! Compares the sizes that README states with the bundle's sizes.

use super::compress::File;
use crate::{
    failure::{Failure, Result},
    files, repo,
};

/// The starts of the table rows in README: with the total of each form, and with the second module.
const FORM: &str = "| **total** |";
const MORE: &str = "| deal-form-widget-more.wasm";

/// The allowed difference in thousandths, because different compilers generate different code.
const TOLERANCE: u64 = 10;

/// Compares README with the files that each form loads, and with those that few forms load in addition.
///
/// # Errors
/// `README.md says that a form has 81000 bytes, but it has 79000`
pub(super) fn check(form: &[File], more: &[File]) -> Result {
    let text = files::read(&repo::root().join("README.md"))?;
    for (what, row, files) in [("a form", FORM, form), ("the second module", MORE, more)] {
        let missing = || Failure::new(format!("README.md has no row `{row}`"));
        let stated = stated(&text, row).ok_or_else(missing)?;
        let made: u64 = files.iter().map(|file| file.brotli).sum();
        if stated.abs_diff(made) * 1000 > made * TOLERANCE {
            let what = format!("README.md says that {what} has {stated} bytes, but it has {made}");
            return Err(Failure::new(what).advise("Correct the table under `Figures`."));
        }
    }
    Ok(())
}

/// Returns the number in the last cell of the row.
fn stated(readme: &str, row: &str) -> Option<u64> {
    let row = readme.lines().find(|line| line.starts_with(row))?;
    let cell = row.trim_end_matches('|').rsplit('|').next()?;
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{FORM, MORE, stated};

    #[test]
    fn reads_the_sizes_from_the_rows_of_the_table() {
        let table = "| | a |\n|---|---|\n| x | 1 |\n| **total** | **74 677** |\n\
                     | deal-form-widget-more.wasm, in addition for 3 parts | 9 001 |\n";
        assert_eq!(stated(table, FORM), Some(74_677));
        assert_eq!(stated(table, MORE), Some(9_001));
        assert_eq!(stated("nothing", FORM), None);
    }
}
