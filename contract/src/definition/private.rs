use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

/// What the proxy adds to each submission. It cannot be serialised.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PrivateDefinition {
    /// The value of each parameter that the form sets itself, as the API writes it.
    pub presets: BTreeMap<String, String>,
}

/// Names the presets and hides their values.
impl Debug for PrivateDefinition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.presets.keys()).finish()
    }
}
