//! What a refusal of the CRM is about. It has one shape for all refusals (`error_message`), also for those that no visitor
//! can correct and those that would pass.

/// The subject of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The deal, as far as is known.
    Deal,
    /// The key, or its permissions.
    Key,
    /// A temporary condition.
    Temporary,
}

/// Texts that are about the key, whatever else the refusal says.
const ACCESS: [&str; 5] =
    ["unauthorized", "unauthorised", "not authorized", "authentication", "access denied"];

/// Faults of a key.
const KEY_FAULTS: [&str; 11] = [
    "invalid",
    "not valid",
    "not a valid",
    "wrong",
    "incorrect",
    "missing",
    "required",
    "unknown",
    "expired",
    "disabled",
    "not found",
];

/// The owner of the key.
const ACCOUNT: [&str; 4] = ["account", "subscription", "license", "licence"];

/// Faults of the owner.
const ACCOUNT_FAULTS: [&str; 6] =
    ["suspended", "expired", "disabled", "inactive", "not active", "blocked"];

/// Texts about a temporary condition. "Try again" alone may follow "correct the email and".
const TEMPORARY: [&str; 9] = [
    "try again later",
    "temporarily",
    "too many requests",
    "under maintenance",
    "deadlock",
    "limit exceeded",
    "quota",
    "internal error",
    "internal server error",
];

/// Guesses what a refusal is about. A wrong guess does little harm: a refusal that seems to be about the key is tried
/// once more, and counts as the deal's as soon as another deal got through; and one that seems temporary is kept for the
/// operator if it does not pass.
pub(super) fn subject(words: &str) -> Subject {
    let words = words.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|text| words.contains(text));
    let names_key =
        words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "key" | "apikey"));
    let account = says(&ACCOUNT) && says(&ACCOUNT_FAULTS);
    if says(&ACCESS) || account || names_key && says(&KEY_FAULTS) {
        Subject::Key
    } else if says(&TEMPORARY) {
        Subject::Temporary
    } else {
        Subject::Deal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, expected: Subject) {
        assert_eq!(subject(words), expected, "{words}");
    }

    #[test]
    fn recognises_refusals_about_the_key() {
        check("Invalid API key", Subject::Key);
        check("key is not a valid API key", Subject::Key);
        check("The key parameter is missing", Subject::Key);
        check("ApiKey expired", Subject::Key);
        check("Access denied.", Subject::Key);
        check("Your account has been suspended", Subject::Key);
        check("Subscription expired", Subject::Key);
    }

    #[test]
    fn recognises_temporary_refusals() {
        check("Database is busy, please try again later", Subject::Temporary);
        check("The service is temporarily unavailable", Subject::Temporary);
        check("API limit exceeded", Subject::Temporary);
        check("Internal error", Subject::Temporary);
    }

    #[test]
    fn other_refusals_are_about_the_deal() {
        check("Wrong stage", Subject::Deal);
        check("Invalid email, please correct it and try again", Subject::Deal);
        check("Unknown keyword in tags", Subject::Deal);
        check("Monkey business is invalid", Subject::Deal);
        check("", Subject::Deal);
    }
}
