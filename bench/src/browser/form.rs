//! A form by its labels, whatever it was made with.

use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::{Browser, Sample};
use serde_json::json;

/// The question in which typing is measured, and the other texts, with their answers.
const TEXTS: [(&str, &str); 7] = [
    ("Your name", "Ana Gross"),
    ("Email", "ana@example.com"),
    ("Phone", "+49 30 123456"),
    ("Street and number", "Chaussee 7"),
    ("Town", "Berlin"),
    ("Budget in euros", "12500"),
    ("Your roof", "Slate, of 1911, with two dormers."),
];

/// How many have filled in a form.
static VISITORS: AtomicUsize = AtomicUsize::new(0);

/// Finds a control by what it is called, in the document or in the widget.
const CONTROL: &str = "
    const shadows = [...document.querySelectorAll('deal-form')].map((e) => e.shadowRoot);
    const roots = [document, ...shadows].filter(Boolean);
    const all = (css) => roots.flatMap((root) => [...root.querySelectorAll(css)]);
    const seen = (element) => element.checkVisibility();
    const called = (control) => {
        const ids = control.getAttribute('aria-labelledby')?.split(' ') ?? [];
        const named = ids.map((id) => control.getRootNode().getElementById(id));
        return [...named, ...control.labels ?? []].filter(Boolean)
            .map((label) => label.innerText.trim())
            .concat(control.getAttribute('aria-label') ?? [])
            .some((name) => name.replace(/^\\* ?/, '').startsWith(arguments[0]));
    };
    const control = () => all('input, select, textarea').filter(seen).find(called);
    ";

/// A form that can be filled in.
pub(super) struct Form<'b>(pub(super) &'b Browser);

impl Form<'_> {
    fn find(&self, what: &str, script: &str, argument: &str) -> e2e::WebElement {
        let script = format!("{CONTROL} return {script} ?? null;");
        let found = self.0.element(&script, &[json!(argument)]);
        found.unwrap_or_else(|| panic!("there is no {what} {argument}"))
    }

    /// Puts the focus into a text.
    pub(super) fn click(&self, label: &str) {
        self.0.click(&self.find("question", "control()", label));
    }

    /// Answers all questions but two: dates are written in too many ways, and files come later.
    pub(super) fn fill_in(&self) {
        // The proxy makes one deal of what the same visitor sends twice.
        let visitor = VISITORS.fetch_add(1, Ordering::Relaxed);
        let company = ("Company", &*format!("Gross and Daughters {visitor}"));
        for (label, text) in TEXTS.into_iter().chain([company]) {
            self.0.type_into(&self.find("question", "control()", label), text);
        }
        let option = "all('option').filter((one) => seen(one.parentElement))
            .find((one) => one.innerText.trim() === arguments[0])";
        self.0.click(&self.find("option", option, "A repair"));
        // By a key, since a box may hide behind a picture of itself.
        self.0.script(&format!("{CONTROL} control().focus();"), &[json!("Send me the newsletter")]);
        self.0.press(" ");
    }

    /// Chooses a file; most choosers hide behind something prettier, and some are only made by it.
    pub(super) fn attach(&self, file: &Sample) {
        let maker = "all('a, label').filter(seen)
            .find((one) => /^(Browse|Select File)/.test(one.innerText.trim()))";
        let maker = format!("{CONTROL} return {maker} ?? null;");
        if let Some(maker) = self.0.element(&maker, &[]) {
            self.0.click(&maker);
        }
        let chooser = "all('input[type=file]').find((one) => !one.closest('deal-form form'))";
        let path = file.path.to_str().unwrap();
        self.0.type_into(&self.find("chooser", chooser, "of files"), path);
    }

    /// Whether the form names a file.
    pub(super) fn lists(&self, file: &Sample) -> bool {
        let script = format!(
            "{CONTROL} return roots.some((root) => [...root.children].some(
            (one) => one.innerText?.includes(arguments[0])));"
        );
        self.0.script(&script, &[json!(file.name)]) == true
    }

    /// Sends the form.
    pub(super) fn send(&self) {
        let button = "all('button, input[type=button], input[type=submit]').filter(seen)
            .find((one) => [one.innerText?.trim(), one.value].includes(arguments[0]))";
        self.0.click(&self.find("button", button, "Send"));
    }
}
