//! One question of a form, and what a visitor does about it.

use std::iter;

use serde_json::json;
use thirtyfour::{Key, WebElement};

use super::FormPage;
use crate::files::Sample;
use crate::wait::eventually;

/// One question of the form.
#[derive(Debug, Clone, Copy)]
pub struct Field<'b> {
    form: FormPage<'b>,
    label: &'b str,
}

impl<'b> FormPage<'b> {
    /// The question with that label.
    pub fn field(self, label: &'b str) -> Field<'b> {
        Field { form: self, label }
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
            let listed = |file: &&Sample| listed.iter().any(|(name, _)| *name == file.sent_name());
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
