//! Matches patterns with the proxy's engine.

use regex_lite::Regex;

use super::syntax::{PatternError, translate};

pub(super) fn matches(pattern: &str, answer: &str) -> bool {
    compile(pattern).map_or(true, |pattern| pattern.is_match(answer))
}

pub(super) fn compile(pattern: &str) -> Result<Regex, PatternError> {
    let translated = translate(pattern)?;
    Regex::new(&format!("^(?:{translated})$")).map_err(|_| PatternError::TooLarge)
}
