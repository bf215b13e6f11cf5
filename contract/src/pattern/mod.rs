//! Patterns that an author sets for answers.
//!
//! The syntax is a part of JavaScript's and of the `regex-lite` crate's with the same meaning in
//! both, so that browser and proxy give the same verdict. The browser uses its own engine, because
//! an engine would make the widget larger. The proxy's engine needs linear time.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(not(target_arch = "wasm32"))]
mod syntax;

#[cfg(target_arch = "wasm32")]
use browser as engine;
#[cfg(not(target_arch = "wasm32"))]
use native as engine;

#[cfg(not(target_arch = "wasm32"))]
pub use syntax::PatternError;

/// A pattern that the whole answer has to match.
///
/// ```
/// use deal_contract::pattern::Pattern;
///
/// let postcode = Pattern::new("[0-9]{5}");
/// assert!(postcode.matches("10115"));
/// assert!(!postcode.matches("D-10115"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern with this text. If it is [invalid](Self::check), it matches every answer.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole answer matches.
    pub fn matches(&self, answer: &str) -> bool {
        engine::matches(&self.0, answer)
    }

    /// Checks whether browsers and the proxy read the pattern in the same way.
    ///
    /// # Errors
    /// Syntax that one of them does not know, or reads in another way: anchors, look-around,
    /// references, lazy repetitions, classes of Unicode. Repetitions in repetitions, with which a
    /// browser may need too much time.
    ///
    /// ```
    /// use deal_contract::pattern::Pattern;
    ///
    /// assert!(Pattern::new(r"DE\d{9}|ATU\d{8}").check().is_ok());
    /// let error = Pattern::new("^[0-9]{5}$").check().unwrap_err();
    /// assert_eq!(error.to_string(), "a pattern matches the whole answer; remove `^`");
    /// ```
    #[cfg(not(target_arch = "wasm32"))]
    pub fn check(&self) -> Result<(), PatternError> {
        native::compile(&self.0).map(drop)
    }
}
