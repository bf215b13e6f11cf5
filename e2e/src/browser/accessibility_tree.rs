//! The accessibility tree as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::session::Browser;

/// The states that a line shows, in this order. Chromium reports other properties, too, which no
/// screen reader announces.
const STATES: [&str; 13] = [
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
    "live",
    "busy",
];

/// Nodes that only group others, and repeat their text.
const TRANSPARENT: [&str; 5] = ["none", "generic", "InlineTextBox", "ListMarker", "LineBreak"];

impl Browser {
    /// Returns the accessibility tree of the page: a line for each node, with its role, name,
    /// description, value and states. Digits in sentences about time, and the numbers of deals, are
    /// replaced because they differ between runs.
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

fn write_node(
    text: &mut String,
    nodes: &BTreeMap<&str, &Value>,
    node: &Value,
    depth: usize,
    parent_name: &str,
) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let read = |key: &str| without_times(node[key]["value"].as_str().unwrap_or_default());
    let name = read("name");
    let is_ignored = node["ignored"] == true || TRANSPARENT.contains(&role);
    // A name that repeats the text of the node is on the node's own line.
    let is_repeated = role == "StaticText" && (name == parent_name || name.is_empty());
    let is_shown = !is_ignored && !is_repeated;
    if is_shown {
        let _ = write!(text, "{:indent$}{role}", "", indent = depth * 2);
        if !name.is_empty() {
            let _ = write!(text, " “{name}”");
        }
        for (key, label) in [("description", "described by"), ("value", "value")] {
            let value = read(key);
            if !value.is_empty() {
                let _ = write!(text, ", {label} “{value}”");
            }
        }
        for state in STATES {
            let properties = node["properties"].as_array().into_iter().flatten();
            let found = properties.filter(|property| property["name"] == state);
            // Each item of a list has the level of its list.
            let found = found.filter(|_| state != "level" || role == "heading");
            for value in found.map(|property| &property["value"]["value"]) {
                match value {
                    Value::Bool(true) => _ = write!(text, ", {state}"),
                    Value::String(value) if value == "true" => _ = write!(text, ", {state}"),
                    Value::String(value) if value != "false" && value != "off" => {
                        _ = write!(text, ", {state} {value}");
                    }
                    Value::Number(number) => _ = write!(text, ", {state} {number}"),
                    _ => {}
                }
            }
        }
        text.push('\n');
    }
    let (depth, parent_name) =
        if is_shown { (depth + 1, name.as_str()) } else { (depth, parent_name) };
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.get(child.as_str().unwrap()) {
            write_node(text, nodes, child, depth, parent_name);
        }
    }
}

/// Writes no-break spaces as spaces, and replaces words that differ between runs: the number of a
/// deal, a reference, and the seconds until a retry.
fn without_times(text: &str) -> String {
    let text = text.replace('\u{a0}', " ");
    let is_countdown = text.starts_with("Trying again in");
    let replace = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let is_number = is_countdown && digits > 0;
        let is_reference = word.len() > 20
            && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-' || c.is_ascii_alphabetic())
            && digits > 3;
        if is_number || is_reference { "…".to_owned() } else { word.to_owned() }
    };
    text.split(' ').map(replace).collect::<Vec<_>>().join(" ")
}
