//! Tests that the guide describes everything in the code, and nothing else.
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
    in_code: impl IntoIterator<Item = &'n str>,
    on_page: impl IntoIterator<Item = &'n str>,
) {
    let (in_code, on_page): (BTreeSet<_>, BTreeSet<_>) =
        (in_code.into_iter().collect(), on_page.into_iter().collect());
    assert!(in_code.len() > 1, "{in_code:?}");
    let missing: Vec<_> = in_code.difference(&on_page).collect();
    let unknown: Vec<_> = on_page.difference(&in_code).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "missing on the page: {missing:?}, unknown in the code: {unknown:?}"
    );
}
