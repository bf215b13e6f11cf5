//! The weights, as a table.

/// One file that the page loads, in bytes.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) raw: u64,
    pub(super) gzip: u64,
    pub(super) brotli: u64,
}

/// A line per part, the total, the budget.
pub(super) fn table(parts: &[Part], budget: u64) -> String {
    let total = |of: fn(&Part) -> u64| parts.iter().map(of).sum::<u64>();
    let total_brotli = total(|part| part.brotli);
    let mut rows = vec![["what the page loads", "raw", "gzip", "brotli"].map(str::to_owned)];
    rows.extend(parts.iter().map(|part| {
        [part.name.clone(), grouped(part.raw), grouped(part.gzip), grouped(part.brotli)]
    }));
    rows.push([
        "total".to_owned(),
        grouped(total(|part| part.raw)),
        grouped(total(|part| part.gzip)),
        grouped(total_brotli),
    ]);
    let verdict = match budget.checked_sub(total_brotli) {
        Some(left) => {
            format!("budget {} bytes with brotli: {} left", grouped(budget), grouped(left))
        }
        None => format!("budget {} bytes with brotli: exceeded", grouped(budget)),
    };
    format!("{}{verdict}", aligned(&rows))
}

/// The first column to the left, the others to the right.
fn aligned(rows: &[[String; 4]]) -> String {
    let mut widths = [0; 4];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [name, raw, gzip, brotli] = widths;
    let lines: Vec<_> = rows
        .iter()
        .map(|[a, b, c, d]| format!("{a:name$}  {b:>raw$}  {c:>gzip$}  {d:>brotli$}\n"))
        .collect();
    lines.concat()
}

/// `1234567` as `1 234 567`.
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
    use super::{Part, grouped, table};

    fn part(name: &str, raw: u64, gzip: u64, brotli: u64) -> Part {
        Part { name: name.to_owned(), raw, gzip, brotli }
    }

    #[test]
    fn the_table_adds_up_and_says_what_is_left() {
        let parts = [part("index.html", 950, 500, 420), part("app.wasm", 180_000, 70_000, 60_001)];
        let expected = "\
what the page loads      raw    gzip  brotli
index.html               950     500     420
app.wasm             180 000  70 000  60 001
total                180 950  70 500  60 421
budget 100 000 bytes with brotli: 39 579 left";
        assert_eq!(table(&parts, 100_000), expected);
    }

    #[test]
    fn the_budget_itself_is_allowed_and_one_byte_more_is_not() {
        let last =
            |brotli| table(&[part("a", 1, 1, brotli)], 100_000).lines().last().map(str::to_owned);
        assert_eq!(last(100_000).unwrap(), "budget 100 000 bytes with brotli: 0 left");
        assert_eq!(last(100_001).unwrap(), "budget 100 000 bytes with brotli: exceeded");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1 000");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }
}
