//! What the CRM's words say beside that it refuses. It has one shape for all it has to say
//! (`error_message`), also for what no visitor can mend and what would pass.

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The deal, for all that is known.
    Deal,
    /// The key, or what it may do.
    Key,
    /// Something that passes.
    Moment,
}

/// Words that are about the key, whatever else they say.
const ACCESS: [&str; 5] =
    ["unauthorized", "unauthorised", "not authorized", "authentication", "access denied"];

/// What is said of a key that does not do.
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

/// Whose the key is.
const ACCOUNT: [&str; 4] = ["account", "subscription", "license", "licence"];

/// What is said of one that the CRM takes no deals for.
const ACCOUNT_FAULTS: [&str; 6] =
    ["suspended", "expired", "disabled", "inactive", "not active", "blocked"];

/// Words of a CRM that asks for patience. "Try again" alone may follow "correct the email and".
const PASSES: [&str; 9] = [
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

/// What a refusal is about. Wrong guesses do little harm: what is taken to be about the key is asked
/// once more, and counts as the deal's as soon as another deal got through; and what seems to pass
/// is kept for the operator when it does not.
pub(super) fn about(words: &str) -> About {
    let words = words.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|text| words.contains(text));
    let names_key =
        words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "key" | "apikey"));
    let account = says(&ACCOUNT) && says(&ACCOUNT_FAULTS);
    if says(&ACCESS) || account || names_key && says(&KEY_FAULTS) {
        About::Key
    } else if says(&PASSES) {
        About::Moment
    } else {
        About::Deal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, expected: About) {
        assert_eq!(about(words), expected, "{words}");
    }

    #[test]
    fn words_about_the_key_are_not_the_visitors() {
        check("Invalid API key", About::Key);
        check("key is not a valid API key", About::Key);
        check("The key parameter is missing", About::Key);
        check("ApiKey expired", About::Key);
        check("Access denied.", About::Key);
        check("Your account has been suspended", About::Key);
        check("Subscription expired", About::Key);
    }

    #[test]
    fn words_that_ask_for_patience_pass() {
        check("Database is busy, please try again later", About::Moment);
        check("The service is temporarily unavailable", About::Moment);
        check("API limit exceeded", About::Moment);
        check("Internal error", About::Moment);
    }

    #[test]
    fn the_rest_is_about_the_deal() {
        check("Wrong stage", About::Deal);
        check("Invalid email, please correct it and try again", About::Deal);
        check("Unknown keyword in tags", About::Deal);
        check("Monkey business is invalid", About::Deal);
        check("", About::Deal);
    }
}
