//! The form as its visitor sees it: by labels, buttons and sentences.

mod entered;
mod field;
mod outcome;

use serde_json::{Value, json};
use thirtyfour::WebElement;

use crate::browser::Browser;
use crate::wait::eventually;
pub use field::Field;
pub use outcome::Failure;

/// What scripts below have at hand: the root of the form, which is its shadow root or, with
/// `light-dom`, the element itself, and ways to find what a visitor would.
const TOOLS: &str = r"
    const host = document.querySelector(arguments[0]);
    const root = host.shadowRoot ?? host;
    const seen = (element) => element?.checkVisibility() ? element : null;
    const read = (css) => seen(root.querySelector(css))?.innerText.trim() ?? null;
    // Without the mark of a required field.
    const words = (label) => [...label.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.data).join('').trim();
    const control = (name) => {
        const labels = [...root.querySelectorAll('.df-label')]
            .filter((label) => words(label) === name);
        if (labels.length !== 1) throw new Error(`${labels.length} fields are called “${name}”`);
        // The label of a group belongs to none of its buttons.
        return labels[0].control ?? root.querySelector(`[aria-labelledby='${labels[0].id}']`);
    };
    const frame = (name) => control(name).closest('[data-df-field]');
";

/// A `<deal-form>` of the open page.
#[derive(Debug, Clone, Copy)]
pub struct FormPage<'b> {
    browser: &'b Browser,
    host: &'b str,
}

impl<'b> FormPage<'b> {
    /// The page's only form, once it can be filled in.
    #[track_caller]
    pub fn ready(browser: &'b Browser) -> Self {
        Self::ready_at(browser, "deal-form")
    }

    /// The form that a selector finds, once it can be filled in.
    #[track_caller]
    pub fn ready_at(browser: &'b Browser, host: &'b str) -> Self {
        let form = Self { browser, host };
        eventually("form to be filled in", || {
            let ready = "const host = document.querySelector(arguments[0]);
                return (host?.shadowRoot ?? host)?.querySelector('form.df-form')?.checkVisibility() ?? false;";
            (browser.script(ready, &[json!(host)]) == true).then_some(())
        });
        form
    }

    /// Runs a script in which `root` is the form's root, `seen(element)` an element that can be seen
    /// or null, and `control(label)` a question's control. `arguments` begin at 1.
    #[track_caller]
    pub fn script(self, script: &str, arguments: &[Value]) -> Value {
        self.browser.script(&format!("{TOOLS}{script}"), &self.arguments(arguments))
    }

    /// As [`Self::script`], for an element, once it is there.
    #[track_caller]
    pub fn element(self, script: &str, arguments: &[Value]) -> WebElement {
        let find = format!("{TOOLS}{script}");
        let what = format!("element: {script} {arguments:?}");
        eventually(&what, || self.browser.element(&find, &self.arguments(arguments)))
    }

    fn arguments(self, more: &[Value]) -> Vec<Value> {
        [&[json!(self.host)], more].concat()
    }

    /// The text that can be seen of what the selector finds.
    #[track_caller]
    pub fn read(self, css: &str) -> Option<String> {
        let text = self.script("return read(arguments[1]);", &[json!(css)]);
        text.as_str().map(str::to_owned)
    }

    /// The button that sends.
    #[track_caller]
    pub fn submit_button(self) -> WebElement {
        self.element("return seen(root.querySelector('button[type=submit]'));", &[])
    }

    /// Clicks, and waits until the form has acted on it. What a press leaves behind, it shows after
    /// the click, in a task of its own; one that is asked for later comes later (WHATWG HTML 8.6).
    #[track_caller]
    fn click(self, element: &WebElement) {
        self.browser.click(element);
        self.browser.script("return new Promise((done) => setTimeout(done));", &[]);
    }

    /// Clicks the button that sends.
    #[track_caller]
    pub fn submit(self) {
        self.click(&self.submit_button());
    }

    /// Clicks the button with that text.
    #[track_caller]
    pub fn press_button(self, text: &str) {
        let find = "return [...root.querySelectorAll('button')]
            .find((button) => seen(button) && button.innerText.trim() === arguments[1]);";
        self.click(&self.element(find, &[json!(text)]));
    }

    /// The sentences of the summary; none when it is not shown.
    #[track_caller]
    pub fn summary(self) -> Vec<String> {
        texts(&self.script(
            "return [...root.querySelectorAll('.df-summary a')]
                .filter(seen).map((link) => link.innerText.trim());",
            &[],
        ))
    }

    /// Clicks the summary's link with that sentence.
    #[track_caller]
    pub fn follow(self, problem: &str) {
        let find = "return [...root.querySelectorAll('.df-summary a')]
            .find((link) => seen(link) && link.innerText.trim() === arguments[1]);";
        self.click(&self.element(find, &[json!(problem)]));
    }

    /// What has the focus: a question's label, or the name or heading of a part of the form.
    #[track_caller]
    pub fn focused(self) -> String {
        let script = "const active = root.getRootNode().activeElement;
            if (!active) return `outside: ${document.activeElement?.tagName}`;
            // The label of an answer holds its button as well.
            const label = active.labels?.[0];
            if (label) return words(label) || label.innerText.trim();
            return active.getAttribute('aria-label')
                ?? (active.querySelector('h2, h3') ?? active).innerText.trim();";
        self.script(script, &[]).as_str().unwrap().to_owned()
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
