//! The size budgets for a form, compressed with brotli.

use super::compress::File;
use crate::{
    failure::{Failure, Result},
    files,
};
use std::{fmt, path::Path};

/// The maximum size of the loader, which each page with a form loads first. About 100 bytes of the loader prevent
/// visitors from sending a plain form twice; other parts of it start all downloads at once.
const LOADER: u64 = 2_700;
/// The maximum size of all files that one form in one language loads, including styles.
const FORM: u64 = 100_600;
/// The maximum size of the compiled widget, which includes 3.5 kB of styles.
const WASM: u64 = 91_900;
/// The maximum size of the scripts, including the loader.
const SCRIPTS: u64 = 8_700;
/// The maximum number of files. Each file needs a request, and on a slow connection some requests wait for others.
const FILES: u64 = 3;

/// The size of a part of a form, and its maximum.
#[derive(Debug)]
pub(super) struct Budget {
    what: &'static str,
    unit: &'static str,
    size: u64,
    max: u64,
}

/// Returns the budgets for a form, whose first file must be the loader.
pub(super) fn of(form: &[File]) -> [Budget; 5] {
    let brotli = |what, max, counts: &dyn Fn(usize, &File) -> bool| {
        let counted = form.iter().enumerate().filter(|(place, file)| counts(*place, file));
        let size = counted.map(|(_, file)| file.brotli).sum();
        Budget { what, unit: "bytes with brotli", size, max }
    };
    let extension = |extension: &'static str| {
        move |_: usize, file: &File| files::extension(Path::new(&file.name)) == extension
    };
    let files = u64::try_from(form.len()).unwrap_or(u64::MAX);
    [
        brotli("the loader", LOADER, &|place, _| place == 0),
        brotli("a form", FORM, &|_, _| true),
        brotli("its WebAssembly", WASM, &extension("wasm")),
        brotli("its scripts", SCRIPTS, &extension("js")),
        Budget { what: "a form", unit: "files", size: files, max: FILES },
    ]
}

/// # Errors
/// `a form: 80001 bytes with brotli, 1 over budget`
pub(super) fn check(budgets: &[Budget]) -> Result {
    let exceeded = budgets.iter().filter(|budget| budget.size > budget.max);
    let lines: Vec<_> = exceeded
        .map(|Budget { what, unit, size, max }| {
            format!("{what}: {size} {unit}, {} over budget", size - max)
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Failure::new(lines.join("\n"))
        .advise("To find large functions, run `twiggy top` on a build with names."))
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, unit, size, max } = self;
        write!(f, "budget of {what}: {max} {unit}, ")?;
        match max.checked_sub(*size) {
            Some(left) => write!(f, "{left} left"),
            None => f.write_str("exceeded"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, check, of};
    use crate::dist::compress::File;

    fn budget(size: u64) -> Budget {
        Budget { what: "a form", unit: "bytes with brotli", size, max: 80_000 }
    }

    #[test]
    fn reports_a_size_one_byte_over_the_budget() {
        assert_eq!(budget(80_000).to_string(), "budget of a form: 80000 bytes with brotli, 0 left");
        assert!(check(&[budget(80_000)]).is_ok());
        let error = check(&[budget(80_000), budget(80_001)]).unwrap_err().to_string();
        assert!(error.starts_with("a form: 80001 bytes with brotli, 1 over budget\n"));
        assert_eq!(budget(80_001).to_string().split(", ").last(), Some("exceeded"));
    }

    #[test]
    fn adds_each_file_to_the_form_total_and_to_the_total_of_its_file_type() {
        let file = |name: &str, brotli| File {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
            brotli,
            sha256: String::new(),
            integrity: String::new(),
        };
        let form = [file("deal-form.js", 1_000), file("w.js", 7_000), file("w_bg.wasm", 60_000)];
        let sizes = of(&form).map(|budget| budget.size);
        assert_eq!(sizes, [1_000, 68_000, 60_000, 8_000, 3]);
    }
}
