//! What went wrong, in a sentence, and what the person can do about it.

use std::fmt;

/// The result of anything a command does.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// A failure as the person at the terminal reads it.
///
/// There is one type for all of them because nothing in this crate acts on a failure: it is
/// shown, and the exit code is 1.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    advice: Vec<String>,
}

impl Failure {
    /// A failure that its sentence explains.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), advice: Vec::new() }
    }

    /// Adds what to do, best a command that can be copied, below what was said before: the last
    /// lines of a program that failed tell why.
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

/// Gives an error of the system the sentence that it lacks.
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
    fn advice_hides_nothing_that_was_said_before() {
        let failure = Failure::new("`apt-get` failed").advise("no such package");
        let said = failure.advise("Try it by hand.").to_string();
        assert_eq!(said, "`apt-get` failed\nno such package\nTry it by hand.");
    }
}
