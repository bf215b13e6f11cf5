//! Formats the sizes of files as a table.

use super::compress::File;

/// Formats a line for each file, and a line with the total.
pub(super) fn table(title: &str, files: &[File]) -> String {
    let total = |of: fn(&File) -> u64| grouped(files.iter().map(of).sum::<u64>());
    let mut rows = vec![[title, "raw", "gzip", "brotli"].map(str::to_owned)];
    rows.extend(files.iter().map(|file| {
        [file.name.clone(), grouped(file.raw), grouped(file.gzip), grouped(file.brotli)]
    }));
    rows.push([
        "total".to_owned(),
        total(|file| file.raw),
        total(|file| file.gzip),
        total(|file| file.brotli),
    ]);
    aligned(&rows)
}

/// Aligns the first column left and the others right.
fn aligned(rows: &[[String; 4]]) -> String {
    // Start with the same column widths for all tables, because they are printed one below the
    // other.
    let mut widths = [44, 9, 9, 9];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [name, raw, gzip, brotli] = widths;
    let lines: Vec<_> = rows
        .iter()
        .map(|[a, b, c, d]| format!("{a:name$}{b:>raw$}{c:>gzip$}{d:>brotli$}\n"))
        .collect();
    lines.concat()
}

/// Formats `1234567` as `1 234 567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{File, grouped, table};

    fn file(name: &str, raw: u64, gzip: u64, brotli: u64) -> File {
        let (sha256, integrity) = Default::default();
        File { name: name.to_owned(), raw, gzip, brotli, sha256, integrity }
    }

    #[test]
    fn shows_each_file_and_the_total() {
        let files =
            [file("deal-form.js", 950, 500, 420), file("app.wasm", 180_000, 70_000, 60_001)];
        let expected = "\
a form                                            raw     gzip   brotli
deal-form.js                                      950      500      420
app.wasm                                      180 000   70 000   60 001
total                                         180 950   70 500   60 421
";
        assert_eq!(table("a form", &files), expected);
    }

    #[test]
    fn separates_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1 000");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }
}
