use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

/// The presets that the proxy adds to each submission. This type cannot be serialized.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PrivateDefinition {
    /// The value of each preset by its parameter, as the API expects it.
    pub presets: BTreeMap<String, String>,
}

/// Shows the names of the presets, but not their values.
impl Debug for PrivateDefinition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.presets.keys()).finish()
    }
}
