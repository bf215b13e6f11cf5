//! The values that the CRM checks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The value of a flag. Whether 1 or 2 means yes depends on the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    One,
    Two,
}

impl Flag {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "1" => Some(Self::One),
            "2" => Some(Self::Two),
            _ => None,
        }
    }
}

/// Whether and how a deal was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Resolution {
    /// The resolution of a new deal.
    #[default]
    Open,
    Closed,
    Won,
    Lost,
}

impl Resolution {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            "won" => Some(Self::Won),
            "lost" => Some(Self::Lost),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// Returns whether `text` is an existing day in the format `YYYY-MM-DD`: `2024-02-29`, not
/// `2023-02-29`.
pub(crate) fn is_date(text: &str) -> bool {
    let shaped = text.len() == 10
        && text.char_indices().all(|(index, character)| match index {
            4 | 7 => character == '-',
            _ => character.is_ascii_digit(),
        });
    let mut numbers = text.split('-').map(str::parse::<i16>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return false;
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return false;
    };
    // PHP's `checkdate` rejects the year 0.
    shaped && year >= 1 && Date::new(year, month, day).is_ok()
}

/// Returns whether `text` is an amount: digits, spaces, `,` and `.`, with at least one digit.
pub(crate) fn is_amount(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_digit() || " ,.".contains(character))
        && text.chars().any(|character| character.is_ascii_digit())
}

/// Splits a list at each `,`, trims white space from the entries, and removes empty ones.
pub(crate) fn split_tags(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_amount, is_date, split_tags};

    #[test]
    fn accepts_only_existing_dates() {
        for good in ["2020-09-30", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2020-9-30",
            "2020-09-31",
            "2020-13-01",
            "2020-00-10",
            "2020-01-00",
            "0000-01-01",
            "20200930",
            "30.09.2020",
            " 2020-09-30",
            "2020-09-30 ",
            "2020/09/30",
            "+020-09-30",
            "2020--9-30",
            "tomorrow",
            "２０２０-09-30",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn accepts_amounts_of_digits_spaces_commas_and_dots_with_at_least_one_digit() {
        for good in ["523", "1 250,00", "1,250.00", "0", ".5", " 7 "] {
            assert!(is_amount(good), "{good}");
        }
        for bad in [",.", " ", "-5", "5 €", "1e3", "12a", "1\u{a0}250", "٣"] {
            assert!(!is_amount(bad), "{bad}");
        }
    }

    #[test]
    fn splits_tags_at_commas_and_trims_them() {
        assert_eq!(split_tags(" tag1, tag 2 ,,tag3,"), ["tag1", "tag 2", "tag3"]);
    }
}
