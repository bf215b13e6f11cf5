//! Patterns that an author sets for answers.
//!
//! The syntax is the part that JavaScript and the `regex-lite` crate share, with the same meaning
//! in both, so the browser and the proxy give the same result. The widget uses the browser's
//! engine, because another engine would make the widget larger. The proxy's engine runs in linear
//! time.

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
    /// Creates a pattern with this text. If the text is [invalid](Self::check), the pattern matches
    /// every answer.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the pattern's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the whole answer matches.
    pub fn matches(&self, answer: &str) -> bool {
        engine::matches(&self.0, answer)
    }

    /// Checks whether browsers and the proxy read the pattern in the same way.
    ///
    /// # Errors
    /// Syntax that browsers or the proxy do not know, or that they read differently: anchors,
    /// look-around, references, lazy repetitions, Unicode classes. Nested repetitions, which can
    /// take too much time in a browser.
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
