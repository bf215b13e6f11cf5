//! The layers of each crate, from the top down.

use super::imports::Import;
use std::collections::BTreeSet;

pub(super) fn mistakes(_crate_name: &str, _imports: &BTreeSet<Import>) -> Vec<String> {
    Vec::new()
}
