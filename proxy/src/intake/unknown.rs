//! Names of fields that the form does not ask for.

use deal_contract::parameter;

/// How many characters of such a name a message shows.
const SHOWN: usize = 100;

/// A field that the form does not ask for. To bound memory, its value is dropped, and only as much
/// of its name is kept as a message shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The name's beginning, without control characters.
    pub(super) shown: String,
    /// Whether it must be refused even if a plain form sent it.
    pub(super) refused: bool,
}

impl Unknown {
    /// A text value. Scripts of the page may add one to every form, such as a session id.
    pub(super) fn text(name: &str) -> Self {
        Self { shown: shown(name), refused: is_parameter(name) }
    }

    /// A file. The visitor believes that it was sent, so it is never dropped silently.
    pub(super) fn file(name: &str) -> Self {
        Self { shown: shown(name), refused: true }
    }
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}

/// Whether it is a parameter of the CRM or its key, also in a spelling that PHP would read as one:
/// PHP cuts names at `[` and turns spaces and dots into underscores.
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
    fn parameters_of_the_crm_are_refused_in_any_spelling() {
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
    fn keeps_only_as_much_of_a_name_as_a_message_shows() {
        let long = "\u{1F600}".repeat(2_000);
        let unknown = Unknown::text(&long);
        assert_eq!(unknown.shown.chars().count(), 100);
        assert!(unknown.shown.capacity() <= 512, "{}", unknown.shown.capacity());
        assert_eq!(Unknown::text("a\u{1}b\r\nc").shown, "abc");
    }
}
