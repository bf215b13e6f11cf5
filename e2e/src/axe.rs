//! Checks pages with axe-core: <https://github.com/dequelabs/axe-core>.

use std::fmt;
use std::fs;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::programs;

/// The tags of the rules to check: WCAG 2.2 AA, the earlier versions that it includes, and axe's
/// best practices.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Checks the whole page, including shadow roots. [`Axe::violations`] injects axe before each
/// check, because navigation discards it; a second copy replaces the first.
const RUN: &str = "const { violations } = await axe.run(document, {
        runOnly: { type: 'tag', values: arguments[0] }, resultTypes: ['violations'],
    });
    return violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help,
        nodes: nodes.map(({ target, html, failureSummary }) => ({
            target: target.flat().join(' >>> '), html, why: failureSummary,
        })),
    }));";

/// The axe-core script.
#[derive(Debug)]
pub struct Axe(String);

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name, such as `color-contrast`.
    pub id: String,
    /// The severity: `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What the rule requires.
    pub help: String,
    /// The elements that break the rule.
    pub nodes: Vec<Node>,
}

/// An element that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The path to the element: a selector for each shadow host around the element, then the
    /// element's own selector.
    pub target: String,
    /// The element's HTML, shortened by axe.
    pub html: String,
    /// What is wrong, and how to correct it.
    pub why: String,
}

/// Ends all animations on the page and in its forms, except endless ones.
const FINISH_ANIMATIONS: &str = "const roots = [document, ...[...document.querySelectorAll('*')]
        .map((element) => element.shadowRoot).filter(Boolean)];
    return new Promise((done) => requestAnimationFrame(() => {
        for (const animation of roots.flatMap((root) => root.getAnimations())) {
            if (animation.effect.getComputedTiming().endTime < Infinity) animation.finish();
        }
        done();
    }));";

impl Axe {
    /// Reads the script that `DEAL_FORM_AXE` names. Returns `None` if the variable is not set.
    pub fn find() -> Option<Self> {
        let path = programs::axe()?;
        let script = fs::read_to_string(&path);
        Some(Self(script.unwrap_or_else(|error| panic!("{}: {error}", path.display()))))
    }

    /// Returns the rules that the open page breaks in its current state.
    #[track_caller]
    pub fn violations(&self, browser: &Browser) -> Vec<Violation> {
        // A change of the color scheme is animated.
        browser.script(FINISH_ANIMATIONS, &[]);
        let script = format!("{}\n return (async () => {{ {RUN} }})();", self.0);
        // Arrow functions see the `arguments` of the enclosing script.
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
