//! Parses the versions that tools print.

use std::str::FromStr;

/// A version's major, minor and patch numbers. The rest (`-nightly`, `+dfsg1`) is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl FromStr for Version {
    type Err = ();

    /// Parses versions such as `1.96.0`, `1.89`, `1.97.0-nightly`, `1.96.0+dfsg1-1~deb12u2`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
        let (numbers, _) = text.split_at_checked(end).ok_or(())?;
        let mut parts = numbers.split('.').map(|part| part.parse().map_err(|_| ()));
        let major = parts.next().ok_or(())??;
        let minor = parts.next().unwrap_or(Ok(0))?;
        let patch = parts.next().unwrap_or(Ok(0))?;
        Ok(Self(major, minor, patch))
    }
}

/// Returns the first version with at least two numbers in a string such as `trunk 0.21.14` or
/// `Chromium 156.0.8078.79 built on …`. Returns `None` for `wasm-opt version 132 (…)`.
pub(crate) fn first_version(text: &str) -> Option<&str> {
    text.split_whitespace()
        .find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Version, first_version};

    #[track_caller]
    fn check(text: &str, expected: Option<Version>) {
        assert_eq!(text.parse().ok(), expected);
    }

    #[test]
    fn parses_versions_with_any_suffix() {
        check("1.96.0", Some(Version(1, 96, 0)));
        check("1.89", Some(Version(1, 89, 0)));
        check("22", Some(Version(22, 0, 0)));
        check("1.97.0-nightly", Some(Version(1, 97, 0)));
        check("1.96.0+dfsg1-1~deb12u2", Some(Version(1, 96, 0)));
        check("nightly", None);
        check("", None);
    }

    #[test]
    fn orders_versions_by_number() {
        assert!(Version(1, 96, 0) > Version(1, 89, 12));
        assert!(Version(22, 0, 0) > Version(9, 9, 9));
    }

    #[test]
    fn finds_the_version_in_the_output_of_a_tool() {
        assert_eq!(first_version("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(first_version("Chromium 156.0.8078.79 built on"), Some("156.0.8078.79"));
        assert_eq!(first_version("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some("1.96.0"));
        assert_eq!(first_version("wasm-opt version 132 (version_132)"), None);
    }
}
