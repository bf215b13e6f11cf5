//! Checks the dependencies between the workspace's crates.

use serde_json::Value;

/// Each workspace crate, with the other workspace crates that it is allowed to use. Dev-dependencies
/// are allowed to use more: see [`mistake`].
const MAY_USE: [(&str, &[&str]); 13] = [
    ("deal-contract", &[]),
    ("deal-form-style", &[]),
    ("deal-form-html", &["deal-contract"]),
    ("deal-form", &["deal-contract", "deal-form-html", "deal-form-style"]),
    ("deal-proxy", &["deal-contract", "deal-form-html", "deal-form-style"]),
    ("crm-sandbox", &[]),
    ("test-services", &[]),
    ("e2e", &["deal-contract", "deal-form", "deal-proxy", "crm-sandbox"]),
    ("bench", &["deal-contract", "deal-form", "deal-proxy", "crm-sandbox", "e2e"]),
    ("leptos-landing-page", &["deal-form"]),
    ("leptos-server-page", &["deal-form"]),
    ("guide", &[]),
    ("xtask", &[]),
];

/// The crates that use no other workspace crate, not even in their tests. The sandbox implements the
/// CRM's documentation independently, so that tests reveal mistakes in the contract.
const ALONE: [&str; 2] = ["deal-contract", "crm-sandbox"];

/// A dependency of one workspace crate on another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edge {
    crate_name: String,
    uses: String,
    only_in_tests: bool,
}

/// Returns the dependencies between workspace crates, from `cargo metadata`. Only these dependencies
/// have a path.
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

/// Returns a sentence for each forbidden dependency.
pub(super) fn mistakes(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter_map(mistake).collect()
}

fn mistake(Edge { crate_name, uses, only_in_tests }: &Edge) -> Option<String> {
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| name == crate_name) else {
        return Some(format!(
            "{crate_name} uses {uses}, but {crate_name} is not in xtask/src/tidy/dependencies.rs: add it there"
        ));
    };
    if may_use.contains(&uses.as_str()) || (*only_in_tests && !ALONE.contains(&crate_name.as_str()))
    {
        return None;
    }
    let tests = if *only_in_tests { " in its tests" } else { "" };
    Some(format!(
        "{crate_name} must not use {uses}{tests}: see `MAY_USE` in xtask/src/tidy/dependencies.rs"
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
    fn ignores_dependencies_outside_the_workspace() {
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
    fn allows_the_proxy_to_use_the_sandbox_only_in_tests() {
        assert_eq!(mistakes(&[edge("deal-proxy", "crm-sandbox", true)]), [""; 0]);
        assert_eq!(mistakes(&[edge("e2e", "crm-sandbox", false)]), [""; 0]);
        let found = mistakes(&[edge("deal-proxy", "crm-sandbox", false)]);
        assert!(found.concat().starts_with("deal-proxy must not use crm-sandbox: "), "{found:?}");
    }

    #[test]
    fn refuses_a_dependency_of_the_contract_even_in_tests() {
        let found = mistakes(&[edge("deal-contract", "crm-sandbox", true)]);
        assert!(
            found.concat().starts_with("deal-contract must not use crm-sandbox in its tests"),
            "{found:?}"
        );
    }

    #[test]
    fn refuses_a_dependency_of_the_sandbox_on_the_contract() {
        for in_tests in [false, true] {
            let found = mistakes(&[edge("crm-sandbox", "deal-contract", in_tests)]);
            assert!(
                found.concat().starts_with("crm-sandbox must not use deal-contract"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn reports_a_crate_that_is_not_listed() {
        let found = mistakes(&[edge("extra", "deal-contract", false)]);
        assert!(found.concat().contains("extra is not in xtask/src/tidy/"), "{found:?}");
    }
}
