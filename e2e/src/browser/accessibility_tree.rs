//! The accessibility tree as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::session::Browser;

/// The states that a line shows, in this order. Chromium reports other properties, too, which no
/// screen reader announces.
const STATES: [&str; 12] = [
    "level",
    "focused",
    "disabled",
    "required",
    "invalid",
    "checked",
    "pressed",
    "expanded",
    "selected",
    "multiline",
    "readonly",
    "busy",
];

/// Nodes that only group others, and repeat their text.
const TRANSPARENT: [&str; 5] = ["none", "generic", "InlineTextBox", "ListMarker", "LineBreak"];

impl Browser {
    /// Returns the accessibility tree of the page: a line for each node, with its role, name,
    /// description, value and states. Leaves out live regions.
    #[track_caller]
    pub fn accessibility_tree(&self) -> String {
        self.devtools("Accessibility.enable", json!({}));
        let tree = self.devtools("Accessibility.getFullAXTree", json!({}));
        // With the domain enabled, Chromium would keep the tree up to date and slow down the page.
        self.devtools("Accessibility.disable", json!({}));
        let nodes = tree["nodes"].as_array().unwrap();
        let by_id: BTreeMap<&str, &Value> =
            nodes.iter().map(|node| (node["nodeId"].as_str().unwrap(), node)).collect();
        let mut text = String::new();
        write_node(&mut text, &by_id, &nodes[0], 0, "");
        text
    }
}

/// Returns whether the node is the form's live region. Its old sentences depend on how fast the page is.
fn is_live_region(node: &Value) -> bool {
    let mut properties = node["properties"].as_array().into_iter().flatten();
    properties.any(|property| property["name"] == "live") && node["role"]["value"] == "generic"
}

/// Writes a line for the node, unless the line would repeat `parent`, the line above it; and lines for
/// the nodes in it.
fn write_node(
    text: &mut String,
    nodes: &BTreeMap<&str, &Value>,
    node: &Value,
    depth: usize,
    parent: &str,
) {
    if is_live_region(node) {
        return;
    }
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = without_times(node["name"]["value"].as_str().unwrap_or_default());
    let states = states(node, role);
    let has_focus = states.contains(&"focused".to_owned());
    let is_ignored = node["ignored"] == true || (TRANSPARENT.contains(&role) && !has_focus);
    let is_repeated = role == "StaticText" && parent.contains(&format!("“{name}”"));
    let mut line = role.to_owned();
    if is_ignored || is_repeated || (role == "StaticText" && name.is_empty()) {
        parent.clone_into(&mut line);
    } else {
        if !name.is_empty() {
            let _ = write!(line, " “{name}”");
        }
        for (key, label) in [("description", "described by"), ("value", "value")] {
            let value = without_times(node[key]["value"].as_str().unwrap_or_default());
            if !value.is_empty() {
                let _ = write!(line, ", {label} “{value}”");
            }
        }
        for state in states {
            let _ = write!(line, ", {state}");
        }
        let _ = writeln!(text, "{:indent$}{line}", "", indent = depth * 2);
    }
    let is_shown = line != parent;
    let depth = if is_shown { depth + 1 } else { depth };
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.get(child.as_str().unwrap()) {
            write_node(text, nodes, child, depth, &line);
        }
    }
}

/// Returns the states of the node that are set.
fn states(node: &Value, role: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Each item of a list has the level of its list.
    for state in STATES.into_iter().filter(|state| *state != "level" || role == "heading") {
        let properties = node["properties"].as_array().into_iter().flatten();
        for property in properties.filter(|property| property["name"] == state) {
            match &property["value"]["value"] {
                Value::Bool(true) => found.push(state.to_owned()),
                Value::String(value) if value == "true" => found.push(state.to_owned()),
                Value::String(value) if value != "false" => found.push(format!("{state} {value}")),
                Value::Number(number) => found.push(format!("{state} {number}")),
                _ => {}
            }
        }
    }
    found
}

/// Writes no-break spaces as spaces, and replaces the seconds until a retry, which differ between runs.
fn without_times(text: &str) -> String {
    let text = text.replace('\u{a0}', " ");
    if !text.starts_with("Trying again in") {
        return text;
    }
    let replace = |word| if str::parse::<u32>(word).is_ok() { "…" } else { word };
    text.split(' ').map(replace).collect::<Vec<_>>().join(" ")
}
