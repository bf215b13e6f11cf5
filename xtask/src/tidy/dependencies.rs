//! Who may depend on whom among the crates of the workspace.

use serde_json::Value;

/// A crate of the workspace, and what it may use of the others. What is only for tests
/// (dev-dependencies) may use more: see [`mistakes`].
const MAY_USE: [(&str, &[&str]); 9] = [
    ("deal-contract", &[]),
    ("deal-form", &["deal-contract"]),
    ("deal-proxy", &["deal-contract"]),
    ("crm-sandbox", &[]),
    ("e2e", &["deal-contract", "deal-form", "deal-proxy", "crm-sandbox"]),
    ("bench", &["deal-contract", "deal-form", "deal-proxy", "crm-sandbox", "e2e"]),
    ("leptos-landing-page", &["deal-form"]),
    ("guide", &[]),
    ("xtask", &[]),
];

/// These stand alone even in their tests. The sandbox reads the reference by itself, so that a mistake
/// in the contract shows there.
const ALONE: [&str; 2] = ["deal-contract", "crm-sandbox"];

/// One crate of the workspace uses another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edge {
    crate_name: String,
    uses: String,
    only_in_tests: bool,
}

/// The dependencies between crates of the workspace, from `cargo metadata`: those with a path.
pub(super) fn edges(metadata: &Value) -> Vec<Edge> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let mut edges = Vec::new();
    for package in list(metadata, "packages") {
        let Some(crate_name) = text(&package, "name") else { continue };
        for dependency in list(&package, "dependencies") {
            if dependency.get("path").is_some_and(|path| !path.is_null()) {
                let Some(uses) = text(&dependency, "name") else { continue };
                let only_in_tests = text(&dependency, "kind").as_deref() == Some("dev");
                edges.push(Edge { crate_name: crate_name.clone(), uses, only_in_tests });
            }
        }
    }
    edges
}

/// A sentence for each edge that should not be.
pub(super) fn mistakes(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter_map(mistake).collect()
}

fn mistake(Edge { crate_name, uses, only_in_tests }: &Edge) -> Option<String> {
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| name == crate_name) else {
        return Some(format!(
            "{crate_name} uses {uses}, but xtask/src/tidy/dependencies.rs does not know {crate_name}: add it there"
        ));
    };
    if may_use.contains(&uses.as_str()) || (*only_in_tests && !ALONE.contains(&crate_name.as_str()))
    {
        return None;
    }
    let tests = if *only_in_tests { " in its tests" } else { "" };
    Some(format!(
        "{crate_name} must not use {uses}{tests}: dependencies only point from the outside to the contract"
    ))
}

#[cfg(test)]
mod tests {
    use super::{Edge, edges, mistakes};
    use serde_json::json;

    fn edge(crate_name: &str, uses: &str, only_in_tests: bool) -> Edge {
        Edge { crate_name: crate_name.to_owned(), uses: uses.to_owned(), only_in_tests }
    }

    #[test]
    fn only_crates_of_the_workspace_count() {
        let metadata = json!({ "packages": [{ "name": "deal-proxy", "dependencies": [
            { "name": "axum", "kind": null },
            { "name": "deal-contract", "kind": null, "path": "/repo/contract" },
            { "name": "crm-sandbox", "kind": "dev", "path": "/repo/sandbox" },
        ]}]});
        let expected =
            [edge("deal-proxy", "deal-contract", false), edge("deal-proxy", "crm-sandbox", true)];
        assert_eq!(edges(&metadata), expected);
    }

    #[test]
    fn the_sandbox_is_for_tests_only() {
        assert_eq!(mistakes(&[edge("deal-proxy", "crm-sandbox", true)]), [""; 0]);
        assert_eq!(mistakes(&[edge("e2e", "crm-sandbox", false)]), [""; 0]);
        let said = mistakes(&[edge("deal-proxy", "crm-sandbox", false)]);
        assert!(said.concat().starts_with("deal-proxy must not use crm-sandbox: "), "{said:?}");
    }

    #[test]
    fn the_contract_depends_on_no_other_part() {
        let said = mistakes(&[edge("deal-contract", "crm-sandbox", true)]);
        assert!(
            said.concat().starts_with("deal-contract must not use crm-sandbox in its tests"),
            "{said:?}"
        );
    }

    #[test]
    fn the_sandbox_does_not_use_the_contract() {
        for in_tests in [false, true] {
            let said = mistakes(&[edge("crm-sandbox", "deal-contract", in_tests)]);
            assert!(
                said.concat().starts_with("crm-sandbox must not use deal-contract"),
                "{said:?}"
            );
        }
    }

    #[test]
    fn a_crate_nobody_has_placed_is_a_mistake() {
        let said = mistakes(&[edge("extra", "deal-contract", false)]);
        assert!(said.concat().contains("does not know extra: add it there"), "{said:?}");
    }
}
