//! Guesses the subject of a refusal from the CRM's message. The CRM reports all refusals as `error_message`, even
//! temporary refusals and those that no visitor can correct.

/// The probable subject of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The deal. This is the default.
    Deal,
    /// The key, or its permissions.
    Key,
    /// A temporary condition.
    Temporary,
}

/// Words about access. A message with one of them is always taken to be about the key.
const ACCESS: [&str; 5] =
    ["unauthorized", "unauthorised", "not authorized", "authentication", "access denied"];

/// Words that describe a fault in a key.
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

/// Words for the key's owner.
const ACCOUNT: [&str; 4] = ["account", "subscription", "license", "licence"];

/// Words that describe a fault in the owner's account.
const ACCOUNT_FAULTS: [&str; 6] =
    ["suspended", "expired", "disabled", "inactive", "not active", "blocked"];

/// Words for a temporary condition. "Try again" is not one of them, because it may follow "correct the email and".
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

/// Guesses the subject of a refusal. A wrong guess does little harm: a refusal that seems to be about the key is
/// retried, and is treated as a refusal of the deal once another deal is delivered. A refusal that seems temporary is
/// kept for the operator if the retries fail.
pub(super) fn subject(message: &str) -> Subject {
    let message = message.to_lowercase();
    let contains_any = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    let names_key =
        message.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "key" | "apikey"));
    let is_about_account = contains_any(&ACCOUNT) && contains_any(&ACCOUNT_FAULTS);
    if contains_any(&ACCESS) || is_about_account || names_key && contains_any(&KEY_FAULTS) {
        Subject::Key
    } else if contains_any(&TEMPORARY) {
        Subject::Temporary
    } else {
        Subject::Deal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: Subject) {
        assert_eq!(subject(message), expected, "{message}");
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
    fn attributes_other_refusals_to_the_deal() {
        check("Wrong stage", Subject::Deal);
        check("Invalid email, please correct it and try again", Subject::Deal);
        check("Unknown keyword in tags", Subject::Deal);
        check("Monkey business is invalid", Subject::Deal);
        check("", Subject::Deal);
    }
}
