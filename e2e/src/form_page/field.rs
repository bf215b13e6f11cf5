//! A field of a form, with the visitor's actions as methods.

use std::iter;

use serde_json::json;
use thirtyfour::{Key, WebElement};

use super::FormPage;
use crate::files::Sample;
use crate::wait::wait_until;

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field<'b> {
    form: FormPage<'b>,
    label: &'b str,
}

impl<'b> FormPage<'b> {
    /// Returns the field with this label.
    pub fn field(self, label: &'b str) -> Field<'b> {
        Field { form: self, label }
    }
}

impl Field<'_> {
    /// Returns the field's control.
    #[track_caller]
    pub fn control(self) -> WebElement {
        self.form.element("return control(arguments[1]);", &[json!(self.label)])
    }

    /// Deletes the text in the field, types `text`, and waits until the form has rendered it.
    #[track_caller]
    pub fn write(self, text: &str) {
        // Do not use `Ctrl+A`: a browser without a window ignores it.
        let erase = iter::repeat_n(Key::Backspace.value(), self.value().chars().count());
        // The Enter key ends a line; some drivers ignore `\n`.
        let enter = |c: char| if c == '\n' { Key::Enter.value() } else { c };
        let keys: String = erase.chain(text.chars().map(enter)).collect();
        self.form.type_into(&self.control(), keys);
    }

    /// Types text and leaves the field.
    #[track_caller]
    pub fn write_and_leave(self, text: &str) {
        self.write(text);
        self.leave();
    }

    /// Leaves the field by clicking the form's title.
    #[track_caller]
    pub fn leave(self) {
        let title = self.form.element("return root.querySelector('.df-form .df-title');", &[]);
        self.form.click(&title);
    }

    /// Ticks or unticks a box.
    #[track_caller]
    pub fn tick(self) {
        self.form.click(&self.control());
    }

    /// Chooses the option with this text.
    #[track_caller]
    pub fn choose(self, option: &str) {
        let find = "const field = control(arguments[1]);
            const options = field.options ?? field.querySelectorAll('label');
            return [...options].find((option) => option.innerText.trim() === arguments[2]);";
        let option = self.form.element(find, &[json!(self.label), json!(option)]);
        self.form.click(&option);
    }

    /// Chooses *Other* and types the answer.
    #[track_caller]
    pub fn choose_other(self, answer: &str) {
        self.choose("Other");
        let find = "return frame(arguments[1]).querySelector('[aria-label=\"Your answer\"]');";
        let line = self.form.element(find, &[json!(self.label)]);
        self.form.type_into(&line, answer);
    }

    /// Adds files with the file chooser, and waits until the form lists them.
    #[track_caller]
    pub fn attach(self, files: &[&Sample]) {
        let paths: Vec<&str> = files.iter().map(|file| file.path.to_str().unwrap()).collect();
        self.form.browser.type_into(&self.control(), paths.join("\n"));
        wait_until("a list of all files", || {
            let listed = self.form.files();
            let is_listed =
                |file: &&Sample| listed.iter().any(|(name, _)| *name == file.sent_name());
            files.iter().all(is_listed)
        });
    }

    /// Returns the text in the control.
    #[track_caller]
    pub fn value(self) -> String {
        let value = self.form.script("return control(arguments[1]).value;", &[json!(self.label)]);
        value.as_str().unwrap().to_owned()
    }

    /// Returns the visible problems with the answer, one per line. Returns an empty string if there
    /// are no visible problems.
    #[track_caller]
    pub fn problem(self) -> String {
        let script = "return [...frame(arguments[1]).querySelectorAll('.df-problem, .df-why')]
            .filter(seen).map(shown).join('\\n');";
        self.form.script(script, &[json!(self.label)]).as_str().unwrap().to_owned()
    }
}
