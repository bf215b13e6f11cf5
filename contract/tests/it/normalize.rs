//! What is sent for what people type.

use deal_contract::attachments::{FileFacts, check_file};
use deal_contract::check::{Today, check_field};
use deal_contract::definition::{Field, FieldKind};
use deal_contract::normalize::{self, DateNotation, file_name, hidden};
use deal_contract::problem::Code;
use deal_contract::values::{Amount, CalendarDate, Email, Handle, Phone};
use proptest::prelude::*;

fn field(kind: FieldKind) -> Field {
    Field::new("answer", kind, "Answer")
}

/// What a browser or the proxy does, for the domains in these tests.
fn domain_to_ascii(domain: &str) -> Option<String> {
    let known = [
        ("müller.de", "xn--mller-kva.de"),
        ("MÜLLER.de", "xn--mller-kva.de"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("نامه\u{200c}ای.com", "xn--mgba3gch31f060k.com"),
        ("𝟏.𝟐", "1.0.0.2"),
    ];
    known.iter().find(|(known, _)| *known == domain).map(|(_, ascii)| (*ascii).to_owned())
}

fn normalize(lang: &str, kind: FieldKind, typed: &str) -> String {
    normalize::normalize(&field(kind), typed, DateNotation::of(lang), domain_to_ascii)
}

fn problem(kind: FieldKind, normal: &str) -> Option<Code> {
    let today = Today::exactly("2026-01-31".parse().unwrap());
    check_field(&field(kind), normal, today).map(|problem| problem.code)
}

/// Asserts that each typed text becomes the other one, and is valid.
#[track_caller]
fn becomes(kind: FieldKind, pairs: &[(&str, &str)]) {
    for (typed, sent) in pairs {
        let normal = normalize("de", kind, typed);
        assert_eq!(normal, *sent, "{typed:?}");
        assert_eq!(problem(kind, &normal), None, "{typed:?}");
    }
}

/// Asserts that each typed text is refused, and not rewritten into a valid one.
#[track_caller]
fn stays_wrong(kind: FieldKind, code: Code, typed: &[&str]) {
    for typed in typed {
        let normal = normalize("de", kind, typed);
        assert_eq!(problem(kind, &normal), Some(code), "{typed:?}: {normal:?}");
    }
}

#[test]
fn a_line_takes_pasted_control_characters() {
    becomes(
        FieldKind::Text,
        &[
            ("  Zoë \t", "Zoë"),
            ("Ada\tLovelace", "Ada Lovelace"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f\r\ng\rh\ni", "a b c d e f g h i"),
            ("Donau\u{ad}dampf\0schiff\u{1b}\u{7f}\u{9f}", "Donaudampfschiff"),
            ("\u{feff}a\u{200b}b\u{2060}c\u{202e}d\u{202c}\u{2068}e\u{2069}", "abcde"),
            ("می\u{200c}خواهم 👩\u{200d}💻 ש\u{200f}!", "می\u{200c}خواهم 👩\u{200d}💻 ש\u{200f}!"),
            ("٣ شقق", "٣ شقق"),
        ],
    );
}

#[test]
fn long_text_keeps_its_lines_and_tabs() {
    becomes(
        FieldKind::LongText,
        &[
            ("  kept\n", "  kept\n"),
            ("a\r\nb\rc\u{b}d\u{c}e\u{85}f\u{2028}g\u{2029}h", "a\nb\nc\nd\ne\nf\ng\nh"),
            ("a\tb\0\u{ad}\u{8}", "a\tb"),
        ],
    );
}

#[test]
fn tags_come_between_commas_and_none_is_empty() {
    becomes(
        FieldKind::Tags,
        &[
            (" ويب، جديد,网页，新、三 ", "ويب, جديد, 网页, 新, 三"),
            ("web,, new ,", "web, new"),
            ("a\tb", "a b"),
        ],
    );
    assert_eq!(normalize("en", FieldKind::Tags, " ,، "), "");
}

#[test]
fn drops_directional_marks_from_a_handle() {
    becomes(
        FieldKind::Handle,
        &[
            ("\u{200e}https://example.com/zoe\u{200f} ", "https://example.com/zoe"),
            ("@zoe\n", "@zoe"),
        ],
    );
    stays_wrong(
        FieldKind::Handle,
        Code::HandleAddress,
        &["java\u{200b}script:alert(1)", "\u{1}javascript:x", "java\nscript:x", "java\tscript:x"],
    );
}

#[test]
fn a_number_takes_the_digits_of_any_script() {
    becomes(FieldKind::Id, &[("٥٤٥٢", "5452"), (" ５４５２\u{200f}", "5452"), ("५४५२", "5452")]);
    stays_wrong(FieldKind::Id, Code::IdFormat, &["五", "½", "²", "Ⅴ", "５.０", "٠"]);
}

#[test]
fn an_amount_is_taken_as_people_write_it() {
    becomes(
        FieldKind::Amount,
        &[
            ("1’250.00", "1250.00"),
            ("1'000.–", "1000"),
            ("1´250`000", "1250000"),
            ("€ 1.000", "1.000"),
            ("1000 €", "1000"),
            ("EUR 5 000", "5 000"),
            ("5\u{202f}000\u{a0}€", "5 000"),
            ("5000,-", "5000"),
            ("5000,-- EUR", "5000"),
            ("CHF 5'000.—", "5000"),
            ("Fr. 5'000.-", "5000"),
            ("5.000,- €", "5.000,00"),
            ("12,500.–", "12,500.00"),
            ("$1,250.50", "1,250.50"),
            ("US$ 1,250", "1,250"),
            ("R$ 1.250,00", "1.250,00"),
            ("1 250 zł", "1 250"),
            ("250 kr.", "250"),
            ("£.50", ".50"),
            ("5.", "5."),
            ("￥５，０００", "5,000"),
            ("٥٠٠٠٠", "50000"),
            ("۵۰۰۰۰", "50000"),
            ("١٬٢٥٠٬٠٠٠٫٥٠", "1250000.50"),
            ("١٬٢٥٠٫٥٠٠", "1250.500"),
            ("٥٠٠٠ ر.س", "5000"),
            ("٥٠٠٠ درهم", "5000"),
            ("1.250٫5", "1.250,5"),
            ("1.250.000,50", "1.250.000,50"),
        ],
    );
    // Dropping these would change the number.
    stays_wrong(
        FieldKind::Amount,
        Code::AmountCharacter,
        &[
            "-5",
            "5-",
            "- 5 €",
            "€ -5",
            "+5",
            "5 k€",
            "5 T€",
            "5 Mio",
            "5 MIO €",
            "M$ 5",
            "50 ¢",
            "5 000 Mrd",
            "5%",
            "1e3",
            "3'50",
            "1'2",
            "5€50",
            "5 € 50",
            "1000-2000",
            "five",
            "5万円",
            "5000 per month",
            "(5)",
        ],
    );
    stays_wrong(FieldKind::Amount, Code::AmountDigit, &[",.", "."]);
    stays_wrong(FieldKind::Amount, Code::AmountCharacter, &["€", "EUR"]);
}

#[test]
fn a_phone_number_is_taken_as_people_write_it() {
    becomes(
        FieldKind::Phone,
        &[
            ("\u{202a}0171\u{2011}123\u{a0}456\u{202c}", "0171-123 456"),
            ("٠١٠٠ ١٢٣ ٤٥٦٧", "0100 123 4567"),
            ("０３-１２３４ー５６７８", "03-1234-5678"),
            ("＋４９（０）３０／１２３４５６", "+49(0)30/123456"),
            ("030/1234567", "030/1234567"),
            ("030 1234567 Ext. 5", "030 1234567 Ext. 5"),
            ("030 1234567 X5", "030 1234567 X5"),
            ("030 1234567, extension 12", "030 1234567, extension 12"),
            ("030 1234567,,5", "030 1234567,,5"),
            ("030 1234567 (EXT 5)", "030 1234567 (EXT 5)"),
            ("+49-30-1234567;ext=5", "+49-30-1234567;ext=5"),
            ("+49 (0)30 1234567 #12", "+49 (0)30 1234567 #12"),
            ("030.1234567 Durchwahl 12", "030.1234567 Durchwahl 12"),
            ("030 1234567 DW -12", "030 1234567 DW -12"),
            ("011 1234567 تحويلة 12", "011 1234567 تحويلة 12"),
            (" 030 1234567;", "030 1234567"),
        ],
    );
    stays_wrong(
        FieldKind::Phone,
        Code::PhoneCharacter,
        &[
            "call me",
            "0171-12345 x",
            "0171-12345 e12",
            "0171-12345 ext",
            "++49123456",
            "0800 FLOWERS",
            "030 12345 call 5",
        ],
    );
    stays_wrong(FieldKind::Phone, Code::PhoneLength, &["1234", "1234 ext. 567890"]);
}

#[test]
fn extracts_the_address_from_text_that_was_copied_with_it() {
    becomes(
        FieldKind::Email,
        &[
            (" mike@example.com ", "mike@example.com"),
            ("max@müller.de", "max@xn--mller-kva.de"),
            ("Max <max@MÜLLER.de>", "max@xn--mller-kva.de"),
            ("taro@例え。jp", "taro@xn--r8jz45g.jp"),
            ("ali@نامه\u{200c}ای.com", "ali@xn--mgba3gch31f060k.com"),
            ("mike\u{200c}@example\u{200d}.com", "mike@example.com"),
            ("ｍａｘ＠ｅｘａｍｐｌｅ．ｃｏｍ", "max@example.com"),
            ("mailto:mike@example.com", "mike@example.com"),
            ("MAILTO:mike@example.com?subject=Hi", "mike@example.com"),
            ("<mike@example.com>", "mike@example.com"),
            ("<mailto:mike@example.com>,", "mike@example.com"),
            ("Mike Douglas <mike@example.com>;", "mike@example.com"),
            ("\"Douglas, Mike\" <mike@example.com>", "mike@example.com"),
            ("mike@example.com <mike@example.com>", "mike@example.com"),
            ("mike@example.com,", "mike@example.com"),
            ("mike@example.com;", "mike@example.com"),
            ("mike@example.com.", "mike@example.com"),
            ("\"mike@example.com\"", "mike@example.com"),
            ("'mike@example.com'", "mike@example.com"),
            ("„mike@example.com“", "mike@example.com"),
            ("(mike@example.com)", "mike@example.com"),
            ("o'neil@example.com", "o'neil@example.com"),
        ],
    );
    stays_wrong(
        FieldKind::Email,
        Code::EmailFormat,
        &[
            "mike@",
            "a b@example.com",
            "a@x.com, b@y.com",
            "a@x.com <b@y.com>",
            "A <a@x.com>, B <b@y.com>",
            "jörg@example.com",
            "max@unknown-ü.de",
            "max@𝟏.𝟐",
            "max@mü ller.de",
            "max@mü/ller.de",
        ],
    );
}

#[test]
fn a_date_is_read_in_the_order_of_the_language() {
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
        assert_eq!(normalize(lang, FieldKind::Date, typed), sent, "{typed} in {lang}");
    }
}

#[test]
fn no_date_is_guessed_against_the_order_of_the_language() {
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
        let normal = normalize(lang, FieldKind::Date, typed);
        assert_eq!(normal, typed, "in {lang}");
        assert_eq!(problem(FieldKind::Date, &normal), Some(code), "{typed} in {lang}");
    }
}

#[test]
fn a_problem_with_a_date_shows_the_pattern_of_the_language() {
    let today = Today::exactly("2026-01-31".parse().unwrap());
    let problem = check_field(&field(FieldKind::Date), "13/12/2026", today).unwrap();
    assert_eq!(
        problem.sentence(),
        "“Answer” is read as MM/DD/YYYY, and there is no such day. Write day, month and year in that order."
    );
}

/// What `Intl` of Node.js 22 writes for short dates, except for the separators of languages without
/// a catalog.
#[test]
fn the_pattern_is_that_of_the_language_and_its_country() {
    for (tag, pattern) in [
        ("", "D/M/Y"),
        ("en", "M/D/Y"),
        ("en-US", "M/D/Y"),
        ("en-PH", "M/D/Y"),
        ("en-GB", "D/M/Y"),
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

#[test]
fn a_file_gets_a_name_that_every_system_takes() {
    for (name, clean) in [
        ("Invoice\u{200e}.pdf", "Invoice.pdf"),
        ("\u{200f}لقطة.jpg", "لقطة.jpg"),
        ("Report 10:15.pdf", "Report 10-15.pdf"),
        ("#1 <offer>?.pdf", "#1 -offer--.pdf"),
        ("a\u{202e}b\u{2066}\u{feff}.pdf", "ab.pdf"),
        ("tab\there.pdf", "tab here.pdf"),
        ("a\r\nb\0.pdf", "a b.pdf"),
        ("the \"best\" offer.pdf", "the -best- offer.pdf"),
        ("100%22.pdf", "100%22.pdf"),
        ("100%.pdf", "100%.pdf"),
        ("100%2", "100%2"),
        (" a.pdf ", "a.pdf"),
        ("👩\u{200d}💻 Füße.pdf", "👩\u{200d}💻 Füße.pdf"),
        ("می\u{200c}خواهم.pdf", "می\u{200c}خواهم.pdf"),
        ("", ""),
    ] {
        assert_eq!(file_name(name), clean, "{name:?}");
    }
    let long = file_name(&format!("{}.pdf", "ä".repeat(200)));
    assert_eq!(long, format!("{}.pdf", "ä".repeat(125)));
    assert_eq!(file_name(&"a".repeat(300)).len(), 255);
}

#[test]
fn a_name_that_means_something_else_stays_refused() {
    for name in [
        "../a.pdf",
        "a\\b.pdf",
        "C:\\a.pdf",
        "CON.txt",
        "\u{200e}CON.txt",
        "nul\u{202e}.a.pdf",
        "shell.php.txt",
        "shell.p\u{200b}hp.txt",
        "....txt",
    ] {
        let clean = file_name(name);
        let facts = FileFacts { name: &clean, media_type: "", bytes: 1 };
        assert_eq!(check_file(facts), Err(Code::FileName), "{name:?}");
    }
}

const TYPED: [FieldKind; 9] = [
    FieldKind::Text,
    FieldKind::LongText,
    FieldKind::Email,
    FieldKind::Phone,
    FieldKind::Handle,
    FieldKind::Date,
    FieldKind::Amount,
    FieldKind::Tags,
    FieldKind::Id,
];

const LANGUAGES: [&str; 5] = ["en", "en-GB", "de", "sv", "ar"];

/// Random texts of the characters that the rules handle.
fn typed() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1",
        "12",
        "345",
        "2026",
        "٥",
        "०",
        "５",
        " ",
        "\u{a0}",
        ".",
        ",",
        "٫",
        "٬",
        "'",
        "’",
        "-",
        "–",
        "/",
        "年",
        "€",
        "$",
        "EUR",
        "Fr.",
        "k",
        "T",
        "x",
        "ext.",
        "#",
        "+",
        "(",
        ")",
        "tel:",
        "mailto:",
        "<",
        ">",
        "\"",
        "'",
        "@",
        "＠",
        "．",
        "a",
        "müller.de",
        "example.com",
        "\t",
        "\n",
        "\r",
        "\u{b}",
        "\u{85}",
        "\u{2028}",
        "\u{ad}",
        "\u{200c}",
        "\u{200f}",
        "\u{202e}",
        "\u{feff}",
        "\0",
        "%22",
        "%0A",
        ":",
        "?",
        ".pdf",
    ]);
    prop_oneof![
        3 => prop::collection::vec(pieces, 0..9).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// The digits of an amount, read as `1.250,00` or as `1,250.00` where its signs say so.
fn digits(amount: &str) -> String {
    amount.chars().filter(char::is_ascii_digit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn normalizing_twice_changes_nothing(text in typed(), lang in prop::sample::select(&LANGUAGES[..])) {
        for kind in TYPED {
            let once = normalize(lang, kind, &text);
            prop_assert_eq!(normalize(lang, kind, &once), once, "{:?} of {:?}", kind, text);
        }
        prop_assert_eq!(hidden(&hidden(&text)), hidden(&text));
        prop_assert_eq!(file_name(&file_name(&text)), file_name(&text));
    }

    /// A text that was valid before is sent unchanged, except for spaces around it.
    #[test]
    fn a_valid_answer_keeps_its_meaning(text in typed(), lang in prop::sample::select(&LANGUAGES[..])) {
        let of = |kind| normalize(lang, kind, &text);
        if text.parse::<Amount>().is_ok() {
            prop_assert_eq!(of(FieldKind::Amount), text.trim());
        }
        if text.parse::<CalendarDate>().is_ok() {
            prop_assert_eq!(of(FieldKind::Date), text.clone());
        }
        if text.parse::<Handle>().is_ok() && !text.contains(|c: char| !c.is_ascii()) {
            prop_assert_eq!(of(FieldKind::Handle), text.trim());
        }
        if text.parse::<Email>().is_ok() {
            // Real addresses have no quotes and full stops at the ends.
            let bare = text.trim_matches(['\'', '.']).trim_start_matches("mailto:");
            prop_assert_eq!(of(FieldKind::Email), bare.trim_matches(['\'', '.']));
        }
        if text.parse::<Phone>().is_ok() {
            prop_assert_eq!(digits(&of(FieldKind::Phone)), digits(&text));
        }
    }

    /// An amount is taken only with all its digits in their order.
    #[test]
    fn an_amount_loses_no_digit(text in typed()) {
        let amount = normalize("de", FieldKind::Amount, &text);
        if amount.parse::<Amount>().is_ok() {
            let typed: String = normalize("de", FieldKind::Phone, &text);
            let zeros = digits(&amount);
            let stripped = zeros.strip_suffix("00").or(zeros.strip_suffix('0')).unwrap_or(&zeros);
            prop_assert!(digits(&typed) == zeros || digits(&typed).starts_with(stripped), "{typed} {amount}");
            prop_assert!(!text.contains(['k', 'T', '%', '+']), "{amount}");
        }
    }

    /// No line break is left in a one-line answer.
    #[test]
    fn a_normalized_line_can_always_be_sent(text in typed()) {
        for kind in [FieldKind::Text, FieldKind::LongText] {
            let mut field = field(kind);
            field.max_length = Some(100_000);
            let today = Today::exactly("2026-01-31".parse().unwrap());
            let normal = normalize("en", kind, &text);
            prop_assert_eq!(check_field(&field, &normal, today), None);
        }
    }

    #[test]
    fn a_date_that_is_understood_is_one_of_the_numbers_typed(
        day in 1u8..=31, month in 1u8..=12, year in 1969u16..=2068, two in any::<bool>(),
        sign in prop::sample::select(vec![".", "/", "-", " ", ". "]),
        lang in prop::sample::select(&LANGUAGES[..]),
    ) {
        let Ok(expected) = CalendarDate::new(year, month, day) else { return Ok(()) };
        let written = if two { format!("{:02}", year % 100) } else { year.to_string() };
        let (day, month) = (day.to_string(), month.to_string());
        let pattern = DateNotation::of(lang).write(&day, &month, &written);
        let typed = pattern.replace(['.', '/', '-'], sign);
        prop_assert_eq!(normalize(lang, FieldKind::Date, &typed), expected.to_string());
    }
}
