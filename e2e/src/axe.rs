//! Accessibility as axe-core judges it: <https://github.com/dequelabs/axe-core>.

use std::fmt;
use std::fs;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::programs;

/// The rules of WCAG 2.2 AA with all that it includes, and what is good practice beyond it.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Judges the whole page, shadow roots included. A page may have forgotten an injected axe by
/// going elsewhere, so it comes with each call; a second one replaces the first.
const RUN: &str = "const { violations } = await axe.run(document, {
        runOnly: { type: 'tag', values: arguments[0] }, resultTypes: ['violations'],
    });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help,
        nodes: nodes.map(({ target, html, failureSummary }) => ({
            target: target.flat().join(' >>> '), html, why: failureSummary,
        })),
    }));";

/// The judge.
#[derive(Debug)]
pub struct Axe(String);

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name, as in `color-contrast`.
    pub id: String,
    /// How bad it is: `minor`, `moderate`, `serious`, `critical`.
    pub impact: String,
    /// What the rule asks.
    pub help: String,
    /// Where it is broken.
    pub nodes: Vec<Node>,
}

/// An element that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Selectors that lead to it, one for each shadow root on the way.
    pub target: String,
    /// Its first tag.
    pub html: String,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Axe {
    /// axe-core, where `DEAL_FORM_AXE` names its script.
    pub fn find() -> Option<Self> {
        let path = programs::axe()?;
        let script = fs::read_to_string(&path);
        Some(Self(script.unwrap_or_else(|error| panic!("{}: {error}", path.display()))))
    }

    /// The rules that the open page breaks as it stands.
    #[track_caller]
    pub fn violations(&self, browser: &Browser) -> Vec<Violation> {
        let script = format!("{}\n return (async () => {{ {RUN} }})();", self.0);
        // Arrow functions keep the `arguments` of the script around them.
        let found = browser.script(&script, &[json!(TAGS)]);
        found.as_array().unwrap().iter().map(violation).collect()
    }
}

fn violation(json: &Value) -> Violation {
    let nodes = json["nodes"].as_array().unwrap();
    Violation {
        id: text(json, "id"),
        impact: text(json, "impact"),
        help: text(json, "help"),
        nodes: nodes
            .iter()
            .map(|node| Node {
                target: text(node, "target"),
                html: text(node, "html"),
                why: text(node, "why"),
            })
            .collect(),
    }
}

fn text(json: &Value, key: &str) -> String {
    json[key].as_str().unwrap_or_default().to_owned()
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}): {}", self.id, self.impact, self.help)?;
        for node in &self.nodes {
            let why = node.why.replace('\n', "\n    ");
            writeln!(f, "  at {}\n    {}\n    {why}", node.target, node.html)?;
        }
        Ok(())
    }
}
