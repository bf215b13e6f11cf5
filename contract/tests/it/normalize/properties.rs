//! Properties that hold for any text.

use deal_contract::kind::Kind;
use deal_contract::normalize::{file_name, hidden};
use deal_contract::values::{Amount, CalendarDate, Email, Phone, SocialProfile};
use proptest::prelude::*;

use super::*;

/// Returns every kind of answer that a visitor types.
fn typed_kinds() -> impl Iterator<Item = FieldKind> {
    Kind::ALL.into_iter().filter_map(|kind| match kind {
        Kind::Text(format) => Some(format.into()),
        Kind::Date => Some(FieldKind::DATE),
        Kind::Choices => Some(text::choices()),
        Kind::Flag | Kind::Choice | Kind::Attachments => None,
    })
}

const LANGUAGES: [&str; 5] = ["en", "en-GB", "de", "sv", "ar"];

/// Generates random text, mostly from characters that the rules treat specially.
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

/// Returns the ASCII digits of a string.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn normalizing_twice_changes_nothing(text in typed(), lang in prop::sample::select(&LANGUAGES[..])) {
        for kind in typed_kinds() {
            let once = normalize(lang, kind.clone(), &text);
            prop_assert_eq!(normalize(lang, kind.clone(), &once), once, "{:?} of {:?}", kind, text);
        }
        prop_assert_eq!(hidden(&hidden(&text)), hidden(&text));
        prop_assert_eq!(file_name(&file_name(&text)), file_name(&text));
    }

    /// Most valid answers are sent unchanged, except for leading and trailing white space.
    #[test]
    fn normalizing_keeps_the_meaning_of_a_valid_answer(text in typed(), lang in prop::sample::select(&LANGUAGES[..])) {
        let of = |kind: FieldKind| normalize(lang, kind, &text);
        if text.parse::<Amount>().is_ok() {
            prop_assert_eq!(of(TextFormat::Amount.into()), text.trim());
        }
        if text.parse::<CalendarDate>().is_ok() {
            prop_assert_eq!(of(FieldKind::DATE), text.clone());
        }
        if text.parse::<SocialProfile>().is_ok() && !text.contains(|c: char| !c.is_ascii()) {
            prop_assert_eq!(of(TextFormat::SocialProfile.into()), text.trim());
        }
        if text.parse::<Email>().is_ok() {
            // Quotes and full stops at both ends are dropped, because real addresses have none there.
            let bare = text.trim_matches(['\'', '.']).trim_start_matches("mailto:");
            prop_assert_eq!(of(TextFormat::Email.into()), bare.trim_matches(['\'', '.']));
        }
        if text.parse::<Phone>().is_ok() {
            prop_assert_eq!(digits(&of(TextFormat::Phone.into())), digits(&text));
        }
    }

    /// A valid amount has all digits of the typed text, in the same order, and at most two more
    /// zeros.
    #[test]
    fn an_amount_keeps_all_its_digits(text in typed()) {
        let amount = normalize("de", TextFormat::Amount, &text);
        if amount.parse::<Amount>().is_ok() {
            let typed: String = normalize("de", TextFormat::Phone, &text);
            let zeros = digits(&amount);
            let stripped = zeros.strip_suffix("00").or(zeros.strip_suffix('0')).unwrap_or(&zeros);
            prop_assert!(digits(&typed) == zeros || digits(&typed).starts_with(stripped), "{typed} {amount}");
            prop_assert!(!text.contains(['k', 'T', '%', '+']), "{amount}");
        }
    }

    /// For example, a one-line answer has no line break.
    #[test]
    fn normalized_text_is_always_valid(text in typed()) {
        for format in [TextFormat::SingleLine, TextFormat::MultiLine] {
            let field = field(FieldKind::Text { format, max_length: Some(100_000) });
            let today = Today::exactly("2026-01-31".parse().unwrap());
            let normal = normalize("en", format, &text);
            prop_assert_eq!(check_field(&field, QuestionState::Optional, &normal, today), None);
        }
    }

    #[test]
    fn reads_a_date_with_any_separators_and_two_or_four_digits_in_the_year(
        day in 1u8..=31, month in 1u8..=12, year in 1969u16..=2068, two in any::<bool>(),
        sign in prop::sample::select(vec![".", "/", "-", " ", ". "]),
        lang in prop::sample::select(&LANGUAGES[..]),
    ) {
        let Ok(expected) = CalendarDate::new(year, month, day) else { return Ok(()) };
        let written = if two { format!("{:02}", year % 100) } else { year.to_string() };
        let (day, month) = (day.to_string(), month.to_string());
        let pattern = DateNotation::of(lang).write(&day, &month, &written);
        let typed = pattern.replace(['.', '/', '-'], sign);
        prop_assert_eq!(normalize(lang, FieldKind::DATE, &typed), expected.to_string());
    }
}
