//! Valid and invalid values of each type, and properties of all values.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use deal_contract::parameter::CustomFieldName;
use deal_contract::problem::Code;
use deal_contract::reference::Reference;
use deal_contract::values::{
    Amount, CalendarDate, Email, FlagValue, MultiLineText, Phone, PositiveId, Resolution,
    SingleLineText, SocialProfile, Tags,
};
use proptest::prelude::*;

#[track_caller]
fn accepts<T: FromStr<Err = Code> + Display>(values: &[&str]) {
    for &value in values {
        match value.parse::<T>() {
            Ok(parsed) => assert_eq!(parsed.to_string(), value),
            Err(code) => panic!("{value:?} was rejected: {code:?}"),
        }
    }
}

#[track_caller]
fn rejects<T: FromStr<Err = Code> + Debug>(code: Code, values: &[&str]) {
    for &value in values {
        match value.parse::<T>() {
            Ok(parsed) => panic!("{value:?} was accepted: {parsed:?}"),
            Err(other) => assert_eq!(other, code, "{value:?}"),
        }
    }
}

#[test]
fn accepts_only_existing_dates() {
    accepts::<CalendarDate>(&[
        "2020-09-30",
        "2024-02-29",
        "2000-02-29",
        "0001-01-01",
        "9999-12-31",
    ]);
    rejects::<CalendarDate>(
        Code::DateDay,
        &[
            "2023-02-29",
            "1900-02-29",
            "2100-02-29",
            "2020-00-10",
            "2020-13-01",
            "2020-01-00",
            "2020-01-32",
            "2020-04-31",
            "0000-01-01",
        ],
    );
    rejects::<CalendarDate>(
        Code::DateFormat,
        &[
            "",
            "2020-9-30",
            "20-09-30",
            "30.09.2020",
            "09/30/2020",
            "2020/09/30",
            "2020-09-30 ",
            " 2020-09-30",
            "2020-09-30T00:00",
            "20200930",
            "+020-09-30",
            "２０２０-09-30",
            "12020-09-30",
            "2020-09-3a",
            "tomorrow",
            "2020-09-３０",
        ],
    );
}

#[test]
fn adds_days_across_months_leap_days_and_up_to_the_first_and_last_valid_date() {
    for (day, days, expected) in [
        ("2024-02-28", 1, "2024-02-29"),
        ("2023-02-28", 1, "2023-03-01"),
        ("2000-03-01", -1, "2000-02-29"),
        ("1900-03-01", -1, "1900-02-28"),
        ("0001-01-01", -1, "0001-01-01"),
        ("9999-12-31", 1, "9999-12-31"),
        ("2024-12-31", i32::MIN, "0001-01-01"),
        ("2024-12-31", i32::MAX, "9999-12-31"),
    ] {
        assert_eq!(day.parse::<CalendarDate>().unwrap().plus_days(days).to_string(), expected);
    }
    assert_eq!(CalendarDate::since_1970(20_484).to_string(), "2026-01-31");
}

#[test]
fn accepts_only_digits_spaces_commas_and_full_stops_in_an_amount() {
    accepts::<Amount>(&["523", "1 250,00", "1,250.00", "0", ".5", "5.", "1 2 3", "0001"]);
    rejects::<Amount>(
        Code::AmountCharacter,
        &["-5", "+5", "5 €", "$5", "1e3", "1'000", "1_000", "five", "1\u{a0}250", "٥", "5\n", "½"],
    );
    rejects::<Amount>(Code::AmountDigit, &["", " ", ",.", ",", ". ."]);
}

#[test]
fn accepts_only_1_and_2_as_a_flag() {
    accepts::<FlagValue>(&["1", "2"]);
    rejects::<FlagValue>(
        Code::FlagValue,
        &["", "0", "3", "true", "false", "yes", "on", "01", "1.0", " 1", "12", "１"],
    );
}

#[test]
fn accepts_only_valid_email_addresses() {
    accepts::<Email>(&[
        "Mike@gmail.com",
        "a.b+c@mail.example.co.uk",
        "o'neil@example.com",
        "x@a-b.de",
        "1@2.io",
        "user@xn--mller-kva.de",
    ]);
    rejects::<Email>(
        Code::EmailFormat,
        &[
            "",
            "mike",
            "mike@",
            "@gmail.com",
            "mike@gmail",
            "a b@example.com",
            "a@b@example.com",
            "a@-b.com",
            "a@b-.com",
            "a@b..com",
            "a@.com",
            "a@b.com.",
            "a@b_c.com",
            "a@b.com\n",
            "Mike <mike@example.com>",
            "a,b@example.com",
            "jörg@example.com",
        ],
    );
    let label = "a".repeat(64);
    rejects::<Email>(Code::EmailFormat, &[&format!("a@{label}.com")]);
    let long = format!("{}@{}.{}.com", "a".repeat(180), "b".repeat(60), "c".repeat(10));
    rejects::<Email>(Code::EmailFormat, &[&long]);
}

#[test]
fn accepts_common_notations_of_phone_numbers() {
    accepts::<Phone>(&[
        "54065486544",
        "+49 (0)30 / 123-456",
        "030.123.456",
        "(+49) 171 123456",
        "555-123-4567 x12",
        "030 123456 ext. 7",
        "030 12345#1",
        "12345",
    ]);
    rejects::<Phone>(
        Code::PhoneCharacter,
        &["call me", "0171-123 x", "0171-123 e12", "123+456", "++49123456", "٠١٢٣٤٥"],
    );
    rejects::<Phone>(Code::PhoneLength, &["", "+", "1234", "()-", "123456789012345678901"]);
}

#[test]
fn accepts_only_positive_whole_numbers_as_an_id() {
    accepts::<PositiveId>(&["1", "5452", "9223372036854775807"]);
    rejects::<PositiveId>(
        Code::IdFormat,
        &["", "0", "-1", "+1", "007", "1.0", "1 ", "0x1", "9223372036854775808", "1e3", "¹"],
    );
}

#[test]
fn accepts_only_the_four_resolutions() {
    accepts::<Resolution>(&["open", "closed", "won", "lost"]);
    rejects::<Resolution>(Code::ResolutionValue, &["", "Open", "WON", "win", "open ", "1"]);
}

#[test]
fn rejects_empty_tags_and_splits_tags_at_commas() {
    accepts::<Tags>(&["web", "tag1, tag2", "a,b", "new customer , ü"]);
    rejects::<Tags>(Code::TagEmpty, &["", ",", "a,,b", "a,", ",a", "a, ,b"]);
    rejects::<Tags>(Code::TextLine, &["a,\nb"]);
    assert_eq!("a , b c".parse::<Tags>().unwrap().iter().collect::<Vec<_>>(), ["a", "b c"]);
}

#[test]
fn accepts_only_names_and_web_addresses_as_a_social_profile() {
    accepts::<SocialProfile>(&[
        "mike",
        "@mike",
        "Mike Douglas",
        "facebook.com/mike",
        "https://facebook.com/mike",
        "HTTP://x.com/a?b=c#d",
        "live:mike",
    ]);
    rejects::<SocialProfile>(
        Code::HandleAddress,
        &[
            "javascript:alert(1)",
            " javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "ftp://example.com",
            "https://",
            "https:///x",
            "https://a b",
            "http:example.com",
            "vbscript:x",
        ],
    );
    rejects::<SocialProfile>(Code::TextLine, &["a\nb"]);
}

#[test]
fn rejects_control_characters_in_text() {
    accepts::<SingleLineText>(&["", " ", "Zoë & Söhne <GmbH> \"x\" 😀", "=1+1"]);
    rejects::<SingleLineText>(Code::TextLine, &["a\nb", "a\r", "\r\n"]);
    rejects::<SingleLineText>(
        Code::TextControl,
        &["a\0b", "a\tb", "\u{1b}[0m", "\u{7f}", "\u{85}"],
    );
    accepts::<MultiLineText>(&["two\r\nlines", "a\tb", "\n"]);
    rejects::<MultiLineText>(Code::TextControl, &["a\0b", "\u{8}", "\u{1b}[0m"]);
}

#[test]
fn accepts_only_custom_field_names_that_php_does_not_rewrite() {
    accepts::<CustomFieldName>(&["budget_range", "a", "X1", "customField"]);
    rejects::<CustomFieldName>(
        Code::CustomFieldName,
        &["", "1a", "_a", "a b", "a.b", "a[b]", "a-b", "ä", "key", "contact_name", "custom_field"],
    );
    rejects::<CustomFieldName>(Code::CustomFieldName, &[&"a".repeat(65)]);
}

#[test]
fn accepts_only_references_in_the_widgets_format() {
    accepts::<Reference>(&["web-0123456789abcdef0123456789abcdef"]);
    rejects::<Reference>(
        Code::ReferenceShape,
        &[
            "",
            "Deal656588",
            "web-",
            "web-0123456789ABCDEF0123456789abcdef",
            "web-0123456789abcdef0123456789abcde",
            "web-0123456789abcdef0123456789abcdef0",
            "web-0123456789abcdef0123456789abcdeg",
            " web-0123456789abcdef0123456789abcdef",
        ],
    );
}

/// Returns the days of a year, computed independently of `CalendarDate`.
fn days_of(year: u32) -> Vec<String> {
    let of = |years: u32| year.is_multiple_of(years);
    let leap = of(4) != of(100) || of(400);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut days = Vec::new();
    for (month, length) in (1..).zip(lengths) {
        days.extend((1..=length).map(|day: u32| format!("{year:04}-{month:02}-{day:02}")));
    }
    days
}

proptest! {
    #[test]
    fn accepts_exactly_the_existing_dates_of_each_year(year in 1u32..=9999) {
        let days = days_of(year);
        for month in 0..=13 {
            for day in 0..=32 {
                let text = format!("{year:04}-{month:02}-{day:02}");
                prop_assert_eq!(text.parse::<CalendarDate>().is_ok(), days.contains(&text), "{}", text);
            }
        }
    }

    #[test]
    fn dates_and_their_text_sort_in_the_same_order(a in 0usize..365, b in 0usize..365, year in 1u32..=9999) {
        let days = days_of(year);
        let (a, b) = (&days[a], &days[b]);
        let dates = (a.parse::<CalendarDate>().unwrap(), b.parse::<CalendarDate>().unwrap());
        prop_assert_eq!(a.cmp(b), dates.0.cmp(&dates.1));
    }

    #[test]
    fn adds_days_as_in_a_list_of_all_days(
        year in 1u32..=9998, from in 0usize..365, days in 0usize..365,
    ) {
        let both: Vec<String> = days_of(year).into_iter().chain(days_of(year + 1)).collect();
        let later: CalendarDate = both[from + days].parse().unwrap();
        let day: CalendarDate = both[from].parse().unwrap();
        let days = i32::try_from(days).unwrap();
        prop_assert_eq!(day.plus_days(days), later);
        prop_assert_eq!(later.plus_days(-days), day);
    }

    #[test]
    fn adding_days_never_exceeds_the_range_of_valid_dates(days in any::<i32>(), year in 1u16..=9999) {
        let day = CalendarDate::new(year, 6, 15).unwrap().plus_days(days);
        prop_assert!(day.to_string().parse::<CalendarDate>().is_ok());
    }

    #[test]
    fn accepts_exactly_the_amounts_that_the_api_reference_allows(text in "[0-9 ,.\\-€a\u{a0}]{0,8}") {
        let allowed = text.chars().all(|c| "0123456789 ,.".contains(c))
            && text.chars().any(|c| c.is_ascii_digit());
        prop_assert_eq!(text.parse::<Amount>().is_ok(), allowed);
    }

    #[test]
    fn rejects_any_other_text_as_a_flag(text in any::<String>()) {
        prop_assert_eq!(text.parse::<FlagValue>().is_ok(), text == "1" || text == "2");
    }

    #[test]
    fn accepts_email_addresses_with_common_characters(email in "[a-z0-9.+_-]{1,20}@([a-z0-9]{1,10}\\.){1,3}[a-z]{2,6}") {
        prop_assert!(email.parse::<Email>().is_ok());
    }

    #[test]
    fn an_email_address_never_contains_characters_that_break_a_header(text in "[a-z@.\r\n ,;<>\"]{0,30}") {
        if text.parse::<Email>().is_ok() {
            prop_assert!(!text.contains(['\r', '\n', ' ', ',', ';', '<', '>', '"']));
            prop_assert_eq!(text.matches('@').count(), 1);
        }
    }

    #[test]
    fn accepts_phone_numbers_with_5_to_20_digits(phone in "\\+?[0-9][0-9 ()./-]{4,18}[0-9]") {
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        prop_assert_eq!(phone.parse::<Phone>().is_ok(), (5..=20).contains(&digits));
    }

    #[test]
    fn parses_positive_ids_and_rejects_leading_zeros(number in 1..=i64::MAX.unsigned_abs()) {
        let id: PositiveId = number.to_string().parse().unwrap();
        prop_assert_eq!(id.get(), number);
        let padded = format!("0{number}").parse::<PositiveId>();
        prop_assert!(padded.is_err());
    }

    #[test]
    fn splits_joined_tags(tags in prop::collection::vec("[a-z]{1,5}( [a-z]{1,5})?", 1..6)) {
        let parsed: Tags = tags.join(" , ").parse().unwrap();
        prop_assert_eq!(parsed.iter().collect::<Vec<_>>(), tags);
    }

    #[test]
    fn rejects_javascript_in_a_social_profile(text in "[ ]{0,2}[jJ]ava[sS]cript:.{0,10}") {
        prop_assert!(text.parse::<SocialProfile>().is_err());
    }

    #[test]
    fn a_single_line_text_has_no_control_characters(text in any::<String>()) {
        if let Ok(line) = text.parse::<SingleLineText>() {
            prop_assert!(line.as_str().chars().all(|c| !c.is_control()));
            prop_assert_eq!(line.as_str(), text);
        }
    }

    #[test]
    fn a_single_line_text_is_a_valid_multi_line_text(text in any::<String>()) {
        if text.parse::<SingleLineText>().is_ok() {
            prop_assert!(text.parse::<MultiLineText>().is_ok());
        }
    }

    #[test]
    fn a_custom_field_name_has_no_characters_that_php_rewrites(name in any::<String>()) {
        if name.parse::<CustomFieldName>().is_ok() {
            prop_assert!(!name.contains(['.', ' ', '[', ']', '\0', '+', '&', '=', '%']));
        }
    }

    #[test]
    fn rejects_resolutions_in_upper_case(text in "(?i)(open|closed|won|lost)") {
        let known = ["open", "closed", "won", "lost"].contains(&text.as_str());
        prop_assert_eq!(text.parse::<Resolution>().is_ok(), known);
    }

    #[test]
    fn makes_a_valid_reference_from_any_random_bytes(bytes in any::<[u8; 16]>()) {
        let reference = Reference::from_random(bytes);
        prop_assert_eq!(reference.as_str().parse::<Reference>(), Ok(reference.clone()));
        let hex = format!("{:032x}", u128::from_be_bytes(bytes));
        prop_assert_eq!(reference.as_str(), format!("web-{hex}"));
    }

    #[test]
    fn parsers_never_panic(text in any::<String>()) {
        let _ = text.parse::<CalendarDate>();
        let _ = text.parse::<Amount>();
        let _ = text.parse::<Email>();
        let _ = text.parse::<Phone>();
        let _ = text.parse::<PositiveId>();
        let _ = text.parse::<Tags>();
        let _ = text.parse::<SocialProfile>();
        let _ = text.parse::<Resolution>();
    }
}
