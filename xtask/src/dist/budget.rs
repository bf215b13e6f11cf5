//! What a landing page may be asked to load, compressed with brotli. These are all the budgets.

use super::compress::File;
use crate::failure::{Failure, Result};
use std::{fmt, path::Path};

/// The loader, which every page with a form loads at once. 100 bytes of it see to it that a plain form
/// that is on its way is not sent a second time, others that all parts come at once.
const LOADER: u64 = 2_400;
/// All that one form in one language loads, styles included.
const FORM: u64 = 84_300;
/// Of that, the compiled widget, which has the styles inside.
const WASM: u64 = 76_500;
/// Of that, scripts.
const SCRIPTS: u64 = 8_600;
/// The files that it is in: each is a request, and on a slow line some of them wait for another.
const FILES: u64 = 3;

/// How much of something there is, and how much there may be.
#[derive(Debug)]
pub(super) struct Budget {
    what: &'static str,
    unit: &'static str,
    weight: u64,
    most: u64,
}

/// The budgets of a form, whose first file is the loader.
pub(super) fn of(form: &[File]) -> [Budget; 5] {
    let brotli = |what, most, counts: &dyn Fn(usize, &File) -> bool| {
        let counted = form.iter().enumerate().filter(|(place, file)| counts(*place, file));
        let weight = counted.map(|(_, file)| file.brotli).sum();
        Budget { what, unit: "bytes with brotli", weight, most }
    };
    let kind = |kind: &'static str| {
        move |_: usize, file: &File| Path::new(&file.name).extension().is_some_and(|is| is == kind)
    };
    let files = u64::try_from(form.len()).unwrap_or(u64::MAX);
    [
        brotli("the loader", LOADER, &|place, _| place == 0),
        brotli("a form", FORM, &|_, _| true),
        brotli("its WebAssembly", WASM, &kind("wasm")),
        brotli("its scripts", SCRIPTS, &kind("js")),
        Budget { what: "a form", unit: "files", weight: files, most: FILES },
    ]
}

/// # Errors
/// `a form has 80001 bytes with brotli, 1 over its budget`
pub(super) fn check(budgets: &[Budget]) -> Result {
    let exceeded = budgets.iter().filter(|budget| budget.weight > budget.most);
    let said: Vec<_> = exceeded
        .map(|Budget { what, unit, weight, most }| {
            format!("{what} has {weight} {unit}, {} over its budget", weight - most)
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
        let Self { what, unit, weight, most } = self;
        write!(f, "budget of {what}: {most} {unit}, ")?;
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
        Budget { what: "a form", unit: "bytes with brotli", weight, most: 80_000 }
    }

    #[test]
    fn the_budget_itself_is_allowed_and_one_byte_more_is_not() {
        assert_eq!(budget(80_000).to_string(), "budget of a form: 80000 bytes with brotli, 0 left");
        assert!(check(&[budget(80_000)]).is_ok());
        let said = check(&[budget(80_000), budget(80_001)]).unwrap_err().to_string();
        assert!(said.starts_with("a form has 80001 bytes with brotli, 1 over its budget\n"));
        assert_eq!(budget(80_001).to_string().split(", ").last(), Some("exceeded"));
    }

    #[test]
    fn each_file_counts_with_the_form_and_with_its_kind() {
        let file = |name: &str, brotli| File {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
            brotli,
            sha256: String::new(),
            integrity: String::new(),
        };
        let form = [file("deal-form.js", 1_000), file("w.js", 7_000), file("w_bg.wasm", 60_000)];
        let weights = of(&form).map(|budget| budget.weight);
        assert_eq!(weights, [1_000, 68_000, 60_000, 8_000, 3]);
    }
}
