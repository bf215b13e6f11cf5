//! The form as its visitor sees it: by labels, buttons and sentences.

use std::iter;

use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

use crate::{Browser, Sample, eventually};

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

/// One question of the form.
#[derive(Debug, Clone, Copy)]
pub struct Field<'b> {
    form: FormPage<'b>,
    label: &'b str,
}

/// What the form says when a submission did not become a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub heading: String,
    /// What the CRM or the proxy said.
    pub said: String,
    /// What to do.
    pub advice: String,
    /// That nothing was lost.
    pub kept: String,
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

    /// The question with that label.
    pub fn field(self, label: &'b str) -> Field<'b> {
        Field { form: self, label }
    }

    /// Runs a script in which `root` is the form's root, `seen(element)` an element that can be seen
    /// or null, and `control(label)` a question's control. `arguments` begin at 1.
    #[track_caller]
    pub fn script(self, script: &str, arguments: &[Value]) -> Value {
        self.browser.script(&format!("{TOOLS}{script}"), &self.arguments(arguments))
    }

    /// As [`Self::script`], for an element that has to be there.
    #[track_caller]
    pub fn element(self, script: &str, arguments: &[Value]) -> WebElement {
        let found = self.browser.element(&format!("{TOOLS}{script}"), &self.arguments(arguments));
        found.unwrap_or_else(|| panic!("there is nothing to see of: {script} {arguments:?}"))
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
            if (active.labels?.length) return words(active.labels[0]);
            return active.getAttribute('aria-label')
                ?? (active.querySelector('h2, h3') ?? active).innerText.trim();";
        self.script(script, &[]).as_str().unwrap().to_owned()
    }

    /// The failure that is shown.
    #[track_caller]
    pub fn failure(self) -> Option<Failure> {
        let read = |part: &str| self.read(&format!(".df-failure .df-{part}"));
        Some(Failure {
            heading: read("heading")?,
            said: read("said").unwrap_or_default(),
            advice: read("advice").unwrap_or_default(),
            kept: read("kept").unwrap_or_default(),
        })
    }

    /// Waits until the attempt to send has failed.
    #[track_caller]
    pub fn fails(self) -> Failure {
        eventually("failure shown", || {
            assert_eq!(self.read(".df-result"), None, "the deal arrived after all");
            self.failure()
        })
    }

    /// Waits until an attempt has failed with that heading, another than the one before.
    #[track_caller]
    pub fn fails_as(self, heading: &str) -> Failure {
        eventually("failure of that name", || {
            self.failure().filter(|failure| failure.heading == heading)
        })
    }

    /// Waits until nothing is left for the visitor to do, and gives what is said then.
    #[track_caller]
    pub fn thanks(self) -> String {
        eventually("end of it", || {
            assert_eq!(self.failure(), None, "the visitor has to do something");
            self.read(".df-result")
        })
    }

    /// Waits until the deal is confirmed, and gives its number.
    #[track_caller]
    pub fn arrives(self) -> String {
        self.thanks();
        self.told("Your reference number").expect("a deal's number")
    }

    /// Waits until the proxy says that it keeps the request, and gives the draft's reference.
    #[track_caller]
    pub fn keeps(self) -> String {
        eventually("word that the request is kept", || {
            self.read(".df-result .df-thanks")
                .filter(|said| said.starts_with("We have your request"))
        });
        self.told("Reference of this form").expect("a reference")
    }

    /// Waits until nothing is left for the visitor to do, and gives the draft's reference.
    #[track_caller]
    pub fn settles(self) -> String {
        self.thanks();
        self.told("Reference of this form").expect("a reference")
    }

    /// What is said of the next try, while one is counted down to.
    pub fn countdown(self) -> Option<String> {
        self.read(".df-countdown .df-said")
    }

    /// What the CRM replied, by its label on the page.
    #[track_caller]
    pub fn told(self, label: &str) -> Option<String> {
        let script = "const terms = [...root.querySelectorAll('.df-result dt')];
            const term = terms.find((term) => seen(term) && term.innerText.trim() === arguments[1]);
            return term?.nextElementSibling.innerText.trim() ?? null;";
        self.script(script, &[json!(label)]).as_str().map(str::to_owned)
    }

    /// How far the sending is, in words; `None` when nothing is being sent.
    #[track_caller]
    pub fn progress(self) -> Option<String> {
        self.read(".df-progress .df-sent")
    }

    /// All that is entered: each answer by its label, and the files with their sizes.
    #[track_caller]
    pub fn answers(self) -> Value {
        let script = "const answers = {};
            for (const label of root.querySelectorAll('label')) {
                const { type, checked, value } = label.control;
                if (type !== 'file') answers[words(label)] = type === 'checkbox' ? checked : value;
            }
            answers.files = [...root.querySelectorAll('.df-about')].map((file) => file.innerText.trim());
            return answers;";
        self.script(script, &[])
    }

    /// The files listed, each with its size.
    #[track_caller]
    pub fn files(self) -> Vec<(String, String)> {
        let names = texts(&self.script(
            "return [...root.querySelectorAll('.df-file .df-name')].map((name) => name.innerText);",
            &[],
        ));
        let sizes = texts(&self.script(
            "return [...root.querySelectorAll('.df-file .df-size')].map((size) => size.innerText);",
            &[],
        ));
        names.into_iter().zip(sizes).collect()
    }

    /// Waits until the browser has so many files that survive a reload.
    #[track_caller]
    pub fn keeps_files(self, count: usize) {
        let kept = "return new Promise((done, fail) => {
            const opened = indexedDB.open('deal-form');
            opened.onerror = fail;
            opened.onsuccess = () => {
                const counted = opened.result.transaction('files').objectStore('files').count();
                counted.onerror = fail;
                counted.onsuccess = () => { opened.result.close(); done(counted.result); };
            };
        });";
        eventually("copy of the files", || (self.script(kept, &[]) == count).then_some(()));
    }

    /// Takes a file off the list by its button.
    #[track_caller]
    pub fn remove_file(self, name: &str) {
        let label = format!("Remove {name}");
        let find = "return [...root.querySelectorAll('.df-file button')]
            .find((button) => button.getAttribute('aria-label') === arguments[1]);";
        self.click(&self.element(find, &[json!(label)]));
    }
}

impl Field<'_> {
    /// The control itself.
    #[track_caller]
    pub fn control(self) -> WebElement {
        self.form.element("return control(arguments[1]);", &[json!(self.label)])
    }

    /// Types in place of what stood there.
    #[track_caller]
    pub fn write(self, text: &str) {
        // Not `Ctrl+A`: a browser without a window does not act on it.
        let erase = iter::repeat_n(Key::Backspace.value(), self.value().chars().count());
        // A line ends by the key of that name; of `\n` some drivers make nothing.
        let enter = |c: char| if c == '\n' { Key::Enter.value() } else { c };
        let keys: String = erase.chain(text.chars().map(enter)).collect();
        self.form.browser.type_into(&self.control(), keys);
    }

    /// Types, then goes elsewhere.
    #[track_caller]
    pub fn write_and_leave(self, text: &str) {
        self.write(text);
        self.leave();
    }

    /// Clicks beside the form's fields.
    #[track_caller]
    pub fn leave(self) {
        let title = self.form.element("return root.querySelector('.df-form .df-title');", &[]);
        self.form.click(&title);
    }

    /// Ticks a box, or takes the tick away.
    #[track_caller]
    pub fn tick(self) {
        self.form.click(&self.control());
    }

    /// Picks the answer with that text.
    #[track_caller]
    pub fn choose(self, answer: &str) {
        let find = "const question = control(arguments[1]);
            const answers = question.options ?? question.querySelectorAll('label');
            return [...answers].find((answer) => answer.innerText.trim() === arguments[2]);";
        let option = self.form.element(find, &[json!(self.label), json!(answer)]);
        self.form.click(&option);
    }

    /// Adds files by the chooser, and waits until they are listed.
    #[track_caller]
    pub fn attach(self, files: &[&Sample]) {
        let paths: Vec<&str> = files.iter().map(|file| file.path.to_str().unwrap()).collect();
        self.form.browser.type_into(&self.control(), paths.join("\n"));
        eventually("list of all files", || {
            let listed = self.form.files();
            let listed = |file: &&Sample| listed.iter().any(|(name, _)| *name == file.name);
            files.iter().all(listed).then_some(())
        });
    }

    /// What stands there.
    #[track_caller]
    pub fn value(self) -> String {
        let value = self.form.script("return control(arguments[1]).value;", &[json!(self.label)]);
        value.as_str().unwrap().to_owned()
    }

    /// What is said to be wrong with the answer; empty when nothing is.
    #[track_caller]
    pub fn problem(self) -> String {
        let script = "return [...frame(arguments[1]).querySelectorAll('.df-problem, .df-why')]
            .filter(seen).map((said) => said.innerText.trim()).join('\\n');";
        self.form.script(script, &[json!(self.label)]).as_str().unwrap().to_owned()
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
