//! What a landing page may be asked to load, compressed with brotli. These are all the budgets.

use super::compress::File;
use crate::failure::{Failure, Result};
use std::fmt;

/// The loader, which every page with a form loads at once.
const LOADER: u64 = 1_500;
/// All that one form in one language loads, styles included.
const FORM: u64 = 80_000;

/// What something weighs, and what it may.
#[derive(Debug)]
pub(super) struct Budget {
    what: &'static str,
    weight: u64,
    most: u64,
}

/// The budgets of a form, whose first file is the loader.
pub(super) fn of(form: &[File]) -> [Budget; 2] {
    let weight = |files: &[File]| files.iter().map(|file| file.brotli).sum();
    [
        Budget { what: "the loader", weight: weight(form.get(..1).unwrap_or(form)), most: LOADER },
        Budget { what: "a form", weight: weight(form), most: FORM },
    ]
}

/// # Errors
/// `a form weighs 80001 bytes with brotli, 1 over its budget`
pub(super) fn check(budgets: &[Budget]) -> Result {
    let exceeded = budgets.iter().filter(|budget| budget.weight > budget.most);
    let said: Vec<_> = exceeded
        .map(|Budget { what, weight, most }| {
            format!("{what} weighs {weight} bytes with brotli, {} over its budget", weight - most)
        })
        .collect();
    if said.is_empty() {
        return Ok(());
    }
    Err(Failure::new(said.join("\n"))
        .advise("`twiggy top` on a build with names shows what is large."))
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, weight, most } = self;
        write!(f, "budget of {what}: {most} bytes with brotli, ")?;
        match most.checked_sub(*weight) {
            Some(left) => write!(f, "{left} left"),
            None => f.write_str("exceeded"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, check, of};
    use crate::dist::compress::File;

    fn budget(weight: u64) -> Budget {
        Budget { what: "a form", weight, most: 80_000 }
    }

    #[test]
    fn the_budget_itself_is_allowed_and_one_byte_more_is_not() {
        assert_eq!(budget(80_000).to_string(), "budget of a form: 80000 bytes with brotli, 0 left");
        assert!(check(&[budget(80_000)]).is_ok());
        let said = check(&[budget(80_000), budget(80_001)]).unwrap_err().to_string();
        assert!(said.starts_with("a form weighs 80001 bytes with brotli, 1 over its budget\n"));
        assert_eq!(budget(80_001).to_string().split(", ").last(), Some("exceeded"));
    }

    #[test]
    fn the_loader_counts_on_its_own_and_with_the_form() {
        let file = |brotli| File {
            name: String::new(),
            raw: 0,
            gzip: 0,
            brotli,
            sha256: String::new(),
            integrity: String::new(),
        };
        let [loader, form] = of(&[file(1_000), file(70_000)]);
        assert_eq!((loader.weight, form.weight), (1_000, 71_000));
    }
}
