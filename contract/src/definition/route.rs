use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use super::condition::Condition;
use super::preset::Preset;

/// Presets for submissions whose answers meet a condition.
#[derive(Clone, PartialEq, Eq)]
pub struct Route {
    /// The condition.
    pub when: Condition,
    /// The values that this route adds to the form's presets, or sends instead of them.
    pub presets: BTreeMap<String, Preset>,
}

/// Which routes apply if the conditions of several routes are met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ApplyRoutes {
    /// Only the first route whose condition is met.
    #[default]
    First,
    /// All routes whose conditions are met. A later route replaces the presets of an earlier one.
    All,
}

impl ApplyRoutes {
    /// All values.
    pub const ALL: [Self; 2] = [Self::First, Self::All];

    /// Returns the name in form files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::All => "all",
        }
    }
}

/// Hides the condition and the values.
impl Debug for Route {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").field("presets", &self.presets.len()).finish_non_exhaustive()
    }
}
