//! The error type of all commands: a sentence, and advice.

use std::fmt;

pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// A failure, as the developer sees it in the terminal.
///
/// One type is enough, because this crate handles all failures alike: `main` prints the failure and
/// exits with code 1.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    advice: Vec<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), advice: Vec::new() }
    }

    /// Appends a line that says what to do, preferably with a command to copy. Earlier lines stay,
    /// because they may contain the output that explains the failure.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(advice.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for advice in &self.advice {
            write!(f, "\n{advice}")?;
        }
        Ok(())
    }
}

/// Adds a sentence to an error from the system.
pub(crate) trait OrFail<T> {
    /// Puts `what` before the cause: "cannot read Cargo.lock: permission denied".
    fn or_fail(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> OrFail<T> for std::result::Result<T, E> {
    fn or_fail(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Failure::new(format!("{}: {cause}", what())))
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn appends_advice_below_earlier_lines() {
        let failure = Failure::new("`apt-get` failed").advise("no such package");
        let printed = failure.advise("Try it by hand.").to_string();
        assert_eq!(printed, "`apt-get` failed\nno such package\nTry it by hand.");
    }
}
