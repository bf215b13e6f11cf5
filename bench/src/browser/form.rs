//! Fills in any implementation of the form. Finds the fields by their labels.

use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::{Browser, Sample};
use serde_json::json;

/// The text questions with their answers.
const TEXTS: [(&str, &str); 7] = [
    ("Your name", "Ana Gross"),
    ("Email", "ana@example.com"),
    ("Phone", "+49 30 123456"),
    ("Street and number", "Chaussee 7"),
    ("Town", "Berlin"),
    ("Budget in euros", "12500"),
    ("Your roof", "Slate, of 1911, with two dormers."),
];

/// How many times a form has been filled in.
static VISITORS: AtomicUsize = AtomicUsize::new(0);

/// Finds a control by its label, in the document or in the widget.
const CONTROL: &str = "
    const shadows = [...document.querySelectorAll('deal-form')].map((e) => e.shadowRoot);
    const roots = [document, ...shadows].filter(Boolean);
    const all = (css) => roots.flatMap((root) => [...root.querySelectorAll(css)]);
    const isVisible = (element) => element.checkVisibility();
    const hasLabel = (control) => {
        const ids = control.getAttribute('aria-labelledby')?.split(' ') ?? [];
        const labels = ids.map((id) => control.getRootNode().getElementById(id));
        return [...labels, ...control.labels ?? []].filter(Boolean)
            .map((label) => label.innerText.trim())
            .concat(control.getAttribute('aria-label') ?? [])
            .some((name) => name.replace(/^\\* ?/, '').startsWith(arguments[0]));
    };
    const control = () => all('input, select, textarea').filter(isVisible).find(hasLabel);
    ";

pub(super) struct Form<'b>(pub(super) &'b Browser);

impl Form<'_> {
    fn find(&self, what: &str, script: &str, argument: &str) -> e2e::WebElement {
        let script = format!("{CONTROL} return {script} ?? null;");
        let found = self.0.element(&script, &[json!(argument)]);
        found.unwrap_or_else(|| panic!("cannot find the {what} {argument:?}"))
    }

    /// Focuses a text field.
    pub(super) fn click(&self, label: &str) {
        self.0.click(&self.find("question", "control()", label));
    }

    /// Answers all questions except the date, whose format differs between implementations, and the files.
    pub(super) fn fill_in(&self) {
        // Use different answers, because the proxy creates only one deal from identical
        // submissions.
        let visitor = VISITORS.fetch_add(1, Ordering::Relaxed);
        let company = ("Company", &*format!("Gross and Daughters {visitor}"));
        for (label, text) in TEXTS.into_iter().chain([company]) {
            self.0.type_into(&self.find("question", "control()", label), text);
        }
        let option = "all('option').filter((one) => isVisible(one.parentElement))
            .find((one) => one.innerText.trim() === arguments[0])";
        self.0.click(&self.find("option", option, "A repair"));
        // Tick the box with a key, because some libraries hide it behind an image.
        self.0.script(&format!("{CONTROL} control().focus();"), &[json!("Send me the newsletter")]);
        self.0.press(" ");
    }

    /// Chooses a file. Most implementations hide the file input behind a button, and some create it only on a
    /// click.
    pub(super) fn attach(&self, file: &Sample) {
        let button = "all('a, label').filter(isVisible)
            .find((one) => /^(Browse|Select File)/.test(one.innerText.trim()))";
        let button = format!("{CONTROL} return {button} ?? null;");
        if let Some(button) = self.0.element(&button, &[]) {
            self.0.click(&button);
        }
        let input = "all('input[type=file]').find((one) => !one.closest('deal-form form'))";
        let path = file.path.to_str().unwrap();
        self.0.type_into(&self.find("input", input, "for files"), path);
    }

    /// Returns whether the form shows a file's name.
    pub(super) fn lists(&self, file: &Sample) -> bool {
        let script = format!(
            "{CONTROL} return roots.some((root) => [...root.children].some(
            (one) => one.innerText?.includes(arguments[0])));"
        );
        self.0.script(&script, &[json!(file.name)]) == true
    }

    pub(super) fn send(&self) {
        let button = "all('button, input[type=button], input[type=submit]').filter(isVisible)
            .find((one) => [one.innerText?.trim(), one.value].includes(arguments[0]))";
        self.0.click(&self.find("button", button, "Send"));
    }
}
