//! The form as a visitor sees it: labels, buttons and sentences.

mod announcements;
mod entered;
mod field;
mod outcome;

use serde_json::{Value, json};
use thirtyfour::{TypingData, WebElement};

use crate::browser::Browser;
use crate::wait::{wait_for, wait_until};
pub use field::Field;
pub use outcome::Failure;

/// Helper functions for the scripts below. `root` is the shadow root of the form or, with `light-dom`,
/// the element.
const PRELUDE: &str = r"
    const host = document.querySelector(arguments[0]);
    const root = host.shadowRoot ?? host;
    const seen = (element) => element?.checkVisibility({ visibilityProperty: true }) ? element : null;
    // A no-break space reads like a space.
    const shown = (element) => element.innerText.trim().replaceAll('\u00a0', ' ');
    const read = (css) => {
        const element = seen(root.querySelector(css));
        return element && shown(element);
    };
    // Leaves out the mark for required fields, and text that only screen readers read.
    const words = (label) => {
        const copy = label.cloneNode(true);
        copy.querySelectorAll('.df-mark, .df-unseen').forEach((mark) => mark.remove());
        return copy.textContent.trim();
    };
    const control = (name) => {
        const labels = [...root.querySelectorAll('.df-label')]
            .filter((label) => words(label) === name);
        if (labels.length !== 1) throw new Error(`${labels.length} fields have the label “${name}”`);
        // A label for several options has no control.
        return labels[0].control ?? root.querySelector(`[aria-labelledby='${labels[0].id}']`);
    };
    const frame = (name) => control(name).closest('[data-df-field]');
";

/// A `<deal-form>` on the open page.
#[derive(Debug, Clone, Copy)]
pub struct FormPage<'b> {
    browser: &'b Browser,
    host: &'b str,
}

impl<'b> FormPage<'b> {
    /// Waits until the page's only form can be filled in.
    #[track_caller]
    pub fn ready(browser: &'b Browser) -> Self {
        Self::ready_at(browser, "deal-form")
    }

    /// Waits until the form that the selector matches can be filled in.
    #[track_caller]
    pub fn ready_at(browser: &'b Browser, host: &'b str) -> Self {
        let form = Self { browser, host };
        wait_until("a form that can be filled in", || {
            // The plain form in the page has no parts.
            let is_ready = "const host = document.querySelector(arguments[0]);
                return (host?.shadowRoot ?? host)?.querySelector('.df-form[part]')?.checkVisibility() ?? false;";
            browser.script(is_ready, &[json!(host)]) == true
        });
        form
    }

    /// Runs a script. In the script, `root` is the form's root, `seen(element)` returns the element if
    /// it is visible and null otherwise, and `control(label)` returns a field's control. The script
    /// reads its first argument as `arguments[1]`.
    #[track_caller]
    pub fn script(self, script: &str, arguments: &[Value]) -> Value {
        self.browser.script(&format!("{PRELUDE}{script}"), &self.arguments(arguments))
    }

    /// Runs a script as [`Self::script`] does, until it returns an element. Returns this element.
    #[track_caller]
    pub fn element(self, script: &str, arguments: &[Value]) -> WebElement {
        let find = format!("{PRELUDE}{script}");
        let what = format!("an element: {script} {arguments:?}");
        wait_for(&what, || self.browser.element(&find, &self.arguments(arguments)))
    }

    fn arguments(self, more: &[Value]) -> Vec<Value> {
        [&[json!(self.host)], more].concat()
    }

    /// Returns the text of the first element that the selector matches, or `None` if this element is
    /// not visible.
    #[track_caller]
    pub fn read(self, css: &str) -> Option<String> {
        let text = self.script("return read(arguments[1]);", &[json!(css)]);
        text.as_str().map(str::to_owned)
    }

    /// Removes the form from its page. [`Self::put_back`] adds it again.
    #[track_caller]
    pub fn remove(self) {
        self.script("window.removedForm = host; host.remove();", &[]);
    }

    /// Adds the removed form to the element that the selector matches, and waits until it can be
    /// filled in.
    #[track_caller]
    pub fn put_back(self, parent: &str) {
        let append = "document.querySelector(arguments[0]).append(window.removedForm);";
        self.browser.script(append, &[json!(parent)]);
        Self::ready_at(self.browser, self.host);
    }

    /// Returns the button that sends the form or shows the next step.
    #[track_caller]
    pub fn submit_button(self) -> WebElement {
        self.element("return seen(root.querySelector('button[type=submit]'));", &[])
    }

    /// Clicks, and waits until the form has responded. If the click moves the focus out of a field
    /// with a problem, the form shows the problem in a separate task after the click. Timers run in
    /// order (WHATWG HTML 8.6), so a timer that is started here fires after that task.
    #[track_caller]
    fn click(self, element: &WebElement) {
        self.browser.click(element);
        self.browser.script("return new Promise((done) => setTimeout(done));", &[]);
    }

    /// Types into a control, and waits until the form has rendered the text. The form renders typed
    /// text in an animation frame. The callbacks of a frame run in the order of their requests (WHATWG
    /// HTML 8.11), so a callback that is requested here runs after the form's.
    #[track_caller]
    fn type_into(self, control: &WebElement, keys: impl Into<TypingData>) {
        self.browser.type_into(control, keys);
        self.browser.script("return new Promise((done) => requestAnimationFrame(done));", &[]);
    }

    /// Clicks the button that sends the form or shows the next step.
    #[track_caller]
    pub fn submit(self) {
        self.click(&self.submit_button());
    }

    /// Clicks the button with this text.
    #[track_caller]
    pub fn press_button(self, text: &str) {
        let find = "return [...root.querySelectorAll('button')]
            .find((button) => seen(button) && button.innerText.trim() === arguments[1]);";
        self.click(&self.element(find, &[json!(text)]));
    }

    /// Returns the visible sentences in the summary. The list is empty if the summary is not
    /// visible.
    #[track_caller]
    pub fn summary(self) -> Vec<String> {
        texts(&self.script(
            "return [...root.querySelectorAll('.df-summary a')]
                .filter(seen).map(shown);",
            &[],
        ))
    }

    /// Clicks the summary's link with this sentence.
    #[track_caller]
    pub fn follow_summary_link(self, problem: &str) {
        let find = "return [...root.querySelectorAll('.df-summary a')]
            .find((link) => seen(link) && shown(link) === arguments[1]);";
        self.click(&self.element(find, &[json!(problem)]));
    }

    /// Describes the element that has the focus: by a field's label, or by the name or heading of a
    /// part of the form.
    #[track_caller]
    pub fn focused(self) -> String {
        let script = "const active = root.getRootNode().activeElement;
            if (!active) return `outside: ${document.activeElement?.tagName}`;
            // The label of an option also contains its button.
            const label = active.labels?.[0];
            if (label) return words(label) || label.innerText.trim();
            const heading = active.querySelector('h1, h2, h3, h4, h5, h6');
            return active.getAttribute('aria-label') ?? (heading ?? active).innerText.trim();";
        self.script(script, &[]).as_str().unwrap().to_owned()
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
