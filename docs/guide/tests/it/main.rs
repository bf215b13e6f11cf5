//! The guide describes everything that the code has, and nothing else.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a failing test reports the reason")]

mod contract;
mod element;
mod examples;
mod files;
mod keys;
mod quotes;
mod theming;

use std::collections::BTreeSet;

/// Compares the names in the code with the names on a page.
#[track_caller]
fn assert_names_all<'n>(
    there: impl IntoIterator<Item = &'n str>,
    named: impl IntoIterator<Item = &'n str>,
) {
    let (there, named): (BTreeSet<_>, BTreeSet<_>) =
        (there.into_iter().collect(), named.into_iter().collect());
    assert!(there.len() > 1, "{there:?}");
    let missing: Vec<_> = there.difference(&named).collect();
    let gone: Vec<_> = named.difference(&there).collect();
    assert!(missing.is_empty() && gone.is_empty(), "missing: {missing:?}, gone: {gone:?}");
}
