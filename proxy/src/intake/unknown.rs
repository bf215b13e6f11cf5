//! Fields that the form does not have.

use deal_contract::parameter;

/// The maximum number of characters of a name that a message shows.
const SHOWN: usize = 100;

/// A field that the form does not have. To limit memory, the proxy keeps only the part of the name that
/// a message shows, and drops the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The beginning of the name, without control characters.
    pub(super) shown: String,
    /// Whether the submission is refused even if a plain form sent it.
    pub(super) refused: bool,
}

impl Unknown {
    /// Creates an unknown text value. The page's scripts may add such a value to each form, for example
    /// a session id.
    pub(super) fn text(name: &str) -> Self {
        Self { shown: shown(name), refused: is_parameter(name) }
    }

    /// Creates an unknown file. It is never dropped silently, because the visitor expects the file to
    /// arrive.
    pub(super) fn file(name: &str) -> Self {
        Self { shown: shown(name), refused: true }
    }
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}

/// Returns whether the CRM may read the name as a parameter or as `key`, even in another spelling: PHP
/// cuts names at `[` and replaces spaces and dots with underscores. Hyphens and capital letters are
/// treated in the same way, to be safe.
fn is_parameter(name: &str) -> bool {
    let stem = name.split('[').next().unwrap_or_default().trim_matches(is_blank);
    let same = |one: char, other: char| {
        let plain = if matches!(other, ' ' | '.' | '-') { '_' } else { other };
        one.eq_ignore_ascii_case(&plain)
    };
    parameter::all().any(|row| {
        let pairs = row.name.chars().zip(stem.chars());
        row.name.len() == stem.len() && pairs.into_iter().all(|(one, other)| same(one, other))
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_parameters_of_the_crm_in_any_spelling() {
        for name in [
            "key",
            "KEY",
            " key",
            "key[]",
            "key[0]",
            "\u{1}key\0",
            "owner_email",
            "owner.email",
            "owner email",
            "owner-email",
            "Owner_Email ",
            "attachments[]",
            "auto_create_custom_fields",
        ] {
            assert!(Unknown::text(name).refused, "{name:?}");
        }
        for name in ["_method", "csrf_token", "my_key", "keys", "x[key]", "", "[", "\u{e4}\u{e4}"] {
            assert!(!Unknown::text(name).refused, "{name:?}");
        }
        assert!(Unknown::file("cv").refused);
    }

    #[test]
    fn keeps_only_the_shown_part_of_a_long_name() {
        let long = "\u{1F600}".repeat(2_000);
        let unknown = Unknown::text(&long);
        assert_eq!(unknown.shown.chars().count(), 100);
        assert!(unknown.shown.capacity() <= 512, "{}", unknown.shown.capacity());
        assert_eq!(Unknown::text("a\u{1}b\r\nc").shown, "abc");
    }
}
