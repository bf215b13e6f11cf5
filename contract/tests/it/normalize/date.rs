//! Dates.

use super::*;

#[test]
fn reads_a_date_in_the_order_of_the_language() {
    for (lang, typed, sent) in [
        ("de", "31.12.2026", "2026-12-31"),
        ("de", "1.2.26", "2026-02-01"),
        ("de", "31. 12. 2026", "2026-12-31"),
        ("de", "31/12/2026", "2026-12-31"),
        ("de", "31-12-2026", "2026-12-31"),
        ("de", "31 12 2026", "2026-12-31"),
        ("de", "2026-1-5", "2026-01-05"),
        ("de", "2026/12/31", "2026-12-31"),
        ("de", "29.2.2024", "2024-02-29"),
        ("en", "12/31/2026", "2026-12-31"),
        ("en-US", "3/4/26", "2026-03-04"),
        ("en-GB", "3/4/26", "2026-04-03"),
        ("en-AU", "31/12/2026", "2026-12-31"),
        ("en-CA", "2026-12-31", "2026-12-31"),
        ("fr", "31/12/2026", "2026-12-31"),
        ("es", "31/12/2026", "2026-12-31"),
        ("pt-BR", "31/12/2026", "2026-12-31"),
        ("ar", "٣١/١٢/٢٠٢٦", "2026-12-31"),
        ("ar", "٢٠٢٧-٠١-٠١", "2027-01-01"),
        ("sv", "26-12-31", "2026-12-31"),
        ("ja", "２０２６年１２月３１日", "2026-12-31"),
        ("ko", "2026. 12. 31.", "2026-12-31"),
        ("de", "1.1.68", "2068-01-01"),
        ("de", "1.1.69", "1969-01-01"),
        ("de", "\u{200f}31\u{2011}12\u{2011}2026 ", "2026-12-31"),
    ] {
        assert_eq!(normalize(lang, FieldKind::DATE, typed), sent, "{typed} in {lang}");
    }
}

#[test]
fn rejects_a_date_in_another_order_or_format() {
    for (lang, typed, code) in [
        ("en", "13/12/2026", Code::DateOrder),
        ("en-US", "31.12.26", Code::DateOrder),
        ("de", "12/31/2026", Code::DateOrder),
        ("sv", "31.12.2026", Code::DateOrder),
        ("de", "31.02.2026", Code::DateOrder),
        ("en", "32/13/2026", Code::DateOrder),
        ("de", "2026-02-30", Code::DateDay),
        ("de", "2026-13-01", Code::DateDay),
        ("de", "1.2.3", Code::DateOrder),
        ("de", "1.2.026", Code::DateOrder),
        ("de", "31.12.", Code::DateOrder),
        ("de", "tomorrow", Code::DateFormat),
        ("de", "-1.2.2026", Code::DateOrder),
        ("de", "2026-01-01T00:00", Code::DateFormat),
    ] {
        let normal = normalize(lang, FieldKind::DATE, typed);
        assert_eq!(normal, typed, "in {lang}");
        assert_eq!(problem(FieldKind::DATE, &normal), Some(code), "{typed} in {lang}");
    }
}

#[test]
fn the_problem_shows_the_date_pattern_of_the_language() {
    let today = Today::exactly("2026-01-31".parse().unwrap());
    let problem =
        check_field(&field(FieldKind::DATE), QuestionState::Optional, "13/12/2026", today).unwrap();
    assert_eq!(
        problem.sentence(),
        "Enter a real date for “Answer”, in the order MM/DD/YYYY: this day does not exist."
    );
}

/// Expects the short dates that `Intl` in Node.js 22 returns, except for the separators in
/// languages without a catalog.
#[test]
fn uses_the_date_pattern_of_the_language_and_country() {
    for (tag, pattern) in [
        ("", "D/M/Y"),
        ("en", "M/D/Y"),
        ("en-US", "M/D/Y"),
        ("en-PH", "M/D/Y"),
        ("en-GB", "D/M/Y"),
        // An extension is not a region.
        ("en-u-hc-h23", "M/D/Y"),
        ("EN-gb", "D/M/Y"),
        ("en-Latn-GB", "D/M/Y"),
        ("en-IN", "D/M/Y"),
        ("en-CA", "Y-M-D"),
        ("en-ZA", "Y-M-D"),
        ("de", "D.M.Y"),
        ("de-CH", "D.M.Y"),
        ("fr", "D/M/Y"),
        ("fr-CA", "Y-M-D"),
        ("fr-CH", "D.M.Y"),
        ("es", "D/M/Y"),
        ("es-MX", "D/M/Y"),
        ("es-PR", "M/D/Y"),
        ("pt", "D/M/Y"),
        ("ar", "D/M/Y"),
        ("tr", "D.M.Y"),
        ("pl", "D.M.Y"),
        ("sv", "Y-M-D"),
        ("hu", "Y-M-D"),
        ("ja", "Y-M-D"),
        ("zh-Hant-TW", "Y-M-D"),
        ("zh-HK", "D/M/Y"),
    ] {
        assert_eq!(DateNotation::of(tag).pattern("D M Y"), pattern, "{tag}");
    }
}
