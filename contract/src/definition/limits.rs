use crate::pattern::Pattern;
use crate::values::Decimal;

/// The limits that a typed answer must meet, in addition to the rules for its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The lowest amount or number.
    pub min: Option<Decimal>,
    /// The highest amount or number.
    pub max: Option<Decimal>,
    /// The minimum number of characters.
    pub min_length: Option<u32>,
    /// The pattern that the whole answer must match.
    pub pattern: Option<Pattern>,
}
